"""NCCI procedure-to-procedure edits: codes that are not paid beside each other."""

from superbill.edits.ncci import rule

__all__ = ["rule"]
