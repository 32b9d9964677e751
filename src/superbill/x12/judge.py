"""One transaction set against its guide: order, usage, repeats, elements, numbering, balance."""

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from superbill.x12 import balance
from superbill.x12.check import Problem
from superbill.x12.compiled import Compiled, Node, Slot, Target
from superbill.x12.grammar import REQUIRED, Loop, Segment, Values


class Flaw(Struct, frozen=True, kw_only=True):
    """One thing wrong, with all that a finding and a 999 need.

    `position` counts segments in the file, `offset` in the transaction set (ST is 1); `syntax` is the IK304 code.
    """

    rule: str
    words: str
    position: int
    offset: int
    loop: str
    segment: str
    syntax: str
    problem: Problem | None = None
    line: int | None = None
    fix: str = ""


class Frame:
    """An open loop: its values, how often each part came, how far in order it got."""

    __slots__ = ("counts", "node", "rank", "start", "values")

    def __init__(self, node: Node, values: Values, start: tuple[int, int]) -> None:
        self.node = node
        self.values = values
        self.counts = [0] * len(node.parts)
        self.rank = 0
        self.start = start


_Closing = Callable[[Values], Iterator[balance.Unbalanced]]
_CLOSING: dict[tuple[str, str], _Closing] = {
    ("837", "2300"): balance.claim,
    ("835", "2100"): balance.remittance_claim,
}
_BALANCED = frozenset(key for _, key in _CLOSING)


