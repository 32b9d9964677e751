"""`superbill statement`, `guarantor` and `thread`: what they print for people and machines, and how they end."""

import shutil
from datetime import date

import pytest
from msgspec.structs import replace
from pypdf import PdfReader
from tests.app_samples import AT, billed, chart, remittance, usual_answer
from tests.cli_runs import CLINIC, PRICES, fold, main, ok

from superbill.app.accounts.actors import system_actor
from superbill.app.billing.actions import take_patient_payment
from superbill.app.boot import connect, disconnect
from superbill.app.patients.actions import import_charts
from superbill.app.practices.actions import open_practice
from superbill.app.remits.actions import post_remittance
from superbill.chart.model import CoverageRecord, PersonName, PostalAddress, SubscriberRecord

HOME = PostalAddress(lines=("12 Elm Street",), city="Harrow Lake", state="WI", postal_code="54899")
MOTHER = SubscriberRecord(name=PersonName("Okafor", ("Ngozi",)), birth_date=date(1986, 4, 2), address=HOME)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The clinic's books with one child, two visits, 20.00 a visit left to the mother, and 5.00 paid."""
    folder = tmp_path_factory.mktemp("statements")
    shutil.copy(CLINIC / "site.toml", folder)
    shutil.copy(PRICES, folder)
    connect(str(folder / "superbill.db"))
    actor = system_actor(open_practice("lakeland", "Lakeland Family Medicine").pk)
    one = chart(1, 2)
    child = replace(
        one,
        patient=replace(one.patient, birth_date=date(2015, 1, 1), address=HOME),
        coverages=(CoverageRecord(id="c", payer="x", relationship="child", subscriber=MOTHER),),
    )
    import_charts(actor, [replace(child, encounters=())], at=AT.replace(year=2020))
    claims = billed(actor, charts=1)
    import_charts(actor, [child], at=AT)
    post_remittance(actor, remittance("T1", *(usual_answer(sent) for sent in claims)), payer_key="one", at=AT)
    take_patient_payment(actor, 1, 5_00, "check", "k", date(2026, 11, 3), at=AT)
    disconnect()
    fold(folder / "superbill.db")
    return folder


@pytest.fixture
def db(made, tmp_path):
    for name in ("superbill.db", "site.toml", PRICES.name):
        shutil.copy(made / name, tmp_path)
    return tmp_path / "superbill.db"


def mother(db):
    (found,) = ok("guarantor", "list", "--name", "Oka", "--json", "--db", db).data["guarantors"]
    return found["card"]["id"]


def test_preview_makes_nothing_and_run_makes_what_it_said(db):
    (plan,) = ok("statement", "preview", "--json", "--db", db).data["plans"]
    assert (plan["verdict"], plan["amount"], plan["channel"]) == ("send", 35_00, "letter")
    assert "1 statements over $35.00 would be made. Nothing was." in ok("statement", "preview", "--db", db).out
    assert ok("statement", "list", "--json", "--db", db).data["statements"] == []
    counts = ok("statement", "run", "--out", db.parent / "pdf", "--json", "--db", db).data["counts"]
    assert counts == {"statements": 1, "amount": 35_00, "files": 1}
    assert ok("statement", "run", "--no-pdf", "--json", "--db", db).data["counts"] == counts | {"files": 0}
    (listed,) = ok("statement", "list", "--json", "--db", db).data["statements"]
    assert (listed["number"], listed["amount"], listed["guarantor"]) == ("S000001", 35_00, mother(db))
    shown = ok("statement", "show", "S000001", "--json", "--db", db).data
    assert sum(line["amount"] for line in shown["lines"]) == shown["amount"]
    assert "Ngozi Okafor" in ok("statement", "show", "1", "--db", db).out
    ok("statement", "print", "S1", "-o", db.parent / "again.pdf", "--db", db)
    assert (db.parent / "again.pdf").read_bytes() == (db.parent / "pdf" / "statement-S000001.pdf").read_bytes()
    ok("doctor", "--db", db)


def test_mail_from_the_letter_to_the_new_address(db):
    ok("statement", "run", "--no-pdf", "--db", db)
    assert "1 letters" in ok("statement", "send", "--to", db.parent / "mail", "--db", db).out
    assert "0 letters" in ok("statement", "send", "--to", db.parent / "mail", "--db", db).out
    ok("statement", "returned", "S000001", "--reason", "moved", "--db", db)
    assert "returned mail" in ok("statement", "holds", "--db", db).out
    kinds = {
        plan["verdict"]
        for plan in ok("statement", "preview", "--json", "--db", db, "--date", "2027-02-01").data["plans"]
    }
    assert kinds == {"held"}
    place = ("--street", "7 Oak Lane", "--city", "Springfield", "--state", "il", "--zip", "62701-1234")
    ok("guarantor", "address", mother(db), *place, "--db", db)
    ok("statement", "resend", "S000001", "--db", db)
    ok("statement", "send", "--to", db.parent / "mail", "--db", db)
    assert ok("statement", "holds", "--json", "--db", db).data["holds"] == []
    way = [step["happened"] for step in ok("statement", "show", "1", "--json", "--db", db).data["way"]]
    assert way == ["queued", "sent", "returned", "queued", "sent"]


