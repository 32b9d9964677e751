"""Codes the visit notes of the shared data and scores them against their gold (shared/data/notes/score.py)."""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bench.corpus import SHARED
from superbill.codesets.store import Store, open_default
from superbill.coding.suggest.engine import Study, study, suggest
from superbill.coding.suggest.model import SuggestedCode, Suggestion, Visit

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
    extra, missed = wrong(entry, said)
    lines = [f"  + {each.code} {each.title} {each.evidence[0].text!r}" for each in extra]
    return lines + [f"  - {'|'.join(sorted(codes))}" for codes in missed]


def wrong(entry: dict[str, Any], said: Suggestion) -> tuple[list[SuggestedCode], list[set[str]]]:
    """The codes too many, and the groups of required codes of which none was suggested."""
    got = {each.code for each in said.diagnoses}
    known = {each["code"] for each in entry["icd10cm"]}
    groups: dict[str, set[str]] = {}
    for number, each in enumerate(entry["icd10cm"]):
        if each["tier"] == "required":
            groups.setdefault(each.get("alt") or str(number), set()).add(each["code"])
    extra = [each for each in said.diagnoses if each.code not in known]
    return extra, [codes for codes in groups.values() if codes.isdisjoint(got)]


def causes(entry: dict[str, Any], done: Study) -> Iterator[str]:
    """Why each code is missed or too many, as far as a program can tell.

    specificity: another code of the category stands there. context: words that lead to the category were read and
    not reported. not found: no words of the note lead to it.
    """
    extra, missed = wrong(entry, done.suggestion)
    known = {each["code"][:3] for each in entry["icd10cm"]}
    got = {each.code[:3] for each in done.suggestion.diagnoses}
    read = {code[:3] for mention in done.reading.mentions for code in mention.codes}
    for codes in missed:
        categories = {code[:3] for code in codes}
        yield "missed: " + ("specificity" if categories & got else "context" if categories & read else "not found")
    for each in extra:
        yield "too many: " + ("specificity" if each.code[:3] in known else "context or combination")


def measure(entries: list[dict[str, Any]], store: Store, name: str, show: bool) -> None:
    """Codes the notes, prints the scorer's figures, the causes and the time."""
    start = time.process_time()
    done = [(entry, study(entry["text"], store, visit_of(entry))) for entry in entries]
    took = time.process_time() - start
    for entry, each in done:
        lines = differences(entry, each.suggestion) if show else []
        if lines:
            print(entry["id"], *lines, sep="\n")
    print(f"{name}: {len(entries)} notes")
    print(scored(entries, [prediction(entry["id"], each.suggestion) for entry, each in done]))
    anywhere, count = _evidence(done)
    print(f"evidence overlap, any of the places given: {anywhere / count:.4f}" if count else "no evidence")
    for cause, number in Counter(cause for entry, each in done for cause in causes(entry, each)).most_common():
        print(f"{number:>4} {cause}")
    words = sum(len(entry["text"].split()) for entry in entries)
    print(f"{1000 * took / len(entries):.1f} ms a note of {words / len(entries):.0f} words\n")


def _evidence(done: list[tuple[dict[str, Any], Study]]) -> tuple[int, int]:
    """Of the codes that gold has too, those of which some evidence overlaps gold's, and how many there are."""
    hits = count = 0
    for entry, each in done:
        for code in each.suggestion.diagnoses:
            spans = [(gold["start"], gold["end"]) for gold in _group(entry, code.code)]
            if not spans:
                continue
            count += 1
            own = [(one.start, one.end) for one in code.evidence if one.start is not None]
            own += [code.passage] if code.passage else []
            hits += any(a < end and start < b for a, b in own for start, end in spans)
    return hits, count


def _group(entry: dict[str, Any], code: str) -> list[dict[str, Any]]:
    """The gold entries of a code and of its alternatives."""
    names = {each.get("alt") for each in entry["icd10cm"] if each["code"] == code and each.get("alt")}
    return [each for each in entry["icd10cm"] if each["code"] == code or each.get("alt") in names]


def main(arguments: Sequence[str] = ()) -> None:
    """All notes, then those that the rules were written with and those that nobody looked at, apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="list what differs, note by note")
    parser.add_argument("--only", help="one note")
    parser.add_argument("--split", choices=("train", "valid"), help="one of the two parts of the notes")
    options = parser.parse_args(arguments)
    store = open_default()
    entries = gold()
    start = time.process_time()
    suggest("ASSESSMENT\n1. Hypertension.", store, visit_of(entries[0]))
    print(f"first note, cold: {time.process_time() - start:.2f} CPU s")
    if options.only:
        measure([each for each in entries if each["id"] == options.only], store, options.only, options.show)
        return
    if not options.split:
        measure(entries, store, "all", options.show)
    for split in (options.split,) if options.split else ("train", "valid"):
        measure([each for each in entries if each["split"] == split], store, split, options.show)


if __name__ == "__main__":
    main(sys.argv[1:])
