"""One claim with all that belongs to it."""

from datetime import date

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.queries import AccountLedger, claim_ledger
from superbill.app.claims.models import Batch, ClaimEvent, ClaimRow, ReceivedFile
from superbill.app.claims.queries import StoredClaim, stored
from superbill.app.documents import decoded
from superbill.app.encounters.models import EncounterRow
from superbill.app.inquiries.models import ReplyRow
from superbill.app.remits.models import RemittanceClaimRow
from superbill.coding.model import CodedEncounter
from superbill.money import Cents


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


class ClaimFile(Struct, frozen=True, kw_only=True):
    """A file that tells of a claim. `whole`: it is shown as a whole, being about all claims of a batch."""

    key: str
    name: str
    kind: str
    content: bytes
    is_837: bool = False
    whole: bool = False


def files_of_claim(scope: Scope, claim: int) -> list[ClaimFile]:
    """The 837s that carried a claim (row id) and the files that answered it, in the order of time."""
    events = scope.rows(ClaimEvent).filter(claim_id=claim)
    batches = list(events.filter(what="sent").values_list("batch_id", flat=True))
    current = scope.rows(ClaimRow).filter(pk=claim).values_list("batch_id", flat=True).first()
    sent = scope.rows(Batch).filter(pk__in={one for one in (*batches, current) if one}).order_by("id")
    told = set(events.filter(file__isnull=False).values_list("file_id", flat=True))
    answers = scope.rows(RemittanceClaimRow).filter(claim_id=claim, remittance__received_file__isnull=False)
    told |= set(answers.values_list("remittance__received_file_id", flat=True))
    replies = scope.rows(ReplyRow).filter(claim_id=claim, received_file__isnull=False)
    told |= set(replies.values_list("received_file_id", flat=True))
    made = []
    whole = set()
    for batch in sent:
        content = bytes(batch.content)
        made.append(ClaimFile(key=f"b{batch.pk}", name=batch.file_name, kind=batch.kind, content=content, is_837=True))
        if batch.answer_file_id:
            whole.add(batch.answer_file_id)
    for row in scope.rows(ReceivedFile).filter(pk__in=told | whole).order_by("id"):
        made.append(
            ClaimFile(
                key=f"f{row.pk}", name=row.name, kind=row.kind, content=bytes(row.content),
                whole=row.kind in ("999", "TA1"),
            )
        )  # fmt: skip
    return made


def _answers(scope: Scope, claim: int) -> list[Answer]:
    rows = scope.rows(RemittanceClaimRow).filter(claim=claim).order_by("id")
    columns = ("remittance_id", "remittance__trace_number", "remittance__payment_date", "paid", "outcome", "state")
    return [
        Answer(remittance=row[0], trace=row[1], on=row[2], paid=row[3], outcome=row[4], state=row[5])
        for row in rows.values_list(*columns)
    ]


def _siblings(scope: Scope, encounter: int, claim: int) -> list[ClaimRow]:
    return [row for row in claims_of_visit(scope, encounter) if row.pk != claim]
