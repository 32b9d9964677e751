"""Vaccines: product and administration together, counted."""

from superbill.edits.vaccines import rule

__all__ = ["rule"]
