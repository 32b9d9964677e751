"""Synthea's hospital encounters end as the hospital's claim and the professionals', or say why not; all of it on the
books, in 837I files that both judges accept, and on the UB-04."""

import json
import sqlite3
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from tests.cli_runs import main
from tests.judges import judge_files

from superbill.claims.model import Claim
from superbill.codesets.condition_code.lookup import condition
from superbill.codesets.type_of_bill.lookup import refusal
from superbill.findings import Severity
from superbill.forms import ub04

BUNDLES = Path(__file__).parents[3] / "shared" / "data" / "synthea" / "bundles"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not BUNDLES.is_dir(), reason=f"{BUNDLES} is not here"),
]
FILES = 14  # of 60 bundles: enough of every class, and quick
HOSPITAL = frozenset({"19", "21", "22", "23"})
ELSEWHERE = frozenset({"claims.window-joined", "coding.nothing-billable"})


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """What the command said of a run on some of the bundles, and its folder."""
    source, out = tmp_path_factory.mktemp("bundles"), tmp_path_factory.mktemp("run") / "out"
    for path in sorted(BUNDLES.iterdir())[:FILES]:
        (source / path.name).symlink_to(path)
    ended = main("demo", "--from", source, "--shift-dates", 2500, "--out", out, "--no-pdf", "--json")
    assert ended.code == 0, ended.err
    return ended.data, out


@pytest.fixture(scope="module")
def claims(run):
    """Every claim with its encounter, state and findings."""
    with sqlite3.connect(run[1] / "superbill.db") as rows:
        return [
            (encounter, msgspec.json.decode(doc, type=Claim), state, json.loads(findings))
            for encounter, doc, state, findings in rows.execute(
                "SELECT encounter_id, doc, state, findings FROM claims_claimrow"
            )
        ]


@pytest.fixture(scope="module")
def encounters(run):
    """The encounters at a hospital since ICD-10: class, state, and the rules of their findings."""
    found = {}
    with sqlite3.connect(run[1] / "superbill.db") as rows:
        for key, state, doc, coded, findings in rows.execute(
            "SELECT id, state, doc, coded, findings FROM encounters_encounterrow"
        ):
            said = {one["rule"]: one["severity"] for one in json.loads(findings)}
            place = json.loads(coded).get("place_of_service", "")
            if place in HOSPITAL and "coding.before-icd-10" not in said:
                found[key] = (json.loads(doc).get("class_code", "AMB"), state, said)
    return found


def test_every_hospital_encounter_ends_as_both_claims_or_says_why_not(encounters, claims):
    kinds = {key: {claim.kind for encounter, claim, _, _ in claims if encounter == key} for key in encounters}
    told = {
        key: {one["rule"] for encounter, _, _, findings in claims if encounter == key for one in findings}
        for key in encounters
    }
    classes = Counter(kind for kind, _, _ in encounters.values())
    assert classes["IMP"] >= 3 and classes["EMER"] >= 15 and classes["AMB"] >= 8
    both = 0
    for key, (_, state, said) in encounters.items():
        if kinds[key] == {"professional", "institutional"}:
            both += 1
        elif state == "held":
            assert "error" in said.values()
        elif state == "billed" and kinds[key]:
            assert kinds[key] == {"institutional"} or told[key] & ELSEWHERE
        else:
            assert state in ("billed", "not_billable"), said
    assert both >= 0.8 * len(encounters)


def test_every_held_claim_has_an_error_that_says_why(claims):
    held = [findings for _, _, state, findings in claims if state == "held"]
    assert all(any(one["severity"] == Severity.ERROR and one["message"] for one in findings) for findings in held)
    assert len(held) < 0.25 * len(claims)


def test_a_facilitys_claim_is_consistent_with_its_kind_of_bill(claims):
    bills = Counter()
    for _, claim, _, _ in claims:
        detail = claim.institutional
        if detail is None:
            continue
        bills[claim.type_of_bill] += 1
        assert refusal(claim.type_of_bill) is None
        assert all(line.revenue_code for line in claim.lines)
        assert all(condition(code, detail.statement.end) for code in detail.conditions)
        if detail.inpatient:
            assert claim.admission and detail.admitting_diagnosis and detail.discharge_hour
            assert all(diagnosis.poa for diagnosis in claim.diagnoses if not diagnosis.code.startswith("Z"))
            rooms = sum(line.units for line in claim.lines if line.revenue_code.startswith("01"))
            assert [value.amount for value in detail.values if value.code == "80"] == [rooms]
        else:
            assert not detail.procedures and not detail.drg
            assert all(line.procedure.code or line.revenue_code == "0710" for line in claim.lines)
    assert bills["0111"] >= 3 and bills["0131"] >= 15


def test_the_books_balance_with_an_account_for_each_claim(run, claims):
    told, out = run
    assert (told["summary"]["unbalanced"], told["summary"]["differences"]) == (0, 0)
    with sqlite3.connect(out / "superbill.db") as rows:
        charged = dict(rows.execute("SELECT key, charge FROM billing_chargeline"))
    first = [claim for _, claim, _, _ in claims if claim.subscriber.responsibility == "P"]
    assert all(charged[line.control_number] == line.charge for claim in first for line in claim.lines)
    keys = [line.control_number for claim in first for line in claim.lines]
    assert len(keys) == len(set(keys))


def test_both_judges_accept_every_837i(run):
    files = {path.name: path.read_bytes() for path in (run[1] / "837").glob("837I*")}
    assert len(files) >= 5
    assert judge_files(files) == {}


def test_every_facilitys_claim_prints_whole_but_for_a_long_record_number_or_name(claims):
    facility = [claim for _, claim, _, _ in claims if claim.kind == "institutional"]
    cut = {finding.where.field for finding in ub04.findings(facility)}
    assert cut <= {"FL 3b", "FL 50A", "FL 50B", "FL 50C"}
