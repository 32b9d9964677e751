"""The E/M levels of the coded visit notes of the shared data, against those of certified coders."""

from collections.abc import Iterator
from typing import Any

import pytest
from bench.coding import NOTES, gold, visit_of
from tests.codesets import embedded_store

from superbill.coding.suggest.engine import suggest
from superbill.coding.suggest.model import Visits

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not NOTES.is_dir(), reason="the coded visit notes of the shared data are not here"),
]


@pytest.fixture(scope="module")
def levels() -> list[tuple[dict[str, Any], Visits]]:
    return list(_levels())


def _levels() -> Iterator[tuple[dict[str, Any], Visits]]:
    for entry in gold():
        found = suggest(entry["text"], embedded_store(), visit_of(entry)).em
        assert found is not None
        yield entry, found


def accepted(entry: dict[str, Any]) -> set[str]:
    """The gold code, and its twin of the other family where new or established can't be told."""
    code = entry["em"]["code"]
    twin = ("9920" if code.startswith("9921") else "9921") + code[-1]
    return {code, twin} if entry["em"].get("patient_alt") else {code}


def test_four_of_five_levels_are_the_coders(levels):
    right = sum(found.code in accepted(entry) for entry, found in levels)
    assert right / len(levels) >= 0.8


def test_hardly_a_level_is_off_by_more_than_one(levels):
    near = sum(
        any(found.code[:4] == code[:4] and abs(int(found.code[-1]) - int(code[-1])) <= 1 for code in accepted(entry))
        for entry, found in levels
    )
    assert near / len(levels) >= 0.97


def test_nine_of_ten_ranges_hold_the_coders_level(levels):
    held = sum(any(found.low <= code <= found.high for code in accepted(entry)) for entry, found in levels)
    assert held / len(levels) >= 0.9


def test_what_is_counted_stands_in_the_note(levels):
    for entry, found in levels:
        for column in (found.problems, found.data, found.risk):
            for each in column.counted:
                assert entry["text"][each.evidence.start : each.evidence.end] == each.evidence.text != ""
