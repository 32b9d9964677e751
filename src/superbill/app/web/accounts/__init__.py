"""Accounts: what everybody owes, and why."""
