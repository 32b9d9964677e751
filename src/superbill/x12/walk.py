"""One pass over a source: envelopes outside, the compiled guide inside, the tree as it grows.

The loop in `walk` is the hot one of the whole engine. It knows nothing of any transaction set: a segment's id and
code lead to its target, the target to its struct and its loop.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeAlias

from superbill.findings import Finding, Place, Severity
from superbill.x12.codec import Decode, Marks, decode, decoder, marks
from superbill.x12.lexer import Delimiters, Lexer, Source, tidy
from superbill.x12.nodes import Compiled, Move, Target
from superbill.x12.standard.base import Segment
from superbill.x12.standard.control import GE, GS, IEA, ISA, SE, ST, TA1
from superbill.x12.tree import UNPLACED, Group, Interchange, Loop, Record, Transaction, Unplaced

# (ST, version, the segment after it or []) → the guides it may be of, the likeliest first; more than one only while
# the segment after ST, which decides, is not given.
GuidesOf: TypeAlias = Callable[[list[str], str, list[str]], Sequence[Compiled]]
Read: TypeAlias = Record | Transaction | Interchange

_CONTROLS: dict[str, type[Segment]] = {"ISA": ISA, "GS": GS, "ST": ST, "SE": SE, "GE": GE, "IEA": IEA, "TA1": TA1}
_MOST_FINDINGS = 1000  # of one transaction set; a hostile file must not fill the memory


class Watcher(Protocol):
    """Who is told of everything that is read: the judge. Positions count segments in the file from 1.

    `good` has, by slot, segments that need no second look under the delimiters of the interchange.
    """

    def control(self, e: list[str], position: int, delimiters: Delimiters) -> None:
        """An envelope segment, before anything is done about it."""

    def begin(self, transaction: Transaction) -> None:
        """A transaction set whose guide is now known."""

    def good(self, delimiters: Delimiters) -> dict[Any, set[str]]:
        """The sets to look segments up in; a missing slot makes its own."""

    def segment(self, target: Target, raw: str, e: list[str], position: int) -> None:
        """A placed segment that is not among the good ones."""

    def unplaced(self, loop: Loop | None, e: list[str], position: int) -> None:
        """A segment that has no place where it stands; without loop, one outside of any transaction set."""

    def opened(self, loop: Loop, position: int) -> None:
        """A loop whose first segment is at `position`, before that segment is in it."""

    def closed(self, loop: Loop, above: Sequence[Loop]) -> None:
        """A loop that is complete; `above` are those around it, the innermost first."""

    def end(self, transaction: Transaction, position: int) -> None:
        """The transaction set is over at its SE, or at the last segment of one without."""


class _Decoders(dict[type[Segment], "Decode | None"]):
    """The decoder of each class under one pair of marks."""

    def __init__(self, under: Marks) -> None:
        super().__init__()
        self.under = under

    def __missing__(self, cls: type[Segment]) -> Decode | None:
        made = self[cls] = decoder(cls, self.under)
        return made


class _State:
    """All that is open at the segment that is being read."""

    def __init__(self, lexer: Lexer, guides_of: GuidesOf, units: bool, watcher: Watcher | None) -> None:
        self.lexer = lexer
        self.guides_of = guides_of
        self.units = units
        self.watcher = watcher
        self.delimiters = Delimiters()
        self.under = marks(":", "^")
        self.interchange: Interchange | None = None
        self.group: Group | None = None
        self.transaction: Transaction | None = None
        self.st: list[str] = []
        self.undecided = False
        self.version = ""
        self.findings: list[Finding] = []
        self.stack: list[Loop] = []
        self.moves: dict[str, Move] = {}
        self.open_at = 0
        self.open_from = 0

    # --- envelopes ---

    def other(self, raw: str, e: list[str], position: int) -> Iterator[Read]:
        """A segment that the open loops don't know: an envelope's, or one out of place."""
        name = e[0]
        if name in _CONTROLS:
            yield from self._control(name, raw, e, position)
        elif self.transaction is None:
            if self.watcher is not None:
                self.watcher.unplaced(None, e, position)
            self._loose(Unplaced(raw, tuple(e)), position)
        else:
            self._unplaced(raw, e, position)

    def _control(self, name: str, raw: str, e: list[str], position: int) -> Iterator[Read]:
        if self.transaction is not None and name != "SE":
            yield from self.finish(position - 1)
        if name == "ISA" and self.interchange is not None:
            yield from self.complete()
        if self.watcher is not None:
            self.watcher.control(e, position, self.delimiters)
        segment = decode(_CONTROLS[name], raw, e, self.under)
        if name == "ISA":
            assert isinstance(segment, ISA)
            self._open_interchange(segment, position)
        elif name == "GS":
            assert isinstance(segment, GS)
            self.version = segment.version.strip()
            self._open_group(position).body.append(segment)
        elif name == "ST":
            assert isinstance(segment, ST)
            self._begin(segment, e, position)
        elif name == "SE" and self.transaction is not None:
            root = self.transaction.root
            root.body.append(segment)
            root.shape.append(len(root.node.parts) - 1)
            yield from self.finish(position)
        elif name == "GE" and self.group is not None:
            assert isinstance(segment, GE)
            self.group.body.append(segment)
            self.group = None
        elif self.interchange is not None and isinstance(segment, (IEA, TA1)):
            self.group = None
            self.interchange.body.append(segment)
        else:
            self._loose(Unplaced(raw, tuple(e)), position)

    def _open_interchange(self, isa: ISA, position: int) -> None:
        self.interchange = Interchange(
            delimiters=self.delimiters,
            ending=self.lexer.ending,
            body=[isa],
            position=position,
            blanks=self.lexer.blanks,
        )
        self.group = None

    def _open_group(self, position: int) -> Group:
        self.group = Group(body=[], position=position)
        assert self.interchange is not None
        if not self.units:
            self.interchange.body.append(self.group)
        return self.group

    def _loose(self, segment: Unplaced, position: int) -> None:
        if self.units:
            return
        if self.group is not None:
            self.group.body.append(segment)
        elif self.interchange is not None:
            self.interchange.body.append(segment)

    def complete(self) -> Iterator[Read]:
        """The interchange is over."""
        if self.interchange is not None and not self.units:
            yield self.interchange
        self.interchange = None

    # --- transaction sets ---

    def _begin(self, st: ST, e: list[str], position: int) -> None:
        version = e[3].strip() if len(e) > 3 and e[3].strip() else self.version
        guides = self.guides_of(e, version, [])
        self.st, self.undecided = e, len(guides) > 1
        self.findings = []
        root = Loop(guides[0].root, [st], bytearray(b"\0"))
        self._transact(guides[0], root, position)

    def _transact(self, compiled: Compiled, root: Loop, position: int) -> None:
        """`root` is that of the transaction set from now on; its moves wait until its guide is certain."""
        if self.group is None:
            self._open_group(position)
        assert self.group is not None
        self.transaction = Transaction(compiled=compiled, root=root, position=position, findings=self.findings)
        self.stack = [root]
        self.moves = {} if self.undecided else root.node.moves
        self.open_at = 0
        if not self.undecided and self.watcher is not None:
            self.watcher.begin(self.transaction)

    def decide(self, e: list[str]) -> None:
        """The segment after ST says which guide of several it is."""
        assert self.transaction is not None
        version = self.st[3].strip() if len(self.st) > 3 and self.st[3].strip() else self.version
        chosen = self.guides_of(self.st, version, e)[0]
        self.undecided = False
        root = Loop(chosen.root, self.transaction.root.body, self.transaction.root.shape)
        self._transact(chosen, root, self.transaction.position)

    def finish(self, position: int) -> Iterator[Read]:
        """The transaction set is over, by its SE or without one."""
        if self.undecided:
            self.decide([])
        done = self.transaction
        assert done is not None
        yield from self.close(0)
        if self.watcher is not None:
            self.watcher.end(done, position)
        self.transaction, self.moves, self.stack, self.open_at = None, {}, [], 0
        if self.units:
            yield done
        elif self.group is not None:
            self.group.body.append(done)

    # --- loops ---

    def close(self, depth: int) -> Iterator[Record]:
        """Close the open loops at `depth` and below."""
        stack = self.stack
        if self.watcher is not None:
            for at in range(len(stack) - 1, depth - 1, -1):
                self.watcher.closed(stack[at], stack[at - 1 :: -1] if at else [])
        if self.open_at >= depth and self.open_at:
            yield self._record()
            self.open_at = 0
        del stack[depth:]

    def _record(self) -> Record:
        assert self.interchange is not None and self.group is not None and self.transaction is not None
        return Record(
            unit=self.stack[self.open_at],
            above=tuple(self.stack[: self.open_at]),
            transaction=self.transaction,
            group=self.group,
            interchange=self.interchange,
            position=self.open_from,
        )

    def _unplaced(self, raw: str, e: list[str], position: int) -> None:
        loop = self.stack[-1]
        loop.body.append(Unplaced(raw, tuple(e)))
        loop.shape.append(UNPLACED)
        if self.watcher is not None:
            self.watcher.unplaced(loop, e, position)
        self._note("x12.segment.unexpected", position, f"The segment {raw[:40]!r} has no place here.", loop, e[0][:3])

    def _note(self, rule: str, position: int, message: str, loop: Loop, element: str) -> None:
        if len(self.findings) < _MOST_FINDINGS:
            where = Place(position=position, loop=loop.id, element=element)
            self.findings.append(Finding(rule=rule, severity=Severity.ERROR, where=where, message=message))

    def slowly(self, cls: type[Segment], raw: str, e: list[str], position: int, loop: Loop) -> Segment:
        """A segment whose quick reading failed: keep what can be read, say what can't."""
        message = f"The segment {raw[:60]!r} has elements that can't be read."
        self._note("x12.segment.value", position, message, loop, e[0])
        return decode(cls, raw, e, self.under)


