"""The cases behind key figures that claims, answers and appeals tell of."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet

from superbill.app.accounts.actors import Scope
from superbill.app.audit.models import AuditEvent
from superbill.app.claims.models import ClaimRow, OverrideRow
from superbill.app.denials.models import DenialStep, StepKind
from superbill.app.documents import decoded
from superbill.app.remits.models import RemittanceClaimRow
from superbill.app.reports.actions import EventIds
from superbill.app.reports.cases import Case, Period

_JUDGED = ("paid", "partly_denied", "denied")
REFUSED = ("partly_denied", "denied")
_WON = ("overturned", "partly")
_DECIDED = (*_WON, "upheld", "dismissed")


def clean_claims(scope: Scope, period: Period) -> Iterator[Case]:
    """Claims sent; clean when nothing and nobody had to touch them."""
    unclean = touched(scope)
    for row_id, number, payer, sent, _, rejected in _sent(scope, period):
        yield Case(number, sent.date(), int(not rejected and row_id not in unclean), 1, payer, claim_id=row_id)


def rejected_claims(scope: Scope, period: Period) -> Iterator[Case]:
    """Claims sent, and of them those that were rejected."""
    for row_id, number, payer, sent, _, rejected in _sent(scope, period):
        yield Case(number, sent.date(), int(rejected), 1, payer, claim_id=row_id)


def rejected_dollars(scope: Scope, period: Period) -> Iterator[Case]:
    """The same by charge."""
    for row_id, number, payer, sent, charge, rejected in _sent(scope, period):
        yield Case(number, sent.date(), charge if rejected else 0, charge, payer, claim_id=row_id)


def denied_claims(scope: Scope, period: Period) -> Iterator[Case]:
    """Answers, and of them those that refused something."""
    rows = answers(scope).filter(remittance__payment_date__range=period)
    columns = ("claim_id", "control_number", "claim__payer_key", "remittance__payment_date", "outcome")
    for claim, number, payer, day, outcome in rows.values_list(*columns).iterator(chunk_size=5000):
        yield Case(number, day, int(outcome in REFUSED), 1, payer, claim_id=claim)


def first_pass(scope: Scope, period: Period) -> Iterator[Case]:
    """First submissions by their first answer: resolved when it refused nothing and nothing was rejected before."""
    for claim, number, payer, day, outcome, rejected, _ in _first_answers(scope, period, original=True):
        yield Case(number, day, int(outcome == "paid" and not rejected), 1, payer, claim_id=claim)


def days_to_pay(scope: Scope, period: Period) -> Iterator[Case]:
    """Days from the batch to the first answer."""
    for claim, number, payer, day, _, _, sent in _first_answers(scope, period, original=False):
        if sent is not None:
            yield Case(number, day, (day - sent.date()).days, 1, payer, claim_id=claim)


def appeals_won(scope: Scope, period: Period) -> Iterator[Case]:
    """Decisions on appeals, and of them those for us."""
    rows = scope.rows(DenialStep).filter(
        kind=StepKind.DECISION.value, level__gt=0, on__range=period, outcome__in=_DECIDED
    )
    columns = ("claim_id", "claim__control_number", "payer", "on", "outcome")
    for claim, number, payer, day, outcome in rows.order_by("id").values_list(*columns).iterator():
        yield Case(number, day, int(outcome in _WON), 1, payer, claim_id=claim)


def _sent(scope: Scope, period: Period) -> Iterator[tuple[Any, ...]]:
    first = datetime.combine(period.first, time(), UTC)
    after = datetime.combine(period.last + timedelta(days=1), time(), UTC)
    rows = scope.rows(ClaimRow).filter(batch__created__gte=first, batch__created__lt=after)
    columns = ("id", "control_number", "payer_key", "batch__created", "charge", "rejected_once")
    return iter(rows.values_list(*columns).iterator(chunk_size=5000))


def answers(scope: Scope) -> QuerySet[RemittanceClaimRow]:
    """What payers answered to our claims, as far as it is posted and decided something."""
    return scope.rows(RemittanceClaimRow).filter(claim__isnull=False, outcome__in=_JUDGED, state="posted")


def _first_answers(scope: Scope, period: Period, *, original: bool) -> Iterator[tuple[Any, ...]]:
    """Answers in the period to claims that had none before, each claim once."""
    rows = answers(scope).filter(remittance__payment_date__lte=period.last)
    if original:
        rows = rows.filter(claim__frequency="1", claim__replaces__isnull=True)
    columns = (
        "claim_id", "control_number", "claim__payer_key", "remittance__payment_date", "outcome",
        "claim__rejected_once", "claim__batch__created",
    )  # fmt: skip
    here = rows.filter(remittance__payment_date__gte=period.first).values("claim_id")
    before: int | None = None
    ordered = rows.filter(claim_id__in=here).order_by("claim_id", "remittance__payment_date", "id")
    for row in ordered.values_list(*columns).iterator(chunk_size=5000):
        if row[0] != before and row[3] >= period.first:
            yield row
        before = row[0]


def touched(scope: Scope) -> set[int]:
    """Claims that an edit has held (they were released later, or still are), or that a person decided about."""
    held = set(scope.rows(OverrideRow).values_list("claim_id", flat=True))
    events = scope.rows(AuditEvent).filter(action="release held claims", subject_kind="claim")
    for subject, detail in events.values_list("subject_id", "detail").iterator(chunk_size=2000):
        held |= {subject} if subject else set()
        held |= set(decoded(detail, EventIds, "audit event").ids) if detail else set()
    return held
