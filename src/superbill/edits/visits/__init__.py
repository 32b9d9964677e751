"""Visits: new patients, two on a day, prolonged and critical care, care by the month."""

from superbill.edits.visits import care, rule, time

__all__ = ["care", "rule", "time"]
