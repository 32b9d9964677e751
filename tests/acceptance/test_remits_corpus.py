"""Every payment of the shared 835 files that balances is posted against claims made from it, to the cent."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from superbill.claims.model import Procedure
from superbill.effective import Period
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Posting, balances
from superbill.remits import ChargeLine, SentClaim, plan_posting
from superbill.remits.balancing import imbalances
from superbill.x12 import X12ReadError, identify, read_835

DATA = Path(__file__).parents[3] / "shared" / "data" / "x12"
DAY = date(2026, 1, 1)


def payments():
    """Every remittance of every 835 that can be read."""
    for path in sorted(DATA.rglob("*")):
        if not path.is_file() or path.stat().st_size > 2_000_000:
            continue
        data = path.read_bytes()
        try:
            if {name for name, _ in identify(data)} == {"835"}:
                yield from (remittance for _, remittance in read_835(data))
        except X12ReadError:
            continue


def claims_of(remittance):
    """The claims that the remittance answers, as they must have been sent, by control number. One that is answered in
    several parts has the lines of all; one that is only taken back has those that are taken back."""
    lines = {}
    for claim in sorted(remittance.claims, key=lambda claim: claim.status == "22"):
        if claim.status == "22" and claim.control_number in lines:
            continue
        own = lines.setdefault(claim.control_number, [])
        for line in [line for line in claim.lines if line.charge] or [None]:
            own.append(
                ChargeLine(
                    key=f"{claim.control_number}-{len(own) + 1}",
                    procedure=(line.submitted_procedure or line.procedure) if line else Procedure(""),
                    revenue_code=line.revenue_code if line else "",
                    charge=abs(line.charge if line else claim.charge),
                    service=line.service if line else Period(),
                )
            )
    return lines


def charged(lines):
    return [
        Entry(
            key=f"charge {line.key}",
            kind="charge",
            on=DAY,
            postings=(
                Posting(account=Account.INSURANCE, amount=line.charge, line=line.key, payer="p"),
                Posting(account=Account.CHARGES, amount=-line.charge, line=line.key),
            ),
        )
        for some in lines.values()
        for line in some
        if line.charge
    ]


def posted(remittance, lines):
    def find(claim):
        own = tuple(lines[claim.control_number])
        insurance = {one.key: one.charge for one in own}
        return SentClaim(control_number=claim.control_number, payer="p", lines=own, insurance=insurance)

    return plan_posting(remittance, payer="p", find=find, source="835:1:1", accepted=True)


def on(entries, *accounts):
    return sum(p.amount for e in entries for p in e.postings if p.account in accounts)


@pytest.mark.shared_data
@pytest.mark.skipif(not DATA.is_dir(), reason="the shared 835 files are not here")
def test_every_payment_that_balances_is_posted_to_the_cent():
    outcomes = Counter()
    for remittance in payments():
        if imbalances(remittance):
            continue
        lines = claims_of(remittance)
        plan = posted(remittance, lines)
        if plan.held:
            outcomes["no payment"] += 1
            continue
        outcomes.update(outcome.state for outcome in plan.outcomes)
        outcomes["payments"] += 1
        beside = sum(each.amount for each in remittance.provider_adjustments)
        inside = [entry for entry in plan.entries if ":plb:" not in entry.key]
        to_lines = sum(p.amount for e in inside for p in e.postings if p.line and p.account is Account.CLEARING)
        claims = to_lines - on(inside, Account.SUSPENSE, Account.INTEREST)
        assert on(plan.entries, Account.CLEARING) == 0
        assert on(plan.entries, Account.CASH) == remittance.payment_amount == claims - beside
        assert all(balance.explained for balance in balances([*charged(lines), *plan.entries]).values())
    answered = sum(outcomes[state] for state in ("paid", "partly_denied", "denied", "reversed"))
    assert outcomes["payments"] >= 50
    # Reversals of what no file pays, and a stay told in two halves, wait for a person: rightly.
    assert answered > 10 * outcomes["held"], outcomes
