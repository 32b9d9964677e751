"""A remittance in the app: posted once whatever brings it, worked on by people, taken back and posted again."""

import pytest
from msgspec.structs import replace
from tests.app_samples import AT, TODAY, answer, billed, claim, paid_line, remittance, usual_answer
from tests.remits_at_work import LATER, account, answer_id, back, entries, forward, post, sound, states

from superbill.app.billing.actions import take_patient_payment
from superbill.app.billing.queries import claim_ledger
from superbill.app.claims.actions import ClaimDraft, mark_sent, open_next_claim, prepare_batch
from superbill.app.claims.models import ClaimRow
from superbill.app.claims.queries import claim as find_claim
from superbill.app.claims.queries import claims_to_bill_next
from superbill.app.encounters.queries import visit
from superbill.app.remits.actions import (
    NotPossible,
    accept_remittance,
    assign_answer,
    dismiss_remittance,
    post_by_hand,
    undo_claim,
    void_remittance,
)
from superbill.claims.model import Adjustment
from superbill.ledger.accounts import Account
from superbill.remits.posting import LineMoney

# --- each event once --------------------------------------------------------------------------------------------------


def test_the_same_claims_in_another_order_are_the_same_payment(system):
    claims = billed(system)
    one = remittance("T1", *(usual_answer(sent) for sent in claims))
    first = post(system, one)
    count = entries(system)
    turned = replace(
        one, claims=tuple(replace(c, lines=c.lines[::-1]) for c in one.claims[::-1]), production_date=LATER
    )
    again = post(system, turned)
    assert (again.already, again.id, entries(system)) == (True, first.id, count)


def test_a_payment_in_three_files_posts_when_the_last_one_is_here_each_claim_once(system):
    claims = billed(system)
    whole = remittance("T1", *(usual_answer(sent) for sent in claims), plb=(forward(-1_00, "L6"),))
    one, two, three, four = whole.claims
    parts = [
        replace(whole, claims=(one, two), provider_adjustments=()),
        replace(whole, claims=(two, three), provider_adjustments=()),  # overlaps the first
        replace(whole, claims=(four,)),
    ]
    before = entries(system)
    for part in parts[:2]:
        result = post(system, part)
        assert (result.held, result.waiting) == (True, True)
        assert "Waiting for the rest of payment T1" in result.findings[0].message
    assert entries(system) == before
    done = post(system, parts[2])
    assert not done.held
    assert (states(system), len(done.outcomes)) == (["part", "part", "part", "posted"], 4)
    assert account(system, Account.CASH) == whole.payment_amount == 4 * 80_00 + 1_00
    count = entries(system)
    for again in (*parts, whole):
        assert post(system, again).already
    assert (entries(system), sound(system)) == (count, True)


def test_a_part_that_comes_again_after_the_posting_is_left_alone(system):
    claims = billed(system)
    whole = remittance("T1", *(usual_answer(sent) for sent in claims))
    post(system, whole)
    count = entries(system)
    assert post(system, replace(whole, claims=whole.claims[2:])).already
    assert (states(system), entries(system)) == (["part", "posted"], count)


def test_a_part_that_contradicts_the_one_that_waits_is_held(system):
    claims = billed(system)
    whole = remittance("T1", *(usual_answer(sent) for sent in claims))
    post(system, replace(whole, claims=whole.claims[:1]))
    other = post(system, replace(whole, claims=whole.claims[1:], payment_amount=whole.payment_amount + 1))
    assert (other.held, other.waiting, other.findings[0].rule) == (True, False, "remit.trace-number-again")
    assert states(system) == ["held", "waiting"]


def test_a_payment_keyed_from_paper_is_not_posted_beside_its_835(system):
    (sent,) = billed(system, charts=1, visits=1)
    one = remittance("T1", usual_answer(sent))
    post(system, replace(one, originator_id="paper-one"), origin="paper")
    held = post(system, one)
    assert (held.held, held.findings[0].rule) == (True, "remit.trace-number-again")
    assert "from paper" in held.findings[0].message


