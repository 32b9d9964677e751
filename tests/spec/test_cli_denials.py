"""Denials, appeals and tasks from the command line: what it prints, what --json promises, how it ends."""

import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.app_samples import AT, billed, remittance, usual_answer
from tests.cli_runs import PRICES, main

from superbill.app.accounts.actors import system_actor
from superbill.app.boot import connect
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import decoded, encoded
from superbill.app.practices.actions import open_practice
from superbill.app.remits.actions import post_remittance
from superbill.claims.model import Claim

SITE = """
default_provider = "lopez"
default_location = "main"
as_of = 2026-11-20

[practice]
key = "lakeside"
name = "Lakeside Family Medicine"
npi = "1234567893"
tin = "123456789"
taxonomy = "207Q00000X"
address = { line1 = "100 Shore Drive", city = "Springfield", state = "IL", postal_code = "627010001" }
contact = { name = "Billing", phone = "2175550100" }

[trading]
submitter_id = "LAKE"
receiver_id = "ONE"
receiver_name = "Payer One"

[[providers]]
key = "lopez"
last = "Lopez"
first = "Maria"
npi = "1245319599"
taxonomy = "207Q00000X"

[[locations]]
key = "main"
name = "Lakeside"
place_of_service = "11"
address = { line1 = "100 Shore Drive", city = "Springfield", state = "IL", postal_code = "627010001" }

[[payers]]
key = "one"
name = "Payer One"
id = "00001"
claim_filing_indicator = "CI"
address = { line1 = "PO Box 1", city = "Springfield", state = "IL", postal_code = "627010001" }

[[payers.appeal_levels]]
name = "Dispute"
days = 90

[money.write_off_limits]
system = 3000
"""


