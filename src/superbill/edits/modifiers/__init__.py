"""Modifiers: shape, days, order, sides, what goes with what and on what."""

from superbill.edits.modifiers import anatomy, fitting, payers, rule, standing

__all__ = ["anatomy", "fitting", "payers", "rule", "standing"]
