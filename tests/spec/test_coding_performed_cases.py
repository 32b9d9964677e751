"""Sentences of our own and the services that stand in them; a sentence with none says what must not be billed."""

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from superbill.coding.performed.find import LEAST, performed
from superbill.coding.reading import sections, sentences
from superbill.coding.reading.model import Reading
from superbill.coding.reading.scan import tokens
from superbill.coding.suggest.model import Visit

FOLDER = Path(__file__).parent / "coding_performed"


class Group(msgspec.Struct, forbid_unknown_fields=True):
    heading: str
    cases: list[tuple[str, str]]
    visit: dict[str, Any] = {}
    least: float = LEAST


def _cases() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for group in msgspec.yaml.decode(path.read_bytes(), type=list[Group]):
            for number, (text, wanted) in enumerate(group.cases):
                name = f"{path.stem}-{group.heading}-{number}-{text[:40]}"
                found.append(pytest.param(group, text, wanted, id=name))
    return found


def said(text: str, visit: Visit, least: float) -> list[str]:
    outline = sentences.outline(text, sections.sections(text))
    reading = Reading(outline, tuple(tokens(text, each.start, each.end) for each in outline.sentences), ())
    return [
        "-".join((each.code.code, *each.modifiers)) + (f"x{each.units}" if each.units != 1 else "")
        for each in performed(reading, visit, least=least)
    ]


@pytest.mark.parametrize("group, text, wanted", _cases())
def test_what_a_sentence_says_was_done(group, text, wanted):
    visit = Visit(on=date(2026, 5, 1), **group.visit)
    assert sorted(said(f"{group.heading}\n\n{text}\n", visit, group.least)) == sorted(wanted.split())
