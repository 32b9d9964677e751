"""What stands refused on a line, and how earlier refusals ended: from the postings on DENIED alone."""

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from superbill.denials.ranking import History
from superbill.ledger.entry import Reason
from superbill.money import Cents


class Move(Struct, frozen=True, kw_only=True):
    """One posting on DENIED: the line, the payer and why; `entry` numbers grow with time. `taken_back`: it belongs to
    an entry of the kind "reversal"."""

    line: int
    payer: str
    amount: Cents
    reason: Reason
    entry: int
    on: date
    taken_back: bool = False


class Refused(Struct, frozen=True, kw_only=True):
    """A part of a line's amount that stands refused for one reason, since a day."""

    amount: Cents
    reason: Reason
    since: date
    entry: int


def standing(moves: Iterable[Move]) -> dict[tuple[int, str], tuple[Refused, ...]]:
    """Per line and payer, what still stands refused, the largest first.

    A reversal takes its own reason back; what left DENIED without a reason (a write-off, a transfer) takes from the
    oldest reason first.
    """
    found = {}
    for where, some in by_line(moves).items():
        if left := _left(sorted(some, key=lambda move: move.entry)):
            found[where] = left
    return found


def _left(moves: list[Move]) -> tuple[Refused, ...]:
    sums: dict[Reason, Cents] = {}
    last: dict[Reason, Move] = {}
    loose = 0
    for move in moves:
        if move.amount > 0:
            last[move.reason] = move
        if not move.reason.code or (move.amount < 0 and move.reason not in sums):
            loose -= move.amount
        else:
            sums[move.reason] = sums.get(move.reason, 0) + move.amount
    rest = []
    if loose < 0 and Reason() in last:  # refused without a word
        sums[Reason()], loose = -loose, 0
    for reason in sorted((one for one in sums if one in last), key=lambda one: last[one].entry):
        taken = min(loose, max(sums[reason], 0))
        loose -= taken
        if (amount := sums[reason] - taken) > 0:
            rest.append(Refused(amount=amount, reason=reason, since=last[reason].on, entry=last[reason].entry))
    return tuple(sorted(rest, key=lambda one: (-one.amount, one.entry)))


class Told(Struct, frozen=True):
    """What one line of one payer teaches: the CARCs whose refusal has ended (none while something stands, or where it
    was only taken back, as a posting undone) and whether the payer paid the line later; the group and CARC of the first
    refusal and the cents that came in after it.
    """

    codes: tuple[str, ...] = ()
    won: bool = False
    first: tuple[str, str] = ("", "")
    later: Cents = 0


def told(moves: Sequence[Move], paid: Iterable[tuple[int, Cents]]) -> Told:
    """What the moves of one line of one payer teach; `paid` are the payer's payments on it as (entry, cents)."""
    debits = sorted((move for move in moves if move.amount > 0), key=lambda move: move.entry)
    coded = next((move for move in debits if move.reason.code), None)
    payments = list(paid)
    later = sum(cents for entry, cents in payments if coded and entry > coded.entry)
    codes: tuple[str, ...] = ()
    first = debits[0].entry if debits else 0
    won = sum(cents for entry, cents in payments if entry > first) > 0
    if sum(move.amount for move in moves) <= 0 and (won or any(m.amount < 0 and not m.taken_back for m in moves)):
        codes = tuple(sorted({move.reason.code for move in debits if move.reason.code}))
    where = (coded.reason.group, coded.reason.code) if coded else ("", "")
    return Told(codes, won and bool(codes), where, max(later, 0))


def by_line(moves: Iterable[Move]) -> dict[tuple[int, str], list[Move]]:
    """The moves of each line and payer."""
    grouped: dict[tuple[int, str], list[Move]] = {}
    for move in moves:
        grouped.setdefault((move.line, move.payer), []).append(move)
    return grouped


Paid = dict[tuple[int, str], list[tuple[int, Cents]]]


def endings(moves: Iterable[Move], paid: Paid) -> dict[tuple[str, str], History]:
    """How refusals ended, by payer and CARC: won when the payer paid the line later, lost when the amount was given up
    or moved away. `paid`: per line and payer, the payments as (entry, cents).
    """
    return learned((where[1], told(some, paid.get(where, ()))) for where, some in by_line(moves).items())


def learned(lines: Iterable[tuple[str, Told]]) -> dict[tuple[str, str], History]:
    """The same from what each line teaches, with its payer."""
    counts: dict[tuple[str, str], list[int]] = {}
    for payer, one in lines:
        for code in one.codes:
            tally = counts.setdefault((payer, code), [0, 0])
            tally[0] += 1
            tally[1] += one.won
    return {key: History(resolved=resolved, won=won) for key, (resolved, won) in counts.items()}


def recovered(moves: Iterable[Move], paid: Paid) -> dict[tuple[str, str], Cents]:
    """Cents that payers paid on lines after they had refused them, by group and CARC of the first refusal. `paid` as
    for `endings`."""
    return regained(told(some, paid.get(where, ())) for where, some in by_line(moves).items())


def regained(lines: Iterable[Told]) -> dict[tuple[str, str], Cents]:
    """The same from what each line teaches."""
    sums: dict[tuple[str, str], Cents] = {}
    for one in lines:
        if one.later > 0:
            sums[one.first] = sums.get(one.first, 0) + one.later
    return sums
