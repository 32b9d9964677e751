"""What posting a remittance would do, claim by claim and line by line. Nothing is written."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import LineBalance
from superbill.app.remits.lookup import SentClaims
from superbill.app.remits.payments import Arrived, Payment, waits, whole
from superbill.app.rows import found
from superbill.findings import Finding
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Balance, Entry
from superbill.ledger.proof import added, line_changes
from superbill.money import Cents
from superbill.remits.identity import content_key
from superbill.remits.model import ClaimOutcome, PostingPlan
from superbill.remits.plan import only_incomplete, plan_posting
from superbill.x12.model import Remittance

_PREVIEW = "preview"


class LinePreview(Struct, frozen=True, kw_only=True):
    """One charge line before and after."""

    key: str
    before: Balance
    after: Balance


class ClaimPreview(Struct, frozen=True, kw_only=True):
    """One answer: what would become of it, on which of the claim's lines."""

    position: int
    control_number: str
    status: str
    charge: Cents
    paid: Cents
    outcome: str
    bill_next: bool
    lines: tuple[LinePreview, ...]
    findings: tuple[Finding, ...]


class Preview(Struct, frozen=True, kw_only=True):
    """`already`: it is posted, and nothing would be done. `held`: nothing would be posted, `findings` say why.

    `accounts` is what the payment would move onto the accounts that are about no line, debit positive.
    """

    trace_number: str
    payment_amount: Cents
    already: bool
    held: bool
    entries: int
    claims: tuple[ClaimPreview, ...]
    accounts: dict[str, Cents]
    findings: tuple[Finding, ...]


def preview_remittance(scope: Scope, remittance: Remittance, *, payer_key: str, origin: str = "835") -> Preview:
    """What `post_remittance` would do with it now. The last missing part of a payment is shown as the whole payment."""
    arrived = Arrived(remittance=remittance, key=content_key(remittance), payer_key=payer_key, origin=origin)
    payment = Payment(scope, arrived)
    own = payment.row(arrived.key)
    teller = payment.whole_of(own) if own else payment.told_by(remittance)
    if teller and teller.posted:
        return _shown(scope, remittance, PostingPlan(), already=True)
    held = payment.contradiction(own)
    if held:
        return _shown(scope, remittance, held)
    plan = _planned(scope, remittance, payer_key)
    if only_incomplete(plan):
        waiting = payment.waiting(own)
        together = whole([*(row.remittance for row in waiting), remittance])
        if together is None:
            return _shown(scope, remittance, waits(remittance, waiting))
        remittance, plan = together, _planned(scope, together, payer_key)
    return _shown(scope, remittance, plan)


def _planned(scope: Scope, remittance: Remittance, payer_key: str) -> PostingPlan:
    sent = SentClaims(scope, payer_key, remittance.claims)
    return plan_posting(remittance, payer=payer_key, find=sent.find, source=_PREVIEW)


def _shown(scope: Scope, remittance: Remittance, plan: PostingPlan, *, already: bool = False) -> Preview:
    before = _balances(scope, {key for outcome in plan.outcomes for key in outcome.line_keys})
    after = _after(before, plan.entries)
    return Preview(
        trace_number=remittance.trace_number,
        payment_amount=remittance.payment_amount,
        already=already,
        held=plan.held,
        entries=len(plan.entries),
        claims=tuple(_claim(remittance, outcome, before, after) for outcome in plan.outcomes),
        accounts=_accounts(plan.entries),
        findings=plan.findings,
    )


def _claim(
    remittance: Remittance, outcome: ClaimOutcome, before: dict[str, Balance], after: dict[str, Balance]
) -> ClaimPreview:
    told = remittance.claims[outcome.position]
    return ClaimPreview(
        position=outcome.position,
        control_number=told.control_number,
        status=told.status,
        charge=told.charge,
        paid=told.paid,
        outcome=outcome.state,
        bill_next=outcome.bill_next,
        lines=tuple(
            LinePreview(key=key, before=before.get(key, Balance()), after=after.get(key, Balance()))
            for key in outcome.line_keys
        ),
        findings=outcome.findings,
    )


def _balances(scope: Scope, keys: Iterable[str]) -> dict[str, Balance]:
    names = Balance.__struct_fields__
    rows = found(scope, LineBalance, "line__key", keys, "line__key", *names)
    return {row[0]: Balance(**dict(zip(names, row[1:], strict=True))) for row in rows}


def _after(before: dict[str, Balance], entries: Sequence[Entry]) -> dict[str, Balance]:
    after = dict(before)
    for entry in entries:
        for line, change in line_changes(entry).items():
            after[line] = added(after.get(line, Balance()), change)
    return after


def _accounts(entries: Sequence[Entry]) -> dict[str, Cents]:
    sums: dict[str, Cents] = {}
    for entry in entries:
        for posting in entry.postings:
            if not posting.line and posting.account is not Account.CLEARING:
                sums[posting.account.value] = sums.get(posting.account.value, 0) + posting.amount
    return {account: amount for account, amount in sums.items() if amount}
