"""An edit of a claim: texts in, a claim out; two edits laid side by side; what a list is asked; X12 by name."""

from datetime import date

import pytest
from tests.app_samples import claim
from tests.claim_kind_samples import DENTAL, INPATIENT

from superbill.app.web.claims.asking import USUAL, asked_of
from superbill.app.web.claims.drawing import sheets
from superbill.app.web.claims.editing import changes, edited, merged, texts_of
from superbill.app.web.claims.forms import together
from superbill.app.web.claims.segments import shown_lines
from superbill.claims.model import Diagnosis, Provider
from superbill.claims.parties import Person
from superbill.findings import Finding, Severity, header, line

KNOWN = {"1999999026": Provider(person=Person("Vasterling", "Ingrid"), npi="1999999026", taxonomy="207Q00000X")}


def after(one, **changed):
    """The claim with some texts changed ("line2_units" is line2.units), and what can't be read."""
    told = {name.replace("_", ".", 1) if name.startswith("line") else name: text for name, text in changed.items()}
    return edited(one, {**texts_of(one), **told}, KNOWN)


def test_texts_that_nobody_touched_change_nothing():
    one = claim("A1")
    assert edited(one, texts_of(one), KNOWN) == (one, {})


@pytest.mark.parametrize(
    ("field", "text", "read"),
    [
        ("member_id", "XB-7", lambda now: now.subscriber.member_id),
        ("insured_born", "03/06/1970", lambda now: f"{now.subscriber.birth_date:%m/%d/%Y}"),
        ("line2_units", "3", lambda now: str(now.lines[1].units)),
        ("line1_modifiers", "25 59", lambda now: " ".join(now.lines[0].procedure.modifiers)),
        ("rendering", "1999999026", lambda now: now.rendering.npi),
        ("referring_last", "Osei", lambda now: now.referring.person.last),
        ("line1_ndc", "00641036725", lambda now: now.lines[0].drug.ndc),
        ("prior_authorization", "PA9", lambda now: now.prior_authorization),
    ],
)
def test_a_field_says_what_the_claim_says_then(field, text, read):
    now, wrong = after(claim("A1"), **{field: text})
    assert (read(now), wrong) == (text, {})


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("insured_born", "31/12/1970"), ("line1_units", "many"), ("line1_units", "-1"), ("line1_pointers", "A"),
        ("rendering", "1234567890"), ("state", "Illinois"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_at_its_field(field, text):
    _now, wrong = after(claim("A1"), **{field: text})
    assert list(wrong) == [field.replace("_", ".", 1) if field.startswith("line") else field]


def test_what_no_claim_can_say_is_refused_and_changes_nothing():
    one = claim("A1")
    now, wrong = after(one, patient_sex="X")
    assert now == one
    assert wrong


def test_a_cleared_diagnosis_closes_up_and_pointers_move_along():
    one, _ = after(claim("A1"), dx2="E11.9", dx3="Z79.84", line1_pointers="1 2 3", line2_pointers="3")
    now, wrong = after(one, dx2="")
    assert wrong == {}
    assert now.diagnoses == (Diagnosis("I10"), Diagnosis("Z7984"))
    assert [each.diagnosis_pointers for each in now.lines] == [(1, 2), (2,)]


def test_an_edit_tells_what_it_changes_and_nothing_else():
    one = claim("A1")
    now, _ = after(one, member_id="XB7", line2_units="2")
    assert [(each.before, each.after) for each in changes(one, now)] == [("M1", "XB7"), ("1", "2")]


def test_of_two_edits_only_what_both_changed_is_asked():
    one = claim("A1")
    base = texts_of(one)
    theirs = {**base, "member_id": "T", "group_number": "G", "note": "same"}
    mine = {**base, "member_id": "M", "prior_authorization": "P", "note": "same"}
    told = {
        each.name: (each.base, each.theirs, each.mine, each.open, each.chosen)
        for each in merged(one, base, theirs, mine)
    }
    assert told["member_id"] == ("M1", "T", "M", True, "")
    assert told["group_number"][3:] == (False, "theirs")
    assert told["prior_authorization"][3:] == (False, "mine")
    assert told["note"][1:3] == ("same", "same")
    assert len(told) == 4


def test_an_address_asks_what_it_says_and_nonsense_asks_nothing():
    given = {"state": "held", "age": "30", "low": "$1,200.50", "start": "11/02/2026", "sort": "-charge", "rule": "a.b"}
    what = asked_of(given)
    assert (what.states, what.age, what.low, what.start) == (("held",), 30, 120050, date(2026, 11, 2))
    assert asked_of(dict(pair.split("=") for pair in what.address().replace("%2F", "/").split("&"))) == what
    assert asked_of({"state": "x", "age": "-1", "low": "much", "start": "soon", "sort": "doc"}).address() == ""
    assert asked_of({}).sort == USUAL


def test_a_finding_stands_in_its_box_of_the_form():
    found = Finding(rule="x.y", severity=Severity.ERROR, where=line(2, "units"), message="Too many.")
    (sheet,) = sheets(claim("A1"), [found])
    (mark,) = sheet.marks
    units = next(box for box in sheet.boxes if box.box == "G")
    assert (mark.x, mark.width, mark.said, mark.tone) == (units.x, units.width, "Too many.", "trouble")
    charge = next(text for text in sheet.texts if text.text == "30 00")
    assert mark.y < charge.y < mark.y + mark.height


def marked(one, *places):
    found = [Finding(rule="x.y", severity=Severity.WARNING, where=place, message="Look.") for place in places]
    (sheet,) = sheets(one, found)
    named = [one for one in sheet.boxes if one.box]
    return [
        next(each.box for each in named if (each.x, each.width) == (mark.x, mark.width) and each.y in (mark.y, head))
        for mark, head in ((mark, max(each.y for each in named if each.y <= mark.y)) for mark in sheet.marks)
    ]


def test_a_finding_about_several_boxes_stands_in_each_and_one_about_a_part_in_that():
    assert marked(INPATIENT, header("institutional.values")) == ["39", "40", "41"]
    assert marked(DENTAL, line(1, "dental.teeth")) == ["27", "28"]
    (sheet,) = sheets(
        claim("A1"), [Finding(rule="x", severity=Severity.ERROR, where=header("accident.state"), message="?")]
    )
    (mark,) = sheet.marks
    (auto,) = [box for box in sheet.boxes if box.box == "b" and box.caption.startswith("Auto")]
    assert (mark.x, mark.y) == (auto.x, auto.y)


@pytest.mark.parametrize("one", [claim("A1"), INPATIENT, DENTAL], ids=["CMS-1500", "UB-04", "dental"])
def test_the_drawn_form_holds_every_value_that_the_printed_one_has_in_its_box(one):
    (sheet,) = sheets(one, ())
    assert one.patient.person.last.upper() in " ".join(text.text for text in sheet.texts).upper()
    for text in sheet.texts:
        assert 0 < text.x < text.x + text.width < sheet.width
        assert any(
            box.y <= text.y <= box.y + box.height and box.x - 1 <= text.x <= box.x + box.width for box in sheet.boxes
        )


def test_what_does_not_fit_is_said_once_for_all_its_lines():
    cut = [
        Finding(
            rule="x", severity=Severity.WARNING, where=header("x"), message=f"item {item}: 46 characters do not fit."
        )
        for item in ("30.1", "30.2", "2")
    ]
    assert [one.message for one in together(cut)] == [
        "2 lines, item 30: 46 characters do not fit.", "item 2: 46 characters do not fit.",
    ]  # fmt: skip


def test_what_is_no_x12_is_shown_as_the_text_it_is():
    assert [one.raw for one in shown_lines(b"Dear biller,\nno file today.")] == ["Dear biller,", "no file today."]
