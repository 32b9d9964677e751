"""`superbill people`: what whoever runs the server does for log-ins: a practice's first, and those of several."""

from datetime import timedelta
from pathlib import Path

import click

from superbill.app.accounts.permissions import Role
from superbill.app.places import is_postgres, sqlite_path
from superbill.app.session import Session, moment
from superbill.cli.output import json_option, put_json, say
from superbill.cli.serve import KEY_FILE
from superbill.cli.session import new_session_options

_db_option = click.option(
    "--db", default="superbill.db", show_default=True, envvar="SUPERBILL_DB", help="SQLite file or postgresql:// URL."
)
_address_option = click.option(
    "--address", default="", help="Where the pages are, such as https://billing.example.org."
)
_ROLES = [role.value for role in Role if role is not Role.SYSTEM]


@click.group("people")
def command() -> None:
    """The first log-in of a practice; for one that several practices use, a new password or second step.

    All others an administrator asks in and helps on the pages, for their own practice alone. Nobody's word over the
    telephone is enough: whoever has the link has the log-in.
    """


@command.command("invite")
@click.argument("label", metavar="WHO")
@click.option(
    "--role", "roles", multiple=True, type=click.Choice(_ROLES), default=("administrator",), show_default=True
)
@_address_option
@new_session_options
@json_option
def invite_(label: str, roles: tuple[str, ...], address: str, session: Session, as_json: bool) -> None:
    """Make a link by which somebody comes into the practice of the site file: good once, for seven days.

    WHO is a note for the list of invitations; they choose their name and password themselves. The database and the
    practice are made when they are not there yet.

    \b
    superbill people invite "Olga Marsh" --address https://billing.example.org --site site.toml --db postgresql:///superbill
    """
    from superbill.app.accounts.invitations import VALID
    from superbill.app.accounts.operating import operators_invitation

    given = [Role(role) for role in roles]
    token = operators_invitation(session.actor.practice_id, label, given, at=moment(None))
    link = f"{address.rstrip('/')}/join/{token}"
    if as_json:
        put_json({"who": label, "roles": roles, "link": link, "days": VALID.days})
    else:
        say(link)
        say(f"Good once, for {VALID.days} days, and shown this once. Hand it to {label} alone: {', '.join(roles)}.")


@command.command("password-link")
@click.argument("name")
@_address_option
@_db_option
@json_option
def password_link_(name: str, address: str, db: str, as_json: bool) -> None:
    """Make a link by which the person of this log-in chooses a new password: good once, for three days.

    \b
    superbill people password-link olga --address https://billing.example.org --db postgresql:///superbill
    """
    _connected(db)
    from django.conf import settings

    from superbill.app.accounts.operating import operators_link

    link = f"{address.rstrip('/')}/new-password/{operators_link(name, at=moment(None))}"
    days = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT).days
    if as_json:
        put_json({"name": name, "link": link, "days": days})
    else:
        say(link)
        say(f"Good once, for {days} days, and shown this once. Hand it to {name} alone.")


@command.command("reset-second-step")
@click.argument("name")
@_db_option
@json_option
def reset_second_step_(name: str, db: str, as_json: bool) -> None:
    """Take away the second step of one who lost it and the recovery codes. Exit 1 when there was none.

    \b
    superbill people reset-second-step olga --db postgresql:///superbill
    """
    _connected(db)
    from superbill.app.accounts.operating import operators_reset

    gone = operators_reset(name, at=moment(None))
    if as_json:
        put_json({"name": name, "reset": gone})
    elif gone:
        say(f"{name} signs in with the password alone, and sets up a new second step. Every session of theirs ended.")
    else:
        say(f"{name} has no second step.")
    raise SystemExit(0 if gone else 1)


def _connected(db: str) -> None:
    """The database, and the key that its server signs links with."""
    from superbill.app.boot import connect, secret_key

    connect(db, create=False)
    secret_key((Path() if is_postgres(db) else sqlite_path(db).parent) / KEY_FILE)
