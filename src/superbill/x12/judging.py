"""One transaction set against its guide: order, usage, repeats, situations, elements, code sets, numbering, balance."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from msgspec.structs import replace

from superbill.x12 import problems as p
from superbill.x12.balances import Unbalanced, balance_of
from superbill.x12.balancing import named
from superbill.x12.conditions import Condition
from superbill.x12.judgements import NodeJudge, Plan, Shape, SlotJudge, Under, node_judge, part_name
from superbill.x12.lexer import elements
from superbill.x12.nodes import Node
from superbill.x12.partners import Breach, PartnerRules
from superbill.x12.problems import Flaw, Problem
from superbill.x12.program import Plan as Placed
from superbill.x12.situations import Situation
from superbill.x12.standard.base import Segment
from superbill.x12.tree import Loop, Transaction

_REMEMBERED = 1 << 13
_MOST_FLAWS = 10_000  # of one transaction set; a hostile file must not fill the memory


_CLAIM = "2300"
_CODES = 5  # SNIP type of outside code sets


class _Frame:
    """An open loop: where it began, and which units went by in it, the last of each kind.

    `doubts` are the conditions that a segment gave reason to ask. `gone` says where units stood that went by: behind
    how many of the loop's own segments, and how many theirs were.
    """

    __slots__ = ("counts", "doubts", "gone", "last", "more", "passed", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        self.doubts: set[Condition] = set()
        self.gone: list[tuple[int, int]] = []
        self.more = 0  # segments of all that went by
        self.passed = bytearray()
        self.last: dict[int, Loop] = {}
        self.counts: dict[int, int] = {}

    def went(self, inner: "_Frame", end: int) -> None:
        """A loop in this one is complete, the position after its own segments being `end`."""
        size = end - inner.start + inner.more
        behind = inner.start - self.start - self.more
        self.more += size
        if self.gone and self.gone[-1][0] == behind:
            self.gone[-1] = behind, self.gone[-1][1] + size
        else:
            self.gone.append((behind, size))


class Judge:
    """The flaws of one transaction set, told as it is read."""

    def __init__(self, transaction: Transaction, under: Under, partner: PartnerRules | None) -> None:
        self.partner = partner
        self.under = under
        self.compiled = transaction.compiled
        self.first = transaction.position
        self.guide = transaction.compiled.guide
        self.flaws: list[Flaw] = []
        self.root = _Frame(self.first)
        self.frames = [self.root]
        self.balance = balance_of(self.guide.key)
        self.judged_whole = self.balance.loops | (partner.loops if partner is not None else frozenset()) | {_CLAIM}
        self.last_hl = 0
        self.levels: set[str] = set()
        self.parents_left: dict[str, int] = {}
        self.counted: tuple[Loop | None, list[int]] = (None, [])
        self.units = 0
        self.unit = 0  # the one that is open

    def flaw(self, rule: str, words: str, segment: str, syntax: str, position: int, **more: Any) -> None:
        """Note a flaw of the segment at `position`."""
        if not self.is_full:
            more.setdefault("loop", "")
            self.flaws.append(
                Flaw(
                    rule=rule, words=p.brief(words), segment=segment, syntax=syntax, position=position,
                    offset=position - self.first + 1, unit=self.unit, **more,
                )
            )  # fmt: skip

    @property
    def is_full(self) -> bool:
        """Whether so much is wrong that no more is told, nor looked for."""
        return len(self.flaws) >= _MOST_FLAWS

    # --- one segment ---

    def header(self, st: list[str]) -> None:
        """Judge the ST, with which every transaction set begins."""
        slot = self.compiled.root.slots[0]
        for problem, snip, warning in self.under.slot(slot).problems(st):
            more = {"problem": problem, "snip": snip, "warning": warning}
            self.flaw(problem.rule, problem.words, "ST", p.SEGMENT_HAS_ERRORS, self.first, **more)

    def segments(self, placed: Placed, segments: Sequence[Segment], position: int) -> None:
        """Judge segments in their places, of which the first is at `position`."""
        judges = self.under.placed.get(placed) or self.under.judges(placed)
        for judge, segment in zip(judges, segments, strict=False):  # there are as many of both
            raw = segment.raw
            if raw not in judge.passed and not judge.plain(raw):
                self._segment(judge, segment, position)
            position += 1

    def _segment(self, judge: SlotJudge, segment: Segment, position: int) -> None:
        raw = segment.raw
        if judge.is_level and not self.is_full:
            self._level(elements(raw, self.under.terms.delimiters), position)
        suspicious = judge.is_suspicious is not None and judge.is_suspicious(segment)
        if suspicious:
            self.frames[-1].doubts.update([doubt.condition for doubt in judge.doubts if doubt.seen(segment)])
        if judge.quick(raw):
            if not suspicious:
                judge.remember(raw)
            return
        if self.is_full:
            return
        e = elements(raw, self.under.terms.delimiters)
        rule = judge.rule
        title = rule.name.replace("_", " ").capitalize()
        for problem, snip, warning in judge.problems(e):
            words = f"{title}: {problem.words}"
            warning = warning or (snip == _CODES and rule.id in self.guide.echoes)
            more = {"problem": problem, "snip": snip, "warning": warning, "name": rule.name}
            self.flaw(
                problem.rule, words, rule.id, p.SEGMENT_HAS_ERRORS, position, loop=judge.loop, **more
            )  # fmt: skip

    def unplaced(self, node: Node, e: list[str], position: int) -> None:
        """A segment without a place."""
        if self.is_full:
            return
        anywhere = any(e[0] in each.moves for each in self.compiled.nodes)
        rule, syntax = (
            ("x12.segment.unexpected", p.SEGMENT_UNEXPECTED) if anywhere else ("x12.segment.unknown", p.SEGMENT_UNKNOWN)
        )
        what = "has no place here" if anywhere else "is not a segment of this guide"
        shown = self.under.terms.delimiters.element.join(e[:3])[:40]
        fix = "Remove it or move it to its loop."
        self.flaw(rule, f"The segment {shown!r} {what}.", e[0][:3] or "?", syntax, position, loop=node.rule.id, fix=fix)

    def _level(self, e: list[str], position: int) -> None:
        """HL01 counts from 1, HL02 names a level before it, HL04 1 promises one below."""
        number, parent = (e[at] if len(e) > at else "" for at in (1, 2))
        self.last_hl += 1
        if number != str(self.last_hl):
            words = f"HL01 is {number!r}; levels are numbered from 1 without gaps, so it should be {self.last_hl}."
            self._number("x12.hl.number", words, "HL", 1, number, position)
        if parent and parent not in self.levels:
            words = f"HL02 names the parent {parent!r}, which is no level before it."
            self._number("x12.hl.parent", words, "HL", 2, parent, position)
        self.parents_left.pop(parent, None)
        self.levels.add(number)
        if len(e) > 4 and e[4] == "1":
            self.parents_left[number] = position

    def _number(
        self, rule: str, words: str, segment: str, element: int, value: str, position: int, loop: str = ""
    ) -> None:
        problem = Problem(element, 0, p.INVALID_CODE, rule, words, value)
        self.flaw(rule, words, segment, p.SEGMENT_HAS_ERRORS, position, problem=problem, loop=loop)

    # --- loops ---

    def opened(self, node: Node, position: int) -> None:
        """A unit, or a loop that holds units, begins with the segment at `position`."""
        rule = node.rule
        if rule.unit:
            self.units += 1
            self.unit = self.units
        above = self.frames[-1]
        times = above.counts[node.index] = above.counts.get(node.index, 0) + 1
        if times == 1:
            above.passed.append(node.index)
        if times == rule.repeat + 1:
            words = f"{part_name(rule)[1]} comes more than {rule.repeat} times in its loop."
            self.flaw("x12.loop.repeat", words, rule.opener.id, p.LOOP_REPEATS, position, snip=2, loop=rule.id)
        self.frames.append(_Frame(position))

    def closed(self, loop: Loop, above: Sequence[Loop]) -> None:
        """A unit, or a loop that holds units, is complete: it is judged with all that is in it."""
        frame = self.frames.pop()
        if not self.is_full:
            judge = node_judge(loop.node)
            plan = judge.plan(loop.shape, bytes(frame.passed))
            if not frame.doubts:
                plan = plan.calm or plan
            seen = loop
            if frame.last and plan.conditional:  # a condition of the loop may ask whether there is a unit
                seen = loop.node.cls((*loop.body, *frame.last.values()), loop.shape + bytes(frame.last))
            before = len(self.flaws)
            end = self._judge(loop, above, frame.start, judge, plan, frame.doubts, seen)
            self._move(before, frame)
            if self.frames:
                self.frames[-1].went(frame, end)
        if self.frames:
            self.frames[-1].last[loop.node.index] = loop
        if loop.node.rule.unit:
            self.unit = 0

    def _move(self, before: int, frame: _Frame) -> None:
        """The flaws noted since `before` stand further behind where units went by in their loop before them."""
        if frame.gone and len(self.flaws) > before:
            for at, flaw in enumerate(self.flaws[before:], before):
                own = flaw.position - frame.start
                more = sum(size for behind, size in frame.gone if behind <= own)
                self.flaws[at] = replace(flaw, position=flaw.position + more, offset=flaw.offset + more)

    def _judge(
        self, loop: Loop, above: Sequence[Loop], start: int, judge: NodeJudge, plan: Plan, doubts: set[Condition],
        seen: Loop,
    ) -> int:  # fmt: skip
        """Judge a loop and the loops in it; `start` is the position of its first segment. Gives that after its last.

        `seen` is the loop with its units, where they are not in it any more.
        """
        body = loop.body
        more = 0  # segments than parts so far
        inner: tuple[Loop, ...] = ()
        for at, each in plan.loops:
            part: Any = body[at]
            shape = part.shape
            if shape in each.idle and not doubts and each.id not in self.judged_whole:
                more += len(shape) - 1
                continue
            found = each.plans.get(shape) or each.plan(shape, b"")
            if not doubts and found.calm is not None:
                found = found.calm
            inner = inner or (loop, *above)
            begin = start + at + more
            more += self._judge(part, inner, begin, each, found, doubts, part) - begin - 1
        for flaw in plan.problems:
            self._shape(flaw, loop, start)
        for at, holds, there in plan.conditional:
            if (holds in doubts or holds not in plan.awaited) and holds(seen, above, None) is not there:
                self._conditional(at, there, judge, loop, start)
        for at, situation in plan.situations:
            asked = situation.holds in doubts or situation.holds not in plan.awaited
            if asked and situation.is_broken(body[at], loop, above):
                self._situation(situation, loop, start, at)
        if loop.id in self.judged_whole:
            self._whole(loop, above, start)
        return start + len(body) + more

    def _whole(self, loop: Loop, above: Sequence[Loop], start: int) -> None:
        """What is said of a loop by its sums, by the partner, by the numbers of its lines."""
        if loop.id in self.balance.loops:
            for each in self.balance.closed(loop, above):
                self._unbalanced(each, loop, start)
        if self.partner is not None and loop.id in self.partner.loops:
            for breach in self.partner.closed(loop, above):
                self._breached(breach, loop, start)
        if loop.id == _CLAIM and self.guide.identifier == "837":
            self._lines(loop, start)

    def _conditional(self, at: int, there: bool, judge: NodeJudge, loop: Loop, start: int) -> None:
        """A part is there without its condition, or is not there with it."""
        part = loop.node.rule.parts[at]
        if not there:
            self._shape(judge.missing(at, p.DEPENDENT_SEGMENT_MISSING), loop, start, 4)
        else:
            segment, name = part_name(part)
            words = f"{name} is not to be sent here (only when {_words(part.when)})."
            place = max(loop.shape.find(at), 0)
            flaw = Shape("x12.segment.not-used", words, segment, p.DEPENDENT_SEGMENT_NOT_USED, place, part.name)
            self._shape(flaw, loop, start, 4)

    def _position(self, loop: Loop, start: int, at: int) -> int:
        """The position of a part of a loop; a loop is asked about again and again, so its parts are counted once."""
        if self.counted[0] is not loop:
            sizes = (part.segments() if isinstance(part, Loop) else 1 for part in loop.body)
            self.counted = loop, list(accumulate(sizes, initial=0))
        return start + self.counted[1][at]

    def _shape(self, each: Shape, loop: Loop, start: int, snip: int = 2) -> None:
        fix = f"Add {each.segment} to the loop that begins here." if each.rule == "x12.segment.missing" else ""
        position = self._position(loop, start, each.at)
        self.flaw(each.rule, each.words, each.segment, each.syntax, position, snip=snip, loop=loop.id,
                  name=each.name, fix=fix)  # fmt: skip

    def _situation(self, situation: Situation, loop: Loop, start: int, at: int) -> None:
        """An element is not there though its condition holds, or there though it does not."""
        rule = situation.rule
        holds = not situation.is_there(loop.body[at])
        name = f"{situation.segment}{rule.position:02}" + (f"-{rule.component}" if rule.component else "")
        if holds:
            code, words = p.DEPENDENT_ELEMENT_MISSING, f"{name} is required (when {_words(rule.when)})."
            problem = Problem(rule.position, rule.component, code, "x12.element.required", words)
        else:
            code, words = p.DEPENDENT_ELEMENT_NOT_USED, f"{name} is sent only when {_words(rule.when)}."
            problem = Problem(rule.position, rule.component, code, "x12.element.not-used", words)
        position = self._position(loop, start, at)
        self.flaw(problem.rule, words, situation.segment, p.SEGMENT_HAS_ERRORS, position, problem=problem, snip=4,
                  loop=loop.id, name=situation.slot.rule.name)  # fmt: skip

    def _unbalanced(self, each: Unbalanced, loop: Loop, start: int) -> None:
        within, at = each.within, each.at
        if within is None:
            within = loop
            at = next((place for place, part in enumerate(loop.body) if type(part).__name__ == each.segment), 0)
        position = self._position(within, _start_of(within, loop, start), at)
        problem = Problem(each.element, 0, p.PATTERN, each.rule, each.words)
        self.flaw(
            each.rule, each.words, each.segment, p.SEGMENT_HAS_ERRORS, position,
            loop=within.id, snip=3, problem=problem, line=each.line or None,
            fix="Correct the amounts so that they add up.",
        )  # fmt: skip

    def _breached(self, each: Breach, loop: Loop, start: int) -> None:
        """What a trading partner does not take: SNIP type 7."""
        problem = Problem(each.element, each.component, p.PATTERN, each.rule, each.words, each.value)
        self.flaw(
            each.rule, each.words, each.segment, p.SEGMENT_HAS_ERRORS, self._position(loop, start, each.at),
            loop=loop.id, snip=7, problem=problem, fix=each.fix, source=each.source, warning=each.warning,
        )  # fmt: skip

    def _lines(self, loop: Loop, start: int) -> None:
        """LX01 of the lines of a claim counts from 1."""
        for number, line in enumerate(named(loop, "lines"), 1):
            found: Any = line.body[0]
            if found.number != number and found.number is not None:
                at = next(place for place, part in enumerate(loop.body) if part is line)
                words = f"LX01 is {found.number}; lines are numbered from 1, so it should be {number}."
                self._number("x12.lx.number", words, "LX", 1, str(found.number), self._position(loop, start, at),
                             "2400")  # fmt: skip

    def end(self, transaction: Transaction) -> list[Flaw]:
        """All flaws, the transaction set being over."""
        for number, position in self.parents_left.items():
            words = f"HL {number} says that it has levels below it (HL04 1), but none follows."
            self._number("x12.hl.children", words, "HL", 4, "1", position)
        before = len(self.flaws)
        for each in self.balance.end(transaction.root):
            self._unbalanced(each, transaction.root, self.first)
        for breach in self.partner.end(transaction.root) if self.partner is not None else ():
            self._breached(breach, transaction.root, self.first)
        self._move(before, self.root)
        return sorted(self.flaws, key=lambda flaw: flaw.offset)


def _start_of(inner: Loop, loop: Loop, start: int) -> int:
    """The position at which `inner` begins: `loop`, which begins at `start`, or one somewhere in it; 0 for others."""
    if inner is loop:
        return start
    for part in loop.body:
        if isinstance(part, Loop):
            if found := _start_of(inner, part, start):
                return found
            start += part.segments()
        else:
            start += 1
    return 0


def _words(condition: str) -> str:
    return condition.replace("_", " ")
