"""Indicators of the Medicare physician fee schedule: what may be billed, by whom, with which modifiers."""

from superbill.edits.mpfs import components, rule, status

__all__ = ["components", "rule", "status"]
