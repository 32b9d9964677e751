"""Codes against the patient's age and sex."""

from superbill.edits.clinical import ages, rule

__all__ = ["ages", "rule"]
