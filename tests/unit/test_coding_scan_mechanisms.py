"""How an injury came about, and the words of a sentence that are looked up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.codesets import embedded_book

from superbill.coding.reading import mechanisms, scan, sections, sentences
from superbill.coding.reading.model import Mention


def told(text: str, scanned: tuple[Mention, ...] = ()) -> list[Mention]:
    outline = sentences.outline(text, sections.sections(text))
    words = tuple(scan.tokens(text, each.start, each.end) for each in outline.sentences)
    return mechanisms.caused(outline, words, scanned)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("He fell off a ladder.", ["W11.XXXA"]),
        ("She fell down the stairs at home.", ["W10.9XXA"]),
        ("She slipped on a patch of ice and fell.", ["W00.0XXA"]),
        ("She tripped over her dog and fell.", ["W01.0XXA"]),
        ("He stepped off a curb and rolled his ankle.", ["W18.43XA"]),
        ("She stepped in a hole while jogging.", ["W18.42XA", "Y93.02"]),
        ("He was rear-ended on the highway.", ["V89.2XXA"]),
        ("The patient was in a motor vehicle accident.", ["V89.2XXA"]),
        ("She fell off her bike.", ["V18.0XXA"]),
        ("He was struck by a car.", ["V03.10XA"]),
        ("He dropped a hammer on his foot.", ["W20.8XXA"]),
        ("She slammed her finger in the car door.", ["W23.0XXA"]),
        ("He cut himself with a knife.", ["W26.0XXA"]),
        ("He was bitten by a neighbor's dog.", []),
        ("She was bitten by a stray dog.", ["W54.0XXA"]),
        ("It started after lifting heavy boxes.", ["X50.0XXA"]),
        ("Another player ran into her and she fell to the ground playing soccer.", ["W03.XXXA", "Y93.66"]),
        ("He was hit with the ball while playing softball.", ["W21.07XA", "Y93.64"]),
        ("He was shoveling snow.", ["Y93.H1"]),
        ("He fell.", []),
        ("He is running a fever and his nose is running low.", []),
        ("Her blood pressure runs high.", []),
    ],
)
def test_causes_and_activities_that_are_told(text: str, codes: list[str]) -> None:
    assert sorted(each.codes[0] for each in told(text)) == sorted(codes)


def test_every_external_cause_is_a_whole_code() -> None:
    book, table = embedded_book(), mechanisms.mechanisms()
    found = [(code, book.code(code)) for code in (*table.causes, *table.activities)]
    assert [code for code, known in found if known is None or not known.billable] == []


def test_a_vaguer_cause_of_the_dictionary_gives_way_but_not_another_condition() -> None:
    text = "She fell down the stairs and has a headache."
    vague = Mention(start=4, end=8, what="problem", name="fell", codes=("W19.XXXA",), sentence=0)
    other = Mention(start=35, end=43, what="problem", name="headache", codes=("R51.9",), sentence=0)
    assert [each.codes[0] for each in told(text, (vague, other))] == ["W10.9XXA", "R51.9"]


@given(st.text(alphabet="fell down the stairs on ice, dog bite. run 12 heavy\n;'", max_size=400))
def test_any_text_gives_spans_within_it(text: str) -> None:
    assert all(0 <= each.start < each.end <= len(text) for each in told(text))


@given(st.text(max_size=200))
def test_words_lie_where_they_are_said(text: str) -> None:
    for token in scan.tokens(text, 0, len(text)):
        assert text[token.start : token.end].casefold().startswith(token.word)
