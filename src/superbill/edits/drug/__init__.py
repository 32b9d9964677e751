"""National drug codes."""

from superbill.edits.drug import directory, rule

__all__ = ["directory", "rule"]
