"""An institutional claim in itself: type of bill, statement, stay, coded events and amounts, revenue lines."""

from superbill.edits.bill import codes, diagnoses, lines, stay

__all__ = ["codes", "diagnoses", "lines", "stay"]
