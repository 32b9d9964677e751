"""Every command on its own: what it prints for people, what `--json` promises to machines, how it ends."""

import re
import shlex
import shutil
import sqlite3
from contextlib import closing

import pytest
from tests.cli_runs import PATIENTS, demo_args, fold, made_once, main, ok, shared_folder, site

from superbill.cli.root import STAGES, StagedGroup, root


@pytest.fixture(scope="session")
def clinic(tmp_path_factory):
    """A folder with a finished demo over a part of the clinic; made once for all test processes."""
    folder = shared_folder(tmp_path_factory.getbasetemp(), "cli-clinic")
    with made_once(folder) as fresh:
        if fresh:
            site(folder, *PATIENTS)
            ok(*demo_args(folder, folder / "out"))
            fold(folder / "out" / "superbill.db")
    return folder / "out"


@pytest.fixture(scope="session")
def looked_at(clinic, tmp_path_factory):
    """Its database, to look at, with the site file beside it."""
    return copy_of(clinic, tmp_path_factory.mktemp("read"))


@pytest.fixture
def changed(clinic, tmp_path):
    """A database of one's own to change."""
    return copy_of(clinic, tmp_path)


def copy_of(clinic, folder):
    for name in ("superbill.db", "site.toml", "payers.toml", "charge_master.csv"):
        shutil.copy(clinic / name, folder)
    return folder / "superbill.db"


def write(db, sql):
    """Past the app."""
    with closing(sqlite3.connect(db)) as database, database:
        database.execute(sql)


def claim_in(db, state, **wanted):
    found = ok("claim", "list", "--state", state, "--json", "--db", db).data["claims"]
    fitting = (one for one in found if all(one[name] == value for name, value in wanted.items()))
    return next(fitting)["control_number"]


CLAIM = {
    *("control_number", "payer", "next_payer", "state", "payer_control_number"),
    *("charge", "claim", "findings", "answers"),
}
READING = [
    ("claim list", {"total", "claims"}),
    ("claim show A1001P1", CLAIM),
    ("claim show A1001P1 --x12", {"control_number", "x12", "findings"}),
    ("code --show A1001", {"encounters"}),
    ("batch list", {"batches"}),
    ("batch list --received", {"files"}),
    ("remit list", {"remittances"}),
    ("statement list", {"statements"}),
    ("ledger show A1001", {"lines", "entries", "unapplied", "balance", "explained"}),
    ("ledger show A1001P1", {"lines", "entries", "unapplied", "balance", "explained"}),
    ("ledger show --patient p01", {"lines", "entries", "unapplied", "balance", "explained"}),
    ("ledger journal", {"entries"}),
    ("report aging", {"as_of", "buckets", "rows", "total"}),
    ("report summary", {"summary", "findings"}),
    ("doctor", {"proof", "healthy", "entries", "unbalanced", "lines", "findings"}),
]


@pytest.mark.parametrize(("line", "keys"), READING, ids=[line for line, _ in READING])
def test_a_reading_command_tells_people_and_machines(looked_at, line, keys):
    for_people = ok(*line.split(), "--db", looked_at)
    assert for_people.out.strip() and not for_people.err
    assert ok(*line.split(), "--json", "--db", looked_at).data.keys() == keys


def test_reading_needs_no_site_file_and_makes_no_database(looked_at, tmp_path):
    alone = tmp_path / "alone.db"
    shutil.copy(looked_at, alone)
    for line, _ in READING:
        if "--x12" not in line:
            ok(*line.split(), "--db", alone)
            missing = main(*line.split(), "--db", tmp_path / "typo.db")
            assert missing.code == 2 and "typo.db: no such database" in missing.err, line
    assert not (tmp_path / "typo.db").exists()
    without = main("claim", "show", "A1001P1", "--x12", "--db", alone)
    assert without.code == 2 and "site.toml: no site file" in without.err


def test_the_doctor_prints_the_proof(looked_at):
    assert re.search(r"^ledger balanced: \d+ entries, 0 unbalanced$", ok("doctor", "--db", looked_at).out, re.MULTILINE)


