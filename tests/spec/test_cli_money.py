"""The commands about patients' money: what they post, what they show before, and how they refuse."""

import shutil

import pytest
from tests.app_samples import AT
from tests.cli_runs import CLINIC, ROOT, main, ok
from tests.money_samples import owing

from superbill.app.accounts.actions import grant
from superbill.app.accounts.actors import actor_with, system_actor
from superbill.app.accounts.models import User
from superbill.app.accounts.permissions import Role
from superbill.app.boot import connect
from superbill.app.practices.actions import open_practice
from superbill.site import read_site


@pytest.fixture
def desk(sqlite_database, tmp_path):
    """Runs a command on a practice with a patient (chart id p1) who owes 300.00; poster pat, managers max and mia."""
    for file in ("site.toml", "payers.toml"):
        shutil.copy(CLINIC / file, tmp_path)
    for file in (ROOT / "src" / "superbill" / "demo").glob("*.csv"):
        shutil.copy(file, tmp_path)
    site = tmp_path / "site.toml"
    practice = open_practice(read_site(site.read_text(), "site.toml").practice.key, "Lakeside")
    owing(system_actor(practice.pk))
    chief = actor_with("chief", practice.pk, Role.ADMINISTRATOR)
    for name, role in (("pat", Role.POSTER), ("max", Role.MANAGER), ("mia", Role.MANAGER)):
        grant(chief, User.objects.create(username=name), role, at=AT)

    def run(*words, code=0):
        return ok(*words, "--db", sqlite_database.address, "--site", site, code=code)

    yield run
    connect(sqlite_database.address)


def test_a_payment_is_previewed_taken_shown_and_taken_back(desk):
    assert "$120.00 → $80.00" in desk("payment", "take", "p1", "40", "--preview").out
    assert desk("payment", "list", "--json").data == {"receipts": []}
    said = desk("payment", "take", "p1", "40.00", "--method", "check", "--check", "1044", "--key", "k").out
    assert said == "Receipt R000001: $40.00 to A1001-1\n"
    assert (
        "(taken before)"
        in desk("payment", "take", "p1", "40", "--method", "check", "--check", "1044", "--key", "k").out
    )
    desk("payment", "reallocate", "R000001", "--line", "A1002-1=30", "--reason", "second visit")
    shown = desk("payment", "show", "R000001", "--json").data["receipt"]
    assert (shown["lines"], shown["unapplied"]) == ([["A1002-1", 3000]], 1000)
    assert "apply-unapplied" in desk("payment", "apply", "p1").out
    back = desk("payment", "return", "R000001", "--reason", "NSF", "--fee", "25").out
    key = back.split()[3].rstrip(":")
    lines = desk("ledger", "show", "A1002", "--json").data["lines"]
    assert [line["balance"]["patient"] for line in lines] == [120_00, 30_00, 25_00]
    desk("adjust", "undo", key, "--reason", "it was paid")
    assert "taken" in desk("payment", "list").out
    desk("payment", "void", "R000001", "--reason", "keyed twice")
    assert "voided" in desk("payment", "show", "R000001").out
    desk("doctor")


REFUSED = {
    "payment take p9 5": "no patient of this id",
    "payment take p1 5 --method check": "A check has a number",
    "payment take p1 5 --method card": "last four digits",
    "payment take p1 5 --method card --last-four 4111111111111111": "full card or account number",
    "payment take p1 five": "Write dollars and cents",
    "payment take p1 5 --line A1001-1": "A1001-1=12.50",
    "payment take p1 500 --line A1001-1=400": "has $120.00 open",
    "payment take p1 5 --visit A9999": "no visit of this patient",
    "payment show R000009": "no receipt of this number",
    "payment return RX --reason NSF": "not a number like R000012",
    "payment return R000009 --reason NSF": "no receipt 9",
    "adjust undo nothing --reason x": "no entry nothing",
    "adjust undo charge:A1001 --reason x": "superbill claim",
    "adjust to-patient A1001-1=5 --payer nobody --why not-covered": "no payer of this key",
    "adjust approve AP000001": "no approval 1",
    "adjust write-off A1001-1=5 --reason courtesy --as nobody": "not a member",
    "adjust move-payment A1001-1 A1002-1 5 --reason x": "holds $0.00",
    "refund request 5 --patient p1 --reason x": "needs a credit",
    "refund request 5 --reason x": "Name a patient",
    "plan make p1 --first 2020-01-01 --months 3": "has not passed",
    "plan show PP000001": "no plan of this number",
    "collections recall CP000001 --reason x": "no placement 1",
}


