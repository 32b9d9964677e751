"""Statements are made and kept: numbered without a gap, line by line, and never over another amount than is owed."""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.journal import hold_journal
from superbill.app.documents import encoded
from superbill.app.practices.actions import take
from superbill.app.rows import insert, insert_one
from superbill.app.statements.consents import Route
from superbill.app.statements.mail import (
    BadMail,
    give_consent,
    hold,
    mark_sent,
    new_address,
    release,
    resend,
    returned,
    withdraw_consent,
)
from superbill.app.statements.models import (
    Delivery,
    Happened,
    Statement,
    StatementLine,
    StatementPatient,
    StatementRun,
)
from superbill.app.statements.owing import GuarantorDue, dues_of, last_entry
from superbill.app.statements.placing import BadHold
from superbill.app.statements.planning import Planned, PlannedLine
from superbill.app.statements.queries import sent_rows
from superbill.app.work import Work, action
from superbill.forms.statement import StatementData
from superbill.money import Cents

__all__ = [
    "BadHold",
    "BadMail",
    "Draft",
    "Kept",
    "StatementOutOfDate",
    "draft_of",
    "give_consent",
    "hold",
    "mark_sent",
    "new_address",
    "record_run",
    "record_statements",
    "release",
    "resend",
    "returned",
    "withdraw_consent",
]


class StatementOutOfDate(Exception):
    """The guarantor owes another amount now than the statement says. Nothing was recorded; make it anew."""


class Draft(Struct, frozen=True, kw_only=True):
    """A statement to be kept: what it asks for by line, the money on account that it takes off by patient, and its
    document, whose amount is theirs. It goes by `route`."""

    guarantor: int
    lines: tuple[PlannedLine, ...]
    unapplied: dict[int, Cents]
    data: StatementData
    route: Route = Route()

    @property
    def amount(self) -> Cents:
        """What it asks for."""
        return sum(one.owed for one in self.lines if not one.held) - sum(self.unapplied.values())


def draft_of(plan: Planned, data: StatementData) -> Draft:
    """A plan that was composed."""
    return Draft(
        guarantor=plan.card.id, lines=plan.lines, unapplied=dict(plan.due.unapplied), data=data, route=plan.route
    )


class Kept(Struct, frozen=True, kw_only=True):
    """A statement as kept. `new`: made now, not earlier on the day."""

    id: int
    number: int
    guarantor: int
    amount: Cents
    new: bool


def record_statements(actor: Actor, drafts: Sequence[Draft], *, at: datetime) -> list[Kept]:
    """Keep statements under new numbers, all or none, in the order given, and put them in line for their channel.

    One a day for a guarantor: the day's first stays. Raises StatementOutOfDate when somebody does not owe now, line by
    line, what their draft says (`planning.plans` told it).
    """
    with action(actor, Permission.MAKE_STATEMENTS, "record statements", at) as work:
        hold_journal(work.scope)
        there = _of_the_day(work, drafts)
        through = last_entry(work.scope)
        owing: dict[date, dict[int, GuarantorDue]] = {}
        for on in {draft.data.on for draft in drafts}:
            owing[on] = dues_of(work.scope, {draft.guarantor for draft in drafts}, on)
        kept = []
        for draft in drafts:
            known = there.get((draft.guarantor, draft.data.on))
            if known is None:
                _prove(owing[draft.data.on].get(draft.guarantor) or GuarantorDue(guarantor=draft.guarantor), draft)
                known = there[draft.guarantor, draft.data.on] = _keep(work, draft, through)
            kept.append(known)
        new = [one.id for one in kept if one.new]
        if new:
            work.note("statement", ids=new, made=len(new))
        return kept


def record_run(actor: Actor, on: date, made: int, amount: Cents, *, at: datetime) -> None:
    """A run over everybody is over: whose turn was before it has had it. A second run of the day that made nothing
    leaves no trace."""
    with action(actor, Permission.MAKE_STATEMENTS, "run statements", at) as work:
        if not made and work.scope.rows(StatementRun).filter(on=on).exists():
            return
        row = (work.practice_id, on, at, actor.name, made, amount)
        insert(StatementRun, ("practice_id", "on", "at", "actor", "made", "amount"), [row])
        work.note("statements", made=made)


def _of_the_day(work: Work, drafts: Sequence[Draft]) -> dict[tuple[int, date], Kept]:
    rows = sent_rows(work.scope, {draft.guarantor for draft in drafts}, "id", "number", "amount", "on")
    return {
        (guarantor, on): Kept(id=row_id, number=number, guarantor=guarantor, amount=amount, new=False)
        for guarantor, row_id, number, amount, on in rows
    }


def _prove(due: GuarantorDue, draft: Draft) -> None:
    owed = {one.line: one.amount for one in due.lines}
    said = {one.line: one.owed for one in draft.lines}
    if owed != said or dict(due.unapplied) != draft.unapplied or draft.data.amount_due != draft.amount:
        raise StatementOutOfDate(
            f"guarantor {draft.guarantor} owes {due.owed} cents now, the statement says {draft.data.amount_due}; "
            "nothing was recorded. Run again: it makes the statement anew."
        )


def _keep(work: Work, draft: Draft, through: int) -> Kept:
    number = take(work.practice_id, "statement")
    level = max((part.level for one in draft.lines if not one.held for part in one.parts), default=0)
    data = draft.data
    columns = ("practice_id", "guarantor_id", "number", "on", "due", "amount", "through", "level", "doc")
    row = (work.practice_id, draft.guarantor, number, data.on, data.due, draft.amount, through, level, encoded(data))
    row_id = insert_one(Statement, columns, row)
    insert(
        StatementLine,
        ("practice_id", "statement_id", "line_id", "level", "since", "amount", "held"),
        [
            (work.practice_id, row_id, one.line, part.level, part.since, part.amount, one.held)
            for one in draft.lines
            for part in one.parts
        ],
    )
    patients = {one.patient for one in draft.lines} | set(draft.unapplied)
    insert(
        StatementPatient,
        ("practice_id", "statement_id", "patient_id", "unapplied"),
        [(work.practice_id, row_id, patient, draft.unapplied.get(patient, 0)) for patient in sorted(patients)],
    )
    insert(
        Delivery,
        ("practice_id", "statement_id", "channel", "happened", "on", "actor", "at"),
        [(work.practice_id, row_id, draft.route.channel, Happened.QUEUED.value, data.on, work.actor.name, work.at)],
    )
    return Kept(id=row_id, number=number, guarantor=draft.guarantor, amount=draft.amount, new=True)
