"""THE journal: the only code that writes entries, postings and the balances of lines and visits."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ENTRY_ID_STEP, ChargeLine, JournalEntry, LineBalance, Posting, VisitBalance
from superbill.app.billing.parties import patient_of, patient_party
from superbill.app.deposits.periods import in_open_period
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import lock, take
from superbill.app.rows import found, insert
from superbill.app.work import Work
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Balance, Entry, Reason
from superbill.ledger.entry import Posting as Move
from superbill.ledger.proof import added, holder, line_changes
from superbill.money import Cents

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
    posted = len(new)
    new = [*new, *_to_whom_they_are(work.scope, new)]
    if new:
        changes = [line_changes(entry) for entry in new]
        lines, visits = _line_ids(work.scope, {line for change in changes for line in change})
        first = take(work.practice_id, JOURNAL, len(new))
        ids = {entry.key: work.practice_id * ENTRY_ID_STEP + first + place for place, entry in enumerate(new)}
        _insert_postings(work, new, ids, lines)
        _insert_entries(work, new, ids, first)
        totals = _totals(changes)
        _add_to_balances(work, totals, holder(move for entry in new for move in entry.postings), lines)
        _add_to_visits(work, totals, visits)
    return PostCounts(posted=posted, already=len(entries) - posted)


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


def _to_whom_they_are(scope: Scope, entries: Sequence[Entry]) -> list[Entry]:
    """Money on account of a record that was merged goes on to the record that stayed, by an entry of its own: a payment
    or refund from before the merge that is taken back names the old one, posting for posting."""
    loose = {move.payer for entry in entries for move in entry.postings if move.account is Account.UNAPPLIED}
    patients = {patient for party in loose if (patient := patient_of(party)) is not None}
    merged = found(scope, PatientRow, "id", patients, "id", "merged_into_id", merged_into__isnull=False)
    now = {patient_party(gone): patient_party(kept) for gone, kept in merged}
    return [one for entry in entries if (one := _going_on(entry, now))] if now else []


def _going_on(entry: Entry, now: Mapping[str, str]) -> Entry | None:
    sums: dict[tuple[str, Reason], Cents] = {}
    for move in entry.postings:
        if move.account is Account.UNAPPLIED and move.payer in now:
            of = Reason(remarks=move.reason.remarks)
            sums[move.payer, of] = sums.get((move.payer, of), 0) + move.amount
    moves = tuple(
        Move(account=Account.UNAPPLIED, amount=amount, payer=payer, reason=of)
        for (gone, of), left in sums.items()
        if left
        for payer, amount in ((gone, -left), (now[gone], left))
    )
    memo = "to the record that stayed after a merge"
    key = f"merged:{entry.key}"
    return (
        Entry(key=key, kind="transfer", on=entry.on, memo=memo, source=entry.source, postings=moves) if moves else None
    )


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


def _line_ids(scope: Scope, keys: set[str]) -> tuple[dict[str, int], dict[str, int]]:
    """The row ids of lines, and those of their visits, by key."""
    rows = list(found(scope, ChargeLine, "key", keys, "key", "id", "encounter_id"))
    ids = {key: line for key, line, _ in rows}
    if missing := sorted(keys - ids.keys()):
        raise UnknownLine(f"no charge line {missing[0]} in this practice ({len(missing)} unknown)")
    return ids, {key: visit for key, _, visit in rows}


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


def _totals(changes: Iterable[dict[str, Balance]]) -> dict[str, Balance]:
    """What all changes together do to each line."""
    totals: dict[str, Balance] = {}
    for change in changes:
        for line, balance in change.items():
            totals[line] = added(totals.get(line, Balance()), balance)
    return totals


def _add_to_balances(work: Work, totals: dict[str, Balance], holders: dict[str, str], lines: dict[str, int]) -> None:
    table = LineBalance._meta.db_table
    names = Balance.__struct_fields__
    sums = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in names)
    rows = [
        (lines[line], work.practice_id, holders.get(line, ""), *(getattr(balance, name) for name in names))
        for line, balance in sorted(totals.items(), key=lambda item: lines[item[0]])
    ]
    insert(LineBalance, ("line_id", "practice_id", "payer", *names), rows, upsert=_ADD.format(sums=sums, table=table))


_OPEN = ("insurance", "patient", "open")


def _add_to_visits(work: Work, totals: dict[str, Balance], visits: dict[str, int]) -> None:
    sums: dict[int, tuple[int, int]] = {}
    for line, balance in totals.items():
        insurance, patient = sums.get(visits[line], (0, 0))
        sums[visits[line]] = (insurance + balance.insurance, patient + balance.patient)
    table = VisitBalance._meta.db_table
    more = ", ".join(f'"{name}" = {table}."{name}" + excluded."{name}"' for name in _OPEN)
    insert(
        VisitBalance,
        ("encounter_id", "practice_id", *_OPEN),
        [(visit, work.practice_id, i, p, i + p) for visit, (i, p) in sorted(sums.items())],
        upsert=f"ON CONFLICT (encounter_id) DO UPDATE SET {more}",
    )


def know_visits(work: Work, encounters: Iterable[int]) -> None:
    """These visits (row ids) have a balance from now on, even if all that they are charged is free."""
    rows = [(visit, work.practice_id) for visit in sorted(set(encounters))]
    insert(VisitBalance, ("encounter_id", "practice_id"), rows, upsert="ON CONFLICT (encounter_id) DO NOTHING")
