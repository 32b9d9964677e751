"""One measurement of the code sets in a process of its own: `python -m bench.codesets_tasks TASK FOLDER`, as JSON.

Each task prepares what is not to be measured and gives the work: a function that says how many things it did. CPU is
that of the work alone; `start` what the task took before it: modules, files, and memory of the whole process after.
"""

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
    from superbill.codesets.icd10cm.lookup import CodeBook

DAY = date(2026, 5, 1)
SEED = 4
ROUNDS = 5
ENCOUNTERS = 2_000
Work = Callable[[], int]


def _book(folder: Path) -> "CodeBook":
    from superbill.codesets.icd10cm.lookup import book
    from superbill.codesets.store import open_default

    return book(open_default(folder), DAY)


def _codes(folder: Path) -> list[str]:
    """Every billable code with its dot, in an order of no meaning."""
    rows = _book(folder).codes_file.execute("SELECT code FROM code WHERE billable = 1 ORDER BY code").fetchall()
    codes = [code if len(code) <= 3 else f"{code[:3]}.{code[3:]}" for (code,) in rows]
    random.Random(SEED).shuffle(codes)
    return codes


def _typed(codes: list[str]) -> list[str]:
    """The same codes as new strings, as a file or a user brings them: comparing them costs what it costs there."""
    return [code[:1] + code[1:] for code in codes for _ in range(ROUNDS)]


def prepare(folder: Path) -> Work:
    """The embedded release written; measured for itself: it happens once on a machine."""
    from superbill.codesets.store import open_default

    return lambda: len(open_default(folder).releases())


def floor(folder: Path) -> Work:
    """A dictionary from code to title: the least that any look-up does."""
    rows = _book(folder).codes_file.execute("SELECT code, title FROM code").fetchall()
    titles = {code if len(code) <= 3 else f"{code[:3]}.{code[3:]}": title for code, title in rows}
    codes = _typed(_codes(folder))
    return lambda: sum(titles.get(code) is not None for code in codes)


def warm(folder: Path) -> Work:
    """Our look-up of codes that were asked before."""
    book, codes = _book(folder), _codes(folder)
    for code in codes:
        book.code(code)
    codes = _typed(codes)
    return lambda: sum(book.code(code) is not None for code in codes)


def first(folder: Path) -> Work:
    """Our look-up of codes that nobody asked before: each is read from the release's file."""
    codes = _codes(folder)
    book = _book(folder)
    return lambda: sum(book.code(code) is not None for code in codes)


def peer(folder: Path) -> Work:
    """simple-icd-10-cm: the title of each code that it has."""
    import simple_icd_10_cm as theirs

    codes = [code for code in _codes(folder) if theirs.is_valid_item(code)]
    return lambda: sum(bool(theirs.get_description(code)) for code in codes)


def _checks(folder: Path, encounters: int, *, seen: bool) -> Work:
    from superbill.codesets.store import open_default
    from superbill.coding.checks import Coded, check

    store = open_default(folder)
    chance = random.Random(SEED)
    pool = chance.sample(_codes(folder), ENCOUNTERS)
    coded = [Coded(diagnoses=tuple(chance.sample(pool, 6)), on=DAY) for _ in range(encounters)]
    if seen:
        for each in coded:
            check(each, store)
    return lambda: sum(len(check(each, store)) >= 0 for each in coded)


def check_warm(folder: Path) -> Work:
    """Encounters of six codes whose notes were made ready before."""
    return _checks(folder, ENCOUNTERS, seen=True)


def check_first(folder: Path) -> Work:
    """Encounters of six codes whose notes nobody asked for before."""
    return _checks(folder, ENCOUNTERS, seen=False)


def check_floor(folder: Path) -> Work:
    """The least that a check of six codes does: each pair looked up in a set."""
    codes = _codes(folder)
    chance = random.Random(SEED)
    excluded = {(chance.choice(codes), chance.choice(codes)) for _ in range(100_000)}
    encounters = [chance.sample(codes, 6) for _ in range(ENCOUNTERS)]

    def work() -> int:
        for encounter in encounters:
            for one in encounter:
                for other in encounter:
                    if (one, other) in excluded:
                        break
        return len(encounters)

    return work


TASKS = {task.__name__: task for task in (prepare, floor, warm, first, peer, check_floor, check_warm, check_first)}


def main(name: str, folder: str) -> None:
    """Prints what the task took."""
    begun = time.process_time()
    work = TASKS[name](Path(folder))
    start = time.process_time() - begun
    begun = time.process_time()
    done = work()
    cpu = time.process_time() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"done": done, "cpu": cpu, "start": start, "memory": memory}))


if __name__ == "__main__":
    main(*sys.argv[1:])
