"""What is open while a source is read: the envelopes, the transaction set, its loops."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeAlias, overload

from msgspec.structs import replace

from superbill.findings import Finding, Place, Severity
from superbill.x12.codec import Marks, decode, marks, unread
from superbill.x12.floods import EMPTY_SET, Floods
from superbill.x12.letters import CONTROLS
from superbill.x12.lexer import Delimiters, Lexer
from superbill.x12.nodes import Compiled, Node, Target, target_of
from superbill.x12.program import Plan, program
from superbill.x12.rules import PASSED_OVER
from superbill.x12.standard import SEGMENTS
from superbill.x12.standard.base import Segment
from superbill.x12.standard.control import GE, GS, IEA, ISA, ST, TA1
from superbill.x12.tree import UNPLACED, Group, Interchange, Loop, Record, Transaction, Unplaced

# (ST, version, the segment after it or []) → the guides it may be of, the likeliest first; more than one only while
# the segment after ST, which decides, is not given.
GuidesOf: TypeAlias = Callable[[list[str], str, list[str]], Sequence[Compiled]]
Read: TypeAlias = Record | Transaction | Interchange
Growing: TypeAlias = tuple[Node, list[Any], bytearray]  # a loop to be: its node, body and shape so far

_EMPTY = 2  # ST and SE
_MOST_FINDINGS = 1000  # of one transaction set; a hostile file must not fill the memory


class Watcher(Protocol):
    """Who is told of everything that is read: the judge. Positions count segments in the file from 1."""

    def control(self, e: list[str], position: int, delimiters: Delimiters) -> None:
        """An envelope segment, before anything is done about it."""

    def begin(self, transaction: Transaction) -> None:
        """A transaction set whose guide is now known; its root has its ST and no more yet."""

    def segments(self, plan: Plan, segments: Sequence[Segment], position: int, delimiters: Delimiters) -> None:
        """Segments that have their places, those of the plan; the first of them is at `position`."""

    def unplaced(self, node: Node | None, e: list[str], position: int) -> None:
        """A segment that has no place where it stands; without node, one outside of any transaction set."""

    def opened(self, node: Node, position: int) -> None:
        """A unit, or a loop that holds units, begins with the segment at `position`, which is shown next."""

    def closed(self, loop: Loop, above: Sequence[Loop]) -> None:
        """A unit, or a loop that holds units, is complete; `above` are those around it, the innermost first."""

    def end(self, transaction: Transaction, position: int) -> None:
        """The transaction set is over at its SE, or at the last segment of one without."""


class Above(Sequence[Loop]):
    """The open loops around one, the innermost first, each made only when it is looked at and kept while it is so."""

    def __init__(self, stack: list[Growing]) -> None:
        self.stack = stack
        self.kept: dict[int, tuple[Growing, int, Loop]] = {}
        self.below = 0  # how many of the stack are seen

    def loop(self, depth: int) -> Loop:
        """The open loop at `depth` as it is now; the same object until something is added to it."""
        growing = self.stack[depth]
        kept = self.kept.get(depth)
        if kept is not None and kept[0] is growing and kept[1] == len(growing[1]):
            return kept[2]
        made = growing[0].cls(tuple(growing[1]), bytes(growing[2]))
        self.kept[depth] = (growing, len(growing[1]), made)
        return made

    def __len__(self) -> int:
        return self.below

    def __iter__(self) -> Iterator[Loop]:
        return map(self.loop, range(self.below - 1, -1, -1))

    @overload
    def __getitem__(self, place: int) -> Loop: ...
    @overload
    def __getitem__(self, place: slice) -> list[Loop]: ...
    def __getitem__(self, place: int | slice) -> Loop | list[Loop]:
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(self.below))]
        if place < 0:
            place += self.below
        if not 0 <= place < self.below:
            raise IndexError(place)
        return self.loop(self.below - 1 - place)


class State:
    """All that is open at the segment that is being read."""

    def __init__(self, lexer: Lexer, guides_of: GuidesOf, units: bool, watcher: Watcher | None, records: bool) -> None:
        self.lexer = lexer
        self.guides_of = guides_of
        self.units = units
        self.watcher = watcher
        self.records = records
        self.delimiters = Delimiters()
        self.under = marks(":", "^")
        self.plans = program(self.delimiters).plans
        self.interchange: Interchange | None = None
        self.group: Group | None = None
        self.transaction: Transaction | None = None
        self.st: list[str] = []
        self.undecided = False
        self.version = ""
        self.stack: list[Growing] = []
        self.above = Above(self.stack)
        self.open_from = 0
        self.floods = Floods()

    def alone(self, raw: str, e: list[str], position: int) -> Iterator[Read]:
        """A segment that is no common case: an envelope's, the one after ST, one out of place or hard to read."""
        if self.undecided and e[0] not in CONTROLS:
            yield from self.decided(raw, e, position)
            return
        target = self._target(e)
        if target is None:
            yield from self.other(raw, e, position)
            return
        plan = self.plans.single(self.innermost(), target)
        if plan.tells and self.units:
            yield from self.close(target.closes)
        self.fold(target.closes)
        segment = self._read(target, raw, e, position)
        if target.opens:
            self.stack.append((target.node, [segment], bytearray((target.place,))))
        else:
            _, body, shape = self.stack[-1]
            body.append(segment)
            shape.append(target.place)
        if plan.opens is not None:
            self.opened(plan.opens, position)
        if self.watcher is not None:
            self.watcher.segments(plan, [segment], position, self.delimiters)

    def _target(self, e: list[str]) -> Target | None:
        node = self.innermost()
        cls = SEGMENTS.get(e[0])
        if node is None or cls is None:
            return None
        code = e[cls.KEY] if cls.KEY and len(e) > cls.KEY else ""
        return node.target(e[0], code.split(self.under.component, 1)[0] if cls.KEY_PART else code)

    def decided(self, raw: str, e: list[str], position: int) -> Iterator[Read]:
        """The segment after ST has decided on the guide; it goes where that guide has it."""
        self.decide(e)
        node, body, shape = self.stack[0]
        for slot in node.slots:
            if slot.rule.id == e[0]:
                segment = decode(slot.cls, raw, e, self.under)
                if self.watcher is not None:
                    plan = self.plans.single(node, target_of(slot))
                    self.watcher.segments(plan, [segment], position, self.delimiters)
                body.append(segment)
                shape.append(slot.index)
                return
        yield from self.other(raw, e, position)

    # --- envelopes ---

    def other(self, raw: str, e: list[str], position: int) -> Iterator[Read]:
        """A segment that the open loops don't know: an envelope's, or one out of place."""
        name = e[0]
        if name in CONTROLS or self.transaction is None:
            self.floods.idle += 1
        if name in CONTROLS:
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
        segment = decode(CONTROLS[name], raw, e, self.under)
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
            if self.undecided:
                self.decide([])
            yield from self.close(1)
            node, body, shape = self.stack[0]
            body.append(segment)
            shape.append(len(node.parts) - 1)
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
        else:
            assert self.interchange is not None
            self.interchange.body.append(segment)

    def complete(self) -> Iterator[Read]:
        """The interchange is over."""
        if self.interchange is not None and not self.units:
            yield self.interchange
        self.interchange = None

    # --- transaction sets ---

    def _begin(self, st: ST, e: list[str], position: int) -> None:
        self.st = e
        self.floods.idle += EMPTY_SET
        guides = self.guides_of(e, self._version(), [])
        self.undecided = len(guides) > 1
        if self.group is None:
            self._open_group(position)
        self._transact(guides[0], st, position)

    def _transact(self, compiled: Compiled, st: ST, position: int) -> None:
        """The transaction set is of that guide; its moves wait until this is certain."""
        root = compiled.root
        self.transaction = Transaction(
            compiled=compiled, root=root.cls((st,), b"\0"), position=position, version=self._version(), findings=[]
        )
        self.stack.clear()
        self.stack.append((root, [st], bytearray(1)))
        if not self.undecided and self.watcher is not None:
            self.watcher.begin(self.transaction)

    def decide(self, e: list[str]) -> None:
        """The segment after ST says which guide of several it is."""
        begun = self.transaction
        assert begun is not None
        self.undecided = False
        self._transact(self.guides_of(self.st, self._version(), e)[0], begun.header, begun.position)

    def _version(self) -> str:
        """What ST03 says, or else GS08."""
        return (self.st[3].strip() if len(self.st) > 3 else "") or self.version

    def finish(self, position: int) -> Iterator[Read]:
        """The transaction set is over, by its SE or without one."""
        if self.undecided:
            self.decide([])
        begun = self.transaction
        assert begun is not None
        yield from self.close(1)
        done = replace(begun, root=self.above.loop(0))
        if len(done.root.body) > _EMPTY:
            self.floods.idle = 0
        if self.watcher is not None:
            self.above.below = 0
            self.watcher.closed(done.root, self.above)
            self.watcher.end(done, position)
        self.transaction = None
        self.floods.unread = 0
        self.stack.clear()
        if self.units:
            yield done
        else:
            assert self.group is not None
            self.group.body.append(done)

    def keep_within_limits(self, segments: int, position: int) -> None:
        """After a batch of so many segments, the last at `position`. Raises X12ReadError for what no sender means."""
        self.floods.batch(segments, position)
        for node, body, _ in self.stack:
            self.floods.loop(node, body, position)

    # --- loops ---

    def under_new(self, delimiters: Delimiters, under: Marks) -> None:
        """From now on segments are separated so. Raises X12ReadError when that changes again and again."""
        if delimiters != self.delimiters:
            self.floods.separators(self.lexer.position)
        self.delimiters, self.under = delimiters, under

    def innermost(self) -> Node | None:
        """The loop that is open; None where there is none to go by."""
        return self.stack[-1][0] if self.stack and not self.undecided else None

    def fold(self, depth: int) -> None:
        """Close loops at `depth` and below that nobody need be told of."""
        stack = self.stack
        while len(stack) > depth:
            node, body, shape = stack.pop()
            _, above, places = stack[-1]
            above.append(node.cls(tuple(body), bytes(shape)))
            places.append(node.index)

    def opened(self, node: Node, position: int) -> None:
        """A unit, or a loop that holds units, begins."""
        self.floods.opened(node, position)
        if node.rule.unit:
            self.open_from = position
        if self.watcher is not None and self.units:
            self.watcher.opened(node, position)

    def close(self, depth: int) -> Iterator[Record]:
        """Close the open loops at `depth` and below, and hand over the unit among them."""
        stack, watcher = self.stack, self.watcher
        while len(stack) > depth:
            node, body, shape = stack.pop()
            loop = node.cls(tuple(body), bytes(shape))
            if not self.units or not (node.rule.unit or node.holds_units):
                above = stack[-1]
                above[1].append(loop)
                above[2].append(node.index)
                continue
            if watcher is not None:
                self.above.below = len(stack)
                watcher.closed(loop, self.above)
            if node.rule.unit and self.records:
                yield self._record(loop)

    def _record(self, unit: Loop) -> Record:
        assert self.interchange is not None and self.group is not None and self.transaction is not None
        return Record(
            unit=unit,
            above=tuple([self.above.loop(depth) for depth in range(len(self.stack))]),
            transaction=self.transaction,
            group=self.group,
            interchange=self.interchange,
            position=self.open_from,
        )

    def _unplaced(self, raw: str, e: list[str], position: int) -> None:
        node, body, shape = self.stack[-1]
        assert self.transaction is not None
        guide = self.transaction.compiled.guide
        if guide.key == PASSED_OVER:
            return
        body.append(Unplaced(raw, tuple(e)))
        shape.append(UNPLACED)
        if self.watcher is not None:
            self.watcher.unplaced(node, e, position)
        if guide.versions:
            self._note(
                "x12.segment.unexpected", position, f"The segment {raw[:40]!r} has no place here.", node, e[0][:3]
            )

    def _note(self, rule: str, position: int, message: str, node: Node, element: str) -> None:
        assert self.transaction is not None
        findings = self.transaction.findings
        if len(findings) < _MOST_FINDINGS:
            where = Place(position=position, loop=node.rule.id, element=element)
            findings.append(Finding(rule=rule, severity=Severity.ERROR, where=where, message=message))

    def _read(self, target: Target, raw: str, e: list[str], position: int) -> Segment:
        """A segment whose quick reading may have failed: keep what can be read, say what can't."""
        problems = unread(target.cls, e, self.under)
        if problems:
            self.floods.unreadable(position)
        for element, why in problems:
            name = f"{e[0]}{element:02}"
            self._note("x12.element.value", position, f"{name} can't be read: {why}.", target.node, name)
        return decode(target.cls, raw, e, self.under)
