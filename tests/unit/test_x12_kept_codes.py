"""Codes of claims looked for in the releases of a store."""

from datetime import date

from tests.codesets import embedded_store

from superbill.x12.code_sets import standard
from superbill.x12.kept_codes import kept

SETS = kept(embedded_store())  # ICD-10-CM of April 2026, until the end of September


def test_a_code_of_the_release_passes_and_a_header_or_a_misprint_is_doubtful():
    assert SETS.refusal("icd10cm", "E1122", date(2026, 5, 1)) is None
    for code in ("E112", "E1199"):
        refusal = SETS.refusal("icd10cm", code, date(2026, 5, 1))
        assert refusal is not None
        assert not refusal.certain
        assert "of the releases that are here" in refusal.reason


def test_what_has_no_codes_form_is_certainly_wrong():
    refusal = SETS.refusal("icd10cm", "E11.22", date(2026, 5, 1))
    assert refusal is not None
    assert refusal.certain


def test_a_claim_may_come_two_years_after_the_release_ended_and_not_before_it_began():
    assert SETS.refusal("icd10cm", "E1122", date(2028, 9, 30)) is None
    late, early = (SETS.refusal("icd10cm", "E1122", day) for day in (date(2028, 10, 2), date(2026, 3, 31)))
    assert late is not None and "ended more than two years before" in late.reason
    assert early is not None and "begins on 2026-04-01" in early.reason
    assert SETS.refusal("icd10cm", "E1122") is None  # a file that doesn't say its day


def test_sets_that_the_store_lacks_stay_as_they_are():
    assert SETS.sets["icd10pcs"] == standard().sets["icd10pcs"]


def test_letters_in_the_second_place_of_a_category():
    assert standard().refusal("icd10cm", "QA00101") is None
    assert standard().refusal("icd10cm", "QB00101") is not None
