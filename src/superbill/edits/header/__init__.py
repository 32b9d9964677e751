"""Fields of the whole claim: control numbers, authorizations, signatures, dates."""

from superbill.edits.header import rule

__all__ = ["rule"]
