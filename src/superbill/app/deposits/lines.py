"""Bank statements are taken in: every booked line once, however its files overlap."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.journal import hold_journal, write_entries
from superbill.app.deposits.errors import NotReconcilable
from superbill.app.deposits.models import BankLineRow, LineState, Statement
from superbill.app.documents import content_key
from superbill.app.rows import found, insert, insert_one, update
from superbill.app.work import Work, action
from superbill.banking import BankLine, StatementRead
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Posting, Reason

_LINE = (
    "practice_id", "statement_id", "line", "account", "booked_on", "amount", "text", "reference", "code", "trace",
    "originator", "state", "why",
)  # fmt: skip
_STATEMENT = ("practice_id", "name", "sha256", "format", "first_on", "last_on", "lines", "new", "actor", "at")


class TakenIn(Struct, frozen=True, kw_only=True):
    """What became of a statement file. `known` lines were there; `suspect` ones are new, but perhaps the same as lines
    of another format. `already`: this very file was taken in before."""

    statement: int
    lines: int
    new: int
    known: int
    suspect: int = 0
    already: bool = False


def take_in_statement(actor: Actor, data: bytes, name: str, read: StatementRead, *, at: datetime) -> TakenIn:
    """Store the lines of a file (`read` from `data`) that are not there yet. The same file twice is one."""
    with action(actor, Permission.RECONCILE, "take in bank statement", at) as work:
        hold_journal(work.scope)
        key = content_key(data)
        for row_id, lines in found(work.scope, Statement, "sha256", [key], "id", "lines"):
            return TakenIn(statement=row_id, lines=lines, new=0, known=lines, already=True)
        there = {line for (line,) in found(work.scope, BankLineRow, "line", [one.id for one in read.lines], "line")}
        new = [one for one in read.lines if one.id not in there]
        twins = _of_other_formats(work, read.format, new)
        days = [one.booked_on for one in read.lines]
        row = (
            work.practice_id, name[-200:], key, read.format, min(days, default=None), max(days, default=None),
            len(read.lines), len(new), actor.name, at,
        )  # fmt: skip
        statement = insert_one(Statement, _STATEMENT, row)
        insert(BankLineRow, _LINE, [_row(work, statement, one, twins.get(one.id, "")) for one in new])
        work.note("bank statement", statement, lines=len(read.lines), new=len(new))
        return TakenIn(
            statement=statement,
            lines=len(read.lines),
            new=len(new),
            known=len(read.lines) - len(new),
            suspect=len(twins),
        )


def _row(work: Work, statement: int, line: BankLine, twin: str) -> tuple[object, ...]:
    state = LineState.SUSPECT if twin else LineState.OPEN if line.amount else LineState.SET_ASIDE
    return (
        work.practice_id, statement, line.id, line.account[:64], line.booked_on, line.amount, line.text,
        line.reference[:255], line.code[:64], line.trace[:64], line.originator[:16],
        state.value, "no money" if state is LineState.SET_ASIDE else twin,
    )  # fmt: skip


def _of_other_formats(work: Work, form: str, new: Sequence[BankLine]) -> dict[str, str]:
    """New lines for which a file of another format has one of the same account, day and amount, one for one.

    Each format has words and ids of its own, so the same line can't be told from an equal one; a person can.
    """
    if not new:
        return {}
    days = (min(one.booked_on for one in new), max(one.booked_on for one in new))
    rows = work.scope.rows(BankLineRow).filter(booked_on__range=days).exclude(statement__format=form)
    others = Counter(
        (account[-4:], day, amount) for account, day, amount in rows.values_list("account", "booked_on", "amount")
    )
    twins = {}
    for one in new:
        like = (one.account[-4:], one.booked_on, one.amount)
        if others[like] > 0:
            others[like] -= 1
            twins[one.id] = "perhaps the same as a line of a file of another format"
    return twins


def set_aside(actor: Actor, lines: Iterable[int], why: str, *, at: datetime) -> int:
    """Lines (row ids) that are no payment of ours: loan, rent, owner's money. They ask for nothing any more.

    Raises NotReconcilable without a reason, for a line that is matched, or that this practice does not have.
    """
    if not why.strip():
        raise NotReconcilable("say what the line is when you set it aside")
    return _move(actor, lines, (LineState.OPEN, LineState.SUSPECT), LineState.SET_ASIDE, why, "set aside", at)


def take_up(actor: Actor, lines: Iterable[int], *, at: datetime) -> int:
    """Lines that were set aside, or suspected to be the same as others, are open again."""
    return _move(actor, lines, (LineState.SET_ASIDE, LineState.SUSPECT), LineState.OPEN, "", "take up", at)


def _move(
    actor: Actor,
    lines: Iterable[int],
    before: tuple[LineState, ...],
    after: LineState,
    why: str,
    what: str,
    at: datetime,
) -> int:
    with action(actor, Permission.RECONCILE, f"{what} bank lines", at) as work:
        ids = sorted(set(lines))
        states = dict(found(work.scope, BankLineRow, "id", ids, "id", "state", lock=True))
        for row_id in ids:
            if states.get(row_id) not in before:
                raise NotReconcilable(_not_in(row_id, states.get(row_id)))
        update(BankLineRow, ("state", "why"), [(after.value, why[:300], row_id) for row_id in ids])
        work.note("bank line", ids=ids, state=after.value)
        return len(ids)


def _not_in(row_id: int, state: str | None) -> str:
    if state is None:
        return f"no bank line {row_id} in this practice. See superbill bank lines"
    return f"bank line {row_id} is {state}. Undo its match first." if state == "matched" else f"it is {state} already"


def book_fee(actor: Actor, line: int, on: date | None = None, *, why: str = "", at: datetime) -> Entry:
    """A bank line that is a fee of the bank: FEES against CASH on its day (or `on`). The line asks for nothing more.

    The same line is booked once. Raises NotReconcilable for money in, or for a line that is something else already.
    """
    with action(actor, Permission.RECONCILE, "book bank fee", at) as work:
        hold_journal(work.scope)
        row = work.scope.rows(BankLineRow).filter(pk=line).first()
        if row is None or row.state != LineState.OPEN:
            raise NotReconcilable(_not_in(line, row.state if row else None))
        if row.amount >= 0:
            raise NotReconcilable(f"bank line {line} is money in: it can be no fee")
        entry = fee_entry(f"bank-fee:{row.line}", -row.amount, on or row.booked_on, "bank fee")
        write_entries(work, [entry])
        update(BankLineRow, ("state", "why"), [(LineState.SET_ASIDE.value, (why or "bank fee")[:300], line)])
        work.note("bank line", line, entries=1)
        return entry


def fee_entry(key: str, fee: int, on: date, memo: str) -> Entry:
    """What a bank or a card processor keeps: FEES, out of CASH."""
    why = Reason(code="bank fee")
    postings = (
        Posting(account=Account.FEES, amount=fee, reason=why),
        Posting(account=Account.CASH, amount=-fee, reason=why),
    )
    return Entry(key=key, kind="adjustment", on=on, source=key, memo=memo, postings=postings)
