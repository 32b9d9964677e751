"""Charge lines: each charged once with its amount, and its balance, and its visit's, what the journal says."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Q, Sum

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ChargeLine, LineBalance, Posting, VisitBalance
from superbill.app.doctor.report import Notes
from superbill.ledger.accounts import INSURANCE_BALANCE, Account
from superbill.ledger.entry import Balance, balance_of

CHUNK = 2000
_NAMES = Balance.__struct_fields__
_REBUILD = "The balance was changed past the journal. The journal counts: correct the balance from it."


def check_lines(scope: Scope, notes: Notes) -> int:
    """How many charge lines there are."""
    lines = scope.rows(ChargeLine).order_by("id").values_list("id", "key", "charge")
    columns = ("line_id", "account", "amount", "payer", "entry__kind")
    postings = scope.rows(Posting).filter(line__isnull=False).order_by("line_id", "entry_id", "id")
    moves = _Groups(postings.values_list(*columns).iterator(chunk_size=CHUNK))
    kept = scope.rows(LineBalance).order_by("line_id").values_list("line_id", "payer", *_NAMES)
    stored = _Groups(kept.iterator(chunk_size=CHUNK))
    count = 0
    for line_id, key, charge in lines.iterator(chunk_size=CHUNK):
        count += 1
        of_line = moves.of(line_id)
        balance, payer = _recomputed(of_line)
        if not balance.explained:
            message = f"Line {key}: the journal does not explain its charge."
            notes.add("line", f"line {key}", message, "Find the entry that moves money off the line; reverse it.")
        _check_charged(notes, key, charge, of_line)
        _check_stored(notes, key, balance, payer, stored.of(line_id))
    for rest in (*moves.strangers(), *stored.strangers()):
        notes.add("orphan", f"line id {rest}", f"Money on a charge line {rest} that is not there.", "Restore a backup.")
    _check_visits(scope, notes)
    return count


def _check_visits(scope: Scope, notes: Notes) -> None:
    postings = scope.rows(Posting).filter(line__encounter__isnull=False).order_by("line__encounter_id")
    owed = Q(account__in=[account.value for account in INSURANCE_BALANCE])
    sums = postings.values_list("line__encounter_id").annotate(
        insurance=Sum("amount", filter=owed, default=0),
        patient=Sum("amount", filter=Q(account=Account.PATIENT.value), default=0),
    )
    columns = ("encounter_id", "insurance", "patient", "open", "encounter__account_number")
    kept = scope.rows(VisitBalance).order_by("encounter_id").values_list(*columns)
    said = _Groups(sums.iterator(chunk_size=CHUNK))
    for visit, insurance, patient, both, account in kept.iterator(chunk_size=CHUNK):
        told = said.of(visit)
        right = told[0][1:] if told else (0, 0)
        if (insurance, patient, both) != (*right, sum(right)):
            message = (
                f"Visit {account}: {insurance} cents of insurance and {patient} of the patient are kept as open, "
                f"the journal says {right[0]} and {right[1]}."
            )
            notes.add("balance", f"visit {account}", message, _REBUILD)
    for visit in said.strangers():
        notes.add("balance", f"visit id {visit}", f"Visit {visit} has postings, but no balance is kept.", _REBUILD)


class _Groups:
    """Rows in the order of their first column, handed out group by group to somebody who goes through in that order."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._groups = ((key, list(group)) for key, group in groupby(rows, key=itemgetter(0)))
        self._next = next(self._groups, None)
        self._strangers: list[int] = []

    def of(self, key: int) -> list[tuple[Any, ...]]:
        while self._next is not None and self._next[0] < key:
            self._strange()
        if self._next is None or self._next[0] != key:
            return []
        _, rows = self._next
        self._next = next(self._groups, None)
        return rows

    def strangers(self) -> list[int]:
        """Keys that nobody asked for; the first of them, when there are many."""
        while self._next is not None:
            self._strange()
        return self._strangers

    def _strange(self) -> None:
        if self._next is not None and len(self._strangers) < CHUNK:
            self._strangers.append(self._next[0])
        self._next = next(self._groups, None)


def _recomputed(moves: list[tuple[Any, ...]]) -> tuple[Balance, str]:
    sums: dict[Account, int] = {}
    payer = ""
    for _, name, amount, holder, _ in moves:
        account = Account(name)
        sums[account] = sums.get(account, 0) + amount
        if holder and amount > 0 and account in INSURANCE_BALANCE:
            payer = holder
    return balance_of(sums), payer


def _check_charged(notes: Notes, key: str, charge: int, moves: list[tuple[Any, ...]]) -> None:
    """Once, in full; or taken back in full by a reversal."""
    charges = [(amount, kind) for _, account, amount, _, kind in moves if account == Account.CHARGES]
    times = sum(1 if amount < 0 else -1 for amount, _ in charges)
    booked = -sum(amount for amount, _ in charges)
    taken_back = any(kind == "reversal" for _, kind in charges)
    if booked != charge * times or not (times == 1 or (times == 0 and (taken_back or not charge))):
        message = f"Line {key} has a charge of {charge} cents, but {booked} on the books in {times} charges."
        notes.add("charge", f"line {key}", message, "Reverse the wrong charge entry and post the right one.")


def _check_stored(notes: Notes, key: str, balance: Balance, payer: str, rows: list[tuple[Any, ...]]) -> None:
    stored = dict(zip(_NAMES, rows[0][2:], strict=True)) if rows else dict.fromkeys(_NAMES, 0)
    for name in _NAMES:
        if stored[name] != getattr(balance, name):
            message = f"Line {key}: {name} is kept as {stored[name]}, the journal says {getattr(balance, name)} cents."
            notes.add("balance", f"line {key}", message, _REBUILD)
    if (rows[0][1] if rows else "") != payer:
        message = f"Line {key}: {rows[0][1] if rows else 'nobody'} is kept as its payer, the journal says {payer}."
        notes.add("balance", f"line {key}", message, _REBUILD)
