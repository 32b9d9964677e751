"""`superbill eob`: a check that came on paper is keyed at the command line and posted."""

import pytest
from tests.cli_runs import main, ok, sent_claims, work_copy

HEAD = "payer,check,date,amount,claim,line,allowed,paid,other\n"


@pytest.fixture
def folder(tmp_path_factory, tmp_path):
    """A practice whose claims went to the payers, none answered."""
    return work_copy(sent_claims(tmp_path_factory.getbasetemp()), tmp_path)


@pytest.fixture
def db(folder):
    return folder / "x.db"


@pytest.fixture
def sent(db):
    """(control number, payer, cents of each line) of a claim that was sent."""
    rows = ok("claim", "list", "--state", "accepted", "--limit", 0, "--db", db, "--json").data
    row = (rows if isinstance(rows, list) else rows["claims"])[0]
    claim = ok("claim", "show", row["control_number"], "--db", db, "--json").data
    lines = claim["claim"]["lines"] if "claim" in claim else claim["lines"]
    return row["control_number"], row["payer"], [line["charge"] for line in lines]


def started(db, payer, amount):
    return ok(
        "eob", "start", "--payer", payer, "--check", "4711", "--on", "2026-12-01", "--amount", amount,
        "--db", db, "--json",
    ).data["keyed"]["id"]  # fmt: skip


def begin(*, payer="medicare", check="1", amount="1"):
    return ("start", "--payer", payer, "--check", check, "--on", "2026-12-01", "--amount", amount)


def lines_of(charges):
    """Every line allowed and paid in full."""
    return [arg for number, charge in enumerate(charges, 1) for arg in ("--line", f"{number} paid={charge / 100:.2f}")]


def test_a_paper_is_begun_keyed_shown_and_posted(db, sent):
    number, payer, charges = sent
    total = sum(charges)
    paper = started(db, payer, f"{total / 100:.2f}")
    assert f"${total // 100:,}." in ok("eob", "list", "--db", db).out
    half = ok("eob", "key", paper, "--claim", number, "--line", "1 paid=0.01", "--db", db).out
    assert "is still to be keyed" in half and "line-balance" in half
    assert ok("eob", "post", paper, "--db", db, "--json", code=1).data["posted"] is False
    ok("eob", "key", paper, "--claim", number, *lines_of(charges), "--db", db)
    assert "The check is explained." in ok("eob", "show", paper, "--db", db).out
    assert "is posted" in ok("eob", "post", paper, "--db", db).out
    assert ok("eob", "list", "--state", "posted", "--db", db, "--json").data[0]["left"] == 0
    ok("doctor", "--db", db)


def test_interest_is_keyed_and_a_claim_taken_out(db, sent):
    number, payer, charges = sent
    paper = started(db, payer, "3.20")
    ok("eob", "key", paper, "--claim", number, *lines_of(charges), "--db", db)
    ok("eob", "take-out", paper, number, "--db", db)
    assert "explained" in ok("eob", "adjust", paper, "L6=-3.20", "--db", db).out
    assert "dropped" in ok("eob", "drop", paper, "--db", db).out
    assert ok("eob", "list", "--db", db, "--json").data == []


def test_a_spreadsheet_begins_its_checks_all_or_none(db, sent, tmp_path):
    number, payer, charges = sent
    file = tmp_path / "checks.csv"
    rows = [f"{payer},4711,2026-12-01,{sum(charges) / 100:.2f},{number},{place},,{charge / 100:.2f},"
            for place, charge in enumerate(charges, 1)]  # fmt: skip
    file.write_text(HEAD + "\n".join([*rows, f"nobody,1,2026-12-01,0,{number},1,,,"]))
    bad = main("eob", "import", file, "--db", db)
    assert bad.code == 2 and "nobody: no payer of the site" in bad.err
    assert ok("eob", "list", "--db", db, "--json").data == []
    file.write_text(HEAD + "\n".join(rows))
    (begun,) = ok("eob", "import", file, "--db", db, "--json").data
    assert begun["left"] == 0
    ok("eob", "post", begun["keyed"]["id"], "--db", db)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("show", 9), "There is no paper 9"),
        (("post", 9), "There is no paper 9"),
        (begin(payer="nobody"), "no payer of the site"),
        (begin(amount="one"), "not an amount"),
        (begin(check=" "), "number of its check"),
    ],
    ids=["show", "post", "payer", "amount", "check"],
)
def test_what_cannot_be_done_is_told_with_the_fix(db, args, told):
    ended = main("eob", *args, "--db", db)
    assert ended.code == 2 and told in ended.err and "Traceback" not in ended.err


def test_a_line_that_says_nothing_is_refused_with_an_example(db, sent):
    paper = started(db, sent[1], "1")
    ended = main("eob", "key", paper, "--claim", sent[0], "--line", "paid=1", "--db", db)
    assert ended.code == 2 and "a line begins with its number on the claim" in ended.err
