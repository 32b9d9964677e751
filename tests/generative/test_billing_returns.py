"""However a payment was moved about before it came back: nothing of it is left anywhere, and others' money stays."""

from django.db import transaction
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from tests.app_samples import AT, TODAY
from tests.money_samples import member, owing

from superbill.app.accounts.permissions import Role
from superbill.app.billing.actions import (
    BadAmount,
    NotPossible,
    PaymentFacts,
    WriteOff,
    apply_unapplied,
    forgive,
    move_payment,
    patient_owes,
    reallocate,
    return_payment,
    take_payment,
)
from superbill.app.billing.models import LineBalance, Receipt
from superbill.app.billing.payments import where_now
from superbill.app.doctor import examine

LINES = ("A1001-1", "A1001-2", "A1002-1", "A1002-2")
CENTS = st.integers(1, 40_000)
RULES = ("visit", "unapplied", "proportional", "oldest-first")
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), CENTS, st.sampled_from(["", "visit", "proportional", "unapplied"])),
        st.tuples(st.just("apply"), st.booleans(), st.none()),
        st.tuples(
            st.just("reallocate"), st.sampled_from(["visit", "unapplied", "proportional", "oldest-first"]), CENTS
        ),
        st.tuples(st.just("move"), st.permutations(LINES), CENTS),
        st.tuples(st.just("give up"), st.sampled_from(LINES), CENTS),
    ),
    max_size=6,
)


class Undone(Exception):
    """Ends an example: the next one begins with the same books."""


def do(actor, manager, patient, place, deed):
    kind, first, second = deed
    key = f"d{place}"
    if kind == "pay":
        facts = PaymentFacts(
            method="cash", patients=(patient,), rule=second, visit="A1002" if second == "visit" else ""
        )
        take_payment(actor, first, facts, key, TODAY, at=AT)
    elif kind == "apply":
        apply_unapplied(actor, patient, key, TODAY, release=first, at=AT)
    elif kind == "reallocate":
        reallocate(actor, 1, first, key, TODAY, reason="x", visit="A1001", at=AT)
    elif kind == "move":
        move_payment(actor, first[0], first[1], second, key, TODAY, reason="x", at=AT)
    else:
        forgive(manager, WriteOff(lines=((first, second),), reason="bad-debt"), key, TODAY, at=AT)


@settings(
    max_examples=15, deadline=None, phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(amount=CENTS, deeds=DEEDS)
def check(actor, patient, amount, deeds):
    manager = member(actor, Role.MANAGER)
    try:
        with transaction.atomic():
            facts = PaymentFacts(method="check", patients=(patient,))
            take_payment(actor, amount, facts, "first", TODAY, at=AT)
            for place, deed in enumerate(deeds):
                try:
                    with transaction.atomic():
                        do(actor, manager, patient, place, deed)
                except (BadAmount, NotPossible) as refused:
                    note(f"{deed}: {refused}")
            before = patient_owes(actor.scope, patient) + given_up(actor)
            return_payment(actor, 1, TODAY, reason="NSF", at=AT)
            assert where_now(actor.scope, actor.scope.rows(Receipt).get(number=1)) == {}
            assert patient_owes(actor.scope, patient) + given_up(actor) == before + amount
            for row in actor.scope.rows(LineBalance):
                assert row.charge == row.paid + row.adjusted + row.insurance + row.patient
                assert row.patient_paid >= 0
            assert examine(actor.scope).healthy
            raise Undone
    except Undone:
        pass


def given_up(actor):
    return sum(actor.scope.rows(LineBalance).values_list("adjusted", flat=True))


def test_a_returned_payment_leaves_nothing_behind(system):
    check(system, owing(system)[0])
