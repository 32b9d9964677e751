"""The simulated payers behind a connector: stopped at any moment and opened again, they go on, and answer once."""

import errno
import os
from datetime import timedelta

import pytest
from tests.payer_support import DAY, NOON, Rates, claim, line, payer, payers

from superbill.claims.model import Contact
from superbill.connectors import Connector, ConnectorError, NameTaken, base
from superbill.connectors.simulated import SimulatedConnector
from superbill.connectors.simulated import connector as module
from superbill.payer.simulated import SimulatedPayer
from superbill.x12 import read_835, write_837p
from superbill.x12.model import Envelope, Submitter

RULES = payers(payer(rates=Rates(recoupment=300, late=100, medical_necessity=50)), seed=5)
SUBMITTER = Submitter(
    name="Lakeland",
    id="LAKELAND01",
    contact=Contact("Billing", "7155550101"),
    receiver_name="SIM",
    receiver_id="CLEARSIM",
)


def batch(number):
    day = DAY + timedelta(days=14 * number)
    claims = [claim(line(day=day), control=f"C{number}-{n}", member=f"M{n}") for n in range(5)]
    envelope = Envelope(
        sender_id="LAKELAND01",
        receiver_id="CLEARSIM",
        interchange_control_number=number + 1,
        group_control_number=number + 1,
        created=NOON,
        usage="T",
    )
    return f"837.{number:03d}.x12", write_837p(claims, envelope=envelope, submitter=SUBMITTER, reference=f"B{number}")


BATCHES = [batch(number) for number in range(5)]


def when(number):
    return NOON + timedelta(days=14 * number)


def opened(directory):
    return SimulatedConnector(directory, RULES, now=NOON)


def run(directory, *, reopen=False, confirm=True):
    """The whole story: a batch every two weeks, answers taken in as they come. Returns them in order."""
    taken = []
    connector = opened(directory)
    for number, (name, data) in enumerate(BATCHES):
        connector.advance(when(number))
        connector.send(name, data)
        if reopen:
            connector.close()
            connector = opened(directory)
        taken += take(connector) if confirm else []
    connector.settle()
    taken += take(connector)
    connector.close()
    return taken


def take(connector):
    received = connector.receive()
    for name, _ in received:
        connector.confirm(name)
    return received


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    return run(tmp_path_factory.mktemp("story"))


def test_a_caller_sends_advances_receives_and_confirms(story):
    kinds = [name.split(".")[0] for name, _ in story]
    assert kinds[:2] == ["277CA", "999"]
    assert kinds.count("999") == kinds.count("277CA") == 5
    assert kinds.count("835") >= 5
    assert len({name for name, _ in story}) == len(story)
    paid = [each for name, data in story if name.startswith("835") for _, r in read_835(data) for each in r.claims]
    assert {each.control_number for each in paid} == {f"C{b}-{n}" for b in range(5) for n in range(5)}


def test_it_is_a_connector(tmp_path):
    with opened(tmp_path) as simulated:
        connector: Connector = simulated
        assert connector.receive() == []


def test_closed_and_opened_after_every_batch_it_answers_the_same(story, tmp_path):
    assert sorted(run(tmp_path, reopen=True)) == sorted(story)


