"""The Medicare Code Editor on an inpatient's codes: age, principal diagnosis, unspecified side, coverage."""

from superbill.edits.mce import rule

__all__ = ["rule"]
