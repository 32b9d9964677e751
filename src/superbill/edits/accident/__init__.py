"""Accidents: causes, day, state, and the payer that goes with them."""

from superbill.edits.accident import rule

__all__ = ["rule"]
