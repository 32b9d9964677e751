"""A year of patient accounting: charts through payers, denials, reversals, statements and refunds, proved to the cent.

On the bundled clinic, and on five of Synthea's patients of whom one has a second payer.
"""

import re
from collections import Counter, defaultdict

import pytest
from tests import demo_runs
from tests.cli_runs import columns, main, ok

CLINIC = pytest.param("clinic", marks=pytest.mark.xdist_group("clinic"))
YEAR = pytest.param(
    "synthea",
    marks=[
        pytest.mark.xdist_group("dual"),
        pytest.mark.shared_data,
        pytest.mark.skipif(not demo_runs.SYNTHEA.is_dir(), reason=f"{demo_runs.SYNTHEA} is not here"),
    ],
)
pytestmark = pytest.mark.parametrize("name", [CLINIC, YEAR])

RECEIPTS = "SELECT number, amount, state, key FROM billing_receipt ORDER BY number"
CASH = "SELECT SUM(amount) FROM billing_posting WHERE account = 'cash'"


@pytest.fixture
def run(name, tmp_path_factory):
    return getattr(demo_runs, name)(tmp_path_factory.getbasetemp())


@pytest.fixture
def db(run):
    return run[1] / demo_runs.DATABASE


def one(db, sql):
    ((value,),) = columns(db, sql)
    return value or 0


def kinds(db, table, column="state"):
    return dict(columns(db, f"SELECT {column}, COUNT(*) FROM {table} GROUP BY 1"))


def asked(db):
    """What each statement asked for, by its number."""
    return dict(columns(db, "SELECT number, amount FROM statements_statement"))


def answers(db):
    """Payments that came for a statement: (asked, paid)."""
    amounts = asked(db)
    paid = [(int(key.partition(":")[2]), amount) for _, amount, _, key in columns(db, RECEIPTS) if "statement:" in key]
    return [(amounts[number], amount) for number, amount in paid]


def test_everything_that_a_year_of_accounting_has_happens(db):
    entries = kinds(db, "billing_journalentry", "kind")
    happened = {"charge", "insurance payment", "denial", "reversal", "provider adjustment", "deposit",
                "patient payment", "returned payment"}  # fmt: skip
    assert happened <= entries.keys()
    assert one(db, "SELECT COUNT(*) FROM claims_claimrow WHERE responsibility = 'S' AND state = 'paid'") >= 3
    assert kinds(db, "billing_receipt")["returned"] >= 1
    assert kinds(db, "billing_refund").get("cleared", 0) >= 1  # the bank's statement says that it was cashed
    assert sum(kinds(db, "billing_paymentplan").values()) >= 1
    assert one(db, "SELECT COUNT(*) FROM threads_thread WHERE topic = 'dispute'") >= 1
    paid = Counter("part" if paid < due else "over" if paid > due else "whole" for due, paid in answers(db))
    assert paid.keys() == {"part", "whole", "over"}


def test_the_doctor_is_clean_and_what_is_derived_comes_out_of_the_journal_the_same(run, db):
    told, out = run
    assert told["proven"]
    where = ("--db", db, "--site", out / "site.toml")
    assert "no difference" in ok("doctor", *where).out
    before = columns(db, "SELECT * FROM billing_linebalance ORDER BY line_id")
    assert ok("ledger", "rebuild", "--json", *where).data["differences"] == 0
    assert columns(db, "SELECT * FROM billing_linebalance ORDER BY line_id") == before


def test_cash_is_what_the_bank_has_and_what_is_on_its_way(run, db):
    left = main("bank", "reconcile", "--dry-run", "--json", "--db", db, "--site", run[1] / "site.toml").data
    at_bank = one(db, "SELECT SUM(amount) FROM deposits_banklinerow")
    nobodys = sum(line["amount"] for line in left["found"]["unexplained"])
    on_its_way = sum(payment["amount"] for payment in left["found"]["outstanding"])
    assert one(db, CASH) == at_bank - nobodys + on_its_way
    lost = [payment for payment in left["found"]["outstanding"] if payment["overdue"]]
    assert {payment["state"] for payment in lost} <= {"missing EFT"}  # the simulated bank loses few of them
    assert one(db, "SELECT COUNT(*) FROM deposits_banklinerow WHERE state = 'matched'") > 30


