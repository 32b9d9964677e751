"""The E/M worksheet: what the coder leaves out, counts or adds changes the level by the grid's own rules."""

import pytest
from tests.app_samples import AT

from superbill.app.coding.draft import Counting, Draft, Line
from superbill.app.coding.edits import BadEdit, Edit, applied
from superbill.app.coding.levels import levelled
from superbill.app.web.coding.marks import Span, marked
from superbill.chart.model import EncounterRecord, Note
from superbill.coding.model import Evidence
from superbill.coding.suggest.model import Column, Counted, Visits

STABLE = Counted(element="stable chronic illness", level="low", evidence=Evidence("n", "gout", 0, 4))
WORSE = Counted(
    element="chronic illness that is worse, not at its goal, or with side effects", level="moderate",
    evidence=Evidence("n", "CKD", 10, 13),
)  # fmt: skip
DRUG = Counted(
    element="prescription drug management", level="moderate", evidence=Evidence("n", "metformin", 20, 29),
    note="possible, not counted",
)  # fmt: skip
READ = Visits(
    code="99213", low="99213", high="99214", family="office", patient="established", basis="mdm", mdm="low",
    problems=Column(level="moderate", counted=(STABLE, WORSE)), data=Column(level="straightforward"),
    risk=Column(level="low", counted=(DRUG,)),
)  # fmt: skip


def level(**changed):
    sheet = levelled(READ, Counting(**changed))
    return sheet.code, sheet.mdm


def test_without_a_change_the_level_is_as_it_was_read():
    assert level() == ("99213", "low")


@pytest.mark.parametrize(
    ("changed", "gives"),
    [
        ({"counted": {"risk:0": "renewed today"}}, ("99214", "moderate")),
        ({"added": {"risk:prescription": "renewed today"}}, ("99214", "moderate")),
        ({"left_out": {"problems:1": "at goal"}}, ("99212", "straightforward")),
        ({"minutes": 31}, ("99214", "straightforward")),
        ({"minutes": 5}, ("99212", "straightforward")),
        ({"patient": "new", "minutes": 31}, ("99203", "straightforward")),
    ],
)
def test_each_change_moves_the_level_by_the_grid_or_by_time(changed, gives):
    assert level(**changed) == gives


def test_a_change_needs_a_reason_and_the_billed_code_follows():
    line = Line(key="s1", kind="sv", system="CPT", code="99213", level=True)
    draft = Draft(lines=(line,), em=READ)
    with pytest.raises(BadEdit, match="Say why"):
        applied(draft, Edit(do="count", value="risk:0"))
    after = applied(draft, Edit(do="count", value="risk:0", reason="renewed today"))
    assert (after.lines[0].code, after.lines[0].reason) == ("99214", "renewed today")
    assert applied(after, Edit(do="count", value="risk:0", reason="x")).lines[0].code == "99213"


def test_overlapping_evidence_is_marked_for_every_code_and_the_text_is_escaped():
    text = "a <b>CKD & HTN</b>"
    record = EncounterRecord(id="e", start=AT, notes=(Note(id="1", text=text), Note(id="2", text="HTN")))
    found = [Span(5, 14, "d1", "1"), Span(11, 14, "d2", "2"), Span(20, 23, "d3", "3")]
    first, second = marked(record, found)
    assert "<b>" not in first.html
    assert '<mark id="e5" class="ev" data-codes="d1">CKD &amp; </mark>' in first.html
    assert 'id="e11" class="ev" data-codes="d1 d2">HTN</mark>' in first.html
    assert 'data-codes="d3">HTN</mark>' in second.html
