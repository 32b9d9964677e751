"""One transaction set against its guide: order, usage, repeats, situations, elements, code sets, numbering, balance."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from superbill.x12 import problems as p
from superbill.x12.balances import balance_of
from superbill.x12.codec import fields
from superbill.x12.codes import BY_SEGMENT, CodeSets, refused
from superbill.x12.conditions import CONDITIONS
from superbill.x12.lexer import Delimiters
from superbill.x12.nodes import Node, Slot, Target
from superbill.x12.pattern import Quick, compile_quick
from superbill.x12.problems import Flaw, Problem
from superbill.x12.rules import REQUIRED, ElementRule, Part, SegmentRule
from superbill.x12.segment_check import Checker
from superbill.x12.tree import UNPLACED, Loop, Transaction

_REMEMBERED = 1 << 13
_MOST_FLAWS = 10_000  # of one transaction set; a hostile file must not fill the memory


class Terms(NamedTuple):
    """Under which a segment is judged; what is known to be good under some is so for all files with the same."""

    delimiters: Delimiters
    sets: CodeSets
    on: date | None


class SlotJudge:
    """The compiled judgement of one slot: a quick yes, and everything wrong after a no."""

    def __init__(self, slot: Slot, terms: Terms) -> None:
        self.terms = terms
        repeats = frozenset(place for place, field in enumerate(fields(slot.cls), 1) if field.repeats)
        self.checker = Checker(slot.rule, slot.cls, repeats, terms.delimiters)
        used = {whole.position for whole in self.checker.wholes if whole.used}
        rows = BY_SEGMENT.get(slot.rule.id, ())
        places = {row.element for row in rows} | {row.qualifier[0] for row in rows if row.qualifier}
        self.places = tuple(sorted(places & used)) if any(row.element in used for row in rows) else ()
        self.id = slot.rule.id
        self.passed: set[tuple[str, ...]] = set()
        self.quick: Quick = compile_quick(self.checker, self._coded if self.places else None, self.places)

    def _coded(self, texts: tuple[str, ...]) -> bool:
        if texts in self.passed:
            return True
        e = [self.id] + [""] * (self.places[-1] if self.places else 0)
        for place, text in zip(self.places, texts, strict=True):
            e[place] = text
        if next(self._refusals(e), None) is not None:
            return False
        if len(self.passed) < _REMEMBERED:
            self.passed.add(texts)
        return True

    def _refusals(self, e: list[str]) -> Iterator[Any]:
        terms = self.terms
        marks = (terms.delimiters.component, terms.delimiters.repetition)
        return refused(e, terms.sets, terms.on, *marks)

    def problems(self, e: list[str]) -> Iterator[tuple[Problem, int, bool]]:
        """(problem, SNIP type, whether it is a warning only) for all that is wrong."""
        wrong = set()
        for problem in self.checker.problems(e):
            wrong.add((problem.element, problem.component))
            yield problem, 2 if problem.code in _GUIDE_CODES else 1, False
        for each in self._refusals(e) if self.places else ():
            row = each.coded
            if row.element in self.places and (row.element, row.component) not in wrong:
                words = f"{row.place} {each.reason}."
                problem = Problem(row.element, row.component, p.INVALID_CODE, f"x12.code.{each.name}", words, each.code)
                yield problem, 5, not each.certain


# What the guide asks for, not the standard: SNIP type 2.
_GUIDE_CODES = frozenset((p.ELEMENT_MISSING, p.INVALID_CODE, p.ELEMENT_NOT_USED))


class Shape(NamedTuple):
    """What is wrong with the order and number of a loop's parts: rule, words, segment, IK304 code, place in the body."""

    rule: str
    words: str
    segment: str
    syntax: str
    at: int


def part_name(part: Part) -> tuple[str, str]:
    """(segment id, how to call it) of a part of a guide."""
    title = part.name.replace("_", " ").capitalize()
    if isinstance(part, SegmentRule):
        return part.id, f"{title} ({part.id})"
    return part.opener.id, f"Loop {part.id} ({title.lower()})"


