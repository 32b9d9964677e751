"""Killed in the middle, out of disk, or two at once: nothing is lost, half done or done twice."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection, transaction
from tests.app_path import walk
from tests.app_samples import AT, billed, chart, remittance, usual_answer

from superbill.app.accounts.actors import system_actor
from superbill.app.billing.models import JournalEntry, LineBalance, Posting
from superbill.app.boot import DatabaseUnusable, connect, disconnect
from superbill.app.claims.models import Batch, ClaimRow
from superbill.app.doctor import examine
from superbill.app.patients.actions import import_charts
from superbill.app.practices.actions import open_practice, take
from superbill.app.practices.models import Counter
from superbill.app.remits.actions import post_remittance
from superbill.remits.plan import plan_posting

ROOT = Path(__file__).parents[2]
KILLS = 20
SEED = 20261102


def in_child(address, work):
    """Run `work` in a forked process of its own, with its own connection; (process id, a pipe that says how far it is).

    Forked rather than started: it takes milliseconds, so that a kill hits the work and not the imports.
    """
    disconnect()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            connect(address)
            os.write(writing, b"started\n")
            for line in work() or ():
                os.write(writing, f"{line}\n".encode())
            os.write(writing, b"finished\n")
        except BaseException as error:  # a child says it and ends; it never runs the parent's tests
            os.write(writing, f"{error!r}\n".encode())
        os._exit(0)
    os.close(writing)
    connect(address)
    return child, os.fdopen(reading, encoding="utf-8")


def figures(actor):
    """All that the work comes to; row ids and numbers of lost attempts do not matter."""
    balances = actor.scope.rows(LineBalance).order_by("line__key")
    return {
        "entries": sorted(actor.scope.rows(JournalEntry).values_list("key", flat=True)),
        "postings": actor.scope.rows(Posting).count(),
        "balances": list(balances.values_list("line__key", "charge", "paid", "adjusted", "insurance", "patient")),
        "claims": sorted(actor.scope.rows(ClaimRow).values_list("control_number", "state")),
        "batches": list(actor.scope.rows(Batch).values_list("claim_count", "charge", "state").order_by("id")),
    }


def test_killed_at_random_points_and_run_again_the_work_is_done_once(database):
    """kill -9 anywhere from the first import to the last posting, {KILLS} times; then each work is run to its end."""
    whole = system_actor(open_practice("whole", "Never stopped").pk)
    began = time.monotonic()
    walk(whole)
    long = time.monotonic() - began
    expected = figures(whole)
    chance = random.Random(SEED)
    actors, killed = [whole], 0
    while killed < KILLS:
        actor = system_actor(open_practice(f"stopped{len(actors)}", "Stopped").pk)
        finished = False
        while not finished:
            child, said = in_child(database.address, lambda actor=actor: walk(actor))
            said.readline()
            time.sleep(chance.uniform(0, long))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            finished = "finished" in said.read()
            killed += not finished
            report = examine(actor.scope)
            assert report.healthy, f"seed {SEED}, kill {killed}: {report.findings}"
        actors.append(actor)
    for actor in actors:
        walk(actor)
        assert figures(actor) == expected, f"seed {SEED}, practice {actor.practice_id}"
        assert examine(actor.scope).healthy


def test_two_processes_never_get_the_same_number(database):
    practice = open_practice("lakeside", "Lakeside").pk

    def take_some():
        for turn in range(40):
            with transaction.atomic():
                first, count = take(practice, "interchange", 1 + turn % 3), 1 + turn % 3
            yield f"{first} {count}"

    both = [in_child(database.address, take_some) for _ in range(2)]
    taken = []
    for child, said in both:
        started, *lines, finished = said.read().splitlines()
        os.waitpid(child, 0)
        assert (started, finished) == ("started", "finished")
        for first, count in (map(int, line.split()) for line in lines):
            taken += range(first, first + count)
    assert sorted(taken) == list(range(1, len(taken) + 1))
    assert Counter.objects.get(practice_id=practice, name="interchange").value == len(taken) == 2 * 79


def test_the_same_remittance_posted_by_two_processes_at_once_posts_once(database):
    actor = system_actor(open_practice("lakeside", "Lakeside").pk)
    claims = billed(actor, charts=3, visits=3)
    remit = remittance("T1", *(usual_answer(one) for one in claims))

    def post_it():
        yield f"already {post_remittance(actor, remit, payer_key='one', at=AT).already}"

    both = [in_child(database.address, post_it) for _ in range(2)]
    said = sorted(pipe.read().splitlines()[1] for _, pipe in both)
    for child, _ in both:
        os.waitpid(child, 0)
    assert said == ["already False", "already True"]
    assert examine(actor.scope).healthy


def test_ctrl_c_while_posting_leaves_nothing_half_posted(database):
    actor = system_actor(open_practice("lakeside", "Lakeside").pk)
    remit = remittance("T1", *(usual_answer(one) for one in billed(actor)))
    before = figures(actor)

    def interrupted(remittance, **asked):
        plan = plan_posting(remittance, **asked)
        raise KeyboardInterrupt(plan)

    with pytest.raises(KeyboardInterrupt):
        post_remittance(actor, remit, payer_key="one", at=AT, plan=interrupted)
    assert figures(actor) == before
    assert not post_remittance(actor, remit, payer_key="one", at=AT).held
    assert examine(actor.scope).healthy


def test_a_number_taken_by_a_transaction_that_fails_is_given_out_again(system):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        take(system.practice_id, "interchange")
        raise ZeroDivisionError
    with transaction.atomic():
        assert take(system.practice_id, "interchange") == 1
    with pytest.raises(ValueError, match="inside a transaction"):
        take(system.practice_id, "interchange")


def fill_the_disk(spare_pages):
    """From here on the file may grow by `spare_pages` pages only, as on a disk with so much room."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0] + spare_pages}")


