"""Notes that are none, and notes that mean harm: a clear answer, soon, and never an error."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.codesets import APRIL, embedded_store

from superbill.coding.suggest.engine import suggest
from superbill.coding.suggest.model import Visit
from superbill.coding.suggest.nothing import CROWDED, LONGEST

VISIT = Visit(on=APRIL, age=50)
NOTHING = {
    "empty": ("", "empty"),
    "blank": (" \n\n\t ", "empty"),
    "headings": ("ASSESSMENT\n\nPLAN\n\n", "headings"),
    "spanish": ("El paciente presenta dolor en el pecho y fiebre desde hace tres días. Neumonía.", "English"),
    "french": ("Le malade se plaint de maux de tête. Impression : migraine sans aura.", "English"),
    "denied": ("ASSESSMENT\nNo pneumonia. No fever.", "denied"),
    "not clinical": ("ASSESSMENT\nLunch was served by noon, with soup.", "no "),
    "too long": ("Hypertension. " * (LONGEST // 10), "Split it"),
    "crowded": ("pain\n" * (CROWDED + 1), "no note of one visit"),
}


@pytest.mark.parametrize("name", NOTHING)
def test_where_nothing_can_be_coded_the_answer_says_why(name):
    text, why = NOTHING[name]
    said = suggest(text, embedded_store(), VISIT)
    assert said.diagnoses == () and why in said.nothing


def test_a_note_that_contradicts_itself_is_coded_from_its_assessment_and_asked_about():
    text = "HISTORY OF PRESENT ILLNESS\nHe denies any cough.\n\nASSESSMENT\n1. Cough.\n"
    said = suggest(text, embedded_store(), VISIT)
    assert said.diagnoses and said.nothing == ""
    assert "coding.query.denied-and-assessed" in {query.rule for query in said.queries}


HOSTILE = {
    "commas": "pain," * 1_000, "one line": "Diabetes with neuropathy, hypertension, " * 100, "minus": "-" * 20_000,
    "empty problems": "1. x\n" * 3_000, "new lines": "\n" * 50_000, "no": "no " * 4_000, "colons": "A:" * 5_000,
    "numbers": "120/80 " * 2_000, "brackets": "((((" * 5_000, "null": "\x00" * 10_000,
    "lone surrogates": "\ud800" * 500,
    "sites": "right knee and left hip pain and " * 600, "fractures": "fracture of the distal radius " * 600,
    "problems": "ASSESSMENT AND PLAN\n" + "1. Right knee pain.\n- Medical Reasoning: sprain.\n" * 300,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_text_that_means_harm_is_read_to_its_end(name):
    said = suggest(HOSTILE[name], embedded_store(), VISIT)
    assert bool(said.diagnoses) != bool(said.nothing)


@settings(max_examples=60)
@given(st.text(max_size=400), st.sampled_from(["", "ASSESSMENT\n1. ", "HPI: ", "PLAN\n- "]))
def test_any_text_gives_codes_or_says_why_not(text, head):
    said = suggest(head + text, embedded_store(), VISIT)
    assert bool(said.diagnoses) != bool(said.nothing)
    for each in said.diagnoses:
        for evidence in each.evidence:
            assert (head + text)[evidence.start : evidence.end] == evidence.text
