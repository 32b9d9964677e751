"""A remittance in the app: posted once whatever brings it, worked on by people, taken back and posted again."""

from datetime import date

import pytest
from msgspec.structs import replace
from tests.app_samples import AT, TODAY, answer, billed, claim, paid_line, remittance, usual_answer

from superbill.app.billing.actions import take_patient_payment
from superbill.app.billing.models import JournalEntry, Posting
from superbill.app.billing.queries import claim_ledger
from superbill.app.claims.actions import ClaimDraft, mark_sent, open_next_claim, prepare_batch
from superbill.app.claims.models import ClaimRow
from superbill.app.claims.queries import claim as find_claim
from superbill.app.claims.queries import claims_to_bill_next
from superbill.app.doctor.payments import check_remittances
from superbill.app.doctor.report import Notes
from superbill.app.encounters.queries import visit
from superbill.app.remits.actions import (
    NotPossible,
    Settlement,
    accept_remittance,
    assign_answer,
    dismiss_remittance,
    post_by_hand,
    post_remittance,
    record_sent_back,
    reopen_answer,
    send_back,
    set_answer_aside,
    settle_provider_level,
    undo_claim,
    undo_settlement,
    void_remittance,
)
from superbill.app.remits.models import RemittanceClaimRow, RemittanceRow
from superbill.app.remits.queries import candidates, open_answers, preview_remittance, provider_balances
from superbill.app.remits.worklist import wanted
from superbill.claims.model import Adjustment
from superbill.ledger.accounts import Account
from superbill.remits.posting import LineMoney
from superbill.x12.model import ProviderAdjustment

LATER = date(2026, 11, 20)


def post(system, remit, payer="one", **more):
    return post_remittance(system, remit, payer_key=payer, at=AT, **more)


def account(system, name, **more):
    return sum(system.scope.rows(Posting).filter(account=name.value, **more).values_list("amount", flat=True))


def entries(system):
    return system.scope.rows(JournalEntry).count()


def answer_id(system, number, **more):
    return system.scope.rows(RemittanceClaimRow).filter(control_number=number, **more).latest("id").pk


def sound(system):
    notes = Notes()
    check_remittances(system.scope, notes)
    return notes.findings() == () and account(system, Account.CLEARING) == 0


def states(system):
    return sorted(system.scope.rows(RemittanceRow).values_list("state", flat=True))


def back(sent, *lines):
    """The reversal of an answer."""
    return answer(
        sent,
        *(
            replace(
                line,
                charge=-line.charge,
                paid=-line.paid,
                adjustments=tuple(Adjustment(a.group, a.reason, -a.amount) for a in line.adjustments),
            )
            for line in lines
        ),
        status="22",
    )


def forward(amount, reason="FB", reference="T"):
    return ProviderAdjustment(
        npi="1234567893", fiscal_year_end=date(2026, 12, 31), reason=reason, reference=reference, amount=amount
    )


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


# --- exceptions -------------------------------------------------------------------------------------------------------


@pytest.fixture
def strange(system):
    """A payment of two claims, one under a number that is not ours."""
    one, two = billed(system, charts=1)
    mangled = replace(usual_answer(two), control_number="1002P1", payer_control_number="PCN9")
    post(system, remittance("T1", usual_answer(one), mangled))
    return two


def test_an_answer_without_a_claim_is_assigned_line_by_line_out_of_suspense(system, strange):
    row = answer_id(system, "1002P1")
    assert account(system, Account.SUSPENSE) == -80_00
    outcome = assign_answer(system, row, "A1002P1", on=LATER, at=AT)
    balance = claim_ledger(system.scope, "A1002P1").balance
    assert (outcome.state, balance.paid, balance.patient, balance.denied) == ("partly_denied", 80_00, 20_00, 30_00)
    assert (account(system, Account.SUSPENSE), sound(system)) == (0, True)
    stored = find_claim(system.scope, "A1002P1")
    assert (stored.state, stored.payer_control_number) == ("partly_denied", "PCN9")
    with pytest.raises(NotPossible, match="is posted, not held"):
        assign_answer(system, row, "A1002P1", on=LATER, at=AT)
    void_remittance(system, system.scope.rows(RemittanceRow).get().pk, on=LATER, at=AT)
    assert (find_claim(system.scope, "A1002P1").state, account(system, Account.SUSPENSE)) == ("sent", 0)
    assert sound(system)


