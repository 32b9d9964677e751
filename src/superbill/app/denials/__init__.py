"""What payers refused, and what was done about it."""
