"""Whatever bank and books say: no line and no payment is used twice, and what is matched adds up to the cent."""

from collections import Counter
from datetime import date, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.banking_samples import ALL, eft, line

from superbill.banking import StatementError, read_statement, reconcile
from superbill.banking.amounts import parse_amount
from superbill.banking.model import BankLine, numbered
from superbill.banking.subset import sums_to

DAY = date(2026, 11, 2)
days = st.integers(0, 12).map(lambda count: DAY + timedelta(days=count))
amounts = st.sampled_from([100_00, 150_00, 200_00, 250_00, 300_00, 350_00, -40_00, 77_77])
traces = st.sampled_from(["", "", "T1", "T2", "T3"])
payers = st.sampled_from(["AETNA", "CIGNA", "HUMANA"])
originators = st.sampled_from(["", "1123456789", "1987654321"])
texts = st.builds(lambda payer, number: f"{payer} EFT {number}", payers, st.sampled_from(["", "0000017401"]))


@st.composite
def books(draw):
    lines = [
        line(place, draw(amounts), draw(days), draw(texts), trace=draw(traces), originator=draw(originators))
        for place in range(draw(st.integers(0, 9)))
    ]
    payments = [
        eft(f"r{place}", draw(amounts), draw(days), trace=draw(traces), originator=draw(originators), name=draw(payers))
        for place in range(draw(st.integers(0, 9)))
    ]
    return lines, payments


@settings(max_examples=150, deadline=None)
@given(books())
def test_no_line_and_no_payment_is_used_twice_and_matches_add_up(both):
    lines, payments = both
    found = reconcile(lines, payments, on=DAY + timedelta(days=20))
    cents = {each.id: each.amount for each in lines} | {each.key: each.amount for each in payments}
    used = Counter(member for match in found.matched for member in (*match.lines, *match.payments))
    assert set(used.values()) <= {1}
    for match in (*found.matched, *found.candidates):
        assert match.lines and match.payments
        off = sum(cents[each] for each in match.lines) - sum(cents[each] for each in match.payments)
        assert off == match.difference
        assert not (match.certain and off)
    open_lines = {each.line for each in found.unexplained}
    open_payments = {each.payment for each in found.outstanding}
    assert Counter([*used, *open_lines, *open_payments]) == Counter([*cents])  # everything is told, once
    for candidate in found.candidates:
        assert {*candidate.lines} <= open_lines
        assert {*candidate.payments} <= open_payments


@settings(max_examples=100, deadline=None)
@given(books(), st.randoms(use_true_random=False))
def test_the_order_of_the_files_changes_nothing(both, random):
    lines, payments = both
    found = reconcile(lines, payments, on=DAY)
    random.shuffle(lines)
    random.shuffle(payments)
    again = reconcile(lines, payments, on=DAY)
    assert sorted(found.matched, key=str) == sorted(again.matched, key=str)
    assert {(each.lines, each.payments) for each in found.candidates} == {
        (each.lines, each.payments) for each in again.candidates
    }


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 60), st.lists(st.integers(1, 20), max_size=9))
def test_a_search_finds_what_trying_everything_finds(total, values):
    every = [
        places
        for count in range(2, len(values) + 1)
        for places in combinations(range(len(values)), count)
        if sum(values[place] for place in places) == total
    ]
    found = sums_to(total, values, limit=10_000)
    assert found.whole
    assert sorted(found.found) == sorted(every)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(ALL)), st.data())
def test_a_damaged_file_is_read_or_refused_never_anything_else(form, data):
    text = ALL[form]
    place = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 40))
    other = data.draw(st.text(max_size=6))
    damaged = (text[:place] + other + text[place + cut :]).encode("utf-8", "replace")
    try:
        found = read_statement(damaged, "s", account="1")
    except StatementError as error:
        assert str(error).startswith("s")
    else:
        assert all(type(each.amount) is int for each in found.lines)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    try:
        read_statement(data, "s", account="1")
    except StatementError as error:
        assert str(error).startswith("s")


@given(st.integers(-(10**12), 10**12))
def test_an_amount_is_what_was_written(cents):
    whole, part = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    assert parse_amount(f"{sign}{whole:,}.{part:02d}") == cents
    assert parse_amount(f"{sign}{whole}.{part:02d}") == cents
    european = f"{whole:,}".replace(",", ".")
    assert parse_amount(f"{sign}{european},{part:02d}", ",") == cents


same = st.builds(
    BankLine,
    account=st.just("1"),
    booked_on=days,
    amount=amounts,
    text=st.sampled_from(["x", "y"]),
    reference=st.just(""),
)


@given(st.lists(same, max_size=12), st.lists(same, max_size=12))
def test_ids_tell_lines_apart_and_whole_days_together(one, other):
    ids = [each.id for each in numbered(one)]
    assert len(set(ids)) == len(ids)
    assert set(ids) <= {each.id for each in numbered([*one, *other])}
