"""Outpatient hospital claims as Medicare's outpatient code editor sees them: status, observation, packaging."""

from superbill.edits.oce import rule

__all__ = ["rule"]
