"""One measurement of Medicare's prices in a process of its own: `python -m bench.pricing_tasks TASK FOLDER`, as JSON.

The tables are Medicare's own of July 2026. Claims are drawn from the codes that are paid; CPU is that of pricing alone.
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
    from superbill.pricing.medicare import Line, Medicare, Setting

DATA = Path(__file__).parents[2] / "shared" / "data" / "codesets"
FILES = ("PPRRVU2026_Jul_nonQPP.csv.gz", "GPCI2026.csv")
DAY = date(2026, 8, 3)
SEED = 6
CLAIMS = 5_000
LINES = 4
Work = Callable[[], int]
VISITS = ("99202", "99203", "99212", "99213", "99214", "99215", "G0439", "96372", "93000", "71046", "20610", "11042")
REDUCED = ("45380", "45385", "43239", "70553", "72148", "93306", "92134", "97110", "97140", "27447", "66984", "29881")


def take(folder: Path) -> Work:
    """Both files imported; once on a machine and quarter."""
    from superbill.codesets.importing import import_file

    def work() -> int:
        taken = [release for name in FILES for release in import_file(DATA / name, folder).taken]
        return sum(sum(release.rows.values()) for release in taken)

    return work


def _medicare(folder: Path) -> "tuple[Medicare, Setting]":
    from superbill.codesets.store import Store
    from superbill.pricing.medicare import Locality, Medicare, Setting

    return Medicare.of(Store(folder)), Setting(locality=Locality("13202", "NY", "01"))


def _claims(codes: "list[str] | tuple[str, ...]") -> "list[list[Line]]":
    from superbill.pricing.medicare import Line

    chance = random.Random(SEED)
    return [
        [Line(number=number, code=chance.choice(codes), day=DAY, charge=50_000) for number in range(LINES)]
        for _ in range(CLAIMS)
    ]


def _paid(folder: Path) -> list[str]:
    from superbill.codesets.mpfs.schema import VALUES as SYSTEM
    from superbill.codesets.store import Store

    opened = Store(folder).in_force(SYSTEM, DAY)
    assert opened is not None
    rows = opened.connection.execute("SELECT code FROM item WHERE modifier = '' AND status = 'A' ORDER BY code")
    return [code for (code,) in rows]


def _work(folder: Path, codes: "list[str] | tuple[str, ...]", *, seen: bool) -> Work:
    medicare, setting = _medicare(folder)
    claims = _claims(codes)
    if seen:
        for claim in claims:
            medicare.price(claim, setting)
    return lambda: sum(len(medicare.price(claim, setting)) for claim in claims)


def floor(folder: Path) -> Work:
    """A dictionary from code to fee: the least that any price is."""
    medicare, setting = _medicare(folder)
    claims = _claims(VISITS)
    fees = {line.code: medicare.price([line], setting)[0].amount for claim in claims for line in claim}
    return lambda: sum(fees.get(line.code) is not None for claim in claims for line in claim)


def visits(folder: Path) -> Work:
    """Office claims of four lines, whose fees were asked before."""
    return _work(folder, VISITS, seen=True)


def reduced(folder: Path) -> Work:
    """Claims on which every line may reduce another: endoscopy, imaging, tests, therapy, operations."""
    return _work(folder, REDUCED, seen=True)


def anything(folder: Path) -> Work:
    """Four codes of the whole schedule at random."""
    return _work(folder, _paid(folder), seen=True)


def first(folder: Path) -> Work:
    """The same, each code for the first time: read from the release's file."""
    return _work(folder, _paid(folder), seen=False)


TASKS = {each.__name__: each for each in (take, floor, visits, reduced, anything, first)}


def main(task: str, folder: Path) -> None:
    """Measure, and print what was measured."""
    work = TASKS[task](folder)
    begun = time.process_time()
    done = work()
    cpu = time.process_time() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"done": done, "cpu": cpu, "memory": memory}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
