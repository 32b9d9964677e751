"""Adds codings to the history, inside the action that makes them."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from superbill.app.coding.models import CodingRow, Purpose
from superbill.app.documents import encoded
from superbill.app.rows import found, insert
from superbill.app.work import Work
from superbill.coding.history import Record

_COLUMNS = ("practice_id", "encounter_id", "number", "purpose", "coder", "at", "release", "doc")


class Coding(Struct, frozen=True, kw_only=True):
    """A coding to be added. `encounter` is the row's id, `release` that of the code set that the codes are of."""

    encounter: int
    purpose: Purpose
    coder: str
    record: Record
    release: str = ""


def add(work: Work, codings: Sequence[Coding]) -> None:
    """Adds them in their order; a visit's codings are numbered as they come."""
    last = _last_numbers(work, (coding.encounter for coding in codings))
    rows = []
    for coding in codings:
        number = last[coding.encounter] = last.get(coding.encounter, 0) + 1
        rows.append((
            work.practice_id, coding.encounter, number, coding.purpose.value, coding.coder, work.at, coding.release,
            encoded(coding.record),
        ))  # fmt: skip
    insert(CodingRow, _COLUMNS, rows)


def _last_numbers(work: Work, encounters: Iterable[int]) -> dict[int, int]:
    last: dict[int, int] = {}
    for encounter, number in found(work.scope, CodingRow, "encounter_id", encounters, "encounter_id", "number"):
        last[encounter] = max(number, last.get(encounter, 0))
    return last
