"""What providers are asked: only what a note leaves open, with its words, and never in a way that leads."""

import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.codesets import APRIL, embedded_book, embedded_store

from superbill.coding.model import Evidence
from superbill.coding.queries.asking import OPEN, Asked, among
from superbill.coding.queries.indicators import indicators
from superbill.coding.queries.indicators import queries as measured
from superbill.coding.queries.specificity import details
from superbill.coding.queries.specificity import queries as open_details
from superbill.coding.reading.read import read
from superbill.coding.suggest.engine import suggest
from superbill.coding.suggest.model import SuggestedCode, Visit

ADULT = Visit(on=APRIL, age=60)


@cache
def terms():
    from superbill.codesets.terms.lookup import open_terms

    return open_terms(embedded_store(), APRIL)


def asked(text, *codes, visit=ADULT):
    """The rules asked about a note for which these codes were suggested, each on the note's first words."""
    book = embedded_book()
    suggested = tuple(
        SuggestedCode(
            system="ICD-10-CM", code=code, title=book.code(code).title, evidence=(Evidence("n", text[:5], 0, 5),)
        )
        for code in codes
    )  # fmt: skip
    return Asked(read(text, terms()), visit, suggested, book)


def rules(queries):
    return [query.rule.removeprefix("coding.query.") for query in queries]


def of_note(text, visit=ADULT):
    return suggest(text, embedded_store(), visit).queries


NOTE = "HISTORY\n\nHere for follow-up.\n\nASSESSMENT AND PLAN\n\n1. {}\n- Continue current treatment.\n"


def billable(detail):
    """A billable code that a row of the table is about."""
    book = embedded_book()
    for name in detail.code:
        code = book.code(name.rstrip("-.")) if len(name.rstrip("-.")) >= 3 else book.code("O26.0")
        under = [code] if code else []
        while under:
            each = under.pop()
            wanted = not detail.title or any(word in each.title.casefold() for word in detail.title)
            if each.billable and wanted and among(each.code, detail.code) and not among(each.code, detail.without):
                return each.code
            under += book.under(each.code)
    return None


@pytest.mark.parametrize("detail", details(), ids=lambda detail: detail.rule)
def test_each_open_detail_is_asked_for_and_only_where_its_code_stands(detail):
    code = billable(detail)
    assert code, f"{detail.rule}: no billable code of {detail.code} on {APRIL}"
    text = NOTE.format(f"Condition. {' '.join(detail.when[:1])}")
    visit = Visit(on=APRIL, age=60, setting=detail.setting or "outpatient")
    assert detail.rule in rules(open_details(asked(text, code, visit=visit)))
    assert detail.rule not in rules(open_details(asked(text, "Z00.00", visit=visit)))


def test_what_the_assessment_must_say_for_a_query_is_looked_for():
    assert "diabetes-control" in rules(open_details(asked(NOTE.format("Diabetes, uncontrolled."), "E11.9")))
    assert "diabetes-control" not in rules(open_details(asked(NOTE.format("Diabetes."), "E11.9")))


def test_a_query_of_the_hospital_is_not_asked_in_the_office():
    text = NOTE.format("Pneumonia.")
    stay = Visit(on=APRIL, age=60, setting="inpatient")
    assert "pneumonia-organism" in rules(open_details(asked(text, "J18.9", visit=stay)))
    assert "pneumonia-organism" not in rules(open_details(asked(text, "J18.9")))


def test_a_detail_that_another_code_gives_is_not_asked_for():
    text = NOTE.format("Diabetic foot ulcer.")
    assert "ulcer-site" in rules(open_details(asked(text, "E11.621")))
    assert "ulcer-site" not in rules(open_details(asked(text, "E11.621", "L97.411")))


@pytest.mark.parametrize(
    ("code", "is_asked"), [("M25.569", True), ("M25.561", False), ("H25.9", False), ("S93.409A", True), ("I10", False)]
)
def test_the_side_is_asked_for_where_codes_tell_it_and_the_note_does_not(code, is_asked):
    assert ("side" in rules(open_details(asked(NOTE.format("Condition."), code)))) is is_asked


