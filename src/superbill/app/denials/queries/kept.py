"""What a process remembers of a practice's refusals, brought up to date with what was written since it last looked.

Nothing of it is stored: every process reads the books once, and from then on only the visits that were posted to, or
whose claims moved. So each of several servers is right by itself, whoever of them has posted.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.db import connection
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ENTRY_ID_STEP, ChargeLine, JournalEntry, Posting
from superbill.app.boot import opened
from superbill.app.claims.models import ClaimEvent, ClaimRow
from superbill.app.denials.models import DenialStep
from superbill.app.denials.queries.moves import moves_of, moves_on_denied, paid_on
from superbill.app.denials.queries.open import refusals
from superbill.app.inquiries.models import ReplyRow
from superbill.app.remits.models import RemittanceClaimRow
from superbill.app.rows import found, latest
from superbill.denials.model import Refusal
from superbill.denials.standing import Told, by_line, standing, told
from superbill.ledger.accounts import Account

# Rows are only ever added to these; whatever happens to a claim adds to one of them, or to the journal.
_TABLES: tuple[tuple[Any, str], ...] = (
    (ClaimRow, "encounter_id"), (ClaimEvent, "claim__encounter_id"), (DenialStep, "claim__encounter_id"),
    (RemittanceClaimRow, "claim__encounter_id"), (ReplyRow, "claim__encounter_id"),
)  # fmt: skip
# On PostgreSQL a row may be committed after one with a higher id: so many of the last are looked at.
_LATEST = {"sqlite": 1, "postgresql": 100}
_DENIED, _PAID = Account.DENIED.value, Account.CLEARING.value
_KEPT = 16  # practices
_facts: dict[int, tuple["Marks", "Facts"]] = {}


class Facts(Struct, frozen=True, eq=False):
    """`told`: what every line that was ever refused teaches, by line and payer; `refusals` that stand, by visit."""

    told: dict[int, tuple[tuple[str, Told], ...]]
    refusals: dict[int, tuple[Refusal, ...]]

    @property
    def lessons(self) -> Iterator[tuple[str, Told]]:
        """What each line teaches, with its payer."""
        for of_line in self.told.values():
            yield from of_line


class Marks(Struct, frozen=True):
    """How far the books were read: in which database, through which entry, and the last rows of each table."""

    database: int
    entry: int
    rows: tuple[tuple[int, ...], ...]


def facts(scope: Scope) -> Facts:
    """The refusals of the practice. Inside a transaction they are read anew: it may yet be taken back.

    Raises NotPermitted for a reader without the ledger and the claims.
    """
    for model in (Posting, ClaimRow):
        scope.must_read(model)
    if connection.in_atomic_block:
        return _read(scope)
    now = _marks(scope)
    before, known = _facts.get(scope.practice_id, (None, None))
    if known is None or before is None or before.database != now.database:
        known = _read(scope)
    elif before != now and (visits := _changed(scope, before, known)):
        known = _updated(scope, known, visits)
    while len(_facts) >= _KEPT and scope.practice_id not in _facts:
        _facts.pop(next(iter(_facts)), None)
    _facts[scope.practice_id] = (now, known)
    return known


def _marks(scope: Scope) -> Marks:
    many = _LATEST[connection.vendor]
    entry = scope.rows(JournalEntry).order_by("-number").values_list("number", flat=True).first() or 0
    return Marks(opened(), entry, tuple(latest(scope, model, many) for model, _ in _TABLES))


def _read(scope: Scope) -> Facts:
    return _facts_from(scope, None)


def _updated(scope: Scope, known: Facts, visits: Collection[int]) -> Facts:
    """The same with these visits read anew."""
    lines = {line for (line,) in found(scope, ChargeLine, "encounter_id", visits, "id")}
    now = _facts_from(scope, lines)
    told = {line: one for line, one in known.told.items() if line not in lines}
    stand = {visit: some for visit, some in known.refusals.items() if visit not in visits}
    return Facts({**told, **now.told}, {**stand, **now.refusals})


def _facts_from(scope: Scope, lines: Collection[int] | None) -> Facts:
    moves = moves_on_denied(scope) if lines is None else moves_of(scope, lines)
    paid = paid_on(scope, {move.line for move in moves})
    of_lines: dict[int, tuple[tuple[str, Told], ...]] = {}
    for (line, payer), some in by_line(moves).items():
        of_lines[line] = (*of_lines.get(line, ()), (payer, told(some, paid.get((line, payer), ()))))
    stand: dict[int, tuple[Refusal, ...]] = {}
    for refusal in refusals(scope, standing(moves)):
        stand[refusal.encounter] = (*stand.get(refusal.encounter, ()), refusal)
    return Facts(of_lines, stand)


def _changed(scope: Scope, before: Marks, known: Facts) -> set[int]:
    """The visits that were posted to, and those with refusals whose claims moved."""
    first = scope.practice_id * ENTRY_ID_STEP
    posted = scope.rows(Posting).filter(entry_id__gt=first + before.entry, entry_id__lt=first + ENTRY_ID_STEP)
    # Which accounts is asked here: with them in the statement SQLite reads all that was ever posted on these.
    moves = posted.filter(line__isnull=False).order_by().values_list("line_id", "account").iterator(chunk_size=5000)
    told = known.told.keys()
    lines = {line for line, account in moves if account == _DENIED or (account == _PAID and line in told)}
    visits = {visit for (visit,) in found(scope, ChargeLine, "id", lines, "encounter_id")}
    for (model, path), seen in zip(_TABLES, before.rows, strict=True):
        rows = scope.rows(model).filter(id__gt=seen[-1] if seen else 0).exclude(id__in=seen[:-1])
        moved = set(rows.order_by().values_list(path, flat=True))
        visits |= moved & known.refusals.keys()
    return visits
