"""One streaming pass: envelopes outside, the compiled guide inside, documents as their loops close."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from superbill.findings import Finding, Place, Severity
from superbill.x12.compiled import Compiled, Move, Slot, Target, reads_nothing
from superbill.x12.grammar import Values
from superbill.x12.model import TransactionSet
from superbill.x12.tokens import Source, batches

Step: TypeAlias = tuple[TransactionSet | None, Any]
GuideOf: TypeAlias = Callable[[str, str], Compiled | None]
Make: TypeAlias = Callable[[list[Values]], Any]
_CONTROL = frozenset(("ISA", "GS", "ST", "SE", "GE", "IEA", "TA1"))
_MOST_FINDINGS = 1000  # of one transaction set; a hostile file must not fill the memory


def _at(e: list[str], place: int) -> str:
    return e[place].strip() if len(e) > place else ""


class Session:
    """The envelopes around the segment that is being read, and what was found in the current transaction set."""

    def __init__(self, file: str = "") -> None:
        self.file = file
        self.isa: list[str] = []
        self.gs: list[str] = []
        self.st: list[str] = []
        self.first = 0
        self.root: Values = {}
        self.findings: list[Finding] = []
        self.unread: dict[tuple[str, str], tuple[int, int]] = {}

    def begin(self, e: list[str], position: int) -> None:
        self.st, self.first, self.root, self.findings, self.unread = e, position, {}, [], {}

    def note(
        self, rule: str, severity: Severity, position: int, message: str, *, loop: str = "", element: str = ""
    ) -> None:
        if len(self.findings) < _MOST_FINDINGS:
            where = Place(file=self.file, position=position, loop=loop, element=element)
            self.findings.append(Finding(rule=rule, severity=severity, where=where, message=message))

    def skip(self, loop: str, segment: str, position: int) -> None:
        """Remember a segment that no document field takes."""
        first, times = self.unread.get((loop, segment), (position, 0))
        if times or len(self.unread) < _MOST_FINDINGS:
            self.unread[loop, segment] = (first, times + 1)

    @property
    def version(self) -> str:
        return _at(self.st, 3) or _at(self.gs, 8)

    def close(self, e: list[str], position: int) -> TransactionSet:
        """The transaction set that ends with SE `e`, or without one at `position`."""
        segments = position - self.first + 1
        if not e:
            self.note("x12.se.missing", Severity.ERROR, position, "The transaction set has no SE.")
        else:
            if _at(e, 1) != str(segments):
                message = f"SE01 says {_at(e, 1)} segments, there are {segments}."
                self.note("x12.se.count", Severity.ERROR, position, message, element="SE01")
            if _at(e, 2) != _at(self.st, 2):
                message = f"SE02 {_at(e, 2)!r} is not the control number {_at(self.st, 2)!r} of its ST."
                self.note("x12.se.control-number", Severity.ERROR, position, message, element="SE02")
        for (loop, segment), (first, times) in self.unread.items():
            message = f"{times} {segment} in loop {loop} not carried into the document."
            self.note("x12.not-carried", Severity.INFORMATION, first, message, loop=loop, element=segment)
        return self._identity(segments)

    def _identity(self, segments: int = 0) -> TransactionSet:
        return TransactionSet(
            interchange_control_number=_at(self.isa, 13),
            group_control_number=_at(self.gs, 6),
            control_number=_at(self.st, 2),
            identifier=_at(self.st, 1),
            version=self.version,
            sender_id=_at(self.isa, 6),
            receiver_id=_at(self.isa, 8),
            reference=self.root.get("reference", ""),
            segments=segments,
            findings=tuple(self.findings),
        )

    def unreadable_value(self, slot: Slot, e: list[str], v: Values, mark: str, position: int) -> None:
        """A segment whose quick reading failed: keep what can be read, say what can't."""
        segment = slot.segment
        if segment.reads is not None:
            message = f"{segment.title} ({segment.id}) can't be read: {'*'.join(e)[:80]!r}."
            self.note("x12.segment.value", Severity.ERROR, position, message, loop=slot.node.key, element=segment.id)
            return
        for element in segment.elements:
            if not element.name or element.position >= len(e) or not e[element.position]:
                continue
            text, parse = e[element.position], element.kind.parse
            try:
                v[element.name] = (
                    text if parse is None else (parse(text, mark) if element.kind.composite else parse(text))
                )
            except ValueError as problem:
                name = f"{segment.id}{element.position:02}"
                message = f"{segment.title}: {problem}."
                self.note("x12.element.value", Severity.ERROR, position, message, loop=slot.node.key, element=name)


