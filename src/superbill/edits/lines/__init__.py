"""Service lines: money, units, codes, pointers, dates, places."""

from superbill.edits.lines import dates, pointers, rule

__all__ = ["dates", "pointers", "rule"]
