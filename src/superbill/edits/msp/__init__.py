"""Medicare as secondary payer: the reason, and what must go with it."""

from superbill.edits.msp import rule

__all__ = ["rule"]
