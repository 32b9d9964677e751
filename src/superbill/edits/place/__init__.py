"""Place of service against the procedure."""

from superbill.edits.place import rule

__all__ = ["rule"]
