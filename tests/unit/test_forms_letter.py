"""An appeal letter says what the case has and nothing else, names what it lacks, and is the same each time."""

import io
from datetime import date

import pypdf
import pytest
from msgspec.structs import replace

from superbill.denials.handbook import categories
from superbill.forms.letter import (
    AppealLetter,
    LetterIncomplete,
    LetterLine,
    LetterParty,
    Quote,
    missing,
    render,
)
from superbill.forms.letter.view import argued_categories, view

LINE = LetterLine(service=date(2026, 9, 1), code="93306", charge=412_00, refused=412_00, reason="CO-50, N115")
LETTER = AppealLetter(
    on=date(2026, 11, 20),
    practice=LetterParty(name="Lakeside Family Medicine", address=("100 Shore Drive",), phone="2175550100"),
    payer=LetterParty(name="Medicare Part B", address=("P.O. Box 1000", "Fargo, ND 58108")),
    level="Redetermination",
    patient="Ruth Ellison",
    member_id="1EG4TE5MK73",
    birth_date=date(1950, 3, 4),
    claim_number="2226123456780",
    our_number="A1007P1",
    services=(date(2026, 9, 1), date(2026, 9, 1)),
    provider="Maria Lopez",
    refused_on=date(2026, 11, 2),
    category="medical_necessity",
    lines=(LINE,),
    reasons=(("CO-50", "payer does not deem it medically necessary"),),
    quotes=(Quote("New systolic murmur at the apex.", "93306"),),
    last_day=date(2027, 3, 7),
    documents=("Your remittance of November 2, 2026",),
    signer="Dana Whitfield",
)


def text_of(pdf):
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_the_letter_carries_the_facts_of_the_case_on_one_page():
    pdf = render(LETTER)
    text = text_of(pdf)
    for fact in ("Ruth Ellison", "1EG4TE5MK73", "2226123456780", "93306", "$412.00", "CO-50", "systolic murmur",
                 "March 7, 2027", "Dana Whitfield", "217-555-0100", "Redetermination"):  # fmt: skip
        assert fact in text, fact
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1
    assert render(LETTER) == pdf


@pytest.mark.parametrize(
    ("without", "named"),
    [
        ({"signer": ""}, "who signs it"),
        ({"member_id": ""}, "member number"),
        ({"claim_number": ""}, "claim control number"),
        ({"birth_date": None}, "birth date"),
        ({"payer": LetterParty(name="Medicare Part B")}, "payer's address"),
        ({"quotes": ()}, "words of the record"),
        ({"on": date(2027, 3, 8)}, "good cause for coming after 2027-03-07"),
        ({"category": "timely_filing", "quotes": ()}, "proof that the claim came in time"),
    ],
)
def test_what_is_missing_is_named_before_anything_is_printed(without, named):
    letter = replace(LETTER, **without)
    assert any(named in each for each in missing(letter))
    with pytest.raises(LetterIncomplete, match="A1007P1: the letter lacks"):
        render(letter)


def test_the_last_day_needs_no_cause_and_a_late_letter_tells_its_own():
    assert missing(replace(LETTER, on=date(2027, 3, 7))) == ()
    late = replace(LETTER, on=date(2027, 3, 8), good_cause="our office was flooded.")
    assert "our office was flooded" in text_of(render(late))


def test_the_writers_own_words_stand_in_for_the_record():
    letter = replace(LETTER, quotes=(), own_words=("The study changed her treatment.",))
    assert missing(letter) == ()
    assert "These are the words of the record" not in text_of(render(letter))


@pytest.mark.parametrize("category", sorted(categories()))
def test_every_kind_of_cause_makes_a_letter_that_announces_nothing_it_does_not_bring(category):
    bare = view(replace(LETTER, category=category, quotes=(), own_words=("As told.",)))
    assert not bare["point"].endswith(":")
    assert bare["ask"].endswith(".")


def test_the_words_for_a_cause_belong_to_a_cause():
    assert set(argued_categories()) <= set(categories())


def test_services_of_several_days_and_lines_are_added_up():
    other = replace(LINE, service=date(2026, 9, 3), refused=45_00, charge=45_00)
    letter = replace(LETTER, lines=(LINE, other), services=(date(2026, 9, 1), date(2026, 9, 3)))
    text = text_of(render(letter))
    assert "$457.00" in text
    assert "September 1, 2026 to September 3, 2026" in text
    assert "these services" in text
