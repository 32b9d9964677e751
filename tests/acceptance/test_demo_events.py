"""What the bundled clinic shows of a payer's ways: each thing that goes wrong in a billing office happens in it."""

from collections import Counter

import pytest
from tests import demo_runs
from tests.cli_runs import columns

from superbill.x12 import read_277ca, read_835

pytestmark = pytest.mark.xdist_group("clinic")


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    return demo_runs.clinic(tmp_path_factory.getbasetemp())[1]


@pytest.fixture(scope="module")
def remittances(out):
    return [document for path in sorted((out / "835").iterdir()) for _, document in read_835(path.read_bytes())]


@pytest.fixture(scope="module")
def reasons(remittances):
    """How often each adjustment was made on a service line, and under which control numbers."""
    seen = {}
    for remittance in remittances:
        for claim in remittance.claims:
            for line in claim.lines:
                for piece in line.adjustments:
                    if piece.amount > 0:
                        seen.setdefault(f"{piece.group}-{piece.reason}", []).append(claim.control_number)
    return seen


DENIED = ["CO-16", "CO-22", "CO-27", "CO-29", "CO-50", "CO-97", "CO-197", "PR-204"]
SHARED = ["CO-45", "CO-253", "PR-1", "PR-2", "PR-3", "OA-23"]


@pytest.mark.parametrize("reason", DENIED + SHARED)
def test_the_clinic_meets_every_reason_of_a_billing_office(reason, reasons):
    assert reasons.get(reason), f"no line has {reason}; there are {sorted(reasons)}"


# What the clinic's charts and payers were written to bring about, by the visit's own id.
MEANT = {
    "CO-22": "p42-20260713",  # a plan of his wife's pays first
    "CO-27": "p21-20260423",  # coverage had ended
    "CO-29": "p39-20250514",  # the note was found fourteen months later
    "CO-97": "p08-20250624",  # oximetry is part of the visit
    "CO-197": "p23-20251211",  # nobody waited for the authorization
    "PR-204": "p40-20251030",  # a hot pack
}


@pytest.mark.parametrize("reason", MEANT)
def test_a_denial_that_the_charts_were_written_for_comes_for_that_visit(reason, reasons, out):
    sql = "SELECT c.control_number, e.source_id FROM claims_claimrow c JOIN encounters_encounterrow e"
    visits = dict(columns(out / "superbill.db", f"{sql} ON e.id = c.encounter_id"))
    assert MEANT[reason] in {visits[number] for number in reasons[reason]}


def test_a_visit_that_was_entered_twice_is_held_before_a_payer_sees_it(out):
    sql = "SELECT c.state, c.findings FROM claims_claimrow c JOIN encounters_encounterrow e ON e.id = c.encounter_id"
    ((state, findings),) = columns(out / "superbill.db", f"{sql} WHERE e.source_id = 'p40-20260611b'")
    assert state == "held" and '"history.sent-before"' in findings


def test_a_note_written_late_is_billed_after_it_was_written(out):
    ((charged,),) = columns(
        out / "superbill.db",
        'SELECT MIN(j."on") FROM billing_journalentry j JOIN billing_posting p ON p.entry_id = j.id'
        " JOIN billing_chargeline l ON l.id = p.line_id JOIN encounters_encounterrow e ON e.id = l.encounter_id"
        " WHERE e.source_id = 'p39-20250514' AND j.kind = 'charge'",
    )
    assert "2026-07-15" <= charged < "2026-08-16"


def test_the_front_end_rejects_a_claim(out):
    files = [path.read_bytes() for path in sorted((out / "277CA").iterdir())]
    actions = Counter(claim.action for data in files for _, answer in read_277ca(data) for claim in answer.claims)
    assert actions["U"] >= 1
    assert actions["WQ"] > 150


def test_a_claim_is_reversed_and_corrected_in_one_payment(remittances):
    both = [
        (number, remittance)
        for remittance in remittances
        for number in {claim.control_number for claim in remittance.claims if claim.status == "22"}
        if any(claim.control_number == number and claim.status != "22" for claim in remittance.claims)
    ]
    assert len(both) >= 3


@pytest.mark.parametrize("reason, sign", [("WO", 1), ("WO", -1), ("FB", 1), ("FB", -1), ("L6", -1)])
def test_money_moves_outside_of_claims(reason, sign, remittances):
    """A recovery and its letter first (WO), a balance carried forward and brought in (FB), interest (L6)."""
    amounts = [each.amount for remittance in remittances for each in remittance.provider_adjustments
               if each.reason == reason]  # fmt: skip
    assert any(amount * sign > 0 for amount in amounts)


def test_a_balance_carried_forward_is_brought_in_whole_by_a_later_payment(remittances):
    forward = Counter()
    for remittance in remittances:
        for each in remittance.provider_adjustments:
            if each.reason == "FB":
                forward[each.reference] += each.amount
    assert forward and set(forward.values()) == {0}


def test_some_payments_hold_several_claims_and_some_no_money(remittances):
    assert any(len(remittance.claims) > 3 for remittance in remittances)
    empty = [remittance for remittance in remittances if remittance.payment_amount == 0]
    assert empty and all(remittance.payment_method == "NON" for remittance in empty)
