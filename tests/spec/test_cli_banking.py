"""The commands about bank, deposits and closed days: what they do, what they say, how they refuse."""

import csv
import io
import json
import shutil
from datetime import date

import pytest
from tests.app_samples import AT
from tests.bank_books import paid, pays
from tests.banking_samples import ALL, BAI2
from tests.cli_runs import CLINIC, ROOT, main, ok

from superbill.app.accounts.actions import grant
from superbill.app.accounts.actors import actor_with, system_actor
from superbill.app.accounts.models import User
from superbill.app.accounts.permissions import Role
from superbill.app.boot import connect
from superbill.app.practices.actions import open_practice
from superbill.site import read_site

DAY = "2026-11-02"


@pytest.fixture
def office(sqlite_database, tmp_path):
    """Runs a command on a practice with an 835 of 160.00 (trace 0000017401), 20.00 in cash, a check of 30.00;
    poster pat and manager max."""
    for file in (CLINIC / "site.toml", CLINIC / "payers.toml", *(ROOT / "src" / "superbill" / "demo").glob("*.csv")):
        shutil.copy(file, tmp_path)
    site = tmp_path / "site.toml"
    practice = open_practice(read_site(site.read_text(), "site.toml").practice.key, "Lakeside")
    system = system_actor(practice.pk)
    paid(system)
    pays(system, 20_00)
    pays(system, 30_00, "check")
    chief = actor_with("chief", practice.pk, Role.ADMINISTRATOR)
    for name, role in (("pat", Role.POSTER), ("max", Role.MANAGER)):
        grant(chief, User.objects.create(username=name), role, at=AT)

    def run(*words, code=0, on=DAY):
        ended = main(*words, "--db", sqlite_database.address, "--site", site, *(("--date", on) if on else ()))
        assert ended.code == code, ended.out + ended.err
        assert "Traceback" not in ended.err
        return ended

    run.folder = tmp_path
    yield run
    connect(sqlite_database.address)


def put(office, text, name="s.csv"):
    path = office.folder / name
    path.write_text(text, "utf-8")
    return path


BANK = """Date,Description,Amount
11/03/2026,HCCLAIMPMT TRN*1*0000017401*1000000001\\,160.00
11/03/2026,DEPOSIT,49.00
11/04/2026,SERVICE CHARGE,-12.00
11/04/2026,RENT,-900.00
11/05/2026,HCCLAIMPMT PAYER TWO,75.00
"""


def test_from_the_statement_to_the_last_open_line(office):
    said = office("bank", "import", put(office, BANK), "--account", "987654321").out
    assert "5 lines (csv), 5 new, 0 known" in said
    assert "taken in before" in office("bank", "import", put(office, BANK), "--account", "987654321").out
    office("deposit", "make", "--method", "cash", "--method", "check", "--reference", "17")
    left = office("bank", "reconcile", "--json", code=1, on="2026-11-12").data
    assert left["made"] == 1
    assert sorted(each["state"] for each in left["found"]["unexplained"]) == [
        "missing ERA", "money out", "money out", "unknown",
    ]  # fmt: skip
    (choice,) = left["found"]["candidates"]
    assert (choice["payments"], choice["difference"]) == (["deposit:1"], -100)
    line = left["rows"][choice["lines"][0]]
    refused = office("bank", "match", "--line", line, "--payment", "deposit:1", code=2).err
    assert "short by $1.00: say why" in refused
    office("bank", "match", "--line", line, "--payment", "deposit:1", "--why", "a coin", "--as", "pat")
    shown = office("bank", "matches", "--json", on=None).data["matches"]
    assert [(one["how"], one["difference"], one["by"]) for one in shown] == [
        ("trace", 0, "system"), ("person", -100, "pat"),
    ]  # fmt: skip
    numbers = {one["line"]["text"]: one["number"] for one in office("bank", "lines", "--json", on=None).data["lines"]}
    assert "paid" not in office("bank", "fee", numbers["SERVICE CHARGE"], "--preview").out.casefold()
    assert "booked $12.00" in office("bank", "fee", numbers["SERVICE CHARGE"]).out
    office("bank", "set-aside", numbers["RENT"], "--why", "rent")
    office("bank", "take-up", numbers["RENT"])
    office("bank", "set-aside", numbers["RENT"], "--why", "rent")
    table = office("bank", "reconcile", code=1, on="2026-11-12").out
    assert "missing ERA" in table and "RENT" not in table
    office("bank", "undo", 2, "--why", "the coin was found")
    assert "undone: the coin was found" in office("bank", "matches", "--all", on=None).out


@pytest.mark.parametrize("form", ALL)
def test_every_format_is_shown_before_it_is_taken_in(office, form):
    path = put(office, ALL[form], "statement")
    shown = office("bank", "import", path, "--account", "987654321", "--dry-run", "--json").data["files"][0]
    assert [line["amount"] for line in shown["lines"]] == [123450, 21000, -2500]
    assert office("bank", "lines", "--json", on=None).data == {"lines": []}
    assert "3 new" in office("bank", "import", path, "--account", "987654321").out


