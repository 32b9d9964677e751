"""Statements of small samples, made without a site file: what is asked for is real, the words are not."""

from datetime import date, datetime, timedelta
from typing import Any

from superbill.app.statements.actions import Draft, Kept, record_statements
from superbill.app.statements.planning import Planned, plans
from superbill.forms.statement import Guarantor, PracticeParty, StatementData, StatementLine, Visit, Why
from tests.app_samples import AT, TODAY

PRACTICE = PracticeParty(name="Lakeside", address=("1 Main St",), phone="(555) 555-0100")


def plain_data(plan: Planned, on: date = TODAY) -> StatementData:
    """A document that asks for what the plan asks for."""
    lines = tuple(
        StatementLine(
            label="Office visit",
            charge=one.owed,
            owed=one.owed,
            why=(Why(one.owed, "Your share."),),
            owed_since=on,
            hold="on hold" if one.held else "",
        )
        for one in plan.lines
    )
    return StatementData(
        practice=PRACTICE,
        guarantor=Guarantor(name=plan.card.addressee, address=("2 Main St",)),
        number="",
        on=on,
        due=on + timedelta(days=25),
        visits=(Visit(on=on, lines=lines),),
        unapplied=sum(plan.due.unapplied.values()),
    )


def drafts(system: Any, on: date = TODAY) -> list[Draft]:
    """A draft for everybody who owes, whatever a run would say of their turn or address."""
    return [
        Draft(guarantor=one.card.id, lines=one.lines, unapplied=dict(one.due.unapplied), data=plain_data(one, on))
        for one in plans(system.scope, on, 1, whoever=True)
        if one.due.owed > 0
    ]


def stated(system: Any, on: date = TODAY, at: datetime = AT) -> list[Kept]:
    """Statements of a day for everybody who owes."""
    return record_statements(system, drafts(system, on), at=at)
