"""Medical necessity: a procedure with a diagnosis that Medicare's local articles and national determinations cover."""

from superbill.edits.necessity import rule

__all__ = ["rule"]
