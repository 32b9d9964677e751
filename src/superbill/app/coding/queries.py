"""The history of coding, read."""

from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.coding.models import CodingRow, Purpose
from superbill.app.documents import decoded
from superbill.coding.history import Record

CHUNK = 500


class Kept(Struct, frozen=True, kw_only=True):
    """One coding of one visit, as kept. `id` is the visit's row, `account` its account number, `row` the coding's own
    row."""

    id: int
    row: int
    account: str
    number: int
    purpose: Purpose
    coder: str
    at: datetime
    release: str
    record: Record
    date_of_service: date


def history(scope: Scope, account: str) -> list[Kept]:
    """Every coding of a visit, the first one first."""
    rows = scope.rows(CodingRow).select_related("encounter").filter(encounter__account_number=account)
    return [_kept(row) for row in rows.order_by("number")]


def suggested(scope: Scope, encounter: int) -> Record | None:
    """What was last suggested for a visit (row id); None when nothing was."""
    rows = scope.rows(CodingRow).filter(encounter_id=encounter, purpose=Purpose.SUGGESTED.value)
    row = rows.order_by("-number").first()
    return decoded(row.doc, Record, f"coding of encounter {encounter}") if row else None


def codings(scope: Scope, *purposes: Purpose, since: date | None = None, until: date | None = None) -> Iterator[Kept]:
    """Codings for these purposes (all without any) of visits in a span of days of service, in order of being made."""
    rows = scope.rows(CodingRow).select_related("encounter").order_by("id")
    if purposes:
        rows = rows.filter(purpose__in=[purpose.value for purpose in purposes])
    if since:
        rows = rows.filter(encounter__date_of_service__gte=since)
    if until:
        rows = rows.filter(encounter__date_of_service__lte=until)
    last = 0
    while some := list(rows.filter(id__gt=last)[:CHUNK]):
        last = some[-1].pk
        yield from map(_kept, some)


def _kept(row: CodingRow) -> Kept:
    return Kept(
        id=row.encounter_id, row=row.pk, account=row.encounter.account_number, number=row.number,
        purpose=Purpose(row.purpose), coder=row.coder, at=row.at, release=row.release,
        date_of_service=row.encounter.date_of_service,
        record=decoded(row.doc, Record, f"coding {row.number} of {row.encounter.account_number}"),
    )  # fmt: skip
