"""Holds are placed and let go inside somebody's action: a person's, a dispute's, returned mail's."""

from collections.abc import Iterable
from datetime import date

from superbill.app.rows import insert_one
from superbill.app.statements.models import Hold, HoldKind
from superbill.app.statements.owing import line_ids
from superbill.app.work import Work

REASON_LIMIT = 500


class BadHold(ValueError):
    """A hold that can't be placed or released; the message says why. Nothing was changed."""


def place_hold(
    work: Work,
    kind: HoldKind,
    *,
    since: date,
    reason: str,
    guarantor: int | None = None,
    lines: Iterable[str] = (),
    until: date | None = None,
    source: str = "",
) -> list[int]:
    """Nothing is asked of `guarantor`, or for `lines` (keys), from `since` on; the row ids of the holds.

    What the same `source` holds already for the same reason stays as it is. Raises BadHold for a line that is not of
    this practice, no reason, or an end before the start.
    """
    must_be_reason(reason)
    if until is not None and until <= since:
        raise BadHold(f"a hold ends after its start: {since} to {until}")
    keys = list(dict.fromkeys(lines))
    ids = line_ids(work.scope, keys)
    if missing := [key for key in keys if key not in ids]:
        raise BadHold(f"no charge line {missing[0]} in this practice")
    targets = [(None, ids[key]) for key in keys] + ([(guarantor, None)] if guarantor is not None else [])
    if not targets:
        raise BadHold("a hold names a guarantor or lines")
    placed = []
    columns = ("practice_id", "guarantor_id", "line_id", "kind", "since", "until", "reason", "source", "actor", "at")
    for who, line in targets:
        same = work.scope.rows(Hold).filter(kind=kind.value, source=source, released__isnull=True)
        same = same.filter(line_id=line) if who is None else same.filter(guarantor_id=who)
        there = same.values_list("id", flat=True).first() if source else None
        row = (work.practice_id, who, line, kind.value, since, until, reason.strip(), source, work.actor.name, work.at)
        placed.append(there or insert_one(Hold, columns, row))
    work.note("hold", ids=placed, kind_of_hold=kind.value)
    return placed


def release_holds(
    work: Work,
    *,
    on: date,
    why: str,
    source: str = "",
    guarantor: int | None = None,
    kinds: Iterable[HoldKind] = (),
    ids: Iterable[int] = (),
) -> int:
    """Let holds go from `on` on: those of a `source`, those of `kinds` on a guarantor, or these rows. How many."""
    must_be_reason(why)
    rows = work.scope.rows(Hold).filter(released__isnull=True)
    if source:
        rows = rows.filter(source=source)
    elif guarantor is not None:
        rows = rows.filter(guarantor_id=guarantor, kind__in=[kind.value for kind in kinds])
    else:
        rows = rows.filter(pk__in=list(ids))
    released = list(rows.values_list("id", flat=True))
    if released:
        rows.update(released=on, released_by=work.actor.name, released_why=why.strip())
        work.note("hold", ids=released, released=len(released))
    return len(released)


def must_be_reason(reason: str) -> None:
    """Raises BadHold for no words, or too many."""
    if not reason.strip() or len(reason) > REASON_LIMIT:
        raise BadHold(f"say why, in at most {REASON_LIMIT} characters")
