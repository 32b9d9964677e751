"""Money at the desk: entries, patient payments, statements."""

from collections.abc import Sequence
from datetime import date, datetime

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.journal import (
    KeyConflict,
    PostCounts,
    UnknownLine,
    hold_journal,
    stored_entries,
    write_entries,
)
from superbill.app.billing.models import JournalEntry, LineBalance, Posting
from superbill.app.patients.models import PatientRow
from superbill.app.rows import found
from superbill.app.work import action
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Reason, reversal
from superbill.ledger.entry import Posting as Move
from superbill.money import Cents

__all__ = [
    "BadAmount",
    "KeyConflict",
    "PostCounts",
    "UnknownLine",
    "apply_unapplied",
    "patient_owes",
    "patient_party",
    "post",
    "reverse",
    "take_patient_payment",
    "unapplied_money",
    "write_off",
]


class BadAmount(ValueError):
    """An amount that this action can't take. Nothing was posted."""


def post(actor: Actor, entries: Sequence[Entry], *, at: datetime) -> PostCounts:
    """Post entries by hand or from a plan, all or none, each key once.

    Raises KeyConflict, UnknownLine, LineUnbalanced.
    """
    with action(actor, Permission.ADJUST, "post", at) as work:
        counts = write_entries(work, entries)
        work.note("entry", posted=counts.posted, already=counts.already)
        return counts


def reverse(actor: Actor, key: str, *, on: date, memo: str = "", at: datetime) -> Entry:
    """Take the entry `key` back with a new one. Reversing twice posts once. Raises UnknownLine for an unknown key."""
    with action(actor, Permission.ADJUST, "reverse", at) as work:
        rows = work.scope.rows(JournalEntry).filter(key=key).values_list("id", flat=True)
        stored = stored_entries(work.scope, rows)
        if not stored:
            raise UnknownLine(f"no entry {key} to reverse in this practice")
        back = reversal(stored[0], key=f"reverses:{key}", on=on, memo=memo)
        counts = write_entries(work, [back])
        work.note("entry", rows[0], posted=counts.posted)
        return back


def patient_party(patient_id: int) -> str:
    """How postings name a patient as the payer."""
    return f"patient:{patient_id}"


def take_patient_payment(
    actor: Actor, patient_id: int, amount: Cents, method: str, key: str, on: date, *, at: datetime
) -> Entry:
    """Post a patient's payment: oldest lines first, what is left over to UNAPPLIED. The same `key` posts once.

    A payment that was taken under this key stays as it was spread then. Raises BadAmount for nothing or less,
    KeyConflict for the same key with another amount.
    """
    if amount <= 0:
        raise BadAmount(f"a payment is more than nothing: {amount} cents")
    with action(actor, Permission.TAKE_PAYMENT, "take patient payment", at) as work:
        hold_journal(work.scope)
        key = f"patient-payment:{key}"
        there = stored_entries(work.scope, work.scope.rows(JournalEntry).filter(key=key).values_list("id", flat=True))
        if there:
            if sum(move.amount for move in there[0].postings if move.account is Account.CASH) != amount:
                raise KeyConflict(f"payment {key} was taken already with another amount")
            return there[0]
        postings = _spread(work.scope, patient_id, amount, method)
        entry = Entry(key=key, kind="patient payment", on=on, source=patient_party(patient_id), postings=postings)
        write_entries(work, [entry])
        work.note("patient", patient_id, entries=1)
        return entry


def _spread(scope: Scope, patient_id: int, amount: Cents, method: str) -> tuple[Move, ...]:
    if not scope.rows(PatientRow).filter(pk=patient_id).exists():
        raise BadAmount(f"no patient {patient_id} in this practice")
    payer, why = patient_party(patient_id), Reason(code=method)
    parts, left = _oldest_first(scope, patient_id, amount)
    moves = [Move(account=Account.CASH, amount=part, line=line, payer=payer, reason=why) for line, part in parts]
    moves += [Move(account=Account.PATIENT, amount=-part, line=line) for line, part in parts]
    if left:
        moves.append(Move(account=Account.CASH, amount=left, payer=payer, reason=why))
        moves.append(Move(account=Account.UNAPPLIED, amount=-left, payer=payer))
    return tuple(moves)


