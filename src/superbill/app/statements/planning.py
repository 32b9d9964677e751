"""What a run would do with each guarantor, and why: the preview and the run itself read the same plan."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct, structs

from superbill.app.accounts.actors import Scope
from superbill.app.guarantors.queries import GuarantorCard, cards
from superbill.app.practices.queries import policy as policy_of
from superbill.app.rows import found
from superbill.app.statements.consents import Route, routes
from superbill.app.statements.cycle import Clock
from superbill.app.statements.dunning import Part, asked_now, held_parts
from superbill.app.statements.holds import Holds, all_holds
from superbill.app.statements.models import Channel, StatementLine, StatementRun
from superbill.app.statements.owing import GuarantorDue, dues_of, guarantors_owing
from superbill.app.statements.queries import sent_rows
from superbill.money import Cents, dollars
from superbill.site.policy import MoneyPolicy

Verdict = Literal["send", "made", "nothing", "held", "no address", "small", "later"]


class PlannedLine(Struct, frozen=True, kw_only=True, gc=False):
    """A line on the statement: its parts add up to what it owes; `held` is the kind of hold, "" without one."""

    line: int
    key: str
    patient: int
    parts: tuple[Part, ...]
    held: str = ""

    @property
    def owed(self) -> Cents:
        """The line's patient balance."""
        return sum(part.amount for part in self.parts)

    @property
    def past_due(self) -> Cents:
        """What an earlier statement asked for already and reminds of now."""
        return sum(part.amount for part in self.parts if part.level)


class Planned(Struct, frozen=True, kw_only=True, gc=False):
    """One guarantor in a run. `verdict` says what happens and `why` explains it; only "send" makes a statement."""

    card: GuarantorCard
    route: Route
    verdict: Verdict
    why: str
    due: GuarantorDue
    lines: tuple[PlannedLine, ...] = ()
    last: date | None = None

    @property
    def amount(self) -> Cents:
        """What the statement asks for."""
        return sum(one.owed for one in self.lines if not one.held) - sum(self.due.unapplied.values())

    @property
    def level(self) -> int:
        """The furthest step of reminding among what is asked for."""
        return max((part.level for one in self.lines if not one.held for part in one.parts), default=0)


class Last(Struct, frozen=True):
    """A guarantor's last statement up to a day; `newer`: there are later ones. `also` are the last ones that went to
    them under records that were merged since, the oldest first."""

    id: int
    on: date
    newer: bool = False
    also: tuple[int, ...] = ()


def plans(
    scope: Scope, on: date, minimum: Cents, *, only: Collection[int] | None = None, whoever: bool = False
) -> Iterator[Planned]:
    """What a run on `on` does with everybody who owes or has money on account, by name.

    `only` these guarantors (row ids); `whoever` does not wait for anybody's turn in the cycle.
    """
    dues = guarantors_owing(scope, on) if only is None else dues_of(scope, only, on)
    lasts = last_statements(scope, dues, on)
    former = former_parts(scope, [row for one in lasts.values() for row in (*one.also, one.id)])
    rules = _Rules(
        clock=None if whoever else Clock(policy=policy_of(scope), on=on, last_run=last_run(scope, on)),
        policy=policy_of(scope),
        holds=all_holds(scope, dues),
        on=on,
        minimum=minimum,
    )
    people = cards(scope, dues)
    ways = routes(scope, people.values(), on)
    for card in sorted(people.values(), key=lambda one: (one.name.family.casefold(), one.name.given, one.id)):
        last = lasts.get(card.id)
        before = _before(former, last) if last else {}
        yield _planned(rules, card, ways[card.id], dues[card.id], last, before)


def _before(former: dict[int, dict[int, list[Part]]], last: Last) -> dict[int, list[Part]]:
    """How far each line had been reminded of: the latest statement that has it counts."""
    return {line: parts for row in (*last.also, last.id) for line, parts in former.get(row, {}).items()}


class _Rules(Struct, frozen=True, kw_only=True):
    clock: Clock | None
    policy: MoneyPolicy
    holds: Holds
    on: date
    minimum: Cents


