"""All rules compiled for speed: what each code triggers is remembered, so that an encounter asks few questions."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from string import ascii_uppercase
from typing import NamedTuple

from msgspec import Struct

from superbill.coding.checks.guidelines.codes import Codes
from superbill.coding.checks.guidelines.pattern import Pattern
from superbill.coding.checks.guidelines.rule import Facts, Problem, Rule
from superbill.coding.checks.model import Context
from superbill.findings import Finding

_CODES_REMEMBERED = 100_000  # more than ICD-10-CM has


class _Asked(Struct, frozen=True):
    """A pattern of the rule at `rule`. `needed`: the sets of codes of each of which there must be one, as bits."""

    rule: int
    pattern: Pattern
    needed: int


class _Seen(Struct, frozen=True):
    """What a code brings: the sets of codes that it is in, the patterns that it starts, the rules to compute."""

    sets: int
    patterns: tuple[_Asked, ...]
    computed: frozenset[int]


class _Questions(NamedTuple):
    """What there is to ask about codes of one letter."""

    sets: list[tuple[Codes, int]]
    patterns: list[_Asked]
    computed: list[tuple[int, Codes]]


_NOTHING = _Questions([], [], [])


class Program:
    """Rules ready to run. The answers for a code are remembered; the rules never change."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = rules
        self._bits: dict[Codes, int] = {}
        asked = [
            _Asked(number, pattern, self._number(pattern.needed))
            for number, rule in enumerate(rules)
            for pattern in rule.patterns
        ]
        computed = [(number, rule.on) for number, rule in enumerate(rules) if rule.check is not None]
        self._by_letter = {
            letter: _Questions(
                [(each, bit) for each, bit in self._bits.items() if letter in each.letters],
                [each for each in asked if letter in each.pattern.when.letters],
                [(number, on) for number, on in computed if letter in on.letters],
            )
            for letter in ascii_uppercase
        }
        self._seen = lru_cache(maxsize=_CODES_REMEMBERED)(self._see)

    def _number(self, wanted: Iterable[Codes]) -> int:
        """The sets as bits."""
        bits = 0
        for each in wanted:
            bits |= self._bits.setdefault(each, 1 << len(self._bits))
        return bits

    def _see(self, code: str) -> _Seen:
        questions = self._by_letter.get(code[:1], _NOTHING)
        return _Seen(
            sum(bit for each, bit in questions.sets if each.matches(code)),
            tuple(asked for asked in questions.patterns if asked.pattern.when.matches(code)),
            frozenset(number for number, on in questions.computed if on.matches(code)),
        )

    def findings(self, context: Context) -> Iterator[Finding]:
        """The findings in the order of the rules, each rule's in that of the codes."""
        seen = [self._seen(code) for code in context.codes]
        problems = sorted(self._told(context, seen), key=lambda found: (found[0], found[1].position))
        for number, problem in problems:
            yield self._rules[number].finding(problem)
        facts = Facts(context)
        for number in sorted(frozenset().union(*(each.computed for each in seen))):
            rule = self._rules[number]
            if rule.check is not None and rule.holds(context.coded):
                yield from map(rule.finding, rule.check(facts))

    def _told(self, context: Context, seen: list[_Seen]) -> Iterator[tuple[int, Problem]]:
        there = 0
        for each in seen:
            there |= each.sets
        told: set[tuple[int, int]] = set()
        for index, each in enumerate(seen):
            for asked in each.patterns:
                if asked.needed & there != asked.needed:
                    continue
                rule = self._rules[asked.rule]
                key = (asked.rule, index if rule.each else 0)
                if key in told or not rule.holds(context.coded):
                    continue
                other = asked.pattern.fault(context.codes, index)
                if other is not None:
                    told.add(key)
                    yield asked.rule, Problem(index + 1, *asked.pattern.told(context.codes[index], other))
