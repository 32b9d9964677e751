"""Two records of one person become one and can be taken apart again; not a cent and not a row is lost on the way."""

import random

import pytest
from django.db.models import Sum
from msgspec.structs import replace
from tests.app_samples import AT, TODAY, billed, chart, remittance, usual_answer

from superbill.app.accounts.actors import Scope, actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.audit.models import AuditEvent
from superbill.app.billing.actions import PaymentFacts, apply_unapplied, patient_party, take_payment
from superbill.app.billing.models import JournalEntry, Posting
from superbill.app.billing.queries import patient_ledger
from superbill.app.doctor import examine
from superbill.app.patients.actions import import_charts
from superbill.app.patients.finding import find_patients
from superbill.app.patients.likeness import alike
from superbill.app.patients.merge_keys import TABLES
from superbill.app.patients.merging import NotMerged, merge_patients, preview_merge, undo_merge
from superbill.app.patients.models import PatientMerge, PatientRow
from superbill.app.patients.versions import versions
from superbill.app.practices.actions import open_practice
from superbill.app.remits.actions import post_remittance
from superbill.chart.model import Chart, CoverageRecord, PatientRecord, PersonName


@pytest.fixture
def two(system):
    """Two patients with visits, claims, payments and money on account."""
    claims = billed(system, charts=2)
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    ids = tuple(system.scope.rows(PatientRow).order_by("id").values_list("id", flat=True))
    for number, patient in enumerate(ids):
        pay(system, patient, 65_00, f"first {number}")
    return ids


def pay(system, patient, cents, key):
    return take_payment(system, cents, PaymentFacts(method="cash", patients=(patient,)), key, TODAY, at=AT)


def sums(scope):
    """What stands on every account of the practice."""
    return dict(scope.rows(Posting).values_list("account").order_by("account").annotate(total=Sum("amount")))


def rows_of(scope, patient):
    return {
        word: sorted(scope.rows(model).filter(patient_id=patient).values_list("pk", flat=True))
        for word, model in TABLES.items()
    }


def money_of(scope, patient):
    ledger = patient_ledger(scope, patient)
    return ledger.balance, ledger.unapplied


def healthy(system):
    return [one.message for one in examine(system.scope).findings]


def test_all_that_belongs_to_the_one_goes_to_the_other_and_comes_back(system, two):
    kept, gone = two
    scope, before, entries = system.scope, sums(system.scope), system.scope.rows(JournalEntry).count()
    rows, money = [rows_of(scope, one) for one in two], [money_of(scope, one) for one in two]
    told = preview_merge(scope, kept, gone, TODAY)
    assert told.possible
    assert dict(told.counts)["visits"] == len(rows[1]["visits"]) == 2
    assert told.on_account == money[1][1] > 0
    merge = merge_patients(system, kept, gone, "same card", at=AT)
    assert sums(scope) == before
    assert rows_of(scope, kept) == {word: sorted(rows[0][word] + rows[1][word]) for word in TABLES}
    assert not any(rows_of(scope, gone).values())
    balance, on_account = money_of(scope, kept)
    assert on_account == money[0][1] + money[1][1]
    assert (balance.charge, balance.patient) == tuple(
        getattr(money[0][0], name) + getattr(money[1][0], name) for name in ("charge", "patient")
    )
    assert money_of(scope, gone)[1] == 0
    assert scope.rows(JournalEntry).count() == entries + 1
    assert healthy(system) == []
    undo_merge(system, merge, at=AT)
    assert [rows_of(scope, one) for one in two] == rows
    assert [money_of(scope, one) for one in two] == money
    assert sums(scope) == before
    assert healthy(system) == []
    names = {event.action for event in scope.rows(AuditEvent).order_by("-id")[:4]}
    assert {"merge patients", "undo merge"} <= names


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_in_whatever_order_the_books_balance(system, two, seed):
    chance, scope, merge, before = random.Random(seed), system.scope, None, sums(system.scope)
    counts = {word: scope.rows(model).count() for word, model in TABLES.items()}
    paid = 0
    for step in range(12):
        patient = chance.choice(two) if merge is None else two[0]
        match chance.choice(("pay", "apply", "merge", "undo")):
            case "pay":
                cents = chance.randrange(1, 40) * 100
                pay(system, patient, cents, f"step {step}")
                paid += cents
            case "apply":
                apply_unapplied(system, patient, f"step {step}", TODAY, release=True, at=AT)
            case "merge" if merge is None:
                merge = merge_patients(system, *two, "same card", at=AT)
            case "undo" if merge is not None:
                try:
                    undo_merge(system, merge, at=AT)
                except NotMerged as refusal:
                    assert "was used since" in str(refusal)
                else:
                    merge = None
    after = sums(scope)
    assert sum(after.values()) == 0
    assert after["cash"] == before["cash"] + paid
    assert {name: total for name, total in after.items() if name not in ("cash", "patient", "unapplied")} == {
        name: total for name, total in before.items() if name not in ("cash", "patient", "unapplied")
    }
    assert {word: scope.rows(model).count() for word, model in TABLES.items() if word != "receipts"} == {
        word: count for word, count in counts.items() if word != "receipts"
    }
    assert healthy(system) == []


