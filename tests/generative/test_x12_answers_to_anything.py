"""Whatever is done to a claim file, its answers are valid files themselves."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies_parts import ENVELOPE
from tests.x12_valid import base, enveloped, written

from superbill.findings import Severity
from superbill.x12 import answers, claim_answers
from superbill.x12.documents import functional_999, interchange_ta1, status_277ca
from superbill.x12.errors import X12ReadError
from superbill.x12.inspection import inspect
from superbill.x12.render import render

TEXTS = st.one_of(
    st.text(alphabet="AZ09 .-:^>é\x1f", max_size=12),
    st.sampled_from(
        ["", "X" * 300, "9" * 40, "-1", "7", "20261399", "20270101-20260101", "1234567890", "1:2:3:4:5:6:7:8:9"]
    ),
)
SPOTS = st.integers(0, 10_000)
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("drop"), SPOTS, SPOTS, TEXTS),
        st.tuples(st.just("double"), SPOTS, SPOTS, TEXTS),
        st.tuples(st.just("swap"), SPOTS, SPOTS, TEXTS),
        st.tuples(st.just("element"), SPOTS, SPOTS, TEXTS),
    ),
    max_size=6,
)  # fmt: skip


def edited(key: str, edits: list[tuple[str, int, int, str]]) -> bytes:
    """A sound file with these edits, its ISA aside: without one there is no file."""
    isa, *lines = enveloped(key, base(key))
    for what, spot, other, text in edits:
        at, to = spot % len(lines), other % len(lines)
        if what == "drop" and len(lines) > 1:
            del lines[at]
        elif what == "double":
            lines.insert(to, lines[at])
        elif what == "swap":
            lines[at], lines[to] = lines[to], lines[at]
        elif what == "element":
            elements = lines[at].split("*")
            elements[other % len(elements)] = text
            lines[at] = "*".join(elements)
    return written([isa, *lines])


def prove(interchange) -> None:
    data = render([interchange])
    assert [str(each) for each in inspect(data).findings if each.severity is Severity.ERROR] == [], data.decode()


@pytest.mark.parametrize("key", claim_answers.KEYS)
@settings(max_examples=20, deadline=None)
@given(edits=EDITS)
def test_any_claim_file_has_valid_answers(key, edits):
    data = edited(key, edits)
    try:
        inspection = inspect(data)
    except X12ReadError:
        return
    prove(interchange_ta1.answer(answers.interchanges(inspection), ENVELOPE))
    for rejects in (answers.EVERYTHING, answers.FRONT_END, frozenset()):
        acknowledged = answers.functional(inspection, rejects)
        if acknowledged:
            prove(functional_999.answers(acknowledged, ENVELOPE))
        decided = claim_answers.claims(data, inspection, received=date(2026, 11, 3), rejects=rejects)
        if decided:
            prove(status_277ca.answers(decided, ENVELOPE))
        if rejects == answers.EVERYTHING:
            assert all(claim.action == "WQ" for each in decided for claim in each.claims)