def test_with_a_snapshot_after_every_event_it_answers_the_same(story, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_SNAPSHOT_BYTES", 0)
    assert sorted(run(tmp_path)) == sorted(story)


def test_what_is_not_confirmed_comes_again(story, tmp_path):
    assert sorted(run(tmp_path, confirm=False)) == sorted(story)


def test_a_batch_sent_twice_is_answered_once(tmp_path):
    with opened(tmp_path) as connector:
        connector.send(*BATCHES[0])
        first = connector.receive()
        connector.send(*BATCHES[0])
        assert connector.receive() == first
        assert connector.waiting == 5
        take(connector)
        connector.send(*BATCHES[0])
        assert connector.receive() == []
        with pytest.raises(NameTaken):
            connector.send(BATCHES[0][0], BATCHES[1][1])
        assert connector.waiting == 5


def test_time_does_not_go_back_and_is_remembered(tmp_path):
    with opened(tmp_path) as connector:
        connector.advance(when(1))
        with pytest.raises(ConnectorError, match="time can't go back"):
            connector.advance(NOON)
    with SimulatedConnector(tmp_path, RULES, now=NOON) as connector:
        assert connector.now == when(1)


def test_two_processes_do_not_share_the_payers(tmp_path):
    with opened(tmp_path), pytest.raises(ConnectorError, match="another process"):
        opened(tmp_path)
    opened(tmp_path).close()


def test_rules_that_change_under_way_are_refused(tmp_path):
    connector = opened(tmp_path)
    connector.send(*BATCHES[0])
    connector._journal.close()  # as a crash: no snapshot
    with pytest.raises(ConnectorError, match="rules have changed"):
        SimulatedConnector(tmp_path, payers(payer(), seed=6), now=NOON)
    opened(tmp_path).close()
    SimulatedConnector(tmp_path, payers(payer(), seed=6), now=NOON).close()  # after a snapshot new rules may begin


class Crash(BaseException):
    """The program is gone: nothing after it runs, no handler of ours either."""


def crash_at(monkeypatch, nth):
    """The nth write or rename or sync of the file system never returns."""
    calls = [0]

    def counted(real):
        def call(*arguments, **more):
            calls[0] += 1
            if calls[0] == nth:
                raise Crash
            return real(*arguments, **more)

        return call

    for name in ("write", "fsync", "link"):
        monkeypatch.setattr(os, name, counted(getattr(os, name)))


def story_with_a_crash(directory, monkeypatch, nth):
    """The same story; the program dies at the nth step and is started again, as a person would. True when it died."""
    taken = {}

    def live():
        connector = opened(directory)
        try:
            for number, (name, data) in enumerate(BATCHES):
                if connector.now < when(number):
                    connector.advance(when(number))
                if connector.now == when(number):
                    connector.send(name, data)
                for answer, content in connector.receive():
                    assert taken.setdefault(answer, content) == content
                    connector.confirm(answer)
            connector.settle()
            for answer, content in connector.receive():
                assert taken.setdefault(answer, content) == content
                connector.confirm(answer)
        finally:
            connector._journal.close()  # the system does this for a dead process

    with monkeypatch.context() as patch:
        crash_at(patch, nth)
        try:
            live()
            died = False
        except Crash:
            died = True
    if died:
        live()
    return sorted(taken.items()), died


@pytest.mark.parametrize("nth", [*range(1, 20), 25, 33, 41, 48])
def test_a_crash_at_any_write_loses_nothing_and_answers_nothing_twice(story, tmp_path, monkeypatch, nth):
    taken, died = story_with_a_crash(tmp_path, monkeypatch, nth)
    assert died
    assert taken == sorted(story)


def test_a_torn_record_never_happened(tmp_path):
    connector = opened(tmp_path)
    connector.send(*BATCHES[0])
    connector._journal.close()
    journal = tmp_path / "payers" / "journal"
    journal.write_bytes(journal.read_bytes() + b"\x00\x00\x00\x40half a record")
    with opened(tmp_path) as connector:
        assert connector.waiting == 5
        connector.advance(NOON + timedelta(days=13))
        connector.send(*BATCHES[1])
        assert connector.waiting == 10


def test_a_full_disk_says_so_and_the_batch_can_be_sent_again(tmp_path, monkeypatch):
    real = os.write
    whole = len(BATCHES[0][1])
    for room in (0, 100, whole + 20, whole + 300):  # in the outbox, in the journal, in the inbox
        directory = tmp_path / str(room)
        with opened(directory) as connector:
            left = [room]

            def write(file, data, left=left):
                if not left[0]:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                taken = real(file, bytes(data[: left[0]]))
                left[0] -= taken
                return taken

            with monkeypatch.context() as patch:
                patch.setattr(base.os, "write", write)
                with pytest.raises(ConnectorError, match="Free some space"):
                    connector.send(*BATCHES[0])
            connector.send(*BATCHES[0])
            assert [name.split(".")[0] for name, _ in connector.receive()] == ["277CA", "999"]
            assert connector.waiting == 5


def test_an_event_that_fails_in_the_payers_leaves_no_trace(tmp_path, monkeypatch):
    with opened(tmp_path) as connector:
        with monkeypatch.context() as patch:
            patch.setattr(SimulatedPayer, "receive", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                connector.send(*BATCHES[0])
        assert connector.waiting == 0
        connector.send(*BATCHES[0])
        assert connector.waiting == 5


def test_a_snapshot_that_is_damaged_is_named(tmp_path):
    with opened(tmp_path) as connector:
        connector.send(*BATCHES[0])
    (tmp_path / "payers" / "snapshot").write_bytes(b"\x93")
    with pytest.raises(ConnectorError, match="snapshot: can't be read"):
        opened(tmp_path)


def test_claims_that_nobody_pays_in_time_stop_the_wait(tmp_path):
    slow = payers(payer(days_to_pay=90))
    with SimulatedConnector(tmp_path, slow, now=NOON) as connector:
        connector.send(*BATCHES[0])
        with pytest.raises(ConnectorError, match="5 claims are still unanswered after 30 days"):
            connector.settle(most_days=30)
        connector.settle()
        assert connector.waiting == 0
