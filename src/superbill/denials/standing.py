"""What stands refused on a line, and how earlier refusals ended: from the postings on DENIED alone."""

from collections.abc import Iterable
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
    grouped: dict[tuple[int, str], list[Move]] = {}
    for move in moves:
        grouped.setdefault((move.line, move.payer), []).append(move)
    found = {}
    for where, some in grouped.items():
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


def endings(
    moves: Iterable[Move], paid: dict[tuple[int, str], list[tuple[int, Cents]]]
) -> dict[tuple[str, str], History]:
    """How refusals ended, by payer and CARC: won when the payer paid the line later, lost when the amount was given up
    or moved away. One that was only taken back, as a posting undone, tells nothing.

    `paid`: per line and payer, the payments as (entry, cents).
    """
    grouped: dict[tuple[int, str], list[Move]] = {}
    for move in moves:
        grouped.setdefault((move.line, move.payer), []).append(move)
    counts: dict[tuple[str, str], list[int]] = {}
    for where, some in grouped.items():
        if sum(move.amount for move in some) > 0:
            continue
        first = min((move.entry for move in some if move.amount > 0), default=0)
        won = sum(cents for entry, cents in paid.get(where, ()) if entry > first) > 0
        given_up = any(move.amount < 0 and not move.taken_back for move in some)
        if not (won or given_up):
            continue
        for code in {move.reason.code for move in some if move.amount > 0 and move.reason.code}:
            tally = counts.setdefault((where[1], code), [0, 0])
            tally[0] += 1
            tally[1] += won
    return {key: History(resolved=resolved, won=won) for key, (resolved, won) in counts.items()}
