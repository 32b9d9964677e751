"""Diagnoses: number, shape, sequence; and by the code books of the day."""

from superbill.edits.diagnosis import books, rule

__all__ = ["books", "rule"]