VALUES = {
    "bmi-high": ("BMI 34.2", "BMI 29.9", "E66.9"),
    "bmi-low": ("BMI 17.1", "BMI 18.6", "R63.6"),
    "blood-pressure": ("Blood pressure 152/84", "Blood pressure 138/84", "I10"),
    "a1c": ("Hemoglobin A1c 7.4 %", "Hemoglobin A1c 6.4 %", "E11.9"),
    "oxygen": ("Oxygen saturation 86 %", "Oxygen saturation 92 %", "J96.01"),
    "egfr": ("eGFR 42", "eGFR 71", "N18.32"),
    "ejection-fraction": ("Ejection fraction 35 %", "Ejection fraction 55 %", "I50.22"),
    "hemoglobin": ("Hemoglobin 9.1 g/dL", "Hemoglobin 13.5 g/dL", "D50.9"),
    "potassium-high": ("Potassium 6.1", "Potassium 5.0", "E87.5"),
    "potassium-low": ("Potassium 3.1", "Potassium 3.6", "E87.6"),
    "sodium-low": ("Sodium 128", "Sodium 136", "E87.1"),
    "sodium-high": ("Sodium 149", "Sodium 144", "E87.0"),
}


@pytest.mark.parametrize("indicator", indicators(), ids=lambda indicator: indicator.rule)
def test_a_measurement_without_its_diagnosis_is_asked_about(indicator):
    low, fine, code = VALUES[indicator.rule]
    note = "RESULTS\n\n{}\n\nASSESSMENT\n\n1. Fatigue.\n"
    assert indicator.rule in rules(measured(asked(note.format(low))))
    assert indicator.rule not in rules(measured(asked(note.format(fine))))
    assert indicator.rule not in rules(measured(asked(note.format(low), code)))


def test_diastolic_pressure_alone_counts():
    assert "blood-pressure" in rules(measured(asked("VITALS\n\nBlood pressure: 128/94\n")))


def test_a_childs_body_mass_index_is_not_judged_by_adult_limits():
    note = "VITALS\n\nBMI: 31\n"
    assert "bmi-high" not in rules(measured(asked(note, visit=Visit(on=APRIL, age=9))))


def test_an_uncertain_condition_is_asked_about_outpatient_alone():
    text = NOTE.format("Right knee pain, possible gout.")
    (query,) = [each for each in of_note(text) if each.rule == "coding.query.uncertain"]
    assert "possible gout" in query.text and "confirmed" in query.choices
    stay = Visit(on=APRIL, age=60, setting="inpatient")
    assert "uncertain" not in rules(of_note(text, stay))
    assert "uncertain" not in rules(of_note(NOTE.format("Gout.")))


def test_two_sides_for_one_condition_are_asked_about():
    head = "CHIEF COMPLAINT\n\n{} knee pain.\n\n" + NOTE
    conflict = of_note(head.format("Right", "Left knee pain."))
    assert "side-conflict" in rules(conflict)
    assert "side-conflict" not in rules(of_note(head.format("Left", "Left knee pain.")))


def test_two_types_of_diabetes_are_asked_about():
    text = "HISTORY OF PRESENT ILLNESS\n\nShe has type 1 diabetes.\n\nASSESSMENT\n\n1. Type 2 diabetes.\n"
    assert "diabetes-type" in rules(of_note(text))
    assert "diabetes-type" not in rules(of_note(text.replace("type 1", "type 2")))


def test_what_is_denied_and_assessed_is_asked_about():
    text = "HISTORY OF PRESENT ILLNESS\n\nHe denies any cough.\n\nASSESSMENT\n\n1. Cough.\n"
    assert "denied-and-assessed" in rules(of_note(text))
    assert "denied-and-assessed" not in rules(of_note(text.replace("denies any", "reports a")))


LEADING = re.compile(
    r"(?i)\b(reimburs|payment|revenue|severity level|drg|hcc|risk score|isn't it|do you agree|would you agree)\b"
)
NOTES = st.lists(
    st.sampled_from((
        "Congestive heart failure.", "Possible pneumonia.", "Diabetes, uncontrolled.", "Knee pain.", "CKD.", "Anemia.",
        "Asthma.", "Depression.", "Left hip pain. Right hip pain.", "Hemoglobin 8.2", "BMI 41", "Hypertensive urgency.",
    )),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(max_examples=25)
@given(NOTES)
def test_no_query_leads_and_every_span_is_in_the_note(parts):
    text = "ASSESSMENT AND PLAN\n\n" + "\n".join(f"{number}. {part}" for number, part in enumerate(parts, 1))
    for query in of_note(text):
        assert not LEADING.search(query.text)
        assert not query.choices or any(choice in query.choices for choice in OPEN)
        assert query.source and query.evidence
        for each in query.evidence:
            assert text[each.start : each.end] == each.text
