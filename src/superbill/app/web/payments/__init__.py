"""Payments: what payers and patients paid, and where it went."""
