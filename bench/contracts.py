"""Contract prices side by side in one run: lines a second by kind of contract, and the floor, a dictionary of fees.

    python -m bench.contracts [--times N]

Everything is made here, from a seed: a fee schedule of 8,000 codes and 5,000 claims of four lines. Of several runs the
quickest counts, for a machine can only be disturbed upwards. Seconds are of the processor.
"""

import argparse
import random
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from superbill.pricing.benefits import Accumulators, Benefits
from superbill.pricing.bill import Bill, Item
from superbill.pricing.contract import Contract
from superbill.pricing.contract_file import read_contract
from superbill.pricing.estimate import estimate

DAY = date(2026, 3, 2)
CLAIMS, LINES, CODES = 5_000, 4, 8_000
TARGET = 30_000
HEAD = (
    'key = "bench"\npayer = "p"\nstart = 2026-01-01\nschedules = { fees = "fees.csv" }\nweights = { ms = "drg.csv" }\n'
)
REST = '[[terms]]\nid = "rest"\npays = { method = "percent-of-charge", percent = "0.6" }\n'
OWN = """
[[terms]]
id = "fees"
scope = { codes = ["10000-99999"] }
pays = { method = "fee-schedule", schedule = "fees" }
"""
RULES = """
[[modifiers]]
id = "bilateral"
scope = { modifiers = ["50"] }
percent = "1.5"
[[reductions]]
id = "procedures"
scope = { codes = ["10004-69990"] }
percents = ["1", "0.5", "0.25"]
"""
STAY = """
[[terms]]
id = "drg"
scope = { bills = ["011X"] }
pays = { method = "drg", base_rate = 6_000_00, weights = "ms" }
[[terms]]
id = "drugs"
scope = { codes = ["J0120-J9999"] }
carve_out = true
pays = { method = "percent-of-charge", percent = "0.8" }
[[stop_loss]]
id = "outlier"
threshold = 50_000_00
percent = "0.7"
"""


def _codes(chance: random.Random) -> list[str]:
    return [f"{number:05d}" for number in sorted(chance.sample(range(10_000, 99_999), CODES))]


def contracts(codes: list[str], chance: random.Random) -> dict[str, Contract]:
    """The contracts that are measured, by what they are."""
    fees = "\n".join(["code,modifier,start,amount", *(f"{c},,2026-01-01,{chance.randint(5, 900)}" for c in codes)])
    files = {"fees.csv": fees, "drg.csv": "drg,start,weight\n470,2025-10-01,1.9\n"}

    def made(terms: str) -> Contract:
        return read_contract(HEAD + terms, "bench.toml", files.__getitem__)

    return {
        "part of charges": made(REST),
        "fee schedule, else a part of charges": made(OWN + REST),
        "the same with modifiers and reductions": made(OWN + REST + RULES),
        "DRG with carve-outs and stop-loss": made(STAY + REST),
    }


def bills(codes: list[str], chance: random.Random, *, stays: bool) -> list[Bill]:
    """Claims of four lines; stays of a hospital have a DRG, and drugs among their lines."""
    made = []
    for _ in range(CLAIMS):
        items = tuple(
            Item(
                number=number,
                code=f"J{chance.randint(1000, 1200)}" if stays and number == 1 else chance.choice(codes),
                charge=chance.randint(50_00, 9_000_00),
                day=DAY,
                modifiers=("50",) if chance.random() < 0.1 else (),
                place="11",
            )
            for number in range(1, LINES + 1)
        )
        plain = Bill(items=items, start=DAY, end=DAY)
        made.append(replace(plain, kind="institutional", type_of_bill="0111", drg="470") if stays else plain)
    return made


def per_second(work: Callable[[Bill], object], given: list[Bill], times: int) -> float:
    """Lines a second of the quickest run."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        for bill in given:
            work(bill)
        best = min(best, time.process_time() - start)
    return CLAIMS * LINES / best


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--times", type=int, default=3)
    times = options.parse_args().times
    chance = random.Random(6)
    codes = _codes(chance)
    made = contracts(codes, chance)
    office, stays = bills(codes, chance, stays=False), bills(codes, chance, stays=True)
    floor = {code: chance.randint(5_00, 900_00) for code in codes}
    print(f"{CLAIMS:,} claims of {LINES} lines, {CODES:,} fees; lines a second")
    print(f"{'floor: a dictionary from code to fee':<48}", end="")
    print(f"{per_second(lambda bill: [floor[item.code] for item in bill.items], office, times):>12,.0f}")
    for words, contract in made.items():
        speed = per_second(contract.price, stays if "DRG" in words else office, times)
        print(f"{words:<48}{speed:>12,.0f}  {'reached' if speed >= TARGET else 'below'} {TARGET:,}")
    plan = Benefits(deductible=1_000_00, coinsurance=Decimal("0.2"), copay={"office": 30_00})
    contract = made["fee schedule, else a part of charges"]
    speed = per_second(lambda bill: estimate(bill, contract, plan, Accumulators()), office, times)
    print(f"{'estimates: prices and the patient’s share':<48}{speed:>12,.0f}")


if __name__ == "__main__":
    main()
