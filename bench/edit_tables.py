"""Writes tables of edits of full size in the official layouts: NCCI pairs, MUE, add-on codes. Same seed, same bytes.

What they say is made up; how many they are, how they are spread over codes, and how they are written is as published:
2.6 million pairs in four files of text, 15,000 codes with a most of units, 1,000 add-on codes with their primaries.
"""

import argparse
import random
import string
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

SEED = 6
PAIRS = 2_600_000
UNITS = 15_000
ADD_ONS = 1_000
PARTS = 4
YEAR, QUARTER = 2026, 4
_COLUMN_1 = 12_000  # codes that have pairs
_HEAD = (
    "A notice of copyright.\t\t\t\t\t\t\r\nColumn1/Column2 Edits\t\t\t\t\t\t\r\n"
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n"
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n"
    "\t\t\t\t*=no data\t1=allowed\t\r\n"
    "\t\t\t\t\t9=not applicable\t\r\n"
)
RATIONALES = (
    "Misuse of column two code with column one code", "Standards of medical / surgical practice",
    "CPT Manual or CMS manual coding instruction", "Mutually exclusive procedures",
    "HCPCS/CPT procedure code definition", "More extensive procedure", "Sequential procedure",
    "Gender-specific procedures",
    "Laboratory panel", "CPT \"separate procedure\" definition", "Anesthesia service included in surgical procedure",
)  # fmt: skip
_QUARTERS = ("0101", "0401", "0701", "1001")
_LAST_DAYS = ("0331", "0630", "0930", "1231")


def codes(count: int = UNITS) -> list[str]:
    """Codes of the shapes of CPT and HCPCS, in order."""
    chance = random.Random(SEED)
    numbers = [f"{number:05}" for number in chance.sample(range(100, 99_608), count * 8 // 10)]
    level_two = [
        f"{letter}{number:04}"
        for letter in "ACEGJKLQV"
        for number in chance.sample(range(10_000), count // 50)
    ]  # fmt: skip
    later = [f"{number:04}T" for number in chance.sample(range(1_000), count // 50)]
    return sorted([*numbers, *level_two, *later])[:count]


def _shares(count: int, total: int, chance: random.Random) -> list[int]:
    """How many pairs each column-1 code has: few have thousands, most have dozens."""
    weights = [chance.lognormvariate(0, 1) for _ in range(count)]
    scale = total / sum(weights)
    shares = [min(max(1, int(weight * scale)), count // 2) for weight in weights]
    shares[-1] += max(0, total - sum(shares)) if total - sum(shares) < count // 4 else 0
    return shares


def pairs(total: int = PAIRS) -> Iterator[tuple[str, str]]:
    """(column 1, the rest of the line) in the order of the files, about `total` of them."""
    chance = random.Random(SEED + 1)
    known = codes()
    ones = sorted(chance.sample(known, min(_COLUMN_1, max(2, total // 20))))
    tails = _tails(chance)
    for one, share in zip(ones, _shares(len(ones), total, chance), strict=True):
        for two in sorted(chance.sample(known, share)):
            if one != two:
                yield one, f"{one}\t{two}\t{tails[int(chance.random() * len(tails))]}\r\n"


def _tails(chance: random.Random) -> list[str]:
    """Endings of lines: two in three pairs are in force, one in fifty was deleted as of its first day."""
    tails = []
    for number in range(900):
        year = chance.randint(1996, YEAR - 2)
        first = f"{year}{chance.choice(_QUARTERS)}"
        old = "*" if year == 1996 and number % 2 else ""
        why = chance.choice(RATIONALES)
        if number % 50 == 0:
            tails.append(f"{old}\t{first}\t{first}\t9\t{why}")
        elif number % 3 == 0:
            last = f"{chance.randint(year + 1, YEAR - 1)}{chance.choice(_LAST_DAYS)}"
            tails.append(f"{old}\t{first}\t{last}\t{chance.choice('01')}\t{why}")
        else:
            tails.append(f"{old}\t{first}\t*\t{chance.choice('0111')}\t{why}")
    return tails


def write_pairs(folder: Path, setting: str = "pra", total: int = PAIRS, parts: int = PARTS) -> list[Path]:
    """The files of one table of pairs: "pra" practitioners, "oph" outpatient hospitals."""
    paths = [
        folder / f"cci{setting}-v{YEAR - 1994}{QUARTER - 1}r0-f{part}.txt" for part in range(1, parts + 1)
    ]  # fmt: skip
    rows = pairs(total)
    held: list[str] = []
    last = ""
    for number, path in enumerate(paths, 1):
        with path.open("w", encoding="latin-1", newline="") as target:
            target.write(_HEAD)
            target.writelines(held)
            written, held = len(held), []
            for one, line in rows:
                if number < parts and written >= total // parts and one != last:  # a code lies in one file
                    held, last = [line], one
                    break
                target.write(line)
                written, last = written + 1, one
    return paths


def write_units(folder: Path, total: int = UNITS) -> Path:
    """The MUE table of practitioners."""
    chance = random.Random(SEED + 2)
    path = folder / f"MCR_MUE_PractitionerServices_Eff_{3 * QUARTER - 2:02}-01-{YEAR}.csv"
    indicators = ("1 Line Edit", "2 Date of Service Edit: Policy", "3 Date of Service Edit: Clinical")
    with path.open("w", encoding="latin-1", newline="") as target:
        target.write(
            '"A notice of copyright.\r\n\r\nMore of it.",,,\r\n"HCPCS/\r\nCPT Code",Practitioner Services MUE Values,'
        )
        target.write("MUE Adjudication Indicator,MUE Rationale\r\n")
        for code in codes(total):
            most = chance.choice((1, 1, 1, 2, 2, 3, 4, 6, 10, 50, 400))
            target.write(
                f"{code},{most},{chance.choice(indicators)},{chance.choice(string.ascii_uppercase)} reason\r\n"
            )
    return path


def write_add_ons(folder: Path, total: int = ADD_ONS) -> Path:
    """The add-on code table."""
    chance = random.Random(SEED + 3)
    known = codes()
    path = folder / f"AOC_V{YEAR}Q{QUARTER}-MCR.txt"
    with path.open("w", encoding="latin-1", newline="") as target:
        for code in sorted(chance.sample(known, total)):
            kind = chance.choice("1112333")
            primaries = ["CCCCC"] if kind == "2" else sorted(set(chance.sample(known, chance.randint(1, 12))) - {code})
            note = "Contractor Defined Primary Codes" if kind == "2" else ""
            for primary in primaries:
                target.write(f"{kind}{code}{'':7}{primary}{'':7}{2013 + int(code < '5')}091{'':7}{note:<58}\r\n")
    return path


def main(arguments: Sequence[str]) -> None:
    """Write all tables into a folder."""
    parser = argparse.ArgumentParser(prog="python -m bench.edit_tables", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    written = [*write_pairs(given.folder, total=given.pairs), write_units(given.folder), write_add_ons(given.folder)]
    for path in written:
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
