"""Claims to send, claims to bill next, batches to write, files to finish."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import CharField, Count, Exists, F, Func, Min, OuterRef, QuerySet, Sum, Value
from django.db.models.functions import Length, Substr
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import Batch, BatchState, ClaimRow, ClaimState, FileOutcome, ReceivedFile
from superbill.app.documents import decoded
from superbill.app.remits.models import RemittanceClaimRow, RemittanceRow
from superbill.app.rows import asked, chunks, found
from superbill.claims.model import Claim
from superbill.findings import Finding
from superbill.x12.model import Remittance, RemittanceClaim


class StoredClaim(Struct, frozen=True, kw_only=True):
    """A claim with its row's facts."""

    id: int
    encounter_id: int
    control_number: str
    payer_key: str
    next_payer: str
    state: str
    claim: Claim
    findings: tuple[Finding, ...] = ()
    payer_control_number: str = ""
    rejected_once: bool = False


class ReadyGroup(Struct, frozen=True, kw_only=True):
    """Claims ready for one payer with services in one month, or in several months from `month` on."""

    payer_key: str
    month: date
    claim_ids: tuple[int, ...]
    charge: int


class NextBilling(Struct, frozen=True, kw_only=True):
    """A claim whose next payer is to be billed: the claim as sent, and what its payer answered."""

    stored: StoredClaim
    answer: RemittanceClaim
    remittance: Remittance


