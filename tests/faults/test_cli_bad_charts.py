"""Bad charts: a clear message with place and fix, the others imported, and the rest once the file is mended.

Each test ends by comparing with what good input comes to, so that nothing can be done twice or left out.
"""

import gzip
import json
import os
import sys

import pytest
from tests.cli_runs import BILLED, CLINIC, child, columns, fold, main, ok, site, visits_billed


def bundle(patient):
    (file,) = (CLINIC / "charts").glob(f"{patient}-*.json")
    return json.loads(file.read_bytes())


def edited(patient, kind, change):
    """The patient's bundle with every resource of `kind` changed; None from `change` leaves it out."""
    chart = bundle(patient)
    kept = []
    for entry in chart["entry"]:
        if entry["resource"]["resourceType"] == kind:
            entry = change(entry)
        if entry is not None:
            kept.append(entry)
    return json.dumps({**chart, "entry": kept}).encode()


def for_another(entry):
    return {**entry, "resource": {**entry["resource"], "beneficiary": {"reference": "Patient/somebody-else"}}}


def bill(folder, db):
    """Code and build everything imported into `db`; what the books and claims come to."""
    where = ("--db", db, "--site", folder / "site.toml")
    main("code", "--held", *where)
    main("claim", "build", *BILLED, *where)
    ok("doctor", "--db", db)
    fold(db)
    return visits_billed(db)


CHARTS = {
    "not FHIR": (b"Dear colleague, the patient was seen today.", "chart.not-fhir", "new.json.gz"),
    "truncated gzip": (gzip.compress(json.dumps(bundle("p41")).encode())[:900], "chart.broken-gzip", "new.json.gz"),
    "no patient": (edited("p41", "Patient", lambda _: None), "chart.no-patient", "new.json.gz"),
    "coverage of another": (edited("p41", "Coverage", for_another), "chart.other-patients-coverage", "new.json.gz"),
}


@pytest.fixture(scope="module")
def charts_billed(tmp_path_factory):
    """What p01 and p41 come to when nothing is wrong."""
    folder = site(tmp_path_factory.mktemp("good"), "p01")
    (folder / "charts" / "new.json.gz").write_bytes(gzip.compress(json.dumps(bundle("p41")).encode()))
    ok("import", folder / "charts", "--db", folder / "x.db")
    return bill(folder, folder / "x.db")


@pytest.mark.parametrize("what", CHARTS)
def test_a_bad_chart_file_costs_no_other_and_is_imported_once_mended(what, charts_billed, tmp_path):
    bad, rule, name = CHARTS[what]
    folder = site(tmp_path / "here", "p01")
    file, db = folder / "charts" / name, folder / "x.db"
    file.write_bytes(bad)
    first = ok("import", folder / "charts", "--json", "--db", db, code=1).data
    (found,) = (one for one in first["findings"] if one["rule"] == rule)
    assert found["where"]["file"] == name and found["fix"]
    assert f"✗ {rule}  {name}" in ok("import", folder / "charts", "--db", db, code=1).out
    assert first["counts"]["encounters_new"] >= 6, "the good chart was imported"
    if first["counts"]["encounters_new"] == 6:  # else p41 came without its coverage: nobody bills before it is mended
        bill(folder, db)
    file.write_bytes(gzip.compress(json.dumps(bundle("p41")).encode()))
    again = ok("import", folder / "charts", "--json", "--db", db).data["counts"]
    assert first["counts"]["encounters_new"] + again["encounters_new"] == 9
    assert bill(folder, db) == charts_billed


def test_nothing_to_read_is_said(tmp_path):
    folder = site(tmp_path / "here")
    missing = main("import", folder / "nowhere", "--db", folder / "x.db")
    assert missing.code == 2 and f"{folder / 'nowhere'}: no such file or folder" in missing.err
    (folder / "empty").mkdir()
    empty = main("import", folder / "empty", "--db", folder / "x.db")
    assert empty.code == 2 and "holds no chart files. Give FHIR" in empty.err


def test_a_visit_without_diagnosis_waits_until_it_has_one(tmp_path):
    folder = site(tmp_path / "here", "p40")
    file, db = next((folder / "charts").glob("p40-*")), folder / "x.db"
    where = ("--db", db, "--site", folder / "site.toml")
    whole = file.read_bytes()
    file.write_bytes(edited("p40", "Condition", lambda _: None))
    ok("import", folder / "charts", "--db", db)
    coded = ok("code", *where, "--json", code=1).data
    assert coded["counts"]["held"] >= 1
    held = columns(db, "SELECT account_number FROM encounters_encounterrow WHERE state = 'held'")
    said = ok("code", "--show", held[0][0], "--db", db, code=1).out
    assert "✗ coding." in said and "diagnosis" in said
    ok("claim", "build", *BILLED, *where, code=main("claim", "check", *BILLED, *where).code)
    waiting = [row for row in visits_billed(db) if row[1] == "held"]
    assert len(waiting) == len(held) and all(row[2] == 0 for row in waiting), "nothing of it is charged"
    file.write_bytes(whole)
    ok("import", folder / "charts", "--db", db)
    assert [(row[1], row[2] > 0) for row in bill(folder, db)] == [("billed", True)] * 4


def test_what_a_chart_says_never_steers_the_terminal(tmp_path):
    folder = site(tmp_path / "here")

    def named(entry):
        return {
            **entry,
            "resource": {**entry["resource"], "name": [{"family": "Gale\x1b[2J\x9b31m\u202e", "given": ["A"]}]},
        }

    (folder / "charts" / "p41.json").write_bytes(edited("p41", "Patient", named))
    db = folder / "x.db"
    ok("import", folder / "charts", "--db", db)
    bill(folder, db)
    ((number,), *_) = columns(db, "SELECT control_number FROM claims_claimrow")
    listed = ok("claim", "list", "--db", db).out + ok("claim", "show", number, "--db", db).out
    assert "Gale·[2J·31m·" in listed and not set("\x1b\x9b\u202e") & set(listed)


def test_an_old_terminal_gets_question_marks_and_no_traceback(tmp_path):
    (tmp_path / "letter.json").write_text("Dear colleague", "ascii")

    def old():
        sys.stdout = sys.stderr = os.fdopen(1, "w", encoding="latin-1", closefd=False)

    said = child("code", tmp_path / "letter.json", before=old)
    assert said.code == 1 and "? chart.not-fhir  letter.json" in said.out
