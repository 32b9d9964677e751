"""Whatever the elements and the words: more never gives less, and the range holds the code."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from superbill.coding.em import grid
from superbill.coding.em.grid import DATA, POSSIBLE, PROBABLE, PROBLEMS, RISK, SURE, Element
from superbill.coding.em.level import Grid, level
from superbill.coding.em.time import minutes_in
from superbill.coding.em.view import compiled, named
from superbill.coding.reading.model import Reading
from superbill.coding.reading.scan import tokens
from superbill.coding.reading.sections import sections
from superbill.coding.reading.sentences import outline
from superbill.coding.suggest.model import Visit

CERTAIN = st.sampled_from((SURE, PROBABLE, POSSIBLE))
UNIQUE = st.sampled_from(("", "a", "b", "c"))


def elements(kinds):
    one = st.builds(Element, st.sampled_from(sorted(kinds)), st.just(0), st.just(1), CERTAIN, UNIQUE)
    return st.lists(one, max_size=6)


@given(elements(PROBLEMS), elements(PROBLEMS))
def test_more_problems_never_lower_the_column(some, more):
    assert grid.rank(grid.problems(some + more)) >= grid.rank(grid.problems(some))


@given(elements(DATA), elements(DATA))
def test_more_data_never_lower_the_column(some, more):
    assert grid.rank(grid.data(some + more)) >= grid.rank(grid.data(some))


@given(elements(RISK), elements(RISK))
def test_more_decisions_never_lower_the_risk(some, more):
    assert grid.rank(grid.risk(some + more)) >= grid.rank(grid.risk(some))


@given(elements(PROBLEMS), elements(DATA), elements(RISK))
def test_what_is_sure_is_at_most_what_is_probable_is_at_most_what_is_possible(problems, data, risk):
    found = Grid(tuple(problems), tuple(data), tuple(risk))
    low, best, high = (grid.rank(found.decision(each)) for each in (SURE, PROBABLE, POSSIBLE))
    assert low <= best <= high


@given(
    st.permutations(
        [
            Element(kind, 0, 1, unique=name)
            for kind in ("minor", "stable chronic", "acute uncomplicated")
            for name in "ab"
        ]
    )
)
def test_the_order_of_elements_does_not_matter(shuffled):
    assert grid.problems(shuffled) == "moderate"


PIECES = st.sampled_from(
    (
        "HPI: ",
        "Assessment:\n",
        "Plan: ",
        "PLAN\n",
        "\n",
        "Hypertension",
        " stable. ",
        "Continue lisinopril 10 mg. ",
        "worse ",
        "CBC and CMP ordered. ",
        "I spent 45 minutes on the visit. ",
        "new patient ",
        "annual physical ",
        "critical care ",
        "if ",
        "no ",
        "referred by Dr. Lee. ",
        "Telehealth ",
        "discharged ",
        "12-year-old ",
        "é ",
        "999999 minutes ",
        "• ",
        "1. ",
    )
)
PLACES = st.sampled_from(("11", "21", "23", "31", "12", "10", "02", ""))
KINDS = st.sampled_from(("", "discharge", "critical care", "consultation", "telehealth", "something else"))


def read_plainly(text: str) -> Reading:
    """A reading without a dictionary: E/M must stand on the words alone."""
    taken = outline(text, sections(text))
    return Reading(taken, tuple(tokens(text, each.start, each.end) for each in taken.sentences), ())


@settings(max_examples=150, deadline=None)
@given(
    st.lists(PIECES, max_size=14).map("".join),
    PLACES,
    KINDS,
    st.sampled_from(("", "medicare")),
    st.dates(date(2019, 1, 1), date(2027, 1, 1)),
)
def test_any_note_gives_a_range_that_holds_its_code_and_spans_that_lie_in_it(text, place, kind, payer, on):
    visit = Visit(on=on, place_of_service=place, kind=kind, payer_kind=payer)
    found = level(read_plainly(text), visit, (), ())
    if found is None:
        return
    assert found.low <= found.code <= found.high or not found.code
    spans = [each.evidence for column in (found.problems, found.data, found.risk) for each in column.counted]
    spans += [*found.patient_evidence, *((found.time_evidence,) if found.time_evidence else ())]
    for each in spans:
        assert each.start is not None and each.end is not None
        assert text[each.start : each.end] == each.text != ""


@given(st.text(alphabet="0123456789 minuteshorand.-", max_size=60))
def test_minutes_are_read_where_they_stand(text):
    for minutes, start, end in minutes_in(text):
        assert 0 < minutes <= 600
        assert 0 <= start < end <= len(text)


@given(st.lists(st.sampled_from("abcd"), max_size=12))
def test_a_phrase_is_found_wherever_its_words_follow_each_other(words):
    text = " ".join(words)
    found = {(first, after) for first, after, _ in named(compiled({"x": ["a b|c d"]}), tokens(text, 0, len(text)))}
    assert found == {
        (at, at + 3) for at in range(len(words) - 2)
        if words[at] == "a" and words[at + 1] in "bc" and words[at + 2] == "d"
    }  # fmt: skip
