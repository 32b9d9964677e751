"""Dental claims: teeth, surfaces, areas of the mouth, prostheses, orthodontics, predetermination."""

from superbill.edits.dental import rule

__all__ = ["rule"]