def test_an_answer_does_not_go_onto_a_claim_that_it_does_not_fit(system, strange):
    row = answer_id(system, "1002P1")
    with pytest.raises(NotPossible, match="No claim A9999P1"):
        assign_answer(system, row, "A9999P1", on=LATER, at=AT)
    wrong = [LineMoney(line="A1002-1", paid=79_99, adjustments=())]
    with pytest.raises(NotPossible, match=r"pay 79\.99, but the answer pays 80"):
        post_by_hand(system, row, "A1002P1", wrong, on=LATER, at=AT)
    with pytest.raises(NotPossible, match="not on claim A1002P1"):
        post_by_hand(system, row, "A1002P1", [LineMoney(line="A1001-1", paid=80_00, adjustments=())], on=LATER, at=AT)
    assert (account(system, Account.SUSPENSE), sound(system)) == (-80_00, True)


def test_money_that_is_not_ours_goes_back_and_each_step_can_be_undone(system, strange):
    row = answer_id(system, "1002P1")
    send_back(system, row, "another practice's patient", at=AT)
    record_sent_back(system, row, "check 77", on=LATER, at=AT)
    assert (account(system, Account.SUSPENSE), account(system, Account.CASH), sound(system)) == (0, 80_00, True)
    with pytest.raises(NotPossible, match="returned to the payer"):
        void_remittance(system, system.scope.rows(RemittanceRow).get().pk, on=LATER, at=AT)
    reopen_answer(system, row, on=LATER, at=AT)
    assert (account(system, Account.SUSPENSE), account(system, Account.CASH), sound(system)) == (-80_00, 160_00, True)
    set_answer_aside(system, row, "waiting for the payer's call", at=AT)
    with pytest.raises(NotPossible, match="set aside"):
        set_answer_aside(system, row, "again", at=AT)
    assign_answer(system, row, "A1002P1", on=LATER, at=AT)
    assert (account(system, Account.SUSPENSE), sound(system)) == (0, True)


def test_a_second_payment_is_added_or_put_instead_when_a_person_says_so(system):
    (sent,) = billed(system, charts=1, visits=1)
    post(system, remittance("T1", usual_answer(sent)))
    more = answer(sent, *(paid_line(line, line.charge) for line in sent.lines))
    post(system, remittance("T2", more))
    row = answer_id(system, "A1001P1", remittance__trace_number="T2")
    assert account(system, Account.SUSPENSE) == -150_00
    assign_answer(system, row, "A1001P1", on=LATER, at=AT)
    balance = claim_ledger(system.scope, "A1001P1").balance
    assert (balance.paid, balance.insurance) == (230_00, -120_00)  # a credit to work on
    undo_claim(system, row, on=LATER, at=AT)
    assign_answer(system, row, "A1001P1", on=LATER, at=AT, insist="instead")
    balance = claim_ledger(system.scope, "A1001P1").balance
    assert (balance.paid, balance.insurance, balance.patient) == (150_00, 0, 0)
    assert account(system, Account.CASH) == 230_00


def test_a_payer_that_got_the_claim_by_crossover_answers_under_the_first_payers_number(system):
    (sent,) = billed(system, charts=1, visits=1, next_payer="two")
    first = replace(usual_answer(sent), status="19", crossover_payer="Two")
    assert post(system, remittance("T1", first)).outcomes[0].forwarded
    assert list(claims_to_bill_next(system.scope)) == []
    one, two = sent.lines
    later = answer(
        sent, paid_line(one, 20_00, ("OA", "23", 100_00)), paid_line(two, 0, ("OA", "23", 30_00)), status="2"
    )
    done = post(system, remittance("T2", later), payer="two")
    balance = claim_ledger(system.scope, "A1001P1").balance
    assert not done.findings
    assert (balance.paid, balance.patient, balance.insurance) == (100_00, 0, 30_00)
    assert find_claim(system.scope, "A1001P1").state == "partly_denied"  # what its own payer said
    assert sound(system)


