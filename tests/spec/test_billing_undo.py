"""Every way to move a patient's money can be shown before and undone after: the books are then as they were."""

import pytest
from tests.app_samples import AT, TODAY
from tests.money_samples import guaranteeing, member, owing, standing

from superbill.app.accounts.permissions import Role
from superbill.app.billing import actions as do
from superbill.app.billing.models import JournalEntry, MoneyEvent, Receipt
from superbill.app.doctor import examine

LINE = (("A1001-1", 20_00),)
WAYS = {
    "payment": lambda a, p: (
        do.take_payment(
            a, 400_00, do.PaymentFacts(method="cash", patients=(p,), rule="proportional"), "k", TODAY, at=AT
        ).entry
    ),
    "applied": lambda a, p: do.apply_unapplied(a, p, "k", TODAY, at=AT),
    "put elsewhere": lambda a, p: do.reallocate(a, 1, "visit", "k", TODAY, visit="A1002", reason="x", at=AT),
    "returned": lambda a, p: do.return_payment(a, 1, TODAY, reason="NSF", fee=25_00, bank_fee=10_00, at=AT),
    "charged back": lambda a, p: do.return_payment(a, 1, TODAY, reason="dispute", charged_back=True, fee=0, at=AT),
    "forgiven": lambda a, p: do.forgive(a, do.WriteOff(lines=LINE, reason="hardship"), "k", TODAY, at=AT),
    "given up": lambda a, p: do.forgive(a, do.WriteOff(lines=LINE, reason="bad-debt"), "k", TODAY, at=AT),
    "charity": lambda a, p: do.forgive(
        a, do.WriteOff(lines=LINE, reason="charity", program="p", percent=50), "k", TODAY, at=AT
    ),
    "to insurance": lambda a, p: do.transfer_to_insurance(a, LINE, "one", "k", TODAY, reason="x", at=AT),
    "money on account moved": lambda a, p: do.move_unapplied(a, p, p + 1, 10_00, "k", TODAY, reason="x", at=AT),
    "refund": lambda a, p: do.issue_refund(a, 1, TODAY, check_number="1", at=AT),
    "agency's payment": lambda a, p: do.agency_payment(a, 1, 30_00, 10_00, "k", TODAY, at=AT).entry,
    "agency's fee": lambda a, p: do.agency_fee(a, 1, 10_00, "k", TODAY, reason="x", at=AT),
    "recalled": lambda a, p: do.recall(a, 1, TODAY, reason="x", at=AT),
}


@pytest.fixture
def patient(system):
    """Owes 300.00, of which 30.00 are with an agency, and has 60.00 on account, of which 5.00 are to be refunded."""
    first, second = owing(system, charts=2)
    guaranteeing(system, first, second)
    facts = do.PaymentFacts(method="check", patients=(first,), rule="unapplied")
    do.take_payment(system, 60_00, facts, "first", TODAY, at=AT)
    party = do.patient_party(first)
    do.request_refund(system, party, 5_00, "first", TODAY, reason="x", despite_balance=True, at=AT)
    manager = member(system, Role.MANAGER)
    do.place(manager, first, "Prairie Recovery", "first", TODAY, lines=["A1001-2"], at=AT)
    return first


@pytest.mark.parametrize("way", WAYS)
def test_what_is_shown_is_posted_and_what_is_undone_was_never_there(system, patient, way):
    manager = member(system, Role.MANAGER)
    before, count = standing(system), system.scope.rows(JournalEntry).count()
    states = [row.state for row in system.scope.rows(Receipt).order_by("id")]
    shown = do.rehearse(system.scope, lambda: WAYS[way](manager, patient))
    assert standing(system) == before
    assert system.scope.rows(JournalEntry).count() == count
    entry = WAYS[way](manager, patient)
    assert [one.postings for one in shown.entries] == [entry.postings]
    assert standing(system) != before
    after = {change.line: change.after for change in shown.lines}
    for line, balance in after.items():
        assert standing(system)[line] == tuple(getattr(balance, name) for name in balance.__struct_fields__)
    steps = system.scope.rows(MoneyEvent).count()
    do.undo(manager, entry.key, "by mistake", TODAY, at=AT)
    assert {place: amount for place, amount in standing(system).items() if place in before} == before
    assert not any(any(rest) for place, rest in standing(system).items() if place not in before)
    assert [row.state for row in system.scope.rows(Receipt).order_by("id")][: len(states)] == states
    assert system.scope.rows(MoneyEvent).count() >= steps
    assert examine(system.scope).findings == ()
