"""Matches are made: what is certain by itself, the rest by a person; and undone."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Max
from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.journal import hold_journal, stored_entries, write_entries
from superbill.app.billing.models import JournalEntry
from superbill.app.billing.refunds import cash_refunds, uncash_refunds
from superbill.app.deposits.errors import NotReconcilable
from superbill.app.deposits.lines import fee_entry
from superbill.app.deposits.models import BankLineRow, LineState, Match, MatchPart
from superbill.app.deposits.payments import ENTRY, expected
from superbill.app.deposits.queries import Books, reconciliation
from superbill.app.practices.actions import take
from superbill.app.rows import found, insert, insert_one, update
from superbill.app.work import Work, action
from superbill.ledger.entry import reversal
from superbill.money import Cents, dollars

_MATCH = ("practice_id", "number", "how", "why", "difference", "actor", "at")
_PART = ("practice_id", "match_id", "line_id", "payment", "amount")


class Made(Struct, frozen=True, kw_only=True):
    """A new match: its number, and lines − payments in cents."""

    number: int
    difference: Cents = 0


def match_certain(actor: Actor, on: date, *, at: datetime) -> tuple[tuple[Made, ...], Books]:
    """Match every bank line that is certain, and tell what is left, counted to the day `on`."""
    with action(actor, Permission.RECONCILE, "match bank lines", at) as work:
        hold_journal(work.scope)
        books = reconciliation(work.scope, on)
        made = []
        for candidate in books.found.matched:
            lines = [(books.rows[line], books.lines[line].amount) for line in candidate.lines]
            payments = [(key, books.payments[key].amount) for key in candidate.payments]
            made.append(_write(work, lines, payments, candidate.how, candidate.why))
        left = reconciliation(work.scope, on) if made else books
        work.note("bank match", matched=len(made), open=len(left.found.unexplained))
        return tuple(made), left


def confirm_match(
    actor: Actor, lines: Sequence[int], payments: Sequence[str], *, why: str = "", fee: bool = False, at: datetime
) -> Made:
    """A person says that these lines (row ids) are these payments (keys).

    A difference needs `why` and stays on record; with `fee` what the bank has less is posted to FEES. Raises
    NotReconcilable for a line or a payment that is not open, and for a difference that nobody explains.
    """
    with action(actor, Permission.RECONCILE, "confirm bank match", at) as work:
        hold_journal(work.scope)
        chosen = _lines(work, lines)
        known = {payment.key: payment for payment in expected(work.scope)}
        if missing := [key for key in payments if key not in known]:
            raise NotReconcilable(f"{missing[0]}: no payment that waits for the bank. See superbill bank reconcile")
        money = [(key, known[key].amount) for key in dict.fromkeys(payments)]
        if not chosen or not money:
            raise NotReconcilable("a match has a bank line and a payment at least")
        off = sum(amount for _, amount in chosen) - sum(amount for _, amount in money)
        if off and not why.strip():
            state = "short" if off < 0 else "over"
            raise NotReconcilable(f"the bank is {state} by {dollars(abs(off))}: say why, or choose other payments")
        if fee and off >= 0:
            raise NotReconcilable("there is no fee: the bank has not less than the books")
        made = _write(work, chosen, money, "person", why)
        if fee:
            day = max(day for (day,) in found(work.scope, BankLineRow, "id", [row for row, _ in chosen], "booked_on"))
            entry = fee_entry(_fee_key(made.number), -off, day, f"kept by the bank, match {made.number}: {why}")
            write_entries(work, [entry])
        return made


def undo_match(actor: Actor, number: int, *, why: str, at: datetime) -> None:
    """Lines and payments of a match are open again; what it posted as a fee is taken back on the day of `at`.

    The match stays on record. Raises NotReconcilable without a reason, or when it is undone already.
    """
    if not why.strip():
        raise NotReconcilable("say why the match is undone")
    with action(actor, Permission.RECONCILE, "undo bank match", at) as work:
        hold_journal(work.scope)
        row = work.scope.rows(Match).filter(number=number).first()
        if row is None or not row.live:
            raise NotReconcilable(f"match {number} is undone already" if row else f"no match {number} in this practice")
        parts = list(work.scope.rows(MatchPart).filter(match=row).values_list("id", "line_id", "payment"))
        update(MatchPart, ("live",), [(False, part) for part, _, _ in parts])
        update(BankLineRow, ("state",), [(LineState.OPEN.value, line) for _, line, _ in parts if line is not None])
        uncash_refunds(work, _entries(payment for _, _, payment in parts), at.date(), why=_cashed(number))
        undone = (False, work.actor.name, work.at, why[:300], row.pk)
        update(Match, ("live", "undone_by", "undone_at", "undone_why"), [undone])
        fees = work.scope.rows(JournalEntry).filter(key=_fee_key(number)).values_list("id", flat=True)
        backs = [
            reversal(entry, key=f"reverses:{entry.key}", on=at.date()) for entry in stored_entries(work.scope, fees)
        ]
        write_entries(work, backs)
        work.note("bank match", row.pk, undone=1, entries=len(backs))


def _lines(work: Work, lines: Sequence[int]) -> list[tuple[int, Cents]]:
    rows = {row[0]: row[1:] for row in found(work.scope, BankLineRow, "id", lines, "id", "amount", "state", lock=True)}
    for line in lines:
        if line not in rows:
            raise NotReconcilable(f"no bank line {line} in this practice. See superbill bank lines")
        if rows[line][1] != LineState.OPEN:
            raise NotReconcilable(f"bank line {line} is {rows[line][1]}, not open")
    return [(line, rows[line][0]) for line in dict.fromkeys(lines)]


def _write(
    work: Work, lines: Sequence[tuple[int, Cents]], payments: Sequence[tuple[str, Cents]], how: str, why: str
) -> Made:
    off = sum(amount for _, amount in lines) - sum(amount for _, amount in payments)
    number = take(work.practice_id, "bank match")
    row = insert_one(Match, _MATCH, (work.practice_id, number, how, why[:300], off, work.actor.name, work.at))
    parts = [(work.practice_id, row, line, "", amount) for line, amount in lines]
    parts += [(work.practice_id, row, None, payment, amount) for payment, amount in payments]  # type: ignore[misc]  # no line
    insert(MatchPart, _PART, parts)
    update(BankLineRow, ("state",), [(LineState.MATCHED.value, line) for line, _ in lines])
    (booked,) = (
        work.scope.rows(BankLineRow).filter(id__in=[line for line, _ in lines]).aggregate(Max("booked_on")).values()
    )
    cash_refunds(work, _entries(payment for payment, _ in payments), booked, why=_cashed(number))
    work.note("bank match", row, lines=len(lines), payments=len(payments), difference=off)
    return Made(number=number, difference=off)


def _entries(payments: Iterable[str]) -> list[str]:
    """Keys of the entries among the payments."""
    return [payment.removeprefix(ENTRY) for payment in payments if payment.startswith(ENTRY)]


def _cashed(number: int) -> str:
    return f"bank match {number}"


def _fee_key(number: int) -> str:
    return f"match-fee:{number}"