def test_the_doctor_names_a_difference_with_place_and_fix(changed):
    import sqlite3

    with sqlite3.connect(changed) as database:
        database.execute(
            "UPDATE billing_linebalance SET paid = paid + 100, insurance = insurance - 100 WHERE line_id = 1"
        )
    database.close()
    found = ok("doctor", "--json", "--db", changed, code=1).data
    assert not found["healthy"] and found["unbalanced"] == 0
    assert all(one["fix"] and one["where"] for one in found["findings"])
    assert "✗ doctor." in ok("doctor", "--db", changed, code=1).out


def test_the_ledger_explains_every_cent(looked_at):
    shown = ok("ledger", "show", "A1001", "--json", "--db", looked_at).data
    b = shown["balance"]
    assert shown["explained"] and b["charge"] == b["paid"] + b["adjusted"] + b["insurance"] + b["patient"] > 0
    assert b["charge"] == sum(line["balance"]["charge"] for line in shown["lines"])
    text = ok("ledger", "show", "A1001", "--db", looked_at).out
    assert "charged = " in text and "paid by Medicare Part B" in text and "DOES NOT ADD UP" not in text


def test_a_patients_ledger_holds_all_their_visits(looked_at):
    visits = {
        line["account_number"]
        for line in ok("ledger", "show", "--patient", "p01", "--json", "--db", looked_at).data["lines"]
    }
    assert len(visits) > 1
    assert ok("ledger", "show", "--patient", "1", "--db", looked_at).out.count("A1001") >= 1


def test_the_journal_goes_on_where_one_left_off(looked_at):
    first = ok("ledger", "journal", "--limit", "3", "--json", "--db", looked_at).data["entries"]
    rest = ok("ledger", "journal", "--after", "3", "--limit", "2", "--json", "--db", looked_at).data["entries"]
    assert [one["number"] for one in first + rest] == [1, 2, 3, 4, 5]
    assert "Go on: superbill ledger journal --after 3" in ok("ledger", "journal", "--limit", "3", "--db", looked_at).out


def test_aging_adds_up_whatever_the_day(looked_at):
    before = ok("report", "aging", "--as-of", "2000-01-01", "--json", "--db", looked_at).data
    early = ok("report", "aging", "--as-of", "2027-01-01", "--json", "--db", looked_at).data
    late = ok("report", "aging", "--as-of", "2028-01-01", "--json", "--db", looked_at).data
    assert before["total"] == 0, "nobody owed anything before the first visit"
    assert early["total"] == late["total"] == sum(sum(row["cents"]) for row in late["rows"]) != 0
    assert all(sum(row["cents"][:-1]) == 0 for row in late["rows"]), "everything is older than 120 days by then"
    table = ok("report", "aging", "--db", looked_at).out
    assert "medicare" in table.casefold() and table.splitlines()[-1].startswith("all")


def test_a_claim_is_told_in_words_as_x12_and_on_paper(looked_at, tmp_path):
    words = ok("claim", "show", "A1001P1", "--db", looked_at).out
    assert "Claim A1001P1 to Medicare Part B" in words and "Oakes" in words
    x12 = ok("claim", "show", "A1001P1", "--x12", "--db", looked_at).out
    assert x12.startswith("ISA*") and "CLM*A1001P1*" in x12
    for option in ("--background", "--no-background"):
        ok("claim", "print", "A1001P1", "-o", tmp_path / f"{option}.pdf", option, "--db", looked_at)
        assert (tmp_path / f"{option}.pdf").read_bytes().startswith(b"%PDF-")


def test_claims_are_listed_by_state_and_payer(looked_at):
    everything = ok("claim", "list", "--json", "--db", looked_at).data
    paid = ok("claim", "list", "--state", "paid", "--payer", "medicare", "--json", "--db", looked_at).data
    assert 0 < paid["total"] < everything["total"]
    assert {(one["state"], one["payer"]) for one in paid["claims"]} == {("paid", "medicare")}
    short = ok("claim", "list", "--limit", "1", "--json", "--db", looked_at).data
    assert (len(short["claims"]), short["total"]) == (1, everything["total"])


