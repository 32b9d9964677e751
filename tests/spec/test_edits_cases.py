"""Every edit does what its cases say: the same YAML is the specification, the test and the manual."""

import pytest
from tests.edits_reference import sample_reference

from superbill.edits import FAMILIES, RULES, check
from superbill.edits.cases import base_claims, cases, made
from superbill.findings import Severity

NAMES = [family.__name__.rsplit(".", 1)[1] for family in FAMILIES]
CASES = [case for family in NAMES for case in cases(family)]


def findings(words):
    return check(*made(words, sample_reference()))


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.rule}: {case.name}") for case in CASES])
def test_an_edit_does_what_its_case_says(case):
    found = findings(case.words)
    mine = [finding for finding in found if finding.rule == case.rule]
    assert not [finding for finding in found if finding.severity is Severity.NOT_CHECKED]
    if case.outcome == "passes":
        assert not mine
    else:
        assert mine, f"found only {sorted({finding.rule for finding in found})}"
        for finding in mine:
            assert str(finding.where) and finding.message.endswith(".") and finding.fix.endswith((".", "…", "…."))
            assert finding.source and finding.severity is not Severity.NOT_CHECKED


def test_every_edit_has_cases_that_pass_and_cases_that_fail():
    assert {case.rule for case in CASES} == set(RULES)
    for outcome in ("passes", "fails"):
        assert set(RULES) - {case.rule for case in CASES if case.outcome == outcome} == set()


@pytest.mark.parametrize("like", base_claims())
def test_the_claims_that_the_cases_start_from_are_clean(like):
    assert findings({"like": like}) == []
