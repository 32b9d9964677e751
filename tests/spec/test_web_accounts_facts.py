"""What is read of one account is what the readers of the whole practice tell of it: money, credits, cases, holds."""

import pytest
from msgspec.structs import replace
from tests.account_samples import everything_on, payer_of
from tests.app_samples import AT, TODAY, billed, chart, remittance, usual_answer

from superbill.app.accounts.actors import Scope, actor_with
from superbill.app.accounts.permissions import NotPermitted, Permission, Role
from superbill.app.billing.actions import (
    PaymentFacts,
    apply_unapplied,
    make_plan,
    refuse_refund,
    take_payment,
    unapplied_money,
)
from superbill.app.billing.cases import KINDS
from superbill.app.billing.models import JournalEntry, Refund
from superbill.app.billing.queries import cases_about, journal, patient_credits, patient_ledger
from superbill.app.guarantors.queries import guarantor_of, own_charts, who_pays
from superbill.app.patients.actions import import_charts
from superbill.app.patients.merging import merge_patients, undo_merge
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import open_practice
from superbill.app.remits.actions import post_remittance
from superbill.app.statements.holds import all_holds
from superbill.app.statements.owing import line_ids
from superbill.app.statements.queries import statements
from superbill.app.web.accounts.queries import account_holder, statements_of, statements_of_guarantor
from superbill.app.web.accounts.queries_cases import cases_of
from superbill.app.web.accounts.queries_subjects import (
    account_subject,
    guarantor_subject,
    holds_on,
    open_lines_of,
    patient_subject,
)


@pytest.fixture
def two(system):
    """Two patients who owe, everything on the account of each."""
    claims = billed(system, charts=2)
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    patients = tuple(system.scope.rows(PatientRow).order_by("id").values_list("id", flat=True))
    for patient in patients:
        everything_on(system, patient)
    return patients


def account(scope, patient):
    return account_subject(scope, account_holder(scope, patient), patient_ledger(scope, patient))


def standing(scope, patient, payer):
    """What the holds of the whole practice say of an account, as (line, kind, since, until, why)."""
    holds = all_holds(scope, [payer])
    lines = line_ids(scope, [line.key for line in patient_ledger(scope, patient).lines])
    told = [("", one) for one in holds.of_guarantors.get(payer, ())]
    told += [(key, one) for key, row in lines.items() for one in holds.of_lines.get(row, ())]
    return {seen(key, one) for key, one in told if one.stands_on(TODAY)}


def seen(line, one):
    return (line, one.kind, one.since, one.until, one.reason, one.id, one.actor)


def test_the_holds_of_an_account_are_those_of_the_practice_that_are_on_it(system, two):
    import_charts(system, [replace(chart(2), patient=replace(chart(2).patient, deceased=TODAY))], at=AT)
    scope = system.scope
    for patient in two:
        payer = payer_of(system, patient)
        expected = standing(scope, patient, payer)
        assert {kind for _, kind, *_ in expected} >= {"dispute", "other", "agency"}
        for subject in (account(scope, patient), patient_subject(scope, patient), guarantor_subject(scope, payer)):
            found = holds_on(subject, TODAY)
            assert {seen(one.line, one.hold) for one in found} == expected
            assert len(found) == len(expected)
    assert "deceased" in {kind for _, kind, *_ in expected}


def test_what_was_read_with_the_books_is_what_would_be_asked_for(system, two):
    scope = system.scope
    for patient in two:
        read = account(scope, patient)
        assert read.lines == open_lines_of(scope, [patient])
        assert read.unapplied == unapplied_money(scope, patient) == 50_00
        assert read.credits == patient_subject(scope, patient).credits == patient_credits(scope, patient)
        assert sum(one.amount for one in read.credits) == 45_00  # a refund under way has taken its part
        assert read.payer(TODAY) == guarantor_of(scope, [patient], TODAY)[patient]
        assert read.people == patient_subject(scope, patient).people


