"""Whatever a note says: the codes are of the book and billable, each once, with evidence in the text, none excluded."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.codesets import APRIL, embedded_book, embedded_store

from superbill.coding.checks import check_in
from superbill.coding.checks.model import Coded
from superbill.coding.suggest.engine import suggest
from superbill.coding.suggest.model import Visit
from superbill.findings import Severity

WORDS = (
    "type 2 diabetes", "CKD stage 3a", "hypertension", "heart failure", "acute on chronic", "right", "left",
    "bilateral",
    "knee pain", "osteoarthritis", "ankle sprain", "fracture of the distal radius", "pregnancy at 20 weeks", "asthma",
    "COPD", "pneumonia", "cough", "fever", "with", "without", "no", "history of", "breast cancer", "metastatic to bone",
    "anemia", "depression", "obesity", "BMI 41", "insulin", "metformin", "follow-up", "healing", "due to lisinopril",
    "foot ulcer", "gout", "UTI", "nausea", "vomiting", "sepsis", "septic shock", "stroke", "hemiplegia", "overdose",
    "annual exam", "preoperative clearance", "nicotine dependence", "cigarettes", "GERD", "esophagitis", "3 weeks ago",
)  # fmt: skip
HEADINGS = ("CC:", "HPI:", "PMH:", "EXAM:", "ASSESSMENT:", "PLAN:", "ASSESSMENT AND PLAN:", "FAMILY HISTORY:")
LINES = st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(("1.", "2.", ".", ",", ";", "\n"))), max_size=14)
NOTES = st.lists(st.tuples(st.sampled_from(HEADINGS), LINES), max_size=5).map(
    lambda parts: "\n\n".join(f"{heading}\n{' '.join(words)}" for heading, words in parts)
)


def coded(text, **about):
    return suggest(text, embedded_store(), Visit(on=APRIL, **about)).diagnoses


def hold(text, found):
    codes = [each.code for each in found]
    assert len(set(codes)) == len(codes)
    for each in found:
        entry = embedded_book().code(each.code)
        assert entry is not None
        assert entry.billable
        assert each.title == entry.title
        assert each.way
        assert each.evidence
        assert all(text[span.start : span.end] == span.text for span in each.evidence)
        assert 0 < each.score <= 1


@settings(max_examples=60, deadline=None)
@given(text=NOTES, sex=st.sampled_from(("female", "male", "")), age=st.sampled_from((None, 0.5, 9, 30, 80)))
def test_codes_of_any_clinical_words_can_be_billed_and_stand_together(text, sex, age):
    found = coded(text, sex=sex, age=age)

    hold(text, found)
    findings = check_in(Coded(diagnoses=tuple(each.code for each in found), on=APRIL), embedded_book())
    wrong = [each for each in findings if each.severity is Severity.ERROR and "excludes1" in each.rule]
    assert [each.message for each in wrong] == []


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_is_a_note(text):
    hold(text, coded(text))


@settings(max_examples=25, deadline=None)
@given(text=NOTES)
def test_the_same_note_gives_the_same_codes(text):
    assert coded(text) == coded(text)
