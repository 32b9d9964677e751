"""One step about a refusal is written down; what every action about a denial begins with."""

from datetime import date, datetime
from typing import Any, Protocol

from django.db.models import QuerySet

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import JournalEntry
from superbill.app.denials.models import DenialStep, StepKind
from superbill.app.denials.queries.ranked import denial
from superbill.app.denials.queries.steps import StepFacts
from superbill.app.documents import encoded
from superbill.app.rows import asked, found, insert_one
from superbill.app.work import Work
from superbill.denials.model import Denial
from superbill.money import Cents


class About(Protocol):
    """What a step is about: a refusal, or an appeal that was filed about one."""

    @property
    def claim(self) -> int: ...
    @property
    def payer(self) -> str: ...
    @property
    def amount(self) -> Cents: ...


class NotThisDenial(Exception):
    """What was asked does not fit how the denial stands; the message says what does. Nothing was written."""


def standing_denial(work: Work, control_number: str, today: date) -> Denial:
    """The denial of a claim. Raises NotThisDenial where nothing of it stands refused."""
    there = denial(work.scope, control_number, today, ranked=False)
    if there is None:
        raise NotThisDenial(f"{control_number}: nothing of this claim stands refused. See superbill denial list.")
    if not there.refusal.claim:
        raise NotThisDenial(f"{control_number}: no claim of ours is behind these lines")
    return there


def must_not_be_to_come(control_number: str, on: date, at: datetime) -> None:
    """Raises NotThisDenial for a day after that of `at`: what is written down has happened."""
    if on > at.date():
        raise NotThisDenial(f"{control_number}: {on} is still to come; give the day on which it happened")


def step_there(work: Work, key: str) -> int | None:
    """The row of the step of this key, where it was written before."""
    return next((row for (row,) in found(work.scope, DenialStep, "key", [key], "id")), None)


def write_step(
    work: Work,
    about: About,
    kind: StepKind,
    on: date,
    key: str,
    facts: StepFacts,
    *,
    level: int = 0,
    outcome: str = "",
    amount: Cents | None = None,
) -> int:
    """Write a step about a claim version; its row. Without an `amount` it is about all that was refused."""
    last = next((number for (number,) in asked(work.scope, JournalEntry, _last_number)), 0)
    columns = ("practice_id", "claim_id", "payer", "kind", "on", "level", "outcome", "amount", "through", "key", "doc",
               "by", "at")  # fmt: skip
    values = (
        work.practice_id,
        about.claim,
        about.payer,
        kind.value,
        on,
        level,
        outcome,
        about.amount if amount is None else amount,
        last,
        key,
        encoded(facts),
        work.actor.name,
        work.at,
    )
    row = insert_one(DenialStep, columns, values)
    work.note("denial", about.claim, step=kind.value)
    return row


def _last_number(scope: Scope) -> QuerySet[JournalEntry, Any]:
    return scope.rows(JournalEntry).order_by("-number").values_list("number")[:1]


def refused_lines(about: Denial) -> tuple[tuple[str, Cents], ...]:
    """Cents refused by line, a line with several reasons once."""
    sums: dict[str, Cents] = {}
    for line in about.refusal.lines:
        sums[line.key] = sums.get(line.key, 0) + line.amount
    return tuple(sums.items())
