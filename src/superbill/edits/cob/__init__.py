"""Coordination of benefits: the order of payers and their balanced figures."""

from superbill.edits.cob import rule

__all__ = ["rule"]