def shape_of(node: Node, shape: bytes) -> tuple[Shape, ...]:
    """What is wrong with the order and repeats of the parts of a loop; parts that are missing are not its matter."""
    found: list[Shape] = []
    counts = [0] * len(node.parts)
    rank = 0
    for at, index in enumerate(shape):
        if index == UNPLACED:
            continue
        part = node.rule.parts[index]
        segment, name = part_name(part)
        counts[index] += 1
        if node.ranks[index] < rank:
            found.append(
                Shape("x12.segment.order", f"{name} comes too late in its loop.", segment, p.SEGMENT_ORDER, at)
            )
        rank = max(rank, node.ranks[index])
        if counts[index] == part.repeat + 1:
            times = "time" if part.repeat == 1 else "times"
            words = f"{name} comes more than {part.repeat} {times} in its loop."
            is_loop = not isinstance(part, SegmentRule)
            rule = "x12.loop.repeat" if is_loop else "x12.segment.repeat"
            found.append(Shape(rule, words, segment, p.LOOP_REPEATS if is_loop else p.SEGMENT_REPEATS, at))
    return tuple(found)


class Situation(NamedTuple):
    """An element that must, or may, be there only under a condition. `value` gets it from its segment."""

    index: int
    rule: ElementRule
    segment: str
    value: Callable[[Any], Any]
    holds: Callable[..., bool]


def _situations(slot: Slot) -> Iterator[Situation]:
    for rule in slot.rule.elements:
        if rule.when:
            field = fields(slot.cls)[rule.position - 1]
            name = field.name
            if rule.component:
                assert field.composite is not None
                name += "." + fields(field.composite)[rule.component - 1].name
            yield Situation(slot.index, rule, slot.rule.id, _getter(name), CONDITIONS[rule.when])


def _getter(name: str) -> Callable[[Any], Any]:
    outer, _, inner = name.partition(".")
    if not inner:
        return attrgetter(outer)
    return lambda segment: getattr(getattr(segment, outer), inner, None)


