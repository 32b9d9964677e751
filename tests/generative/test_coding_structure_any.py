"""What holds of every text: its sections tile it, its sentences lie in them in order, and reading never fails."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from superbill.chart.text.document import read_document
from superbill.coding.reading.copied import copied
from superbill.coding.reading.sections import sections
from superbill.coding.reading.sentences import outline
from superbill.coding.reading.vitals import of_outline

PIECES = st.sampled_from(
    [
        "ASSESSMENT",
        "Plan:",
        "A/P",
        "EXAM\n",
        "\n",
        "\r\n",
        "\n\n",
        "- ",
        "• ",
        "1. ",
        "2) ",
        "# ",
        "HTN",
        "Diabetes.",
        ": ",
        ". ",
        "BP ",
        "120/80",
        " | ",
        "\t",
        "The patient is well",
        "Dr. ",
        "A1c 7.5",
        "\x00",
        "\ud800",
        "\u2028",
        "a",
        "A",
        " ",
        "**",
        "Impression: ",
        "General: ",
        "Vitals:",
        "continue ",
        "of\n",
        "Lab",
        "(",
        ")",
        ";",
        "é",
        "中",
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=200))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("ASSESSMENT\nBP : ")
@example("words, and more words " * 200)
def test_every_text_is_taken_apart(text):
    found = sections(text)
    read = outline(text, found)
    assert [each.start for each in found] == [0, *(each.end for each in found[:-1])]
    assert found[-1].end == len(text)
    assert all(each.start <= each.body <= each.end for each in found)
    at = 0
    for each in read.sentences:
        section = found[each.section]
        assert at <= each.start < each.end <= section.end
        assert section.body <= each.start
        assert text[each.start : each.end].strip() == text[each.start : each.end]
        assert each.problem < len(read.problems)
        at = each.end
    for problem in read.problems:
        section = found[problem.section]
        assert section.body <= problem.start < problem.title_end <= problem.end <= section.end


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_measurements_lie_in_their_sentences(text):
    read = outline(text, sections(text))
    for each in of_outline(read):
        sentence = read.sentences[each.sentence]
        assert sentence.start <= each.start < each.end <= sentence.end
        assert text[each.start : each.end] == each.said


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_copied_spans_are_in_order_and_apart(text, earlier):
    spans = copied(text, earlier)
    assert all(start < end for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=200).map(lambda raw: b"{\\rtf1 " + raw),
        st.binary(max_size=200).map(lambda raw: b"<html>" + raw),
    )
)
def test_every_file_is_read_or_says_why_not(data):
    read = read_document(data, "x")
    assert read.text.strip() or read.findings or read.kind == "plain"
    assert "\r" not in read.text
    assert "\x00" not in read.text


@pytest.mark.parametrize(
    "piece", ["\n", ":", "-", ".", "a", " ", "A ", "Plan: x\n", "; ", "1. ", "\x00", "(", "\ud800", "|", "**"]
)
def test_much_of_anything_is_read(piece):
    text = piece * (200_000 // len(piece))
    assert sections(text)[-1].end == len(text)
    assert outline(text, sections(text)).text == text
