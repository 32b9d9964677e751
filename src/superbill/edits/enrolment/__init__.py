"""Providers' enrolment with the payer on the date of service."""

from superbill.edits.enrolment import rule

__all__ = ["rule"]
