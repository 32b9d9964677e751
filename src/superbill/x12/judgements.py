"""A guide's slots and loops compiled into judgements, kept and learnt from while files are judged."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from superbill.x12 import problems as p
from superbill.x12.codec import fields
from superbill.x12.codes import BY_SEGMENT, Coded, CodeSets, Refused, refused
from superbill.x12.conditions import CONDITIONS, Condition, is_of_segment, needs
from superbill.x12.lexer import STANDARD, Delimiters
from superbill.x12.nodes import Node, Slot
from superbill.x12.pattern import CodedTest, Quick, compile_quick
from superbill.x12.problems import Problem
from superbill.x12.program import Plan as Placed
from superbill.x12.rules import REQUIRED, Part, SegmentRule
from superbill.x12.segment_check import Checker
from superbill.x12.situations import Situation, conditions_of, doubts_of, is_awaited, situations_of, suspicion
from superbill.x12.tree import UNPLACED

_REMEMBERED, _SHORT = 1 << 13, 1 << 8  # what is remembered: so many, none longer
_PASSED = 1 << 10
_TRAILER = "SE"
_WORTH_COMPILING = 16  # segments of one kind
_MOST_FLAWS = 10_000  # of one transaction set; a hostile file must not fill the memory


class Terms(NamedTuple):
    """Under which a segment is judged; what is known to be good under some is so for all files with the same."""

    delimiters: Delimiters
    sets: CodeSets
    on: date | None


@cache
def _checker(slot: Slot) -> Checker:
    repeats = frozenset(place for place, field in enumerate(fields(slot.cls), 1) if field.repeats)
    return Checker(slot.rule, slot.cls, repeats, STANDARD)


def _never(_raw: str) -> bool:
    return False


class SlotJudge:
    """The compiled judgement of one slot: a quick yes, and everything wrong after a no."""

    def __init__(self, slot: Slot, terms: Terms) -> None:
        self.terms = terms
        self.checker = _checker(slot).under(terms.delimiters)
        self.used = {whole.position for whole in self.checker.wholes if whole.used}
        self.rows = [row for row in BY_SEGMENT.get(slot.rule.id, ()) if row.element in self.used]
        self.seen = 0
        self.passed: set[str] = set()  # texts of segments without problems
        self.rule = slot.rule
        self.loop = slot.node.rule.id
        self.is_level = slot.rule.id == "HL"
        self.doubts = doubts_of(slot)
        self.is_suspicious = suspicion(slot)
        self.plain: Quick = (
            _never  # what is enough to judge a segment by, once so many are known that no more is learnt
        )
        self.quick: Quick = self._at_first

    def _at_first(self, raw: str) -> bool:
        """The quick answer costs much to compile: not for a few segments of a file with marks or a day of its own."""
        self.seen += 1
        if self.seen == _WORTH_COMPILING:
            self.quick = compile_quick(self.checker, [test for row in self.rows for test in self._coded(row)])
        return next(self.problems(raw.split(self.terms.delimiters.element)), None) is None

    def remember(self, raw: str) -> None:
        """That nothing is wrong with a segment, nor any condition waiting for it; of so many texts and no more."""
        if len(self.passed) < _PASSED:
            if len(raw) < _SHORT and not self.is_level:
                self.passed.add(raw)
        elif self.is_suspicious is None:
            self.plain = self.quick

    def _coded(self, row: Coded) -> Iterator[CodedTest]:
        """The test of one place of codes; none where no qualifier that the guide allows announces any."""
        element, qualifier, part = row.element, 0, 0
        if row.qualifier is not None and row.qualifier[0] != element:
            qualifier, part = row.qualifier
        kinds = None
        whole = next((each for each in self.checker.wholes if each.position == qualifier), None)
        if whole is not None and not part and not whole.repeats:
            kinds = frozenset(row.sets)
            codes = whole.spot.rule.codes if whole.spot.rule is not None else ()
            if codes and kinds.isdisjoint(codes if whole.required else (*codes, "")):
                return
        sets, on, repetition = self.terms.sets, self.terms.on, self.terms.delimiters.repetition
        simple = not row.component and (row.qualifier is None or kinds is not None)

        def test(text: str, kind: str = "") -> bool:
            if simple and not (repetition and repetition in text):
                name = row.sets.get(kind)
                return not name or sets.refusal(name, text, on) is None
            e = [""] * (max(element, qualifier) + 1)
            e[qualifier], e[element] = kind, text
            return next(self._refusals(e, (row,)), None) is None

        yield CodedTest(element, qualifier, kinds, test)

    def _refusals(self, e: list[str], rows: Sequence[Coded]) -> Iterator[Refused]:
        terms = self.terms
        marks = (terms.delimiters.component, terms.delimiters.repetition or "\0")
        return refused(e, terms.sets, terms.on, *marks, rows=rows)

    def problems(self, e: list[str]) -> Iterator[tuple[Problem, int, bool]]:
        """(problem, SNIP type, whether it is a warning only) for all that is wrong."""
        wrong = set()
        for problem in self.checker.problems(e):
            wrong.add((problem.element, problem.component))
            yield problem, 2 if problem.code in _GUIDE_CODES else 1, False
        for each in self._refusals(e, self.rows):
            row = each.coded
            if (row.element, row.component) not in wrong:
                words = f"{row.place} {each.reason}."
                problem = Problem(row.element, row.component, p.INVALID_CODE, f"x12.code.{each.name}", words, each.code)
                yield problem, 5, not each.certain


# What the guide asks for, not the standard: SNIP type 2.
_GUIDE_CODES = frozenset((p.ELEMENT_MISSING, p.INVALID_CODE, p.ELEMENT_NOT_USED))


class Shape(NamedTuple):
    """What is wrong with the order and number of a loop's parts: rule, words, segment, IK304, place in body, name."""

    rule: str
    words: str
    segment: str
    syntax: str
    at: int
    name: str


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
        if len(found) >= _MOST_FLAWS:
            break
        part = node.rule.parts[index]
        segment, name = part_name(part)
        counts[index] += 1
        if node.ranks[index] < rank:
            words = f"{name} comes too late in its loop."
            found.append(Shape("x12.segment.order", words, segment, p.SEGMENT_ORDER, at, part.name))
        rank = max(rank, node.ranks[index])
        if counts[index] == part.repeat + 1:
            times = "time" if part.repeat == 1 else "times"
            words = f"{name} comes more than {part.repeat} {times} in its loop."
            is_loop = not isinstance(part, SegmentRule)
            rule = "x12.loop.repeat" if is_loop else "x12.segment.repeat"
            syntax = p.LOOP_REPEATS if is_loop else p.SEGMENT_REPEATS
            found.append(Shape(rule, words, segment, syntax, at, part.name))
    return tuple(found)


