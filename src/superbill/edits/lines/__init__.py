"""Service lines: money, units, codes, pointers, dates, places."""

from superbill.edits.lines import dates, rule

__all__ = ["dates", "rule"]
