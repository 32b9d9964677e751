"""The payer's identity and its filing limits."""

from superbill.edits.payer import filing, rule

__all__ = ["filing", "rule"]
