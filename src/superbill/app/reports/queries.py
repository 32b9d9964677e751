"""Totals for the report: the funnel from visit to claim, and the money from charge to cash."""

from django.db.models import Count, Q, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import JournalEntry, LineBalance, Posting
from superbill.app.claims.models import ClaimRow, ClaimState
from superbill.app.claims.queries import count_by_state as claims_by_state
from superbill.app.encounters.queries import count_by_state as visits_by_state
from superbill.ledger.accounts import ADJUSTMENTS, INSURANCE_BALANCE, Account
from superbill.money import Cents

NEVER_SENT = (ClaimState.HELD.value, ClaimState.READY.value)


class Money(Struct, frozen=True, kw_only=True):
    """Charge = insurance paid + patient paid + adjusted + insurance balance + patient balance. `denied` is part of
    the insurance balance."""

    charge: Cents
    insurance_paid: Cents
    patient_paid: Cents
    adjusted: Cents
    insurance: Cents
    denied: Cents
    patient: Cents


class PayerTotals(Struct, frozen=True, kw_only=True):
    """One payer: claims as billed to it, and money under its key in the journal."""

    payer: str
    claims: int
    charge: Cents
    rejected: int
    denied_claims: int
    paid: Cents
    adjusted: Cents
    insurance: Cents


class Totals(Struct, frozen=True, kw_only=True):
    """Everything that the summary says. `visits` and `claims` by state; `unapplied` patient money on no line yet.

    `clean_rate`: the share of claims sent that no 999 or 277CA has rejected; None before any was sent. `suspense` is
    paid for claims that can't be identified, `provider_level` and `interest` as in the chart of accounts; credit
    balances are positive here.
    """

    visits: dict[str, int]
    claims: dict[str, int]
    visit_count: int
    claim_count: int
    sent: int
    rejected_once: int
    clean_rate: float | None
    money: Money
    payers: tuple[PayerTotals, ...]
    entries: int
    postings: int
    unapplied: Cents
    suspense: Cents
    provider_level: Cents
    interest: Cents


def totals(scope: Scope) -> Totals:
    """All figures, in a handful of statements whatever the number of rows."""
    visits = visits_by_state(scope)
    claims = {state: count for state, (count, _) in claims_by_state(scope).items()}
    rows = scope.rows(ClaimRow)
    sent = rows.exclude(state__in=NEVER_SENT).count()
    rejected = rows.filter(rejected_once=True).count()
    loose = [
        account.value for account in (Account.UNAPPLIED, Account.SUSPENSE, Account.PROVIDER_LEVEL, Account.INTEREST)
    ]
    sums = scope.rows(Posting).filter(account__in=loose).values_list("account").annotate(total=Sum("amount"))
    credit = {account: -total for account, total in sums.order_by()}
    return Totals(
        visits=visits,
        claims=claims,
        visit_count=sum(visits.values()),
        claim_count=sum(claims.values()),
        sent=sent,
        rejected_once=rejected,
        clean_rate=(sent - rejected) / sent if sent else None,
        money=_money(scope),
        payers=_payers(scope),
        entries=scope.rows(JournalEntry).count(),
        postings=scope.rows(Posting).count(),
        unapplied=credit.get(Account.UNAPPLIED.value, 0),
        suspense=credit.get(Account.SUSPENSE.value, 0),
        provider_level=credit.get(Account.PROVIDER_LEVEL.value, 0),
        interest=credit.get(Account.INTEREST.value, 0),
    )


def _money(scope: Scope) -> Money:
    names = ("charge", "paid", "patient_paid", "adjusted", "insurance", "denied", "patient")
    sums = scope.rows(LineBalance).aggregate(**{f"all_{name}": Sum(name) for name in names})
    found = {name: sums[f"all_{name}"] or 0 for name in names}
    return Money(insurance_paid=found.pop("paid") - found["patient_paid"], **found)


def _payers(scope: Scope) -> tuple[PayerTotals, ...]:
    by_account: dict[str, dict[str, Cents]] = {}
    lines = scope.rows(Posting).filter(line__isnull=False).exclude(payer="").values_list("payer", "account")
    for payer, account, total in lines.annotate(total=Sum("amount")).order_by():
        by_account.setdefault(payer, {})[account] = total
    refused = Q(state__in=[ClaimState.DENIED.value, ClaimState.PARTLY_DENIED.value])
    rows = (
        scope.rows(ClaimRow)
        .values_list("payer_key")
        .annotate(
            claims=Count("id"),
            charge=Sum("charge"),
            rejected=Count("id", filter=Q(rejected_once=True)),
            refused=Count("id", filter=refused),
        )
    )
    return tuple(
        PayerTotals(
            payer=payer,
            claims=claims,
            charge=charge,
            rejected=rejected,
            denied_claims=denied,
            paid=by_account.get(payer, {}).get(Account.CLEARING.value, 0),
            adjusted=sum(by_account.get(payer, {}).get(account.value, 0) for account in ADJUSTMENTS),
            insurance=sum(by_account.get(payer, {}).get(account.value, 0) for account in INSURANCE_BALANCE),
        )
        for payer, claims, charge, rejected, denied in rows.order_by("payer_key")
    )
