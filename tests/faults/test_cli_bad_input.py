"""Bad input: a clear message with place and fix, nothing half done, and the same command again finishes the work.

Each test ends by comparing with what good input would have come to, so that nothing can be done twice or left out.
"""

import gzip
import json
import os
import resource
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli_runs import (
    CLINIC,
    child,
    columns,
    fold,
    interchange,
    made_once,
    main,
    ok,
    segments,
    shared_folder,
    site,
    story,
)

from superbill.cli.partners import partner

BILLED = ("--date", "2026-11-15")
KEYS = "SELECT key FROM billing_journalentry ORDER BY number"


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


def visits_billed(db):
    """What is charged for each visit, by the chart's own id; and that nothing was charged twice."""
    keys = columns(db, KEYS)
    assert len(keys) == len(set(keys))
    charged = "SELECT e.source_id, e.state, COUNT(l.id), SUM(l.charge) FROM encounters_encounterrow e"
    return columns(db, f"{charged} LEFT JOIN billing_chargeline l ON l.encounter_id = e.id GROUP BY e.id ORDER BY 1")


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


@pytest.fixture(scope="session")
def sent(tmp_path_factory):
    """Claims that were sent and accepted, and the payer's 835, not yet posted. Made once for all test processes."""
    folder = shared_folder(tmp_path_factory.getbasetemp(), "cli-sent")
    with made_once(folder) as fresh:
        if fresh:
            site(folder, "p01", "p05")
            db, exchange = folder / "x.db", f"simulated:{folder / 'exchange'}"
            ok("import", folder / "charts", "--db", db)
            ok("code", "--db", db)
            main("claim", "build", *BILLED, "--db", db)
            fold(db)
            shutil.copy(db, folder / "unsent.db")
            ok("batch", "send", "--to", exchange, *BILLED, "--db", db)
            ok("batch", "receive", "--from", exchange, *BILLED, "--db", db)
            with partner(str(db), exchange, None, datetime(2026, 12, 20, 12, tzinfo=UTC)) as payers:
                ((_, data),) = payers.receive()
            (folder / "835.x12").write_bytes(data)
            fold(db)
    return folder


