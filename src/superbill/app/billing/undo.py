"""What a person posted is taken back: one new entry, and the case behind it where it was before."""

from collections.abc import Iterable
from datetime import date, datetime

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.cases import KINDS, label, move_case, steps
from superbill.app.billing.errors import NotPossible
from superbill.app.billing.journal import UnknownLine, hold_journal, stored_entries, write_entries
from superbill.app.billing.models import Case, ChargeLine, JournalEntry, MoneyEvent, Posting, Receipt, ReceiptState
from superbill.app.billing.returns import void_receipt
from superbill.app.billing.standing import PATIENT_MONEY
from superbill.app.billing.write_offs import FORGIVEN
from superbill.app.rows import found
from superbill.app.work import Work, action
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, reversal

_NEEDS = {
    "patient payment": Permission.TAKE_PAYMENT,
    "returned payment": Permission.RECONCILE,
    "refund": Permission.REFUND,
    "transfer": Permission.TRANSFER,
    "write-off": Permission.WRITE_OFF,
}
_OTHER_WAY = {
    "charge": "A charge is changed with its claim: superbill claim correct, or superbill claim void.",
    "reversal": "An undone entry is not undone again. Do what it had done anew.",
}
_REMITTANCE = "It is part of a payer's payment, which is taken back as a whole: superbill remit void {source}"
_SETTLEMENT = "It settles a balance between a payer and us: superbill remit provider"
_BANK = "It belongs to a line of the bank or to a deposit: superbill bank undo, or superbill deposit void"
_PAYERS = frozenset({"insurance payment", "denial", "deposit", "provider adjustment"})


def undo(actor: Actor, key: str, reason: str, on: date, *, at: datetime) -> Entry:
    """Take the entry `key` back with a new one and put the case behind it back to where it was. Twice posts once.

    Needs the permission of what is undone. Raises UnknownLine for an unknown key; NotPossible without a reason, for a
    part of a remittance, a charge, or money that has moved on since: the message names what to undo first.
    """
    if not reason.strip():
        raise NotPossible("say why it is undone")
    return reverse(actor, key, on=on, memo=reason, at=at)


def reverse(actor: Actor, key: str, *, on: date, memo: str = "", at: datetime) -> Entry:
    """`undo` for programs, which need no reason."""
    kind = next((kind for (kind,) in found(Scope(actor.practice_id), JournalEntry, "key", [key], "kind")), "")
    with action(actor, _NEEDS.get(kind, Permission.ADJUST), "reverse", at) as work:
        hold_journal(work.scope)
        row_id, entry = _entry(work.scope, key)
        back = _already(work.scope, row_id) or _undone(work, entry, on, memo)
        work.note("entry", row_id, posted=1)
        return back


def _entry(scope: Scope, key: str) -> tuple[int, Entry]:
    ids = [pk for (pk,) in found(scope, JournalEntry, "key", [key], "id")]
    if not ids:
        raise UnknownLine(f"no entry {key} to reverse in this practice")
    return ids[0], stored_entries(scope, ids)[0]


def _already(scope: Scope, row_id: int) -> Entry | None:
    there = stored_entries(scope, (pk for (pk,) in found(scope, JournalEntry, "reverses_id", [row_id], "id")))
    return there[0] if there else None


def _undone(work: Work, entry: Entry, on: date, memo: str) -> Entry:
    if entry.kind in _OTHER_WAY:
        raise NotPossible(f"{entry.key}: {_OTHER_WAY[entry.kind]}")
    if elsewhere := _made_elsewhere(entry):
        raise NotPossible(f"{entry.key}: {elsewhere}")
    behind = _cases(work.scope, entry.key)
    receipt = next((row for row, step in behind if isinstance(row, Receipt) and step == 0), None)
    if receipt is not None:
        return _void(work, receipt, on, memo)
    back = reversal(entry, key=f"reverses:{entry.key}", on=on, memo=memo)
    for row, _ in behind:
        _restore(work, row, entry.key, back.key, on, memo)
    write_entries(work, [back])
    _must_cover(work.scope, back)
    _must_not_reopen_twice(work.scope, back)
    return back


def _made_elsewhere(entry: Entry) -> str:
    """How to undo an entry that comes with others or with a paper; "" for one that stands alone."""
    if entry.source.startswith("provider-level:"):
        return _SETTLEMENT
    if entry.source.startswith("835:") or (entry.kind in _PAYERS and entry.source):
        return _REMITTANCE.format(source=entry.source)
    return _BANK if entry.source == entry.key else ""


