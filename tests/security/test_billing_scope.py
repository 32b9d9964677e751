"""Who moves patients' money: each action by a member who may, a colleague who may not, an outsider."""

import pytest
from tests.app_samples import AT, TODAY
from tests.money_samples import member, owing

from superbill.app.accounts.actors import Scope, actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.audit.models import AuditEvent
from superbill.app.billing import actions as do
from superbill.app.billing.models import JournalEntry, MoneyEvent
from superbill.app.billing.queries import approvals, placed_patients, placements, plans, receipt, receipts, refunds
from superbill.app.billing.worklist import wanted
from superbill.app.practices.actions import open_practice

FORGIVEN = do.WriteOff(lines=(("A1001-1", 5_00),), reason="courtesy")
LINE = (("A1001-1", 5_00),)
# What, the role that lacks the permission, and the deed by an actor for a patient.
DEEDS = {
    "pay": (
        Role.BILLER,
        lambda a, p: do.take_payment(a, 5, do.PaymentFacts(method="cash", patients=(p,)), "k", TODAY, at=AT),
    ),
    "apply": (Role.BILLER, lambda a, p: do.apply_unapplied(a, p, "k", TODAY, at=AT)),
    "reallocate": (Role.BILLER, lambda a, p: do.reallocate(a, 1, "unapplied", "k", TODAY, reason="x", at=AT)),
    "void": (Role.BILLER, lambda a, p: do.void_payment(a, 1, TODAY, reason="x", at=AT)),
    "return": (Role.FRONT_DESK, lambda a, p: do.return_payment(a, 1, TODAY, reason="x", at=AT)),
    "write off": (Role.CODER, lambda a, p: do.forgive(a, FORGIVEN, "k", TODAY, at=AT)),
    "ask": (Role.CODER, lambda a, p: do.ask_to_forgive(a, FORGIVEN, "k2", TODAY, at=AT)),
    "forgive or ask": (Role.CODER, lambda a, p: do.forgive_or_ask(a, FORGIVEN, "k3", TODAY, at=AT)),
    "approve": (Role.POSTER, lambda a, p: do.approve_write_off(a, 1, TODAY, at=AT)),
    "refuse": (Role.CODER, lambda a, p: do.refuse_write_off(a, 1, TODAY, reason="x", at=AT)),
    "to payer": (
        Role.FRONT_DESK,
        lambda a, p: do.transfer_to_payer(a, LINE, "one", "two", "k", TODAY, reason="x", at=AT),
    ),
    "to patient": (
        Role.FRONT_DESK,
        lambda a, p: do.transfer_to_patient(a, LINE, "one", "patient-share", "k", TODAY, at=AT),
    ),
    "to insurance": (
        Role.FRONT_DESK,
        lambda a, p: do.transfer_to_insurance(a, LINE, "one", "k", TODAY, reason="x", at=AT),
    ),
    "move": (
        Role.FRONT_DESK,
        lambda a, p: do.move_payment(a, "A1001-1", "A1001-2", 1, "k", TODAY, reason="x", at=AT),
    ),
    "move unapplied": (Role.FRONT_DESK, lambda a, p: do.move_unapplied(a, p, p, 1, "k", TODAY, reason="x", at=AT)),
    "ask refund": (
        Role.BILLER,
        lambda a, p: do.request_refund(a, do.patient_party(p), 1, "k", TODAY, reason="x", at=AT),
    ),
    "approve refund": (Role.POSTER, lambda a, p: do.approve_refund(a, 1, TODAY, at=AT)),
    "refuse refund": (Role.BILLER, lambda a, p: do.refuse_refund(a, 1, TODAY, reason="x", at=AT)),
    "send refund": (Role.BILLER, lambda a, p: do.issue_refund(a, 1, TODAY, check_number="1", at=AT)),
    "void refund": (Role.BILLER, lambda a, p: do.void_refund(a, 1, TODAY, reason="x", at=AT)),
    "clear refund": (Role.BILLER, lambda a, p: do.clear_refund(a, 1, TODAY, at=AT)),
    "plan": (Role.BILLER, lambda a, p: do.make_plan(a, p, TODAY, "k", TODAY, months=2, at=AT)),
    "change plan": (
        Role.BILLER,
        lambda a, p: do.renegotiate_plan(a, 1, TODAY, "k2", TODAY, reason="x", months=2, at=AT),
    ),
    "cancel plan": (Role.BILLER, lambda a, p: do.cancel_plan(a, 1, TODAY, reason="x", at=AT)),
    "reinstate plan": (Role.BILLER, lambda a, p: do.reinstate_plan(a, 1, TODAY, reason="x", at=AT)),
    "place": (Role.BILLER, lambda a, p: do.place(a, p, "Agency", "k", TODAY, at=AT)),
    "place a guarantor's": (Role.BILLER, lambda a, p: do.place_guarantor(a, 1, "Agency", "k", TODAY, at=AT)),
    "recall": (Role.BILLER, lambda a, p: do.recall(a, 1, TODAY, reason="x", at=AT)),
    "agency pays": (Role.BILLER, lambda a, p: do.agency_payment(a, 1, 5, 0, "k", TODAY, at=AT)),
    "agency fee": (Role.BILLER, lambda a, p: do.agency_fee(a, 1, 5, "k", TODAY, reason="x", at=AT)),
    "close": (Role.BILLER, lambda a, p: do.close_placement(a, 1, TODAY, reason="x", at=AT)),
    "undo": (Role.BILLER, lambda a, p: do.undo(a, "patient-payment:first", "x", TODAY, at=AT)),
    "undo write-off": (Role.CODER, lambda a, p: do.undo(a, "write-off:first", "x", TODAY, at=AT)),
}


