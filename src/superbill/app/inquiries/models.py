"""Questions to payers about claims, and their answers."""
