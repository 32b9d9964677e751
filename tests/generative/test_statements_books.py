"""A family's year in random order: whatever happens, every cent owed is on exactly one guarantor, each statement's
lines add up to it, no line is asked for by two, and the doctor proves all of it from the journal."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from msgspec.structs import replace
from tests.app_samples import AT, TODAY, billed, chart, remittance, usual_answer
from tests.statement_samples import stated

from superbill.app.billing.actions import take_patient_payment
from superbill.app.billing.models import ChargeLine, LineBalance
from superbill.app.billing.standing import patient_owes
from superbill.app.doctor import examine
from superbill.app.guarantors.actions import assign_guarantor, end_assignments
from superbill.app.guarantors.queries import guarantors_named
from superbill.app.patients.actions import import_charts
from superbill.app.remits.actions import post_remittance
from superbill.app.statements.actions import hold, release
from superbill.app.statements.holds import stored_holds
from superbill.app.statements.models import HoldKind, Statement
from superbill.app.statements.owing import guarantors_owing
from superbill.app.statements.planning import plans
from superbill.app.statements.queries import asked_lines
from superbill.app.threads.actions import BadThread, open_thread, resolve
from superbill.app.threads.models import ThreadState, Topic
from superbill.app.threads.queries import threads
from superbill.chart.model import CoverageRecord, PersonName, SubscriberRecord

PARENTS = [
    SubscriberRecord(name=PersonName("Okafor", (given,)), birth_date=date(1985, 1, day))
    for day, given in ((1, "Ngozi"), (2, "Emeka"))
]
STEPS = 25


def child(number, signer):
    coverage = CoverageRecord(id=f"c{number}", payer="Payer One", relationship="child", subscriber=signer)
    one = chart(number)
    born = date(2008, 11, 20) if number == 1 else date(2015, 1, number)  # the first comes of age on the way
    return replace(one, patient=replace(one.patient, birth_date=born), coverages=(coverage,), encounters=())


class Family:
    """Two children, two parents, and everything that may happen to their bills."""

    def __init__(self, actor, seed):
        self.actor, self.random, self.on, self.count = actor, Random(seed), TODAY, 0
        claims = billed(actor, charts=2)
        import_charts(actor, [child(number, PARENTS[0]) for number in (1, 2)], at=datetime(2026, 8, 1, tzinfo=UTC))
        post_remittance(actor, remittance("T1", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
        self.lines = list(actor.scope.rows(ChargeLine).order_by("id").values_list("key", "patient_id"))

    @property
    def at(self):
        return AT + (self.on - TODAY)

    def step(self):
        deeds = (self.pay, self.wait, self.hold, self.release, self.dispute, self.settle, self.marry, self.decide)
        self.random.choice(deeds)()

    def pay(self):
        _, patient = self.random.choice(self.lines)
        self.count += 1
        take_patient_payment(
            self.actor, patient, self.random.choice((1, 5_00, 33_00)), "cash", f"k{self.count}", self.on, at=self.at
        )

    def wait(self):
        self.on += timedelta(days=self.random.randint(1, 30))
        stated(self.actor, self.on, self.at)

    def hold(self):
        hold(
            self.actor,
            HoldKind.OTHER,
            since=self.on,
            reason="x",
            lines=(self.random.choice(self.lines)[0],),
            at=self.at,
        )

    def release(self):
        if some := [one.id for one in stored_holds(self.actor.scope, standing_on=self.on) if one.kind == "other"]:
            release(self.actor, self.random.choice(some), on=self.on, why="x", at=self.at)

    def dispute(self):
        try:
            open_thread(
                self.actor, Topic.DISPUTE, "x", on=self.on, lines=(self.random.choice(self.lines)[0],), at=self.at
            )
        except BadThread as error:
            pytest.fail(str(error))

    def settle(self):
        if some := threads(self.actor.scope, states=(ThreadState.OPEN,)):
            resolve(self.actor, self.random.choice(some).number, "explained", "x", on=self.on, at=self.at)

    def marry(self):
        """Another parent stands on a child's chart."""
        import_charts(self.actor, [child(self.random.choice((1, 2)), self.random.choice(PARENTS))], at=self.at)

    def decide(self):
        _, patient = self.random.choice(self.lines)
        if self.random.random() < 0.5:
            end_assignments(self.actor, patient, on=self.on, reason="x", at=self.at)
        else:
            payer = self.random.choice(guarantors_named(self.actor.scope, "Okafor"))
            since = self.random.choice((None, self.on))
            assign_guarantor(self.actor, patient, payer.id, "court order", "x", since=since, at=self.at)


@pytest.mark.parametrize("seed", [11, 12])
def test_every_cent_is_on_one_guarantor_and_every_statement_adds_up(system, seed):
    family = Family(system, seed)
    for _ in range(STEPS):
        family.step()
        every = guarantors_owing(system.scope, family.on)
        asked = [one.line for due in every.values() for one in due.lines]
        assert len(asked) == len(set(asked)), f"seed {seed}"
        owed = sum(patient_owes(system.scope, patient) for patient in {patient for _, patient in family.lines})
        assert sum(due.owed for due in every.values()) == owed, f"seed {seed}"
        held = {one.line for one in stored_holds(system.scope, standing_on=family.on) if one.line}
        for plan in plans(system.scope, family.on, 1, whoever=True):
            assert plan.amount == plan.due.owed - sum(one.owed for one in plan.lines if one.held), f"seed {seed}"
            for one in plan.lines:
                balance = system.scope.rows(LineBalance).get(line_id=one.line).patient
                assert one.owed == balance, f"seed {seed}"
                assert bool(one.held) == (one.line in held and balance > 0), f"seed {seed}"
    stated(system, family.on + timedelta(days=1), family.at)
    numbers = []
    for row in system.scope.rows(Statement).order_by("number"):
        numbers.append(row.number)
        lines = asked_lines(system.scope, row.pk)
        unapplied = sum(one.unapplied for one in row.patients.model._base_manager.filter(statement=row))
        assert sum(one.amount for one in lines if not one.held) - unapplied == row.amount, f"seed {seed}"
        assert row.level == max((one.level for one in lines if not one.held), default=0)
    assert numbers == list(range(1, len(numbers) + 1))
    assert examine(system.scope).findings == (), f"seed {seed}"
