"""Diagnoses: number, shape, sequence."""

from superbill.edits.diagnosis import rule

__all__ = ["rule"]
