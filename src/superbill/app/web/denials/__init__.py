"""Denials: what payers refused, and the way to the money."""
