"""Whatever way a payment comes, in whole or in parts, in any order, each of its events is told once and to the cent."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from superbill.claims.model import Adjustment, Procedure
from superbill.codesets.plb.lookup import all_reasons
from superbill.effective import Period
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Posting, balances, reversal
from superbill.remits import ChargeLine, SentClaim, plan_posting, standing
from superbill.remits.identity import contains, content_key, joined
from superbill.x12.model import ProviderAdjustment, Remittance, RemittanceClaim, RemittanceLine

DAY = date(2026, 3, 2)
LINES = {
    number: ChargeLine(key=f"{number}-1", procedure=Procedure("99213"), charge=charge, service=Period(DAY, DAY))
    for number, charge in (("A", 180_00), ("B", 75_00), ("C", 12_34), ("D", 99))
}
REASONS = sorted(all_reasons())


@st.composite
def answers(draw):
    number = draw(st.sampled_from([*LINES, "Z"]))  # Z is not ours
    line = LINES.get(number, LINES["A"])
    paid = draw(st.integers(0, line.charge))
    told = RemittanceLine(
        procedure=line.procedure,
        charge=line.charge,
        paid=paid,
        control_number=line.key,
        adjustments=(Adjustment("CO", draw(st.sampled_from(["45", "50", "B13", "18"])), line.charge - paid),),
    )
    return RemittanceClaim(control_number=number, status="1", charge=told.charge, paid=paid, lines=(told,))


@st.composite
def payments(draw):
    """A payment of claims, some said twice, and provider-level adjustments; never less than nothing."""
    claims = tuple(draw(st.lists(answers(), min_size=1, max_size=6)))
    adjustments = [
        ProviderAdjustment(
            npi="1234567893", fiscal_year_end=DAY, reason=draw(st.sampled_from(REASONS)), reference="R", amount=amount
        )
        for amount in draw(st.lists(st.integers(-50_00, 50_00).filter(bool), max_size=3))
    ]
    amount = sum(claim.paid for claim in claims) - sum(each.amount for each in adjustments)
    if amount < 0:
        forward = ProviderAdjustment(npi="1234567893", fiscal_year_end=DAY, reason="FB", reference="F", amount=amount)
        adjustments.append(forward)
    return Remittance(
        payer_name="P", payer_id="P1", payee_name="Q", payee_npi="1234567893", trace_number="T", originator_id="1",
        payment_amount=max(amount, 0), payment_date=DAY, claims=claims, provider_adjustments=tuple(adjustments),
    )  # fmt: skip


@st.composite
def parts(draw):
    """A payment without two events that say the same, and parts that tell all of it, overlapping, in any order."""
    told = draw(payments())
    whole = replace(
        told,
        claims=tuple(replace(claim, payer_control_number=str(at)) for at, claim in enumerate(told.claims)),
        provider_adjustments=tuple(
            replace(each, reference=str(at)) for at, each in enumerate(told.provider_adjustments)
        ),
    )
    count = draw(st.integers(1, 4))
    where = [draw(st.sets(st.integers(0, count - 1), min_size=1)) for _ in whole.claims]
    beside = [draw(st.sets(st.integers(0, count - 1), min_size=1)) for _ in whole.provider_adjustments]
    made = [
        replace(
            whole,
            claims=tuple(claim for claim, places in zip(whole.claims, where, strict=True) if part in places),
            provider_adjustments=tuple(
                each for each, places in zip(whole.provider_adjustments, beside, strict=True) if part in places
            ),
        )
        for part in range(count)
    ]
    return whole, draw(st.permutations(made))


def sent(entries):
    def find(claim):
        line = LINES.get(claim.control_number)
        if line is None:
            return None
        on = [p for e in entries for p in e.postings if p.line == line.key and p.payer == "p"]
        return SentClaim(
            control_number=claim.control_number,
            payer="p",
            lines=(line,),
            insurance={line.key: sum(p.amount for p in on if p.account in (Account.INSURANCE, Account.DENIED))},
            denied={line.key: sum(p.amount for p in on if p.account is Account.DENIED)},
            posted=standing(entries, "p"),
        )

    return find


def charged():
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
        for line in LINES.values()
    ]


def posted(remit, entries):
    return plan_posting(remit, payer="p", find=sent(entries), source="835:1:T", accepted=True)


def account(entries, name):
    return sum(p.amount for e in entries for p in e.postings if p.account is name and not p.line)


@given(parts())
def test_parts_in_any_order_make_the_payment_with_each_event_told_once(told):
    whole, some = told
    together = joined(some)
    assert all(contains(together, part) for part in some)
    assert content_key(together) == content_key(whole)
    assert posted(together, charged()).held == posted(whole, charged()).held


@given(payments(), st.randoms(use_true_random=False))
def test_the_order_of_a_payment_changes_no_key_and_no_amount(whole, random):
    turned = list(whole.claims)
    random.shuffle(turned)
    other = replace(whole, claims=tuple(turned), provider_adjustments=whole.provider_adjustments[::-1])
    assert content_key(other) == content_key(whole)
    one, two = posted(whole, charged()), posted(other, charged())
    assert {entry.key for entry in one.entries if entry.kind in ("deposit", "provider adjustment")} == {
        entry.key for entry in two.entries if entry.kind in ("deposit", "provider adjustment")
    }
    assert account(one.entries, Account.CASH) == account(two.entries, Account.CASH)


@given(payments())
def test_what_is_posted_is_the_payment_and_what_was_forwarded(whole):
    entries = charged()
    plan = posted(whole, entries)
    assert not plan.held
    entries += plan.entries
    claims = sum(p.amount for e in plan.entries for p in e.postings if p.account is Account.CLEARING and p.line)
    beside = sum(each.amount for each in whole.provider_adjustments)
    suspense = account(plan.entries, Account.SUSPENSE)
    assert account(entries, Account.CASH) == whole.payment_amount == claims - suspense - beside
    assert sum(p.amount for e in entries for p in e.postings if p.account is Account.CLEARING) == 0
    assert all(balance.explained for balance in balances(entries).values())
    assert len({entry.key for entry in entries}) == len(entries)
    assert posted(whole, charged()).entries == plan.entries  # planned again, it is the same


@given(payments())
def test_taking_a_payment_back_leaves_the_books_as_they_were_and_it_posts_again_alike(whole):
    entries = charged()
    plan = posted(whole, entries)
    entries += plan.entries
    taken = {entry.reverses for entry in plan.entries}
    entries += [
        reversal(entry, key=f"undo {entry.key}", on=DAY)
        for entry in reversed(plan.entries)
        if entry.key not in taken and not entry.reverses
    ]
    assert balances(entries) == balances(charged())
    assert account(entries, Account.CASH) == account(entries, Account.SUSPENSE) == 0
    again = plan_posting(whole, payer="p", find=sent(entries), source="835:1:T#2", accepted=True)
    assert balances([*entries, *again.entries]) == balances([*charged(), *plan.entries])
    assert not {entry.key for entry in again.entries} & {entry.key for entry in entries}
