"""Questions and disputes: what is said is kept, a dispute stops reminders for its lines alone, an answer ends it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from tests.app_samples import AT, TODAY, billed, remittance, usual_answer
from tests.statement_samples import stated

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.audit.models import AuditEvent
from superbill.app.billing.models import ChargeLine
from superbill.app.practices.actions import open_practice
from superbill.app.remits.actions import post_remittance
from superbill.app.statements.planning import plans
from superbill.app.statements.queries import statements
from superbill.app.threads.actions import BadThread, add_message, open_thread, resolve
from superbill.app.threads.models import Side, ThreadState, Topic
from superbill.app.threads.queries import thread, threads
from superbill.app.threads.worklist import wanted


@pytest.fixture
def books(system):
    """Two patients with two visits each, 20.00 a visit theirs, and a statement for each."""
    claims = billed(system)
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    stated(system)
    return system


def held(system):
    """Keys of the lines that statements leave out now."""
    return sorted(one.key for plan in plans(system.scope, TODAY, 1) for one in plan.lines if one.held)


def guarantors_held(system):
    return [plan.card.id for plan in plans(system.scope, TODAY + timedelta(days=40), 1) if plan.verdict == "held"]


def test_a_question_holds_nothing_and_waits_for_our_answer(books):
    number = open_thread(books, Topic.QUESTION, "What is this visit?", on=TODAY, statement=1, at=AT)
    assert held(books) == []
    (task,) = wanted(books.scope, TODAY)
    assert (task.kind, task.amount, task.due) == ("question to answer", 40_00, TODAY + timedelta(days=5))
    add_message(books, number, Side.STAFF, "It was your check-up. Does that help?", on=TODAY, waits=True, at=AT)
    assert list(wanted(books.scope, TODAY)) == []
    assert [one.kind for one in wanted(books.scope, TODAY + timedelta(days=30))] == ["patient silent"]
    add_message(books, number, Side.PATIENT, "Yes, thank you.", on=TODAY, at=AT)
    resolve(books, number, "explained", "Good to hear.", on=TODAY, at=AT)
    whole = thread(books.scope, number)
    assert [one.state for one in whole.messages] == ["open", "waiting for patient", "open", "resolved"]
    assert (whole.card.state, whole.card.outcome) == ("resolved", "explained")
    assert list(wanted(books.scope, TODAY + timedelta(days=99))) == []


def test_a_dispute_holds_its_lines_and_no_others_until_it_is_resolved(books):
    number = open_thread(books, Topic.DISPUTE, "I was not there.", on=TODAY, lines=("A1001-1",), at=AT)
    assert held(books) == ["A1001-1"]
    assert next(iter(wanted(books.scope, TODAY))).amount == 20_00
    with pytest.raises(BadThread, match="name one of"):
        resolve(books, number, "won", "x", on=TODAY, at=AT)
    resolve(books, number, "not changed", "You signed in that day.", on=TODAY, at=AT)
    assert held(books) == []
    with pytest.raises(BadThread, match="resolved already"):
        resolve(books, number, "not changed", "x", on=TODAY, at=AT)
    add_message(books, number, Side.PATIENT, "That was my brother!", on=TODAY, at=AT)
    assert held(books) == ["A1001-1"]
    assert thread(books.scope, number).card.state == "open"
    assert thread(books.scope, number).holds == 1


def test_two_disputes_about_one_line_both_have_to_end(books):
    first, second = (
        open_thread(books, Topic.DISPUTE, text, on=TODAY, lines=("A1001-1",), at=AT) for text in ("a", "b")
    )
    resolve(books, first, "explained", "x", on=TODAY, at=AT)
    assert held(books) == ["A1001-1"]
    resolve(books, second, "explained", "x", on=TODAY, at=AT)
    assert held(books) == []


def test_a_dispute_about_a_visit_holds_the_visit_about_an_account_everything(books):
    open_thread(books, Topic.DISPUTE, "x", on=TODAY, visit="A1002", at=AT)
    assert held(books) == ["A1002-1"]
    guarantor = next(iter(statements(books.scope))).guarantor_id
    open_thread(books, Topic.DISPUTE, "x", on=TODAY, guarantor=guarantor, at=AT)
    assert guarantors_held(books) == [guarantor]


def test_a_message_with_a_key_comes_once_and_an_office_note_changes_nothing(books):
    one = open_thread(books, Topic.QUESTION, "x", on=TODAY, statement=1, key="mail-1", at=AT)
    assert open_thread(books, Topic.QUESTION, "x", on=TODAY, statement=1, key="mail-1", at=AT) == one
    for _ in range(2):
        add_message(books, one, Side.PATIENT, "again", on=TODAY, key="mail-2", at=AT)
    add_message(books, one, Side.STAFF, "?", on=TODAY, waits=True, at=AT)
    add_message(books, one, Side.OFFICE, "She called twice.", on=TODAY, at=AT)
    whole = thread(books.scope, one)
    assert [said.side for said in whole.messages] == ["patient", "patient", "staff", "office"]
    assert whole.card.state == "waiting for patient"


@pytest.mark.parametrize(
    ("about", "says"),
    [
        ({"statement": 99}, "no statement 99"),
        ({"visit": "nowhere"}, "no visit"),
        ({"lines": ("nothing",)}, "no charge line"),
        ({"lines": ("A1001-1", "A1003-1")}, "several"),
        ({"statement": 1, "lines": ("A1003-1",)}, "several"),
        ({"guarantor": 10**6}, "name a statement"),
        ({}, "name a statement"),
    ],
)
def test_a_thread_is_about_one_guarantor_of_the_practice(books, about, says):
    with pytest.raises(BadThread, match=says):
        open_thread(books, Topic.DISPUTE, "x", on=TODAY, **about, at=AT)
    assert threads(books.scope) == []


def test_what_was_said_can_not_be_changed_and_is_in_no_audit_event(books):
    open_thread(books, Topic.QUESTION, "my knee still hurts", on=TODAY, statement=1, at=AT)
    with connection.cursor() as cursor:
        for change in ("UPDATE threads_message SET text = 'x'", "DELETE FROM threads_message"):
            with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
                cursor.execute(change)
    assert "knee" not in " ".join(event.detail for event in books.scope.rows(AuditEvent))
    assert "knee" not in " ".join(task.why for task in wanted(books.scope, TODAY))


def test_colleague_and_outsider(books):
    number = open_thread(books, Topic.DISPUTE, "x", on=TODAY, lines=("A1001-1",), at=AT)
    colleague = actor_with("colleague", books.practice_id, Role.CODER)
    outsider = actor_with("outsider", open_practice("hillside", "Hillside Clinic").pk, Role.MANAGER)
    deeds = [
        lambda who: open_thread(who, Topic.DISPUTE, "x", on=TODAY, statement=1, at=AT),
        lambda who: add_message(who, number, Side.PATIENT, "x", on=TODAY, at=AT),
        lambda who: resolve(who, number, "explained", "x", on=TODAY, at=AT),
        lambda who: threads(who.scope),
        lambda who: thread(who.scope, number),
        lambda who: list(wanted(who.scope, TODAY)),
    ]
    for deed in deeds:
        with pytest.raises(NotPermitted, match="colleague may not"):
            deed(colleague)
    for deed in deeds[:3]:
        with pytest.raises(BadThread, match="no "):
            deed(outsider)
    assert [deed(outsider) for deed in deeds[3:]] == [[], None, []]
    assert books.scope.rows(ChargeLine).filter(key__in=held(books)).count() == 1
    assert threads(books.scope, states=(ThreadState.OPEN,))[0].lines == ("A1001-1",)
