"""The journal, on both databases: it posts once, balances, and never changes, whoever asks."""

from datetime import date

import pytest
from django.db import Error, IntegrityError, connection, transaction
from tests.app_samples import AT, TODAY, billed

from superbill.app.billing.actions import KeyConflict, UnknownLine, post, reverse
from superbill.app.billing.models import JournalEntry, LineBalance, Posting
from superbill.app.doctor import examine
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Unbalanced
from superbill.ledger.entry import Posting as Move
from superbill.ledger.proof import LineUnbalanced


def moved(key, amount=10_00, line="A1001-1", kind="transfer", **more):
    """`amount` of a line from the payer to the patient."""
    postings = (
        Move(account=Account.PATIENT, amount=amount, line=line),
        Move(account=Account.INSURANCE, amount=-amount, line=line, payer="one"),
    )
    return Entry(key=key, kind=kind, on=TODAY, postings=postings, **more)


def rows_of(actor):
    return actor.scope.rows(JournalEntry).count(), actor.scope.rows(Posting).count()


@pytest.fixture
def books(system):
    """Two visits charged, two lines each."""
    billed(system, charts=1)
    return system


def test_an_entry_moves_the_balance_of_its_line(books):
    post(books, [moved("t1")], at=AT)
    balance = books.scope.rows(LineBalance).get(line__key="A1001-1")
    assert (balance.charge, balance.insurance, balance.patient, balance.payer) == (120_00, 110_00, 10_00, "one")


def test_the_same_key_posts_once(books):
    before = rows_of(books)
    assert post(books, [moved("t1"), moved("t1")], at=AT).posted == 1
    assert post(books, [moved("t1"), moved("t2")], at=AT) == type(post(books, [], at=AT))(posted=1, already=1)
    assert rows_of(books) == (before[0] + 2, before[1] + 4)


def test_a_key_that_says_something_else_is_refused_and_nothing_of_the_call_is_posted(books):
    post(books, [moved("t1")], at=AT)
    before = rows_of(books)
    with pytest.raises(KeyConflict, match="t1"):
        post(books, [moved("t2"), moved("t1", amount=11_00)], at=AT)
    with pytest.raises(KeyConflict):
        post(books, [moved("t3"), moved("t3", amount=11_00)], at=AT)
    assert rows_of(books) == before