def test_a_payment_of_a_payer_who_was_not_sent_the_claim_waits_for_a_person(system):
    one, two = billed(system, charts=1)
    post(system, remittance("T0", usual_answer(one)))
    done = post(system, remittance("T1", usual_answer(two)), payer="stranger")
    assert [outcome.state for outcome in done.outcomes] == ["held"]
    assert "was sent to one, but stranger answers it" in done.findings[0].message
    assert claim_ledger(system.scope, "A1002P1").balance.insurance == 150_00


# --- what waits, what is owed, what would be ------------------------------------------------------------------------


def test_an_answer_under_a_mangled_number_finds_its_claim_first_with_reasons(system, strange):
    row = answer_id(system, "1002P1")
    found = candidates(system.scope, row)
    assert [one.control_number for one in found] == ["A1002P1", "A1001P1"]
    reasons = dict(found[0].reasons)
    assert reasons["our own number of a line"] == 40
    assert "the same charge, $150.00" in reasons
    assert found[0].score == min(100, sum(points for _, points in found[0].reasons)) > found[1].score
    (waiting,) = open_answers(system.scope)
    assert (waiting.id, waiting.paid, waiting.findings[0].rule) == (row, 80_00, "remit.unmatched")
    assert candidates(system.scope, 999) == []


def test_what_remittances_ask_for_is_a_task_until_it_is_done(system, strange):
    part = remittance("T3", usual_answer(strange), plb=(forward(-1_00),))
    post(system, replace(part, provider_adjustments=()))
    post(system, remittance("T4", replace(usual_answer(claim("A9999")), payer_control_number="PCN7")))
    post(system, remittance("T5", plb=(forward(-25_00, reference="REF 1"),)))
    kinds = sorted((one.kind, one.amount) for one in wanted(system.scope, LATER))
    assert kinds == [
        ("balance with payer", 25_00),
        ("held payment", 80_00),
        ("payment in parts", 81_00),
        ("remittance exception", 80_00),
    ]
    assert not any("Family" in one.why for one in wanted(system.scope, LATER))
    row = answer_id(system, "1002P1")
    send_back(system, row, "not ours", at=AT)
    assert "refund to payer" in {one.kind for one in wanted(system.scope, LATER)}
    reopen_answer(system, row, on=LATER, at=AT)
    assert "remittance exception" in {one.kind for one in wanted(system.scope, LATER)}
    assign_answer(system, row, "A1002P1", on=LATER, at=AT)
    assert "remittance exception" not in {one.kind for one in wanted(system.scope, LATER)}


def test_a_forwarded_balance_is_followed_until_it_is_recovered(system):
    one, two = billed(system, charts=1)
    was = usual_answer(one)
    post(system, remittance("T1", was))
    denied = answer(one, *(paid_line(line, 0, ("CO", "50", line.charge)) for line in one.lines), status="4")
    post(system, remittance("T2", back(one, *was.lines), denied, plb=(forward(-80_00, reference="PCN1 "),)))
    (owed,) = provider_balances(system.scope)
    assert (owed.reference, owed.forwarded, owed.recovered, owed.open) == ("PCN1", 80_00, 0, 80_00)
    later = remittance("T3", usual_answer(two), plb=(forward(50_00, "WO", "PCN1"),), day=LATER)
    assert later.payment_amount == 30_00
    post(system, later)
    (owed,) = provider_balances(system.scope)
    assert (owed.open, owed.recovered, owed.reasons, owed.since) == (30_00, 50_00, ("FB", "WO"), TODAY)
    post(system, remittance("T4", plb=(forward(30_00, "FB", "PCN1"), forward(-30_00, "L6", "X"))))
    assert provider_balances(system.scope) == []
    (done,) = provider_balances(system.scope, settled=True)
    assert (done.forwarded, done.recovered, done.open) == (80_00, 80_00, 0)
    assert account(system, Account.CASH) == 80_00 + 0 + 30_00 + 0
    assert sound(system)


