"""Add-on codes: services that are only billed beside a primary one."""

from superbill.edits.add_on import rule

__all__ = ["rule"]
