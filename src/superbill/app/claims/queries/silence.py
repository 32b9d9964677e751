"""Claims that went out and came to nothing yet: refused on the way, or without an answer."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.db.models import Q, QuerySet
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.claims.deadlines import filing_deadline
from superbill.app.claims.models import BatchState, ClaimEvent, ClaimRow, ClaimState
from superbill.app.claims.queries.payers import payer_book
from superbill.app.documents import decoded
from superbill.app.practices.queries import policy
from superbill.claims.model import Claim
from superbill.findings import Finding
from superbill.money import Cents
from superbill.site import PayerEntry
from superbill.site.policy import MoneyPolicy

Stage = Literal["999", "277CA", "835"]


class Waiting(Struct, frozen=True, kw_only=True):
    """A claim that waits: for the acknowledgement of its file (999), of itself (277CA), or for its answer (835).

    `since` the day on which the wait began, `file_by` the last day to file it with this payer; None: no limit known.
    """

    id: int
    control_number: str
    payer_key: str
    charge: Cents
    stage: Stage
    since: date
    file_by: date | None
    batch: int | None = None


class Refused(Struct, frozen=True, kw_only=True):
    """A claim that a 999, TA1 or 277CA refused and that nobody has sent anew; `findings` say why."""

    id: int
    control_number: str
    payer_key: str
    charge: Cents
    since: date
    file_by: date | None
    findings: tuple[Finding, ...]


class EventFacts(Struct, frozen=True, kw_only=True):
    """One step of a claim on its way to the payer."""

    what: str
    at: datetime
    by: str
    reference: str
    text: str
    file: str


def silent_claims(scope: Scope, on: date) -> Iterator[Waiting]:
    """Claims that have waited longer than the practice's policy allows, oldest first."""
    rules, payers = policy(scope), payer_book(scope)
    columns = ("id", "control_number", "payer_key", "charge", "state", "state_since", "batch_id", "on_paper")
    more = ("batch__state", "batch__created", "batch__answered", "doc")
    for row in _under_way(scope).values_list(*columns, *more).iterator(chunk_size=500):
        row_id, number, payer, charge, state, since, batch, on_paper, batch_state, made, answered, doc = row
        entry = payers.get(payer)
        stage, began = _stage(state, since, batch_state, made, answered)
        days = _patience(stage, rules, entry, on_paper=on_paper)
        if began.date() + timedelta(days=days) > on:
            continue
        claim = decoded(doc, Claim, f"claim {number}")
        yield Waiting(
            id=row_id,
            control_number=number,
            payer_key=payer,
            charge=charge,
            stage=stage,
            since=began.date(),
            file_by=filing_deadline(claim, entry),
            batch=batch,
        )


def _under_way(scope: Scope) -> QuerySet[ClaimRow]:
    rows = scope.rows(ClaimRow).filter(state__in=(ClaimState.SENT.value, ClaimState.ACCEPTED.value))
    return rows.filter(Q(batch__isnull=True) | ~Q(batch__state=BatchState.PREPARED.value)).order_by("state_since", "id")


def _stage(
    state: str, since: datetime, batch_state: str | None, made: datetime | None, answered: datetime | None
) -> tuple[Stage, datetime]:
    """What a claim waits for, and since when. One that was mailed is never acknowledged."""
    if state == ClaimState.ACCEPTED or batch_state is None:
        return "835", since
    if batch_state == BatchState.ACKNOWLEDGED:
        return "277CA", answered or made or since
    return "999", made or since


def _patience(stage: Stage, rules: MoneyPolicy, entry: PayerEntry | None, *, on_paper: bool) -> int:
    first, second, third = rules.silence_days
    if stage != "835":
        return first if stage == "999" else second
    kind = entry.kind if entry else ""
    return rules.answer_days.get(kind, third) + (rules.mailed_days if on_paper else 0)


def refused_claims(scope: Scope) -> Iterator[Refused]:
    """Rejected claims without a later version, oldest first."""
    payers = payer_book(scope)
    rows = scope.rows(ClaimRow).filter(state=ClaimState.REJECTED.value).order_by("state_since", "id")
    replaced = set(scope.rows(ClaimRow).filter(replaces__isnull=False).values_list("replaces_id", flat=True))
    columns = ("id", "control_number", "payer_key", "charge", "state_since", "findings", "doc")
    for row_id, number, payer, charge, since, findings, doc in rows.values_list(*columns).iterator(chunk_size=500):
        if row_id in replaced:
            continue
        claim = decoded(doc, Claim, f"claim {number}")
        yield Refused(
            id=row_id,
            control_number=number,
            payer_key=payer,
            charge=charge,
            since=since.date(),
            file_by=filing_deadline(claim, payers.get(payer)),
            findings=decoded(findings, tuple[Finding, ...], f"claim {number}"),
        )


def claims_to_ask_about(scope: Scope, on: date) -> list[int]:
    """Claims (row ids) that their payers accepted so long ago that asking pays (276), oldest first."""
    rules, payers = policy(scope), payer_book(scope)
    rows = scope.rows(ClaimRow).filter(state=ClaimState.ACCEPTED.value, on_paper=False).order_by("state_since", "id")
    due = []
    for row_id, payer, since in rows.values_list("id", "payer_key", "state_since"):
        entry = payers.get(payer)
        days = rules.inquiry_days.get(entry.kind if entry else "", rules.inquiry_days.get("", rules.silence_days[2]))
        if (entry is None or entry.electronic_status) and since.date() + timedelta(days=days) <= on:
            due.append(row_id)
    return due


def events_of(scope: Scope, claims: Sequence[int]) -> list[EventFacts]:
    """What happened to these claims (row ids; a claim and its earlier versions) on their way, in order."""
    columns: tuple[str, ...] = ("what", "at", "by", "reference", "text", "batch__file_name")
    rows: Any = scope.rows(ClaimEvent).filter(claim_id__in=claims).order_by("id").values_list(*columns)
    return [
        EventFacts(what=what, at=at, by=by, reference=reference, text=text, file=file or "")
        for what, at, by, reference, text, file in rows
    ]


def versions_of(scope: Scope, claim: int) -> list[int]:
    """A claim (row id) and the versions that it replaces, the latest first."""
    versions: list[int] = []
    before: int | None = claim
    while before is not None:
        versions.append(before)
        before = scope.rows(ClaimRow).filter(pk=before).values_list("replaces_id", flat=True).first()
    return versions
