"""`superbill rules`, `claim fix` and `claim override` do what they say, on a part of the bundled clinic."""

import json
import sqlite3

import pytest
from tests.cli_runs import PATIENTS, demo_args, fold, made_once, main, ok, shared_folder, site
from tests.spec.test_cli_commands import copy_of

PACK = """pack: blue-peak
version: {version}
source: the payer's manual
rules:
  - id: dear
    severity: warning
    when: {{field: line.charge, above: {limit}}}
    say: "{{line.code}} is dear."
    fix: Ask first.
    where: line.charge
"""


@pytest.fixture(scope="session")
def clinic_of_rules(tmp_path_factory):
    folder = shared_folder(tmp_path_factory.getbasetemp(), "cli-clinic")
    with made_once(folder) as fresh:
        if fresh:
            site(folder, *PATIENTS)
            ok(*demo_args(folder, folder / "out"))
            fold(folder / "out" / "superbill.db")
    return folder / "out"


@pytest.fixture
def db(clinic_of_rules, tmp_path):
    return copy_of(clinic_of_rules, tmp_path)


@pytest.fixture
def held(db):
    """The control number of the visit that was entered twice."""
    claims = ok("claim", "list", "--state", "held", "--limit", 0, "--db", db, "--json").data
    rows = claims["claims"] if isinstance(claims, dict) else claims
    numbers = [row["control_number"] for row in rows]
    shown = {number: ok("claim", "show", number, "--db", db, "--json").data for number in numbers}
    return next(n for n, one in shown.items() if any(f["rule"] == "history.sent-before" for f in one["findings"]))


def pack(folder, *, version=1, limit="100.00"):
    path = folder / "blue-peak.yaml"
    path.write_text(PACK.format(version=version, limit=limit))
    return path


def test_the_list_is_narrowed_by_family_form_and_payer():
    every = {one["rule"] for one in ok("rules", "list", "--json").data}
    medicare = {
        one["rule"] for one in ok("rules", "list", "--form", "institutional", "--payer", "medicare", "--json").data
    }
    dental = {one["rule"] for one in ok("rules", "list", "--form", "dental", "--json").data}
    assert len(every) >= 400
    assert "oce.inpatient-only" in medicare and "dental.tooth" not in medicare
    assert "dental.tooth" in dental and "bill.type" not in dental
    assert "no family" in main("rules", "list", "--family", "nothing").err


def test_a_rule_is_shown_with_its_source_and_cases():
    shown = ok("rules", "show", "bill.room-days", "--json").data
    assert shown["forms"] == ["institutional"] and "Claims Processing Manual" in shown["source"]
    assert {case["outcome"] for case in shown["cases"]} == {"passes", "fails"}
    assert "Near: bill.room-days" in main("rules", "show", "bill.rom-days").err


def test_the_cases_of_rules_run_from_the_command_line():
    said = ok("rules", "test", "bill.room-days", "mue.line", "payer.timely-filing", "--json").data
    assert said["rules"] == 3 and said["cases"] > 10 and said["wrong"] == []


def test_a_rule_explains_why_it_speaks_and_why_not(db, held):
    (found,) = ok("rules", "explain", "history.sent-before", held, "--db", db, "--json").data
    assert found["findings"] and found["answer"] == f"it finds {len(found['findings'])}."
    (silent,) = ok("rules", "explain", "bill.room-days", held, "--db", db, "--json").data
    assert "about institutional claims; this one is professional" in silent["answer"]
    (lacking,) = ok("rules", "explain", "mpfs.assistant", held, "--db", db, "--json").data
    assert lacking["findings"] == []


