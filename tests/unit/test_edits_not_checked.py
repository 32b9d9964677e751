"""What was not checked is told, by the table that is missing."""

from datetime import date

from msgspec.structs import replace
from tests.claims_makers import claim
from tests.edits_reference import sample_reference

from superbill.edits import Context, check, not_checked
from superbill.effective import Period

TODAY = date(2026, 12, 1)


def on(day):
    line = claim().lines[0]
    return replace(claim(), lines=(replace(line, service=Period(day, day)),))


def test_without_tables_every_rule_that_needs_one_is_told_by_its_table():
    lacking = not_checked(on(date(2026, 3, 2)), Context(today=TODAY))
    assert "mue.line" in lacking["mue-practitioner"]
    assert "diagnosis.not-in-force" in lacking["icd10cm"]


def test_a_table_counts_only_for_the_days_that_it_is_in_force():
    with_tables = Context(today=TODAY, reference=sample_reference())
    assert "icd10cm" in not_checked(on(date(2026, 3, 31)), with_tables)  # the day before the sample's first
    assert "icd10cm" not in not_checked(on(date(2026, 4, 1)), with_tables)
    assert "icd10cm" not in not_checked(on(date(2027, 9, 30)), with_tables)
    assert "icd10cm" in not_checked(on(date(2027, 10, 1)), with_tables)


def test_what_is_not_checked_says_nothing():
    bare, full = Context(today=TODAY), Context(today=TODAY, reference=sample_reference())
    spoiled = replace(on(date(2026, 4, 1)), diagnoses=(replace(claim().diagnoses[0], code="E1199"),))
    assert "diagnosis.not-in-force" not in {finding.rule for finding in check(spoiled, bare)}
    assert "diagnosis.not-in-force" in {finding.rule for finding in check(spoiled, full)}