def ready_groups(scope: Scope, *, limit: int = 5000, before: date | None = None, months: int = 1) -> list[ReadyGroup]:
    """Claims to send, grouped by payer and `months` of service, oldest first; a group has at most `limit` claims.

    `before`: only those whose services began earlier.
    """
    groups: dict[tuple[date, str], list[tuple[int, int]]] = {}
    for payer, start, row_id, charge in asked(scope, ClaimRow, _ready):
        if before is not None and start >= before:
            break
        first = date(start.year, (start.month - 1) // months * months + 1, 1)
        groups.setdefault((first, payer), []).append((row_id, charge))
    return [
        ReadyGroup(
            payer_key=payer, month=first, claim_ids=tuple(row[0] for row in some), charge=sum(row[1] for row in some)
        )
        for (first, payer), members in sorted(groups.items())
        for some in chunks(members, limit)
    ]


def _ready(scope: Scope) -> QuerySet[ClaimRow, Any]:
    rows = scope.rows(ClaimRow).filter(state=ClaimState.READY).order_by("service_start", "id")
    return rows.values_list("payer_key", "service_start", "id", "charge")


def claims_by_id(scope: Scope, ids: list[int] | tuple[int, ...]) -> Iterator[StoredClaim]:
    """These claims with their documents, in the order of `ids`, read in chunks."""
    for some in chunks(ids):
        rows = {row[0]: row for row in found(scope, ClaimRow, "id", some, *_COLUMNS)}
        yield from (_stored(*rows[row_id]) for row_id in some if row_id in rows)


def claims_in(scope: Scope, *states: ClaimState, chunk: int = 200) -> Iterator[list[StoredClaim]]:
    """Claims in these states (all without any), in order of opening, in lists of at most `chunk`."""
    rows = scope.rows(ClaimRow).order_by("id")
    if states:
        rows = rows.filter(state__in=[state.value for state in states])
    last = 0
    while some := list(rows.filter(id__gt=last)[:chunk]):
        last = some[-1].pk
        yield [stored(row) for row in some]


def claim(scope: Scope, control_number: str) -> StoredClaim | None:
    """The claim of this control number."""
    row = scope.rows(ClaimRow).filter(control_number=control_number).first()
    return stored(row) if row else None


def claims_to_bill_next(scope: Scope) -> Iterator[NextBilling]:
    """Paid claims whose next payer is to be billed and has no claim of this encounter yet, oldest answer first."""
    latest = [claim_id for claim_id, _ in asked(scope, RemittanceClaimRow, _latest)]
    for some in chunks(latest):
        answers = _waiting(scope).filter(claim_id__in=some).select_related("claim").order_by("id")
        last = {row.claim_id: row for row in answers}
        docs = dict(found(scope, RemittanceRow, "id", (row.remittance_id for row in last.values()), "id", "doc"))
        remittances = {key: decoded(doc, Remittance, f"remittance {key}") for key, doc in docs.items()}
        for row in last.values():
            remittance = remittances[row.remittance_id]
            if row.claim:
                yield NextBilling(
                    stored=stored(row.claim), answer=remittance.claims[row.position], remittance=remittance
                )


def _waiting(scope: Scope) -> QuerySet[RemittanceClaimRow]:
    """Answers whose next payer has no claim yet. An encounter may have several claims (the physician's and the
    hospital's, or parts of a long one): each has its own next claim, under the same account and part.
    """
    mine, part = _account_and_part(OuterRef("claim__control_number"))
    account, own_part = _account_and_part(F("control_number"))
    later = scope.rows(ClaimRow).filter(
        encounter_id=OuterRef("claim__encounter_id"), payer_key=OuterRef("claim__next_payer_key")
    )
    of_this = later.annotate(account=account, part=own_part).filter(account=mine, part=part)
    rows = scope.rows(RemittanceClaimRow).filter(bill_next=True, claim__isnull=False)
    return rows.annotate(billed=Exists(of_this)).filter(billed=False)


def _account_and_part(number: F | OuterRef) -> tuple[Substr, Substr]:
    """The account and the part of a control number (claims/control.py: account, letter, version, part), in SQL."""
    before_part = Func(number, Value("BCDEFGHIJKLMNOPQRSTUVWXYZ"), function="RTRIM", output_field=CharField())
    with_letter = Func(before_part, Value("0123456789"), function="RTRIM", output_field=CharField())
    return Substr(with_letter, 1, Length(with_letter) - 1), Substr(number, Length(before_part) + 1)


def _latest(scope: Scope) -> QuerySet[RemittanceClaimRow, Any]:
    by_claim = _waiting(scope).values("claim_id").annotate(first=Min("id")).order_by("first")
    return by_claim.values_list("claim_id", "first")


def batches_to_write(scope: Scope) -> list[Batch]:
    """Batches whose file may not be where it belongs yet: write `content` to `file_name`, then `mark_sent`."""
    waiting = [row_id for (row_id,) in asked(scope, Batch, _prepared)]
    return list(scope.rows(Batch).filter(id__in=waiting).order_by("id")) if waiting else []


def _prepared(scope: Scope) -> QuerySet[Batch, Any]:
    return scope.rows(Batch).filter(state=BatchState.PREPARED).values_list("id")


def files_to_finish(scope: Scope) -> list[ReceivedFile]:
    """Files that a stopped run left unfinished."""
    unfinished = [row_id for (row_id,) in asked(scope, ReceivedFile, _unfinished)]
    return list(scope.rows(ReceivedFile).filter(id__in=unfinished).order_by("id")) if unfinished else []


def _unfinished(scope: Scope) -> QuerySet[ReceivedFile, Any]:
    return scope.rows(ReceivedFile).filter(outcome=FileOutcome.RECEIVED).values_list("id")


def count_by_state(scope: Scope) -> dict[str, tuple[int, int]]:
    """(number, cents charged) of claims per state; every state is named."""
    rows = scope.rows(ClaimRow).values_list("state").annotate(count=Count("id"), charge=Sum("charge")).order_by()
    return {state.value: (0, 0) for state in ClaimState} | {state: (count, charge) for state, count, charge in rows}


def stored(row: ClaimRow) -> StoredClaim:
    """A row as a StoredClaim."""
    return _stored(*(getattr(row, column) for column in _COLUMNS))


_COLUMNS = (
    "id", "encounter_id", "control_number", "payer_key", "next_payer_key", "state", "doc", "findings",
    "payer_control_number", "rejected_once",
)  # fmt: skip


def _stored(
    row_id: int,
    encounter_id: int,
    control_number: str,
    payer_key: str,
    next_payer: str,
    state: str,
    doc: str,
    findings: str,
    payer_control_number: str,
    rejected_once: bool,
) -> StoredClaim:
    where = f"claim {control_number}"
    return StoredClaim(
        id=row_id,
        encounter_id=encounter_id,
        control_number=control_number,
        payer_key=payer_key,
        next_payer=next_payer,
        state=state,
        claim=decoded(doc, Claim, where),
        findings=decoded(findings, tuple[Finding, ...], where),
        payer_control_number=payer_control_number,
        rejected_once=rejected_once,
    )