def test_e_mail_without_a_sender_stays_in_line_and_says_what_to_do(db):
    ok("statement", "consent", mother(db), "email", "--address", "n@example.org", "--how", "form", "--db", db)
    ok("statement", "run", "--no-pdf", "--db", db)
    stayed = ok("statement", "send", "--to", db.parent / "mail", "--db", db, code=1)
    assert "S000001 stays in line: e-mail needs notices_from" in stayed.err
    ok("statement", "consent", mother(db), "email", "--withdraw", "--db", db)
    assert "1 letters" in ok("statement", "send", "--to", db.parent / "mail", "--db", db).out


def test_papers_on_request(db):
    bill, paid = db.parent / "bill.pdf", db.parent / "paid.pdf"
    told = ok("statement", "itemized", "p1", "--visit", "A1001", "-o", bill, "--json", "--db", db).data
    assert [visit["account"] for visit in told["itemized"]["visits"]] == ["A1001"]
    assert told["itemized"]["visits"][0]["lines"][0]["code"] == "99213"
    told = ok("statement", "receipt", "R000001", "-o", paid, "--json", "--db", db).data
    assert (told["amount"], told["receipt"]["method"]) == (5_00, "by check")
    assert "$5.00" in PdfReader(paid).pages[0].extract_text()
    assert len(PdfReader(bill).pages) == 1


def test_why_is_told_from_the_journal(db):
    told = ok("statement", "explain", "A1001", "--db", db).out
    for sentence in ("$20.00 is your share of the cost.", "You paid $5.00 by check.", "Due: $15.00"):
        assert sentence in told
    whole = ok("statement", "explain", "--guarantor", mother(db), "--json", "--db", db).data
    assert (whole["owed"], whole["due"], len(whole["lines"])) == (35_00, 35_00, 2)


def test_a_dispute_from_the_first_word_to_the_last(db):
    ok("statement", "run", "--no-pdf", "--db", db)
    opened = ok(
        "thread", "open", "I was not there.", "--dispute", "--line", "A1001-1", "--key", "m1", "--json", "--db", db
    )
    again = ok(
        "thread", "open", "I was not there.", "--dispute", "--line", "A1001-1", "--key", "m1", "--json", "--db", db
    )
    assert opened.data == again.data == {"result": 1}
    (plan,) = ok("statement", "preview", "--json", "--everyone", "--date", "2026-12-20", "--db", db).data["plans"]
    assert plan["amount"] == 20_00
    ok("thread", "reply", 1, "Please come by.", "--wait", "--db", db)
    assert "waiting for patient" in ok("thread", "list", "--db", db).out
    ok("thread", "resolve", 1, "not changed", "You signed in.", "--db", db)
    assert ok("thread", "list", "--json", "--db", db).data["threads"] == []
    assert "You signed in." in ok("thread", "show", 1, "--db", db).out


def test_who_pays_is_decided_told_and_ended(db):
    row = ok("guarantor", "name", "Okafor", "Emeka", "--born", "1984-09-09", "--json", "--db", db).data["result"]
    order = ("--basis", "court order", "--reason", "Order 26-118", "--since", "2026-01-01")
    ok("guarantor", "assign", "p1", row, *order, "--db", db)
    assert f"Today: {row} Emeka Okafor" in ok("guarantor", "of", "p1", "--db", db).out
    assert "owes $35.00" in ok("guarantor", "show", row, "--db", db).out
    ok("guarantor", "end", "p1", "--reason", "order ended", "--db", db)
    assert "Ngozi Okafor" in ok("guarantor", "of", "p1", "--db", db).out.splitlines()[-1]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("statement show S9", "no such statement"),
        ("statement show nine", "not a statement's number"),
        ("statement explain", "Name one visit"),
        ("statement explain Z9", "no visit, line or statement"),
        ("statement release 9 --reason x", "no hold 9 stands"),
        ("statement hold other --reason x", "names a guarantor or lines"),
        ("statement returned 9 --reason x", "no statement 9"),
        ("statement consent 9999 email", "no guarantor"),
        ("statement receipt R9", "no receipt 9"),
        ("statement itemized nobody", "no patient"),
        ("statement itemized p1 --visit Z9", "no charged visit"),
        ("guarantor show 9999", "no guarantor"),
        ("guarantor name Okafor", "birth date or an address"),
        ("guarantor address 1", "Say what is new"),
        ("thread show 9", "no such thread"),
        ("thread open x --visit Z9", "no visit Z9"),
        ("thread reply 9 x", "no thread 9"),
    ],
)
def test_what_is_not_there_is_said_and_ends_with_2(db, line, says):
    ended = main(*line.split(), "--db", db)
    assert ended.code == 2
    assert says in ended.err
    assert "Traceback" not in ended.err
