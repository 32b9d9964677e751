"""Anesthesia: who gave it, one code a session, minutes, physical status."""

from superbill.edits.anesthesia import rule

__all__ = ["rule"]
