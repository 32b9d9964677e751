"""What commands about patients' money share: who acts, which patient, amounts, previews, what was posted."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import click

from superbill.app.session import BadInput, Books, Session
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import session_options
from superbill.money import Cents, MoneyError, dollars, parse_dollars

if TYPE_CHECKING:
    from superbill.app.accounts.actors import Actor
    from superbill.app.billing.preview import Preview
    from superbill.ledger.entry import Balance, Entry

    _CentsType = click.ParamType[Cents]
    _LineType = click.ParamType[tuple[str, Cents]]
else:  # the oldest click that we support has no type arguments here
    _CentsType = _LineType = click.ParamType


class Dollars(_CentsType):
    """An amount on the command line: 12, 12.50. The command gets cents, never below zero."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Cents:
        """Cents of the text."""
        if isinstance(value, int):
            return value
        try:
            cents = parse_dollars(str(value))
        except MoneyError as error:
            self.fail(f"{error}. Write dollars and cents: 12.50", param, ctx)
        if cents < 0:
            self.fail("an amount here is not below zero", param, ctx)
        return cents


class LineAmount(_LineType):
    """A charge line with an amount: A1001-1=12.50."""

    name = "line=amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Cents]:
        """The line's key and cents."""
        if isinstance(value, tuple):
            return value[0], value[1]
        line, equals, amount = str(value).partition("=")
        if not equals:
            self.fail(f"{value!r}: write the line and the amount as A1001-1=12.50", param, ctx)
        return line, Dollars().convert(amount, param, ctx)


DOLLARS = Dollars()
LINE_AMOUNT = LineAmount()


class Desk:
    """One command at work: the session, who acts, whether it is only shown, and how it is told."""

    def __init__(self, session: Session, actor: "Actor", *, preview: bool, as_json: bool, key: str) -> None:
        self.session, self.actor, self.preview, self.as_json = session, actor, preview, as_json
        self.key = key or f"cli:{uuid4().hex}"  # one event each time, unless a key says that it is the same again

    def do(self, act: Callable[[], Any], told: Callable[[Any], str]) -> None:
        """Run the action and tell of it, or show what it would change and leave everything as it is."""
        if self.preview:
            from superbill.app.billing.preview import rehearse

            put_preview(rehearse(self.session.scope, act), as_json=self.as_json)
            return
        result = act()
        if self.as_json:
            put_json({"result": result})
        else:
            say(told(result))


def actor_named(session: Session, name: str) -> "Actor":
    """The member of the practice with this user name, with their own roles; the program itself for "". Raises
    BadInput for somebody who is no member."""
    if not name:
        return session.actor
    from superbill.app.accounts.models import User
    from superbill.app.accounts.queries import actor_for

    user = User.objects.filter(username=name).first()
    actor = actor_for(user, session.scope.practice_id) if user else None
    if actor is None or not actor.permissions:
        raise BadInput(f"{name}: not a member of this practice.")
    return actor


def desk_options(*, key: bool = True, preview: bool = True) -> Callable[[Any], Any]:
    """`--as`, `--json` and the session; `--key` and `--preview` where money is posted. The command gets a Desk."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def with_desk(*args: Any, session: Session, as_user: str, as_json: bool, **options: Any) -> Any:
            shown, said = options.pop("preview", False), options.pop("key", "")
            desk = Desk(session, actor_named(session, as_user), preview=shown, as_json=as_json, key=said)
            return command(*args, desk=desk, **options)

        wrapped: Any = session_options(json_option(with_desk))
        if preview:
            wrapped = click.option("--preview", is_flag=True, help="Show what it would change; change nothing.")(
                wrapped
            )
        if key:
            about = "Names the event: the same key again posts nothing twice."
            wrapped = click.option("--key", default="", help=about)(wrapped)
        about = "Act as this member, with their role and limits  [default: the program itself]"
        result: Callable[..., Any] = click.option("--as", "as_user", default="", help=about)(wrapped)
        return result

    return decorate


def patient_row(books: Books, name: str) -> int:
    """The patient of this chart id, or of this number of ours. Raises BadInput."""
    from superbill.app.patients.models import PatientRow

    rows = books.scope.rows(PatientRow)
    row = rows.filter(source_id=name).values_list("id", flat=True).first()
    if row is None and name.isascii() and name.isdigit() and len(name) < 19:
        row = rows.filter(pk=int(name)).values_list("id", flat=True).first()
    if row is None:
        raise BadInput(f"{name}: no patient of this id.")
    return int(row)


def put_preview(shown: "Preview", *, as_json: bool) -> None:
    """Balances before and after, line by line, then unapplied money."""
    if as_json:
        put_json({"preview": shown})
        return
    columns = ("line", "paid", "adjusted", "insurance", "patient")
    rows = [
        (one.line, *(_change(one.before, one.after, name) for name in ("paid", "adjusted", "insurance", "patient")))
        for one in shown.lines
    ]
    put_table("Would change", columns, rows, right="paid adjusted insurance patient")
    for money in shown.unapplied:
        say(f"Money on account of patient {money.patient}: {dollars(money.before)} → {dollars(money.after)}")
    say(f"{len(shown.entries)} entries. Nothing was posted.")


def _change(before: "Balance", after: "Balance", name: str) -> str:
    old, new = getattr(before, name), getattr(after, name)
    return dollars(old) if old == new else f"{dollars(old)} → {dollars(new)}"


def posted(entry: "Entry | None") -> str:
    """One line about an entry that was posted."""
    if entry is None:
        return "Nothing to post."
    amount = sum(move.amount for move in entry.postings if move.amount > 0)
    return (
        f"Posted {entry.kind} {entry.key}: {dollars(amount)} moved. Undo: superbill adjust undo {entry.key} --reason …"
    )
