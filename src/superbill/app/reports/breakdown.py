"""The reasons behind the totals: why visits were not billed, what rules found, what payers refused and how late."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Min, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import LineBalance, Posting
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import decoded
from superbill.app.encounters.models import EncounterRow, EncounterState
from superbill.app.remits.models import RemittanceClaimRow
from superbill.findings import Finding, Severity
from superbill.ledger.accounts import Account
from superbill.money import Cents


class FateCount(Struct, frozen=True):
    """Visits in `state` for one reason."""

    state: str
    why: str
    count: int


class RuleTotal(Struct, frozen=True):
    """How often a rule found something, with one of its findings as the example."""

    rule: str
    count: int
    example: Finding


class RefusedTotal(Struct, frozen=True):
    """Money that stands refused under one adjustment reason: lines and cents."""

    payer: str
    group: str
    code: str
    lines: int
    amount: Cents


def fates(scope: Scope) -> list[FateCount]:
    """Every visit by state; those not billed also by the first finding that says why. Most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    rows = scope.rows(EncounterRow).order_by().values_list("state", "findings", "account_number")
    for state, text, account in rows.iterator(chunk_size=2000):
        why = ""
        if state in (EncounterState.NOT_BILLABLE, EncounterState.HELD):
            findings = decoded(text, tuple[Finding, ...], f"encounter {account}")
            graver = sorted(findings, key=lambda finding: list(Severity).index(finding.severity))
            why = graver[0].rule if graver else ""
        counts[state, why] += 1
    return [FateCount(state, why, count) for (state, why), count in counts.most_common()]


def rule_totals(scope: Scope) -> list[RuleTotal]:
    """Findings on claims and visits by rule, most frequent first; notes that only inform are left out."""
    counts: Counter[str] = Counter()
    examples: dict[str, Finding] = {}
    claims = scope.rows(ClaimRow).exclude(findings="[]").order_by("id").values_list("findings", "control_number")
    visits = scope.rows(EncounterRow).exclude(findings="[]").order_by("id").values_list("findings", "account_number")
    for rows in (claims, visits):
        for text, where in rows.iterator(chunk_size=2000):
            for finding in decoded(text, tuple[Finding, ...], where):
                if finding.severity in (Severity.ERROR, Severity.WARNING):
                    counts[finding.rule] += 1
                    examples.setdefault(finding.rule, finding)
    return [RuleTotal(rule, count, examples[rule]) for rule, count in counts.most_common()]


def refused(scope: Scope) -> list[RefusedTotal]:
    """What stands in DENIED, by payer and reason, largest first."""
    rows = scope.rows(Posting).filter(account=Account.DENIED.value)
    sums = rows.values_list("payer", "reason_group", "reason_code").annotate(
        lines=Count("line", distinct=True), total=Sum("amount")
    )
    found = [RefusedTotal(*row) for row in sums.order_by() if row[-1]]
    return sorted(found, key=lambda one: (-one.amount, one.payer, one.group, one.code))


def days_to_pay(scope: Scope) -> dict[str, Decimal]:
    """Mean days from sending a claim to the first payment that answered it, per payer."""
    rows = scope.rows(RemittanceClaimRow).filter(claim__batch__isnull=False, state="posted")
    days: dict[str, list[int]] = {}
    columns = ("claim__payer_key", "claim__batch__created", "first")
    answered = rows.values("claim_id").annotate(first=Min("remittance__payment_date")).order_by()
    for payer, sent, first in answered.values_list(*columns):
        days.setdefault(payer, []).append((first - sent.date()).days)
    return {payer: Decimal(sum(some)) / len(some) for payer, some in days.items()}


YEAR = 365


def days_in_receivable(scope: Scope, as_of: date) -> Decimal | None:
    """Days in accounts receivable: open balances over the average daily charge of the year before `as_of`."""
    lines = scope.rows(LineBalance)
    open_now = lines.aggregate(insurance=Sum("insurance"), patient=Sum("patient"))
    recent = lines.filter(line__service_start__gt=as_of - timedelta(days=YEAR), line__service_start__lte=as_of)
    charged = recent.aggregate(total=Sum("charge"))["total"]
    if not charged:
        return None
    receivable = (open_now["insurance"] or 0) + (open_now["patient"] or 0)
    return Decimal(receivable) / (Decimal(charged) / YEAR)
