"""Keeping statements."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.actions import patient_owes
from superbill.app.billing.journal import hold_journal
from superbill.app.billing.models import JournalEntry
from superbill.app.documents import encoded
from superbill.app.practices.actions import take
from superbill.app.rows import asked, found
from superbill.app.statements.models import Statement
from superbill.app.work import action
from superbill.money import Cents


class StatementOutOfDate(Exception):
    """The patient owes another amount now than the statement says. Nothing was recorded; make it anew."""


def _last_number(scope: Scope) -> QuerySet[JournalEntry, Any]:
    return scope.rows(JournalEntry).order_by("-number").values_list("number")[:1]


def record_statement(actor: Actor, patient_id: int, on: date, amount: Cents, doc: object, *, at: datetime) -> Statement:
    """Keep a statement (a document, stored as JSON) under a new number. One a day: the day's first stays.

    Raises StatementOutOfDate when the patient does not owe `amount` now (`queries.patients_with_balance` told it).
    """
    with action(actor, Permission.MAKE_STATEMENTS, "record statement", at) as work:
        hold_journal(work.scope)
        rows = work.scope.rows(Statement)
        ours = found(work.scope, Statement, "patient_id", [patient_id], "id", "on")
        for row_id in (row_id for row_id, day in ours if day == on):
            return rows.get(pk=row_id)
        owes = patient_owes(work.scope, patient_id)
        if owes != amount:
            raise StatementOutOfDate(f"patient {patient_id} owes {owes} cents now, the statement says {amount}")
        last = next((number for (number,) in asked(work.scope, JournalEntry, _last_number)), 0)
        statement = Statement(
            practice_id=work.practice_id,
            patient_id=patient_id,
            number=take(work.practice_id, "statement"),
            on=on,
            amount=amount,
            through=last,
            doc=encoded(doc),
        )
        rows.bulk_create([statement])
        work.note("statement", statement.pk)
        return statement
