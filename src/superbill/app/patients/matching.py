"""Whom a payer means: patients by member id, name and birth date."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.documents import decoded
from superbill.app.patients.models import PatientRow
from superbill.app.rows import chunks
from superbill.chart.model import Chart

_BARE = str.maketrans("", "", " -.'")
_ROW = ("id", "source_id", "family", "given", "birth_date", "doc")


class Wanted(Struct, frozen=True, kw_only=True):
    """A person as a payer's file names them."""

    member_id: str = ""
    last: str = ""
    first: str = ""
    birth_date: date | None = None


class Matched(Struct, frozen=True, kw_only=True):
    """The patient (row id and chart id), or `why` nobody was matched."""

    patient: int | None = None
    source_id: str = ""
    why: str = ""


class _Candidate(Struct, frozen=True):
    id: int
    source_id: str
    last: str
    first: str
    birth_date: date | None
    members: frozenset[str]


def matched(scope: Scope, people: Sequence[Wanted]) -> list[Matched]:
    """The patient whom each of `people` is: of the same member id and birth date or name, else of name and birth date.

    A member id alone matches nobody, since families share it; nor does a name. Two who fit are nobody, too.
    """
    candidates = list(_candidates(scope, people))
    return [_one(person, candidates) for person in people]


def _candidates(scope: Scope, people: Sequence[Wanted]) -> Iterable[_Candidate]:
    """Everybody with one of the birth dates, or, for who has none in the file, of one of the family names."""
    births = sorted({one.birth_date for one in people if one.birth_date})
    names = sorted({one.last for one in people if one.last})
    rows: dict[int, tuple[Any, ...]] = {}
    for some in chunks(births):
        rows |= {
            row[0]: row
            for row in scope.rows(PatientRow).filter(birth_date__in=some, merged_into=None).values_list(*_ROW)
        }
    for name in names:
        rows |= {
            row[0]: row
            for row in scope.rows(PatientRow).filter(family__iexact=name, merged_into=None).values_list(*_ROW)
        }
    for row_id, source_id, family, given, born, doc in rows.values():
        members = (one.member_id for one in decoded(doc, Chart, f"patient {row_id}").coverages)
        yield _Candidate(
            row_id, source_id, _bare(family), _bare(given.split(" ")[0]), born, frozenset(_bare(one) for one in members)
        )


def _one(person: Wanted, candidates: Iterable[_Candidate]) -> Matched:
    scored = [(score, one) for one in candidates if (score := _score(person, one))]
    best = max((score for score, _ in scored), default=0)
    found = [one for score, one in scored if score == best]
    if len(found) == 1:
        return Matched(patient=found[0].id, source_id=found[0].source_id)
    if found:
        return Matched(why=f"{len(found)} patients fit: {', '.join(sorted(one.source_id for one in found))}")
    return Matched(why="no patient has this member id with the birth date or name, or the name with the birth date")


def _score(person: Wanted, one: _Candidate) -> int:
    """How much agrees: 0 is too little. What both sides tell and tell otherwise is a birth date or a first name."""
    born = person.birth_date is not None and person.birth_date == one.birth_date
    name = bool(person.last) and _bare(person.last) == one.last
    first = bool(person.first) and _bare(person.first.split(" ")[0]) == one.first
    member = bool(person.member_id) and _bare(person.member_id) in one.members
    if person.birth_date and one.birth_date and not born:
        return 0
    if member and (born or (name and first)):
        return 4 + born + name + first
    return 1 + first if born and name and first else 0


def _bare(text: str) -> str:
    return text.translate(_BARE).casefold()
