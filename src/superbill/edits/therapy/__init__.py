"""Therapy and chiropractic: plan of care, assistants, minutes, threshold."""

from superbill.edits.therapy import rule, threshold

__all__ = ["rule", "threshold"]
