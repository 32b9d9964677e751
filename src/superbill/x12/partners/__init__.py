"""SNIP type 7: what a trading partner asks for beyond the guide, from the rules of his companion guide.

    rules = rules_for("medicare", "837P", date(2026, 1, 2))
    for breach in rules.closed(loop, above): …

The judge hands over each loop of `rules.loops` as it closes, and the root at the end; so do tests.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

import msgspec

from superbill.x12.codec import Field, fields
from superbill.x12.partners import medicare
from superbill.x12.partners.rules import Partner, PartnerRule
from superbill.x12.standard import SEGMENTS
from superbill.x12.standard.base import Composite, Segment
from superbill.x12.tree import Loop

__all__ = ["PARTNERS", "Breach", "Partner", "PartnerRule", "PartnerRules", "partner", "partner_from", "rules_for"]

PARTNERS: tuple[Partner, ...] = (medicare.PARTNER,)
_ROOT = "ST"


class Breach(NamedTuple):
    """What a partner will not take: rule, segment, element and component from 1 (0: none), words, fix, source, value.

    `at` is the place in the loop's body of what it is about. A `warning` does not hold the file.
    """

    rule: str
    segment: str
    element: int
    component: int
    words: str
    fix: str
    source: str
    value: str = ""
    at: int = 0
    warning: bool = False


class _Plan(NamedTuple):
    """The rules of one loop: those that forbid it, those on parts by class or loop id, those that count parts."""

    whole: tuple[PartnerRule, ...]
    parts: dict[type[Segment] | str, tuple[PartnerRule, ...]]
    counted: tuple[PartnerRule, ...]


def _plan(rules: Sequence[PartnerRule]) -> _Plan:
    parts: dict[type[Segment] | str, list[PartnerRule]] = defaultdict(list)
    for rule in rules:
        if rule.part:
            parts[SEGMENTS.get(rule.part, rule.part)].append(rule)
    return _Plan(
        whole=tuple(rule for rule in rules if rule.kind == "absent" and not rule.part),
        parts={part: tuple(each) for part, each in parts.items()},
        counted=tuple(rule for rule in rules if rule.counts),
    )


@lru_cache(maxsize=256)
def _plans(rules: tuple[PartnerRule, ...]) -> dict[str, _Plan]:
    by_loop: dict[str, list[PartnerRule]] = defaultdict(list)
    for rule in rules:
        for loop in rule.loops:
            by_loop[loop].append(rule)
    return {loop: _plan(each) for loop, each in by_loop.items()}


# --- elements -------------------------------------------------------------------------------------------------------


def _text(field: Field, value: object) -> str:
    """How a value would be written; "" for what is absent or can't be read."""
    if value is None:
        return ""
    return field.kind.text(value) if field.kind is not None else str(value)


def _texts(segment: Segment, element: int, component: int) -> list[str]:
    """What an element or component says, once for each of its repeats."""
    field = fields(type(segment))[element - 1]
    value = getattr(segment, field.name)
    found = []
    for each in value if field.repeats else (value,):
        if isinstance(each, Composite):
            # A composite as such says what its first component says.
            part = fields(type(each))[max(component, 1) - 1]
            found.append(_text(part, getattr(each, part.name)))
        else:
            found.append(_text(field, each))
    return found or [""]