class _Walk:
    """The loops that are open, and where the next segment may go."""

    __slots__ = ("guide_of", "inside", "loop", "make", "moves", "open_at", "session", "stack")

    def __init__(self, guide_of: GuideOf, make: Make, file: str) -> None:
        self.guide_of = guide_of
        self.make = make
        self.session = Session(file)
        self.stack: list[Values] = []
        self.moves: dict[str, Move] = {}
        self.loop = ""
        self.open_at = 0
        self.inside = False

    def enter(self, target: Target) -> Values:
        """The values of a loop that opens."""
        depth, opens = target.depth, target.opens
        v: Values = {}
        del self.stack[depth:]
        self.stack.append(v)
        if target.emits:
            self.open_at = depth
        elif target.keeps:
            above = self.stack[depth - 1]
            if opens in above:
                above[opens].append(v)
            else:
                above[opens] = [v]
        self.moves, self.loop = target.moves, opens
        return v

    def back(self, target: Target) -> None:
        """The segment belongs to a loop further out than the one that is open."""
        del self.stack[target.depth + 1 :]
        self.moves, self.loop = target.moves, target.node.key

    def emit(self) -> Step:
        """What the emitting loop that closes holds."""
        made = self.make(self.stack[: self.open_at + 1])
        self.open_at = 0
        return None, made

    def finish(self, e: list[str], position: int) -> Iterator[Step]:
        """The transaction set is over, by its SE `e` or without one."""
        if self.inside:
            if self.open_at:
                yield self.emit()
            yield self.session.close(e, position), self.session.root
        self.inside, self.open_at, self.moves = False, 0, {}

    def other(self, e: list[str], raw: str, position: int) -> Iterator[Step]:
        """A segment that the open loops don't know: an envelope's, or one out of place."""
        name, session = e[0], self.session
        if name == "SE":
            yield from self.finish(e, position)
        elif name in _CONTROL:
            yield from self.finish([], position - 1)
            if name == "ST":
                session.begin(e, position)
                guide = self.guide_of(_at(e, 1), session.version)
                self.inside, self.loop, self.stack = guide is not None, "ST", [session.root]
                self.moves = {} if guide is None else guide.root.moves
            elif name == "ISA":
                session.isa, session.gs, session.st = e, [], []
            elif name == "GS":
                session.gs = e
        elif self.inside:
            message = f"The segment {raw[:40]!r} has no place here."
            element = name[:3]
            session.note("x12.segment.unexpected", Severity.ERROR, position, message, loop=self.loop, element=element)


def walk(source: Source, guide_of: GuideOf, make: Make, file: str = "") -> Iterator[Step]:
    """(None, what `make` made of the open loops) each time an emitting loop closes, then (the set, its root values).

    `guide_of` answers (ST01, version) with the guide to read by, None to pass the transaction set over.
    """
    at = _Walk(guide_of, make, file)
    position = 0
    for delimiters, batch in batches(source):
        separator, mark = delimiters.element, delimiters.component
        for raw in batch:
            position += 1
            e = raw.split(separator)
            target = None
            if (move := at.moves.get(e[0])) is not None:
                target = move.only
                if move.at and len(e) > move.at:
                    qualifier = e[move.at]
                    if move.component:
                        qualifier = qualifier.split(mark, 1)[0]
                    target = move.by.get(qualifier, target)
            if target is None:
                yield from at.other(e, raw, position)
                continue
            if target.floor <= at.open_at:
                yield at.emit()
            if target.opens:
                v = at.enter(target)
            else:
                v = at.stack[target.depth]
                if at.moves is not target.moves:
                    at.back(target)
            try:
                target.read(e, v, mark)
            except (ValueError, IndexError):
                at.session.unreadable_value(target.slot, e, v, mark, position)
            if target.read is reads_nothing:
                at.session.skip(at.loop, e[0], position)
    yield from at.finish([], position)