def _planned(
    rules: _Rules,
    card: GuarantorCard,
    route: Route,
    due: GuarantorDue,
    last: Last | None,
    former: dict[int, list[Part]],
) -> Planned:
    lines = tuple(_line_plans(rules, card.id, due, former))
    plan = Planned(
        card=card, route=route, verdict="send", why="", due=due, last=last.on if last else None, lines=lines
    )  # fmt: skip
    verdict, why = _verdict(rules, plan, newer=last is not None and last.newer)
    return structs.replace(plan, verdict=verdict, why=why)


def _line_plans(
    rules: _Rules, guarantor: int, due: GuarantorDue, former: dict[int, list[Part]]
) -> Iterator[PlannedLine]:
    days = [level.days for level in rules.policy.dunning]
    for owed in due.lines:
        before = former.get(owed.line, [])
        stopped = rules.holds.line(owed.line, rules.on) if owed.amount > 0 else None
        if not before:  # most lines: nothing was asked for, so nothing moves up
            parts: Sequence[Part] = (Part(0, rules.on, owed.amount),) if owed.amount else ()
        elif stopped:
            parts = held_parts(before, owed.amount, rules.on)
        else:
            parts = asked_now(before, owed.amount, rules.on, days, rules.holds.pauses(guarantor, owed.line))
        yield PlannedLine(
            line=owed.line, key=owed.key, patient=owed.patient, parts=tuple(parts), held=stopped.kind if stopped else ""
        )


def _verdict(rules: _Rules, plan: Planned, *, newer: bool) -> tuple[Verdict, str]:
    stopped = rules.holds.guarantor(plan.card.id, rules.on)
    if plan.last == rules.on:
        return "made", "has a statement of this day"
    if newer:
        return "later", "has a statement of a later day"
    if plan.due.owed <= 0:
        return "nothing", f"has a credit of {dollars(-plan.due.owed)}" if plan.due.owed else "owes nothing"
    if stopped:
        return "held", f"on hold since {stopped.since:%Y-%m-%d}: {stopped.kind}"
    if plan.amount <= 0 and any(one.held for one in plan.lines):
        return "held", f"every line is on hold: {', '.join(sorted({one.held for one in plan.lines if one.held}))}"
    if plan.route.channel == Channel.LETTER and not plan.card.mailable:
        return "no address", "has no address that a letter can go to"
    if plan.amount < rules.minimum:
        return "small", f"owes {dollars(plan.amount)}, less than {dollars(rules.minimum)}"
    if rules.clock and not rules.clock.is_due(plan.card.id, plan.card.name.family, plan.last):
        return "later", f"last statement on {plan.last:%Y-%m-%d}" if plan.last else "has another day in the cycle"
    level = rules.policy.dunning[plan.level - 1].name if plan.level else "first statement"
    return "send", level if plan.level or plan.last is None else "statement"


def last_statements(scope: Scope, guarantors: Iterable[int], on: date) -> dict[int, Last]:
    """The last statement up to `on` of each guarantor; the first one there is where all are later."""
    rows = sent_rows(scope, guarantors, "on", "id", "guarantor_id")
    lasts: dict[int, Last] = {}
    under: dict[int, dict[int, int]] = {}
    for day, row_id, sent, guarantor in sorted((day, row_id, sent, now) for now, day, row_id, sent in rows):
        before = lasts.get(guarantor)
        if day <= on or before is None:
            lasts[guarantor] = Last(row_id, day, newer=day > on)
            under.setdefault(guarantor, {})[sent] = row_id
        else:
            lasts[guarantor] = Last(before.id, before.on, newer=True)
    for guarantor, rows_of in under.items():
        if also := sorted(set(rows_of.values()) - {lasts[guarantor].id}):
            lasts[guarantor] = structs.replace(lasts[guarantor], also=tuple(also))
    return lasts


def former_parts(scope: Scope, statements: Iterable[int]) -> dict[int, dict[int, list[Part]]]:
    """By statement and line (row ids): how far each part of it had been reminded of."""
    former: dict[int, dict[int, list[Part]]] = {}
    columns = ("statement_id", "line_id", "level", "since", "amount")
    for statement, line, level, since, amount in found(scope, StatementLine, "statement_id", statements, *columns):
        former.setdefault(statement, {}).setdefault(line, []).append(Part(level, since, amount))
    return former


def last_run(scope: Scope, before: date) -> date | None:
    """The day of the last run before a day."""
    return scope.rows(StatementRun).filter(on__lt=before).order_by("-on").values_list("on", flat=True).first()
