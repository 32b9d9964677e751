"""How far a debt has been reminded of: a state machine over what former statements asked. Pure.

What is owed on a line is in parts, since a part may be new while the rest is old: each part has a level (0: asked for
the first time, then the policy's levels by number) and the day on which it reached it. From one statement to the next a
part moves up one level at most, and only once the days of that level have passed while nothing held it back.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from superbill.money import Cents


class Part(Struct, frozen=True, order=True):
    """`amount` cents of a line at `level` since `since`, the day of the statement that took it there."""

    level: int
    since: date
    amount: Cents


class Held(Struct, frozen=True):
    """A hold that stood from `since` to the day before `until`; None: it stands."""

    since: date
    until: date | None = None


def asked_now(former: Sequence[Part], owed: Cents, on: date, days: Sequence[int], holds: Iterable[Held]) -> list[Part]:
    """The parts of `owed` on a statement of `on`, the furthest first; `former` are those of the last statement.

    `days[n]` must have passed at level n before level n + 1. Payments lower what is furthest first; what is more than
    before is new. A credit (`owed` below zero) is one part at level 0. Their sum is `owed`.
    """
    if owed <= 0:
        return [Part(0, on, owed)] if owed else []
    pauses = _joined(holds, on)
    kept = []
    for part in _left(former, owed):
        reached = part.level < len(days) and _counted(part.since, on, pauses) >= days[part.level]
        kept.append(Part(part.level + 1, on, part.amount) if reached and on > part.since else part)
    new = owed - sum(part.amount for part in kept)
    return _merged([*kept, *([Part(0, on, new)] if new else [])])


def held_parts(former: Sequence[Part], owed: Cents, on: date) -> list[Part]:
    """The same while a hold stands: nothing moves up."""
    return asked_now(former, owed, on, (), ())


def days_at_level(part: Part, on: date, holds: Iterable[Held]) -> int:
    """How long a part has stood at its level by `on`, the days of holds not counted."""
    return _counted(part.since, on, _joined(holds, on))


def _left(former: Sequence[Part], owed: Cents) -> list[Part]:
    """What is left of the former parts: payments went to the furthest first."""
    old = sorted((part for part in former if part.amount > 0), key=lambda part: (-part.level, part.since))
    paid = max(0, sum(part.amount for part in old) - owed)
    left = []
    for part in old:
        taken = min(part.amount, paid)
        paid -= taken
        if part.amount > taken:
            left.append(Part(part.level, part.since, part.amount - taken))
    return left


def _merged(parts: Sequence[Part]) -> list[Part]:
    sums: dict[tuple[int, date], Cents] = {}
    for part in parts:
        sums[part.level, part.since] = sums.get((part.level, part.since), 0) + part.amount
    ordered = sorted(sums.items(), key=lambda item: (-item[0][0], item[0][1]))
    return [Part(level, since, amount) for (level, since), amount in ordered]


def _joined(holds: Iterable[Held], on: date) -> list[tuple[date, date]]:
    """The holds as days that do not overlap."""
    pauses: list[tuple[date, date]] = []
    for since, until in sorted((hold.since, min(hold.until or on, on)) for hold in holds):
        if pauses and since <= pauses[-1][1]:
            pauses[-1] = (pauses[-1][0], max(until, pauses[-1][1]))
        elif until > since:
            pauses.append((since, until))
    return pauses


def _counted(start: date, end: date, pauses: Sequence[tuple[date, date]]) -> int:
    paused = sum(max(0, (min(end, until) - max(start, since)).days) for since, until in pauses)
    return (end - start).days - paused
