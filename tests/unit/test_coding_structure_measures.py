"""Measurements, medications and copied text of a note."""

import re

import pytest

from superbill.coding.reading.copied import copied, share
from superbill.coding.reading.medications import Medication, medications
from superbill.coding.reading.model import Kind, Mention, Reading
from superbill.coding.reading.sections import sections
from superbill.coding.reading.sentences import outline
from superbill.coding.reading.vitals import of_outline

DRUGS = re.compile(
    r"lisinopril|Lasix|Norvasc|metformin|furosemide|torsemide|Synthroid|aspirin|Ultram|Kenalog", re.IGNORECASE
)


def measured(text: str) -> list[tuple[str, float, float | None, str]]:
    read = outline(text, sections(text))
    return [(each.name, each.value, each.second, each.unit) for each in of_outline(read)]


def reading(text: str) -> Reading:
    """A note in which the drugs above are known."""
    read = outline(text, sections(text))
    mentions = tuple(
        Mention(start=found.start(), end=found.end(), what="drug", name=found[0], sentence=place)
        for place, sentence in enumerate(read.sentences)
        for found in DRUGS.finditer(text, sentence.start, sentence.end)
    )
    return Reading(read, ((),) * len(read.sentences), mentions)


def drugs(text: str) -> list[Medication]:
    return list(medications(reading(text)))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("BP 142/88 mmHg", ("blood pressure", 142, 88, "mmHg")),
        ("Blood Pressure: 169/74.", ("blood pressure", 169, 74, "mmHg")),
        ("His blood pressure today was 132 / 80.", ("blood pressure", 132, 80, "mmHg")),
        ("HR 72", ("heart rate", 72, None, "/min")),
        ("Heart Rate: 80 bpm", ("heart rate", 80, None, "/min")),
        ("Temp: 37.0 C", ("temperature", 98.6, None, "F")),
        ("T 98.6 F", ("temperature", 98.6, None, "F")),
        ("RR 18", ("respiratory rate", 18, None, "/min")),
        ("SpO2 97% on room air", ("oxygen saturation", 97, None, "%")),
        ("Weight is 180 lb", ("weight", 81.65, None, "kg")),
        ("| Weight | 80 kg |", ("weight", 80, None, "kg")),
        ("Ht 5' 10\"", ("height", 177.8, None, "cm")),
        ("BMI of 34.2 kg/m2", ("body mass index", 34.2, None, "kg/m2")),
        ("Her most recent hemoglobin A1c was 8.2.", ("hemoglobin a1c", 8.2, None, "%")),
        ("a reduced ejection fraction of 45%", ("ejection fraction", 45, None, "%")),
        ("eGFR 52 mL/min/1.73m2", ("estimated gfr", 52, None, "mL/min/1.73")),
        ("LDL: 130 mg/dL", ("ldl cholesterol", 130, None, "mg/dL")),
        ("glucose 5.5 mmol/L", ("glucose", 99.09, None, "mg/dL")),
        ("PHQ-9 score: 14", ("phq-9", 14, None, "")),
    ],
)
def test_a_measurement_is_read_in_its_first_unit(text, wanted):
    assert measured(f"RESULTS\n{text}\n") == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "Took 3/4 of a tablet.",
        "HR 7200",
        "BP 20/20",
        "Weight 180",
        "He takes vitamin k 5 times.",
        "A1c pending",
        "MRI 2/3/24",
    ],
)
def test_a_number_that_cannot_be_the_measurement_is_passed_over(text):
    assert measured(f"RESULTS\n{text}\n") == []


def test_a_measurement_knows_its_section_and_its_words():
    text = "HPI: BP at home 150/90.\nVITALS\n120/80, HR 70"
    read = outline(text, sections(text))
    found = of_outline(read)
    assert [(each.kind, each.said) for each in found] == [
        (Kind.HISTORY, "150/90"), (Kind.VITALS, "120/80"), (Kind.VITALS, "70"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("Increase lisinopril to 40 mg daily.", [("lisinopril", "increased", "40 mg", "daily")]),
        ("Increase lisinopril from 10 mg to 20 mg once a day.", [("lisinopril", "increased", "20 mg", "once a day")]),
        ("Start Lasix 20 mg b.i.d. and stop Norvasc.",
         [("Lasix", "started", "20 mg", "b.i.d."), ("Norvasc", "stopped", "", "")]),
        ("Continue metformin 500 mg twice daily and aspirin 81 mg.",
         [("metformin", "continued", "500 mg", "twice daily"), ("aspirin", "continued", "81 mg", "")]),
        ("Lisinopril was refilled today.", [("Lisinopril", "refilled", "", "")]),
        ("We switched from furosemide to torsemide 20 mg daily.",
         [("furosemide", "stopped", "", ""), ("torsemide", "started", "20 mg", "daily")]),
        ("40 mg of Kenalog was injected.", [("Kenalog", "administered", "40 mg", "")]),
        ("Taper torsemide.", [("torsemide", "decreased", "", "")]),
        ("He declines metformin.", [("metformin", "declined", "", "")]),
        ("Ultram 50 mg every 6 hours as needed.", [("Ultram", "started", "50 mg", "every 6 hours")]),
        ("Her aspirin is helpful.", [("aspirin", "", "", "")]),
    ],
)  # fmt: skip
def test_what_is_done_with_a_drug(said, wanted):
    found = drugs(f"PLAN\n{said}\n")
    assert [(each.name, each.action, each.dose, each.frequency) for each in found] == wanted


def test_a_list_of_medications_names_them_with_route_and_those_that_are_not_known():
    found = drugs("MEDICATIONS\nlisinopril 10 mg by mouth daily\nZyzzolol 20 mg tablet nightly prn\nNone.\n")
    assert [(each.name, each.route, each.action, each.as_needed, each.managed) for each in found] == [
        ("lisinopril", "by mouth", "listed", False, False), ("Zyzzolol", "", "listed", True, False),
    ]  # fmt: skip
    assert [each.mention for each in found] == [0, -1]


def test_an_allergy_is_no_medication():
    assert drugs("ALLERGIES\naspirin\n") == []


EARLIER = (
    "HPI\nThe patient has had burning pain in both feet for three months now. It wakes her at night.\n\nEXAM\n"
    "Lungs: Clear to auscultation bilaterally without wheezes or rales today.\n\nPLAN\nReturn in three months.\n"
)


def test_a_sentence_that_stands_in_an_earlier_note_is_copied_with_those_between():
    text = EARLIER.replace("three months.", "six weeks.").replace("It wakes", "It now wakes")
    assert [text[start:end] for start, end in copied(text, [EARLIER])] == [
        "The patient has had burning pain in both feet for three months now."
    ]


def test_case_spacing_and_broken_lines_hide_no_copy():
    text = "HPI: The PATIENT has had burning pain in both\nfeet for three  months now!"
    assert len(copied(text, ["nothing", EARLIER])) == 1
    assert share(text, [EARLIER]) > 0.9


def test_short_and_routine_sentences_and_new_ones_are_not_copied():
    assert copied("EXAM\nLungs: Clear to auscultation bilaterally without wheezes or rales today.", [EARLIER]) == ()
    assert copied("PLAN\nReturn in three months.", [EARLIER]) == ()
    assert copied("HPI: The patient has had burning pain in both hands for three months now.", [EARLIER]) == ()
    assert copied(EARLIER, []) == ()
    assert copied("", [EARLIER]) == ()
    assert share("", [EARLIER]) == 0
