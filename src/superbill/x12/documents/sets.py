"""Transaction sets as they are read: who sent them under which numbers, and the documents in each."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Protocol, TypeVar

from superbill.findings import Finding, Place, Severity
from superbill.x12.documents.fold import Notes
from superbill.x12.lexer import Delimiters, Source
from superbill.x12.library import only
from superbill.x12.model import TransactionSet
from superbill.x12.nodes import Node
from superbill.x12.program import Plan
from superbill.x12.standard.base import Segment
from superbill.x12.tree import Loop, Record, Transaction
from superbill.x12.walk import walk

Unit = TypeVar("Unit")
Made = TypeVar("Made", covariant=True)


def _ignore(_loop: Loop, _above: Sequence[Loop]) -> None:
    """Most documents don't mind."""


def _at(e: Sequence[str], place: int) -> str:
    return e[place].strip() if len(e) > place else ""


class Sets:
    """Watches a walk for what the tree of a streamed transaction set does not hold: its envelopes, its length.

    `holder_closed` is told of every loop that holds units, when it is complete.
    """

    def __init__(self) -> None:
        self.isa: Sequence[str] = ()
        self.gs: Sequence[str] = ()
        self.st: Sequence[str] = ()
        self.se: Sequence[str] = ()
        self.first = self.last = 0
        self.begun: dict[int, int] = {}
        self.notes = Notes()
        self.holder_closed: Callable[[Loop, Sequence[Loop]], None] = _ignore

    # --- the watcher ---

    def control(self, e: list[str], position: int, _delimiters: Delimiters) -> None:
        """An envelope segment."""
        if e[0] == "ISA":
            self.isa, self.gs = tuple(e), ()
        elif e[0] == "GS":
            self.gs = tuple(e)
        elif e[0] == "ST":
            self.st, self.se, self.first = tuple(e), (), position
        elif e[0] == "SE":
            self.se = tuple(e)

    def begin(self, transaction: Transaction) -> None:
        """A transaction set."""
        self.notes = Notes()
        self.begun = {0: transaction.position}

    def segments(self, plan: Plan, segments: Sequence[Segment], position: int, delimiters: Delimiters) -> None:
        """All segments are good: documents are made of the tree."""

    def unplaced(self, node: Node | None, e: list[str], position: int) -> None:
        """The reader has a finding about it."""

    def opened(self, node: Node, position: int) -> None:
        """A loop; for those that hold units it must be known where they began."""
        if node.holds_units:
            self.begun[node.depth] = position

    def closed(self, loop: Loop, above: Sequence[Loop]) -> None:
        """A loop that is complete."""
        if loop.node.holds_units:
            self.holder_closed(loop, above)

    def end(self, _transaction: Transaction, position: int) -> None:
        """The transaction set is over."""
        self.last = position

    # --- what it saw ---

    def above(self, loop: Loop) -> Notes:
        """The notes for a loop that holds units and is open now."""
        return self.notes.at(loop, self.begun[loop.node.depth])

    def summary(self, transaction: Transaction) -> TransactionSet:
        """The transaction set that ended last, with what was found."""
        beginning = transaction.root.beginning if "beginning" in transaction.root.node.names else None
        found = sorted(transaction.findings + self.notes.findings, key=lambda each: each.where.position or self.last)
        return TransactionSet(
            interchange_control_number=_at(self.isa, 13),
            group_control_number=_at(self.gs, 6),
            control_number=_at(self.st, 2),
            identifier=_at(self.st, 1),
            version=_at(self.st, 3) or _at(self.gs, 8),
            sender_id=_at(self.isa, 6),
            receiver_id=_at(self.isa, 8),
            reference="" if beginning is None else beginning.reference,
            segments=self.last - self.first + 1,
            findings=(*found, *self._trailer(), *self.notes.not_carried()),
        )

    def _trailer(self) -> Iterator[Finding]:
        """SE held against what there was."""
        segments = self.last - self.first + 1
        if not self.se:
            yield self._wrong("x12.se.missing", "The transaction set has no SE.")
            return
        if _at(self.se, 1) != str(segments):
            yield self._wrong("x12.se.count", f"SE01 says {_at(self.se, 1)} segments, there are {segments}.", "SE01")
        if _at(self.se, 2) != _at(self.st, 2):
            message = f"SE02 {_at(self.se, 2)!r} is not the control number {_at(self.st, 2)!r} of its ST."
            yield self._wrong("x12.se.control-number", message, "SE02")

    def _wrong(self, rule: str, message: str, element: str = "") -> Finding:
        where = Place(position=self.last, element=element)
        return Finding(rule=rule, severity=Severity.ERROR, where=where, message=message)


class Reader(Protocol[Unit, Made]):
    """Makes the documents of one guide."""

    def unit(self, record: Record) -> Unit:
        """Of one unit."""

    def whole(self, transaction: Transaction, units: list[Unit]) -> Made:
        """Of a transaction set that is over, given what was made of its units."""


def documents(
    source: Source, keys: str | Collection[str], reader_of: Callable[[Sets], Reader[Unit, Made]]
) -> Iterator[tuple[TransactionSet, Made]]:
    """Every transaction set of a guide, or of several, with what a reader makes of it; others are passed over.

    The reader tells its Sets what it can't carry. Raises X12ReadError.
    """
    wanted = frozenset((keys,) if isinstance(keys, str) else keys)
    sets = Sets()
    reader = reader_of(sets)
    units: list[Unit] = []
    for step in walk(source, only(*wanted), units=True, watcher=sets):
        if isinstance(step, Record):
            units.append(reader.unit(step))
        elif isinstance(step, Transaction) and step.compiled.guide.key in wanted:
            made = reader.whole(step, units)
            yield sets.summary(step), made
            units = []
