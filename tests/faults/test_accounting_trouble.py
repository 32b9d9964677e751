"""A full disk, a database that may only be read, a lost connection, a lock that nobody lets go, a clock put back.

Whatever was being posted: the message says what is wrong and what to do, and nothing of it is on the books.
"""

import os
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from tests.app_samples import AT, TODAY, answer, billed, paid_line, remittance, usual_answer

from superbill.app.accounts.actors import system_actor
from superbill.app.billing.models import JournalEntry, LineBalance, Posting, Receipt
from superbill.app.billing.parties import patient_party
from superbill.app.billing.payments import PaymentFacts, apply_unapplied, take_payment
from superbill.app.billing.refunds import issue_refund, request_refund
from superbill.app.billing.returns import return_payment
from superbill.app.billing.transfers import transfer_to_patient
from superbill.app.billing.undo import undo
from superbill.app.billing.write_offs import write_off
from superbill.app.boot import DatabaseUnusable, connect, disconnect
from superbill.app.claims.models import ClaimRow
from superbill.app.deposits.actions import close_day
from superbill.app.deposits.closing import DRAWER
from superbill.app.doctor import examine
from superbill.app.encounters.models import EncounterRow
from superbill.app.practices.actions import keep_policy, open_practice
from superbill.app.remits.actions import post_remittance, void_remittance
from superbill.app.remits.models import RemittanceClaimRow, RemittanceRow
from superbill.site.policy import MoneyPolicy

BUSY = "SELECT pg_backend_pid()"


class Office:
    """A practice with money of every kind on its books, and the things that its people do next."""

    def __init__(self):
        practice = open_practice("lakeside", "Lakeside")
        keep_policy(practice.pk, MoneyPolicy(write_off_limits={"system": 10**9}, refund_limit=10**9))
        self.actor = system_actor(practice.pk)
        self.claims = billed(self.actor, charts=2, visits=2)
        self.patient = self.actor.scope.rows(EncounterRow).order_by("id").first().patient_id
        posted = post_remittance(
            self.actor, remittance("T1", *(usual_answer(one) for one in self.claims[:2])), payer_key="one", at=AT
        )
        self.remittance = posted.id
        facts = PaymentFacts(method="check", patients=(self.patient,))
        self.payment = take_payment(self.actor, 75_00, facts, "first", TODAY, at=AT)
        self.forgiven = write_off(self.actor, f"{self.account(0)}-2", 5_00, "administrative", "w1", TODAY, at=AT)
        self.refund = request_refund(
            self.actor, patient_party(self.patient), 3_00, "r1", TODAY, reason="moved away", despite_balance=True, at=AT
        )

    def account(self, place):
        return self.claims[place].control_number.removesuffix("P1")

    def post(self):
        some = remittance("T2", *(usual_answer(one) for one in self.claims[2:]))
        assert not post_remittance(self.actor, some, payer_key="one", at=AT).held

    def void(self):
        void_remittance(self.actor, self.remittance, on=TODAY, why="deposited twice", at=AT)

    def pay(self):
        facts = PaymentFacts(method="cash", patients=(self.patient,))
        take_payment(self.actor, 10_00, facts, "second", TODAY, at=AT)

    def bounce(self):
        return_payment(self.actor, int(self.payment.receipt.strip("R")), TODAY, reason="NSF", bank_fee=12_00, at=AT)

    def apply(self):
        line = f"{self.account(0)}-2"
        transfer_to_patient(self.actor, [(line, 20_00)], "one", "signed-notice", "t0", TODAY, at=AT)
        assert apply_unapplied(self.actor, self.patient, "a1", TODAY, at=AT)

    def forgive(self):
        write_off(self.actor, f"{self.account(1)}-2", 7_00, "hardship", "w2", TODAY, at=AT)

    def undo(self):
        undo(self.actor, self.forgiven.key, "a mistake", TODAY, at=AT)

    def send_refund(self):
        issue_refund(self.actor, int(self.refund.strip("RF")), TODAY, check_number="1001", at=AT)

    def close(self):
        close_day(self.actor, TODAY, dict.fromkeys(DRAWER, 0), why="counted elsewhere", at=AT)

    def figures(self):
        """All that the books and the papers beside them come to."""
        rows = self.actor.scope.rows
        return (
            sorted(rows(JournalEntry).values_list("key", flat=True)),
            rows(Posting).count(),
            list(
                rows(LineBalance).order_by("line_id").values_list("line_id", "paid", "adjusted", "insurance", "patient")
            ),
            list(rows(Receipt).order_by("id").values_list("number", "state")),
            list(rows(RemittanceRow).order_by("id").values_list("trace_number", "state")),
            rows(RemittanceClaimRow).count(),
            list(rows(ClaimRow).order_by("id").values_list("control_number", "state")),
        )


THINGS = ("post", "void", "pay", "send_refund", "bounce", "forgive", "undo", "close")


def refused(office, thing, match):
    """The thing is not done, the message matches, and the books are as they were."""
    before = office.figures()
    with pytest.raises(DatabaseUnusable, match=match):
        getattr(office, thing)()
    disconnect()
    assert office.figures() == before
    assert examine(office.actor.scope).healthy


def done_at_last(office, thing):
    """With the trouble gone the same thing is done."""
    before = office.figures()
    getattr(office, thing)()
    assert office.figures() != before or thing == "close"
    report = examine(office.actor.scope)
    assert report.healthy, report.findings


