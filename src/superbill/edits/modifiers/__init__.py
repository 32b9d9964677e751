"""Modifiers: what goes with what, and sides of the body."""

from superbill.edits.modifiers import rule

__all__ = ["rule"]
