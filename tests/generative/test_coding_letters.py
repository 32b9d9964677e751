"""What a pattern needs is in every text that it matches, so that no pattern is left out that would have matched."""

import re
from itertools import chain

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from superbill.coding.reading import mechanisms
from superbill.coding.reading.letters import Letters, needed
from superbill.coding.suggest import aftercare, combine, companions, encounters

TABLES = {
    "encounters": [row[1] for row in encounters._reasons()],
    "companions": [row[1] for row in companions._table()],
    "aftercare": [pattern for _, pattern in aftercare._OPERATIONS],
    "mechanisms": [pattern for kind in mechanisms._compiled()[1] for _, pattern in kind],
    "combinations": [
        combine._compiled(rule.said)
        for package, name in (("suggest.data", "refinements"), ("suggest.data", "combinations"))
        for rule in combine._rules(f"superbill.coding.{package}", f"{name}.yaml")
        if rule.said
    ],
}
EVERY = list(chain(*TABLES.values()))


@settings(max_examples=400)
@given(st.data())
def test_what_a_pattern_of_the_tables_matches_it_is_allowed_to(data):
    pattern = data.draw(st.sampled_from(EVERY))
    said = data.draw(st.from_regex(pattern))
    assume(pattern.search(said))
    assert Letters(f"Seen today. {said} Plan: rest.").allow(pattern)


@pytest.mark.parametrize("name", TABLES)
def test_a_note_that_speaks_of_nothing_of_a_table_is_spared_its_patterns(name):
    letters = Letters("Lunch was soup.")
    spared = sum(not letters.allow(pattern) for pattern in TABLES[name])
    assert spared > 0.8 * len(TABLES[name])


@pytest.mark.parametrize(
    "pattern, text",
    [
        (r"\bpre-?op(?:erative)?\b", "PREOP visit"),
        (r"colou?r", "color"),
        (r"(?:a|bc){0,2}def", "def"),
        (r"knee(?= pain)|hip", "knee pain"),
        (r"(?<!no )fever{1,2}", "feverr"),
        (r"[abc]]xyz", "b]xyz"),
        (r"x{0}why", "why"),
        (r"this?", "thiſ"),
        (r"insulin", "İNSULıN"),
        (r"kelvin|\d", "\u212aelvin"),
    ],
)
def test_what_matches_is_allowed_however_it_is_written(pattern, text):
    compiled = re.compile(pattern, re.IGNORECASE)
    assert compiled.search(text)
    assert Letters(text).allow(compiled)


@pytest.mark.parametrize("pattern", [r"(a)\1", r"(?#remark)a", "a)", "[ab", r"\x41"])
def test_a_pattern_of_another_syntax_is_refused(pattern):
    with pytest.raises(ValueError, match="in a pattern"):
        needed(pattern)
