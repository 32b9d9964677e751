"""A pack into rules that run beside the edits: its conditions become closures, once, when the pack is loaded."""

import operator
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from superbill.claims.model import Claim, ServiceLine
from superbill.edits.context import Context
from superbill.edits.rule import ANY_FORM, Problem, Rule, RuleSet
from superbill.findings import Place, Severity
from superbill.packs.fields import FIELDS, Subject
from superbill.packs.model import AllOf, AnyOf, Condition, NotOf, Pack, PackRule, Test

Holds = Callable[[Subject], bool]
_BRACES = re.compile(r"\{([a-z_.]+)\}")
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "is": operator.eq,
    "is not": operator.ne,
    "above": operator.gt,
    "below": operator.lt,
    "at least": operator.ge,
    "at most": operator.le,
}


def compiled(pack: Pack) -> RuleSet:
    """The rules of a pack, under the ids pack.<name>.<rule>. They never raise on a claim that lacks a field."""
    return RuleSet(_rule(pack, one) for one in pack.rules)


def rule_id(pack: Pack, one: PackRule) -> str:
    """The id under which a rule of a pack speaks."""
    return f"pack.{pack.name}.{one.id}"


def fields_of(condition: Condition) -> Iterator[str]:
    """The fields that a condition names."""
    if isinstance(condition, Test):
        yield condition.field
    elif isinstance(condition, NotOf):
        yield from fields_of(condition.part)
    else:
        for part in condition.parts:
            yield from fields_of(part)


def of_lines(one: PackRule) -> bool:
    """Whether a rule is asked of each line: it names a field of a line, or stands at one."""
    named = {one.where, *fields_of(one.when), *_BRACES.findall(one.say)}
    return any(name.startswith("line.") for name in named)


def _rule(pack: Pack, one: PackRule) -> Rule:
    return Rule(
        id=rule_id(pack, one),
        family="packs",
        title=one.say,
        severity=Severity(one.severity),
        source=one.source or pack.source,
        why=one.why,
        since=one.since,
        until=one.until,
        forms=one.forms or ANY_FORM,
        check=_check(pack, one),
        wants_context=True,
    )


def _check(pack: Pack, one: PackRule) -> Callable[[Claim, Context], Iterable[Problem]]:
    concerns = holds(pack.applies) if pack.applies is not None else _always
    found = holds(one.when)
    each_line = of_lines(one)
    field = one.where.removeprefix("line.")

    def check(claim: Claim, context: Context) -> Iterator[Problem]:
        if not concerns(Subject(claim, None, context)):
            return
        for line in claim.lines if each_line else (None,):
            subject = Subject(claim, line, context)
            if found(subject):
                yield _problem(one, field, line, subject)

    return check


def _problem(one: PackRule, field: str, line: ServiceLine | None, subject: Subject) -> Problem:
    where = Place(field=field, service_line=line.number if line is not None else None)
    return Problem(where, _filled(one.say, subject), one.fix)


def _filled(text: str, subject: Subject) -> str:
    return _BRACES.sub(lambda found: _shown(FIELDS[found[1]].read(subject)), text)


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _always(_subject: Subject) -> bool:
    return True


def holds(condition: Condition) -> Holds:
    """The condition as a question to a claim. What a claim lacks fails every test but `missing` and `is not`."""
    if isinstance(condition, AllOf):
        parts = [holds(part) for part in condition.parts]
        return lambda subject: all(part(subject) for part in parts)
    if isinstance(condition, AnyOf):
        parts = [holds(part) for part in condition.parts]
        return lambda subject: any(part(subject) for part in parts)
    if isinstance(condition, NotOf):
        part = holds(condition.part)
        return lambda subject: not part(subject)
    return _test(condition)


def _test(test: Test) -> Holds:
    read, wanted, how = FIELDS[test.field].read, test.value, test.operator
    several = FIELDS[test.field].kind in ("list", "codes")
    if how == "present":
        return lambda subject: read(subject) not in ("", None, ())
    if how == "missing":
        return lambda subject: read(subject) in ("", None, ())
    if how in ("in", "not in"):
        inside = _inside(read, _within(wanted), several)
        return inside if how == "in" else lambda subject: not inside(subject)
    if how == "contains":
        return lambda subject: wanted in (read(subject) or ())
    if how == "starts with":
        return _starts(read, wanted, several)
    compare = _COMPARED[how]

    def compared(subject: Subject) -> bool:
        value = read(subject)
        return how == "is not" if value is None else compare(value, wanted)

    return compared


def _inside(read: Callable[[Subject], Any], within: Callable[[str], bool], several: bool) -> Holds:
    if several:
        return lambda subject: any(within(item) for item in read(subject))
    return lambda subject: within(read(subject) or "")


def _starts(read: Callable[[Subject], Any], wanted: str, several: bool) -> Holds:
    if several:
        return lambda subject: any(item.startswith(wanted) for item in read(subject))
    return lambda subject: (read(subject) or "").startswith(wanted)


def _within(entries: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether a code is one of the entries, under one of them (E11 has E11.9), or in a range of them (97110-97140)."""
    spans = [(first, last or first) for first, _, last in (entry.partition("-") for entry in entries)]

    @lru_cache(4096)
    def within(code: str) -> bool:
        return any(_between(code, first, last) for first, last in spans)

    return within


def _between(code: str, first: str, last: str) -> bool:
    start = code[: len(first)]
    # "0866T" sorts between numbers but belongs to another series: letters must stand where the range has them.
    same = len(start) == len(first) and all(a.isalpha() == b.isalpha() for a, b in zip(start, first, strict=True))
    return same and first <= start and code[: len(last)] <= last
