"""The fields of the edit form: what nobody touched comes back as it was, each field changes only what it says, and
what can't be read is told at its field with what to write."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.claim_kind_samples import DENTAL, DOCTOR, INPATIENT
from tests.strategies_claims import claims
from tests.strategies_kinds import dental_claims, institutional_claims
from tests.x12_samples import CLAIM, DAY, HOME

from superbill.app.web.claims.boxes import A_PAGE, form_of, page_of
from superbill.app.web.claims.editing import anchor, changes, edited, given_texts, merged, spots, texts_of
from superbill.app.web.claims.fields import Column
from superbill.claims.dental import DentalLine
from superbill.claims.institutional import Occurrence
from superbill.claims.model import (
    Accident,
    Adjustment,
    Attachment,
    LineAdjudication,
    NationalDrug,
    Note,
    OtherInsurance,
    Payer,
    Procedure,
    Provider,
)
from superbill.claims.parties import Person
from superbill.findings import Finding, Severity, header, line

OTHER = Provider(person=Person("HILL", "IDA"), npi="1999999026", taxonomy="207Q00000X")
KNOWN = {DOCTOR.npi: DOCTOR, OTHER.npi: OTHER}
SECOND = OtherInsurance(
    subscriber=replace(CLAIM.subscriber, responsibility="S"), payer=Payer(name="SECOND PAYER", id="88888")
)
ANSWER = LineAdjudication(
    payer_id="88888", paid=50_00, procedure=Procedure("99213"), units=Decimal(1), adjustments=(
        Adjustment("CO", "45", 20_00), Adjustment("PR", "2", 5_00, Decimal(1)),
    ), paid_on=DAY.start,
)  # fmt: skip
CRASH = Accident(on=DAY.start, causes=("AA", "OA"), state="OH")
DRUG = NationalDrug("00641036725", DENTAL.lines[0].units)
PROFESSIONAL = replace(
    CLAIM,
    accident=CRASH,
    rendering=DOCTOR,
    pay_to=replace(CLAIM.billing, address=HOME),
    other_insurance=(SECOND,),
    attachments=(Attachment("OZ"),),
    notes=(Note("MED", "SOME DRUG; TWICE A DAY"),),
    lines=(replace(CLAIM.lines[0], drug=DRUG, adjudications=(ANSWER,)), *CLAIM.lines[1:]),
)
FACILITY = replace(
    INPATIENT, other_insurance=(SECOND,), lines=(INPATIENT.lines[0], replace(INPATIENT.lines[1], drug=DRUG))
)
SAMPLES = {"professional": PROFESSIONAL, "institutional": FACILITY, "dental": replace(DENTAL, accident=CRASH)}

WRITTEN = {
    "npi": "1234567804", "state": "KY", "two": "22", "one": "2", "hour": "05", "minute": "15", "revenue": "0450",
    "drg": "470", "reason": "97", "icd10": "J069", "pcs": "0DTJ4ZZ", "tooth": "19", "surfaces": "MOD",
    "phone": "5135550100",
}  # fmt: skip


def sent(claim, known=KNOWN, page=1, **changed):
    """The fields as a browser sends the form of this claim, a list cell by cell."""
    form = form_of(claim, texts_of(claim), known, wrong={}, found=(), began=texts_of(claim), page=page)
    boxes = [box for group in form.groups for box in group.boxes]
    boxes += [box for one in form.lines for box in (*one.boxes, *one.more)]
    found = {}
    for box in boxes:
        if not box.columns:
            found[box.name] = [box.value]
        for row in box.rows:
            for cell in row:
                found.setdefault(cell.name, []).append(cell.value)
    return {**found, **changed}


@settings(max_examples=9, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(claims(), institutional_claims(), dental_claims()))
def test_a_form_that_nobody_touched_saves_the_claim_as_it_was(claim):
    assert edited(claim, given_texts(claim, sent(claim, {})), {}) == (claim, {})


def written(cell, had):
    """Some other value of a field or of a cell."""
    if cell.options:
        return next((value for value in reversed(cell.options) if value and value != had), "")
    if cell.look == "day":
        return "02/03/2026"
    if cell.look == "n money":
        return "7.00"
    if cell.look == "n":
        return "7"
    if cell.name == "payer_id" and isinstance(cell, Column):
        return SECOND.payer.id
    if cell.look == "provider":
        return next(npi for npi in KNOWN if npi != had)
    return WRITTEN.get(cell.shape, "1 2" if cell.name == "pointers" else "ZZ"[: cell.most])


def changed_text(spot, had):
    field = spot.field
    if not field.columns:
        return written(field, had)
    return "; ".join(filter(None, [had, " · ".join(written(column, "") for column in field.columns)]))


@pytest.mark.parametrize("kind", SAMPLES)
def test_each_field_changed_alone_changes_only_that_and_can_be_taken_back(kind):
    claim = SAMPLES[kind]
    began, seen = texts_of(claim), 0
    for spot in spots(claim):
        if spot.name.startswith("dx") and int(spot.name[2:]) > len(claim.diagnoses) + 1:
            continue  # the next free one is the one that is filled
        if spot.field.place.startswith("drug.") and not began[spot.name.replace(spot.field.name, "ndc")]:
            continue  # a drug without its code is none
        if spot.field.name == "taken" and not began[spot.name]:
            continue  # only who paid a line took something off it
        text = changed_text(spot, began[spot.name])
        now, wrong = edited(claim, {**began, spot.name: text}, KNOWN)
        told = [(one.name, one.before, one.after) for one in changes(claim, now)]
        assert wrong == {}, (spot.name, text)
        if spot.field.look == "code npi":
            assert (spot.name, began[spot.name], text) in told
        else:
            assert told in ([(spot.name, began[spot.name], text)], [(spot.name, began[spot.name], f"{text}.00")])
        back, _ = edited(now, {**texts_of(now), spot.name: began[spot.name]}, KNOWN)
        assert back == claim, spot.name
        seen += 1
    assert seen > 80


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("occurrences", "11 · 03/01/2026; 18 · soon", "Row 2, Day: Write a day as MM/DD/YYYY."),
        ("occurrences", "11", "Row 1, Day: Write the day"),
        ("values", "80 · many", "Row 1, Amount: Write an amount"),
        ("conditions", "123", "Row 1, Code: At most 2"),
        ("diagnoses", "K8000 · Z", "Row 1, On admission: Choose"),
        ("admission_hour", "24", "00 to 23"),
        ("operating_npi", "12345", "ten digits"),
        ("line1.revenue_code", "45", "four digits"),
        ("line2.non_covered", "-1", "not below zero"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_to_write(name, text, says):
    now, wrong = edited(FACILITY, {**texts_of(FACILITY), name: text}, KNOWN)
    assert list(wrong) == [name]
    assert says in wrong[name]
    assert now == FACILITY


@pytest.mark.parametrize(("number", "surfaces"), [("33", "M"), ("U", "M"), ("14", "MM"), ("14", "X")])
def test_a_tooth_that_nobody_has_is_told(number, surfaces):
    _now, wrong = edited(DENTAL, {**texts_of(DENTAL), "line1.teeth": f"{number} · {surfaces}"}, KNOWN)
    assert list(wrong) == ["line1.teeth"]


def test_an_accident_is_whole_or_none():
    claim = replace(CLAIM, accident=None)
    began = texts_of(claim)
    assert list(edited(claim, {**began, "accident_auto": "Y"}, {})[1]) == ["accident_on"]
    assert list(edited(claim, {**began, "accident_on": "03/01/2026"}, {})[1]) == ["accident_auto"]
    whole = {"accident_auto": "Y", "accident_other": "Y", "accident_on": "03/02/2026", "accident_state": "oh"}
    now, wrong = edited(claim, {**began, **whole}, {})
    assert (now.accident, wrong) == (CRASH, {})
    none = dict.fromkeys(("accident_auto", "accident_other", "accident_on", "accident_state"), "")
    assert edited(now, {**texts_of(now), **none}, {}) == (claim, {})


def test_rows_of_a_list_are_added_removed_and_left_alone():
    posted = sent(FACILITY)
    posted["values.code"], posted["values.amount"] = ["01", "", "A1"], ["812.5", "", "9.50"]
    now, wrong = edited(FACILITY, given_texts(FACILITY, posted), KNOWN)
    assert wrong == {}
    assert [(one.code, str(one.amount)) for one in now.institutional.values] == [("01", "812.5"), ("A1", "9.50")]
    posted = sent(PROFESSIONAL)
    posted["notes.category"], posted["notes.text"] = ["MED", "DGN"], ["SOME DRUG, TWICE A DAY", "A REASON"]
    now, _ = edited(PROFESSIONAL, given_texts(PROFESSIONAL, posted), KNOWN)
    assert now.notes == (*PROFESSIONAL.notes, Note("DGN", "A REASON"))  # the first keeps its semicolon


def test_a_list_that_two_people_edited_is_chosen_as_a_whole():
    base = texts_of(FACILITY)
    theirs, mine = {**base, "occurrences": "11 · 03/01/2026; 18 · 03/02/2026"}, {**base, "occurrences": ""}
    (choice,) = merged(FACILITY, base, theirs, mine)
    assert (choice.name, choice.open) == ("occurrences", True)
    now, wrong = edited(FACILITY, given_texts(FACILITY, {"occurrences": [choice.theirs]}), KNOWN)
    assert wrong == {}
    assert now.institutional.occurrences[1] == Occurrence("18", DAY.start)


def test_the_number_of_somebody_known_brings_the_name_along():
    now, wrong = edited(FACILITY, {**texts_of(FACILITY), "other_operating_npi": OTHER.npi}, KNOWN)
    assert wrong == {}
    assert now.institutional.other_operating == replace(OTHER, taxonomy="")


def test_an_address_to_be_paid_at_is_the_billing_provider_s():
    claim = replace(CLAIM, pay_to=None)
    where = {
        "pay_to_street": HOME.line1,
        "pay_to_city": HOME.city,
        "pay_to_state": "OH",
        "pay_to_zip": HOME.postal_code,
    }
    now, _ = edited(claim, {**texts_of(claim), **where}, {})
    assert now.pay_to == Provider(organization=claim.billing.organization, address=HOME)


def test_a_line_of_a_dentist_gets_its_teeth_and_loses_them_again():
    began = texts_of(DENTAL)
    now, _ = edited(DENTAL, {**began, "line2.teeth": "3 · O", "line1.teeth": "", "line1.areas": ""}, {})
    assert [one.dental is None for one in now.lines] == [True, False]
    assert now.lines[1].dental == DentalLine(teeth=now.lines[1].dental.teeth)


def test_a_finding_leads_to_its_field():
    def found(where):
        return anchor(FACILITY, Finding(rule="x.y", severity=Severity.ERROR, where=where, message="Look."))

    assert found(header("institutional.values")) == "values"
    assert found(header("subscriber.member_id")) == "member_id"
    assert found(line(2, "revenue_code")) == "line2.revenue_code"
    assert found(header("other_insurance")) == "other1.payer"
    assert found(header("charge")) == ""


def test_what_another_payer_paid_is_changed_and_what_the_row_does_not_show_stays():
    began = texts_of(PROFESSIONAL)
    assert began["line1.adjudications"].split(" · ")[:2] == ["88888", "50.00"]
    assert began["line1.taken"] == "88888 · CO · 45 · 20.00; 88888 · PR · 2 · 5.00"
    more = {
        "line1.adjudications": "88888 · 45.00 · – · 5.00",
        "line1.taken": "88888 · CO · 45 · 25.00; 88888 · PR · 2 · 5.00",
    }
    now, wrong = edited(PROFESSIONAL, {**began, **more}, KNOWN)
    assert wrong == {}
    (answer,) = now.lines[0].adjudications
    assert answer == replace(
        ANSWER, paid=45_00, paid_on=None, remaining_patient_liability=5_00,
        adjustments=(Adjustment("CO", "45", 25_00), ANSWER.adjustments[1]),
    )  # fmt: skip


def test_a_payer_that_is_added_to_a_line_paid_for_what_the_line_bills():
    began = texts_of(FACILITY)
    now, wrong = edited(
        FACILITY, {**began, "line2.adjudications": "88888 · 7.50", "line2.taken": "88888 · CO · 45 · 1"}, KNOWN
    )
    first = FACILITY.lines[1]
    assert wrong == {}
    assert now.lines[1].adjudications == (LineAdjudication(
        payer_id="88888", paid=7_50, procedure=first.procedure, units=first.units, revenue_code=first.revenue_code,
        adjustments=(Adjustment("CO", "45", 1_00),),
    ),)  # fmt: skip


def test_what_a_payer_took_off_needs_the_payer():
    _now, wrong = edited(FACILITY, {**texts_of(FACILITY), "line1.taken": "99999 · CO · 45 · 1.00"}, KNOWN)
    assert list(wrong) == ["line1.taken"] and "Payer 99999" in wrong["line1.taken"]


LONG = replace(INPATIENT, lines=tuple(
    replace(INPATIENT.lines[1], number=number, control_number=f"A1-{number}") for number in range(1, 2 * A_PAGE + 4)
))  # fmt: skip


@pytest.mark.parametrize("page", [1, 2, 3])
def test_of_a_long_claim_each_page_has_its_lines_with_everything_of_them(page):
    form = form_of(LONG, texts_of(LONG), KNOWN, wrong={}, found=(), began=texts_of(LONG), page=page)
    assert [one.number for one in form.pages] == [1, 2, 3]
    shown = [one.line.number for one in form.lines]
    assert (shown[0], shown[-1]) == (form.pages[page - 1].first, form.pages[page - 1].last)
    assert all(one.more for one in form.lines)
    assert edited(LONG, given_texts(LONG, sent(LONG, page=page)), KNOWN) == (LONG, {})


def test_what_is_wrong_on_another_page_is_shown_first():
    last = f"line{2 * A_PAGE + 1}.note"
    assert page_of(LONG, 1, {last: "too long"}) == 3
    assert page_of(LONG, 1, {"line1.note": "too long", last: "too long"}) == 1
    assert page_of(LONG, 9, {}) == 3
    assert page_of(LONG, 2, {"drg": "three digits"}) == 2