@pytest.mark.parametrize("spare", [0, 1, 3, 8, 15])
def test_a_disk_that_fills_while_posting_leaves_nothing_half_posted(sqlite_database, spare):
    actor = system_actor(open_practice("lakeside", "Lakeside").pk)
    claims = billed(actor, charts=20, visits=5)
    remit = remittance("T1", *(usual_answer(one) for one in claims))
    before = figures(actor)
    fill_the_disk(spare)
    with pytest.raises(DatabaseUnusable, match=r"test\d+\.db: can't grow: the disk is full.*free some space"):
        post_remittance(actor, remit, payer_key="one", at=AT)
    assert figures(actor) == before
    fill_the_disk(100_000)
    assert examine(actor.scope).healthy
    assert not post_remittance(actor, remit, payer_key="one", at=AT).held
    assert examine(actor.scope).healthy


def test_a_file_that_may_not_grow_is_told_as_a_full_disk(sqlite_database):
    """The operating system itself refuses (RLIMIT_FSIZE), in a process of its own."""
    code = f"""
import resource, signal, sys
sys.path.insert(0, {str(ROOT)!r})
from superbill.app.boot import DatabaseUnusable, connect, disconnect
connect({sqlite_database.address!r})
from superbill.app.practices.actions import open_practice
from superbill.app.accounts.actors import system_actor
from superbill.app.patients.actions import import_charts
from tests.app_samples import AT, chart
actor = system_actor(open_practice("lakeside", "Lakeside").pk)
import_charts(actor, [chart(1)], at=AT)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
try:
    import_charts(actor, [chart(number, 20) for number in range(2, 60)], at=AT)
except DatabaseUnusable as error:
    print("told:", error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert "told:" in done.stdout, done.stderr
    assert "Nothing was half-written" in done.stdout
    connect(sqlite_database.address)
    actor = system_actor(open_practice("lakeside", "Lakeside").pk)
    assert import_charts(actor, [chart(1)], at=AT).patients_same == 1
    assert import_charts(actor, [chart(number, 20) for number in range(2, 60)], at=AT).encounters_new == 58 * 20
    assert examine(actor.scope).healthy


@pytest.mark.postgres
def test_a_server_that_goes_away_is_told_and_nothing_is_half_posted(postgres_server):
    with postgres_server.fresh() as address:
        connect(address)
        actor = system_actor(open_practice("lakeside", "Lakeside").pk)
        claims = billed(actor)
        remit = remittance("T1", *(usual_answer(one) for one in claims))
        before = figures(actor)

        def cut(remittance, **asked):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                pid = cursor.fetchone()[0]
            postgres_server.cut(pid)
            return plan_posting(remittance, **asked)

        with pytest.raises(DatabaseUnusable, match=r"PostgreSQL: .*Nothing was half-written"):
            post_remittance(actor, remit, payer_key="one", at=AT, plan=cut)
        connect(address)
        assert figures(actor) == before
        assert not post_remittance(actor, remit, payer_key="one", at=AT).held
        assert examine(actor.scope).healthy
