"""Codes the visit notes of the shared data and scores them against their gold (shared/data/notes/score.py)."""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bench.corpus import SHARED
from superbill.codesets.store import Store, open_default
from superbill.coding.suggest.engine import suggest
from superbill.coding.suggest.model import Suggestion, Visit

NOTES = SHARED / "notes"
ON = date(2026, 5, 1)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def gold() -> list[dict[str, Any]]:
    """The gold, a note to a line, with the note's text."""
    found = [json.loads(line) for line in (NOTES / "gold.jsonl").read_text(encoding="utf-8").splitlines() if line]
    return [{**each, "text": (NOTES / "notes" / f"{each['id']}.txt").read_text(encoding="utf-8")} for each in found]


def visit_of(entry: dict[str, Any]) -> Visit:
    """What the corpus tells of a visit apart from its note: age and sex."""
    number = _NUMBER.search(entry.get("age") or "")
    age = float(number[0]) if number else None
    if age is not None and "month" in entry["age"]:
        age /= 12
    sex = (entry.get("sex") or "").strip()
    return Visit(on=ON, age=age, sex=sex if sex in ("female", "male") else "")


def prediction(name: str, said: Suggestion) -> dict[str, Any]:
    """A suggestion as the scorer reads it."""
    return {
        "id": name,
        "icd10cm": [
            {"code": each.code, **dict(zip(("start", "end"), each.passage or (None, None), strict=True))}
            for each in said.diagnoses
        ],
        "em": said.em.code if said.em else None,
        "procedures": [{"code": each.code.code} for each in said.services],
    }  # fmt: skip


def coded(entries: list[dict[str, Any]], store: Store) -> Iterator[tuple[dict[str, Any], Suggestion]]:
    for entry in entries:
        yield entry, suggest(entry["text"], store, visit_of(entry))


def scored(entries: list[dict[str, Any]], predictions: list[dict[str, Any]]) -> str:
    """What the scorer says."""
    with tempfile.TemporaryDirectory() as folder:
        path, wanted = Path(folder, "predictions.jsonl"), Path(folder, "gold.jsonl")
        wanted.write_text("".join(json.dumps(each) + "\n" for each in entries), encoding="utf-8")
        path.write_text("".join(json.dumps(each) + "\n" for each in predictions), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, NOTES / "score.py", wanted, path], capture_output=True, text=True, check=True
        )
    return done.stdout


def differences(entry: dict[str, Any], said: Suggestion) -> list[str]:
    """What is missed and what is too much, for reading."""
    got = [each.code for each in said.diagnoses]
    known = {each["code"] for each in entry["icd10cm"]}
    lines = [
        f"  + {each.code} {each.title} {each.evidence[0].text!r}" for each in said.diagnoses if each.code not in known
    ]
    alternatives: dict[str, set[str]] = {}
    for number, each in enumerate(entry["icd10cm"]):
        if each["tier"] == "required":
            alternatives.setdefault(each.get("alt") or str(number), set()).add(each["code"])
    lines += [f"  - {'|'.join(sorted(codes))}" for codes in alternatives.values() if codes.isdisjoint(got)]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="list what differs, note by note")
    parser.add_argument("--only", help="one note")
    parser.add_argument("--split", choices=("train", "valid"), help="one of the two parts of the notes")
    options = parser.parse_args()
    store = open_default()
    entries = [each for each in gold() if options.only in (None, each["id"])]
    entries = [each for each in entries if options.split in (None, each["split"])]
    suggest("Hypertension.", store, visit_of(entries[0]))
    start = time.process_time()
    results = list(coded(entries, store))
    took = time.process_time() - start
    if options.show:
        for entry, said in results:
            lines = differences(entry, said)
            if lines:
                print(entry["id"], *lines, sep="\n")
    print(scored(entries, [prediction(entry["id"], said) for entry, said in results]))
    print(f"{1000 * took / len(entries):.1f} ms a note")


if __name__ == "__main__":
    main()
