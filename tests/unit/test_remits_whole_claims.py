"""A stay that the payer answers without lines: posted by our lines' charges, taken back, refused, sent on."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.claim_kind_samples import INPATIENT

from superbill.claims.model import Adjustment, InpatientAdjudication
from superbill.findings import Severity
from superbill.ledger.accounts import Account
from superbill.remits.match import charge_lines
from superbill.remits.model import SentClaim
from superbill.remits.plan import plan_posting
from superbill.remits.posting import spread_whole
from superbill.x12.model import ProviderAdjustment, Remittance, RemittanceClaim

LINES = charge_lines(INPATIENT)
CHARGE = sum(line.charge for line in LINES)
ON = date(2026, 4, 1)


def answer(paid, *adjustments, **more):
    fields = {
        "control_number": INPATIENT.control_number,
        "status": "1",
        "charge": CHARGE,
        "paid": paid,
        "adjustments": adjustments,
        "inpatient": InpatientAdjudication(),
    }
    return RemittanceClaim(**(fields | more))


def planned(*claims, next_payer="", posted=()):
    paid = sum(claim.paid for claim in claims)
    owed = (
        (ProviderAdjustment(npi="1999998051", fiscal_year_end=ON, reason="FB", reference="1", amount=paid),)
        if paid < 0
        else ()
    )
    remittance = Remittance(
        payer_name="P", payer_id="P1", payee_name="H", payee_npi="1999998051", trace_number="1", originator_id="1",
        payment_amount=max(paid, 0), payment_method="CHK", payment_date=ON, claims=claims, provider_adjustments=owed,
    )  # fmt: skip
    sent = SentClaim(
        control_number=INPATIENT.control_number,
        payer="one",
        next_payer=next_payer,
        lines=LINES,
        insurance={line.key: line.charge for line in LINES},
        posted=posted,
    )
    return plan_posting(remittance, payer="one", find=lambda claim: sent, source="835:1")


def totals(plan, key):
    """Cents by account on one line."""
    found = {}
    for entry in plan.entries:
        for posting in entry.postings:
            if posting.line == key:
                found[posting.account] = found.get(posting.account, 0) + posting.amount
    return found


def test_payment_discount_and_deductible_stand_on_every_line_by_its_charge():
    rest = CHARGE - 100_000 - 40_000
    plan = planned(answer(100_000, Adjustment("PR", "1", 40_000), Adjustment("CO", "45", rest)))
    assert [outcome.state for outcome in plan.outcomes] == ["paid"]
    for line in LINES:
        on_line = totals(plan, line.key)
        assert on_line[Account.INSURANCE] == -line.charge
        assert sum(on_line.values()) == 0
        assert abs(on_line[Account.CLEARING] - 100_000 * line.charge / CHARGE) < 1
    by_account = [sum(totals(plan, line.key).get(account, 0) for line in LINES) for account in Account]
    assert dict(zip(Account, by_account, strict=True))[Account.PATIENT] == 40_000


def test_a_drg_above_the_charges_takes_what_is_over_off_again():
    plan = planned(answer(CHARGE + 90_000, Adjustment("CO", "94", -90_000)))
    paid = sum(totals(plan, line.key)[Account.CLEARING] for line in LINES)
    assert (paid, [outcome.state for outcome in plan.outcomes]) == (CHARGE + 90_000, ["paid"])
    assert all(totals(plan, line.key)[Account.INSURANCE] == -line.charge for line in LINES)


@pytest.mark.parametrize("reason", ["16", "18", "29", "50", "197"])
def test_a_refused_stay_stays_the_payers_balance(reason):
    plan = planned(answer(0, Adjustment("CO", reason, CHARGE), remarks=("N130",)))
    assert [outcome.state for outcome in plan.outcomes] == ["denied"]
    for line in LINES:
        on_line = totals(plan, line.key)
        assert (on_line[Account.DENIED], on_line.get(Account.CONTRACTUAL, 0)) == (line.charge, 0)


def test_what_is_left_to_the_patient_goes_to_the_next_payer_first():
    plan = planned(answer(CHARGE - 40_000, Adjustment("PR", "1", 40_000)), next_payer="two")
    assert plan.outcomes[0].bill_next
    assert Account.PATIENT not in totals(plan, LINES[0].key)


def test_a_reversal_without_lines_takes_back_what_is_posted():
    first = planned(answer(CHARGE - 40_000, Adjustment("CO", "45", 40_000)))
    standing = tuple(entry for entry in first.entries if any(posting.line for posting in entry.postings))
    taken = answer(40_000 - CHARGE, Adjustment("CO", "45", -40_000), status="22", charge=-CHARGE)
    anew = answer(0, Adjustment("CO", "45", CHARGE))
    plan = planned(taken, anew, posted=standing)
    assert [outcome.state for outcome in plan.outcomes] == ["reversed", "paid"]
    assert sum(totals(plan, line.key)[Account.CLEARING] for line in LINES) == 40_000 - CHARGE


def test_a_whole_that_is_not_the_sum_of_our_lines_waits_for_a_person():
    plan = planned(answer(CHARGE, charge=CHARGE + 100, adjustments=(Adjustment("CO", "45", 100),)))
    assert [outcome.state for outcome in plan.outcomes] == ["held"]
    assert "its lines are" in plan.findings[0].message


def test_a_predetermination_is_told_and_moves_nothing():
    told = answer(0, Adjustment("OA", "101", CHARGE - 50_00), Adjustment("PR", "2", 50_00), status="25")
    plan = planned(told)
    (outcome,) = plan.outcomes
    assert plan.entries == ()
    assert (outcome.findings[0].rule, outcome.findings[0].severity) == ("remit.predetermination", Severity.INFORMATION)
    assert "leave $50.00 to the patient" in outcome.findings[0].message


cents = st.integers(0, 5_000_00)


@given(st.lists(cents, min_size=1, max_size=8), cents, st.lists(st.integers(-900_00, 5_000_00), max_size=4))
def test_every_line_is_explained_to_the_cent_and_every_amount_is_whole(charges, paid, amounts):
    given_ = [Adjustment("CO", str(number), amount) for number, amount in enumerate(amounts, 1)]
    given_.append(Adjustment("CO", "45", sum(charges) - paid - sum(amounts)))
    spread = spread_whole(charges, paid, given_)
    for charge, line in zip(charges, spread, strict=True):
        assert line.paid + sum(each.amount for each in line.adjustments) == charge
        assert line.paid >= 0
    assert sum(line.paid for line in spread) == paid
    for each in given_:
        parts = [one.amount for line in spread for one in line.adjustments if one.reason == each.reason]
        assert sum(parts) == each.amount
        assert all(part * each.amount > 0 for part in parts)


def test_what_does_not_add_up_or_has_a_negative_charge_is_not_spread():
    assert spread_whole([100, 200], 250, ()) is None
    assert spread_whole([100, -50], 50, ()) is None
    assert spread_whole([], 0, ()) is None
