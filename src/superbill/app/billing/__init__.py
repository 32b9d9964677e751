"""Charges, the journal, statements."""