def test_patients_cash_is_their_receipts_less_what_went_back(db):
    receipts = columns(db, RECEIPTS)
    taken = sum(amount for _, amount, _, _ in receipts)
    back = sum(amount for _, amount, state, _ in receipts if state != "taken")
    sent = one(db, "SELECT SUM(amount) FROM billing_refund WHERE state IN ('issued', 'cleared')")
    assert back > 0
    theirs = one(db, f"{CASH} AND payer LIKE 'patient:%'")
    assert theirs == taken - sent - back
    insurers = one(db, "SELECT SUM(payment_amount) FROM remits_remittancerow WHERE state = 'posted'")
    fees = one(db, "SELECT SUM(amount) FROM billing_posting WHERE account = 'fees'")
    assert one(db, CASH) == theirs + insurers - fees


def test_every_statement_asked_for_what_was_owed_when_it_was_made(db):
    owed = defaultdict(list)  # by line: (entry number, patient's amount) in order
    for line, number, amount in columns(
        db,
        "SELECT p.line_id, j.number, SUM(p.amount) FROM billing_posting p JOIN billing_journalentry j"
        " ON j.id = p.entry_id WHERE p.account = 'patient' GROUP BY 1, 2 ORDER BY 2",
    ):
        owed[line].append((number, amount))
    less = dict(columns(db, "SELECT statement_id, SUM(unapplied) FROM statements_statementpatient GROUP BY 1"))
    parts = defaultdict(list)
    for statement, line, amount, held in columns(
        db, "SELECT statement_id, line_id, amount, held FROM statements_statementline"
    ):
        parts[statement].append((line, amount, held))
    rows = columns(db, "SELECT id, amount, through FROM statements_statement")
    assert len(rows) >= 15
    for row, amount, through in rows:
        shown = Counter()
        for line, part, _ in parts[row]:
            shown[line] += part
        stood = {line: sum(each for number, each in owed[line] if number <= through) for line in shown}
        assert shown == stood
        assert amount == sum(part for _, part, held in parts[row] if not held) - less.get(row, 0)
        assert amount > 0


def test_no_two_tasks_are_about_one_matter_and_each_says_what_to_do(run, db):
    tasks = ok("work", "list", "--json", "--db", db, "--site", run[1] / "site.toml").data["tasks"]
    assert len(tasks) >= 5
    twice = Counter((task["subject_kind"], task["subject"]) for task in tasks)
    assert [subject for subject, times in twice.items() if times > 1] == []
    # Checks that came back or were cashed are on the bank's statement under their numbers.
    assert not {"stale check", "not cleared", "confirm match", "money out"} & {task["kind"] for task in tasks}
    for task in tasks:
        assert len(re.split(r"[.?:;] ", task["why"])) >= 2, task["why"]


def test_nobody_is_asked_again_for_what_came_before_the_statement(db):
    """Somebody who paid the whole of a statement gets no later one with the same lines, unless the check came back."""
    paid = {int(key.partition(":")[2]) for _, _, state, key in columns(db, RECEIPTS)
            if key.startswith("statement:") and state == "taken"}  # fmt: skip
    amounts = dict(columns(db, "SELECT number, amount FROM statements_statement"))
    receipts = {key: amount for _, amount, _, key in columns(db, RECEIPTS)}
    # Money kept for another visit lowers what a statement asks for, and leaves a line open that it showed.
    kept = "SELECT number FROM statements_statement s JOIN statements_statementpatient p ON p.statement_id = s.id"
    less = {number for (number,) in columns(db, f"{kept} WHERE p.unapplied <> 0")}
    whole = {number for number in paid - less if receipts[f"statement:{number}"] >= amounts[number]}
    assert len(whole) >= 3
    lines = defaultdict(dict)
    for number, line, amount in columns(
        db,
        "SELECT s.number, l.line_id, SUM(l.amount) FROM statements_statementline l JOIN statements_statement s"
        " ON s.id = l.statement_id WHERE l.held = '' GROUP BY 1, 2",
    ):
        lines[number][line] = amount
    for number in whole:
        later = {
            line: amount for after, asked_for in lines.items() if after > number for line, amount in asked_for.items()
        }
        same = {line for line, amount in lines[number].items() if amount > 0 and later.get(line) == amount}
        assert not same, f"statement {number} was paid, and is asked for again"
