"""The ledger against a naive model of itself: any order of posting, reversing and paying, on both databases."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from tests.app_samples import AT, TODAY, chart, claim

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import Role
from superbill.app.billing.actions import (
    BadAmount,
    apply_unapplied,
    patient_owes,
    post,
    reverse,
    take_patient_payment,
    unapplied_money,
    write_off,
)
from superbill.app.billing.models import LineBalance
from superbill.app.claims.actions import SelfPayDraft, bill_self_pay
from superbill.app.doctor import examine
from superbill.app.encounters.models import EncounterRow
from superbill.app.patients.actions import import_charts
from superbill.app.practices.actions import open_practice
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry
from superbill.ledger.entry import Posting as Move

LINES = ("A1001-1", "A1001-2", "A1002-1", "A1002-2")
CHARGES = dict(zip(LINES, (120_00, 30_00, 7, 45_50), strict=True))
AMOUNTS = st.one_of(st.integers(1, 200_00), st.sampled_from([1, 7, 30_00, 45_50, 120_00]))


class LedgerMachine(RuleBasedStateMachine):
    """One patient with four lines who owes everything; the model is a dictionary per line and a purse."""

    opened = 0
    entries = Bundle("entries")

    def __init__(self):
        super().__init__()
        LedgerMachine.opened += 1
        practice = open_practice(f"machine{LedgerMachine.opened}", "Machine").pk
        self.actor = actor_with("machine", practice, Role.SYSTEM, Role.MANAGER)  # a manager may forgive it all
        import_charts(self.actor, [chart(1, 2)], at=AT)
        rows = self.actor.scope.rows(EncounterRow).order_by("id")
        self.patient = rows[0].patient_id
        drafts = [
            SelfPayDraft(encounter=row.pk, lines=claim(row.account_number, charges, day=row.date_of_service).lines)
            for row, charges in zip(rows, ((120_00, 30_00), (7, 45_50)), strict=True)
        ]
        bill_self_pay(self.actor, drafts, TODAY, at=AT)
        self.owed = dict(CHARGES)
        self.paid = dict.fromkeys(LINES, 0)
        self.written_off = dict.fromkeys(LINES, 0)
        self.insurance = dict.fromkeys(LINES, 0)
        self.purse = 0
        self.done: dict[str, tuple[str, object]] = {}
        self.reversed: set[str] = set()

    def spread(self, amount):
        for line in LINES:  # oldest service first: the lines are in that order
            part = min(amount, max(self.owed[line], 0))
            self.owed[line] -= part
            self.paid[line] += part
            amount -= part
        return amount

    @rule(amount=AMOUNTS, key=st.integers(1, 6))
    def pay(self, amount, key):
        name = f"pay{key}"
        if name in self.done:
            amount = self.done[name]  # the same payment again: nothing happens
        take_patient_payment(self.actor, self.patient, amount, "cash", name, TODAY, at=AT)
        if name not in self.done:
            self.done[name] = amount
            self.purse += self.spread(amount)

    @rule()
    def apply(self):
        name = f"apply{len(self.done)}"
        entry = apply_unapplied(self.actor, self.patient, name, TODAY, at=AT)
        before = self.purse
        self.purse = self.spread(before)
        assert (entry is None) == (self.purse == before)
        self.done[name] = 0

    @rule(target=entries, line=st.sampled_from(LINES), amount=AMOUNTS, key=st.integers(1, 9), days=st.integers(0, 9))
    def bill_insurance(self, line, amount, key, days):
        """A transfer from the patient to a payer; a key seen before keeps what it said."""
        name = f"move{key}"
        line, amount = self.done.setdefault(name, (line, amount))
        moves = (
            Move(account=Account.INSURANCE, amount=amount, line=line, payer="one"),
            Move(account=Account.PATIENT, amount=-amount, line=line),
        )
        entry = Entry(key=name, kind="transfer", on=TODAY + timedelta(days=days), postings=moves)
        if post(self.actor, [entry], at=AT).posted:
            self.insurance[line] += amount
            self.owed[line] -= amount
        return name

    @rule(name=entries)
    def take_back(self, name):
        reverse(self.actor, name, on=TODAY, at=AT)
        if name not in self.reversed:
            self.reversed.add(name)
            line, amount = self.done[name]
            self.insurance[line] -= amount
            self.owed[line] += amount

    @rule(line=st.sampled_from(LINES), amount=AMOUNTS)
    def forgive(self, line, amount):
        name = f"forgive{len(self.done)}"
        if amount > max(self.owed[line], 0) + max(self.insurance[line], 0):
            with pytest.raises(BadAmount):
                write_off(self.actor, line, amount, "hardship", name, TODAY, at=AT)
            return
        write_off(self.actor, line, amount, "hardship", name, TODAY, at=AT)
        self.done[name] = amount
        from_patient = min(amount, max(self.owed[line], 0))
        self.owed[line] -= from_patient
        self.insurance[line] -= amount - from_patient
        self.written_off[line] += amount

    @invariant()
    def books_say_what_the_model_says(self):
        for row in self.actor.scope.rows(LineBalance).select_related("line"):
            line = row.line.key
            assert (row.charge, row.adjusted) == (CHARGES[line], self.written_off[line])
            assert (row.paid, row.patient_paid) == (self.paid[line], self.paid[line])
            assert (row.insurance, row.patient) == (self.insurance[line], self.owed[line])
        assert unapplied_money(self.actor.scope, self.patient) == self.purse
        assert patient_owes(self.actor.scope, self.patient) == sum(self.owed.values()) - self.purse

    def teardown(self):
        report = examine(self.actor.scope)
        note(f"practice machine{LedgerMachine.opened}: {report}")
        assert report.healthy


def test_any_order_of_events_leaves_the_books_as_a_naive_model_has_them(database):
    """A failure prints the steps and, with `print_blob`, the seed that reproduces it."""
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            print_blob=True,
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