def _number(text: str, rule: PartnerRule) -> Decimal:
    """What the text counts; one that is no number is wrong elsewhere, and the limit itself here."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    return number if number.is_finite() else rule.limit or Decimal()


def _broken(rule: PartnerRule, text: str) -> bool:
    """Whether an element that says `text` breaks a rule; what is not there can break `present` only."""
    if not text:
        return rule.kind == "present"
    match rule.kind:
        case "absent":
            return True
        case "one_of":
            return text not in rule.codes
        case "none_of":
            return text in rule.codes
        case "matches":
            return re.fullmatch(rule.pattern, text) is None
        case "longest":
            return len(text) > (rule.limit or 0)
        case "at_most":
            return _number(text, rule) > (rule.limit or 0)
        case "at_least":
            return _number(text, rule) < (rule.limit or 0)
    return False


# --- loops ----------------------------------------------------------------------------------------------------------


class PartnerRules:
    """The rules of a partner for one transaction set: of that guide, on that day. `loops`: those `closed` wants to see.

    A unit that is streamed is not in the body of the loop above it: rules on claims sit in the claim's own loop.
    """

    def __init__(self, name: str, rules: tuple[PartnerRule, ...]) -> None:
        self.name = name
        self.rules = rules
        self._plans = _plans(rules)
        self.loops = frozenset(self._plans) - {_ROOT}
        self._loops: dict[str, int] = defaultdict(int)

    def closed(self, loop: Loop, above: Sequence[Loop]) -> Iterator[Breach]:
        """What the partner will not take in a loop that is complete; `above` are those around it, innermost first."""
        self._loops[loop.id] += 1
        yield from self._check(loop)

    def end(self, root: Loop) -> Iterator[Breach]:
        """What he will not take in the transaction set as a whole."""
        if _ROOT in self._plans:
            yield from self._check(root)
        for rule in self.rules:
            many = sum(self._loops[loop] for loop in rule.loops)
            if rule.kind == "most_loops" and rule.limit is not None and many > rule.limit:
                yield self._breach(rule, "ST", str(many), 0)

    def _check(self, loop: Loop) -> Iterator[Breach]:
        plan = self._plans[loop.id]
        for rule in plan.whole:
            yield self._breach(rule, type(loop.body[0]).__name__, "", 0)
        seen: dict[str, int] = {}
        for at, part in enumerate(loop.body):
            for rule in plan.parts.get(part.id if isinstance(part, Loop) else type(part), ()):
                if rule.qualifier and _qualifier(part) != rule.qualifier:
                    continue
                seen[rule.id] = seen.get(rule.id, 0) + 1
                yield from self._part(rule, part, at)
        for rule in plan.counted:
            many = seen.get(rule.id, 0)
            if many == 0 if rule.kind == "present" else many > (rule.limit or 0):
                yield self._breach(rule, rule.part, str(many) if many else "", 0)

    def _part(self, rule: PartnerRule, part: Segment | Loop, at: int) -> Iterator[Breach]:
        if isinstance(part, Loop):
            if rule.kind == "absent":
                yield self._breach(rule, type(part.body[0]).__name__, "", at)
        elif rule.element:
            for text in _texts(part, rule.element, rule.component):
                if _broken(rule, text):
                    yield self._breach(rule, rule.part, text, at)
        elif rule.kind == "absent":
            yield self._breach(rule, rule.part, "", at)

    def _breach(self, rule: PartnerRule, segment: str, value: str, at: int) -> Breach:
        return Breach(
            rule=f"x12.partner.{self.name}.{rule.id}",
            segment=segment,
            element=rule.element,
            component=rule.component,
            words=rule.words,
            fix=rule.fix,
            source=rule.source,
            value=value,
            at=at,
            warning=rule.warning,
        )


def _qualifier(part: Segment | Loop) -> str:
    """The code of a segment's key element, or of the one that opens a loop."""
    segment = part.body[0] if isinstance(part, Loop) else part
    if not isinstance(segment, Segment) or not segment.KEY:
        return ""
    return _texts(segment, segment.KEY, segment.KEY_PART)[0]


# --- partners -------------------------------------------------------------------------------------------------------


def partner(name: str) -> Partner:
    """The partner of that id, or who receives files under it. Raises KeyError with the ids that there are."""
    for each in PARTNERS:
        if name == each.id or name in each.receivers:
            return each
    raise KeyError(f"no partner {name!r}; there are {', '.join(each.id for each in PARTNERS)}")


def partner_from(toml: str) -> Partner:
    """A partner as a TOML text tells him, one table [[rules]] a rule, fields as of PartnerRule.

    Raises ValueError for what is not TOML, for an unknown field or kind, and for a rule that lacks what its kind needs.
    """
    return msgspec.convert(tomllib.loads(toml), Partner)


def rules_for(name: str | Partner, key: str, on: date) -> PartnerRules:
    """The rules of a partner for a transaction set of that guide on that day, nothing counted yet.

    A guide he has no rules for makes rules that nothing breaks. Raises KeyError for an unknown partner.
    """
    found = partner(name) if isinstance(name, str) else name
    return PartnerRules(found.id, found.on(key, on))
