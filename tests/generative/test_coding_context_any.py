"""Context and attributes of any text: nothing raises, spans lie in the text, sections don't touch each other."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.coding_mentions import CODES, flags, read

from superbill.coding.reading.model import AXES

WORDS = st.sampled_from(
    ("no", "denies", "possible", "vs", "history of", "resolved", "if", "mother", "who", "but", "due to", "right",
     "left", "acute", "chronic", "stage", "3", "2014", "years ago", "without", "with", "and", "or", ",", ";", ":", "(",
     ")", "?", "[ ]", "(-)", ".", "\n", "\nASSESSMENT:\n", "\nFAMILY HISTORY:\n", "1. ", "34 weeks", "’s", "-induced",
     "is", *CODES)
)  # fmt: skip
ASIDES = st.lists(st.sampled_from(("Denies fever.", "Possible gout.", "Mother has asthma.", "If rash, return.")))
NOTES = st.lists(WORDS, max_size=40).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(NOTES | st.text(max_size=200))
def test_spans_lie_in_the_text_and_axes_are_known(text):
    _, found = read(text)
    for mention in found.values():
        assert all(0 <= start < end <= len(text) for start, end in mention.cues)
        assert all(each.axis in AXES and 0 <= each.start <= each.end <= len(text) for each in mention.attributes)
        assert all(text[each.start : each.end].strip() for each in mention.attributes if each.axis != "status")


@settings(max_examples=100, deadline=None)
@given(NOTES)
def test_a_reading_is_the_same_twice(text):
    assert read(text) == read(text)


@settings(max_examples=100, deadline=None)
@given(ASIDES)
def test_another_section_changes_no_flag(others):
    assessment = "ASSESSMENT:\nPneumonia, not angina, possible anemia, history of stroke.\n"
    _, alone = read(assessment)
    _, among = read("HPI:\n" + " ".join(others) + "\n" + assessment)
    names = ("pneumonia", "angina", "anemia", "stroke")
    assert [flags(among[name]) for name in names] == [flags(alone[name]) for name in names]
