"""Claims as they are kept: one, many, those to send."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import ClaimRow, ClaimState
from superbill.app.documents import decoded
from superbill.app.rows import asked, chunks, found
from superbill.claims.model import Claim
from superbill.findings import Finding


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
    rows = scope.rows(ClaimRow).filter(state=ClaimState.READY, on_paper=False).order_by("service_start", "id")
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


def later_version(scope: Scope, claim_id: int) -> str:
    """The control number of the version that replaces this claim (row id); "" when none does."""
    rows = scope.rows(ClaimRow).filter(replaces_id=claim_id)
    return rows.values_list("control_number", flat=True).first() or ""


def claim(scope: Scope, control_number: str) -> StoredClaim | None:
    """The claim of this control number."""
    row = scope.rows(ClaimRow).filter(control_number=control_number).first()
    return stored(row) if row else None


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
