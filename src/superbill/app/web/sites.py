"""The practice's own facts and trading partner, as the server was told at its start."""

from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from superbill.app.partners import partner
from superbill.app.session import BadInput, Loaded, Session, keep_facts, loaded, site_files
from superbill.app.web.desk import Desk, now
from superbill.connectors.base import Connector
from superbill.money import Cents
from superbill.site import Site


def session(at: Desk) -> Session:
    """This person at work in their practice, with its site file: what the path's functions ask for.

    SUPERBILL_SITE is a site file, or a folder of them, one for each practice, with their contracts beside them. Raises
    BadInput without one.
    """
    for file in _files():
        facts = _loaded(file, file.stat().st_mtime_ns)
        if facts[0].practice.key == at.practice.key:
            _keep(at.practice.pk, file, file.stat().st_mtime_ns)
            place = settings.SUPERBILL_PLACE
            return Session(at.practice, at.actor, db=place, site_path=file, at=now(), loaded=facts)
    raise BadInput(f"The server knows no site file of {at.practice.name}. Start it with --site, naming one.")


def site_of(practice: str) -> Site | None:
    """The facts of the practice of this key, for pages that nobody of the office has open."""
    known = (_loaded(file, file.stat().st_mtime_ns)[0] for file in _files())
    return next((site for site in known if site.practice.key == practice), None)


def least_statement(practice: str) -> Cents:
    """The least that a statement of this practice asks for; without a site file whatever is owed."""
    site = site_of(practice)
    return site.statement_minimum if site else 1


def trading_partner() -> AbstractContextManager[Connector]:
    """Where claims go and answers come from: a folder, or the simulated payers of a demo."""
    return partner(settings.SUPERBILL_PLACE, settings.SUPERBILL_PARTNER, None, now())


def _files() -> list[Path]:
    place: Path | None = settings.SUPERBILL_SITE
    return site_files(place) if place is not None else []


@lru_cache(64)
def _loaded(file: Path, _changed: int) -> Loaded:
    return loaded(file)


@lru_cache(64)
def _keep(practice_id: int, file: Path, changed: int) -> None:
    keep_facts(practice_id, _loaded(file, changed)[0])
