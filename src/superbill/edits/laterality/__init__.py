"""The side and digit of modifiers against those of diagnoses."""

from superbill.edits.laterality import rule

__all__ = ["rule"]