def _void(work: Work, receipt: Receipt, on: date, memo: str) -> Entry:
    if receipt.state == ReceiptState.VOIDED:
        key = steps(work.scope, receipt)[-1].entry
        return _entry(work.scope, key)[1]
    return void_receipt(work, receipt.number, on, memo or "undone")


def _cases(scope: Scope, key: str) -> list[tuple[Case, int]]:
    """The cases that took a step with this entry, each with the place of that step in its history."""
    behind: list[tuple[Case, int]] = []
    for kind, subject in {
        (kind, subject) for kind, subject in found(scope, MoneyEvent, "entry", [key], "kind", "subject")
    }:
        row = scope.rows(KINDS[kind]).get(pk=subject)
        taken = [step.entry for step in steps(scope, row)]
        behind.append((row, taken.index(key)))
    return behind


def _restore(work: Work, row: Case, key: str, back: str, on: date, memo: str) -> None:
    history = steps(work.scope, row)
    place = next(place for place, step in enumerate(history) if step.entry == key)
    name = label(type(row), row.number)
    if place + 1 < len(history):
        raise NotPossible(f"{name} is {row.state} since then; undo that first")
    if place == 0:
        raise NotPossible(f"{name} began with this entry; end it instead: superbill collections recall {row.number}")
    move_case(work, row, history[place - 1].state, on=on, entry=back, reason=memo)


def _must_cover(scope: Scope, back: Entry) -> None:
    """What is taken off a line or an account must still be there: money of the same receipt."""
    loose = {(move.payer, move.reason.remarks[:1]) for move in back.postings if move.account is Account.UNAPPLIED}
    for payer, tag, left in _unapplied(scope, {payer for payer, _ in loose}):
        if (payer, tag) in loose and left < 0:
            raise NotPossible(f"{' '.join(tag) or 'the money'} has been put to lines since then; undo that first")
    lines = {move.line for move in back.postings if move.line and move.account.value in PATIENT_MONEY}
    for line, tag, left in _on_lines(scope, lines):
        touched = any(move.line == line and move.reason.remarks == tag for move in back.postings)
        if tag and touched and left < 0:
            raise NotPossible(f"{tag[0]} has been taken off line {line} since then; undo that first")


def _must_not_reopen_twice(scope: Scope, back: Entry) -> None:
    """What was given up and then paid after all is not owed a second time."""
    opened = {(move.line, move.account.value) for move in back.postings if move.account.value in FORGIVEN}
    ids = {pk: key for key, pk in found(scope, ChargeLine, "key", {line for line, _ in opened}, "key", "id")}
    sums: dict[tuple[str, str], int] = {}
    for line, account, amount in found(
        scope, Posting, "line_id", ids, "line_id", "account", "amount", account__in=FORGIVEN
    ):
        sums[ids[line], account] = sums.get((ids[line], account), 0) + amount
    for line, account in sorted(opened):
        if sums.get((line, account), 0) < 0:
            raise NotPossible(f"line {line} was paid after it was given up; void or reallocate that payment first")


def _unapplied(scope: Scope, payers: Iterable[str]) -> list[tuple[str, tuple[str, ...], int]]:
    sums: dict[tuple[str, tuple[str, ...]], int] = {}
    columns = ("payer", "remarks", "amount")
    for payer, remarks, amount in found(scope, Posting, "payer", payers, *columns, account=Account.UNAPPLIED.value):
        tag = tuple(remarks.splitlines()[:1])
        sums[payer, tag] = sums.get((payer, tag), 0) - amount
    return [(payer, tag, left) for (payer, tag), left in sums.items()]


def _on_lines(scope: Scope, lines: Iterable[str]) -> list[tuple[str, tuple[str, ...], int]]:
    keys = {pk: key for key, pk in found(scope, ChargeLine, "key", lines, "key", "id")}
    sums: dict[tuple[str, tuple[str, ...]], int] = {}
    columns = ("line_id", "remarks", "amount")
    for line, remarks, amount in found(scope, Posting, "line_id", keys, *columns, account__in=PATIENT_MONEY):
        tag = tuple(remarks.splitlines())
        sums[keys[line], tag] = sums.get((keys[line], tag), 0) + amount
    return [(line, tag, left) for (line, tag), left in sums.items()]
