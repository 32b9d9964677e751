"""Long walks through the ledger's events beside the naive model of tests/generative: any difference ends the run.

    python -m bench.ledger_machine --steps 1000000 --seed 7 [--first 0] [--only-walk 812]

A walk is a practice of its own and 100 steps. What it does follows from the seed and the number of the walk, so that
the walk that failed can be taken again alone. Every so often the program's doctor and its rebuild look, too, and the
database is begun anew, for the doctor reads all of it.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

STEPS = 100  # of a walk
EXAMINED = 10  # every so many walks
ANEW = 400  # walks in one database


def walk(seed: int, number: int, taken: Counter[str], *, examined: bool) -> list[tuple[str, int]]:
    """One walk; its steps so far are printed when one fails. Raises AssertionError on the first difference."""
    from tests.generative.ledger_world import EVENTS, World

    chance = random.Random(f"{seed} {number}")
    world, steps = World(f"walk{number}"), list[tuple[str, int]]()
    try:
        for _ in range(STEPS):
            steps.append((chance.choices(list(EVENTS), list(EVENTS.values()))[0], chance.randrange(2**16)))
            taken[steps[-1][0]] += 1
            world.step(*steps[-1])
        if examined:
            world.examine()
    except Exception:
        print(f"seed {seed}, walk {number}, step {len(steps)}: {steps[-1]}\n{steps}", flush=True)
        raise
    return steps


def main(arguments: Sequence[str] = ()) -> None:
    """Walk, and print how far it came."""
    parser = argparse.ArgumentParser(prog="python -m bench.ledger_machine", description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--first", type=int, default=0, help="the walk to begin with")
    parser.add_argument("--only-walk", type=int, help="this walk alone, examined at its end")
    given = parser.parse_args(arguments)
    from superbill.app.boot import connect, disconnect, prepare

    prepare()
    taken: Counter[str] = Counter()
    numbers = range(given.first, given.first + -(-given.steps // STEPS))
    with tempfile.TemporaryDirectory() as place:
        template, books = Path(place) / "template.db", Path(place) / "books.db"
        connect(str(template))
        disconnect()
        start = time.process_time()
        for count, number in enumerate([given.only_walk] if given.only_walk is not None else numbers):
            if count % ANEW == 0:
                disconnect()
                for left in Path(place).glob("books.db*"):
                    left.unlink()
                shutil.copy(template, books)
                connect(str(books))
            last = count + 1 in (len(numbers), 1) and given.only_walk is not None
            walk(given.seed, number, taken, examined=last or (count + 1) % EXAMINED == 0)
            if (count + 1) % 100 == 0:
                print(f"{taken.total():>9,} steps, {time.process_time() - start:,.0f} CPU s", flush=True)
        disconnect()
    print(f"seed {given.seed}: {taken.total():,} steps, no difference; {dict(sorted(taken.items()))}")


if __name__ == "__main__":
    main(sys.argv[1:])