def test_money_that_was_used_since_keeps_them_together(system, two):
    kept, gone = two
    merge = merge_patients(system, kept, gone, "same card", at=AT)
    party = patient_party(kept)
    assert system.scope.rows(Posting).filter(account="unapplied", payer=party).exists()
    moved = money_of(system.scope, kept)[1]
    from superbill.app.billing.refunds import request_refund  # what leaves the account most plainly

    request_refund(system, party, moved, "back", TODAY, reason="paid too much", at=AT)
    undo_merge(system, merge, at=AT)  # asked for is not yet paid
    assert system.scope.rows(PatientMerge).get(pk=merge).undone_by == system.name


def test_the_record_that_stays_learns_what_it_lacks_and_is_found_by_both(system):
    one = Chart(patient=PatientRecord(id="a", name=PersonName("Hernandez", ("William",)), medical_record_number="M1"))
    other = Chart(
        patient=PatientRecord(id="b", name=PersonName("Hernandes", ("Bill",)), phone="7155550123",
                              medical_record_number="M2"),
        coverages=(CoverageRecord(id="c", payer="Blue", member_id="W1"),),
    )  # fmt: skip
    import_charts(system, [one, other], at=AT)
    a, b = (system.scope.rows(PatientRow).get(source_id=name).pk for name in "ab")
    assert [each.id for each in alike(system.scope, one, but=[a])] == []  # a like name alone is not enough
    merge = merge_patients(system, a, b, "asked the patient", at=AT)
    now = versions(system.scope, a)[0].chart
    assert now.patient.phone == "7155550123"
    assert [(each.payer, each.member_id) for each in now.coverages] == [("Blue", "W1")]
    for typed in ("hernandes", "M2", "bill", "w1"):
        assert [found.id for found in find_patients(system.scope, typed, today=TODAY)] == [a], typed
    import_charts(system, [replace(chart(9), patient=replace(other.patient, id="b"))], at=AT)
    assert dict(preview_counts(system, a))["visits"] == 1  # a later import of the other brings its visits here
    undo_merge(system, merge, at=AT)
    assert versions(system.scope, a)[0].chart == one
    assert {found.id for found in find_patients(system.scope, "hernandez", today=TODAY)} == {a, b}


def preview_counts(system, patient):
    return [(word, system.scope.rows(model).filter(patient_id=patient).count()) for word, model in TABLES.items()]


def test_who_may_merge_and_whom(system, two):
    kept, gone = two
    desk = actor_with("desk", system.practice_id, Role.FRONT_DESK)
    with pytest.raises(NotPermitted):
        merge_patients(desk, kept, gone, "same", at=AT)
    other = open_practice("hillside", "Hillside Clinic")
    outsider = actor_with("outsider", other.pk, Role.MANAGER)
    with pytest.raises(NotMerged, match="this practice"):
        merge_patients(outsider, kept, gone, "same", at=AT)
    import_charts(outsider, [chart(1)], at=AT)
    theirs = Scope(other.pk).rows(PatientRow).get().pk
    for pair in ((kept, theirs), (theirs, kept), (kept, kept)):
        with pytest.raises(NotMerged):
            merge_patients(system, *pair, "same", at=AT)
    with pytest.raises(NotMerged, match="Say why"):
        merge_patients(system, kept, gone, " ", at=AT)
    merge = merge_patients(system, kept, gone, "same", at=AT)
    with pytest.raises(NotMerged):
        undo_merge(outsider, merge, at=AT)
    with pytest.raises(NotMerged):
        merge_patients(system, gone, kept, "same", at=AT)
