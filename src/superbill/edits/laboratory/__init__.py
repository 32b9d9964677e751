"""Laboratory tests: CLIA number and waived tests."""

from superbill.edits.laboratory import rule

__all__ = ["rule"]
