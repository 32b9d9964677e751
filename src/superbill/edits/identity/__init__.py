"""Who bills, renders, refers and where: numbers, names, addresses."""

from superbill.edits.identity import rule, taxonomy

__all__ = ["rule", "taxonomy"]
