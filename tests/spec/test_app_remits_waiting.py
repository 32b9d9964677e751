"""Answers that wait for a person, balances with payers, and a look at a payment before it is posted."""

import pytest
from msgspec.structs import replace
from tests.app_samples import AT, TODAY, answer, billed, claim, paid_line, remittance, usual_answer
from tests.remits_at_work import LATER, account, answer_id, back, entries, forward, post, sound, states

from superbill.app.billing.queries import claim_ledger
from superbill.app.claims.queries import claim as find_claim
from superbill.app.claims.queries import claims_to_bill_next
from superbill.app.remits.actions import (
    NotPossible,
    Settlement,
    assign_answer,
    post_by_hand,
    record_sent_back,
    reopen_answer,
    send_back,
    set_answer_aside,
    settle_provider_level,
    undo_claim,
    undo_settlement,
    void_remittance,
)
from superbill.app.remits.models import RemittanceRow
from superbill.app.remits.queries import candidates, open_answers, preview_remittance, provider_balances
from superbill.app.remits.worklist import wanted
from superbill.ledger.accounts import Account
from superbill.remits.posting import LineMoney

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
    with pytest.raises(NotPossible, match=r"pay \$79\.99, but the answer pays \$80"):
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
        (replace(same, amount=31_00), "30.00 is open with one"),
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