@pytest.mark.parametrize(
    "way, target, lands",
    [
        ("settlement", "", (Account.SETTLEMENT, -30_00)),
        ("refund", "check 12", (Account.CASH, 30_00 - 30_00)),
        ("line", "A1001-2", (Account.INSURANCE, 300_00 - 30_00)),
    ],
)
def test_a_balance_with_a_payer_is_settled_by_hand_and_that_is_undone(system, way, target, lands):
    billed(system, charts=1)
    post(system, remittance("T1", plb=(forward(-30_00, "CS", "REF 9"),)))
    asked = Settlement(payer="one", reference="ref 9", amount=30_00, way=way, target=target, why="as agreed by phone")
    settle_provider_level(system, asked, "k1", on=LATER, at=AT)
    settle_provider_level(system, asked, "k1", on=LATER, at=AT)
    where, amount = lands
    assert (account(system, where), provider_balances(system.scope)) == (amount, [])
    assert account(system, Account.CLEARING) == 0
    undo_settlement(system, "k1", on=LATER, at=AT)
    assert [one.open for one in provider_balances(system.scope)] == [30_00]


def test_one_matter_under_two_references_is_shown_and_settled_against_each_other(system):
    post(system, remittance("T1", plb=(forward(-30_00, "FB", "TRACE7"),)))
    post(system, remittance("T2", plb=(forward(30_00, "WO", "ICN 12"), forward(-40_00, "BN", ""))))
    assert {one.reference: one.opposite for one in provider_balances(system.scope)} == {
        "TRACE7": ("ICN 12",),
        "ICN 12": ("TRACE7",),
    }
    same = Settlement(payer="one", reference="ICN 12", amount=30_00, way="reference", target="trace7", why="one matter")
    for wrong, said in (
        (replace(same, amount=31_00), "30 is open with one"),
        (replace(same, target="ICN 12"), "other reference"),
        (replace(same, way="line", target="A1-9"), "No charge line A1-9"),
        (replace(same, why=""), "Say why"),
    ):
        with pytest.raises(NotPossible, match=said):
            settle_provider_level(system, wrong, "k2", on=LATER, at=AT)
    settle_provider_level(system, same, "k2", on=LATER, at=AT)
    assert provider_balances(system.scope) == []
    with pytest.raises(NotPossible, match="no settlement"):
        undo_settlement(system, "k3", on=LATER, at=AT)


def test_a_preview_shows_each_line_before_and_after_and_writes_nothing(system):
    claims = billed(system, charts=1)
    remit = remittance("T1", *(usual_answer(sent) for sent in claims), plb=(forward(-3_00, "L6"),))
    before = entries(system)
    shown = preview_remittance(system.scope, remit, payer_key="one")
    assert (entries(system), states(system), shown.already, shown.held) == (before, [], False, False)
    first = shown.claims[0]
    assert (first.control_number, first.outcome, first.paid) == ("A1001P1", "partly_denied", 80_00)
    line = first.lines[0]
    assert (line.key, line.before.insurance, line.after.insurance, line.after.patient) == ("A1001-1", 120_00, 0, 20_00)
    assert shown.accounts == {"cash": 163_00, "interest": -3_00}
    post(system, remit)
    after = claim_ledger(system.scope, "A1001P1").lines[0].balance
    assert after == line.after
    assert preview_remittance(system.scope, remit, payer_key="one").already
    other = replace(remit, payment_date=LATER)
    assert preview_remittance(system.scope, other, payer_key="one").findings[0].rule == "remit.trace-number-again"


def test_a_preview_of_the_last_part_shows_the_whole_payment(system):
    claims = billed(system, charts=1)
    whole = remittance("T1", *(usual_answer(sent) for sent in claims))
    one, two = (replace(whole, claims=(each,)) for each in whole.claims)
    assert preview_remittance(system.scope, one, payer_key="one").findings[0].rule == "remit.waiting"
    post(system, one)
    assert len(preview_remittance(system.scope, two, payer_key="one").claims) == 2
