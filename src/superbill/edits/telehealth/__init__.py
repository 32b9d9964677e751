"""Telehealth: what may be given at a distance, and how the claim says so."""

from superbill.edits.telehealth import rule

__all__ = ["rule"]