def test_a_person_accepts_a_second_payment_with_the_same_trace_number(system):
    one, two = billed(system, charts=1)
    post(system, remittance("T1", usual_answer(one)))
    held = post(system, remittance("T1", usual_answer(two)))
    done = accept_remittance(system, held.id, at=AT)
    assert (held.held, done.held, states(system)) == (True, False, ["posted", "posted"])
    assert account(system, Account.CASH) == 160_00
    assert post(system, remittance("T1", usual_answer(two))).already
    assert sound(system)
    with pytest.raises(NotPossible, match="not held"):
        accept_remittance(system, done.id, at=AT)


def test_what_is_held_or_waits_can_be_put_away_and_comes_back_with_its_file(system):
    claims = billed(system, charts=1)
    whole = remittance("T1", *(usual_answer(sent) for sent in claims))
    part = replace(whole, claims=whole.claims[:1])
    waiting = post(system, part)
    dismiss_remittance(system, waiting.id, "the payer says there is no such payment", at=AT)
    assert (states(system), sound(system)) == (["voided"], True)
    assert post(system, part).waiting
    with pytest.raises(NotPossible, match="Say why"):
        dismiss_remittance(system, waiting.id, " ", at=AT)


# --- taken back, and posted again -------------------------------------------------------------------------------------


def test_a_voided_payment_leaves_nothing_and_its_file_posts_again(system):
    claims = billed(system)
    remit = remittance("T1", *(usual_answer(sent) for sent in claims), plb=(forward(-5_00),))
    first = post(system, remit)
    after = claim_ledger(system.scope, "A1001P1").balance
    done = void_remittance(system, first.id, on=LATER, at=AT)
    balance = claim_ledger(system.scope, "A1001P1").balance
    assert (balance.insurance, balance.paid, balance.denied, balance.patient) == (150_00, 0, 0, 0)
    assert (find_claim(system.scope, "A1001P1").state, done.claims) == ("sent", 4)
    assert all(account(system, name) == 0 for name in (Account.CASH, Account.CLEARING, Account.PROVIDER_LEVEL))
    assert sound(system)
    again = post(system, remit)
    assert (again.held, again.already, again.id) == (False, False, first.id)
    assert claim_ledger(system.scope, "A1001P1").balance == after
    assert sound(system)
    with pytest.raises(NotPossible, match="no remittance"):
        void_remittance(system, 999, on=LATER, at=AT)
    void_remittance(system, first.id, on=LATER, at=AT)
    with pytest.raises(NotPossible, match="voided, not posted"):
        void_remittance(system, first.id, on=LATER, at=AT)
    assert post(system, remit).entries == again.entries
    assert sound(system)


def test_a_payment_that_a_later_one_reversed_is_voided_after_that_one(system):
    (sent,) = billed(system, charts=1, visits=1)
    was = usual_answer(sent)
    one = post(system, remittance("T1", was))
    right = answer(sent, *(paid_line(line, line.charge) for line in sent.lines))
    two = post(system, remittance("T2", back(sent, *was.lines), right))
    with pytest.raises(NotPossible, match="T2 has taken back or corrected"):
        void_remittance(system, one.id, on=LATER, at=AT)
    void_remittance(system, two.id, on=LATER, at=AT)
    ledger = claim_ledger(system.scope, "A1001P1").balance
    assert (ledger.paid, ledger.patient, ledger.denied) == (80_00, 20_00, 30_00)
    assert find_claim(system.scope, "A1001P1").state == "partly_denied"
    again = post(system, remittance("T2", back(sent, *was.lines), right))
    assert [outcome.state for outcome in again.outcomes] == ["reversed", "paid"]
    assert claim_ledger(system.scope, "A1001P1").balance.paid == 150_00
    void_remittance(system, two.id, on=LATER, at=AT)
    void_remittance(system, one.id, on=LATER, at=AT)
    assert claim_ledger(system.scope, "A1001P1").balance.insurance == 150_00
    assert (find_claim(system.scope, "A1001P1").state, sound(system)) == ("sent", True)