def apply_unapplied(actor: Actor, patient_id: int, key: str, on: date, *, at: datetime) -> Entry | None:
    """Put a patient's unapplied money to the lines that they owe now, oldest first; None when there is nothing to do.

    The same `key` posts once.
    """
    with action(actor, Permission.TAKE_PAYMENT, "apply unapplied money", at) as work:
        hold_journal(work.scope)
        key = f"apply-unapplied:{key}"
        there = stored_entries(work.scope, work.scope.rows(JournalEntry).filter(key=key).values_list("id", flat=True))
        if there:
            return there[0]
        parts, _ = _oldest_first(work.scope, patient_id, unapplied_money(work.scope, patient_id))
        if not parts:
            return None
        payer = patient_party(patient_id)
        moves = [Move(account=Account.UNAPPLIED, amount=part, line=line, payer=payer) for line, part in parts]
        moves += [Move(account=Account.PATIENT, amount=-part, line=line) for line, part in parts]
        entry = Entry(key=key, kind="patient payment", on=on, source=payer, postings=tuple(moves))
        write_entries(work, [entry])
        work.note("patient", patient_id, entries=1)
        return entry


def write_off(actor: Actor, line: str, amount: Cents, reason: str, key: str, on: date, *, at: datetime) -> Entry:
    """Forgive `amount` of a line's balance: the patient's first, then what was denied, then the payer's.

    The same `key` posts once. Raises BadAmount for nothing or less, or more than the line's balance.
    """
    with action(actor, Permission.ADJUST, "write off", at) as work:
        hold_journal(work.scope)
        key = f"write-off:{key}"
        there = stored_entries(work.scope, work.scope.rows(JournalEntry).filter(key=key).values_list("id", flat=True))
        if there:
            return there[0]
        row = work.scope.rows(LineBalance).filter(line__key=line).first()
        holders = (
            (
                (Account.PATIENT, row.patient),
                (Account.DENIED, row.denied),
                (Account.INSURANCE, row.insurance - row.denied),
            )
            if row
            else ()
        )
        if not 0 < amount <= sum(max(balance, 0) for _, balance in holders):
            raise BadAmount(f"line {line} has no balance of {amount} cents to write off")
        moves, left = [Move(account=Account.WRITE_OFF, amount=amount, line=line, reason=Reason(code=reason))], amount
        for account, balance in holders:
            if part := min(max(balance, 0), left):
                payer = row.payer if row and account is not Account.PATIENT else ""
                moves.append(Move(account=account, amount=-part, line=line, payer=payer))
                left -= part
        entry = Entry(key=key, kind="write-off", on=on, source=line, postings=tuple(moves))
        write_entries(work, [entry])
        work.note("entry", entries=1)
        return entry


def _oldest_first(scope: Scope, patient_id: int, amount: Cents) -> tuple[list[tuple[str, Cents]], Cents]:
    """(line key, cents) that `amount` covers of what the patient owes, and what is left of it."""
    owed = scope.rows(LineBalance).filter(line__patient_id=patient_id, patient__gt=0)
    parts = []
    for line, balance in owed.order_by("line__service_start", "line_id").values_list("line__key", "patient"):
        if amount <= 0:
            break
        parts.append((line, min(balance, amount)))
        amount -= parts[-1][1]
    return parts, amount


def unapplied_money(scope: Scope, patient_id: int) -> Cents:
    """A patient's money that is on no line yet."""
    party = patient_party(patient_id)
    moved = found(scope, Posting, "payer", [party], "amount", account=Account.UNAPPLIED.value)
    return -sum(int(amount) for (amount,) in moved)


def patient_owes(scope: Scope, patient_id: int) -> Cents:
    """What the patient owes now: the patient balance of their lines, less their unapplied money."""
    lines = found(scope, LineBalance, "line__patient_id", [patient_id], "patient")
    return sum(int(balance) for (balance,) in lines) - unapplied_money(scope, patient_id)
