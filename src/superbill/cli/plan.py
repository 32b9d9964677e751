"""`superbill plan`: what patients promise to pay by the month, and how they keep it."""

from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from superbill.app.labels import number_of
from superbill.app.session import BadInput, Books
from superbill.cli.money import DOLLARS, Desk, desk_options, patient_row
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import books_options
from superbill.money import dollars

if TYPE_CHECKING:
    from superbill.app.billing.queries.cases import PlanView


@click.group("plan")
def command() -> None:
    """Payment plans: make, show, review, renegotiate, cancel."""


def _as_date(_context: click.Context, _parameter: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


_FIRST = click.option(
    "--first",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_as_date,
    help="The day of the first instalment; then the same day of every month.",
)
_MONTHS = click.option("--months", type=click.IntRange(1, 120), default=None, help="So many equal instalments.")
_EACH = click.option("--each", type=DOLLARS, default=0, help="So much a month until it is paid.")
_DOWN = click.option("--down", type=DOLLARS, default=0, help="Paid at once, before the first instalment.")


@command.command("make")
@click.argument("patient")
@_FIRST
@_MONTHS
@_EACH
@_DOWN
@click.option("--line", "lines", multiple=True, help="Only this line (A1001-1); again for more.  [default: all owed]")
@desk_options(preview=False)
def make(
    desk: Desk, patient: str, first: date, months: int | None, each: int, down: int, lines: tuple[str, ...]
) -> None:
    """Agree on monthly instalments over what a patient owes. It stays theirs; payments go to these lines first.

    \b
    superbill plan make 3 --first 2026-12-31 --months 6 --down 20 --db practice.db
    """
    from superbill.app.billing.actions import make_plan

    row, day, at = patient_row(desk.session, patient), desk.session.today, desk.session.at
    desk.do(
        lambda: make_plan(
            desk.actor, row, first, desk.key, day, months=months or 0, each=each, down=down, lines=lines, at=at
        ),
        lambda number: f"Plan {number}. See superbill plan show {number}.",
    )


@command.command("renegotiate")
@click.argument("number")
@_FIRST
@_MONTHS
@_EACH
@_DOWN
@click.option("--reason", required=True, help="Why it is changed.")
@desk_options(preview=False)
def renegotiate(desk: Desk, number: str, first: date, months: int | None, each: int, down: int, reason: str) -> None:
    """A new plan over what is still owed takes the place of an old one.

    \b
    superbill plan renegotiate PP000001 --first 2027-01-15 --each 25 --reason "lost work" --db practice.db
    """
    from superbill.app.billing.actions import renegotiate_plan

    old, day, at = number_of(number, "PP"), desk.session.today, desk.session.at
    desk.do(
        lambda: renegotiate_plan(
            desk.actor, old, first, desk.key, day, reason=reason, months=months or 0, each=each, down=down, at=at
        ),
        lambda new: f"Plan {new} takes the place of {number}.",
    )


@command.command("cancel")
@click.argument("number")
@click.option("--reason", required=True, help="Why it ends.")
@desk_options(key=False, preview=False)
def cancel(desk: Desk, number: str, reason: str) -> None:
    """End a plan: what is owed is owed at once again.

    \b
    superbill plan cancel PP000001 --reason "pays at once" --db practice.db
    """
    from superbill.app.billing.actions import cancel_plan

    wanted, day, at = number_of(number, "PP"), desk.session.today, desk.session.at
    desk.do(lambda: cancel_plan(desk.actor, wanted, day, reason=reason, at=at), lambda _: f"{number} is cancelled.")


@command.command("reinstate")
@click.argument("number")
@click.option("--reason", required=True, help="Why it goes on.")
@desk_options(key=False, preview=False)
def reinstate(desk: Desk, number: str, reason: str) -> None:
    """A plan in default goes on.

    \b
    superbill plan reinstate PP000001 --reason "caught up" --db practice.db
    """
    from superbill.app.billing.actions import reinstate_plan

    wanted, day, at = number_of(number, "PP"), desk.session.today, desk.session.at
    desk.do(lambda: reinstate_plan(desk.actor, wanted, day, reason=reason, at=at), lambda _: f"{number} goes on.")


@command.command("review")
@desk_options(key=False, preview=False)
def review(desk: Desk) -> None:
    """End the plans that are paid off, and those whose promises were broken too often in a row.

    \b
    superbill plan review --db practice.db
    """
    from superbill.app.billing.actions import review_plans

    day, at = desk.session.today, desk.session.at
    desk.do(
        lambda: review_plans(desk.actor, day, at=at),
        lambda ended: "; ".join(f"{state}: {', '.join(names)}" for state, names in ended.items()) or "No plan changed.",
    )


@command.command("list")
@click.option("--patient", help="Of this patient.")
@click.option("--due", is_flag=True, help="Only what is due or missed today, promise by promise.")
@books_options
@json_option
def show_all(books: Books, patient: str | None, due: bool, as_json: bool) -> None:
    """Plans by number, with how they are kept.

    \b
    superbill plan list --due --db practice.db
    """
    from superbill.app.billing.queries import instalments_due, plans

    row = patient_row(books, patient) if patient else None
    if due:
        late = [
            (plan, one) for plan, one in instalments_due(books.scope, books.today) if row in (None, plan.case.patient)
        ]
        if as_json:
            put_json({"due": [{"plan": plan.case.number, "promise": one} for plan, one in late]})
            return
        rows = [
            (plan.case.number, plan.case.party, one.on, one.state, dollars(one.amount - one.paid)) for plan, one in late
        ]
        put_table("Due", ("plan", "patient", "promised for", "state", "missing"), rows, right="missing")
        return
    found = list(plans(books.scope, books.today, patient=row))
    if as_json:
        put_json({"plans": found})
        return
    put_table(
        "Payment plans",
        ("plan", "patient", "state", "amount", "still owed", "missed", "next"),
        [_row(plan) for plan in found],
        right="amount missed",
    )


def _row(plan: "PlanView") -> tuple[object, ...]:
    following = plan.next_due
    case = plan.case
    shown = f"{following.on} {dollars(following.amount - following.paid)}" if following and plan.owed else ""
    return case.number, case.party, case.state, dollars(case.amount), dollars(plan.owed), plan.missed, shown


@command.command("show")
@click.argument("number")
@books_options
@json_option
def show(books: Books, number: str, as_json: bool) -> None:
    """One plan, promise by promise.

    \b
    superbill plan show PP000001 --db practice.db
    """
    from superbill.app.billing.queries import plans

    plan = next(iter(plans(books.scope, books.today, number=number_of(number, "PP"))), None)
    if plan is None:
        raise BadInput(f"{number}: no plan of this number. See superbill plan list.")
    if as_json:
        put_json({"plan": plan})
        return
    say(f"{plan.case.number}: {dollars(plan.case.amount)} of {plan.case.party}, {plan.case.state}; "
        f"{dollars(plan.owed)} still owed on {', '.join(plan.lines)}")  # fmt: skip
    rows = [(one.on, dollars(one.amount), dollars(one.paid), one.state, one.paid_on or "") for one in plan.promises]
    put_table("Promises", ("day", "amount", "paid", "state", "paid on"), rows, right="amount paid")
    put_table("Steps", ("date", "state", "by", "why"), [(s.on, s.state, s.by, s.reason) for s in plan.case.steps])
