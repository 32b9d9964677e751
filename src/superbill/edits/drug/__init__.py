"""National drug codes."""

from superbill.edits.drug import directory, rule, wastage

__all__ = ["directory", "rule", "wastage"]
