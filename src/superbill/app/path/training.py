"""The decisions of a practice as what can be learned from, and where what was learned is kept."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from superbill.app.coding.models import Purpose
from superbill.app.coding.queries import Kept, codings
from superbill.app.encounters.queries import visits_by_account
from superbill.app.path.files import out_of_the_way
from superbill.app.places import is_postgres, sqlite_path
from superbill.app.rows import chunks
from superbill.app.session import BadInput, Session
from superbill.codesets.icd10cm.lookup import book
from superbill.codesets.store import Store
from superbill.codesets.terms.lookup import open_terms
from superbill.coding.deciding import note_of
from superbill.coding.learned.acceptance import Acceptance, described
from superbill.coding.learned.model import NotAModel
from superbill.coding.learned.practising import Taught, decoded
from superbill.coding.reading.read import read
from superbill.coding.suggest.model import Visit
from superbill.coding.suggest.reportable import judged, reportable


def taught(session: Session, store: Store) -> Iterator[Taught]:
    """Every visit that a person decided on and whose note tells of it, as it was decided last."""
    last = {kept.account: kept for kept in codings(session.scope, Purpose.DECIDED) if kept.record.suggestion}
    for some in chunks(sorted(last), 100):
        found = visits_by_account(session.scope, some)
        for account in some:
            suggestion = last[account].record.suggestion
            text = note_of(found[account].encounter)
            if suggestion is not None and text:
                yield _taught(account, text, suggestion.visit, _decided(last[account]), store)


def _decided(kept: Kept) -> frozenset[str]:
    said = (each for each in kept.record.decisions if each.system == "ICD-10-CM" and each.verdict != "refused")
    return frozenset(each.code[:3] for each in said)


def _taught(account: str, text: str, visit: Visit, decided: frozenset[str], store: Store) -> Taught:
    codes = book(store, visit.on)
    reading = read(text, open_terms(store, codes.release.effective))
    known = described(judged(reading, visit), reading, visit)
    return Taught(name=account, known=tuple(known), reported=tuple(reportable(reading, visit)), decided=decided)


def model_path(session: Session) -> Path:
    """The practice's model: beside a SQLite database, else beside the site file; named after the practice."""
    folder = session.site_path.parent if is_postgres(session.db) else sqlite_path(session.db).parent
    return folder / f"{out_of_the_way(session.site.practice.key)}.acceptance.json"


def learned(session: Session) -> Acceptance | None:
    """What was learned from the practice's decisions; None before the first training. Raises BadInput."""
    path = model_path(session)
    try:
        stamp = path.stat()
    except FileNotFoundError:
        return None
    return _model(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=4)
def _model(path: Path, _changed: int, _size: int) -> Acceptance:
    try:
        return decoded(path.read_bytes())
    except NotAModel as reason:
        raise BadInput(f"{path}: {reason}, or remove the file.") from None
