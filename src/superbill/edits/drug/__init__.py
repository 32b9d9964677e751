"""National drug codes."""

from superbill.edits.drug import rule

__all__ = ["rule"]
