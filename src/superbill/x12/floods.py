"""What no sender means: it is refused, since its objects would fill a memory many times the size of the file."""

from collections.abc import Sequence

from superbill.x12.errors import X12ReadError, unreadable
from superbill.x12.lexer import CHUNK
from superbill.x12.nodes import Node

_FIX = "The file is damaged or was made to do harm; ask the sender for the original."
_USUAL = CHUNK // 8  # segments in a batch at most: real ones have more than twenty characters on average
_CROWD = 1 << 15  # so many more are a flood
_IN_LOOP = 100_000  # of one unit; the largest claims have a thousand lines
_IDLE = 1 << 15  # segments of envelopes around nothing
EMPTY_SET = 7  # segments more that a transaction set costs, should nothing be in it
_LEVELS = 1 << 15  # loops made to hold claims, in a row without any
_UNREADABLE = 1 << 14  # segments of a transaction set whose values can't be read
_CHANGES = 500  # of separators, each of which has everything compiled anew


class Floods:
    """What is counted while a source is read. All raise X12ReadError; `position` is that of the last segment."""

    def __init__(self) -> None:
        self.crowd = 0
        self.idle = 0  # envelopes' segments, and such outside of them, since a transaction set that had something in it
        self.levels = 0  # loops that hold units, since a unit
        self.unread = 0  # segments of the transaction set that could not be read as they should
        self.changes = 0

    def separators(self, position: int) -> None:
        """The separators change."""
        self.changes += 1
        if self.changes > _CHANGES:
            raise _flood("x12.flood.separators", f"The separators change for the {self.changes:,}th time.", position)

    def batch(self, segments: int, position: int) -> None:
        """So many segments came at once."""
        self.crowd = max(0, self.crowd + segments - _USUAL)
        if self.crowd > _CROWD:
            message = f"{segments:,} segments in a row have {CHUNK // segments} characters on average."
            raise _flood("x12.flood.segments", message, position)
        if self.idle > _IDLE:
            message = f"{self.idle:,} segments in a row stand outside of transaction sets, or around empty ones."
            raise _flood("x12.flood.envelopes", message, position)

    def loop(self, node: Node, body: Sequence[object], position: int) -> None:
        """So much is in a loop that is open."""
        if len(body) > _IN_LOOP and not node.holds_units:
            message = f"A loop {node.rule.id} has more than {_IN_LOOP:,} segments and loops."
            raise _flood("x12.flood.loop", message, position)

    def opened(self, node: Node, position: int) -> None:
        """A unit, or a loop that holds units, begins."""
        self.levels = 0 if node.rule.unit else self.levels + 1
        if self.levels > _LEVELS:
            message = f"{self.levels:,} loops that hold claims, members or inquiries follow each other without any."
            raise _flood("x12.flood.levels", message, position)

    def unreadable(self, position: int) -> None:
        """A segment has values that can't be read."""
        self.unread += 1
        if self.unread > _UNREADABLE:
            message = f"{self.unread:,} segments of a transaction set have amounts, dates or codes that can't be read."
            raise _flood("x12.flood.unreadable", message, position)


def _flood(rule: str, message: str, position: int) -> X12ReadError:
    return unreadable(rule, message, _FIX, position)
