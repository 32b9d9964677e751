"""Claims as lists and as one life story."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import LineBalance
from superbill.app.billing.queries import AccountLedger, claim_ledger
from superbill.app.claims.models import Batch, ClaimRow
from superbill.app.claims.queries import StoredClaim, stored
from superbill.app.documents import decoded
from superbill.app.encounters.models import EncounterRow
from superbill.app.remits.models import RemittanceClaimRow
from superbill.app.web.queries.paging import ROWS, Page, asked
from superbill.coding.model import CodedEncounter
from superbill.money import Cents


class ClaimLine(Struct, frozen=True, kw_only=True):
    """A claim in a list. `insurance` and `patient` are what its visit still has open, whoever is billed for it."""

    id: int
    number: str
    family: str
    given: str
    payer_key: str
    responsibility: str
    service: date
    state: str
    since: datetime
    charge: Cents
    insurance: Cents
    patient: Cents


class Answer(Struct, frozen=True, kw_only=True):
    """What one remittance said of a claim."""

    remittance: int
    trace: str
    on: date
    paid: Cents
    outcome: str
    state: str


class ClaimStory(Struct, frozen=True, kw_only=True):
    """A claim with all that belongs to its visit. `others` are the visit's other claims, in order of opening."""

    stored: StoredClaim
    row: ClaimRow
    encounter: EncounterRow
    coded: CodedEncounter | None
    batch: Batch | None
    ledger: AccountLedger
    answers: tuple[Answer, ...]
    others: tuple[ClaimRow, ...]


_COLUMNS = (
    "id", "control_number", "encounter__patient__family", "encounter__patient__given", "payer_key", "responsibility",
    "service_start", "state", "state_since", "charge", "encounter_id",
)  # fmt: skip


def claim_list(scope: Scope, *, states: Collection[str] = (), payer: str = "", page: str = "") -> Page[ClaimLine]:
    """Claims in these states (all without any), the latest service first; three statements."""
    rows = scope.rows(ClaimRow)
    if states:
        rows = rows.filter(state__in=states)
    if payer:
        rows = rows.filter(payer_key=payer)
    total = rows.count()
    number, offset = asked(page, total)
    some = rows.order_by("-service_start", "-id").values_list(*_COLUMNS)[offset : offset + ROWS]
    found = list(some)
    open_now = open_balances(scope, {row[-1] for row in found})
    lines = tuple(_line(row, *open_now.get(row[-1], (0, 0))) for row in found)
    return Page(rows=lines, number=number, total=total)


def open_balances(scope: Scope, encounters: set[int]) -> dict[int, tuple[Cents, Cents]]:
    """(insurance, patient) balance of visits by row id."""
    rows = scope.rows(LineBalance).filter(line__encounter__in=encounters).order_by()
    sums = rows.values_list("line__encounter_id").annotate(insurance=Sum("insurance"), patient=Sum("patient"))
    return {encounter: (insurance, patient) for encounter, insurance, patient in sums}


def claim_story(scope: Scope, control_number: str) -> ClaimStory | None:
    """Everything about one claim; None when the practice has no such claim."""
    rows = scope.rows(ClaimRow).select_related("encounter__patient").defer("encounter__doc", "encounter__patient__doc")
    row = rows.filter(control_number=control_number).first()
    if row is None:
        return None
    ledger = claim_ledger(scope, control_number)
    assert ledger is not None, "the claim was there a moment ago"
    visit = row.encounter
    return ClaimStory(
        stored=stored(row),
        row=row,
        encounter=visit,
        coded=decoded(visit.coded, CodedEncounter, visit.account_number) if visit.coded else None,
        batch=scope.rows(Batch).defer("content").filter(pk=row.batch_id).first() if row.batch_id else None,
        ledger=ledger,
        answers=tuple(_answers(scope, row.pk)),
        others=tuple(_siblings(scope, visit.pk, row.pk)),
    )


def claims_of_visit(scope: Scope, encounter: int) -> list[ClaimRow]:
    """The claims of one visit, without their documents, in order of opening."""
    return list(scope.rows(ClaimRow).filter(encounter=encounter).defer("doc", "findings").order_by("id"))


def sent_interchange(scope: Scope, control_number: str) -> tuple[ClaimRow, bytes] | None:
    """A claim's row and the bytes of the interchange that carried it (empty before it is sent)."""
    row = scope.rows(ClaimRow).select_related("batch").defer("doc").filter(control_number=control_number).first()
    if row is None:
        return None
    return row, bytes(row.batch.content) if row.batch else b""


def _line(row: tuple[Any, ...], insurance: Cents, patient: Cents) -> ClaimLine:
    return ClaimLine(
        id=row[0], number=row[1], family=row[2], given=row[3], payer_key=row[4], responsibility=row[5],
        service=row[6], state=row[7], since=row[8], charge=row[9], insurance=insurance, patient=patient,
    )  # fmt: skip


def _answers(scope: Scope, claim: int) -> list[Answer]:
    rows = scope.rows(RemittanceClaimRow).filter(claim=claim).order_by("id")
    columns = ("remittance_id", "remittance__trace_number", "remittance__payment_date", "paid", "outcome", "state")
    return [
        Answer(remittance=row[0], trace=row[1], on=row[2], paid=row[3], outcome=row[4], state=row[5])
        for row in rows.values_list(*columns)
    ]


def _siblings(scope: Scope, encounter: int, claim: int) -> list[ClaimRow]:
    return [row for row in claims_of_visit(scope, encounter) if row.pk != claim]
