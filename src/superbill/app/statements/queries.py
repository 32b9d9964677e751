"""Statements made, and what happened since the last one."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.actions import patient_party
from superbill.app.billing.models import Posting
from superbill.app.statements.models import Statement
from superbill.ledger.accounts import Account
from superbill.money import Cents


def statements(scope: Scope, patient_id: int | None = None) -> Iterator[Statement]:
    """Statements by number, of one patient or of all."""
    rows = scope.rows(Statement).order_by("number")
    yield from (rows if patient_id is None else rows.filter(patient_id=patient_id)).iterator(chunk_size=200)


class SinceStatement(Struct, frozen=True, kw_only=True):
    """A patient's last statement: what it asked for, and what the patient has paid since (cents)."""

    asked: Cents = 0
    paid: Cents = 0


def since_statement(scope: Scope, patient_id: int, before: date) -> SinceStatement:
    """The patient's last statement made before a day, and their payments posted after it; nothing without one."""
    last = scope.rows(Statement).filter(patient_id=patient_id, on__lt=before).order_by("-on").first()
    if last is None:
        return SinceStatement()
    cash = scope.rows(Posting).filter(account=Account.CASH.value, payer=patient_party(patient_id))
    paid = cash.filter(entry__number__gt=last.through).aggregate(total=Sum("amount"))["total"]
    return SinceStatement(asked=last.amount, paid=int(paid or 0))
