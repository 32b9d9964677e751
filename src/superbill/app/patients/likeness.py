"""Who may be registered already: patients who share what two people seldom share."""

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct
from rapidfuzz.distance import DamerauLevenshtein

from superbill.app.accounts.actors import Scope
from superbill.app.documents import decoded
from superbill.app.patients.keys import BORN, MEMBER, NAME, PHONE, keys_of
from superbill.app.patients.models import PatientKey, PatientRow
from superbill.app.patients.names import short_forms, sound, words
from superbill.app.rows import found
from superbill.chart.model import Chart, PatientRecord

_MOST = 2000  # candidates looked at; a birth date or a number names a handful
ENOUGH = 3


class Alike(Struct, frozen=True, kw_only=True):
    """A patient who may be the same person, with the points that speak for it, in words."""

    id: int
    chart: Chart
    version: int
    points: int
    why: tuple[str, ...]


def alike(scope: Scope, chart: Chart, *, but: Iterable[int] = (), limit: int = 5) -> list[Alike]:
    """Patients who may be the one of `chart`, the likeliest first. Four statements."""
    keys = keys_of(chart)
    wanted = {key for key in keys if key.startswith((BORN, MEMBER)) or (key.startswith(PHONE) and len(key) > 6)}
    candidates = {patient for (patient,) in _found(scope, wanted)}
    name = chart.patient.name  # the very name finds a birth date that was typed wrong
    same = [{patient for (patient,) in _found(scope, {NAME + one for one in words(part)})} for part in
            (name.family, " ".join(name.given[:1]))]  # fmt: skip
    candidates |= same[0] & same[1]
    if not chart.patient.birth_date and chart.patient.name.family:
        candidates |= {
            patient for (patient,) in _found(scope, {NAME + one for one in words(chart.patient.name.family)})
        }
    rows = found(
        scope, PatientRow, "id", sorted(candidates - set(but))[:_MOST], "id", "version", "doc", merged_into=None
    )
    made = []
    for row_id, version, doc in rows:
        other = decoded(doc, Chart, f"patient {row_id}")
        points, why = compared(chart, other)
        if points >= ENOUGH:
            made.append(Alike(id=row_id, chart=other, version=version, points=points, why=tuple(why)))
    return sorted(made, key=lambda one: (-one.points, one.id))[:limit]


def _found(scope: Scope, keys: Iterable[str]) -> Iterable[tuple[int]]:
    return found(scope, PatientKey, "key", keys, "patient_id")


def compared(one: Chart, other: Chart) -> tuple[int, list[str]]:
    """How much speaks for it that two charts are of one person, and what; 3 is worth a look."""
    a, b = one.patient, other.patient
    if a.sex != "U" and b.sex != "U" and a.sex != b.sex and not _same_day(a.birth_date, b.birth_date):
        return 0, []
    points, why = 0, []
    name = like_name(a, b)
    for met, worth, text in (
        (_same_day(a.birth_date, b.birth_date), 2, "same birth date"),
        (name == 2, 2, "same name"),
        (name == 1, 1, "like name"),
        (bool(_members(one) & _members(other)), 2, "same member number"),
        (bool(a.phone) and _digits(a.phone) == _digits(b.phone), 1, "same phone"),
        (_near_day(a.birth_date, b.birth_date), 1, "birth date differs in one digit, or day and month are swapped"),
    ):
        if met:
            points += worth
            why.append(text)
    # Twins share a day and a number, families a phone and a number: without a like name it is not one person.
    return (points, why) if name else (0, [])


def like_name(a: PatientRecord, b: PatientRecord) -> int:
    """2: the same name; 1: one that may be; 0: another. First and last name may have changed places."""
    ours, others = _parts(a), _parts(b)
    if ours == others:
        return 2
    straight = _like(ours[0], others[0]) and _like(ours[1], others[1])
    swapped = _like(ours[0], others[1]) and _like(ours[1], others[0])
    return 1 if straight or swapped else 0


def _parts(one: PatientRecord) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return words(one.name.family), words(" ".join(one.name.given[:1]))


def _like(some: Sequence[str], others: Sequence[str]) -> bool:
    """Any word of the one may be any of the other: by spelling, sound or short form."""
    pairs = ((x, y) for x in (*some, "".join(some)) for y in (*others, "".join(others)) if x and y)
    return any(_one(x, y) for x, y in pairs)


def _one(x: str, y: str) -> bool:
    if x == y or y in short_forms(x):
        return True
    close = DamerauLevenshtein.distance(x, y) <= (1 if min(len(x), len(y)) < 6 else 2)
    return min(len(x), len(y)) > 2 and (close or (sound(x) == sound(y) and len(sound(x)) > 1))


def _members(chart: Chart) -> set[str]:
    return {key for key in keys_of(chart) if key.startswith(MEMBER)}


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())[-10:]


def _same_day(a: date | None, b: date | None) -> bool:
    return a is not None and a == b


def _near_day(a: date | None, b: date | None) -> bool:
    if a is None or b is None or a == b:
        return False
    swapped = (a.year, a.day, a.month) == (b.year, b.month, b.day)
    return swapped or sum(x != y for x, y in zip(f"{a:%Y%m%d}", f"{b:%Y%m%d}", strict=True)) == 1
