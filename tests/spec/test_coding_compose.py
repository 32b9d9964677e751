"""What is composed of head and site: phrases (coding_compose.yaml), and what a person may count on in a note."""

from functools import cache
from pathlib import Path

import msgspec
import pytest
from tests.codesets import embedded_book

from superbill.coding.reading import compose, scan, sections, sentences
from superbill.coding.reading.heads import filled, heads
from superbill.coding.reading.model import Mention
from superbill.coding.reading.sites import vocabulary, words_table

PHRASES = Path(__file__).with_name("coding_compose.yaml")


@cache
def phrases() -> dict[str, list[str]]:
    return msgspec.yaml.decode(PHRASES.read_bytes(), type=dict[str, list[str]])


def composed(text: str, scanned: tuple[Mention, ...] = ()) -> list[Mention]:
    outline = sentences.outline(text, sections.sections(text))
    words = tuple(scan.tokens(text, each.start, each.end) for each in outline.sentences)
    return compose.composed(outline, words, scanned)


def said(mention: Mention) -> str:
    return f"{mention.codes[0]} {mention.value('side') or '-'} {mention.value('site') or '-'}"


@pytest.mark.parametrize("phrase", phrases())
def test_a_phrase_is_composed(phrase: str) -> None:
    assert [said(each) for each in composed(phrase)] == phrases()[phrase]


def test_every_expected_code_is_in_the_book() -> None:
    book = embedded_book()
    codes = {each.split()[0] for expected in phrases().values() for each in expected}
    assert [code for code in sorted(codes) if book.code(code) is None] == []


@pytest.mark.parametrize("name", sorted(heads()))
def test_every_row_leads_into_the_book_whatever_the_side(name: str) -> None:
    book, head = embedded_book(), heads()[name]
    unknown = set()
    for other in (head, *(heads()[each] for each in head.like.split())):
        fill = {**other.fill, **head.fill}
        for needed, code in other.rows.items():
            for side in (set(), {"right"}, {"left"}):
                for more in (set(), {"nondisplaced"}, {"foreign-body"}, {"second-degree"}, {"stage-2"}):
                    made = filled(code.rstrip("X"), fill, frozenset({*needed.split(), *side, *more}))
                    unknown |= {made} if book.code(made) is None else set()
    assert unknown == set()


def test_every_word_of_a_row_can_be_said() -> None:
    known = vocabulary()
    sayable = {each for every in known.phrases.values() for _, _, ids in every for each in ids}
    sayable |= {*known.parent, *words_table().parts, "right", "left", "bilateral"}
    sayable |= {f"{region}{level}" for region in "ctls" for level in range(1, 13)}
    assert {each for head in heads().values() for row in head.rows for each in row.split()} <= sayable


@pytest.mark.parametrize(
    "text",
    ["His body mass index is 31.", "Pain management was discussed.", "He came back today.", "Burning with urination.",
     "She cut back on salt.", "2 puffs twice a day.", "On the other hand he sleeps well."],
)  # fmt: skip
def test_words_that_only_look_like_it_compose_nothing(text: str) -> None:
    assert [each for each in composed(text) if each.value("site")] == []


def test_the_site_of_a_title_comes_from_the_chief_complaint() -> None:
    note = "CHIEF COMPLAINT\n\nRight ankle pain.\n\nASSESSMENT\n\n1. Sprain.\n"
    found = composed(note)[-1]
    assert said(found) == "S93.40 right ankle"
    site = next(each for each in found.attributes if each.axis == "site")
    assert note[site.start : site.end] == "Right ankle"


def test_the_site_of_a_finding_comes_from_the_label_of_its_line() -> None:
    assert said(composed("EXAM\n\nLeft knee: Moderate effusion.\n")[-1]) == "M25.46 left knee"


def test_a_side_said_elsewhere_is_taken_when_the_note_has_only_one() -> None:
    note = "HPI\n\nShe fell on her right wrist.\n\nASSESSMENT\n\n1. Wrist sprain.\n"
    assert composed(note)[-1].value("side") == "right"
    assert composed(note.replace("fell on her", "fell on her left wrist and her"))[-1].value("side") == ""


def test_details_of_an_injury_come_from_where_the_note_says_more_of_it() -> None:
    note = (
        "RESULTS\n\nX-ray: {}extra-articular fracture of the left distal radius.\n\n"
        "ASSESSMENT\n\n1. Distal radius fracture, left wrist.\n"
    )
    assert composed(note.format(""))[-1].codes == ("S52.55",)
    assert composed(note.format("No "))[-1].codes == ("S52.502",)


def test_a_whole_limb_is_its_one_part_that_the_examination_names() -> None:
    note = "EXAM\n\nBruising of the right thigh.\n\nASSESSMENT\n\n1. Right leg contusion.\n"
    assert composed(note)[-1].codes == ("S70.1",)


def test_a_term_that_says_more_stands_and_one_that_says_no_more_gives_way() -> None:
    text = "Right knee pain."
    same = Mention(start=6, end=15, what="problem", name="knee pain", codes=("M25.569",), sentence=0)
    assert [each.name for each in composed(text, (same,))] == ["pain knee"]
    text = "Right complex regional knee pain."
    more = Mention(start=6, end=32, what="problem", name="regional", codes=("G90.5",), sentence=0)
    assert composed(text, (more,)) == [more]


def test_spans_lie_in_the_text_and_follow_each_other() -> None:
    text = " ".join(f"{phrase}." for phrase in phrases())
    found = composed(text)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert [each.start for each in found] == sorted(each.start for each in found)
