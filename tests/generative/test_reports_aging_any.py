"""Receivables on any day against a naive model: the journal's entries read one by one, for random journals."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.app_samples import AT, billed

from superbill.app.billing.actions import post
from superbill.app.billing.models import ChargeLine
from superbill.app.billing.queries import journal
from superbill.app.reports.actions import refresh
from superbill.app.reports.aging import BUCKETS, Question, aged, lines_behind
from superbill.app.reports.spells import Move as MoveOfLine
from superbill.app.reports.spells import spells
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry
from superbill.ledger.entry import Posting as Move

FIRST, DAYS = date(2026, 8, 25), 260
LINES = ("A1001-1", "A1001-2", "A1002-1")
HOLDERS = [
    (Account.INSURANCE, "one"),
    (Account.INSURANCE, "two"),
    (Account.INSURANCE, ""),
    (Account.DENIED, "one"),
    (Account.PATIENT, ""),
    (Account.PATIENT, "one"),
]
ELSEWHERE = [(Account.CONTRACTUAL, "one"), (Account.CLEARING, "one"), (Account.CASH, "patient:1")]
DAY = st.integers(0, DAYS).map(lambda days: FIRST + timedelta(days=days))
MOVE = st.tuples(
    st.sampled_from(LINES),
    st.sampled_from(HOLDERS),
    st.sampled_from([*HOLDERS, *ELSEWHERE]),
    st.integers(-50, 150).filter(bool).map(lambda amount: amount * 100),
    DAY,
)
KIND = {Account.INSURANCE: "insurance", Account.DENIED: "denied", Account.PATIENT: "patient"}


def naive_balances(entries, on):
    """{(line, account, holder): cents} at the end of a day."""
    sums = {}
    for entry in entries:
        for move in entry.postings if entry.on <= on else ():
            if move.account in KIND:
                holder = "" if move.account is Account.PATIENT else move.payer or "(no payer)"
                key = (move.line, move.account, holder)
                sums[key] = sums.get(key, 0) + move.amount
    return {key: cents for key, cents in sums.items() if cents}


def naive_since(entries, key, on):
    """Back through the ends of the days as long as the holder owes (or is owed) without a break."""
    sign, since = naive_balances(entries, on)[key] > 0, on
    for day in sorted({entry.on for entry in entries if entry.on <= on}, reverse=True):
        cents = naive_balances(entries, day).get(key, 0)
        if not cents or (cents > 0) != sign:
            break
        since = day
    return since


def naive(entries, services, question):
    """{(key, kind): [cents per bucket…, count]} the slow way."""
    cells = {}
    for (line, account, holder), cents in naive_balances(entries, question.on).items():
        key = {"payer": holder, "claim": f"{line[:-2]} {holder}".strip(), "practice": ""}[question.by]
        start = services[line]
        if question.age == "responsibility":
            start = naive_since(entries, (line, account, holder), question.on)
        days = (question.on - start).days
        place = sum(days > last for last, _ in BUCKETS if last is not None)
        row = cells.setdefault((key, "credit" if cents < 0 else KIND[account]), [0] * 6)
        row[place] += cents
        row[5] += 1
    return cells


@given(st.lists(st.tuples(st.integers(1, 12), st.sampled_from(HOLDERS), st.integers(-2, 3)), max_size=12))
def test_spells_are_the_balances_at_the_ends_of_days(moves):
    entries = [
        Entry(
            key=f"e{number}",
            kind="transfer",
            on=date.fromordinal(day),
            postings=(
                Move(account=account, amount=amount, line="L", payer=payer),
                Move(account=Account.CONTRACTUAL, amount=-amount, line="L"),
            ),
        )
        for number, (day, (account, payer), amount) in enumerate(moves)
    ]
    stood = list(spells(MoveOfLine(day, account.value, payer, amount) for day, (account, payer), amount in moves))
    for day in map(date.fromordinal, range(1, 14)):
        here = [spell for spell in stood if spell.begins <= day.toordinal() < spell.ends]
        expected = naive_balances(entries, day)
        assert {("L", Account(spell.account), spell.payer): spell.amount for spell in here} == expected
        for spell in here:
            since = naive_since(entries, ("L", Account(spell.account), spell.payer), day)
            assert date.fromordinal(spell.since) == since


@pytest.fixture
def books(system):
    billed(system, charts=1, visits=2)
    return system, dict(system.scope.rows(ChargeLine).values_list("key", "service_start"))


@given(
    moves=st.lists(MOVE, min_size=1, max_size=14),
    refreshed=st.sets(st.integers(0, 13), max_size=3),
    on=st.lists(DAY, min_size=1, max_size=3),
    by=st.sampled_from(["payer", "claim", "practice"]),
    age=st.sampled_from(["service", "responsibility"]),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_aging_on_any_day_is_what_the_entries_up_to_that_day_say(books, moves, refreshed, on, by, age):
    actor, services = books
    with transaction.atomic():
        for number, (line, (to, payer), (out, other), amount, day) in enumerate(moves):
            onto = Move(account=to, amount=amount, line=line, payer=payer)
            off = Move(account=out, amount=-amount, line=line, payer=other)
            post(actor, [Entry(key=f"e{number}", kind="transfer", on=day, postings=(onto, off))], at=AT)
            if number in refreshed:
                refresh(actor, at=AT)
        entries = journal(actor.scope, limit=1000)
        for day in on:
            question = Question(on=day, by=by, age=age)
            expected = naive(entries, services, question)
            rows = aged(actor.scope, question)
            assert {(row.key, row.kind): [*row.buckets, row.lines] for row in rows} == expected
            for row in rows:
                for place, cents in enumerate(row.buckets):
                    behind = lines_behind(actor.scope, question, key=row.key, kind=row.kind, place=place)
                    assert sum(line.amount for line in behind) == cents
                assert len(lines_behind(actor.scope, question, key=row.key, kind=row.kind)) == row.lines
        transaction.set_rollback(True)
