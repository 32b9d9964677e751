"""The guidelines over the codes that two readers agreed on: no error, and few questions."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.codesets import APRIL, embedded_book

from superbill.codesets.icd10cm.schema import undotted
from superbill.coding.checks.guidelines import guidelines
from superbill.coding.checks.model import Coded, Context
from superbill.findings import Finding, Severity

NOTES = Path(__file__).resolve().parents[3] / "shared" / "data" / "notes"
MOST_WARNINGS = 9


def one_of_each_group(entries: list[dict[str, Any]]) -> tuple[str, ...]:
    """The codes of a note in sequence; of equally good alternatives the first."""
    seen: set[str] = set()
    codes: dict[str, None] = {}
    for entry in entries:
        group = entry.get("alt")
        if group not in seen:
            codes[entry["code"]] = None
        if group:
            seen.add(group)
    return tuple(codes)


def found(note: dict[str, Any]) -> list[Finding]:
    years = note["age"].removesuffix(".0")
    coded = Coded(
        diagnoses=one_of_each_group(note["icd10cm"]),
        on=APRIL,
        born=date(APRIL.year - int(years), 1, 1) if years.isdigit() else None,
        sex=note["sex"].strip(),
        note=(NOTES / "notes" / f"{note['id']}.txt").read_text(),
    )
    return list(guidelines(Context(coded, tuple(map(undotted, coded.diagnoses)), embedded_book())))


@pytest.mark.shared_data
@pytest.mark.skipif(not NOTES.exists(), reason="needs the shared notes")
def test_gold_codes_are_seldom_questioned() -> None:
    every = [each for line in (NOTES / "gold.jsonl").read_text().splitlines() for each in found(json.loads(line))]
    assert [str(each) for each in every if each.severity is Severity.ERROR] == []
    warnings = [f"{each.rule}: {each}" for each in every if each.severity is Severity.WARNING]
    assert len(warnings) <= MOST_WARNINGS, warnings
