"""Coverage on the date of service: active, in its place in the order, with its member number, verified."""

from superbill.edits.coverage import rule

__all__ = ["rule"]
