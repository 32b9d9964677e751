"""What a practice's site file makes of charts that carry no coverage of their own."""

import re
from datetime import UTC, date, datetime
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from superbill.chart.model import Chart, EncounterRecord, PatientRecord, PersonName
from superbill.site import SiteError, assigned_coverages, read_site
from superbill.site.parties import medicare_number

TEXT = (resources.files("superbill.demo") / "synthea" / "site.toml").read_text()
SITE = read_site(TEXT)
# CMS, "Understanding the Medicare Beneficiary Identifier (MBI) format", position by position.
LETTER, EITHER = "[AC-HJKMNP-RT-Y]", "[0-9AC-HJKMNP-RT-Y]"
MBI = rf"[1-9]{LETTER}{EITHER}[0-9]{LETTER}{EITHER}[0-9]{LETTER}{LETTER}[0-9][0-9]"


def assigned(hint: str, *, patient="p1", born=date(1950, 1, 1)):
    chart = Chart(patient=PatientRecord(id=patient, name=PersonName("Testcase", ("Vera",)), birth_date=born))
    visit = EncounterRecord(id="v1", start=datetime(2026, 3, 2, 9, tzinfo=UTC), payer_hint=hint)
    return assigned_coverages(SITE, chart, visit)


@pytest.mark.parametrize(
    "hint, payers",
    [
        ("medicare", ["medicare"]),
        ("Anthem", ["private"]),
        ("dual_eligible", ["medicare", "medicaid"]),
        ("DUAL ELIGIBLE", ["medicare", "medicaid"]),
        ("no_insurance", []),
        ("NO_INSURANCE", []),
    ],
)
def test_a_visits_word_for_its_payer_decides_who_pays_and_in_which_order(hint, payers):
    coverages = assigned(hint)
    assert [(one.payer, one.order) for one in coverages] == [(key, place) for place, key in enumerate(payers, 1)]


def test_a_word_that_the_site_does_not_know_leaves_it_to_the_assignment():
    assert assigned("somebody's cousin") == assigned("") != ()


def test_only_medicare_numbers_have_the_pattern_of_medicare():
    medicare, medicaid = assigned("dual_eligible")
    assert re.fullmatch(MBI, medicare.member_id)
    assert not re.fullmatch(MBI, medicaid.member_id)
    assert assigned("dual_eligible") == (medicare, medicaid)
    assert assigned("medicare", patient="p2")[0].member_id != medicare.member_id


@given(st.text())
def test_every_made_medicare_number_has_the_pattern_and_the_specimens_beginning(identity):
    number = medicare_number(identity)
    assert re.fullmatch(MBI, number) and number.startswith("1EG4")
    assert number == medicare_number(identity)


def test_two_patients_hardly_ever_get_the_same_medicare_number():
    assert len({medicare_number(f"medicare:{patient}") for patient in range(2000)}) == 2000


def test_a_hint_to_a_payer_that_is_not_there_is_told_when_the_file_is_read():
    with pytest.raises(SiteError, match=r"hints: 'dual_eligible': there is no payer 'medicade'; name one of"):
        read_site(TEXT.replace('payers = ["medicare", "medicaid"]', 'payers = ["medicare", "medicade"]', 1))
