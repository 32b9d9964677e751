"""Medically unlikely edits: the most units of a code on a line or on a day."""

from superbill.edits.mue import rule

__all__ = ["rule"]
