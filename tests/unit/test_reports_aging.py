"""Receivables of a small practice: by whom, as of which day, how old, and what is behind the numbers."""

from datetime import date, timedelta

import pytest
from tests.app_samples import AT, DAY, TODAY, billed, remittance, usual_answer

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.billing.actions import post, take_patient_payment
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import open_practice
from superbill.app.remits.actions import post_remittance
from superbill.app.reports.actions import refresh
from superbill.app.reports.aging import Question, aged, lines_behind
from superbill.app.reports.models import Spell
from superbill.app.reports.view import one_view
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry
from superbill.ledger.entry import Posting as Move

BEFORE = TODAY - timedelta(days=1)


def figures(actor, **question):
    return {(row.key, row.kind): row.total for row in aged(actor.scope, Question(**question))}


@pytest.fixture(params=["derived anew", "kept"])
def answered(request, system):
    """Two visits charged on TODAY's claims; the first is answered a week later: 80 paid, 20 owed, 30 refused."""
    sent = billed(system, charts=1, visits=2)
    later = TODAY + timedelta(days=7)
    post_remittance(system, remittance("T1", usual_answer(sent[0]), day=later), payer_key="one", at=AT)
    if request.param == "kept":
        refresh(system, at=AT)
    return later


def test_each_holder_has_what_is_theirs(system, answered):
    assert figures(system, on=answered) == {("one", "insurance"): 15000, ("one", "denied"): 3000, ("", "patient"): 2000}


def test_a_past_day_is_as_it_was(system, answered):
    assert figures(system, on=TODAY) == {("one", "insurance"): 30000}
    assert figures(system, on=BEFORE) == {}


def test_age_counts_from_the_service_or_from_when_the_holder_owes(system, answered):
    on = answered + timedelta(days=40)
    by_service = {row.kind: row.buckets for row in aged(system.scope, Question(on=on))}
    by_holder = {row.kind: row.buckets for row in aged(system.scope, Question(on=on, age="responsibility"))}
    assert by_service["patient"] == (0, 0, 0, 2000, 0)  # 107 days after the service
    assert by_holder["patient"] == (0, 2000, 0, 0, 0)  # 40 days after the payer said so
    assert by_holder["denied"] == (0, 3000, 0, 0, 0)
    assert by_holder["insurance"] == (0, 15000, 0, 0, 0)


WAYS = {
    "payer": {"", "one"},
    "claim": {"A1001", "A1001 one", "A1002 one"},
    "practice": {""},
    "provider": {"1234567893"},
    "location": {"POS 11"},
}


def test_the_same_money_by_whatever_it_is_asked(system, answered):
    for by, keys in WAYS.items():
        rows = aged(system.scope, Question(on=answered, by=by))
        assert {row.key for row in rows} == keys
        assert sum(row.total for row in rows) == 20000


def test_the_patients_share_by_who_pays_for_them(system, answered):
    (row,) = aged(system.scope, Question(on=answered, by="guarantor"))
    assert (row.kind, row.total) == ("patient", 2000)
    (line,) = lines_behind(system.scope, Question(on=answered, by="guarantor"), key=row.key)
    assert line.amount == 2000
    assert lines_behind(system.scope, Question(on=answered, by="guarantor"), key="999") == []


def test_a_credit_is_never_netted_against_what_others_owe(system, answered):
    moves = (
        Move(account=Account.CASH, amount=5000, line="A1001-1", payer="patient:1"),
        Move(account=Account.PATIENT, amount=-5000, line="A1001-1"),
    )
    post(system, [Entry(key="too much", kind="patient payment", on=answered, postings=moves)], at=AT)
    found = figures(system, on=answered)
    assert found["", "credit"] == -3000
    assert ("", "patient") not in found
    behind = lines_behind(system.scope, Question(on=answered), kind="credit")
    assert [(one.line, one.amount) for one in behind] == [("A1001-1", -3000)]


def test_the_lines_behind_a_number_say_whose_and_since_when(system, answered):
    (line,) = lines_behind(system.scope, Question(on=answered), key="", kind="patient")
    assert (line.line, line.code, line.amount) == ("A1001-1", "99213", 2000)
    assert (line.service, line.since, line.days) == (DAY, answered, (answered - DAY).days)


def test_lines_come_page_by_page(system, answered):
    question = Question(on=answered)
    pages = [lines_behind(system.scope, question, skip=skip, limit=1) for skip in range(5)]
    assert [line for page in pages for line in page] == lines_behind(system.scope, question)
    assert [len(page) for page in pages] == [1, 1, 1, 1, 0]


def test_a_payment_is_seen_at_once_whether_spells_are_kept_or_not(system, answered):
    patient = system.scope.rows(PatientRow).get()
    take_patient_payment(system, patient.pk, 2000, "cash", "k", answered, at=AT)
    assert ("", "patient") not in figures(system, on=answered)
    assert figures(system, on=answered - timedelta(days=1)) == {("one", "insurance"): 30000}


def test_refreshing_again_changes_nothing(system, answered):
    first = refresh(system, at=AT)
    kept = list(system.scope.rows(Spell).order_by("id").values())
    assert refresh(system, at=AT).entry == first.entry
    assert [row | {"id": 0} for row in kept] == [
        row | {"id": 0} for row in system.scope.rows(Spell).order_by("id").values()
    ]


def test_who_sees_receivables(system, answered):
    colleague = actor_with("c", system.practice_id, Role.CODER)
    outsider = actor_with("o", open_practice("elsewhere", "Elsewhere").pk, Role.MANAGER)
    desk = actor_with("d", system.practice_id, Role.FRONT_DESK)
    assert figures(desk, on=answered)["", "patient"] == 2000
    for ask in (aged, lines_behind):
        with pytest.raises(NotPermitted):
            ask(colleague.scope, Question(on=answered))
        assert not ask(outsider.scope, Question(on=answered))
    with pytest.raises(NotPermitted):
        refresh(colleague, at=AT)
    assert refresh(outsider, at=AT).lines == 0


def test_one_view_within_another_is_the_same(system, answered):
    with one_view():
        assert figures(system, on=TODAY) == {("one", "insurance"): 30000}
        with one_view():
            assert figures(system, on=TODAY) == {("one", "insurance"): 30000}
    refresh(system, at=AT)  # and nothing is left open that keeps anybody from writing


def test_a_day_long_before_everything_is_empty(system, answered):
    assert aged(system.scope, Question(on=date(1, 1, 2), age="responsibility")) == ()
