"""How a note is taken apart: sections, problems, sentences with their labels."""

import pytest

from superbill.coding.reading.model import Kind, Outline
from superbill.coding.reading.sections import sections
from superbill.coding.reading.sentences import outline


def apart(text: str) -> Outline:
    return outline(text, sections(text))


def kinds(text: str) -> list[str]:
    return [section.kind.value for section in sections(text) if section.title]


def titles(text: str) -> list[str]:
    read = apart(text)
    return [text[each.start : each.title_end] for each in read.problems]


def said(text: str) -> list[tuple[str, str]]:
    read = apart(text)
    return [(each.label, text[each.start : each.end]) for each in read.sentences]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("CHIEF COMPLAINT\n", "chief complaint"),
        ("CC: ", "chief complaint"),
        ("Reason for Visit: ", "chief complaint"),
        ("History of Present Illness (HPI):\n", "history of present illness"),
        ("S: ", "history of present illness"),
        ("**Subjective**\n", "history of present illness"),
        ("Interval History:\n", "interval history"),
        ("ROS: ", "review of systems"),
        ("Past Medical Hx:\n", "medical history"),
        ("PSHx: ", "surgical history"),
        ("FAMILY HISTORY\n====\n", "family history"),
        ("## Social History\n", "social history"),
        ("OB/GYN History:\n", "obstetric history"),
        ("Active Problem List\n", "problem list"),
        ("CURRENT MEDICATIONS:\n", "medications"),
        ("Allergies - ", "allergies"),
        ("Immunizations:\n", "immunizations"),
        ("VITAL SIGNS: ", "vitals"),
        ("O: ", "examination"),
        ("Physical Examination\n", "examination"),
        ("PHYSICAL EXAM OF THE RIGHT KNEE\n", "examination"),
        ("LABS/IMAGING:\n", "results"),
        ("Labs (01/02/2026):\n", "results"),
        ("ED Course as of 01/02/26\n", "hospital course"),
        ("Diagnoses and all orders for this visit:\n", "assessment and plan"),
        ("PROCEDURE NOTE\n", "procedure"),
        ("ED Course:\n", "hospital course"),
        ("CLINICAL INDICATION: ", "indication"),
        ("FINDINGS:\n", "findings"),
        ("IMPRESSION:\n", "assessment"),
        ("A: ", "assessment"),
        ("P: ", "plan"),
        ("Recommendations:\n", "plan"),
        ("A/P:\n", "assessment and plan"),
        ("A&P\n", "assessment and plan"),
        ("ASSESSMENT AND PLAN: ", "assessment and plan"),
        ("V. Assessment / Plan\n", "assessment and plan"),
        ("Discharge Diagnoses:\n", "diagnoses"),
        ("POSTOPERATIVE DIAGNOSIS: ", "diagnoses"),
        ("Disposition: ", "instructions"),
        ("Total time: ", "time"),
    ],
)
def test_a_heading_opens_its_section_in_every_spelling(heading, kind):
    text = f"{heading}something is said here"
    if heading.startswith("Allergies -"):
        text = text.replace("Allergies", "ALLERGIES")
    found = sections(text)
    assert [(section.kind, section.start) for section in found] == [(Kind(kind), 0)]
    assert text[found[0].body : found[0].end].strip().endswith("something is said here")


def test_the_parts_of_an_examination_are_labels_and_go_on_after_its_vital_signs():
    text = "EXAM\nVitals: BP 120/80, HR 70\nGeneral: Well.\nCardiovascular: Regular. Lungs: Clear.\n"
    assert [section.kind for section in sections(text)] == [Kind.EXAM, Kind.VITALS, Kind.EXAM]
    assert said(text)[1:] == [("General", "Well."), ("Cardiovascular", "Regular."), ("Lungs", "Clear.")]


def test_words_of_headings_inside_a_plan_and_a_result_are_labels():
    text = (
        "RESULTS\nMRI of the knee.\nImpression: Meniscal tear.\n\nASSESSMENT AND PLAN\n1. Knee pain\nLabs: none\n"
        "Medications: naproxen\nPlan: therapy\n2. Gout\nPlan: allopurinol\n"
    )
    assert kinds(text) == ["results", "assessment and plan"]
    assert ("Impression", "Meniscal tear.") in said(text)
    assert ("Medications", "naproxen") in said(text)


def test_a_note_on_one_line_has_sections():
    text = "CHIEF COMPLAINT: Cough. PHYSICAL EXAM: Lungs clear. ASSESSMENT: Acute bronchitis. PLAN: Supportive care."
    assert kinds(text) == ["chief complaint", "examination", "assessment", "plan"]
    assert titles(text) == ["Acute bronchitis"]


