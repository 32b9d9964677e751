"""Notes that are no notes: E/M answers each, and none takes long because it is long."""

from datetime import date

import pytest

from superbill.coding.em.level import level
from superbill.coding.reading.model import Mention, Reading
from superbill.coding.reading.scan import tokens
from superbill.coding.reading.sections import sections
from superbill.coding.reading.sentences import outline
from superbill.coding.suggest.model import Visit

VISIT = Visit(on=date(2026, 5, 1))


def reading(text: str) -> Reading:
    """Read without a dictionary, every word of the assessment's a condition, to make as many problems as can be."""
    taken = outline(text, sections(text))
    words = tuple(tokens(text, each.start, each.end) for each in taken.sentences)
    mentions = tuple(
        Mention(
            start=each.start, end=each.end, what="problem", name=each.word, codes=(f"E{10 + n % 80}.9",), sentence=place
        )
        for place, said in enumerate(words)
        for n, each in enumerate(said)
        if each.word.endswith("osis")
    )
    return Reading(taken, words, mentions)


@pytest.mark.parametrize("text", ["", " \n\t", "\x00\x01\x02", "HPI:\nPLAN:\n", "....", "12 34 56", "9" * 100_000])
def test_a_note_that_tells_nothing_has_no_visit(text):
    assert level(reading(text), VISIT, (), ()) is None


@pytest.mark.parametrize(
    "text", ["Le patient va bien.", "高血圧は安定しています。 ok", "<html><b>Plan</b></html>", "Plan: ]]>{}%s\\"]
)
def test_a_note_in_which_nothing_is_understood_supports_the_least(text):
    found = level(reading(text), VISIT, (), ())
    assert found is None or found.mdm == "straightforward"


@pytest.mark.parametrize(
    "piece",
    [
        "1. Fibrosis worse, start lisinopril 10 mg, CBC ordered.\n",
        "fibrosis, sclerosis and stenosis. ",
        "if if if no not ",
        "total time 45 minutes ",
        "discussed with ",
        "x ray of the knee ",
    ],
)
def test_a_long_note_is_answered(piece):
    text = "Assessment and Plan:\n" + piece * (120_000 // len(piece))
    found = level(reading(text), VISIT, (), ())
    assert found is not None and found.code in {"99212", "99213", "99214", "99215"}
    assert len(found.problems.counted) < 500