def test_what_cannot_be_is_said_with_exit_code_2_and_nothing_is_posted(desk):
    before = desk("ledger", "journal", "--json").data
    for words, said in REFUSED.items():
        told = desk(*words.split(), code=2)
        assert said in told.err, words
        assert "Traceback" not in told.err, words
    assert desk("ledger", "journal", "--json").data == before


def test_above_a_members_limit_a_second_member_approves(desk):
    assert desk("adjust", "write-off", "A1001-1=25", "--reason", "courtesy", "--as", "pat").out.startswith("Posted")
    assert "AP000001 waits" in desk("adjust", "bad-debt", "p1", "--as", "pat").out
    assert (
        desk("adjust", "charity", "p1", "--percent", "50", "--program", "scale", "--as", "pat", "--json").data[
            "waiting"
        ]
        == "AP000002"
    )
    assert "may not approve" in desk("adjust", "approve", "AP000001", "--as", "pat", code=2).err
    desk("adjust", "refuse", "AP000002", "--reason", "no", "--as", "max")
    assert "A1002-1" in desk("adjust", "approve", "AP000001", "--preview", "--as", "max").out
    desk("adjust", "approve", "AP000001", "--as", "max")
    assert "none" in desk("adjust", "waiting").out
    assert desk("adjust", "small-balances").out == "0 small balances forgiven.\n"


def test_a_refund_goes_its_way(desk):
    desk("payment", "take", "p1", "450")
    assert "receipt R000001" in desk("refund", "credits", "--patient", "p1").out
    assert "RF000001" in desk("refund", "request", "150", "--patient", "p1", "--reason", "overpaid", "--as", "pat").out
    assert "requested" in desk("refund", "list").out
    desk("refund", "approve", "RF000001", "--as", "max")
    desk("refund", "issue", "RF000001", "--check", "2201")
    desk("refund", "void", "RF000001", "--reason", "lost", "--issue-again")
    desk("refund", "issue", "RF000001", "--check", "2202")
    desk("refund", "cleared", "RF000001")
    assert desk("refund", "list", "--json").data["refunds"][0]["case"]["state"] == "cleared"
    desk("doctor")


def test_a_plan_and_an_agency_from_the_command_line(desk):
    desk("plan", "make", "p1", "--first", "2027-01-31", "--months", "3", "--down", "30")
    assert "2027-02-28" in desk("plan", "show", "PP000001").out
    assert desk("plan", "review").out == "No plan changed.\n"
    assert desk("plan", "list", "--due", "--json").data["due"][0]["promise"]["amount"] == 3000
    desk("plan", "renegotiate", "PP000001", "--first", "2027-02-15", "--each", "100", "--reason", "asked")
    desk("plan", "cancel", "PP000002", "--reason", "gave up")
    assert "replaced" in desk("plan", "list").out
    assert "$120.00 → $0.00" in desk("collections", "place", "p1", "--agency", "Prairie", "--preview").out
    desk("collections", "place", "p1", "--agency", "Prairie")
    assert "$75.00 to deposit" in desk("collections", "pay", "CP000001", "100", "--fee", "25").out
    desk("collections", "recall", "CP000001", "--reason", "insurance")
    assert "recalled" in desk("collections", "list").out
    desk("doctor")


def test_why_a_line_is_owed_is_told_in_plain_words(desk):
    desk("payment", "take", "p1", "40")
    desk("adjust", "write-off", "A1001-1=10", "--reason", "courtesy", "--as", "max")
    told = desk("ledger", "show", "A1001", "--why").out
    assert "No insurance covers this amount, so the bill comes to you." in told
    assert "$40.00" in told and "courtesy" in told
    assert "Office visit (A1001-1), Given Family1: $70.00 owed" in told
    (first, *_) = desk("ledger", "show", "A1001", "--why", "--json").data["lines"]
    assert first["line"]["owed"] == 70_00


def test_the_reasons_are_listed_for_whoever_chooses_one():
    assert {"small-balance", "charity", "bad-debt", "timely-filing"} <= {
        one["code"] for one in main("adjust", "reasons", "--json").data["write_off"]
    }
