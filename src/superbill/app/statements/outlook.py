"""What a run would do with everybody, in short: how many get a statement and how many not, and in which order.

Every process plans for everybody once and keeps of each plan one line. What is posted lets only those be planned anew
whose lines or money it touched; whatever else is written lets all of it be made anew. The plans that somebody looks at
are made anew anyway, so what a page tells of a guarantor is never older than the page.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Max
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.audit.models import AuditEvent
from superbill.app.billing.cases import kind_of
from superbill.app.billing.models import ENTRY_ID_STEP, LineBalance, MoneyEvent, PaymentPlan, Placement, Posting
from superbill.app.billing.parties import patient_of
from superbill.app.boot import opened
from superbill.app.guarantors.models import Guarantee, Guarantor
from superbill.app.patients.models import PatientRow
from superbill.app.rows import found
from superbill.app.statements.models import Statement
from superbill.app.statements.owing import last_entry
from superbill.app.statements.planning import Planned, Verdict, plans
from superbill.money import Cents

_READ = "read"  # the only action that changes nothing
# What events are about that post and move claims: of all that plans are made from, these touch the journal alone.
_POSTING = ("acknowledgement", "answer", "batch", "claim", "entry", "file", "paper", "remittance")
_PAYING = ("take patient payment", "apply unapplied money")  # tell of a patient, and post
_KEPT = 16  # practices


class Short(NamedTuple):
    """A plan in short: by what it is sorted, whose it is, what becomes of it, what they owe, and what is asked for."""

    place: tuple[str, tuple[str, ...], int]
    guarantor: int
    verdict: Verdict
    owed: Cents
    amount: Cents


class _State(Struct, frozen=True):
    """What the plans were made from: in which database, through which entry of the journal, for which day and least
    amount; `heard` is the last audit event that was looked at, `case` the last step of a plan or placement."""

    database: int
    entry: int
    on: date
    minimum: Cents
    heard: int
    case: int


_outlooks: dict[int, tuple[_State, tuple[Short, ...]]] = {}


def outlook(scope: Scope, on: date, minimum: Cents) -> tuple[Short, ...]:
    """Everybody's plan in short, by name. Inside a transaction it is made anew: what was written may yet be taken back.

    Raises NotPermitted for a reader without the ledger or the charts.
    """
    for model in (LineBalance, PatientRow, Guarantor, Statement):
        scope.must_read(model)
    if connection.in_atomic_block:
        return _made(scope, on, minimum)
    now = _State(opened(), last_entry(scope), on, minimum, _heard(scope), _case(scope))
    before, kept = _outlooks.get(scope.practice_id, (None, ()))
    if before is None or not _stands(scope, before, now):
        kept = _made(scope, on, minimum)
    elif before.entry != now.entry:
        kept = _updated(scope, before, kept)
    while len(_outlooks) >= _KEPT and scope.practice_id not in _outlooks:
        _outlooks.pop(next(iter(_outlooks)), None)
    _outlooks[scope.practice_id] = (now, kept)
    return kept


def planned(scope: Scope, on: date, minimum: Cents, some: Sequence[Short]) -> list[Planned]:
    """The whole plans of these, as they are now, in the same order; who owes nothing any more is left out."""
    found = {one.card.id: one for one in plans(scope, on, minimum, only=[one.guarantor for one in some])}
    return [found[one.guarantor] for one in some if one.guarantor in found]


def _made(scope: Scope, on: date, minimum: Cents) -> tuple[Short, ...]:
    return tuple(_short(one) for one in plans(scope, on, minimum))


def _short(one: Planned) -> Short:
    name = one.card.name
    place = (name.family.casefold(), name.given, one.card.id)
    return Short(place, one.card.id, one.verdict, one.due.owed, one.amount)


def _updated(scope: Scope, before: _State, kept: tuple[Short, ...]) -> tuple[Short, ...]:
    """The same with everybody planned anew whom the entries since then touched."""
    first = scope.practice_id * ENTRY_ID_STEP
    posted = scope.rows(Posting).filter(entry_id__gt=first + before.entry, entry_id__lt=first + ENTRY_ID_STEP)
    told = set(posted.order_by().values_list("line__patient_id", "payer"))
    patients = {line if line is not None else patient_of(payer) for line, payer in told}
    known = found(scope, Guarantee, "patient_id", patients - {None}, "guarantor_id", replaced=None)
    touched = {guarantor for (guarantor,) in known}
    anew = [_short(one) for one in plans(scope, before.on, before.minimum, only=touched)]
    return tuple(sorted([*(one for one in kept if one.guarantor not in touched), *anew]))


def _case(scope: Scope) -> int:
    """The last step of a case: plans and placements hold lines."""
    kinds = [kind_of(PaymentPlan), kind_of(Placement)]
    return scope.rows(MoneyEvent).filter(kind__in=kinds).aggregate(last=Max("id"))["last"] or 0


def _heard(scope: Scope) -> int:
    """The number of the practice's last audit event; the trail has no gap, whichever database keeps it."""
    events = Scope(scope.practice_id).rows(AuditEvent).order_by("-number")
    return events.values_list("number", flat=True).first() or 0


def _stands(scope: Scope, before: _State, now: _State) -> bool:
    """Whether nothing was written since but what was read and posted."""
    same = (before.database, before.on, before.minimum, before.case) == (now.database, now.on, now.minimum, now.case)
    if not same or now.heard < before.heard or now.entry < before.entry:
        return False
    later = Scope(scope.practice_id).rows(AuditEvent).filter(number__gt=before.heard, number__lte=now.heard)
    return not later.exclude(action__in=(_READ, *_PAYING)).exclude(subject_kind__in=_POSTING).exists()
