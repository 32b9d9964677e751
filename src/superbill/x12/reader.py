"""One streaming pass: envelopes outside, the compiled guide inside, documents as their loops close."""

from collections.abc import Callable, Iterator
from typing import Any

from superbill.findings import Finding, Place, Severity
from superbill.x12.compiled import Compiled, Move, Slot, reads_nothing
from superbill.x12.grammar import Values
from superbill.x12.model import TransactionSet
from superbill.x12.tokens import Source, batches

Step = tuple[TransactionSet | None, Any]
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

    def note(self, rule: str, severity: Severity, position: int, message: str, **more: str) -> None:
        if len(self.findings) < _MOST_FINDINGS:
            where = Place(file=self.file, position=position, loop=more.pop("loop", ""), element=more.pop("element", ""))
            self.findings.append(Finding(rule=rule, severity=severity, where=where, message=message, **more))

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


def walk(
    source: Source,
    guide_of: Callable[[str, str], Compiled | None],
    make: Callable[[list[Values]], Any],
    file: str = "",
) -> Iterator[Step]:
    """(None, what `make` made of the open loops) each time an emitting loop closes, then (the set, its root values).

    `guide_of` answers (ST01, version) with the guide to read by, None to pass the transaction set over.
    """
    session = Session(file)
    stack: list[Values] = []
    moves: dict[str, Move] = {}
    loop = ""
    open_at = position = 0
    inside = False
    for delimiters, batch in batches(source):
        separator, mark = delimiters.element, delimiters.component
        for raw in batch:
            position += 1
            e = raw.split(separator)
            target = None
            if (move := moves.get(e[0])) is not None:
                if move.at:
                    if len(e) > move.at:
                        qualifier = e[move.at]
                        if move.component:
                            qualifier = qualifier.split(mark, 1)[0]
                        target = move.by.get(qualifier, move.only)
                    else:
                        target = move.only
                else:
                    target = move.only
            if target is not None:
                depth, floor, opens, keeps, emits, node, following, read, slot = target
                if floor <= open_at:
                    yield None, make(stack[: open_at + 1])
                    open_at = 0
                if opens:
                    v: Values = {}
                    del stack[depth:]
                    stack.append(v)
                    if emits:
                        open_at = depth
                    elif keeps:
                        above = stack[depth - 1]
                        if opens in above:
                            above[opens].append(v)
                        else:
                            above[opens] = [v]
                    moves, loop = following, opens
                else:
                    v = stack[depth]
                    if moves is not following:
                        del stack[depth + 1 :]
                        moves, loop = following, node.key
                try:
                    read(e, v, mark)
                except (ValueError, IndexError):
                    session.unreadable_value(slot, e, v, mark, position)
                if read is reads_nothing:
                    session.skip(loop, e[0], position)
                continue
            name = e[0]
            if name == "ST":
                if inside:
                    if open_at:
                        yield None, make(stack[: open_at + 1])
                    yield session.close([], position - 1), session.root
                session.begin(e, position)
                guide = guide_of(_at(e, 1), session.version)
                inside = guide is not None
                stack, open_at, moves = [session.root], 0, {} if guide is None else guide.root.moves
                loop = "ST"
            elif name == "SE":
                if inside:
                    if open_at:
                        yield None, make(stack[: open_at + 1])
                    yield session.close(e, position), session.root
                inside, open_at, moves = False, 0, {}
            elif name in _CONTROL:
                if inside:
                    if open_at:
                        yield None, make(stack[: open_at + 1])
                    yield session.close([], position - 1), session.root
                inside, open_at, moves = False, 0, {}
                if name == "ISA":
                    session.isa, session.gs, session.st = e, [], []
                elif name == "GS":
                    session.gs = e
            elif inside:
                session.note(
                    "x12.segment.unexpected",
                    Severity.ERROR,
                    position,
                    f"The segment {raw[:40]!r} has no place here.",
                    loop=loop,
                    element=name[:3],
                )
    if inside:
        if open_at:
            yield None, make(stack[: open_at + 1])
        yield session.close([], position), session.root
