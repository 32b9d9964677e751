"""The services of a whole note: where they point, how sure, and what bad input gives."""

from datetime import date

import pytest

from superbill.coding.model import Evidence
from superbill.coding.performed.catalog import groups
from superbill.coding.performed.find import performed
from superbill.coding.reading import sections, sentences
from superbill.coding.reading.model import Reading
from superbill.coding.reading.scan import tokens
from superbill.coding.suggest.model import SuggestedCode, Visit

DAY = date(2026, 5, 1)


def reading(text: str) -> Reading:
    outline = sentences.outline(text, sections.sections(text))
    return Reading(outline, tuple(tokens(text, each.start, each.end) for each in outline.sentences), ())


def services(text: str, *diagnoses: tuple[str, str], **visit):
    coded = tuple(
        SuggestedCode(system="ICD-10-CM", code=code, title=title, evidence=(Evidence("note"),))
        for code, title in diagnoses
    )
    return performed(reading(text), Visit(on=DAY, **visit), coded)


KNEE = ("M17.11", "Unilateral primary osteoarthritis, right knee")
SHOULDER = ("M75.41", "Impingement syndrome of right shoulder")
PRESSURE = ("I10", "Essential (primary) hypertension")


def test_a_service_points_to_the_diagnosis_of_its_body_part():
    (xray,) = services("RESULTS\n\nX-rays of the right knee were taken in the office today.", PRESSURE, SHOULDER, KNEE)
    assert xray.diagnosis_pointers == (3,)


def test_a_service_points_to_no_diagnosis_of_the_other_side():
    left = ("M17.12", "Unilateral primary osteoarthritis, left knee")
    (xray,) = services("RESULTS\n\nX-rays of the right knee were taken in the office today.", left, KNEE)
    assert xray.diagnosis_pointers == (2,)


def test_a_service_of_no_body_part_points_by_its_kind():
    (ecg,) = services("RESULTS\n\nEKG performed today in the office.", KNEE, PRESSURE)
    assert ecg.diagnosis_pointers == (2,)


def test_an_only_diagnosis_is_pointed_to():
    (ecg,) = services("RESULTS\n\nEKG performed today in the office.", KNEE)
    assert ecg.diagnosis_pointers == (1,)


def test_evidence_is_the_words_of_the_note():
    text = "RESULTS\n\nX-rays of the right knee were taken in the office today."
    (xray,) = services(text)
    evidence = xray.code.evidence[0]
    assert text[evidence.start : evidence.end] == evidence.text == "X-rays of the right knee"


def test_every_service_says_what_named_it_and_why_it_counts_as_done():
    (xray,) = services("RESULTS\n\nX-rays of the right knee were taken in the office today.")
    assert [step.rule for step in xray.code.way] == [
        "coding.performed.named", "coding.performed.status", "coding.performed.choice",
    ]  # fmt: skip


def test_a_result_said_elsewhere_to_be_of_another_place_is_not_likely_either():
    text = "RESULTS\n\nEKG is normal.\n\nASSESSMENT AND PLAN\n\nHis EKG from the emergency room was normal."
    assert performed(reading(text), Visit(on=DAY), least=0.4) == ()


def test_two_mentions_of_one_x_ray_are_one_service():
    text = (
        "RESULTS\n\nX-rays of the right knee, 3 views, were taken in the office today.\n\n"
        "PLAN\n\nThe x-rays of the right knee obtained in the office today show arthritis."
    )
    assert [service.code.code for service in services(text)] == ["73562"]


def test_the_first_cast_is_part_of_fracture_care():
    text = (
        "PROCEDURE\n\nClosed treatment without manipulation of the left distal radius fracture was performed.\n"
        "A short arm cast was applied."
    )
    assert [service.code.code for service in services(text)] == ["25600"]


def test_an_add_on_needs_its_primary_service():
    text = "PROCEDURE\n\nShave biopsies of 3 lesions were performed."
    assert [(service.code.code, service.units) for service in services(text)] == [("11102", 1), ("11103", 2)]


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "RESULTS", "PROCEDURE\n\n", "\x00\xff\u0130\u2028", "x-ray", "PROCEDURE: injection", "1 cm 2 cm 3 cm",
     "Röntgen des rechten Knies heute in der Praxis."],
)  # fmt: skip
def test_a_note_without_services_gives_none(text):
    assert services(text) == ()


def test_a_very_long_sentence_is_read_in_proportion():
    text = "PLAN\n\n" + "x-ray of the right knee and an injection of 40 mg " * 4_000
    assert services(text) == ()


def test_letters_that_grow_in_lower_case_move_no_evidence():
    text = "İİİ RESULTS\n\nİ EKG performed in the office today."
    (ecg,) = services(text)
    evidence = ecg.code.evidence[0]
    assert text[evidence.start : evidence.end] == "EKG"


def test_the_catalog_has_the_common_services():
    assert sum(len(group.services) for group in groups().values()) >= 400


def test_the_note_s_own_word_is_not_explained_by_itself():
    found = services("PLAN\n\nInjected the knee with 40 mg of triamcinolone today.", KNEE)
    said = [step.words for one in found for step in one.code.way if step.rule == "coding.performed.named"]

    assert "the note names it: 'triamcinolone'" in said
    assert not [words for words in said if words == "'triamcinolone' is triamcinolone"]
