"""How often a payer pays a service: once in a lifetime, after so many full months, so many times a year."""

from superbill.edits.frequency import rule

__all__ = ["rule"]
