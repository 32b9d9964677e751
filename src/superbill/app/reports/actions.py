"""Spells and sums of days are brought up to date. Nothing here decides anything: the same journal gives the same."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection
from django.db.models import Max
from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.audit.models import AuditEvent
from superbill.app.billing.journal import hold_journal
from superbill.app.billing.models import ChargeLine, JournalEntry
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import decoded
from superbill.app.reports import sums
from superbill.app.reports.deriving import COLUMNS, among, derived, tail
from superbill.app.reports.models import CollectionCost, Spell, SpellsThrough
from superbill.app.rows import chunks, found, insert
from superbill.app.work import Work, action
from superbill.money import Cents

AT_ONCE = 5000
# On PostgreSQL an event may be committed after one with a higher id: so far back we look again.
LOOK_BACK = {"sqlite": 0, "postgresql": 100}


class BadCost(ValueError):
    """A cost that can't be. Nothing was kept."""


class Refreshed(Struct, frozen=True):
    """`entry`: the number of the last journal entry that the spells know of; `lines`: derived anew."""

    entry: int
    lines: int


class EventIds(Struct):
    """The rows that an audit event names."""

    ids: tuple[int, ...] = ()


def refresh(actor: Actor, *, at: datetime, look_back: int | None = None) -> Refreshed:
    """Derive the spells of every line that postings or claims have touched since the last time, and of those that the
    last `look_back` events before that were about; add what was posted to the sums of days.

    Reports are right without it, only slower: they derive those lines themselves.
    """
    with action(actor, Permission.READ_LEDGER, "bring receivables up to date", at) as work:
        hold_journal(work.scope)
        row = work.scope.rows(SpellsThrough).first()
        through, audited = (row.entry, row.audit) if row else (0, 0)
        last = work.scope.rows(JournalEntry).aggregate(last=Max("number"))["last"] or 0
        heard = work.scope.rows(AuditEvent).aggregate(last=Max("id"))["last"] or 0
        touched = (tail(work.scope, through) if last > through else set()) | _changed_claims(work, audited, look_back)
        _derive(work, sorted(touched), afresh=not through)
        _keep_mark(work, row, last, heard)
        sums.add(work)
        if touched:
            work.note("receivables", lines=len(touched), through=last)
        return Refreshed(last, len(touched))


def keep_cost(actor: Actor, month: date, amount: Cents, *, at: datetime) -> None:
    """The revenue cycle of the month that `month` lies in has cost `amount` cents: staff, systems, fees, agencies.

    Said again, the latest counts. Raises BadCost for less than nothing.
    """
    if amount < 0:
        raise BadCost(f"a cost is not less than nothing: {amount} cents")
    with action(actor, Permission.CLOSE_BOOKS, "keep cost of collecting", at) as work:
        row = (work.practice_id, month.replace(day=1), amount, actor.name, at)
        insert(CollectionCost, ("practice_id", "month", "amount", "by", "at"), [row])
        work.note("cost", month=f"{month:%Y-%m}", cents=amount)


def drop(work: Work) -> None:
    """Forget every spell and every sum of the practice."""
    sums.drop(work)
    work.scope.rows(Spell).delete()
    work.scope.rows(SpellsThrough).delete()


def build(work: Work) -> None:
    """All spells and sums of the practice from the journal, after `drop`."""
    sums.add(work)
    last = work.scope.rows(JournalEntry).aggregate(last=Max("number"))["last"] or 0
    heard = work.scope.rows(AuditEvent).aggregate(last=Max("id"))["last"] or 0
    _derive(work, sorted(tail(work.scope, 0)), afresh=True)
    _keep_mark(work, None, last, heard)


def _derive(work: Work, lines: list[int], *, afresh: bool) -> None:
    for some in chunks(lines, AT_ONCE):
        if not afresh:
            work.scope.rows(Spell).filter(line_id__among=among(some)).delete()
        rows = [(work.practice_id, *row) for row in derived(work.scope, some)]
        insert(Spell, ("practice_id", *COLUMNS), rows)


def _keep_mark(work: Work, row: SpellsThrough | None, entry: int, audit: int) -> None:
    if row is None:
        insert(SpellsThrough, ("practice_id", "entry", "audit"), [(work.practice_id, entry, audit)])
    elif (row.entry, row.audit) != (entry, audit):
        work.scope.rows(SpellsThrough).update(entry=entry, audit=audit)


def _changed_claims(work: Work, audited: int, look_back: int | None) -> set[int]:
    """Lines of the visits whose claims were opened or mended since: somebody else may be named as the provider."""
    back = audited - (LOOK_BACK[connection.vendor] if look_back is None else look_back)
    events = work.scope.rows(AuditEvent).filter(id__gt=back, subject_kind="claim")
    claims: set[int] = set()
    for subject, detail in events.values_list("subject_id", "detail").iterator(chunk_size=2000):
        claims |= {subject} if subject else set()
        claims |= set(decoded(detail, EventIds, "audit event").ids) if detail else set()
    return _lines_of(work, claims) if audited else set()


def _lines_of(work: Work, claims: Iterable[int]) -> set[int]:
    visits = {visit for (visit,) in found(work.scope, ClaimRow, "id", claims, "encounter_id")}
    return {line for (line,) in found(work.scope, ChargeLine, "encounter_id", visits, "id")}
