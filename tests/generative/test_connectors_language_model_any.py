"""Whatever a note holds and whatever a language model answers: nothing is lost, nothing is added."""

from datetime import date
from itertools import pairwise
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from superbill.coding.model import Evidence
from superbill.coding.suggest.model import SuggestedCode, Suggestion, Visit
from superbill.connectors.language_model import Settings, review
from superbill.connectors.language_model.answer import Unreadable, read
from superbill.connectors.language_model.question import question
from superbill.connectors.language_model.redact import identifiers, redacted

ENDPOINT = Settings(url="http://127.0.0.1:1/v1", model="m")
ASK = "superbill.connectors.language_model.review.ask"
CODES = ("E11.9", "I10")
NOTE = "Diabetes and hypertension."
SUGGESTION = Suggestion(
    visit=Visit(on=date(2026, 5, 1)),
    release="r",
    diagnoses=tuple(
        SuggestedCode(system="ICD-10-CM", code=each, evidence=(Evidence("n", NOTE, 0, 8),)) for each in CODES
    ),
)

OPINION = st.fixed_dictionaries(
    {
        "code": st.sampled_from((*CODES, "I21.3", "")) | st.text(max_size=12),
        "verdict": st.sampled_from(("supported", "unsupported", "unclear", "yes")),
        "confidence": st.floats(0, 1) | st.integers(-1, 2),
    },
    optional={"reason": st.text(max_size=50), "evidence": st.text(max_size=5)},
)


def answered(codes: list[dict[str, object]]) -> bytes:
    content = msgspec.json.encode({"codes": codes}).decode()
    return msgspec.json.encode({"choices": [{"message": {"content": content}}]})


ANSWER = st.builds(answered, st.lists(OPINION, max_size=5))


@given(ANSWER | st.binary(max_size=200))
def test_the_codes_their_evidence_and_their_order_stay(body):
    with patch(ASK, return_value=body):
        result = review(SUGGESTION, NOTE, ENDPOINT)
    assert [each.code for each in result.diagnoses] == list(CODES)
    assert [each.evidence for each in result.diagnoses] == [each.evidence for each in SUGGESTION.diagnoses]
    assert all(0.0 <= each.score <= 1.0 for each in result.diagnoses)
    if any(each.rule.endswith(".no-answer") for each in result.findings):
        assert replace(result, findings=()) == SUGGESTION


@given(st.binary(max_size=300))
def test_bytes_are_an_answer_or_unreadable_and_are_not_repeated(body):
    try:
        read(body)
    except Unreadable as error:
        assert str(error) in (
            "its response is no chat completion",
            "its answer doesn't keep to the schema that it was given",
        )


@given(st.text(max_size=300), st.integers(-5, 400), st.integers(-5, 400))
def test_any_note_and_any_span_can_be_asked_about(text, start, end):
    code = SuggestedCode(system="ICD-10-CM", code="I10", evidence=(Evidence("n", "words", start, end),))
    asked = replace(SUGGESTION, diagnoses=(code,))
    for send in ("evidence", "note"):
        msgspec.json.decode(question(asked, text, "m", send))


PIECES = st.sampled_from(
    (
        "Dr. Miller ",
        "5/6/2024 ",
        "555-123-4567 ",
        "MRN 445566 ",
        "12 Oak Street ",
        "pain. ",
        "A1c 8.2 ",
        "\n",
        "a@b.org ",
    )
)


@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=200))
def test_identifiers_are_spans_in_order_and_none_is_left(text):
    found = identifiers(text)
    assert all(0 <= start < end <= len(text) for start, end, _ in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
    for private in ("Miller", "555-123", "445566", "a@b.org", "5/6/2024"):
        assert private not in redacted(text)


@pytest.mark.parametrize(
    "piece", ["ID ", "ID" + " " * 50, "Dr. A", "1 ", "1 Aa ", "a.", "a@", "12-", "Mar ", "5 ", "(", "9"], ids=repr
)
def test_a_long_text_of_one_kind_comes_to_an_end(piece):
    assert len(redacted(piece * (100_000 // len(piece)))) > 0