def _places(shape: bytes, index: int) -> Iterator[int]:
    at = shape.find(index)
    while at >= 0:
        yield at
        at = shape.find(index, at + 1)


class Plan(NamedTuple):
    """What is to do about every loop of one shape, decided once.

    `problems` of order, repeats and missing parts; `conditional` parts to look at, with their conditions and whether
    they are there; `situations` of elements to look at, with the place of the segment; `loops`: the places of those
    in it, and who judges them. `awaited` are the conditions among them that need not be asked where no segment raised
    a doubt about them, `calm` is what is to do where none did about any; None: this is it.
    """

    problems: tuple[Shape, ...]
    conditional: tuple[tuple[int, Condition, bool], ...]
    situations: tuple[tuple[int, Situation], ...]
    loops: "tuple[tuple[int, NodeJudge], ...]"
    awaited: frozenset[Condition] = frozenset()
    calm: "Plan | None" = None

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.problems or self.conditional or self.situations or self.loops)


class NodeJudge:
    """The compiled judgement of one node: shapes already judged, parts that must or may not be there."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.id = node.rule.id
        self.plans: dict[bytes, Plan] = {}
        self.idle: set[bytes] = set()  # shapes of which nothing is to be said if there is no doubt
        # The trailer is the envelope's matter.
        self.required = [
            at for at, part in enumerate(node.rule.parts) if part.usage == REQUIRED and part.id != _TRAILER
        ]
        self.conditional = [(at, part, CONDITIONS[part.when]) for at, part in enumerate(node.rule.parts) if part.when]
        self.situations = [situation for slot in node.slots for situation in situations_of(slot)]
        self.own = frozenset([slot.index for slot in node.slots] + [UNPLACED])
        self.awaited = frozenset(
            condition for condition in conditions_of(node) if is_of_segment(condition) or is_awaited(condition, node)
        )

    def plan(self, shape: bytes, passed: bytes) -> Plan:
        """What is to do about a loop of that shape; `passed` are the places of the units that are not in it."""
        key = shape + b"\xff\xff" + passed if passed else shape
        found = self.plans.get(key)
        if found is None:
            found = self._plan(shape, frozenset(shape) | frozenset(passed))
            if len(self.plans) < _REMEMBERED and len(key) < _SHORT:
                self.plans[key] = found
                if found.calm is not None and found.calm.is_idle and not passed:
                    self.idle.add(key)
        return found

    def _plan(self, shape: bytes, there: frozenset[int]) -> Plan:
        missing = [self.missing(at, p.SEGMENT_MISSING) for at in self.required if at not in there]
        names = self.node.names
        conditional = [
            (at, holds, at in there)
            for at, part, holds in self.conditional
            if (at not in there or part.only_when)
            and (at in there or all(names[name][0] in there for name in needs(holds) if name in names))
        ]
        full = Plan(
            problems=(*shape_of(self.node, shape), *missing),
            conditional=tuple(conditional),
            situations=tuple(
                (at, situation) for situation in self.situations for at in _places(shape, situation.slot.index)
            ),
            loops=tuple(
                (at, node_judge(self.node.parts[index])) for at, index in enumerate(shape) if index not in self.own
            ),
            awaited=self.awaited,
        )
        calm = full._replace(
            conditional=tuple(each for each in full.conditional if each[1] not in self.awaited),
            situations=tuple(each for each in full.situations if each[1].holds not in self.awaited),
        )
        return full._replace(calm=calm)

    def missing(self, at: int, syntax: str) -> Shape:
        """The flaw of a part that is not there."""
        part = self.node.rule.parts[at]
        segment, name = part_name(part)
        words = f"{name} is missing in loop {self.node.rule.id}."
        return Shape("x12.segment.missing", words, segment, syntax, 0, part.name)


class Under:
    """All that is compiled and learnt under one set of terms."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.slots: dict[Slot, SlotJudge] = {}
        self.placed: dict[Placed, list[SlotJudge]] = {}

    def slot(self, slot: Slot) -> SlotJudge:
        """The judgement of a slot."""
        found = self.slots.get(slot)
        if found is None:
            found = self.slots[slot] = SlotJudge(slot, self.terms)
        return found

    def judges(self, placed: Placed) -> list[SlotJudge]:
        """Those of the segments of a plan, kept in `placed`."""
        if len(self.placed) > _REMEMBERED:
            self.placed.clear()
        found = self.placed[placed] = [self.slot(target.slot) for target in placed.targets]
        return found


@lru_cache(64)
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
