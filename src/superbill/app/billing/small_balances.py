"""The run that forgives balances too small to collect: shown first, then posted, one entry for a patient and day."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.billing.agencies import placed_patients
from superbill.app.billing.models import JournalEntry, LineBalance, PaymentPlan, PlanState
from superbill.app.billing.standing import unapplied_money
from superbill.app.billing.undo import reverse
from superbill.app.billing.write_offs import WriteOff, forgive, patient_parts
from superbill.app.practices.queries import policy
from superbill.app.work import together
from superbill.ledger.entry import Entry
from superbill.money import Cents

_RUN = "small-balance"
_KEY = f"write-off:{_RUN}:"  # as `forgive` keeps it


class SmallBalance(Struct, frozen=True, kw_only=True):
    """A patient whose whole balance is small, and the lines that it is on."""

    patient: int
    amount: Cents
    lines: tuple[tuple[str, Cents], ...]


def small_balances(scope: Scope, limit: Cents | None = None) -> list[SmallBalance]:
    """Patients who owe no more than `limit` (None: the policy's) all in all, by row id.

    Left out: who has money on account, lines that insurance still answers for, a payment plan, or a balance with a
    collection agency.
    """
    limit = policy(scope).small_balance if limit is None else limit
    rows = scope.rows(LineBalance).order_by("line__patient_id").values_list("line__patient_id")
    owing = rows.annotate(owed=Sum("patient"), held=Sum("insurance")).filter(owed__gt=0, owed__lte=limit, held=0)
    busy = placed_patients(scope) | _with_plan(scope)
    found = ((patient, patient_parts(scope, patient)) for patient, _, _ in owing if patient not in busy)
    return [
        SmallBalance(patient=patient, amount=sum(cents for _, cents in parts), lines=parts)
        for patient, parts in found
        if not unapplied_money(scope, patient) and 0 < sum(cents for _, cents in parts) <= limit
    ]


def forgive_small_balances(
    actor: Actor, on: date, *, limit: Cents | None = None, but: Collection[int] = (), at: datetime
) -> list[Entry]:
    """Write off every small balance, in a transaction each; those of the patients `but` stay.

    Run again on the same day it posts nothing twice. Raises NotPermitted, and OverLimit when the actor's role may
    forgive less than the run does.
    """
    return [
        forgive(
            actor,
            WriteOff(lines=small.lines, reason="small-balance"),
            _key(actor, small.patient, on),
            on,
            at=at,
        )
        for small in small_balances(actor.scope, limit)
        if small.patient not in but
    ]


def take_back_small_balances(actor: Actor, on: date, *, at: datetime) -> int:
    """Undo the run of a day: a new entry against each of its own, all or none; how many. Twice posts once.

    Raises NotPermitted, and NotPossible where a balance has moved on since.
    """
    with together():
        rows = _of_run(actor).filter(key__contains=f":{on}").exclude(pk__in=_taken_back(actor))
        keys = list(rows.order_by("number").values_list("key", flat=True))
        for key in keys:
            reverse(actor, key, on=at.date(), memo="the run for small balances is taken back", at=at)
    return len(keys)


def _key(actor: Actor, patient: int, on: date) -> str:
    """The same for a patient and day; another one after a run of that day was taken back."""
    key = f"{_RUN}:{patient}:{on}"
    before = _of_run(actor).filter(key__startswith=f"write-off:{key}", pk__in=_taken_back(actor)).count()
    return f"{key}:{before}" if before else key


def _of_run(actor: Actor) -> QuerySet[JournalEntry]:
    return Scope(actor.practice_id).rows(JournalEntry).filter(key__startswith=_KEY)


def _taken_back(actor: Actor) -> QuerySet[JournalEntry, Any]:
    return Scope(actor.practice_id).rows(JournalEntry).filter(reverses__isnull=False).values("reverses_id")


def _with_plan(scope: Scope) -> set[int]:
    rows = scope.rows(PaymentPlan).filter(state=PlanState.ACTIVE.value).values_list("patient_id", flat=True)
    return {patient for patient in rows if patient is not None}