def test_every_kind_of_case_is_listed_with_its_patient_and_nobody_elses(system, two):
    scope = system.scope
    for patient in two:
        cases = cases_about(scope, [patient])
        assert [type(one) for one in cases] == list(KINDS.values())
        for one in cases:
            stored = scope.rows(type(one)).get(pk=one.pk)
            assert stored.__dict__.keys() == one.__dict__.keys()
            assert all(getattr(stored, name) == value for name, value in one.__dict__.items() if name != "_state")
        assert {one.patient for one in cases_of(account(scope, patient))} == {patient}
    assert len(cases_about(scope, two)) == 2 * len(KINDS)
    assert cases_about(scope, []) == []


def test_entries_of_an_account_stand_in_the_order_of_posting(system, two):
    scope, patient = system.scope, two[0]
    assert apply_unapplied(system, patient, "k", TODAY, at=AT)
    take_payment(system, 7_00, PaymentFacts(method="cash", patients=(patient,), rule="unapplied"), "l", TODAY, at=AT)
    apply_unapplied(system, patient, "m", TODAY, at=AT)
    ledger = patient_ledger(scope, patient)
    theirs = {entry.key for entry in ledger.entries}
    every = journal(scope, limit=scope.rows(JournalEntry).count())
    assert list(ledger.entries) == [entry for entry in every if entry.key in theirs]
    assert {entry.kind for entry in ledger.entries} >= {"charge", "patient payment"}


def test_a_plan_holds_the_lines_of_its_own_account_alone(system):
    claims = billed(system, charts=2)
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    kept, gone = system.scope.rows(PatientRow).order_by("id").values_list("id", flat=True)
    merge = merge_patients(system, kept, gone, "same card", at=AT)
    make_plan(system, kept, TODAY, "over both", TODAY, months=2, at=AT)
    both = {one.line for one in holds_on(account(system.scope, kept), TODAY)}
    undo_merge(system, merge, at=AT)
    held = {one.line for one in holds_on(account(system.scope, kept), TODAY)}
    assert held == {line.key for line in account(system.scope, kept).lines if line.owed} < both


def test_money_of_a_record_that_was_merged_is_not_counted_twice(system, two):
    scope, (kept, gone) = system.scope, two
    for row in list(scope.rows(Refund)):
        refuse_refund(system, row.number, TODAY, reason="not now", at=AT)
    applied = apply_unapplied(system, gone, "k", TODAY, at=AT)  # to a line that the record loses
    before = {one.number for one in (*statements_of(scope, kept), *statements_of(scope, gone))}
    together = sum(unapplied_money(scope, one) for one in two)
    merge_patients(system, kept, gone, "same card", at=AT)
    for patient in two:
        assert patient_ledger(scope, patient).unapplied == unapplied_money(scope, patient)
    assert patient_ledger(scope, kept).unapplied == together
    assert patient_ledger(scope, gone).unapplied == 0
    assert [applied in patient_ledger(scope, one).entries for one in two] == [True, False]
    assert [one.number for one in statements_of(scope, kept)] == sorted(before, reverse=True)
    payer = payer_of(system, kept)
    told = {row.number for row in statements(scope, payer)}
    assert [one.number for one in statements_of_guarantor(scope, payer)] == sorted(told, reverse=True) != []


def test_another_practice_reads_nothing_of_it_and_charts_need_their_permission(system, two):
    other = actor_with("m", open_practice("hillside", "Hillside Clinic").pk, Role.MANAGER).scope
    payer = payer_of(system, two[0])
    assert cases_about(other, two) == []
    assert statements_of(other, two[0]) == statements_of_guarantor(other, payer) == []
    assert who_pays(other, two).terms == own_charts(other, [payer]) == {}
    assert patient_ledger(other, two[0]).lines == patient_ledger(other, two[0]).entries == ()
    books = Scope(system.practice_id, reader="clerk", may_read=frozenset({Permission.READ_LEDGER}))
    assert cases_about(books, two)
    for read in (lambda: who_pays(books, two), lambda: own_charts(books, [payer])):
        with pytest.raises(NotPermitted):
            read()