def test_a_claim_that_was_set_aside_is_ready_and_tells_who_and_why(db, held):
    refused = main("claim", "override", held, "history.sent-before", "--reason", "no", "--db", db)
    assert refused.code == 2 and "10 characters" in refused.err
    ok("claim", "override", held, "history.sent-before", "--reason", "Second visit in the evening", "--db", db)
    shown = ok("claim", "show", held, "--db", db, "--json").data
    (mine,) = [one for one in shown["findings"] if one["rule"] == "history.sent-before"]
    assert shown["state"] == "ready" and mine["override"]["reason"] == "Second visit in the evening"
    checked = ok("claim", "check", "--db", db, "--json", code=main("claim", "check", "--db", db).code).data
    assert not [one for one in checked["claims"] if one["control_number"] == held and one["state"] == "held"]
    ok("claim", "override", held, "history.sent-before", "--withdraw", "--db", db, code=1)
    assert ok("claim", "show", held, "--db", db, "--json").data["state"] == "held"


def test_a_slip_that_a_finding_can_mend_is_mended(db, held):
    books = sqlite3.connect(db)
    ((doc,),) = books.execute("SELECT doc FROM claims_claimrow WHERE control_number = ?", (held,)).fetchall()
    claim = json.loads(doc)
    claim["diagnoses"][0]["code"] = claim["diagnoses"][0]["code"][:3] + "." + claim["diagnoses"][0]["code"][3:]
    books.execute("UPDATE claims_claimrow SET doc = ? WHERE control_number = ?", (json.dumps(claim), held))
    books.commit()
    books.close()
    told = main("claim", "fix", held, "--rule", "diagnosis.dot", "--db", db)
    assert "replace /diagnoses/0/code" in told.out
    shown = ok("claim", "show", held, "--db", db, "--json").data
    assert shown["claim"]["diagnoses"][0]["code"] == json.loads(doc)["diagnoses"][0]["code"]
    again = main("claim", "fix", held, "--rule", "diagnosis.dot", "--db", db)
    assert again.code == 2 and "nothing that diagnosis.dot found on it can be mended" in again.err


def test_a_pack_is_checked_replayed_activated_changed_and_retired(db, held, tmp_path):
    path = pack(tmp_path)
    assert ok("rules", "check", path, "--json").data["rules"] == ["dear"]
    tried = ok("rules", "replay", path, "--db", db, "--json").data
    assert tried["claims"] > 5 and tried["tallies"][0]["rule"] == "pack.blue-peak.dear"
    ok("rules", "activate", path, "--db", db)
    checked = ok("claim", "check", "--db", db, "--json", code=1).data
    rules = {finding["rule"] for one in checked["claims"] for finding in one["findings"]}
    assert "pack.blue-peak.dear" in rules
    assert "Give the changed pack version 2" in main("rules", "activate", path, "--db", db).err
    ok("rules", "activate", pack(tmp_path, version=2, limit="9000.00"), "--db", db)
    assert [(one["version"], one["state"]) for one in ok("rules", "packs", "--db", db, "--json").data] == [
        (2, "at work")
    ]
    ok("rules", "retire", "blue-peak", "--db", db)
    assert "no pack of this name" in main("rules", "retire", "blue-peak", "--db", db).err


def test_every_mistake_in_a_pack_is_told_with_file_line_and_key(tmp_path):
    path = tmp_path / "wrong.yaml"
    path.write_text(PACK.format(version=1, limit="much").replace("severity: warning", "severity: loud"))
    said = main("rules", "check", path)
    assert said.code == 2
    assert "wrong.yaml:6: severity: 'loud' is none of error, warning, information." in said.err
    assert "wrong.yaml:7: above: 'much' is not an amount like 120.00." in said.err


def test_drafts_from_denials_are_a_pack_that_can_be_replayed(db, tmp_path):
    path = tmp_path / "drafts.yaml"
    found = ok("rules", "propose", "--denied", 2, "-o", path, "--db", db, "--json").data
    if found:  # as many as the clinic's payers refused alike
        assert {one["rule"]["id"] for one in found} == set(ok("rules", "check", path, "--json").data["rules"])
    else:
        assert not path.exists()
