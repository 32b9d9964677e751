"""The payer's identity and its filing limit."""

from superbill.edits.payer import rule

__all__ = ["rule"]