class Judge:
    """The flaws of one transaction set, told segment by segment."""

    def __init__(self, guide: Compiled, st: list[str], position: int, mark: str) -> None:
        self.guide = guide
        self.identifier = guide.guide.identifier
        self.mark = mark
        self.first = position
        self.position = position
        self.flaws: list[Flaw] = []
        self.frames = [Frame(guide.root, {}, (position, 1))]
        self.moves = guide.root.moves
        self.last_hl = 0
        self.levels: dict[str, str] = {}
        self.parents_left: dict[str, tuple[int, int]] = {}
        self.lx = 0
        self.claims_paid = 0
        self.seen(guide.root.slots[0], st)

    @property
    def offset(self) -> int:
        return self.position - self.first + 1

    def flaw(self, rule: str, words: str, segment: str, syntax: str, **more: Any) -> None:
        """Note a flaw at the current segment, unless told otherwise."""
        more.setdefault("position", self.position)
        more.setdefault("offset", self.offset)
        more.setdefault("loop", self.frames[-1].node.key if self.frames else "")
        self.flaws.append(Flaw(rule=rule, words=words, segment=segment, syntax=syntax, **more))

    # --- one segment ---

    def next(self, e: list[str], position: int) -> None:
        """The next segment between ST and SE."""
        self.position = position
        move = self.moves.get(e[0])
        target: Target | None = None
        if move is not None:
            qualifier = e[move.at] if move.at and len(e) > move.at else ""
            if move.component:
                qualifier = qualifier.split(self.mark, 1)[0]
            target = move.by.get(qualifier, move.only) if move.at else move.only
        if target is None:
            self._misplaced(e, move is not None)
            return
        depth = target.depth
        if target.opens:
            self._enter(target)
        elif len(self.frames) > depth + 1:
            self._leave(depth + 1)
        frame = self.frames[depth]
        try:
            target.read(e, frame.values, self.mark)
        except (ValueError, IndexError):
            frame.values["=unread"] = True
        self.moves = target.moves
        self.seen(target.slot, e)

    def seen(self, slot: Slot, e: list[str]) -> None:
        """Count a segment, judge its place and its elements."""
        self._place(self.frames[-1], slot.index, slot.segment, slot.most)
        if not slot.quick(e, self.mark):
            segment = slot.segment
            for problem in slot.check(e, self.mark):
                self.flaw(problem.rule, f"{segment.title}: {problem.words}", segment.id, "8", problem=problem)
        if slot.numbers:
            if e[0] == "HL":
                self._hl(e)
            elif self.identifier == "837":
                self._lx(e)

    def _misplaced(self, e: list[str], known: bool) -> None:
        anywhere = known or any(e[0] == slot.segment.id for node in self.guide.nodes for slot in node.slots)
        rule, syntax = ("x12.segment.unexpected", "2") if anywhere else ("x12.segment.unknown", "1")
        what = "has no place here" if anywhere else "is not a segment of this guide"
        name = e[0][:3] or "?"
        shown = "*".join(e[:3])[:40]
        self.flaw(rule, f"The segment {shown!r} {what}.", name, syntax, fix="Remove it or move it to its loop.")

    def _place(self, frame: Frame, index: int, part: Segment | Loop, most: int) -> None:
        """Order and repeats of a part within its loop."""
        rank = frame.node.ranks[index]
        late = rank < frame.rank
        if not late:
            frame.rank = rank
        frame.counts[index] = times = frame.counts[index] + 1
        if not late and times != most + 1:
            return
        loop = isinstance(part, Loop)
        name = part.opener.id if isinstance(part, Loop) else part.id
        what = f"Loop {part.id} ({part.title})" if loop else f"{part.title} ({name})"
        if late:
            self.flaw("x12.segment.order", f"{what} comes too late in its loop.", name, "7")
        if times == most + 1:
            words = f"{what} comes more than {most} {'time' if most == 1 else 'times'} in its loop."
            self.flaw("x12.loop.repeat" if loop else "x12.segment.repeat", words, name, "4" if loop else "5")

    # --- loops ---

    def _enter(self, target: Target) -> None:
        self._leave(target.depth)
        node = target.node
        above = self.frames[-1]
        self._place(above, node.index, node.loop, node.loop.repeat)
        values: Values = {"..": above.values}
        if target.keeps:
            above.values.setdefault(node.key, []).append(values)
        self.frames.append(Frame(node, values, (self.position, self.position - self.first + 1)))
        if node.key == "2300":
            self.lx = 0

    def _leave(self, depth: int) -> None:
        """Close the open loops from `depth` down."""
        while len(self.frames) > depth:
            self._close(self.frames.pop())

    def _close(self, frame: Frame) -> None:
        counts = frame.counts
        for place in frame.node.needs:
            if counts[place]:
                continue
            part = frame.node.parts[place]
            definition = part.segment if isinstance(part, Slot) else part.loop
            needed = definition.usage == REQUIRED
            depends = definition.when is not None and definition.when(frame.values)
            if needed or depends:
                name = part.segment.id if isinstance(part, Slot) else part.loop.opener.id
                where = "" if isinstance(part, Slot) else f" (loop {part.key})"
                self.flaw(
                    "x12.segment.missing",
                    f"{definition.title}{where} is missing in loop {frame.node.key}.",
                    name,
                    "3" if needed else "I6",
                    position=frame.start[0],
                    offset=frame.start[1],
                    loop=frame.node.key,
                    fix=f"Add {name} to the loop that begins here.",
                )
        self._balance(frame)

    def _balance(self, frame: Frame) -> None:
        if frame.node.key not in _BALANCED and frame.node.parent is not None:
            return
        v = frame.values
        closing = _CLOSING.get((self.identifier, frame.node.key))
        if closing is not None and "=unread" not in v:
            who = f"Claim {v.get('control_number', '?')}: "
            for each in closing(v):
                self._unbalanced(each, frame, who)
            if self.identifier == "835":
                self.claims_paid += v.get("paid", 0)
        elif self.identifier == "835" and frame.node.parent is None and "=unread" not in v:
            for each in balance.payment(v, self.claims_paid):
                self._unbalanced(each, frame, "")

    def _unbalanced(self, each: balance.Unbalanced, frame: Frame, who: str) -> None:
        problem = Problem(each.element, 0, "I12", each.rule, each.words)
        position, offset = frame.start
        if frame.node.parent is None:
            position, offset = position + 1, offset + 1  # BPR follows ST
        self.flaw(
            each.rule,
            who + each.words,
            each.segment,
            "8",
            problem=problem,
            position=position,
            offset=offset,
            loop=frame.node.key,
            line=each.line or None,
            fix="Correct the amounts so that they add up.",
        )

    # --- numbering ---

    def _hl(self, e: list[str]) -> None:
        number, parent, level = (e[at] if len(e) > at else "" for at in (1, 2, 3))
        self.last_hl += 1
        if number != str(self.last_hl):
            words = f"HL01 is {number!r}; levels are numbered from 1 without gaps, so it should be {self.last_hl}."
            self.flaw("x12.hl.number", words, "HL", "8", problem=Problem(1, 0, "7", "x12.hl.number", words, number))
        if parent and parent not in self.levels:
            words = f"HL02 names the parent {parent!r}, which is no level before it."
            self.flaw("x12.hl.parent", words, "HL", "8", problem=Problem(2, 0, "7", "x12.hl.parent", words, parent))
        self.parents_left.pop(parent, None)
        self.levels[number] = level
        if len(e) > 4 and e[4] == "1":
            self.parents_left[number] = (self.position, self.offset)

    def _lx(self, e: list[str]) -> None:
        self.lx += 1
        if len(e) > 1 and e[1] != str(self.lx):
            words = f"LX01 is {e[1]!r}; lines are numbered from 1, so it should be {self.lx}."
            self.flaw("x12.lx.number", words, "LX", "8", problem=Problem(1, 0, "7", "x12.lx.number", words, e[1]))

    def end(self, position: int) -> list[Flaw]:
        """All flaws, the transaction set being over; `position` is that of its SE."""
        self.position = position
        self._leave(0)
        for number, (at, offset) in self.parents_left.items():
            words = f"HL {number} says that it has levels below it (HL04 1), but none follows."
            problem = Problem(4, 0, "7", "x12.hl.children", words, "1")
            where = {"position": at, "offset": offset, "loop": ""}
            self.flaw("x12.hl.children", words, "HL", "8", problem=problem, **where)
        return sorted(self.flaws, key=lambda flaw: flaw.offset)