@pytest.mark.parametrize(
    ("assessment", "wanted"),
    [
        (
            "1. Hypertension, uncontrolled.\n- increase lisinopril\n2. Gout: stable\n",
            ["Hypertension, uncontrolled", "Gout"],
        ),
        ("1) HTN 2) DM type 2 3) CKD stage 3a\n", ["HTN", "DM type 2", "CKD stage 3a"]),
        ("• Hypothyroidism. • Acne vulgaris\n", ["Hypothyroidism", "Acne vulgaris"]),
        ("# R knee OA - start therapy\n# HTN\n  - lisinopril\n", ["R knee OA", "HTN"]),
        (
            "Asthma.\n• Medical Reasoning: Stable.\n\nChest pain and hypertension.\n• Plan: ECG\n\nFollow up: Yes.\n",
            ["Asthma", "Chest pain and hypertension"],
        ),
        ("**Gout**: stable\n**Asthma**: stable\n", ["Gout", "Asthma"]),
        ("Problem 1: COPD\nPlan: oxygen\nProblem 2: Tobacco use\nPlan: quit\n", ["COPD", "Tobacco use"]),
        (
            "1. Diabetes with kidney disease\n   and long-term use of insulin\n2. Gout\n",
            ["Diabetes with kidney disease\n   and long-term use of insulin", "Gout"],
        ),
        ("I10 - Hypertension\n", ["I10 - Hypertension"]),
        (
            "Left shoulder pain, likely rotator cuff tendinopathy.\n",
            ["Left shoulder pain, likely rotator cuff tendinopathy"],
        ),
        ("Mr. Roe is a 62-year-old male with gout who presents for follow-up. He is well.\n", []),
        ("The patient is doing well. Continue allopurinol.\n", []),
        ("Follow up\nPlan\nMedical Reasoning: It is stable.\n", []),
    ],
    ids=[
        "numbers",
        "one line",
        "bullets on one line",
        "pounds",
        "titles",
        "bold",
        "named",
        "wrapped",
        "coded",
        "likely",
        "narrative",
        "sentences",
        "labels",
    ],
)
def test_titles_of_problems_in_the_manner_of_the_assessment(assessment, wanted):
    assert titles(f"ASSESSMENT AND PLAN\n\n{assessment}") == wanted


def test_a_problem_is_discussed_under_its_heading_in_the_plan_and_the_plan_may_name_more():
    text = (
        "ASSESSMENT\n\n• Hypothyroidism.\n• Mild hepatomegaly\n\nPLAN\n\nHypothyroidism\nContinue levothyroxine.\n\n"
        "Mild Hepatomegaly\n• Ultrasound.\n\nObesity\nShe will see a dietitian.\n\nINSTRUCTIONS\nReturn."
    )
    read = apart(text)
    assert titles(text) == ["Hypothyroidism", "Mild hepatomegaly", "Obesity"]
    spans = [text[slice(*each.discussed)] if each.discussed else "" for each in read.problems]
    assert [span.split("\n")[0] for span in spans] == ["Hypothyroidism", "Mild Hepatomegaly", ""]
    assert read.sections[read.problems[2].section].kind is Kind.PLAN
    told = {text[each.start : each.end]: each.problem for each in read.sentences}
    assert (told["Continue levothyroxine."], told["Ultrasound."], told["Return."]) == (0, 1, -1)


def test_things_to_do_in_a_plan_are_no_problems():
    assert titles("ASSESSMENT\nGout\n\nPLAN\n1. MRI of the knee\n2. Physical therapy\n3. Return in 2 weeks\n") == [
        "Gout"
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Seen by Dr. J. Smith on 3.4.24. Takes 2.5 mg b.i.d. with food. Well.",
            ["Seen by Dr. J. Smith on 3.4.24.", "Takes 2.5 mg b.i.d. with food.", "Well."],
        ),
        (
            "He has low vitamin D. She has hepatitis C. Both are well.",
            ["He has low vitamin D.", "She has hepatitis C.", "Both are well."],
        ),
        (
            "A 68 y.o. M. with pain. A1c 7.5. eGFR 52. No pain vs. Last year.",
            ["A 68 y.o. M. with pain.", "A1c 7.5.", "eGFR 52.", "No pain vs. Last year."],
        ),
        (
            "Pain is worse.The patient rests; denies fever! Why?",
            ["Pain is worse.", "The patient rests;", "denies fever!", "Why?"],
        ),
        ("Takes aspirin q.d. He is well.", ["Takes aspirin q.d.", "He is well."]),
        ("- one\r\n- two\r\n\r\nthree", ["one", "two", "three"]),
        ("| BP | 120/80 |\n|----|----|\n| HR | 70 |", ["| BP | 120/80 |", "| HR | 70 |"]),
        ("pain. - Plan: rest", ["pain.", "rest"]),
    ],
    ids=["abbreviations", "letters", "numbers", "marks", "q.d.", "windows", "table", "dash"],
)
def test_sentences(text, wanted):
    assert [words for _, words in said(text)] == wanted


def test_a_sentence_over_broken_lines_is_one():
    text = (
        "HPI:\nThe patient is a 45-year-old man who was referred by his primary care doctor\nfor evaluation of "
        "chronic low back pain radiating to the left leg. He was seen in\nBoston for it, and the pain has since "
        "become much worse than it was before he\nwas seen there.\n"
    )
    assert [len(words.split("\n")) for _, words in said(text)] == [2, 3]


def test_a_list_of_short_lines_is_not_run_together():
    text = "MEDICATIONS\nlisinopril 10 mg by mouth every morning before breakfast\nmetformin 500 mg\n"
    assert len(said(text)) == 2
