"""A claim against the earlier claims of the same patient: sent before, overlapping, done twice."""

from superbill.edits.history import rule

__all__ = ["rule"]