def test_columns_are_guessed_written_down_and_corrected(office):
    path = put(office, "When,What,Money\n11/03/2026,x,5.00\n")
    assert "no header" in main("bank", "columns", path).err
    good = put(office, BANK, "good.csv")
    text = ok("bank", "columns", good).out
    assert 'date = "Date"' in text
    mapping = put(office, 'date = "When"\namount = "Money"\ntext = ["What"]\nsign = "debit positive"\n', "m.toml")
    words = ("bank", "import", path, "--account", "1", "--mapping", mapping, "--dry-run", "--json")
    assert office(*words).data["files"][0]["lines"][0]["amount"] == -500


REFUSED = {
    "a damaged BAI2 file": (BAI2.replace("16,175,21000", "16,175,21100"), "s.csv:11: record 49: control total"),
    "a picture": ("\x00\x01", "not a text file"),
    "no account": (BANK, "--account"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_statement_that_can_not_be_read_is_refused_with_its_place(office, kind):
    text, message = REFUSED[kind]
    assert message in office("bank", "import", put(office, text), code=2).err


def test_a_deposit_is_made_printed_voided_and_taken_anew(office):
    waiting = office("deposit", "waiting", "--json", on=None).data["waiting"]
    assert [(one["payment"], one["amount"]) for one in waiting] == [("R000001", 2000), ("R000002", 3000)]
    slip = office("deposit", "make", "R000001", "R000002", "--reference", "17").out
    assert "1 cash: $20.00" in slip and "Total $50.00" in slip and "reference 17" in slip
    assert slip == office("deposit", "slip", 1, on=None).out
    assert "no payment that waits" in office("deposit", "make", "R000001", code=2).err
    assert "voided" not in office("deposit", "void", 1, "--why", "wrong bank", "--preview").out
    assert "made" in office("deposit", "list", on=None).out
    assert "voided, wrong bank" in office("deposit", "void", 1, "--why", "wrong bank").out
    again = office("deposit", "reapply", 1, "--json").data["deposit"]
    assert (again["number"], again["amount"], again["reference"]) == (2, 5000, "17")
    assert "taken apart" in office("deposit", "take-apart", 2, "--why", "one was left out").out
    assert len(office("deposit", "waiting", "--json", on=None).data["waiting"]) == 2
    assert "no deposit" in office("deposit", "slip", 9, code=2, on=None).err


def test_days_are_closed_refused_and_reopened(office):
    report = office("close", "report", "--json").data
    assert (report["expected"], report["closed"]) == ({"ACH": 16000, "cash": 2000, "check": 3000}, False)
    assert "count cash" in office("close", "day", code=2).err
    assert "say a method" in office("close", "day", "--counted", "cash", code=2).err
    counted = ("--counted", "cash=20.00", "--counted", "check=29.00")
    assert "Count again, or say why" in office("close", "day", *counted, code=2).err
    assert "through 2 Nov 2026" in office("close", "day", *counted, "--why", "one check short", "--as", "pat").out
    assert "day by pat, ($1.00) apart: one check short" in office("close", "report").out
    late = office("payment", "take", "p1", "5", code=2).err
    assert "2026-11-02 is closed" in late and "The first open day is 2026-11-03" in late
    assert (
        "pat may not close books" in office("close", "reopen", "--from", DAY, "--why", "x", "--as", "pat", code=2).err
    )
    office("close", "reopen", "--from", DAY, "--why", "forgotten payment", "--as", "max")
    office("payment", "take", "p1", "5")
    assert "is yet to come" in office("close", "month", "2026-11", code=2).err
    office("close", "month", "2026-10", code=2)  # reopened from the 2nd of November on: October is closed
    rows = office("close", "list", "--json", on=None).data["closings"]
    assert [(one["kind"], one["actor"]) for one in rows] == [("day", "pat"), ("reopened", "max")]


def test_the_ledger_is_exported_by_account_and_day(office):
    dates = ("--from", "2026-01-01", "--to", "2026-12-31")
    text = office("ledger", "export", *dates, on=None).out
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sum(round(float(row["debit"] or 0) * 100) for row in rows) == sum(
        round(float(row["credit"] or 0) * 100) for row in rows
    )
    assert ("1010", "210.00") in {(row["account"], row["debit"]) for row in rows}
    chart = put(office, '[cash]\nnumber = "1000"\nname = "First Bank"\n', "gl.toml")
    out = office.folder / "books.beancount"
    office("ledger", "export", *dates, "--format", "beancount", "--accounts", chart, "-o", out, on=None)
    assert "Assets:1000-First-Bank" in out.read_text()
    assert "is before" in office("ledger", "export", "--from", "2026-02-01", "--to", "2026-01-01", code=2, on=None).err
    bad = put(office, "[cash]\nkind = 'Money'\n", "bad.toml")
    assert "bad.toml" in office("ledger", "export", *dates, "--accounts", bad, code=2, on=None).err
    data = json.loads(office("ledger", "export", *dates, "--format", "hledger", "--json", on=None).out)
    assert data["closed"] is False and data["text"].startswith("commodity")
    assert date.fromisoformat(data["text"].split("\n\n")[2][:10])
