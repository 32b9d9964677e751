"""The insured person and the tie to the patient."""

from superbill.edits.subscriber import rule

__all__ = ["rule"]