def test_entries_are_numbered_without_a_gap_after_a_refusal(books):
    with pytest.raises(UnknownLine):
        post(books, [moved("t1"), moved("t2", line="A9999-1")], at=AT)
    post(books, [moved("t3")], at=AT)
    numbers = list(books.scope.rows(JournalEntry).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert examine(books.scope).healthy


def test_a_reversal_takes_the_entry_back_and_posts_once(books):
    before = books.scope.rows(LineBalance).values().get(line__key="A1001-1")
    post(books, [moved("t1")], at=AT)
    reverse(books, "t1", on=TODAY, at=AT)
    reverse(books, "t1", on=date(2026, 12, 1), at=AT)
    assert books.scope.rows(LineBalance).values().get(line__key="A1001-1") == before
    with pytest.raises(UnknownLine, match="no entry"):
        reverse(books, "never", on=TODAY, at=AT)


def test_an_entry_cannot_be_reversed_twice_under_other_keys(books):
    post(books, [moved("t1")], at=AT)
    post(books, [moved("back1", -10_00, kind="reversal", reverses="t1")], at=AT)
    with pytest.raises(IntegrityError):
        post(books, [moved("back2", -10_00, kind="reversal", reverses="t1")], at=AT)


def test_money_does_not_move_between_lines_unseen(books):
    postings = (
        Move(account=Account.PATIENT, amount=5, line="A1001-1"),
        Move(account=Account.PATIENT, amount=-5, line="A1001-2"),
    )
    with pytest.raises(LineUnbalanced):
        post(books, [Entry(key="t1", kind="transfer", on=TODAY, postings=postings)], at=AT)
    no_line = (Move(account=Account.PATIENT, amount=5), Move(account=Account.CASH, amount=-5))
    with pytest.raises(LineUnbalanced, match="charge line"):
        post(books, [Entry(key="t2", kind="transfer", on=TODAY, postings=no_line)], at=AT)
    suspense = (
        Move(account=Account.SUSPENSE, amount=5, line="A1001-1"),
        Move(account=Account.CASH, amount=-5, line="A1001-1"),
    )
    with pytest.raises(LineUnbalanced, match="suspense"):
        post(books, [Entry(key="t3", kind="transfer", on=TODAY, postings=suspense)], at=AT)


def test_an_unbalanced_entry_cannot_even_be_made():
    with pytest.raises(Unbalanced):
        Entry(key="t", kind="transfer", on=TODAY, postings=(Move(account=Account.CASH, amount=1),) * 2)


CHANGES = [
    "UPDATE billing_posting SET amount = amount + 1",
    "UPDATE billing_posting SET account = 'cash' WHERE id = (SELECT MIN(id) FROM billing_posting)",
    "DELETE FROM billing_posting",
    "UPDATE billing_journalentry SET memo = 'x'",
    "DELETE FROM billing_journalentry",
    "UPDATE audit_auditevent SET actor = 'somebody else'",
    "DELETE FROM audit_auditevent",
]


@pytest.mark.parametrize("sql", CHANGES)
def test_the_database_refuses_to_change_the_journal_and_the_audit_trail(books, sql):
    with pytest.raises(Error, match="never changed or deleted"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert examine(books.scope).healthy


@pytest.mark.parametrize("table", ["billing_posting", "billing_journalentry", "audit_auditevent"])
def test_replacing_or_emptying_is_no_way_around(books, table):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA recursive_triggers = OFF")  # as a stranger's connection would have it
            attempt = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"
        else:
            attempt = f"TRUNCATE {table} CASCADE"
        with pytest.raises(Error, match="superbill: "), transaction.atomic():
            cursor.execute(attempt)
    assert examine(books.scope).healthy


def raw_entry(cursor, practice, number, amounts, *, entry_first=False):
    """An entry written past the app."""
    entry_id = practice * 2**32 + number

    def write_postings():
        for amount in amounts:
            cursor.execute(
                "INSERT INTO billing_posting (practice_id, entry_id, account, amount, payer, reason_group, reason_code,"
                " remarks) VALUES (%s, %s, 'cash', %s, '', '', '', '')",
                [practice, entry_id, amount],
            )

    if not entry_first:
        write_postings()
    cursor.execute(
        'INSERT INTO billing_journalentry (practice_id, id, number, key, kind, "on", source, memo, actor, posted_at)'
        " VALUES (%s, %s, %s, %s, 'deposit', '2026-11-02', '', '', 'me', '2026-11-02 00:00:00')",
        [practice, entry_id, number, f"raw{number}"],
    )
    if entry_first:
        write_postings()


@pytest.mark.parametrize("amounts", [(100, -99), (100,), (), (0,)], ids=str)
def test_the_database_refuses_an_unbalanced_entry(books, amounts):
    with pytest.raises(IntegrityError, match="add up to zero"), transaction.atomic(), connection.cursor() as cursor:
        raw_entry(cursor, books.practice_id, 999, amounts)
    assert examine(books.scope).healthy


def test_the_database_takes_a_balanced_entry_but_no_posting_after_it(books):
    with transaction.atomic(), connection.cursor() as cursor:
        raw_entry(cursor, books.practice_id, 999, (100, -100))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        raw_entry(cursor, books.practice_id, 1000, (100, -100), entry_first=True)
    late = "INSERT INTO billing_posting (practice_id, entry_id, account, amount, payer, reason_group, reason_code, remarks) SELECT practice_id, id, 'cash', 0, '', '', '', '' FROM billing_journalentry WHERE key = 'raw999'"  # noqa: E501
    with pytest.raises(IntegrityError, match="once it is written"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(late)


def test_a_posting_without_its_entry_is_refused_at_commit(books):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        for amount in (1, -1):
            cursor.execute(
                "INSERT INTO billing_posting (practice_id, entry_id, account, amount, payer, reason_group, reason_code,"
                " remarks) VALUES (%s, %s, 'cash', %s, '', '', '', '')",
                [books.practice_id, books.practice_id * 2**32 + 999, amount],
            )


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE billing_linebalance SET patient = patient + 1",
        "UPDATE billing_chargeline SET charge = -1",
        "UPDATE claims_claimrow SET state = 'lost'",
        "UPDATE encounters_encounterrow SET state = 'lost'",
    ],
)
def test_the_database_refuses_values_that_make_no_sense(books, sql):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