def walk(
    source: Source, guides_of: GuidesOf, *, units: bool, watcher: Watcher | None = None, keep: bool = False
) -> Iterator[Read]:
    """With `units` each unit as it closes, then its Transaction without them; else whole interchanges.

    `keep` the white space between segments, which writing the same bytes again takes. Raises X12ReadError.
    """
    lexer = Lexer(source, keep)
    state = _State(lexer, guides_of, units, watcher)
    stack = state.stack
    moves = state.moves
    decoders = _Decoders(state.under)
    good: dict[Any, set[str]] = {}
    here = 0  # depth of the loop to which `body` and `shape` belong
    body: list[Any] = []
    shape = bytearray()
    position = 0
    for delimiters, _ending, segments, untidy in lexer.batches():
        separator, mark = delimiters.element, delimiters.component
        if delimiters is not state.delimiters:
            state.delimiters, state.under = delimiters, marks(mark, delimiters.repetition)
            decoders = _Decoders(state.under)
            good = watcher.good(delimiters) if watcher is not None else {}
        for position, raw in enumerate(segments, position + 1):  # noqa: B020 -- counts on from the batch before
            e: list[Any] = tidy(raw, separator) if untidy else raw.split(separator)
            move = moves.get(e[0])
            if move is None:
                if state.undecided and e[0] not in _CONTROLS:
                    state.decide(e)
                    move = state.moves.get(e[0])
                if move is None:
                    yield from state.other(raw, e, position)
                    stack, moves = state.stack, state.moves
                    if stack:
                        here, body, shape = len(stack) - 1, stack[-1].body, stack[-1].shape
                    continue
                stack, moves, here = state.stack, state.moves, 0
                body, shape = stack[0].body, stack[0].shape
            at, part, by, target = move
            if at and len(e) > at:
                code = e[at]
                if part:
                    code = code.split(mark, 1)[part - 1]
                target = by.get(code, target)
            if target is None:
                yield from state.other(raw, e, position)
                continue
            slot, index, depth, closes, opens, node, cls = target
            if opens:
                if watcher is not None or closes <= state.open_at:
                    yield from state.close(depth)
                else:
                    del stack[depth:]
                body, shape = [], bytearray()
                loop = Loop(node, body, shape)
                rule = node.rule
                if not units or not (rule.unit or node.holds_units):
                    above = stack[depth - 1]
                    above.body.append(loop)
                    above.shape.append(node.index)
                elif rule.unit:
                    state.open_at, state.open_from = depth, position
                stack.append(loop)
                here, moves = depth, node.moves
                if watcher is not None:
                    watcher.opened(loop, position)
            elif depth != here:
                if watcher is not None or closes <= state.open_at:
                    yield from state.close(depth + 1)
                else:
                    del stack[depth + 1 :]
                loop = stack[depth]
                here, body, shape, moves = depth, loop.body, loop.shape, node.moves
            if watcher is not None and raw not in good[slot]:
                watcher.segment(target, raw, e, position)
            try:
                quick = decoders[cls]
                if quick is None:
                    e[0] = raw
                    segment = cls(*e)
                else:
                    segment = quick(raw, e)
            except (ValueError, TypeError):
                e = tidy(raw, separator) if untidy else raw.split(separator)
                segment = state.slowly(cls, raw, e, position, stack[here])
            body.append(segment)
            shape.append(index)
        state.moves = moves
    if state.transaction is not None:
        yield from state.finish(position)
    yield from state.complete()
