"""Whatever a payer answers, money is conserved: entries add up, lines stay explained, clearing ends at zero."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from superbill.claims.model import Adjustment, Procedure
from superbill.effective import Period
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Posting, balances
from superbill.remits import ChargeLine, SentClaim, plan_posting, standing
from superbill.x12.model import ProviderAdjustment, Remittance, RemittanceClaim, RemittanceLine

DAY = date(2026, 3, 2)
REASONS = [
    ("CO", "45"),
    ("CO", "253"),
    ("CO", "50"),
    ("CO", "97"),
    ("OA", "23"),
    ("PR", "1"),
    ("PR", "2"),
    ("PI", "16"),
]


@st.composite
def adjudicated(draw, charge):
    """Split a charge into what is paid and what adjustments explain, sometimes paying above the charge."""
    paid = draw(st.integers(0, charge + 50_00))
    left, adjustments = charge - paid, []
    for group, code in draw(st.lists(st.sampled_from(REASONS), max_size=3, unique=True)):
        part = draw(st.integers(min(0, left), max(0, left)))
        adjustments.append(Adjustment(group, code, part))
        left -= part
    if left:
        adjustments.append(Adjustment(*draw(st.sampled_from(REASONS)), left))
    return paid, tuple(adjustments)


@st.composite
def histories(draw):
    """Charge lines and what one to three payers answer, each possibly reversed and answered anew."""
    charges = draw(st.lists(st.integers(1, 500_00), min_size=1, max_size=4))
    payers = draw(st.integers(1, 3))
    rounds = []
    for payer in range(payers):
        for _ in range(draw(st.integers(1, 2))):
            rounds.append((payer, [draw(adjudicated(charge)) for charge in charges]))
    return charges, payers, rounds


def _claim(lines, answers, sign=1):
    theirs = tuple(
        RemittanceLine(
            procedure=line.procedure,
            charge=sign * line.charge,
            paid=sign * paid,
            control_number=line.key,
            adjustments=tuple(Adjustment(a.group, a.reason, sign * a.amount) for a in adjustments if a.amount),
        )
        for line, (paid, adjustments) in zip(lines, answers, strict=True)
    )
    return RemittanceClaim(
        control_number="A1P1",
        status="1" if sign > 0 else "22",
        charge=sum(line.charge for line in theirs),
        paid=sum(line.paid for line in theirs),
        lines=theirs,
    )


def _remittance(claims, interest):
    plb = (
        (ProviderAdjustment(npi="1234567893", fiscal_year_end=DAY, reason="L6", amount=-interest),) if interest else ()
    )
    owed = -min(sum(claim.paid for claim in claims) + interest, 0)
    if owed:  # a payment is never negative: what the payer takes back above it is carried forward
        plb += (ProviderAdjustment(npi="1234567893", fiscal_year_end=DAY, reason="FB", reference="T", amount=-owed),)
    return Remittance(
        payer_name="P",
        payer_id="P1",
        payee_name="Q",
        payee_npi="1234567893",
        trace_number="T",
        originator_id="1",
        payment_amount=sum(claim.paid for claim in claims) + interest + owed,
        payment_date=DAY,
        claims=claims,
        provider_adjustments=plb,
    )


def _insurance(entries, payer):
    sums = {}
    for entry in entries:
        for p in entry.postings:
            if p.line and p.payer == payer and p.account in {Account.INSURANCE, Account.DENIED}:
                sums[p.line] = sums.get(p.line, 0) + p.amount
    return sums


@given(histories(), st.integers(0, 5_00))
def test_money_is_conserved_over_payers_reversals_and_corrections(history, interest):
    charges, payers, rounds = history
    lines = tuple(
        ChargeLine(key=f"A1-{n}", procedure=Procedure("99213"), charge=charge, service=Period(DAY, DAY))
        for n, charge in enumerate(charges, 1)
    )
    entries = [
        Entry(
            key="charge",
            kind="charge",
            on=DAY,
            postings=tuple(
                Posting(account=account, amount=sign * line.charge, line=line.key, payer=payer)
                for line in lines
                for account, sign, payer in ((Account.INSURANCE, 1, "p0"), (Account.CHARGES, -1, ""))
            ),
        )
    ]
    last = {}
    for number, (payer, answers) in enumerate(rounds):
        key = f"p{payer}"
        claims = (_claim(lines, answers),)
        if payer in last:
            claims = (_claim(lines, last[payer], sign=-1), *claims)
        sent = SentClaim(
            control_number="A1P1",
            payer=key,
            next_payer=f"p{payer + 1}" if payer + 1 < payers else "",
            lines=lines,
            insurance=_insurance(entries, key),
            posted=standing(entries, key),
        )
        plan = plan_posting(_remittance(claims, interest), payer=key, find=lambda _, s=sent: s, source=f"835:{number}")
        assert not plan.held
        entries += plan.entries
        last[payer] = answers
    books = balances(entries)
    assert [books[line.key].charge for line in lines] == charges
    assert all(balance.explained for balance in books.values())
    assert sum(p.amount for e in entries for p in e.postings if p.account is Account.CLEARING) == 0
    assert not any(p.account is Account.WRITE_OFF for e in entries for p in e.postings)
    assert len({entry.key for entry in entries}) == len(entries)