@pytest.fixture(scope="module")
def office(sqlite_files, tmp_path_factory):
    """A database with four refused lines, and its site file."""
    folder = tmp_path_factory.mktemp("denials")
    with sqlite_files.fresh() as address:
        connect(address)
        system = system_actor(open_practice("lakeside", "Lakeside Family Medicine").pk)
        claims = billed(system)
        at_home(system)
        post_remittance(system, remittance("T1", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
        from superbill.app.boot import disconnect

        disconnect()
        for file in Path(address).parent.glob(f"{Path(address).name}*"):
            shutil.copy(file, folder / file.name.replace(Path(address).name, "practice.db"))
    (folder / "site.toml").write_text(SITE)
    shutil.copy(PRICES, folder / "charge_master.csv")
    return folder


def at_home(system):
    """The sample's patients get the address that a clean claim has."""
    for row in system.scope.rows(ClaimRow):
        claim = decoded(row.doc, Claim, row.control_number)
        row.doc = encoded(replace(claim, patient=replace(claim.patient, address=claim.billing.address)))
        row.save(update_fields=["doc"])


@pytest.fixture
def db(office, tmp_path):
    """One's own copy of it."""
    for file in office.iterdir():
        shutil.copy(file, tmp_path)
    return tmp_path / "practice.db"


def ok(*args):
    ended = main(*args)
    assert ended.code == 0, ended.err
    return ended


def test_the_queue_shows_each_factor_of_its_rank(db):
    ok("work", "refresh", "--db", db)  # the site's levels are the practice's from now on
    data = ok("denial", "list", "--json", "--db", db).data
    assert (data["total"], data["amount"]) == (4, 120_00)
    rank = data["denials"][0]["rank"]
    assert rank["score"] == round(rank["amount"] * rank["chance"] * rank["urgency"])
    assert set(rank) == {
        *("score", "amount", "chance", "estimate", "resolved", "won", "urgency", "days_left", "formula"),
    }
    assert data["denials"][0]["appeal_by"]["what"] == "Dispute"
    assert ok("denial", "list", "--category", "eligibility", "--json", "--db", db).data["total"] == 0
    assert "CO-50" in ok("denial", "list", "--db", db).out


def test_one_denial_tells_its_cause_and_what_was_done(db):
    ok("denial", "tell", "A1001P1", "note", "called the payer", "--db", db)
    out = ok("denial", "show", "A1001P1", "--db", db).out
    for words in ("CO-50", "Mend:", "days left", "Rank: $30.00", "called the payer"):
        assert words in out, words
    missing = main("denial", "show", "A9999P1", "--db", db)
    assert missing.code == 2
    assert "superbill denial list" in missing.err


def test_the_letter_is_refused_by_name_until_its_facts_are_there(db, tmp_path):
    out = tmp_path / "letter.pdf"
    lacking = main("appeal", "letter", "A1001P1", out, "--json", "--db", db)
    assert lacking.code == 1
    assert any("who signs it" in each for each in lacking.data["missing"])
    assert not out.exists()
    words = ("--signer", "Dana Whitfield", "--because", "The test changed the treatment.")
    ok("appeal", "letter", "A1001P1", out, *words, "--db", db)
    assert out.read_bytes().startswith(b"%PDF")
    assert ok("appeal", "list", "--json", "--db", db).data["appeals"] == []


def test_an_appeal_is_filed_decided_and_kept_with_its_letter(db, tmp_path):
    out = tmp_path / "letter.pdf"
    words = ("--letter", out, "--signer", "Dana Whitfield", "--because", "The test changed the treatment.")
    filed = ok("appeal", "file", "A1001P1", *words, "--json", "--db", db).data
    assert (filed["level"], filed["disputed"]) == ("Dispute", 30_00)
    again = main("appeal", "file", "A1001P1", "--on", "2026-11-19", "--db", db)
    assert again.code == 2
    assert "superbill appeal decide A1001P1" in again.err
    ok("appeal", "decide", "A1001P1", "upheld", "--note", "policy not met", "--db", db)
    (one,) = ok("appeal", "list", "--json", "--db", db).data["appeals"]
    assert (one["result"], one["recovered"]) == ("upheld", 0)
    assert ok("denial", "show", "A1001P1", "--json", "--db", db).data["state"] == "exhausted"
    assert kept_letter(db, one["row"]) == out.read_bytes()


def kept_letter(db, step):
    from superbill.app.boot import disconnect
    from superbill.app.denials.queries import letter_of
    from superbill.app.practices.queries import practice
    from superbill.forms.letter import render

    connect(str(db))
    try:
        return render(letter_of(system_actor(practice("lakeside").pk).scope, step))
    finally:
        disconnect()


def test_a_corrected_claim_is_opened_with_the_payers_number_and_awaits_its_batch(db):
    wrong = main("denial", "correct", "A1001P1", "--modifier", "9:59", "--db", db)
    assert wrong.code == 2
    assert "--modifier 9:59" in wrong.err
    data = ok("denial", "correct", "A1001P1", "--note", "SEE RECORD", "--json", "--db", db).data
    assert (data["control_number"], data["frequency"], data["state"]) == ("A1001P2", "7", "ready")
    shown = ok("denial", "show", "A1001P1", "--json", "--db", db).data
    assert (shown["state"], [step["kind"] for step in shown["steps"]]) == ("corrected", ["corrected"])
    assert ok("claim", "show", "A1001P2", "--json", "--db", db).data["claim"]["payer_control_number"] == "PCN1"
    held = main("denial", "correct", "A1002P1", "--member-id", " ", "--json", "--db", db)
    assert (held.code, held.data["state"]) == (1, "not opened")
    assert ok("denial", "show", "A1002P1", "--json", "--db", db).data["state"] == "open"


def test_giving_up_keeps_to_the_limit_and_billing_the_patient_to_the_law(db):
    posted = ok("denial", "write-off", "A1001P1", "--json", "--db", db).data
    assert posted["amount"] == 30_00
    over = main("denial", "write-off", "A1002P1", "--db", db)  # the same patient, the same day
    assert over.code == 2
    assert "approval" in over.err
    assert ok("denial", "write-off", "A1002P1", "--ask", "--json", "--db", db).data["approval"]
    refused = main("denial", "bill-patient", "A1002P1", "--why", "not-covered", "--db", db)
    assert refused.code == 2
    assert "group CO" in refused.err


def test_dollars_by_cause_and_the_edits_that_look_for_them(db):
    (cause,) = ok("denial", "causes", "--json", "--db", db).data["causes"]
    assert (cause["reason"], cause["claims"], cause["amount"]) == ("CO-50", 4, 120_00)
    (row,) = ok("denial", "prevent", "--json", "--db", db).data["causes"]
    assert "necessity.national" in row["rules"]
    assert "CO-50" in ok("denial", "causes", "--db", db).out
    assert "CO-50" in ok("denial", "prevent", "--db", db).out


def test_a_reason_is_explained_without_a_database():
    data = ok("denial", "explain", "16", "M51", "--json").data
    assert (data["category"], data["task"], data["route"]) == ("coding", "coder", "corrected_claim")
    assert "lines.procedure-shape" in data["rules"]
    unknown = main("denial", "explain", "9999")
    assert unknown.code == 2
    assert "9999" in unknown.err


def test_tasks_are_refreshed_taken_put_off_and_finished(db):
    data = ok("work", "refresh", "--json", "--db", db).data
    denials = next(one for one in data["open"] if one["kind"] == "denial")
    assert (denials["tasks"], denials["amount"]) == (4, 120_00)
    tasks = ok("work", "list", "--kind", "denial", "--json", "--db", db).data["tasks"]
    first, second = tasks[0]["task"], tasks[1]["task"]
    assert ok("work", "assign", first, "--to", "system", "--json", "--db", db).data == {"tasks": 1}
    assert main("work", "assign", first, "--to", "nobody-here", "--db", db).code == 2
    ok("work", "note", first, "left a message", "--db", db)
    ok("work", "snooze", first, "--until", "2026-12-01", "--why", "calls back", "--db", db)
    ok("work", "done", second, "--note", "reprocessed", "--db", db)
    assert ok("work", "list", "--kind", "denial", "--json", "--db", db).data["total"] == 2
    ok("work", "reopen", second, "--db", db)
    assert ok("work", "list", "--kind", "denial", "--json", "--db", db).data["total"] == 3
    story = [one["what"] for one in ok("work", "show", first, "--json", "--db", db).data["history"]]
    assert story == ["opened", "assigned", "noted", "snoozed"]
    assert main("work", "show", 99999, "--db", db).code == 2
    assert "CO-50" in ok("work", "list", "--db", db).out
