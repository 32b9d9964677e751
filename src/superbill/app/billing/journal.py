"""THE journal: the only code that writes entries, postings and line balances."""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ENTRY_ID_STEP, ChargeLine, JournalEntry, LineBalance, Posting
from superbill.app.deposits.periods import in_open_period
from superbill.app.practices.actions import lock, take
from superbill.app.rows import found, insert
from superbill.app.work import Work
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Balance, Entry, Reason
from superbill.ledger.entry import Posting as Move
from superbill.ledger.proof import added, holder, line_changes

JOURNAL = "journal"


class KeyConflict(Exception):
    """An entry's key is in the journal already with other postings. Nothing was posted."""


class UnknownLine(Exception):
    """A posting names a charge line, or a reversal an entry, that this practice does not have. Nothing was posted."""


class PostCounts(Struct, frozen=True):
    """Entries written now, and entries that were there already and are the same."""

    posted: int
    already: int


def hold_journal(scope: Scope) -> None:
    """Let nobody else post in this practice until the transaction ends: what is read now stays true."""
    lock(scope.practice_id, JOURNAL)


def write_entries(work: Work, entries: Sequence[Entry]) -> PostCounts:
    """Post `entries` inside the caller's action: each key once, in order, numbered without a gap.

    Entries whose key is there already are left alone when they say the same. Raises KeyConflict, UnknownLine,
    LineUnbalanced, PeriodClosed; then the caller's transaction ends without any of it. What a document dates into a
    closed period is posted on the first open day.
    """
    if not entries:
        return PostCounts(0, 0)
    hold_journal(work.scope)
    new = in_open_period(work.scope, _not_yet_posted(work.scope, entries))
    if new:
        changes = [line_changes(entry) for entry in new]
        lines = _line_ids(work.scope, {line for change in changes for line in change})
        first = take(work.practice_id, JOURNAL, len(new))
        ids = {entry.key: work.practice_id * ENTRY_ID_STEP + first + place for place, entry in enumerate(new)}
        _insert_postings(work, new, ids, lines)
        _insert_entries(work, new, ids, first)
        _add_to_balances(work, changes, holder(move for entry in new for move in entry.postings), lines)
    return PostCounts(posted=len(new), already=len(entries) - len(new))


def stored_entries(scope: Scope, entry_ids: Iterable[int]) -> list[Entry]:
    """Entries as documents, in the order in which they were posted."""
    wanted = sorted(set(entry_ids))
    moves: dict[int, list[Move]] = {}
    columns = ("id", "entry_id", "account", "amount", "line__key", "payer", "reason_group", "reason_code", "remarks")
    for _, entry_id, *rest in sorted(found(scope, Posting, "entry_id", wanted, *columns)):
        moves.setdefault(entry_id, []).append(as_move(*rest))
    rows = found(scope, JournalEntry, "id", wanted, "id", "key", "kind", "on", "source", "memo", "reverses__key")
    return [
        Entry(key=key, kind=kind, on=on, source=source, memo=memo, reverses=back or "", postings=tuple(moves[entry_id]))
        for entry_id, key, kind, on, source, memo, back in sorted(rows)
    ]


def as_move(account: str, amount: int, line: str | None, payer: str, group: str, code: str, remarks: str) -> Move:
    """A stored posting as its document."""
    reason = Reason(group, code, tuple(remarks.splitlines()))
    return Move(account=Account(account), amount=amount, line=line or "", payer=payer, reason=reason)


def _not_yet_posted(scope: Scope, entries: Sequence[Entry]) -> list[Entry]:
    new: dict[str, Entry] = {}
    for entry in entries:
        if _said(new.setdefault(entry.key, entry)) != _said(entry):
            raise KeyConflict(f"two entries with the key {entry.key} say different things")
    there = dict(found(scope, JournalEntry, "key", new, "key", "id"))
    for stored in stored_entries(scope, there.values()) if there else ():
        if _said(stored) != _said(new.pop(stored.key)):
            raise KeyConflict(
                f"entry {stored.key} is posted already with other amounts. Reverse it, or find out why it came twice."
            )
    return list(new.values())


def _said(entry: Entry) -> tuple[str, str, Counter[Move]]:
    """What an entry says, whatever day it was posted on and in whatever order."""
    return entry.kind, entry.reverses, Counter(entry.postings)


def _line_ids(scope: Scope, keys: set[str]) -> dict[str, int]:
    ids = dict(found(scope, ChargeLine, "key", keys, "key", "id"))
    if missing := sorted(keys - ids.keys()):
        raise UnknownLine(f"no charge line {missing[0]} in this practice ({len(missing)} unknown)")
    return ids


def _insert_postings(work: Work, entries: Sequence[Entry], ids: dict[str, int], lines: dict[str, int]) -> None:
    columns = (
        "practice_id", "entry_id", "account", "amount", "line_id", "payer", "reason_group", "reason_code", "remarks",
    )  # fmt: skip
    insert(
        Posting,
        columns,
        [
            (
                work.practice_id,
                ids[entry.key],
                move.account.value,
                move.amount,
                lines[move.line] if move.line else None,
                move.payer,
                move.reason.group,
                move.reason.code,
                "\n".join(move.reason.remarks),
            )
            for entry in entries
            for move in entry.postings
        ],
    )


def _insert_entries(work: Work, entries: Sequence[Entry], ids: dict[str, int], first: int) -> None:
    back = {entry.reverses for entry in entries if entry.reverses} - ids.keys()
    known = dict(found(work.scope, JournalEntry, "key", back, "key", "id")) | ids
    if missing := sorted(back - known.keys()):
        raise UnknownLine(f"no entry {missing[0]} to reverse in this practice")
    columns = (
        "practice_id", "id", "number", "key", "kind", "on", "source", "memo", "reverses_id", "actor", "posted_at",
    )  # fmt: skip
    insert(
        JournalEntry,
        columns,
        [
            (
                work.practice_id,
                ids[entry.key],
                first + place,
                entry.key,
                entry.kind,
                entry.on,
                entry.source,
                entry.memo,
                known[entry.reverses] if entry.reverses else None,
                work.actor.name,
                work.at,
            )
            for place, entry in enumerate(entries)
        ],
    )


_ADD = (
    "ON CONFLICT (line_id) DO UPDATE SET {sums}, "
    "payer = CASE WHEN excluded.payer <> '' THEN excluded.payer ELSE {table}.payer END"
)


def _add_to_balances(
    work: Work, changes: Iterable[dict[str, Balance]], holders: dict[str, str], lines: dict[str, int]
) -> None:
    totals: dict[str, Balance] = {}
    for change in changes:
        for line, balance in change.items():
            totals[line] = added(totals.get(line, Balance()), balance)
    table = LineBalance._meta.db_table
    names = Balance.__struct_fields__
    sums = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in names)
    rows = [
        (lines[line], work.practice_id, holders.get(line, ""), *(getattr(balance, name) for name in names))
        for line, balance in sorted(totals.items(), key=lambda item: lines[item[0]])
    ]
    insert(LineBalance, ("line_id", "practice_id", "payer", *names), rows, upsert=_ADD.format(sums=sums, table=table))
