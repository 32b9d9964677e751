"""What every command works with: the practice's facts, an actor in its database, and the clock."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import wraps
from pathlib import Path
from typing import Any

import click

from superbill.pricing import ChargeMaster, ChargeMasterError, read_charge_master
from superbill.site import Site, read_site

SITE_FILE = "site.toml"


class BadInput(Exception):
    """Something given on the command line can't be used; the message names the place and the fix."""


class Session:
    """One practice at work. `actor` and `scope` appear with the database; `at` is the moment that events carry."""

    def __init__(self, *, db: str, site: Site, site_path: Path, charges: ChargeMaster, at: datetime) -> None:
        from superbill.app.boot import connect

        self.db, self.site, self.site_path, self.charges, self.at = db, site, site_path, charges, at
        connect(db)
        from superbill.app.accounts.actors import system_actor
        from superbill.app.practices.actions import open_practice

        practice = open_practice(site.practice.key, site.practice.name)
        self.actor = system_actor(practice.pk)
        self.scope = self.actor.scope

    @property
    def today(self) -> date:
        return self.at.date()

    def price(self, code: str, modifiers: tuple[str, ...], day: date) -> int | None:
        """The practice's charge for one unit, in cents."""
        return self.charges.price(code, day, modifiers)


def load_site(path: Path) -> tuple[Site, ChargeMaster]:
    """The site file and the charge master that it names. Raises BadInput or SiteError."""
    try:
        site = read_site(path.read_text("utf-8"), str(path))
    except FileNotFoundError:
        raise BadInput(
            f"{path}: no site file. Name one with --site; superbill demo writes an example to copy."
        ) from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: is not UTF-8 text. Save it as UTF-8.") from None
    prices = path.parent / site.charge_master
    try:
        with prices.open(encoding="utf-8", newline="") as lines:
            return site, read_charge_master(lines, str(prices))
    except FileNotFoundError:
        raise BadInput(f"{prices}: no charge master, but {path} names it. Put it there or change the name.") from None
    except ChargeMasterError as error:
        raise BadInput(str(error)) from None


def moment(day: date | None) -> datetime:
    """Noon of `day`, or now."""
    return datetime.combine(day, time(12), UTC) if day else datetime.now(UTC)


def session_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--db`, `--site` and `--date`: the command gets a Session."""

    @click.option(
        "--db",
        default="superbill.db",
        show_default=True,
        envvar="SUPERBILL_DB",
        help="SQLite file or postgresql:// URL.",
    )
    @click.option(
        "--site",
        "site_path",
        type=click.Path(path_type=Path, dir_okay=False),
        envvar="SUPERBILL_SITE",
        help=f"The practice's facts  [default: {SITE_FILE} beside the database]",
    )
    @click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day to work on  [default: today]")
    @wraps(command)
    def with_session(*args: Any, db: str, site_path: Path | None, day: datetime | None, **options: Any) -> Any:
        return command(*args, session=open_session(db, site_path, day.date() if day else None), **options)

    return with_session


def open_session(db: str, site_path: Path | None = None, day: date | None = None) -> Session:
    """A Session on `db`; the site file is looked for beside a SQLite file, else in the working folder."""
    if site_path is None:
        folder = Path() if "://" in db else Path(db).parent
        site_path = folder / SITE_FILE
    site, charges = load_site(site_path)
    return Session(db=db, site=site, site_path=site_path, charges=charges, at=moment(day or site.as_of))
