"""Short notes of many kinds of visit and the code that each supports (tests/spec/coding_em/notes.yaml)."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.codesets import embedded_store

from superbill.coding.suggest.engine import suggest
from superbill.coding.suggest.model import Visit, Visits

CASES = yaml.safe_load(Path(__file__).with_name("coding_em").joinpath("notes.yaml").read_text(encoding="utf-8"))


def service(case: dict[str, Any]) -> Visits:
    visit = Visit(
        on=date.fromisoformat(str(case.get("day", "2026-05-01"))), age=case.get("age"), kind=case.get("kind", ""),
        place_of_service=case.get("place", "11"), payer_kind=case.get("payer", ""),
        setting=case.get("setting", "outpatient"), new_patient=case.get("new"),
    )  # fmt: skip
    found = suggest(case["note"], embedded_store(), visit).em
    assert found is not None
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"].replace(" ", "-"))
def test_a_note_gives_the_visit_that_it_supports(case):
    found = service(case)
    wanted = {name: tuple(value) if isinstance(value, list) else value for name, value in case.items()}
    shown = {name: getattr(found, name) for name in ("code", "basis", "preventive", "also", "modifiers", "patient")}
    assert {name: value for name, value in shown.items() if name in wanted} == {
        name: value for name, value in wanted.items() if name in shown
    }
    if "range" in case:
        assert found.low <= case["range"] <= found.high
    if "missing" in case:
        assert any(case["missing"] in each for each in found.missing)
    for column in (found.problems, found.data, found.risk):
        for counted in column.counted:
            start, end = counted.evidence.start, counted.evidence.end
            assert start is not None and end is not None and case["note"][start:end] == counted.evidence.text != ""
