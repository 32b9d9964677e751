"""How right codings are, kept from view to view: thousands of audited visits take seconds to compare, and what they say
changes only when a visit closes, a chart or a price changes.

It is kept by the process that reckoned it, and for as long as everything that it follows from is as it was: the visits
that were drawn, how far they are, their charts and notes, the practice's charges, the code books.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from django.db.models import Count, Max
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.boot import opened
from superbill.app.code_books import code_books
from superbill.app.coding.audit_queries import items
from superbill.app.coding.models import AuditItemRow, AuditStepRow, CodingRow, Purpose
from superbill.app.documents import decoded
from superbill.app.path.auditing import compared
from superbill.app.session import Session
from superbill.coding.audit.comparing import Compared
from superbill.coding.audit.education import Note, notes
from superbill.coding.audit.scoring import Figures, by, by_coder, by_provider, figures
from superbill.coding.history import Record

KEPT = 8  # practices, or single audits, of which a process keeps the figures


class Scores(Struct, frozen=True, kw_only=True):
    """Closed visits together: their figures, those of each coder and provider, the codes most often wrong (code, visits
    that have it, right, cents), the lessons."""

    closed: int = 0
    told: Figures
    coders: Mapping[str, Figures] = {}
    providers: Mapping[str, Figures] = {}
    codes: Sequence[tuple[str, int, int, int]] = ()
    lessons: Sequence[Note] = ()


class _Kept(Struct, frozen=True):
    follows: Any  # what of the database the scores follow from
    charges: object
    books: object
    scores: Scores


class _Times(Struct):
    """The seconds of each coding by coder, up to a coding (row id): rows are only ever added."""

    last: int
    of: dict[str, list[int | None]]


_scores: OrderedDict[Any, _Kept] = OrderedDict()
_times: OrderedDict[Any, _Times] = OrderedDict()
_lock = Lock()


def scores(session: Session, scope: Scope, numbers: Sequence[int]) -> Scores:
    """The scores of these audits (of all without any). Raises Refused where the code books can't be read."""
    follows = _follows(scope, numbers)
    where = (opened(), scope.practice_id, tuple(numbers))
    kept = _scores.get(where)
    books, charges = code_books(), session.charges
    if kept is None or kept.follows != follows or kept.charges is not charges or kept.books is not books:
        kept = _Kept(follows, charges, books, _reckoned(list(compared(session, items(scope, *numbers)))))
        _keep(_scores, where, kept)
    return kept.scores


def coding_times(scope: Scope) -> dict[str, list[int | None]]:
    """The seconds of every coding that a person decided on, by coder; None where nobody took them."""
    where = (opened(), scope.practice_id)
    rows = scope.rows(CodingRow).filter(purpose=Purpose.DECIDED.value).order_by("id")
    with _lock:
        kept = _times.get(where) or _Times(0, {})
        later = rows.filter(id__gt=kept.last).count()
        if later + sum(map(len, kept.of.values())) != rows.count():
            kept = _Times(0, {})  # one came to its end after another that began later
        for row_id, coder, doc in rows.filter(id__gt=kept.last).values_list("id", "coder", "doc").iterator():
            kept.of.setdefault(coder, []).append(decoded(doc, Record, f"coding {row_id}").seconds)
            kept.last = row_id
        found = {coder: list(seconds) for coder, seconds in kept.of.items()}
    _keep(_times, where, kept)
    return found


def by_code(found: Sequence[Compared]) -> list[tuple[str, int, int, int]]:
    """(code, visits that have it, right, cents too much less too little) of the codes most often wrong."""
    tally: dict[str, list[int]] = {}
    for each in found:
        wrong = {one.first or one.reference: one.cents or 0 for one in each.differences if one.first or one.reference}
        for code in {*each.pair.first.diagnoses, *(one.code for one in each.pair.first.services)}:
            row = tally.setdefault(code, [0, 0, 0])
            row[0] += 1
            row[1] += code not in wrong
            row[2] += wrong.get(code, 0)
    rows = [(code, total, right, cents) for code, (total, right, cents) in tally.items() if right < total]
    return sorted(rows, key=lambda row: (row[2] - row[1], row[0]))[:20]


def _reckoned(found: Sequence[Compared]) -> Scores:
    return Scores(
        closed=len(found), told=figures(found), coders=by(found, by_coder), providers=by(found, by_provider),
        codes=by_code(found), lessons=notes(found),
    )  # fmt: skip


def _follows(scope: Scope, numbers: Sequence[int]) -> Any:
    rows: Any = scope.rows(AuditItemRow).order_by("id")
    steps: Any = scope.rows(AuditStepRow)
    if numbers:
        rows, steps = rows.filter(audit__number__in=numbers), steps.filter(item__audit__number__in=numbers)
    drawn = tuple(rows.values_list("id", "encounter__content_hash", "encounter__patient__version"))
    taken = steps.aggregate(last=Max("id"), count=Count("id"))
    return taken["last"], taken["count"], len(drawn), hash(drawn)


def _keep(where: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    with _lock:
        where[key] = value
        where.move_to_end(key)
        while len(where) > KEPT:
            where.popitem(last=False)
