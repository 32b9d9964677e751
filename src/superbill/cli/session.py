"""What commands ask for: the database, the site, the practice and the day."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import wraps
from getpass import getuser
from pathlib import Path
from typing import Any

import click

from superbill.app.session import SITE_FILE, Books, open_books, open_session

Command = Callable[..., Any]


# Commands that read and tell nothing of one patient: sums, settings, the bank, the proof itself.
OF_NOBODY = frozenset({
    "code favourite drop", "code favourite keep", "code favourite list", "rules packs", "batch list",
    "remit provider-level list", "denial causes", "denial prevent", "ledger export", "ledger rebuild",
    "receivables refresh", "bank lines", "bank match", "bank matches", "close list", "kpi cost", "kpi payers",
    "kpi providers", "kpi show", "audit export", "audit verify", "deposit list", "deposit waiting",
    "people password-link", "people reset-second-step",
})  # fmt: skip
# Commands at work with the site file that show stored records; the others of that kind change something, and the event
# of the change tells of it.
SHOWING = frozenset({
    "authorization list", "receivables lines", "receivables loose", "receivables unbilled", "remit preview",
    "report html", "statement itemized", "statement preview", "statement receipt", "coding audit report",
    "coding audit score",
})  # fmt: skip


def note_reading(books: Books) -> None:
    """Leave the trace that stored records are shown: by which command, to whom, and whose where an argument names
    them."""
    from superbill.app.audit.actions import record_command

    context = click.get_current_context()
    told = [text for value in context.params.values() for text in _texts(value)]
    record_command(books.actor, _path(), _user(), told, at=books.at)


def _path() -> str:
    """The words of the command that runs, without the program's name."""
    return " ".join(click.get_current_context().command_path.split()[1:])


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _texts(one)


def _user() -> str:
    """Who is logged in to this machine, as far as it tells."""
    try:
        return getuser()
    except (OSError, KeyError):  # no such user on this machine, as in a container
        return ""


def day_option(name: str, about: str) -> Callable[[Command], Command]:
    """An option that takes a date, YYYY-MM-DD; the command gets a `date` or None."""

    def as_date(_context: click.Context, _parameter: click.Parameter, value: datetime | None) -> date | None:
        return value.date() if value else None

    return click.option(name, "day", type=click.DateTime(["%Y-%m-%d"]), callback=as_date, help=about)


def place_options(command: Command) -> Command:
    """`--db` and `--site`, as given."""
    with_site = click.option(
        "--site",
        "site_path",
        type=click.Path(path_type=Path, dir_okay=False),
        envvar="SUPERBILL_SITE",
        help=f"The practice's facts  [default: {SITE_FILE} beside the database]",
    )
    with_db = click.option(
        "--db",
        default="superbill.db",
        show_default=True,
        envvar="SUPERBILL_DB",
        help="SQLite file or postgresql:// URL.",
    )
    return with_db(with_site(command))


def practice_option(command: Command) -> Command:
    """`--practice`: which of several."""
    about = "Its key, where the database holds several and no --site tells."
    with_practice: Command = click.option("--practice", default="", help=about)(command)
    return with_practice


def session_options(command: Command) -> Command:
    """`--db`, `--site` and `--date`: the command gets a Session on a database that is there."""
    return _with_session(command, create=False)


def new_session_options(command: Command) -> Command:
    """The same for a command that may make the database."""
    return _with_session(command, create=True)


def _with_session(command: Command, *, create: bool) -> Command:
    @place_options
    @day_option("--date", "The day to work on  [default: the site's as_of, else today]")
    @wraps(command)
    def with_session(*args: Any, db: str, site_path: Path | None, day: date | None, **options: Any) -> Any:
        session = open_session(db, site_path, day, create=create)
        if _path() in SHOWING:
            note_reading(session)
        return command(*args, session=session, **options)

    return with_session


def books_options(command: Command) -> Command:
    """`--db`, `--site` and `--practice`: the command gets Books, to read from. No site file is needed."""

    @place_options
    @practice_option
    @wraps(command)
    def with_books(*args: Any, db: str, site_path: Path | None, practice: str, **options: Any) -> Any:
        books = open_books(db, site_path, practice)
        if _path() not in OF_NOBODY:
            note_reading(books)
        return command(*args, books=books, **options)

    return with_books
