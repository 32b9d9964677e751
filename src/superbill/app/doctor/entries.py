"""Entries: each balanced, as a whole and line by line, numbered without a gap, reversed exactly."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from superbill.app.accounts.actors import Scope
from superbill.app.billing.journal import JOURNAL, stored_entries
from superbill.app.billing.models import ENTRY_ID_STEP, JournalEntry, Posting
from superbill.app.doctor.report import Notes
from superbill.app.practices.models import Counter as NumberCounter
from superbill.app.rows import chunks
from superbill.ledger.accounts import Account
from superbill.ledger.entry import balance_of, reversal
from superbill.ledger.proof import LINE_ACCOUNTS

CHUNK = 2000
_MEND = "The journal was written past the app. Restore a backup, or reverse what is wrong with a new entry."
Rows = Iterator[tuple[Any, ...]]


def check_entries(scope: Scope, notes: Notes) -> tuple[int, int]:
    """How many entries there are, and how many of them do not balance."""
    entries = scope.rows(JournalEntry).order_by("id").values_list("id", "number", "reverses_id")
    postings = scope.rows(Posting).order_by("entry_id", "id").values_list("entry_id", "account", "amount", "line_id")
    grouped = groupby(postings.iterator(chunk_size=CHUNK), key=itemgetter(0))
    waiting = next(grouped, None)
    count = unbalanced = 0
    reversals: list[int] = []
    for entry_id, number, reverses in entries.iterator(chunk_size=CHUNK):
        count += 1
        while waiting is not None and waiting[0] < entry_id:
            _orphan(notes, waiting[0])
            waiting = next(grouped, None)
        moves: list[tuple[Any, ...]] = []
        if waiting is not None and waiting[0] == entry_id:
            moves = list(waiting[1])
            waiting = next(grouped, None)
        unbalanced += not _balanced(notes, number, moves)
        if number != count or entry_id != scope.practice_id * ENTRY_ID_STEP + number:
            notes.add("gap", f"entry {number}", f"Entry {number} stands in place {count} of the journal.", _MEND)
        if reverses is not None:
            reversals.append(entry_id)
            if len(reversals) == CHUNK:
                _check_reversals(scope, notes, reversals)
                reversals = []
    while waiting is not None:
        _orphan(notes, waiting[0])
        waiting = next(grouped, None)
    _check_reversals(scope, notes, reversals)
    _check_counter(scope, notes, count)
    return count, unbalanced


def _balanced(notes: Notes, number: int, moves: list[tuple[Any, ...]]) -> bool:
    off = sum(amount for _, _, amount, _ in moves)
    if off or len(moves) < 2:
        message = f"Entry {number} is off by {off} cents over {len(moves)} postings."
        notes.add("unbalanced", f"entry {number}", message, _MEND)
        return False
    lines: dict[int, dict[Account, int]] = {}
    for _, name, amount, line in moves:
        account = Account(name)
        if line is not None:
            sums = lines.setdefault(line, {})
            sums[account] = sums.get(account, 0) + amount
        elif account in LINE_ACCOUNTS:
            notes.add("no-line", f"entry {number}", f"Entry {number} moves {name} without a charge line.", _MEND)
    for line, sums in lines.items():
        if not balance_of(sums).explained:
            notes.add("line-unbalanced", f"entry {number}", f"Entry {number} moves money off line {line}.", _MEND)
    return True


def _orphan(notes: Notes, entry_id: int) -> None:
    notes.add("orphan", f"entry id {entry_id}", f"Postings of an entry {entry_id} that is not in the journal.", _MEND)


def _check_reversals(scope: Scope, notes: Notes, ids: list[int]) -> None:
    """A reversal takes its entry back posting for posting."""
    for some in chunks(ids):
        backs = stored_entries(scope, some)
        former = scope.rows(JournalEntry).filter(key__in=[back.reverses for back in backs])
        by_key = {entry.key: entry for entry in stored_entries(scope, former.values_list("id", flat=True))}
        for back in backs:
            entry = by_key.get(back.reverses)
            exact = reversal(entry, key=back.key, on=back.on) if entry else None
            if exact is None or Counter(exact.postings) != Counter(back.postings):
                message = f"{back.key} does not take back {back.reverses} posting for posting."
                notes.add("reversal", back.key, message, _MEND)


def _check_counter(scope: Scope, notes: Notes, count: int) -> None:
    counter = NumberCounter.objects.filter(practice_id=scope.practice_id, name=JOURNAL).first()
    value = counter.value if counter else 0
    if value != count:
        message = f"{value} entries were numbered, {count} are there."
        notes.add("gap", "journal counter", message, "Entries are missing. Restore a backup.")
