"""The ledger against a naive model of itself, over every event that moves money, in any order, on both databases.

The model is in `ledger_model`, what the program's tables say in `ledger_view`, and the events in `ledger_world`; the
same walks a million steps long are run by `python -m bench.ledger_machine`.
"""

from collections import Counter

from django.db import connection
from hypothesis import HealthCheck, Phase, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from tests.generative.ledger_world import EVENTS, World

STEPS = {"sqlite": (200, 100), "postgresql": (6, 60)}  # walks, and steps of each
SEED = 20261122
EXAMINED = 8  # every so many walks the doctor looks too: it reads the whole database
NUMBERS = st.integers(0, 2**16 - 1)


class LedgerMachine(RuleBasedStateMachine):
    """Each rule is an event of the world; the number that it takes says what the event is about."""

    opened = 0
    taken: Counter[str] = Counter()

    def __init__(self):
        super().__init__()
        LedgerMachine.opened += 1
        self.world = World(f"machine{LedgerMachine.opened}")
        self.world.step("charge", 1)

    def teardown(self):
        note(f"practice machine{LedgerMachine.opened}")
        if LedgerMachine.opened % EXAMINED == 0:
            self.world.examine()


def _rule_of(event):
    def step(self, number):
        LedgerMachine.taken[event] += 1
        self.world.step(event, number)

    step.__name__ = event
    return rule(number=NUMBERS)(step)


for _event, _weight in EVENTS.items():
    for _copy in range(_weight):
        setattr(LedgerMachine, f"{_event}_{_copy}" if _copy else _event, _rule_of(_event))


def test_any_order_of_events_leaves_the_books_as_a_naive_model_has_them(database):
    """A failure prints the steps, shortened, and the seed; the same seed takes the same steps."""
    walks, long = STEPS[database.vendor]
    if database.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")  # nobody pulls the plug here: tests/faults does
    LedgerMachine.taken.clear()
    checked = seed(SEED)(LedgerMachine)
    run_state_machine_as_test(
        checked,
        settings=settings(
            max_examples=walks,
            stateful_step_count=long,
            deadline=None,
            database=None,
            print_blob=True,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"seed {SEED}: {LedgerMachine.taken.total():,} steps, {dict(sorted(LedgerMachine.taken.items()))}")
    if database.vendor == "sqlite":
        assert LedgerMachine.taken.total() >= 20_000 * 0.9
        assert LedgerMachine.taken.keys() == EVENTS.keys()