def test_a_disk_that_is_full(sqlite_database):
    """What still finds room is done whole; the rest is refused whole, and done once there is space."""
    office, refused = Office(), []
    for thing in THINGS:
        limit = no_more_room(office, thing)
        before = office.figures()
        try:
            getattr(office, thing)()
        except DatabaseUnusable as error:
            assert "can't grow: the disk is full. Nothing was half-written; free some space" in str(error)
            assert office.figures() == before
            assert examine(office.actor.scope).healthy
            refused.append(thing)
        at_most(limit * 10)
        if thing in refused:
            done_at_last(office, thing)
    assert len(refused) >= 2


def at_most(pages):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA max_page_count = {pages}")


def no_more_room(office, tag):
    """Let the file grow no more, and take up what room its pages have left, so that the next row of anything needs a
    new one; how many pages there are."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
    at_most(pages)
    for size in (400, 0):
        facts, full = PaymentFacts(method="cash", patients=(office.patient,), note="x" * size), False
        for number in range(400):
            try:
                take_payment(office.actor, 1, facts, f"{tag}{size}-{number}", TODAY, at=AT)
            except DatabaseUnusable:
                full = True
                break
        assert full, "the disk never filled"
    return pages


@contextmanager
def only_read(database):
    """Nothing may be written on the connection at hand, as on a read-only file system or a standby server."""
    sql = "PRAGMA query_only = ON" if database.vendor == "sqlite" else "SET default_transaction_read_only = on"
    with connection.cursor() as cursor:
        cursor.execute(sql)
    yield


@pytest.mark.parametrize("thing", THINGS)
def test_a_database_that_may_only_be_read(database, thing):
    office = Office()
    with only_read(database):
        refused(office, thing, r"can't be written|read-only")
    done_at_last(office, thing)


@pytest.mark.parametrize("thing", ["post", "pay", "bounce", "void"])
def test_a_lock_that_is_not_let_go(database, thing):
    office = Office()
    if database.vendor == "sqlite":
        import sqlite3

        other = sqlite3.connect(database.address, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 50")
    else:
        other = psycopg.connect(database.address)
        other.execute("SELECT * FROM practices_counter FOR UPDATE")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
    with pytest.raises(DatabaseUnusable, match=r"in use by another program|lock timeout.*Nothing was half-written"):
        getattr(office, thing)()
    other.rollback() if database.vendor == "postgresql" else other.execute("ROLLBACK")
    other.close()
    done_at_last(office, thing)


@pytest.mark.postgres
@pytest.mark.parametrize("thing", ["post", "pay", "bounce", "void", "send_refund"])
@pytest.mark.parametrize("statements", [3, 8])
def test_a_connection_that_is_lost_in_the_middle(postgres_server, thing, statements):
    """The server ends the session after so many statements."""
    with postgres_server.fresh() as address:
        connect(address)
        office = Office()
        with connection.cursor() as cursor:
            cursor.execute(BUSY)
            pid = cursor.fetchone()[0]
        count = 0

        def cut(execute, sql, params, many, context):
            nonlocal count
            count += 1
            if count == statements:
                postgres_server.cut(pid)
            return execute(sql, params, many, context)

        before = office.figures()
        with connection.execute_wrapper(cut), pytest.raises(DatabaseUnusable, match=r"Nothing was half-written"):
            getattr(office, thing)()
        connect(address)
        assert office.figures() == before
        done_at_last(office, thing)


def test_a_clock_that_is_put_back_by_an_hour_changes_no_figure(database):
    """Entries are numbered as they were posted, whatever the clock says, and the books are proved all the same."""
    office = Office()
    facts = PaymentFacts(method="cash", patients=(office.patient,))
    take_payment(office.actor, 1_00, facts, "at ten", TODAY, at=AT + timedelta(hours=1))
    take_payment(office.actor, 2_00, facts, "at nine again", TODAY, at=AT)
    again = remittance("T9", *(usual_answer(one) for one in office.claims[2:]))
    assert not post_remittance(office.actor, again, payer_key="one", at=AT - timedelta(hours=1)).held
    assert post_remittance(office.actor, again, payer_key="one", at=AT - timedelta(hours=2)).already
    rows = office.actor.scope.rows(JournalEntry).order_by("number").values_list("number", "posted_at")
    assert [number for number, _ in rows] == list(range(1, len(rows) + 1))
    assert [at for _, at in rows] != sorted(at for _, at in rows)
    assert examine(office.actor.scope).healthy


def test_two_posters_on_one_claim_pay_it_once_and_ask_about_the_rest(database):
    """Two payments answer the same claim at the same moment: one is posted to it, the other's money waits."""
    office = Office()
    claim = office.claims[2]
    first, *others = claim.lines
    lines = [paid_line(line, 0, ("CO", "45", line.charge)) for line in others]
    papers = [
        remittance(trace, answer(claim, paid_line(first, paid, ("CO", "45", first.charge - paid)), *lines))
        for trace, paid in (("A", 80_00), ("B", 90_00))
    ]
    disconnect()
    children = []
    for paper in papers:
        child = os.fork()
        if not child:
            try:
                held = post_remittance(office.actor, paper, payer_key="one", at=AT).held
            except BaseException:
                os._exit(2)
            os._exit(held)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
    rows = office.actor.scope.rows(RemittanceClaimRow).filter(control_number=claim.control_number)
    assert sorted(rows.values_list("state", flat=True)) == ["held", "posted"]
    posted = rows.get(state="posted").paid
    suspense = sum(office.actor.scope.rows(Posting).filter(account="suspense").values_list("amount", flat=True))
    assert (posted, -suspense) in {(80_00, 90_00), (90_00, 80_00)}
    assert examine(office.actor.scope).healthy
