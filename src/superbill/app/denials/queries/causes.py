"""Refusals by cause with their dollars, and which edits of ours would have kept them from being sent."""

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import ClaimRow
from superbill.app.rows import found
from superbill.denials.handbook import Cause
from superbill.denials.model import Denial
from superbill.denials.prevention import caught, rules_for
from superbill.money import Cents


class CauseRow(Struct, frozen=True, kw_only=True):
    """What stands refused for one cause. `expected`: amount × chance, summed; `won` of `resolved` earlier ones."""

    category: str
    title: str
    reason: str
    says: str
    claims: int
    lines: int
    amount: Cents
    expected: Cents
    task: str
    route: str
    mend: str


class PreventionRow(Struct, frozen=True, kw_only=True):
    """One cause, the rules of ours that look for it, and of its claims how many had such a finding when they were sent
    (as a warning, or set aside by a person)."""

    reason: str
    says: str
    claims: int
    amount: Cents
    rules: tuple[str, ...]
    warned: int
    warned_by: tuple[str, ...] = ()


class _Sum:
    """What is being added up for one cause."""

    def __init__(self, cause: Cause) -> None:
        self.cause = cause
        self.claims: set[str] = set()
        self.rows: set[int] = set()
        self.remarks: dict[str, None] = {}
        self.lines = 0
        self.amount: Cents = 0
        self.expected = 0.0


def by_cause(denials: Iterable[Denial]) -> list[CauseRow]:
    """By category and CARC, the most money first."""
    return [
        CauseRow(
            category=one.cause.category.key,
            title=one.cause.category.title,
            reason=one.cause.name,
            says=one.cause.code_says,
            claims=len(one.claims),
            lines=one.lines,
            amount=one.amount,
            expected=round(one.expected),
            task=one.cause.task,
            route=one.cause.route,
            mend=one.cause.mend,
        )
        for one in _summed(denials)
    ]


def prevention(scope: Scope, denials: Iterable[Denial]) -> list[PreventionRow]:
    """By CARC, the most money first: the rules that look for it, and how many claims they had warned of."""
    sums = _summed(denials)
    rows = {row for one in sums for row in one.rows}
    findings = dict(found(scope, ClaimRow, "id", rows, "id", "findings"))
    told = {row: tuple(each["rule"] for each in msgspec.json.decode(text)) for row, text in findings.items()}
    made = []
    for one in sums:
        rules = rules_for(one.cause.code, tuple(one.remarks))
        warned = {row: hits for row in one.rows if (hits := caught(rules, told.get(row, ())))}
        made.append(
            PreventionRow(
                reason=one.cause.name,
                says=one.cause.code_says,
                claims=len(one.claims),
                amount=one.amount,
                rules=rules,
                warned=len(warned),
                warned_by=tuple(sorted({rule for hits in warned.values() for rule in hits})),
            )
        )
    return made


def _summed(denials: Iterable[Denial]) -> list[_Sum]:
    sums: dict[tuple[str, str, str], _Sum] = {}
    for denial in denials:
        for line in denial.refusal.lines:
            cause = line.cause
            one = sums.setdefault((cause.category.key, cause.group, cause.code), _Sum(cause))
            one.claims.add(denial.refusal.key)
            if denial.refusal.claim:
                one.rows.add(denial.refusal.claim)
            one.remarks |= dict.fromkeys(cause.remarks)
            one.lines += 1
            one.amount += line.amount
            one.expected += line.amount * denial.rank.chance
    return sorted(sums.values(), key=lambda one: (-one.amount, one.cause.name, one.cause.category.key))