def test_an_837_is_checked_without_a_database(clinic):
    file = next((clinic / "837").glob("*medicare*"))
    found = ok(
        "claim", "check", file, "--date", "2026-11-15", "--json", "--site", clinic / "site.toml", code=(None or 0)
    )
    assert found.data["checked"] >= 1 and found.data["with_errors"] == 0


def test_an_835_is_checked_and_shown(clinic, looked_at):
    file = min((clinic / "835").glob("*"))
    payment = ok("remit", "check", file, "--json").data["payments"][0]
    shown = ok("remit", "show", payment["trace_number"], "--json", "--db", looked_at).data["remittances"][0]
    assert shown["payment_amount"] == payment["payment_amount"] and shown["state"] == "posted"
    assert len(shown["claims"]) == payment["claims"]
    assert payment["trace_number"] in ok("remit", "show", payment["trace_number"], "--db", looked_at).out


def test_charts_are_coded_straight_from_files(clinic, tmp_path):
    charts = clinic.parent / "charts"
    found = ok("code", "--from", charts, "--json", "--site", clinic / "site.toml", code=1).data
    assert found.keys() == {"counts", "encounters", "read", "findings"}
    assert found["counts"]["coded"] > found["counts"]["held"] >= 1
    services = [service for one in found["encounters"] for service in one["coded"].get("services", [])]
    assert all(service["procedure"]["evidence"] and service["procedure"]["rule"] for service in services)
    (file,) = charts.glob("p01-*.json")
    text = ok("code", file).out
    assert "as recorded" in text and " × 1 for 1" in text
    assert not list(tmp_path.iterdir())


def test_a_void_takes_back_what_the_payer_decided(changed):
    number = claim_in(changed, "paid", payer="keystone")
    opened = ok("claim", "void", number, "--json", "--db", changed).data
    assert (opened["frequency"], opened["state"]) == ("8", "ready")
    again = main("claim", "void", number, "--db", changed)
    assert again.code == 2 and f"has a later version already, {opened['control_number']}" in again.err


def test_what_the_payer_would_not_take_is_not_opened(changed):
    before = ok("claim", "list", "--json", "--db", changed).data["total"]
    refused = ok("claim", "correct", "A1001P1", "--note", "see records", "--db", changed, code=1).out
    assert "A1001P" in refused and "not opened" in refused and "frequency 7" in refused
    assert ok("claim", "list", "--json", "--db", changed).data["total"] == before


def test_a_rejected_claim_goes_out_again_as_an_original(changed):
    number = claim_in(changed, "paid", payer="bluepeak")
    write(changed, f"UPDATE claims_claimrow SET state = 'rejected' WHERE control_number = '{number}'")
    given = ("--member-id", "BPH700000001", "--date", "2025-09-01", "--json", "--db", changed)
    fresh = ok("claim", "correct", number, *given).data
    assert (fresh["frequency"], fresh["state"]) == ("1", "ready") and fresh["control_number"] != number
    sent = ok("batch", "send", "--json", "--db", changed).data
    assert sent["counts"]["claims"] == 1
    assert (changed.parent / "exchange" / "outbox" / sent["batches"][0]["file_name"]).read_bytes().startswith(b"ISA*")
    assert ok("batch", "send", "--json", "--db", changed).data["batches"] == []


def test_statements_are_the_same_on_the_same_day(changed):
    day = ok("statement", "list", "--json", "--db", changed).data["statements"][-1]["on"]
    run = ("statement", "run", "--everyone", "--json", "--date", day, "--db", changed)
    first = ok(*run, "--no-pdf").data["counts"]
    listed = ok("statement", "list", "--json", "--db", changed).data["statements"]
    assert ok(*run, "--no-pdf").data["counts"] == first
    assert ok("statement", "list", "--json", "--db", changed).data["statements"] == listed
    ok(*run, "--out", changed.parent / "pdf")
    assert len(list((changed.parent / "pdf").glob("statement-S*.pdf"))) == first["statements"] > 0


