"""Closing and posting at the same moment: what came first counts, and no closed day ever changes."""

import threading
from datetime import timedelta

from django.db import connections
from tests.app_samples import AT, TODAY
from tests.bank_books import paid, pays, statement

from superbill.app.billing.models import JournalEntry, Receipt
from superbill.app.deposits import actions, queries
from superbill.app.deposits.periods import PeriodClosed, closed_through
from superbill.app.doctor import examine

ROUNDS = 6


def at_once(*deeds):
    """Run the deeds in threads of their own, each with its own connection; what each gave or raised."""
    gate, said = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place, deed):
        try:
            gate.wait()
            said[place] = deed()
        except Exception as error:  # handed to the test, which says which errors may be
            said[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def test_a_payment_comes_before_its_day_is_closed_or_is_refused(system):
    paid(system)
    for count in range(ROUNDS):
        day, at = TODAY + timedelta(days=count), AT + timedelta(days=count)
        closed, taken = at_once(
            lambda day=day, at=at: actions.close_day(system, day, {"cash": 5_00}, why="race", with_earlier=True, at=at),
            lambda day=day, at=at, count=count: pays(system, 5_00, key=f"k{count}", on=day, at=at),
        )
        assert closed_through(system.scope) == day, closed
        assert isinstance(taken, str | PeriodClosed), taken
        there = system.scope.rows(Receipt).filter(key=f"k{count}").exists()
        assert there == isinstance(taken, str)
    assert examine(system.scope).findings == ()


def test_two_posters_match_the_same_line_once(system):
    paid(system)
    read = statement((TODAY, 160_00, "EFT"), trace="0000017401")
    took = at_once(*(lambda: actions.take_in_statement(system, b"x", "s", read, at=AT) for _ in range(2)))
    assert sorted(one.new for one in took) == [0, 1]
    made = at_once(*(lambda: actions.match_certain(system, TODAY, at=AT)[0] for _ in range(2)))
    assert sorted(len(one) for one in made) == [0, 1]
    assert len(queries.matches(system.scope)) == 1


def test_one_deposit_is_voided_and_taken_anew_once(system):
    paid(system)
    actions.make_deposit(system, [pays(system, 20_00)], TODAY, at=AT)
    at_once(*(lambda: actions.void_deposit(system, 1, TODAY, why="wrong", at=AT) for _ in range(2)))
    numbers = at_once(*(lambda: actions.reapply_deposit(system, 1, TODAY, at=AT).number for _ in range(2)))
    assert numbers == [2, 2]
    assert system.scope.rows(JournalEntry).filter(kind="patient payment").count() == 2
    assert examine(system.scope).healthy
