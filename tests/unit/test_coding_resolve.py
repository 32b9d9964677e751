"""The parts of resolving: titles taken apart, the episode of care, weeks, body mass, what becomes of a condition."""

import pytest
from tests.codesets import APRIL, embedded_book, embedded_store

from superbill.codesets.icd10cm.lookup import Code
from superbill.codesets.terms.lookup import open_terms
from superbill.coding.diagnoses import body_mass_code
from superbill.coding.reading.read import read
from superbill.coding.suggest.becomes import family_history_of, history_of
from superbill.coding.suggest.diagnoses import case_of
from superbill.coding.suggest.model import Visit
from superbill.coding.suggest.pregnancy import trimester, weeks
from superbill.coding.suggest.reportable import reportable
from superbill.coding.suggest.said import Note
from superbill.coding.suggest.titles import bare_words, parsed, roots, shelf


def titled(title, code="M00.0"):
    return parsed(Code(code, title, True, "M00", 1))


def note(text, **about):
    book = embedded_book()
    return Note(read(text, open_terms(embedded_store(), book.release.effective)), Visit(on=APRIL, **about), book)


def case(text, **about):
    told = note(text, **about)
    return case_of(reportable(told.reading, told.visit), told.reading, told.visit, told.book)


def test_a_title_says_and_denies():
    title = titled("Gastro-esophageal reflux disease without esophagitis")

    assert set(roots("esophagitis")) <= title.denies
    assert set(roots("reflux")) <= title.says


@pytest.mark.parametrize(
    "title, side",
    [
        ("Pain in right knee", "right"),
        ("Pain in unspecified knee", ""),
        ("Carpal tunnel syndrome, bilateral", "bilateral"),
    ],
)
def test_a_title_has_a_side(title, side):
    assert titled(title).side == side


def test_the_left_heart_is_no_side():
    assert titled("Left ventricular failure, unspecified", "I50.1").side == ""


def test_the_episode_of_care_is_no_part_of_what_a_title_says():
    first = titled("Sprain of unspecified site of right knee, initial encounter", "S83.91XA")

    assert first == titled("Sprain of unspecified site of right knee, sequela", "S83.91XS")


def test_leaves_of_a_code_stop_before_the_episode_of_care():
    book = embedded_book()
    leaves = shelf(book).leaves(book.code("S83.9"), book)

    assert [leaf.code for leaf in leaves] == ["S83.90", "S83.91", "S83.92"]


@pytest.mark.parametrize(
    "words, bare", [("severe", True), ("right knee", True), ("kidney disease", False), ("ulcer", False)]
)
def test_words_that_name_no_condition(words, bare):
    assert (set(roots(words)) <= bare_words()) is bare


@pytest.mark.parametrize("number, name", [(13, "first"), (14, "second"), (27, "second"), (28, "third")])
def test_trimesters_by_completed_weeks(number, name):
    assert trimester(number) == name


@pytest.mark.parametrize(
    "text, number",
    [
        ("Pregnant, 32 weeks.", 32),
        ("IUP at 20w3d.", 20),
        ("Pregnancy. Return in 4 weeks.", None),
        ("Pregnancy. Cough for 3 weeks.", None),
        ("Sprain 6 weeks.", None),
    ],
)
def test_weeks_of_a_pregnancy(text, number):
    found = weeks(note(text, sex="female"))

    assert (found[0] if found else None) == number


def test_a_man_has_no_weeks():
    assert weeks(note("Wife is pregnant, 32 weeks.", sex="male")) is None


@pytest.mark.parametrize(
    "index, code", [(18.4, "Z68.1"), (20, "Z68.20"), (39.9, "Z68.39"), (40, "Z68.41"), (44.9, "Z68.41"), (70, "Z68.45")]
)
def test_body_mass_by_whole_numbers_then_ranges(index, code):
    assert body_mass_code(index) == code


@pytest.mark.parametrize("code, past", [("C50.911", "Z85.3"), ("C18.9", "Z85.038"), ("D05.11", "Z86.000"), ("I10", "")])
def test_a_malignancy_becomes_history(code, past):
    assert history_of(code) == past


def test_every_history_is_a_billable_code():
    book = embedded_book()
    starts = ("C18.9", "C34.90", "C50.919", "C61", "C43.9", "C90.00", "D05.10", "C91.00")

    assert all(book.code(history_of(each)).billable for each in starts)


@pytest.mark.parametrize(
    "code, family", [("C50.911", "Z80.3"), ("E11.9", "Z83.3"), ("I25.10", "Z82.49"), ("S83.91XA", "")]
)
def test_a_condition_of_the_family(code, family):
    assert family_history_of(code) == family


def test_what_is_denied_or_doubted_specifies_nothing():
    told = note("ASSESSMENT:\n1. Asthma without exacerbation, possibly allergic.")
    mention = next(each for each in told.reading.mentions if "J45.909" in each.codes)

    assert not set(roots("exacerbation allergic")) & told.said(mention).strong


def test_the_side_of_another_site_is_not_taken():
    told = note("EXAM: Left hip tender.\n\nASSESSMENT:\n1. Knee pain.")
    mention = next(each for each in told.reading.mentions if each.codes and each.codes[0].startswith("M25.56"))

    assert told.side(mention, frozenset(roots("knee"))) == ""


def test_what_is_left_out_says_why():
    done = case("ASSESSMENT:\n1. Acute bronchitis.\n2. Cough.")

    assert [(code, step.rule) for code, step in done.left] == [("R05.9", "coding.integral.symptom")]


def test_the_code_that_was_replaced_is_kept_in_view():
    done = case("ASSESSMENT:\n1. Hypertension.\n2. CKD stage 4.")
    found = next(each for each in done.candidates if each.name == "I12.9")

    assert "I10" in found.over
    assert any("I.C.9.a.2" in step.source for step in found.way)


@pytest.mark.parametrize(
    "text, said",
    [
        (
            "Assessment:\n1. HTN, well controlled.",
            "'HTN' in the note is 'Essential (primary) hypertension' in the code book",
        ),
        ("Assessment:\n1. Migraine, improved.", "'Migraine' "),
    ],
)
def test_why_a_code_is_there_never_says_that_a_word_is_itself(text, said):
    [words] = [step.words for one in case(text).candidates for step in one.way if step.rule == "coding.read.term"]

    assert words.startswith(said)
    assert f"is '{text.split()[2].rstrip(',')}'".casefold() not in words.casefold()


def test_where_the_code_book_uses_the_words_of_the_note_the_explanation_says_that():
    [one] = case("Assessment:\n1. Wheezing.").candidates

    assert one.way[0].words == "'Wheezing' stands in the code book as such"