class NodeJudge:
    """The compiled judgement of one node: shapes already judged, parts that must or may not be there."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.shapes: dict[bytes, tuple[Shape, ...]] = {}
        self.required = [at for at, part in enumerate(node.rule.parts) if part.usage == REQUIRED]
        self.conditional = [(at, part, CONDITIONS[part.when]) for at, part in enumerate(node.rule.parts) if part.when]
        self.situations = [situation for slot in node.slots for situation in _situations(slot)]

    def shape(self, shape: bytes, passed: bytes) -> tuple[Shape, ...]:
        """What is wrong with a shape; `passed` are the places of the units that are not in it."""
        key = shape + b"\xff\xff" + passed if passed else shape
        found = self.shapes.get(key)
        if found is None:
            missing = [at for at in self.required if at not in shape and at not in passed]
            found = shape_of(self.node, shape) + tuple(self.missing(at, p.SEGMENT_MISSING) for at in missing)
            if len(self.shapes) < _REMEMBERED:
                self.shapes[key] = found
        return found

    def missing(self, at: int, syntax: str) -> Shape:
        """The flaw of a part that is not there."""
        segment, name = part_name(self.node.rule.parts[at])
        words = f"{name} is missing in loop {self.node.rule.id}."
        return Shape("x12.segment.missing", words, segment, syntax, 0)


class _Frame:
    """An open loop: where it began, and which units went by in it."""

    __slots__ = ("counts", "passed", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        self.passed = bytearray()
        self.counts: dict[int, int] = {}


class Judge:
    """The flaws of one transaction set, told as it is read."""

    def __init__(self, transaction: Transaction, under: "Under") -> None:
        self.under = under
        self.compiled = transaction.compiled
        self.first = transaction.position
        self.guide = transaction.compiled.guide
        self.flaws: list[Flaw] = []
        self.frames = [_Frame(self.first)]
        self.balance = balance_of(self.guide.key)
        self.last_hl = 0
        self.levels: set[str] = set()
        self.parents_left: dict[str, int] = {}
        self.unit = 0
        self.path = [transaction.root.id]

    def flaw(self, rule: str, words: str, segment: str, syntax: str, position: int, **more: Any) -> None:
        """Note a flaw of the segment at `position`."""
        if len(self.flaws) < _MOST_FLAWS:
            more.setdefault("loop", self.path[-1])
            self.flaws.append(
                Flaw(
                    rule=rule, words=words, segment=segment, syntax=syntax, position=position,
                    offset=position - self.first + 1, unit=self.unit, **more,
                )
            )  # fmt: skip

    # --- one segment ---

    def header(self, st: list[str]) -> None:
        """Judge the ST, with which every transaction set begins."""
        slot = self.compiled.root.slots[0]
        for problem, snip, warning in self.under.slot(slot).problems(st):
            more = {"problem": problem, "snip": snip, "warning": warning}
            self.flaw(problem.rule, problem.words, "ST", p.SEGMENT_HAS_ERRORS, self.first, **more)

    def segment(self, target: Target, raw: str, e: list[str], position: int) -> None:
        """Judge a segment; one without problems is good from now on."""
        judge = self.under.slot(target.slot)
        if e[0] == "HL":
            self._level(e, position)
            if judge.quick(raw, e):
                return
        elif judge.quick(raw, e):
            good = self.under.good[target.slot]
            if len(good) < _REMEMBERED:
                good.add(raw)
            return
        rule = target.slot.rule
        title = rule.name.replace("_", " ").capitalize()
        for problem, snip, warning in judge.problems(e):
            words = f"{title}: {problem.words}"
            more = {"problem": problem, "snip": snip, "warning": warning, "loop": target.node.rule.id}
            self.flaw(problem.rule, words, rule.id, p.SEGMENT_HAS_ERRORS, position, **more)

    def unplaced(self, loop: Loop, e: list[str], position: int) -> None:
        """A segment without a place."""
        anywhere = any(e[0] in node.moves for node in self.compiled.nodes)
        rule, syntax = (
            ("x12.segment.unexpected", p.SEGMENT_UNEXPECTED) if anywhere else ("x12.segment.unknown", p.SEGMENT_UNKNOWN)
        )
        what = "has no place here" if anywhere else "is not a segment of this guide"
        shown = self.under.terms.delimiters.element.join(e[:3])[:40]
        fix = "Remove it or move it to its loop."
        self.flaw(rule, f"The segment {shown!r} {what}.", e[0][:3] or "?", syntax, position, loop=loop.id, fix=fix)

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

    def _number(self, rule: str, words: str, segment: str, element: int, value: str, position: int) -> None:
        problem = Problem(element, 0, p.INVALID_CODE, rule, words, value)
        self.flaw(rule, words, segment, p.SEGMENT_HAS_ERRORS, position, problem=problem)

    # --- loops ---

    def opened(self, loop: Loop, position: int) -> None:
        """A loop begins with the segment at `position`."""
        node = loop.node
        rule = node.rule
        if rule.unit or node.holds_units:
            above = self.frames[-1]
            times = above.counts[node.index] = above.counts.get(node.index, 0) + 1
            if times == 1:
                above.passed.append(node.index)
            if times == rule.repeat + 1:
                words = f"{part_name(rule)[1]} comes more than {rule.repeat} times in its loop."
                self.flaw("x12.loop.repeat", words, rule.opener.id, p.LOOP_REPEATS, position)
            self.unit += rule.unit
        self.frames.append(_Frame(position))
        self.path.append(rule.id)

    def closed(self, loop: Loop, above: Sequence[Loop]) -> None:
        """A loop is complete."""
        frame = self.frames[-1]
        judge = node_judge(loop.node)
        shape = bytes(loop.shape)
        for each in judge.shape(shape, bytes(frame.passed)):
            self._shape(each, loop, frame)
        for at, part, holds in judge.conditional:
            there = at in shape or at in frame.passed
            if there if not part.only_when else False:
                continue
            if holds(loop, above, None):
                if not there:
                    self._shape(judge.missing(at, p.DEPENDENT_SEGMENT_MISSING), loop, frame, 4)
            elif there:
                segment, name = part_name(part)
                words = f"{name} is not to be sent here (only when {_words(part.when)})."
                place = max(shape.find(at), 0)
                flaw = Shape("x12.segment.not-used", words, segment, p.DEPENDENT_SEGMENT_NOT_USED, place)
                self._shape(flaw, loop, frame, 4)
        for situation in judge.situations:
            if situation.index in shape:
                self._situation(situation, loop, above, frame)
        if loop.id in self.balance.loops:
            for each in self.balance.closed(loop, above):
                self._unbalanced(each, loop, frame.start)
        self._lines(loop, frame)
        self.frames.pop()
        self.path.pop()

    def _position(self, loop: Loop, frame: _Frame, at: int) -> int:
        return frame.start + sum(part.segments() if isinstance(part, Loop) else 1 for part in loop.body[:at])

    def _shape(self, each: Shape, loop: Loop, frame: _Frame, snip: int = 2) -> None:
        fix = f"Add {each.segment} to the loop that begins here." if each.rule == "x12.segment.missing" else ""
        self.flaw(each.rule, each.words, each.segment, each.syntax, self._position(loop, frame, each.at), snip=snip,
                  fix=fix)  # fmt: skip

    def _situation(self, situation: Situation, loop: Loop, above: Sequence[Loop], frame: _Frame) -> None:
        rule = situation.rule
        for at, index in enumerate(loop.shape):
            if index != situation.index:
                continue
            segment = loop.body[at]
            value = situation.value(segment)
            there = value is not None and value != "" and value != ()
            if there and not rule.only_when:
                continue
            holds = situation.holds(loop, above, segment)
            if holds == there:
                continue
            name = f"{situation.segment}{rule.position:02}" + (f"-{rule.component}" if rule.component else "")
            if holds:
                code, words = p.DEPENDENT_ELEMENT_MISSING, f"{name} is required (when {_words(rule.when)})."
                problem = Problem(rule.position, rule.component, code, "x12.element.required", words)
            elif rule.only_when:
                code, words = p.DEPENDENT_ELEMENT_NOT_USED, f"{name} is sent only when {_words(rule.when)}."
                problem = Problem(rule.position, rule.component, code, "x12.element.not-used", words)
            else:
                continue
            position = self._position(loop, frame, at)
            self.flaw(problem.rule, words, situation.segment, p.SEGMENT_HAS_ERRORS, position, problem=problem, snip=4)

    def _unbalanced(self, each: Any, loop: Loop, start: int) -> None:
        position = start
        for part in loop.body:
            if type(part).__name__ == each.segment:
                break
            position += part.segments() if isinstance(part, Loop) else 1
        else:
            position = start
        problem = Problem(each.element, 0, p.PATTERN, each.rule, each.words)
        self.flaw(
            each.rule, each.words, each.segment, p.SEGMENT_HAS_ERRORS, position,
            snip=3, problem=problem, line=each.line or None, fix="Correct the amounts so that they add up.",
        )  # fmt: skip

    def _lines(self, loop: Loop, frame: _Frame) -> None:
        """LX01 of the lines of a claim counts from 1."""
        if self.guide.identifier != "837" or loop.node.rule.id != "2300":
            return
        number = 0
        for at, part in enumerate(loop.body):
            if isinstance(part, Loop) and part.node.rule.id == "2400":
                number += 1
                found = part.body[0]
                if found.number != number:
                    words = f"LX01 is {found.number}; lines are numbered from 1, so it should be {number}."
                    self._number("x12.lx.number", words, "LX", 1, str(found.number), self._position(loop, frame, at))

    def end(self, transaction: Transaction) -> list[Flaw]:
        """All flaws, the transaction set being over."""
        self.path, self.unit = [""], 0
        for number, position in self.parents_left.items():
            words = f"HL {number} says that it has levels below it (HL04 1), but none follows."
            self._number("x12.hl.children", words, "HL", 4, "1", position)
        for each in self.balance.end(transaction.root):
            self._unbalanced(each, transaction.root, self.first)
        return sorted(self.flaws, key=lambda flaw: flaw.offset)


def _words(condition: str) -> str:
    return condition.replace("_", " ")


class Under:
    """Everything compiled and learnt under one set of terms: the judgement of each slot, the segments that passed it."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.slots: dict[Slot, SlotJudge] = {}
        self.good: defaultdict[Slot, set[str]] = defaultdict(set)

    def slot(self, slot: Slot) -> SlotJudge:
        """The judgement of a slot."""
        found = self.slots.get(slot)
        if found is None:
            found = self.slots[slot] = SlotJudge(slot, self.terms)
        return found


@lru_cache(16)
def _under(delimiters: Delimiters, on: date | None, held: "_Held") -> Under:
    return Under(Terms(delimiters, held.sets, on))


class _Held:
    """Code sets as part of a key: they are told apart by identity."""

    def __init__(self, sets: CodeSets) -> None:
        self.sets = sets

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.sets is other.sets

    def __hash__(self) -> int:
        return id(self.sets)


def under(delimiters: Delimiters, sets: CodeSets, on: date | None) -> Under:
    """What is kept under these terms, so that a second file profits from the first."""
    return _under(delimiters, on, _Held(sets))


@cache
def node_judge(node: Node) -> NodeJudge:
    """The compiled judgement of a node."""
    return NodeJudge(node)