@pytest.fixture
def patient(system):
    """A patient with a payment, a write-off and one case of every kind."""
    row = owing(system)[0]
    do.take_payment(
        system, 10_00, do.PaymentFacts(method="cash", patients=(row,), rule="unapplied"), "first", TODAY, at=AT
    )
    do.forgive(system, FORGIVEN, "first", TODAY, at=AT)
    do.ask_to_forgive(system, FORGIVEN, "first", TODAY, at=AT)
    do.request_refund(system, do.patient_party(row), 1_00, "first", TODAY, reason="x", despite_balance=True, at=AT)
    do.make_plan(system, row, TODAY, "first", TODAY, months=2, lines=["A1002-1"], at=AT)
    do.cancel_plan(system, 1, TODAY, reason="x", at=AT)
    do.place(system, row, "Agency", "first", TODAY, give_up=False, lines=["A1002-2"], at=AT)
    return row


def state_of(scope):
    return [scope.rows(model).count() for model in (JournalEntry, MoneyEvent, AuditEvent)]


def test_nobody_moves_money_without_the_permission_and_no_outsider_at_all(system, patient):
    scope = Scope(system.practice_id)
    before = state_of(scope)
    other = open_practice("hillside", "Hillside Clinic")
    outsider = actor_with("outsider", other.pk, Role.MANAGER)
    for name, (role, deed) in DEEDS.items():
        with pytest.raises(NotPermitted, match=f"{role.value} may not"):
            deed(member(system, role), patient)
        if name in ("apply", "undo", "undo write-off"):
            continue
        with pytest.raises((do.BadAmount, do.NotPossible, do.UnknownLine)):
            deed(outsider, patient)
    assert do.apply_unapplied(outsider, patient, "k", TODAY, at=AT) is None
    for key in ("patient-payment:first", "write-off:first"):
        with pytest.raises(do.UnknownLine):
            do.undo(outsider, key, "x", TODAY, at=AT)
    assert state_of(scope) == before
    theirs = Scope(other.pk)
    assert state_of(theirs)[:2] == [0, 0]


def test_an_outsider_reads_nothing_of_patients_money(system, patient):
    other = open_practice("hillside", "Hillside Clinic")
    scope = actor_with("outsider", other.pk, Role.MANAGER).scope
    for read in (receipts, refunds, approvals, placements, placed_patients):
        assert not list(read(scope)), read.__name__
    assert not list(plans(scope, TODAY))
    assert receipt(scope, 1) is None
    assert not list(wanted(scope, TODAY))
    for read in (receipts, refunds, approvals, placements):
        assert list(read(system.scope)), read.__name__


def test_a_coder_reads_nothing_of_patients_money(system, patient):
    scope = member(system, Role.CODER).scope
    for read in (receipts, refunds, approvals, placements, placed_patients):
        with pytest.raises(NotPermitted):
            list(read(scope))
