"""Writes the Medicare Coverage Database's articles at full size in the official layout. Same seed, same bytes.

What they say is made up; how many they are is as published: some 2,000 articles with 500 diagnoses and 20 procedures
each, a million pairs of article and diagnosis. `measure` takes them in and asks: the time from opening the store to the
first answer, the time of a line, the memory.
"""

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

SEED = 6
ARTICLES, DIAGNOSES, PROCEDURES = 2_000, 500, 20
_UPDATED = "2026-02-15 00:00:00"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTZ"
_DAY = date(2026, 3, 2)
_STATES = ("OH", "KY", "NY", "CA", "TX", "FL", "WA", "IL")


def diagnoses() -> list[str]:
    """Codes of the shape of ICD-10-CM."""
    chance = random.Random(SEED)
    return sorted(
        {f"{chance.choice(_LETTERS)}{chance.randrange(100):02}.{chance.randrange(1_000):03}" for _ in range(70_000)}
    )


def procedures() -> list[str]:
    """Codes of the shape of CPT."""
    return [f"{number:05}" for number in range(10_021, 99_999, 13)]


def tables(articles: int = ARTICLES) -> Iterator[tuple[str, str]]:
    """The name and the text of each file."""
    chance = random.Random(SEED + 1)
    known, codes = diagnoses(), procedures()
    numbers = range(50_000, 50_000 + articles)
    yield (
        "article.csv",
        _csv(
            "article_id,article_version,title,article_eff_date,article_end_date,status,last_updated",
            (f'{n},1,"Article {n}",2020-01-01,,A,{_UPDATED}' for n in numbers),
        ),
    )
    yield (
        "article_x_hcpc_code.csv",
        _csv(
            "article_id,article_version,hcpc_code_id,hcpc_code_version,hcpc_code_group,range,last_updated",
            (f"{n},1,{code},1,1,N,{_UPDATED}" for n in numbers for code in chance.sample(codes, PROCEDURES)),
        ),
    )
    yield (
        "article_x_icd10_covered.csv",
        _csv(
            "article_id,article_version,icd10_code_id,icd10_code_version,icd10_covered_group,range,last_updated",
            (
                f"{n},1,{code},1,{chance.randrange(1, 4)},N,{_UPDATED}"
                for n in numbers
                for code in chance.sample(known, DIAGNOSES)
            ),
        ),
    )
    issuer = "contractor_id,contractor_type_id,contractor_version"
    yield (
        "article_x_contractor.csv",
        _csv(
            f"article_id,article_version,article_type,{issuer},last_updated",
            (f"{n},1,1,{n % len(_STATES)},12,1,{_UPDATED}" for n in numbers),
        ),
    )
    each = range(len(_STATES))
    yield "contractor.csv", _csv(f"{issuer},contractor_bus_name", (f"{n},12,1,Contractor {n}" for n in each))
    yield (
        "contractor_jurisdiction.csv",
        _csv(
            f"{issuer},state_id,last_updated,active_date,term_date",
            (f"{n},12,1,{n},{_UPDATED},2015-01-01," for n in each),
        ),
    )
    yield "state_lookup.csv", _csv("state_id,state_abbrev", (f"{n},{_STATES[n]}" for n in each))


def _csv(header: str, rows: Iterator[str]) -> str:
    return "\n".join((header, *rows)) + "\n"


def write(folder: Path, articles: int = ARTICLES) -> Path:
    """The archive as it is downloaded."""
    path = folder / "current_article.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in tables(articles):
            made.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return path


def measure(folder: Path, lines: int = 20_000) -> Iterator[str]:
    """What opening the store in `folder` and asking it costs."""
    from superbill.codesets.coverage.lookup import CoverageTable
    from superbill.codesets.store import Store

    before = _resident()
    began = time.perf_counter()
    table = CoverageTable(Store(folder))
    table.verdict("10021", "OH", _DAY, frozenset({"I10"}))
    yield f"open to first answer: {(time.perf_counter() - began) * 1e3:,.1f} ms"
    chance = random.Random(SEED + 2)
    codes, known = procedures(), [code.replace(".", "") for code in diagnoses()]
    asked = [(chance.choice(codes), chance.choice(_STATES), frozenset(chance.sample(known, 2))) for _ in range(lines)]
    for name in ("a line, first asked", "a line, asked again"):
        began = time.perf_counter()
        for code, state, some in asked:
            table.verdict(code, state, _DAY, some)
        yield f"{name}: {(time.perf_counter() - began) / lines * 1e6:,.1f} µs"
    yield f"memory: {(_resident() - before) / 1e6:,.0f} MB more"


def _resident() -> int:
    """Bytes in memory now; the most ever, as getrusage tells it, is inherited from who started the process."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()


def main(arguments: Sequence[str]) -> None:
    """Write the archive; with --measure take it in and ask, in a process of its own; with --ask ask only."""
    parser = argparse.ArgumentParser(prog="python -m bench.coverage_tables", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--ask", action="store_true", help="the folder is a store that holds the articles")
    given = parser.parse_args(arguments)
    if given.ask:
        print("\n".join(measure(given.folder)))
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    path = write(given.folder, given.articles)
    print(f"{path.name}: {path.stat().st_size:,} bytes", flush=True)
    if given.measure:
        from superbill.codesets.importing import import_file

        with tempfile.TemporaryDirectory(dir=given.folder) as store:
            began = time.perf_counter()
            import_file(path, Path(store))
            print(f"taken in: {time.perf_counter() - began:,.1f} s", flush=True)
            subprocess.run([sys.executable, "-m", "bench.coverage_tables", store, "--ask"], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