@pytest.fixture
def mine(sent, tmp_path):
    """A copy to work on; and the 835."""
    for name in ("x.db", "unsent.db", "site.toml", "charge_master.csv", "835.x12"):
        shutil.copy(sent / name, tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def posted(sent, tmp_path_factory):
    """The books when the 835 is posted and nothing goes wrong."""
    folder = tmp_path_factory.mktemp("posted")
    for name in ("x.db", "site.toml", "charge_master.csv"):
        shutil.copy(sent / name, folder)
    ok("remit", "post", sent / "835.x12", *BILLED, "--db", folder / "x.db")
    fold(folder / "x.db")
    return books(folder / "x.db")


def books(db):
    found = story(db)
    return found["entries"], found["balances"], found["claims"]


def post(file, db, *more, code=0):
    return ok("remit", "post", file, *BILLED, "--db", db, *more, code=code)


def changed(data, change):
    """The interchange with each segment as `change(elements)` leaves it."""
    return interchange(["*".join(change(part.split("*"))) for part in segments(data)])


def renumbered(e):
    """Other control numbers throughout, as a clearinghouse gives that sends a file again."""
    places = {"ISA": 13, "IEA": 2, "GS": 6, "GE": 2, "ST": 2, "SE": 2}
    if e[0] in places:
        old = e[places[e[0]]]
        e[places[e[0]]] = str(int(old) + 7).zfill(len(old))
    return e


def test_the_same_835_twice_posts_once(mine, posted):
    assert post(mine / "835.x12", mine / "x.db", "--json").data["posted"] == 1
    again = post(mine / "835.x12", mine / "x.db", "--json").data
    assert (again["posted"], again["already"], again["held"]) == (0, 1, 0)
    other = mine / "again.x12"
    other.write_bytes(changed((mine / "835.x12").read_bytes(), renumbered))
    assert other.read_bytes() != (mine / "835.x12").read_bytes()
    again = post(other, mine / "x.db", "--json").data
    assert (again["posted"], again["already"], again["held"]) == (0, 1, 0)
    assert books(mine / "x.db") == posted


def test_the_same_payment_with_other_figures_is_held(mine, posted):
    post(mine / "835.x12", mine / "x.db")

    def dated(e):
        return [*e[:16], "20261221", *e[17:]] if e[0] == "BPR" else e

    (mine / "other.x12").write_bytes(changed((mine / "835.x12").read_bytes(), dated))
    said = post(mine / "other.x12", mine / "x.db", code=1).out
    assert "✗ remit.trace-number-again  other.x12, TRN02" in said and "Ask the payer which of the two is right" in said
    assert books(mine / "x.db") == posted


def test_an_835_that_does_not_balance_is_held_and_the_right_one_posts(mine, posted):
    before = books(mine / "x.db")

    def too_much(e):
        return [e[0], e[1], str(int(float(e[2])) + 100), *e[3:]] if e[0] == "BPR" else e

    wrong = mine / "wrong.x12"
    wrong.write_bytes(changed((mine / "835.x12").read_bytes(), too_much))
    checked = main("remit", "check", wrong)
    assert checked.code == 1 and "BPR02" in checked.out and "not fit to be posted" in checked.out
    said = post(wrong, mine / "x.db", code=1).out
    assert "wrong.x12" in said and "BPR02" in said and "0 payments posted" in said
    assert "Ask the payer for a corrected file" in said
    assert books(mine / "x.db") == before
    post(wrong, mine / "x.db", code=1)
    post(mine / "835.x12", mine / "x.db")
    assert books(mine / "x.db") == posted
    ok("doctor", "--db", mine / "x.db")


def test_an_835_for_unknown_claims_waits_for_them(mine):
    """Its claims are not sent yet in this database: nothing is posted. Once they are, the same file posts."""
    db = mine / "unsent.db"
    before = books(db)
    said = post(mine / "835.x12", db, code=1).out
    assert "✗ remit.unknown-claims  835.x12" in said and "Nothing was posted" in said
    assert books(db) == before
    listed = ok("remit", "list", "--state", "held", "--json", "--db", db).data["remittances"]
    assert len(listed) == 1 and listed[0]["findings"]
    ok("batch", "send", *BILLED, "--db", db)
    assert post(mine / "835.x12", db, "--json").data["posted"] == 1
    visits_billed(db)
    assert ok("remit", "list", "--state", "held", "--json", "--db", db).data["remittances"] == []
    ok("doctor", "--db", db)


def test_an_835_cut_off_is_not_posted_in_part(mine, posted):
    whole = (mine / "835.x12").read_bytes()
    before = books(mine / "x.db")
    for share in (0.2, 0.5, 0.9):
        (mine / "part.x12").write_bytes(whole[: int(len(whole) * share)])
        said = main("remit", "post", mine / "part.x12", "--db", mine / "x.db")
        assert said.code in (1, 2) and "part.x12" in said.out + said.err
        assert books(mine / "x.db") == before
    post(mine / "835.x12", mine / "x.db")
    assert books(mine / "x.db") == posted


def test_what_is_no_835_is_not_taken_for_one(mine):
    (mine / "letter.x12").write_text("Dear provider, we have paid you.", "ascii")
    said = main("remit", "post", mine / "835.x12", mine / "letter.x12", "--db", mine / "x.db")
    assert said.code == 2 and "letter.x12: is no X12 file that can be read. Nothing was posted" in said.err
    assert not columns(mine / "x.db", "SELECT 1 FROM remits_remittancerow")
    assert main("remit", "check", mine / "letter.x12").code == 2
    assert main("claim", "check", mine / "835.x12").err.count("holds no 837") == 1


@pytest.mark.parametrize("kilobytes", [8, 64, 200])
def test_a_disk_that_fills_while_posting_leaves_nothing_half_posted(mine, posted, kilobytes):
    db = mine / "x.db"
    before = books(db)

    def full():
        limit = kilobytes * 1024
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    stopped = child("remit", "post", mine / "835.x12", *BILLED, "--db", db, before=full)
    after = books(db)
    assert (stopped.code, after) in ((2, before), (0, posted)), stopped.out
    if stopped.code:
        assert stopped.out.startswith("Error: ") and "half-" in stopped.out and "Traceback" not in stopped.out
    assert ok("doctor", "--db", db).code == 0
    post(mine / "835.x12", db)
    assert books(db) == posted


def test_the_disk_did_fill(mine):
    """The smallest of the limits above does stop a posting: the test before would otherwise prove nothing."""

    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    assert child("remit", "post", mine / "835.x12", "--db", mine / "x.db", before=full).code == 2


def claims_837(db):
    (row,) = columns(db, "SELECT content FROM claims_batch ORDER BY id LIMIT 1")
    return bytes(row[0])


def test_a_claim_without_diagnosis_in_an_837_is_found(mine):
    (mine / "c.837").write_bytes(
        interchange([s for s in segments(claims_837(mine / "x.db")) if not s.startswith("HI*")])
    )
    found = ok("claim", "check", mine / "c.837", *BILLED, "--json", code=1).data["claims"]
    rules = {one["rule"] for row in found for one in row["findings"]}
    assert any(rule.startswith("diagnosis.") for rule in rules) and any(rule.startswith("x12.") for rule in rules)


def test_a_negative_charge_is_found_wherever_it_comes_from(mine):
    def negative(e):
        if e[0] == "SV1":
            e[2] = "-" + e[2]
        if e[0] == "CLM":
            e[2] = "-" + e[2]
        return e

    (mine / "c.837").write_bytes(changed(claims_837(mine / "x.db"), negative))
    said = ok("claim", "check", mine / "c.837", *BILLED, code=1).out
    assert "✗" in said and "negative" in said.lower()
    prices = (mine / "charge_master.csv").read_text("utf-8").splitlines()
    place = next(number for number, line in enumerate(prices) if line.startswith("99213,"))
    mended = "\n".join(prices)
    prices[place] = "99213,,2015-01-01,-210"
    (mine / "charge_master.csv").write_text("\n".join(prices), "utf-8")
    before = books(mine / "unsent.db")
    refused = main("claim", "build", "--db", mine / "unsent.db")
    assert refused.code == 2 and f"charge_master.csv:{place + 1}" in refused.err, refused.err
    assert books(mine / "unsent.db") == before
    (mine / "charge_master.csv").write_text(mended, "utf-8")
    ok("claim", "build", "--db", mine / "unsent.db", code=0)


SITES = {
    "no TOML": ("practice = [", "site.toml: not TOML"),
    "a wrong name": ("default_provder = 'x'\n", "site.toml: "),
    "nothing": ("", "site.toml: "),
}


@pytest.mark.parametrize("what", SITES)
def test_a_site_file_that_cannot_be_used_is_named(mine, what):
    text, said = SITES[what]
    (mine / "site.toml").write_text(text, "utf-8")
    for line in ("claim build", "batch send", "doctor"):
        refused = main(*line.split(), "--db", mine / "x.db")
        assert refused.code == 2 and said in refused.err and "Traceback" not in refused.err


def test_a_missing_site_file_and_missing_prices_are_named(mine):
    (mine / "charge_master.csv").unlink()
    assert "charge_master.csv: no charge master" in main("claim", "build", "--db", mine / "x.db").err
    (mine / "site.toml").unlink()
    assert "site.toml: no site file" in main("claim", "build", "--db", mine / "x.db").err
    ok("doctor", "--db", mine / "x.db")


def test_another_practices_site_file_opens_no_practice(mine):
    text = (mine / "site.toml").read_text("utf-8").replace('key = "lakeland"', 'key = "hillside"')
    (mine / "other.toml").write_text(text, "utf-8")
    for line in ("claim build", "doctor"):
        refused = main(*line.split(), "--db", mine / "x.db", "--site", mine / "other.toml")
        assert refused.code == 2 and "no practice 'hillside' in it. Name one of lakeland" in refused.err
    assert columns(mine / "x.db", "SELECT key FROM practices_practice") == [("lakeland",)]


def test_what_is_no_database_is_left_alone(mine):
    fake = mine / "notes.db"
    fake.write_text("These are my notes, not a database.", "utf-8")
    for line in ("doctor", "import charts", "code", "batch send"):
        refused = main(*line.split(), "--db", fake)
        assert refused.code == 2 and "notes.db: is not a database. Nothing was changed" in refused.err
    assert fake.read_text("utf-8").startswith("These are my notes")
    nowhere = main("doctor", "--db", "postgresql://nobody@127.0.0.1:1/none")
    assert nowhere.code == 2 and "Check that the server runs" in nowhere.err


def test_a_database_that_may_not_be_written_is_named(mine):
    ok("doctor", "--db", mine / "x.db")  # so that the child below has nothing left to load
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(mine / "x.db", folder)
        (folder / "x.db").chmod(0o444)
        folder.chmod(0o555)

        def nobody():
            if os.getuid() == 0:
                os.setuid(65534)

        refused = child("doctor", "--db", folder / "x.db", before=nobody)
        folder.chmod(0o755)
    assert refused.code == 2 and "x.db: no permission to write" in refused.out
