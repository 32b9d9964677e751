"""Codes against the patient's age and sex."""

from superbill.edits.clinical import rule

__all__ = ["rule"]
