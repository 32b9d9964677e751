"""What the path works with: the practice's facts, an actor in its database, and the clock."""

import tomllib
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from superbill.pricing import ChargeMaster, ChargeMasterError, read_charge_master
from superbill.pricing.facility_charges import NO_FACILITY_CHARGES, FacilityCharges, read_facility_charges
from superbill.site import Site, read_site

if TYPE_CHECKING:
    from superbill.app.accounts.actors import Actor
    from superbill.app.practices.models import Practice
    from superbill.edits import RuleSet

SITE_FILE = "site.toml"


class BadInput(Exception):
    """Something that was given can't be used; the message names the place and the fix."""


class Books:
    """A practice's database to read from, with the site's names where a site file is at hand.

    `scope` is what may be read; `today` the site's own day, else the real one.
    """

    def __init__(self, practice: "Practice", actor: "Actor", *, db: str, site: Site | None, at: datetime) -> None:
        self.db, self.known_site, self.at = db, site, at
        self.practice_name, self.actor, self.scope = practice.name, actor, actor.scope

    @property
    def today(self) -> date:
        return self.at.date()

    def payer_name(self, key: str) -> str:
        """The payer's name at the site, else its key."""
        entry = self.known_site.payer(key) if self.known_site and key else None
        return entry.name if entry else key


class Session(Books):
    """One practice at work: with its site file. `actor` acts in it; `at` is the moment that events carry."""

    def __init__(
        self, practice: "Practice", actor: "Actor", *, db: str, site_path: Path, at: datetime, loaded: "Loaded"
    ) -> None:
        site, charges, facility_charges = loaded
        super().__init__(practice, actor, db=db, site=site, at=at)
        self.site, self.site_path, self.charges, self.facility_charges = site, site_path, charges, facility_charges
        self.packs: tuple[RuleSet, ...] | None = None  # those at work, once somebody has asked

    def price(self, code: str, modifiers: tuple[str, ...], day: date) -> int | None:
        """The practice's charge for one unit, in cents."""
        return self.charges.price(code, day, modifiers)

    def facility_price(self, revenue: str, code: str, modifiers: tuple[str, ...], day: date) -> int | None:
        """A facility's charge for one unit under a revenue code, in cents."""
        return self.facility_charges.price(revenue, code, modifiers, day)


Loaded = tuple[Site, ChargeMaster, FacilityCharges]


def loaded(path: Path) -> Loaded:
    """The site file with all that it names. Raises BadInput or SiteError."""
    site, charges = load_site(path)
    return site, charges, load_facility_charges(site, path) if site.facilities else NO_FACILITY_CHARGES


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


def is_site_file(path: Path) -> bool:
    """Whether a TOML file is a practice's site file, or a contract or a list of payers that lies beside one.

    Site files alone have a `[practice]`. A file that can't be read counts as one, so that whoever opens it is told why.
    """
    return _has_practice(path, path.stat().st_mtime_ns)


@lru_cache(256)
def _has_practice(path: Path, _changed: int) -> bool:
    try:
        return "practice" in tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return True


def site_files(place: Path) -> list[Path]:
    """The site files at `place`: itself, or those of a folder with one for each practice; [] where nothing is there.

    Raises BadInput where a folder has none.
    """
    if not place.is_dir():
        return [place] if place.is_file() else []
    found = [file for file in sorted(place.glob("*.toml")) if is_site_file(file)]
    if not found:
        raise BadInput(
            f"{place}: none of the files in this folder is a site file (a .toml file with a [practice]). "
            "Put one for each practice there, with the contracts that it names beside it."
        )
    return found


def moment(day: date | None) -> datetime:
    """Noon of `day`, or now."""
    return datetime.combine(day, time(12), UTC) if day else datetime.now(UTC)


def site_beside(db: str) -> Path:
    """Where the site file is looked for: beside a SQLite file, else in the working folder."""
    from superbill.app.places import is_postgres, sqlite_path

    return Path(SITE_FILE) if is_postgres(db) else sqlite_path(db).parent / SITE_FILE


def open_books(db: str, site_path: Path | None = None, practice: str = "", day: date | None = None) -> Books:
    """Books on `db`. A site file is used when it is named, or lies beside the database."""
    path = site_path or site_beside(db)
    site = _read_site(path) if site_path or path.is_file() else None
    at = moment(day or (site.as_of if site else None))
    from superbill.app.boot import connect

    connect(db, create=False)
    found = _practice(db, practice, site)
    return Books(found, _system(found), db=db, site=site, at=at)


def open_session(db: str, site_path: Path | None = None, day: date | None = None, *, create: bool = False) -> Session:
    """A Session of the program itself on `db`; the site file is looked for beside a SQLite file, else in the working
    folder. `create` makes the database and opens the practice in it where they are not there yet."""
    path = site_path or site_beside(db)
    facts = loaded(path)
    site = facts[0]
    from superbill.app.boot import connect

    connect(db, create=create)
    from superbill.app.practices.actions import open_practice

    if create:
        open_practice(site.practice.key, site.practice.name)
    found = _practice(db, "", site)
    keep_facts(found.pk, site)
    return Session(found, _system(found), db=db, site_path=path, at=moment(day or site.as_of), loaded=facts)


def keep_facts(practice_id: int, site: Site) -> None:
    """What the database itself keeps of a site file: the rules about money, and the payers."""
    from superbill.app.accounts.actors import Scope
    from superbill.app.claims.payers import keep_payers
    from superbill.app.practices.actions import keep_policy

    keep_policy(practice_id, site.money)
    keep_payers(Scope(practice_id), site.payers)


def _practice(db: str, key: str, site: Site | None) -> "Practice":
    from superbill.app.practices.queries import practices

    found = {one.key: one for one in practices()}
    key = key or (site.practice.key if site else "") or (next(iter(found)) if len(found) == 1 else "")
    if key not in found:
        raise BadInput(_no_practice(db, key, sorted(found)))
    return found[key]


def _system(practice: "Practice") -> "Actor":
    from superbill.app.accounts.actors import system_actor

    return system_actor(practice.pk)
