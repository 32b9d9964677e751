"""The audit trail as a chain: what the program writes holds; what anybody else changes is found where it begins."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from tests.app_samples import AT, billed

from superbill.app.accounts.actors import Scope, actor_with, system_actor
from superbill.app.accounts.permissions import NotPermitted, Permission, Role
from superbill.app.audit.actions import record_reading
from superbill.app.audit.chain import START, Event, append, digest, verify
from superbill.app.audit.models import AuditEvent
from superbill.app.doctor import examine
from superbill.app.practices.actions import open_practice
from superbill.app.practices.models import Counter
from superbill.app.work import action, together


@pytest.fixture
def trail(system):
    """A trail of ten readings."""
    for row_id in range(1, 11):
        record_reading(system, "claim", [row_id], at=AT + timedelta(minutes=row_id))
    return system.scope


def tamper(sql, *values):
    """As one does who may do anything with the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in ("update", "delete", "replace"):
                cursor.execute(f"DROP TRIGGER IF EXISTS audit_auditevent_no_{name}")
        else:
            cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
        cursor.execute(sql, values)


def test_the_trail_of_a_practice_at_work_holds(system):
    billed(system)
    found = verify(system.scope)
    assert found.broken is None
    assert found.count == system.scope.rows(AuditEvent).count() > 4
    assert found.head == system.scope.rows(AuditEvent).get(number=found.count).hash
    assert not [one for one in examine(system.scope).findings if "audit" in one.rule]


def test_a_hash_stands_for_everything_that_an_event_says():
    told = Event(1, "ann", "read", "claim", 7, AT, "{}")
    hashes = {digest(1, START, told), digest(2, START, told), digest(1, "1" * 64, told)}
    others = [
        Event(2, "ann", "read", "claim", 7, AT, "{}"),
        Event(1, "bob", "read", "claim", 7, AT, "{}"),
        Event(1, "ann", "void", "claim", 7, AT, "{}"),
        Event(1, "ann", "read", "visit", 7, AT, "{}"),
        Event(1, "ann", "read", "claim", 8, AT, "{}"),
        Event(1, "ann", "read", "claim", None, AT, "{}"),
        Event(1, "ann", "read", "claim", 7, AT + timedelta(microseconds=1), "{}"),
        Event(1, "ann", "read", "claim", 7, AT, '{"n":1}'),
        Event(1, 'ann","read', "", "claim", 7, AT, "{}"),
    ]
    hashes |= {digest(1, START, one) for one in others}
    assert len(hashes) == 3 + len(others)


@pytest.mark.parametrize(
    "sql, number, why",
    [
        ("UPDATE audit_auditevent SET actor = 'nobody' WHERE number = 4", 4, "changed"),
        ("UPDATE audit_auditevent SET at = at WHERE number = 4", None, ""),
        ("DELETE FROM audit_auditevent WHERE number = 4", 4, "missing"),
        ("DELETE FROM audit_auditevent WHERE number = 1", 1, "missing"),
        ("DELETE FROM audit_auditevent WHERE number >= 9", 9, "missing"),
        ("DELETE FROM audit_auditevent", 1, "missing"),
        ("UPDATE audit_auditevent SET number = 99 WHERE number = 4", 4, "missing"),
        ("UPDATE audit_auditevent SET previous = hash WHERE number = 7", 7, "follow"),
    ],
)
def test_what_was_changed_past_the_program_is_found_at_its_first_event(trail, sql, number, why):
    tamper(sql)
    broken = verify(trail).broken
    if number is None:
        assert broken is None
    else:
        assert (broken.number, why in broken.why) == (number, True), broken
        assert any(f"audit event {number}" in str(one) for one in examine(trail).findings)


def test_an_event_whose_hash_was_made_to_fit_breaks_the_chain_after_it(trail):
    row = trail.rows(AuditEvent).get(number=4)
    forged = digest(
        4, row.previous, Event(row.practice_id, "nobody", row.action, row.subject_kind, row.subject_id, row.at)
    )
    tamper("UPDATE audit_auditevent SET actor = 'nobody', hash = %s WHERE number = 4", forged)
    assert verify(trail).broken.number == 5


def test_the_database_refuses_two_events_of_one_number_and_any_change(trail):
    row = trail.rows(AuditEvent).get(number=10)
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEvent._base_manager.create(
            practice_id=row.practice_id, number=10, actor="x", action="x", subject_kind="x", at=AT, previous="", hash=""
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        trail.rows(AuditEvent).filter(number=4).update(actor="nobody")


def test_events_of_actions_inside_others_are_written_once_at_the_end(system):
    with together():
        record_reading(system, "claim", [1], at=AT)
        assert not system.scope.rows(AuditEvent).exists()
        with action(system, Permission.BILL, "outer", AT) as work:
            work.note("claim", 2)
            record_reading(system, "claim", [3], at=AT)
    told = list(system.scope.rows(AuditEvent).order_by("number").values_list("number", "action", "subject_id"))
    assert told == [(1, "read", 1), (2, "read", 3), (3, "outer", 2)]


def test_what_a_savepoint_takes_back_leaves_no_event(system):
    with together():
        record_reading(system, "claim", [1], at=AT)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            record_reading(system, "claim", [2], at=AT)
            raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), together():
        record_reading(system, "claim", [3], at=AT)
        raise ZeroDivisionError
    assert list(system.scope.rows(AuditEvent).values_list("number", "subject_id")) == [(1, 1)]
    assert verify(system.scope).broken is None


def test_practices_have_chains_of_their_own(trail, system):
    other = open_practice("hillside", "Hillside Clinic")
    append_both = [
        Event(other.pk, "ann", "sign in", "user", 1, AT),
        Event(system.practice_id, "ann", "sign in", "user", 1, AT),
    ]
    with together():
        append(append_both)
    assert verify(trail).count == 11
    assert verify(system_actor(other.pk).scope).count == 1
    tamper("UPDATE audit_auditevent SET actor = 'x' WHERE practice_id = %s", other.pk)
    assert verify(trail).broken is None
    with pytest.raises(NotPermitted):
        verify(actor_with("coder", other.pk, Role.CODER).scope)


def test_writers_at_the_same_time_do_not_fork_the_chain(system):
    def read(name):
        actor = actor_with(name, system.practice_id, Role.BILLER)
        try:
            for row_id in range(10):
                record_reading(actor, "claim", [row_id, row_id + 100], at=AT)
        finally:
            connection.close()

    threads = [threading.Thread(target=read, args=(f"reader{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verify(system.scope).count == 80
    assert verify(system.scope).broken is None
    assert Counter.objects.get(practice_id=system.practice_id, name="audit").value == 80


def test_who_writes_for_long_keeps_no_reader_from_the_trail_on_postgresql(system):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    begun, over = threading.Event(), threading.Event()

    def post():
        with action(system, Permission.BILL, "a long posting", AT) as work:
            work.note("claim", 1)
            begun.set()
            over.wait(20)
        connection.close()

    thread = threading.Thread(target=post)
    thread.start()
    assert begun.wait(20)
    record_reading(system, "claim", [2], at=AT)
    over.set()
    thread.join()
    rows = Scope(system.practice_id).rows(AuditEvent).order_by("number")
    assert list(rows.values_list("action", flat=True)) == ["read", "a long posting"]
