"""The export for the general ledger: balanced each day, the same text each time, read back to the cent strictly."""

import csv
import io
import re
import shutil
import subprocess
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from superbill.ledger.accounts import Account
from superbill.ledger.entry import Unbalanced
from superbill.ledger.export import DEFAULT_CHART, FORMATS, ChartError, gl_periods, read_chart

DAY = date(2026, 2, 27)
moves = st.tuples(
    st.integers(0, 70), st.sampled_from(list(Account)), st.sampled_from(list(Account)), st.integers(1, 10**9)
)


def sums(drawn):
    """Balanced sums as the journal gives them: debit one account, credit another."""
    for days, debit, credit, amount in drawn:
        day = DAY + timedelta(days=days)
        yield day, debit, amount
        yield day, credit, -amount


OWN = """
[cash]
number = "1000"
name = "Operating account, First & Main"
[interest]
number = "4000"
name = "Patient service charges"
"""
CHARTS = st.sampled_from([DEFAULT_CHART, read_chart(OWN, "gl.toml")])


@settings(max_examples=150, deadline=None)
@given(st.lists(moves, max_size=30), CHARTS, st.sampled_from(["day", "month"]), st.randoms(use_true_random=False))
def test_every_period_balances_and_the_order_of_the_journal_changes_nothing(drawn, chart, by, random):
    given_sums = list(sums(drawn))
    periods = gl_periods(given_sums, chart, by)
    assert all(sum(amount for _, amount in period.lines) == 0 for period in periods)
    assert [period.on for period in periods] == sorted({period.on for period in periods})
    random.shuffle(given_sums)
    assert gl_periods(given_sums, chart, by) == periods
    days = gl_periods(given_sums, chart, "day")
    assert totals(periods) == totals(days)


@settings(max_examples=150, deadline=None)
@given(st.lists(moves, max_size=30), CHARTS, st.sampled_from(["Lakeside", 'Odd "Name"; & Söhne\n2026-01-01 open', ""]))
def test_each_format_is_read_back_to_the_cent(drawn, chart, practice):
    periods = gl_periods(sums(drawn), chart)
    wanted = {(period.on, account.path, amount) for period in periods for account, amount in period.lines}
    texts = {form: write(periods, chart, practice) for form, write in FORMATS.items()}
    assert read_beancount(texts["beancount"]) == wanted
    assert read_hledger(texts["hledger"]) == wanted
    assert read_csv(texts["csv"]) == {
        (period.on, account.number, amount) for period in periods for account, amount in period.lines
    }
    assert texts == {form: write(periods, chart, practice) for form, write in FORMATS.items()}


def totals(periods):
    found = {}
    for period in periods:
        for account, amount in period.lines:
            found[account.number] = found.get(account.number, 0) + amount
    return {number: amount for number, amount in found.items() if amount}


def cents(text):
    assert re.fullmatch(r"-?\d+\.\d\d", text), text
    return int(text.replace(".", ""))


PATH = r"(?:Assets|Liabilities|Equity|Income|Expenses)(?::[A-Z0-9][A-Za-z0-9-]*)+"
OPEN = re.compile(rf"1970-01-01 open ({PATH}) USD")
HEAD = re.compile(r'(\d{4}-\d\d-\d\d) \* "([^"\\\n]*)" "([^"\\\n]+)"')
META = re.compile(r'  superbill-id: "[^"\\\n]+"')
POSTED = re.compile(rf"  ({PATH}) +(-?\d+\.\d\d) USD")


def read_beancount(text):
    """(day, account, cents) of a beancount text; every line has to be a directive of the language as documented, each
    account opened once and before, each transaction whole and at zero."""
    head, *transactions = text.split("\n\n")
    assert head == 'option "operating_currency" "USD"'
    opened = [OPEN.fullmatch(line)[1] for line in transactions.pop(0).splitlines()]
    assert len(opened) == len(set(opened))
    found, last = set(), ""
    for transaction in transactions:
        first, meta, *postings = transaction.splitlines()
        day = HEAD.fullmatch(first)[1]
        assert META.fullmatch(meta)
        assert last < day
        last = day
        read = [POSTED.fullmatch(line).groups() for line in postings]
        assert len(read) > 1
        assert sum(cents(amount) for _, amount in read) == 0
        assert {path for path, _ in read} <= set(opened)
        found |= {(date.fromisoformat(day), path, cents(amount)) for path, amount in read}
    return found


def read_hledger(text):
    head, *transactions = text.split("\n\n")
    assert head == "commodity 1000.00 USD"
    declared = {line.removeprefix("account ") for line in transactions.pop(0).splitlines()}
    found = set()
    for transaction in transactions:
        first, meta, *postings = transaction.splitlines()
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \* [^|\n]*\| Patient accounting \d{4}-\d\d-\d\d", first), first
        assert meta.startswith("    ; superbill-id: ")
        read = [re.fullmatch(rf"    ({PATH})  +(-?\d+\.\d\d) USD", line).groups() for line in postings]
        assert sum(cents(amount) for _, amount in read) == 0
        assert {path for path, _ in read} <= declared
        found |= {(date.fromisoformat(first[:10]), path, cents(amount)) for path, amount in read}
    return found


def read_csv(text):
    rows = list(csv.DictReader(io.StringIO(text), strict=True))
    assert all(bool(row["debit"]) != bool(row["credit"]) for row in rows)
    return {
        (
            date.fromisoformat(row["date"]),
            row["account"],
            cents(row["debit"]) if row["debit"] else -cents(row["credit"]),
        )
        for row in rows
    }


@pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed here")
def test_hledger_itself_takes_the_journal_in_strictly(tmp_path):
    drawn = [(place % 9, account, Account.CASH, 1_00 + place) for place, account in enumerate(Account)]
    for by in ("day", "month"):
        path = tmp_path / f"{by}.journal"
        path.write_text(
            FORMATS["hledger"](gl_periods(sums(drawn), DEFAULT_CHART, by), DEFAULT_CHART, "Lakeside"), "utf-8"
        )
        checked = subprocess.run(
            ["hledger", "-f", path, "check", "--strict"], capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stderr


def test_a_journal_that_does_not_balance_is_refused():
    with pytest.raises(Unbalanced, match="superbill doctor"):
        gl_periods([(DAY, Account.CASH, 1)], DEFAULT_CHART)


def test_every_account_of_ours_has_a_number_of_its_own():
    assert set(DEFAULT_CHART.accounts) == set(Account)
    assert len(DEFAULT_CHART.all()) == len(Account)


BAD = {
    "no TOML": ("[cash", "not TOML"),
    "no account of ours": ('[petty]\nnumber = "1"', "The accounts are charges"),
    "no such field": ('[cash]\ncode = "1"', "code"),
    "a number with blanks": ('[cash]\nnumber = "10 10"', "cash: number"),
    "a name that steers": ('[cash]\nname = "=cmd()"', "cash: name"),
    "a kind that is none": ('[cash]\nkind = "Money"', "Money"),
    "one number, two names": ('[cash]\nnumber = "1200"', "both go to 1200"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_chart_that_can_not_be_used_is_refused_with_its_place(kind):
    text, message = BAD[kind]
    with pytest.raises(ChartError, match=f"gl.toml.*{message}"):
        read_chart(text, "gl.toml")