def test_the_report_is_one_page(looked_at, tmp_path):
    assert ok("report", "html", "-o", tmp_path / "r.html", "--json", "--db", looked_at).data["bytes"] > 10_000
    assert (tmp_path / "r.html").read_text("utf-8").startswith("<!DOCTYPE html>")


def test_working_again_finds_nothing_to_do(changed):
    assert not any(ok("code", "--json", "--db", changed).data["counts"].values())
    built = ok("claim", "build", "--json", "--db", changed).data
    assert not any([*built["counts"].values(), *built["next_payers"].values(), *built["held"]])


WRONG = [
    ("claim show A9P1", "A9P1: no claim with this control number"),
    ("claim print A9P1 -o x.pdf", "A9P1: no claim with this control number"),
    ("ledger show A9", "A9: no account and no claim"),
    ("ledger show", "Name one account or claim"),
    ("ledger show A1001 --patient 1", "Name one account or claim"),
    ("ledger show --patient nobody", "nobody: no patient of this id"),
    ("remit show 42", "42: no payment with this trace number"),
    ("code --show A9", "A9: no visit with this account number"),
    ("claim correct A1001P1", "Nothing to correct"),
    ("claim void A9P1", "A9P1: no claim"),
    ("claim list --state lost", "Invalid value for '--state'"),
    ("report aging --as-of yesterday", "Invalid value for '--as-of'"),
    ("ledger journal --limit 0", "Invalid value for '--limit'"),
    ("batch send --to pigeon:post", "pigeon:post: not a trading partner. Give folder:PATH or simulated:PATH"),
    ("doctor --practice other", "no practice 'other' in it. Name one of lakeland"),
    ("doctor --colour blue", "No such option"),
]


@pytest.mark.parametrize(("line", "said"), WRONG, ids=[line for line, _ in WRONG])
def test_what_cannot_be_is_said_with_exit_code_2(looked_at, line, said):
    ended = main(*line.split(), "--db", looked_at)
    assert ended.code == 2 and said in ended.err and not ended.out


def commands(group, path=()):
    context = root.make_context("superbill", [], resilient_parsing=True)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if hasattr(command, "list_commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def test_help_groups_the_nouns_by_stage():
    text = ok("--help").out
    places = [text.index(f"{stage}:") for stage in STAGES]
    assert places == sorted(places)
    for nouns in STAGES.values():
        assert all(f"\n  {noun} " in text for noun in nouns)
    assert isinstance(root, StagedGroup)


# Servers say nothing; an export of the trail is JSON lines by its own --format.
SPEAKING_OTHERWISE = {("serve",), ("worker",), ("audit", "export")}


@pytest.mark.parametrize("path", [path for path, _ in commands(root)], ids=" ".join)
def test_every_command_has_help_an_example_and_json(path):
    text = ok(*path, "--help").out
    if path[0] not in ("demo", "serve"):
        assert f"\n  superbill {' '.join(path)}" in text, "an example to copy"
    assert "--json" in text or path in SPEAKING_OTHERWISE


EXAMPLES = re.compile(r"^  (superbill (?:claim (?:list|check --db|show|print|build)|report|doctor|ledger|remit list"
                      r"|statement|batch (?:send|list)|code(?: encounters)? --(?:db|show)).*)$",
                      re.MULTILINE)  # fmt: skip


def test_the_examples_of_the_help_run(changed, monkeypatch):
    """Those on a database; the others name files that only their reader has."""
    monkeypatch.chdir(changed.parent)
    changed.rename("practice.db")
    ran = 0
    for path, _ in commands(root):
        for line in EXAMPLES.findall(ok(*path, "--help").out):
            words = shlex.split(line.replace("folder:/srv/clearinghouse", "folder:clearinghouse"))[1:]
            ended = main(*words)  # it may name a row that this practice does not have, never an option that is not
            assert ended.code in (0, 1) or (ended.code == 2 and "Usage:" not in ended.err), line + ended.err
            ran += 1
    assert ran >= 18