def test_a_voided_payment_leaves_what_the_patient_paid_as_a_credit(system):
    (sent,) = billed(system, charts=1, visits=1)
    one = post(system, remittance("T1", usual_answer(sent)))
    take_patient_payment(system, visit(system.scope, "A1001").patient_id, 20_00, "cash", "c1", TODAY, at=AT)
    void_remittance(system, one.id, on=LATER, at=AT)
    balance = claim_ledger(system.scope, "A1001P1").balance
    assert (balance.patient, balance.insurance, balance.patient_paid) == (-20_00, 150_00, 20_00)


def secondary(system, *, sent=False):
    """The claim to payer two, opened from what payer one answered."""
    (waiting,) = claims_to_bill_next(system.scope)
    draft = ClaimDraft(encounter=waiting.stored.encounter_id, claim=claim("A1001", number="A1001S1"), payer_key="two")
    open_next_claim(system, [draft], at=AT)
    row = system.scope.rows(ClaimRow).get(control_number="A1001S1")
    if sent:
        mark_sent(system, prepare_batch(system, "two", [row.pk], lambda numbers: b"x", at=AT).pk, at=AT)
    return draft.claim


def test_a_payment_with_a_next_payers_claim_under_way_is_not_voided(system):
    (sent,) = billed(system, charts=1, visits=1, next_payer="two")
    one = post(system, remittance("T1", usual_answer(sent)))
    secondary(system, sent=True)
    count = entries(system)
    with pytest.raises(NotPossible, match="A1001S1 has gone to two"):
        void_remittance(system, one.id, on=LATER, at=AT)
    assert (entries(system), states(system)) == (count, ["posted"])


def test_a_next_payers_claim_that_has_not_gone_out_is_withdrawn_and_made_anew(system):
    (sent,) = billed(system, charts=1, visits=1, next_payer="two")
    one = post(system, remittance("T1", usual_answer(sent)))
    secondary(system)
    assert void_remittance(system, one.id, on=LATER, at=AT).withdrawn == 1
    assert find_claim(system.scope, "A1001S1") is None
    post(system, remittance("T1", usual_answer(sent)))
    assert [waiting.stored.control_number for waiting in claims_to_bill_next(system.scope)] == ["A1001P1"]


def test_one_answer_is_taken_off_its_claim_and_put_on_another(system):
    one, two = billed(system, charts=1)
    wrong = replace(usual_answer(two), control_number=one.control_number, lines=usual_answer(one).lines)
    post(system, remittance("T1", wrong))
    row = answer_id(system, "A1001P1")
    undone = undo_claim(system, row, on=LATER, why="the payer mixed up two visits", at=AT)
    assert (undone.claims, account(system, Account.SUSPENSE)) == (1, -80_00)
    assert claim_ledger(system.scope, "A1001P1").balance.insurance == 150_00
    assert find_claim(system.scope, "A1001P1").state == "sent"
    post_by_hand(
        system,
        row,
        "A1002P1",
        [LineMoney(line="A1002-1", paid=80_00, adjustments=(Adjustment("CO", "45", 40_00),))],
        on=LATER,
        at=AT,
    )
    assert claim_ledger(system.scope, "A1002P1").balance.paid == 80_00
    assert (account(system, Account.SUSPENSE), find_claim(system.scope, "A1002P1").state) == (0, "paid")
    assert sound(system)
    undo_claim(system, row, on=LATER, at=AT)
    assert (account(system, Account.SUSPENSE), sound(system)) == (-80_00, True)
    assign_answer(system, row, "A1001P1", on=LATER, at=AT)
    assert (account(system, Account.SUSPENSE), claim_ledger(system.scope, "A1001P1").balance.paid) == (0, 80_00)
    assert sound(system)
