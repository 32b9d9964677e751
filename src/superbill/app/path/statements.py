"""A run of statements on the path: made, kept with the books, and printed."""

from datetime import datetime
from pathlib import Path

from msgspec import Struct

from superbill.app.path.desk import apply_money_on_account
from superbill.app.path.files import write_whole
from superbill.app.session import Session
from superbill.app.stages import Stages
from superbill.app.statements.making import make_statements
from superbill.forms.statement import render
from superbill.money import Cents


class StatementCounts(Struct):
    """Statements made, what they ask for, and the files written."""

    statements: int = 0
    amount: Cents = 0
    files: int = 0


def run_statements(
    session: Session,
    stages: Stages,
    folder: Path | None,
    *,
    only: int | None = None,
    whoever: bool = False,
) -> StatementCounts:
    """One statement for every guarantor who owes at least the site's minimum and whose turn it is; PDFs into `folder`,
    None for none. Those made earlier on the day count too. Money on account finds its lines first."""
    apply_money_on_account(session, session.at)
    return make_for_all(session, stages, folder, at=session.at, only=only, whoever=whoever)


def make_for_all(
    session: Session,
    stages: Stages,
    folder: Path | None,
    *,
    at: datetime,
    only: int | None = None,
    whoever: bool = False,
) -> StatementCounts:
    """`run_statements` at a time of its own, with money on account left where it is."""
    counts = StatementCounts()
    minimum = session.site.statement_minimum
    for made in make_statements(
        session.actor, session.site, at.date(), at=at, minimum=minimum, only=only, whoever=whoever
    ):
        counts.statements += 1
        counts.amount += made.data.amount_due
        if folder is not None:
            write_whole(folder / f"statement-{made.name}.pdf", render(made.data), durable=False)
            counts.files += 1
        stages.step("Statements")
    return counts
