"""The history of coding, read."""

from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.permissions import NotPermitted, Permission
from superbill.app.coding.models import AuditItemRow, AuditStep, AuditStepRow, CodingRow, Purpose
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


class Blinded(NotPermitted):
    """The visit waits for its blind second coding; whoever may audit sees nothing of the first until that is in."""


def history(scope: Scope, account: str) -> list[Kept]:
    """Every coding of a visit, the first one first.

    Raises Blinded for a reader who may audit coding while an audit waits for the second coding of the visit, but for
    the one who coded it first: they may not code it again. NotPermitted.
    """
    _must_not_be_blind(scope, account)
    rows = scope.rows(CodingRow).select_related("encounter").filter(encounter__account_number=account)
    return [_kept(row) for row in rows.order_by("number")]


def _must_not_be_blind(scope: Scope, account: str) -> None:
    if not scope.reader or not scope.may(Permission.AUDIT_CODING):
        return
    coded = scope.rows(AuditStepRow).filter(step=AuditStep.SECOND.value).values("item_id")
    waiting = scope.rows(AuditItemRow).filter(encounter__account_number=account).exclude(id__in=coded)
    for number, coder in waiting.order_by("audit__number").values_list("audit__number", "first__coder"):
        if not same_person(coder, scope.reader):
            raise Blinded(
                f"{account}: waits for its blind second coding in audit {number}. What was coded first is shown once "
                f"that is in; until then: superbill coding audit show {number} {account}"
            )


def same_person(one: str, other: str) -> bool:
    """Do two names say the same person, whatever their case and spaces?"""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


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
