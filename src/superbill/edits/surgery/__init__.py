"""Global surgery: visits and procedures on the day and in the days after, and care that is split."""

from superbill.edits.surgery import rule, split

__all__ = ["rule", "split"]
