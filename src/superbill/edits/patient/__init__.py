"""The patient's demographics."""

from superbill.edits.patient import rule

__all__ = ["rule"]
