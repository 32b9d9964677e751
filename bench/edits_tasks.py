"""One measurement of the edits in a process of its own: `python -m bench.edits_tasks TASK FOLDER`, as JSON.

Each task prepares what is not to be measured and gives the work: a function that says how many things it did. CPU and
time are those of the work alone; `start` what the task took before it; memory is of the whole process after.
"""

import gc
import json
import random
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from superbill.claims.model import Claim
    from superbill.codesets.ncci.lookup import PairTable
    from superbill.edits import Context, Reference

DAY = date(2026, 10, 5)
SEED = 6
ASKED = 200_000
AGAIN = 20_000
ROUNDS = 10
CLAIMS = 4_000
PRACTICE = 300  # codes that a practice bills
VISITS = 800  # sets of four codes that its claims have
ASKED_FILE = "asked.txt"
PTP, UNITS, ADD_ONS = "ncci", "mue", "add_on"
Work = Callable[[], int]


def write(folder: Path) -> Work:
    """The tables in the official layouts, at full size; and, in an order of no meaning, the pairs to be asked for."""
    from bench.edit_tables import codes, pairs, write_add_ons, write_pairs, write_units

    target = folder / "tables"
    target.mkdir()
    chance = random.Random(SEED)
    known = codes()
    there = chance.sample([(one, line[6:11]) for one, line in pairs()], ASKED // 2)
    asked = chance.sample([*there, *((chance.choice(known), chance.choice(known)) for _ in there)], ASKED)
    (folder / ASKED_FILE).write_text("".join(f"{one} {two}\n" for one, two in asked))
    return lambda: len([*write_pairs(target), write_units(target), write_add_ons(target)])


def take(folder: Path) -> Work:
    """Every table imported; counted in rows of the files."""
    from superbill.codesets.importing import import_file

    def work() -> int:
        for path in sorted((folder / "tables").iterdir()):
            import_file(path, folder / "store")
        return sum(path.read_bytes().count(b"\n") for path in (folder / "tables").iterdir())

    return work


def _reference(folder: Path) -> "Reference":
    from superbill.codesets.store import Store
    from superbill.edits.reference import Reference

    return Reference(Store(folder / "store"))


def _table(folder: Path) -> "PairTable":
    table = _reference(folder).pairs["practitioner"].on(DAY)
    assert table is not None
    return table


def opened(folder: Path) -> Work:
    """The store opened, and every table asked for one thing."""
    from superbill.codesets.store import Store
    from superbill.edits.reference import Reference

    def work() -> int:
        reference = Reference(Store(folder / "store"))
        table, add_ons = reference.pairs["practitioner"].on(DAY), reference.add_ons
        assert table is not None and add_ons is not None
        table.pair("20610", "20611", DAY)
        reference.units["practitioner"].most("20610", DAY)
        add_ons.add_on("20610", DAY)
        return 1

    return work


def _pairs(folder: Path, count: int) -> list[tuple[str, str]]:
    """Pairs of codes, one in two of the table, in an order of no meaning."""
    lines = (folder / ASKED_FILE).read_text().splitlines()[:count]
    return [(line[:5], line[6:]) for line in lines]


def _typed(asked: list[tuple[str, str]], rounds: int) -> list[tuple[str, str]]:
    """The same codes as new strings, as a file or a user brings them."""
    return [(one[:1] + one[1:], two[:1] + two[1:]) for _ in range(rounds) for one, two in asked]


def floor(folder: Path) -> Work:
    """A dictionary of the same pairs with their first day: the least that any look-up does."""
    from bench.edit_tables import pairs

    first = {(one, line[6:11]): DAY for one, line in pairs()}
    asked = _typed(_pairs(folder, AGAIN), ROUNDS)
    return lambda: sum(first.get(pair) is None for pair in asked) * 0 + len(asked)


def warm(folder: Path) -> Work:
    """Our look-up of pairs that were asked before."""
    table, few = _table(folder), _pairs(folder, AGAIN)
    for one, two in few:
        table.pair(one, two, DAY)
    asked = _typed(few, ROUNDS)
    return lambda: sum(table.pair(one, two, DAY) is None for one, two in asked) * 0 + len(asked)


def first(folder: Path) -> Work:
    """Our look-up of pairs that nobody asked before, of codes all over the table."""
    asked = _pairs(folder, ASKED)
    table = _table(folder)
    return lambda: sum(table.pair(one, two, DAY) is None for one, two in asked) * 0 + len(asked)


def _claims(folder: Path) -> "tuple[list[Claim], Context]":
    """Claims of four lines of a practice that bills some hundreds of codes in some hundreds of visits."""
    from msgspec.structs import replace

    from bench.edit_tables import codes
    from superbill.claims.model import Procedure
    from superbill.edits.cases import made
    from superbill.effective import Period

    clean, context = made({"context.today": date(2026, 10, 6)}, _reference(folder))
    chance = random.Random(SEED)
    practice = chance.sample([code for code in codes() if code.isdigit()], PRACTICE)
    visits = [chance.sample(practice, 4) for _ in range(VISITS)]
    line = clean.lines[0]
    return [
        replace(
            clean,
            control_number=f"B{number}",
            lines=tuple(
                replace(
                    line, number=place, control_number=f"B{number}-{place}", procedure=Procedure(code[:1] + code[1:]),
                    service=Period(DAY, DAY),
                )
                for place, code in enumerate(chance.choice(visits), 1)
            ),
        )
        for number in range(CLAIMS)
    ], context  # fmt: skip


def claims_floor(folder: Path) -> Work:
    """The least that these three families do on a claim: each pair, code and add-on code looked up in a dictionary."""
    from bench.edit_tables import pairs

    pair = {(one, line[6:11]): DAY for one, line in pairs()}
    units = {one: 1 for one, _ in pair}
    made, _ = _claims(folder)

    def work() -> int:
        for claim in made:
            codes = [line.procedure.code for line in claim.lines]
            for one in codes:
                units.get(one)
                units.get(one)
                for two in codes:
                    if one is not two:
                        pair.get((one, two))
        return len(made)

    return work


def _run(folder: Path, families: tuple[str, ...], *, before: bool) -> Work:
    from superbill.edits import RULES, RuleSet

    rules = RuleSet(one for one in RULES.values() if not families or one.family in families)
    made, context = _claims(folder)
    if before:
        _checked(rules.run, made, context)
        made, _ = _claims(folder)
    return lambda: _checked(rules.run, made, context)


def _checked(run: "Callable[[Claim, Context], object]", made: "list[Claim]", context: "Context") -> int:
    for claim in made:
        run(claim, context)
    return len(made)


def claims_first(folder: Path) -> Work:
    """The three families on claims of visits that nobody billed before."""
    return _run(folder, (PTP, UNITS, ADD_ONS), before=False)


def claims_warm(folder: Path) -> Work:
    """The three families on new claims of visits that were billed before."""
    return _run(folder, (PTP, UNITS, ADD_ONS), before=True)


def claims_pairs(folder: Path) -> Work:
    """NCCI pairs alone, without the set of rules around them, on new claims of visits that were billed before."""
    from superbill.edits import RULES

    pair, same_site = RULES["ncci.pair"].check, RULES["ncci.same-site"].check

    def run(claim: "Claim", context: "Context") -> None:
        list(pair(claim, context))  # type: ignore[call-arg]  # both ask the context
        list(same_site(claim, context))  # type: ignore[call-arg]  # both ask the context

    made, context = _claims(folder)
    _checked(run, made, context)
    made, _ = _claims(folder)
    return lambda: _checked(run, made, context)


def claims_none(folder: Path) -> Work:
    """A set without rules: what every claim costs before the first edit."""
    from superbill.edits import RuleSet

    made, context = _claims(folder)
    return lambda: _checked(RuleSet(()).run, made, context)


def claims_all(folder: Path) -> Work:
    """Every family of edits on new claims of visits that were billed before."""
    return _run(folder, (), before=True)


TASKS = {
    task.__name__: task
    for task in (
        *(write, take, opened, floor, warm, first),
        *(claims_floor, claims_first, claims_warm, claims_pairs, claims_none, claims_all),
    )
}


def main(name: str, folder: str) -> None:
    """Prints what the task took."""
    gc.set_threshold(200_000, 50, 100)  # as the command line has it
    begun = time.process_time()
    work = TASKS[name](Path(folder))
    start = time.process_time() - begun
    before, clock = time.process_time(), time.perf_counter()
    done = work()
    cpu, wall = time.process_time() - before, time.perf_counter() - clock
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"done": done, "cpu": cpu, "wall": wall, "start": start, "memory": memory}))


if __name__ == "__main__":
    main(*sys.argv[1:])
