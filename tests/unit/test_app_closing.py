"""Closed days stay closed: what a person dates there is refused, what a document dates there moves to an open day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError
from tests.app_samples import AT, TODAY, billed, remittance, usual_answer
from tests.bank_books import paid, pays

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.billing.actions import apply_unapplied, take_patient_payment
from superbill.app.billing.models import JournalEntry, LineBalance, Posting
from superbill.app.claims.models import ClaimRow
from superbill.app.deposits import actions, queries
from superbill.app.deposits.closing import day_report
from superbill.app.deposits.general_ledger import export_general_ledger
from superbill.app.deposits.models import Closing
from superbill.app.deposits.periods import PeriodClosed, closed_through, first_open_day
from superbill.app.doctor import examine
from superbill.app.documents import decoded
from superbill.app.patients.models import PatientRow
from superbill.app.remits.actions import post_remittance
from superbill.app.remits.models import RemittanceRow
from superbill.app.remits.undoing import void_remittance
from superbill.app.rows import insert, update
from superbill.claims.model import Claim

NEXT = TODAY + timedelta(days=1)
BEFORE = TODAY - timedelta(days=1)


def take(system, amount, key, on, method="cash"):
    patient = system.scope.rows(PatientRow).order_by("id").first()
    return take_patient_payment(system, patient.pk, amount, method, key, on, at=AT)


def balances(system):
    return list(
        system.scope.rows(LineBalance).order_by("line_id").values_list("line_id", "paid", "patient", "insurance")
    )


def export(system, start, end, **options):
    return export_general_ledger(system, start, end, practice="Lakeside", at=AT, **options)


def test_a_day_is_told_by_method_and_by_who_took_the_money(system):
    paid(system)
    clerk = actor_with("ana", system.practice_id, Role.FRONT_DESK)
    pays(system, 20_00)
    pays(clerk, 30_00, "check")
    pays(clerk, 5_00, "check")
    report = day_report(system.scope, TODAY)
    assert [(each.method, each.actor, each.count, each.amount) for each in report.totals] == [
        ("ACH", "system", 1, 160_00),
        ("cash", "system", 1, 20_00),
        ("check", "ana", 2, 35_00),
    ]
    assert report.expected == {"ACH": 160_00, "cash": 20_00, "check": 35_00}


def test_a_day_is_closed_against_what_was_counted(system):
    paid(system)
    pays(system, 20_00)
    pays(system, 30_00, "check")
    for counted, message in (
        ({}, r"count cash \(posted \$20\.00\), check"),
        ({"cash": 20_00}, "count check"),
        ({"cash": 19_00, "check": 30_00}, r"cash \(\$1\.00\)\. Count again, or say why"),
    ):
        with pytest.raises(actions.NotReconcilable, match=message):
            actions.close_day(system, TODAY, counted, at=AT)
    assert closed_through(system.scope) is None
    report = actions.close_day(system, TODAY, {"cash": 19_00, "check": 30_00}, why="coins missing", at=AT)
    assert (report.difference, report.differences) == (-1_00, {"cash": -1_00, "check": 0})
    assert (closed_through(system.scope), first_open_day(system.scope)) == (TODAY, NEXT)
    (row,) = queries.closings(system.scope)
    assert (row.kind, row.difference, row.why, row.actor) == ("day", -1_00, "coins missing", "system")
    with pytest.raises(actions.NotReconcilable, match="closed already"):
        actions.close_day(system, TODAY, {}, at=AT)
    assert not system.scope.rows(Posting).filter(account="fees").exists()  # a difference is recorded, not posted


def test_days_close_in_order_and_none_before_its_time(system):
    paid(system)
    pays(system, 20_00, on=BEFORE)
    with pytest.raises(actions.NotReconcilable, match=f"the days before it first: {BEFORE}"):
        actions.close_day(system, TODAY, {}, at=AT)
    with pytest.raises(actions.NotReconcilable, match="yet to come"):
        actions.close_day(system, NEXT, {}, at=AT)
    assert actions.close_day(system, TODAY, {}, with_earlier=True, at=AT).uncounted == (BEFORE,)


def test_a_person_s_date_in_a_closed_day_is_refused_with_the_first_open_day(system):
    paid(system)
    actions.close_day(system, TODAY, {}, at=AT)
    entries = system.scope.rows(JournalEntry).count()
    with pytest.raises(PeriodClosed, match=f"{TODAY} is closed.*first open day is {NEXT}"):
        take(system, 5_00, "late", TODAY)
    assert system.scope.rows(JournalEntry).count() == entries
    assert take(system, 5_00, "late", NEXT).on == NEXT


def test_what_was_posted_before_is_left_alone_when_it_comes_again(system):
    document = paid(system)
    take(system, 5_00, "k", TODAY)
    actions.close_day(system, TODAY, {"cash": 5_00}, at=AT)
    before = balances(system)
    assert take(system, 5_00, "k", TODAY).on == TODAY
    assert post_remittance(system, document, payer_key="one", at=AT).already
    assert balances(system) == before


def test_a_remittance_dated_into_a_closed_month_is_posted_on_the_first_open_day_and_says_so(system):
    claims = billed(system, charts=1, visits=1)
    october = remittance("OCT", *(usual_answer(one) for one in claims), day=date(2026, 10, 30))
    assert actions.close_month(system, 2026, 10, at=AT) == date(2026, 10, 31)
    result = post_remittance(system, october, payer_key="one", at=AT)
    assert not result.held
    rows = system.scope.rows(JournalEntry).filter(source="835:1000000001:OCT")
    assert {row.on for row in rows} == {date(2026, 11, 1)}
    assert all("dated 2026-10-30, which is closed" in row.memo for row in rows)
    assert examine(system.scope).healthy


def test_what_is_taken_back_of_a_closed_day_counts_on_the_first_open_one(system):
    paid(system)
    actions.close_day(system, TODAY, {}, at=AT)
    void_remittance(system, system.scope.rows(RemittanceRow).get().pk, on=TODAY, why="wrong practice", at=AT)
    assert set(system.scope.rows(JournalEntry).filter(kind="reversal").values_list("on", flat=True)) == {NEXT}


def test_money_on_account_is_put_to_lines_by_the_program_on_the_first_open_day(system):
    billed(system, charts=1, visits=1)
    take(system, 20_00, "copay", BEFORE)
    actions.close_day(system, TODAY, {}, with_earlier=True, at=AT)
    (claim,) = system.scope.rows(ClaimRow)
    document = remittance("T1", usual_answer(decoded(claim.doc, Claim)))
    post_remittance(system, document, payer_key="one", at=AT)
    patient = system.scope.rows(PatientRow).get()
    assert apply_unapplied(system, patient.pk, "run", TODAY, at=AT)
    assert system.scope.rows(JournalEntry).get(key="apply-unapplied:run").on == NEXT


def test_books_are_reopened_by_a_manager_with_a_reason_and_on_record(system):
    paid(system)
    actions.close_day(system, TODAY, {}, at=AT)
    poster = actor_with("poster", system.practice_id, Role.POSTER)
    manager = actor_with("manager", system.practice_id, Role.MANAGER)
    with pytest.raises(NotPermitted):
        actions.reopen(poster, TODAY, why="please", at=AT)
    with pytest.raises(actions.NotReconcilable, match="say why"):
        actions.reopen(manager, TODAY, why=" ", at=AT)
    with pytest.raises(actions.NotReconcilable, match="open already"):
        actions.reopen(manager, NEXT, why="x", at=AT)
    actions.reopen(manager, TODAY, why="a check was forgotten", at=AT)
    assert closed_through(system.scope) == BEFORE
    assert take(system, 5_00, "late", TODAY).on == TODAY
    with pytest.raises(PeriodClosed):
        take(system, 5_00, "earlier", BEFORE)
    actions.close_day(poster, TODAY, {"cash": 5_00}, at=AT)
    assert [(row.kind, row.actor) for row in queries.closings(system.scope)] == [
        ("day", "system"), ("reopened", "manager"), ("day", "poster"),
    ]  # fmt: skip
    assert examine(system.scope).healthy


def test_the_closing_can_not_be_changed_and_the_doctor_sees_an_entry_behind_it(system):
    paid(system)
    actions.close_day(system, TODAY, {}, at=AT)
    with pytest.raises(DatabaseError, match="never changed"):
        update(Closing, ("through",), [(BEFORE, system.scope.rows(Closing).get().pk)])


def test_the_doctor_sees_what_was_written_past_the_app_into_a_closed_day(system):
    paid(system)
    actions.close_day(system, TODAY, {}, at=AT)
    columns = ("practice_id", "kind", "on", "through", "entries", "actor", "at")
    insert(Closing, columns, [(system.practice_id, "day", NEXT, NEXT, 3, "nobody", datetime(2026, 11, 3, tzinfo=UTC))])
    take(system, 5_00, "k", NEXT + timedelta(days=1))
    assert examine(system.scope).healthy
    insert(Closing, columns, [
        (system.practice_id, "day", TODAY + timedelta(days=5), TODAY + timedelta(days=5), 1, "nobody", AT)
    ])  # fmt: skip
    assert {finding.rule for finding in examine(system.scope).findings} == {"doctor.closed-day"}


def test_another_practice_s_days_are_its_own(system):
    from superbill.app.practices.actions import open_practice

    paid(system)
    actions.close_day(system, TODAY, {}, at=AT)
    other = actor_with("outsider", open_practice("hillside", "Hillside").pk, Role.MANAGER)
    assert closed_through(other.scope) is None
    assert day_report(other.scope, TODAY).totals == ()
    assert export(other, TODAY, TODAY).periods == 0
    with pytest.raises(NotPermitted):
        export(actor_with("poster", system.practice_id, Role.POSTER), TODAY, TODAY)


def test_an_export_of_closed_days_never_changes(system):
    claims = billed(system, charts=1, visits=2)
    one, other = claims
    post_remittance(system, remittance("OCT1", usual_answer(one), day=date(2026, 10, 29)), payer_key="one", at=AT)
    october = (date(2026, 10, 1), date(2026, 10, 31))
    assert not export(system, *october).closed
    actions.close_month(system, 2026, 10, at=AT)
    first = export(system, *october)
    assert first.closed and first.periods == 1
    post_remittance(system, remittance("OCT2", usual_answer(other), day=date(2026, 10, 30)), payer_key="one", at=AT)
    assert export(system, *october) == first
    assert "2026-11-01,Lakeside:2026-11-01,1010,Cash,80.00,," in export(system, date(2026, 11, 1), TODAY).text
    assert export(system, date(2026, 9, 1), TODAY, by="month").text.count("1010,Cash") == 2
