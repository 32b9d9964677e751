"""What every command works with: the practice's facts, an actor in its database, and the clock."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from superbill.pricing import ChargeMaster, ChargeMasterError, read_charge_master
from superbill.pricing.facility_charges import NO_FACILITY_CHARGES, FacilityCharges, read_facility_charges
from superbill.site import Site, read_site

if TYPE_CHECKING:
    from superbill.edits import RuleSet

SITE_FILE = "site.toml"
Command = Callable[..., Any]


class BadInput(Exception):
    """Something given on the command line can't be used; the message names the place and the fix."""


class Books:
    """A practice's database to read from, with the site's names where a site file is at hand.

    `scope` is what may be read; `today` the site's own day, else the real one.
    """

    def __init__(self, *, db: str, practice: str = "", site: Site | None = None, at: datetime) -> None:
        from superbill.app.boot import connect

        connect(db, create=False)
        self._enter(db, practice, site, at)

    def _enter(self, db: str, practice: str, site: Site | None, at: datetime) -> None:
        from superbill.app.accounts.actors import system_actor
        from superbill.app.practices.queries import practices

        found = {one.key: one for one in practices()}
        key = practice or (site.practice.key if site else "") or (next(iter(found)) if len(found) == 1 else "")
        if key not in found:
            raise BadInput(_no_practice(db, key, sorted(found)))
        self.db, self.known_site, self.at = db, site, at
        self.practice_name = found[key].name
        self.actor = system_actor(found[key].pk)
        self.scope = self.actor.scope

    @property
    def today(self) -> date:
        return self.at.date()

    def payer_name(self, key: str) -> str:
        """The payer's name at the site, else its key."""
        entry = self.known_site.payer(key) if self.known_site and key else None
        return entry.name if entry else key


class Session(Books):
    """One practice at work: with its site file. `actor` acts in it; `at` is the moment that events carry.

    `create` makes the database and opens the practice in it where they are not there yet.
    """

    def __init__(
        self, *, db: str, site: Site, site_path: Path, charges: ChargeMaster, at: datetime, create: bool = True
    ) -> None:
        from superbill.app.boot import connect

        connect(db, create=create)
        from superbill.app.claims.payers import keep_payers
        from superbill.app.practices.actions import keep_policy, open_practice

        if create:
            open_practice(site.practice.key, site.practice.name)
        self._enter(db, site.practice.key, site, at)
        keep_policy(self.scope.practice_id, site.money)
        keep_payers(self.scope, site.payers)
        self.site, self.site_path, self.charges = site, site_path, charges
        self.packs: tuple[RuleSet, ...] | None = None  # those at work, once somebody has asked
        self.facility_charges = load_facility_charges(site, site_path) if site.facilities else NO_FACILITY_CHARGES

    def price(self, code: str, modifiers: tuple[str, ...], day: date) -> int | None:
        """The practice's charge for one unit, in cents."""
        return self.charges.price(code, day, modifiers)

    def facility_price(self, revenue: str, code: str, modifiers: tuple[str, ...], day: date) -> int | None:
        """A facility's charge for one unit under a revenue code, in cents."""
        return self.facility_charges.price(revenue, code, modifiers, day)


def _no_practice(db: str, key: str, known: list[str]) -> str:
    from superbill.app.places import shown

    if not known:
        return f"{shown(db)}: holds no practice yet. Bring charts in first: superbill import FILES --db … --site …"
    wrong = f"no practice {key!r} in it" if key else "more than one practice in it"
    return f"{shown(db)}: {wrong}. Name one of {', '.join(known)} with --practice, or its site file with --site."


def load_site(path: Path) -> tuple[Site, ChargeMaster]:
    """The site file and the charge master that it names. Raises BadInput or SiteError."""
    site = _read_site(path)
    prices = path.parent / site.charge_master
    try:
        with prices.open(encoding="utf-8", newline="") as lines:
            return site, read_charge_master(lines, str(prices))
    except FileNotFoundError:
        raise BadInput(f"{prices}: no charge master, but {path} names it. Put it there or change the name.") from None
    except UnicodeDecodeError:
        raise BadInput(f"{prices}: is not UTF-8 text. Save it as UTF-8.") from None
    except ChargeMasterError as error:
        raise BadInput(str(error)) from None


def load_facility_charges(site: Site, path: Path) -> FacilityCharges:
    """The charges that the site file at `path` names for its facilities. Raises BadInput."""
    place = path.parent / site.facility_charges
    try:
        with place.open(encoding="utf-8", newline="") as lines:
            return read_facility_charges(lines, str(place))
    except FileNotFoundError:
        raise BadInput(
            f"{place}: no such file, but {path} has facilities. Put their charges there "
            "(revenue_code,code,modifier,start,charge) or change facility_charges."
        ) from None
    except UnicodeDecodeError:
        raise BadInput(f"{place}: is not UTF-8 text. Save it as UTF-8.") from None
    except ChargeMasterError as error:
        raise BadInput(str(error)) from None


def _read_site(path: Path) -> Site:
    try:
        return read_site(path.read_text("utf-8"), str(path))
    except FileNotFoundError:
        raise BadInput(
            f"{path}: no site file. Name one with --site; superbill demo writes an example to copy."
        ) from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: is not UTF-8 text. Save it as UTF-8.") from None


def moment(day: date | None) -> datetime:
    """Noon of `day`, or now."""
    return datetime.combine(day, time(12), UTC) if day else datetime.now(UTC)


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
        return command(*args, session=open_session(db, site_path, day, create=create), **options)

    return with_session


def books_options(command: Command) -> Command:
    """`--db`, `--site` and `--practice`: the command gets Books, to read from. No site file is needed."""

    @place_options
    @practice_option
    @wraps(command)
    def with_books(*args: Any, db: str, site_path: Path | None, practice: str, **options: Any) -> Any:
        return command(*args, books=open_books(db, site_path, practice), **options)

    return with_books


def site_beside(db: str) -> Path:
    """Where the site file is looked for: beside a SQLite file, else in the working folder."""
    from superbill.app.places import is_postgres, sqlite_path

    return Path(SITE_FILE) if is_postgres(db) else sqlite_path(db).parent / SITE_FILE


def open_books(db: str, site_path: Path | None = None, practice: str = "", day: date | None = None) -> Books:
    """Books on `db`. A site file is used when it is named, or lies beside the database."""
    path = site_path or site_beside(db)
    site = _read_site(path) if site_path or path.is_file() else None
    return Books(db=db, practice=practice, site=site, at=moment(day or (site.as_of if site else None)))


def open_session(db: str, site_path: Path | None = None, day: date | None = None, *, create: bool = False) -> Session:
    """A Session on `db`; the site file is looked for beside a SQLite file, else in the working folder."""
    path = site_path or site_beside(db)
    site, charges = load_site(path)
    return Session(db=db, site=site, site_path=path, charges=charges, at=moment(day or site.as_of), create=create)
