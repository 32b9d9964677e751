"""A practice made ten times as big by copying its rows in the database: valid books, in minutes instead of an hour."""

from collections.abc import Mapping

from django.db import connection, transaction
from django.db.models import Max

from superbill.app.accounts.actors import Actor
from superbill.app.billing.models import ChargeLine, JournalEntry, LineBalance, Posting, VisitBalance
from superbill.app.claims.models import ClaimRow
from superbill.app.encounters.models import EncounterRow
from superbill.app.patients.models import PatientRow
from superbill.app.practices.models import Counter
from superbill.app.remits.models import RemittanceClaimRow

# The tables in an order in which nothing points ahead but postings, whose entries come after them.
TABLES = (
    PatientRow, EncounterRow, ChargeLine, Posting, JournalEntry, LineBalance, VisitBalance, ClaimRow,
    RemittanceClaimRow,
)  # fmt: skip
_ONWARD = {"patient_id": PatientRow, "encounter_id": EncounterRow, "line_id": ChargeLine, "claim_id": ClaimRow}
_NAMED = frozenset({"source_id", "account_number", "key", "control_number"})


def multiply(actor: Actor, times: int) -> None:
    """Copy all that the practice has `times - 1` times. Batches and remittances are shared by the copies."""
    steps: dict[type, int] = {model: _last(model) for model in TABLES}
    entries = actor.scope.rows(JournalEntry).count()
    for copy in range(1, times):
        with transaction.atomic(), connection.cursor() as cursor:
            for model in TABLES:
                cursor.execute(_sql(model, copy, steps, entries), [actor.practice_id])
    Counter.objects.filter(practice_id=actor.practice_id, name="journal").update(value=entries * times)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for model in TABLES:
                table = model._meta.db_table
                if model not in (JournalEntry, LineBalance, VisitBalance):
                    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
            cursor.execute("ANALYZE")  # as the server does by itself; a practice's own file never has statistics


def _last(model: type) -> int:
    return int(model._base_manager.aggregate(last=Max("pk"))["last"] or 0)  # type: ignore[attr-defined]  # a model


def _sql(model: type, copy: int, steps: Mapping[type, int], entries: int) -> str:
    fields = [field.column for field in model._meta.concrete_fields]  # type: ignore[attr-defined]  # a model
    table = model._meta.db_table  # type: ignore[attr-defined]  # as above
    values = ", ".join(_value(model, name, copy, steps, entries) for name in fields)
    names = ", ".join(f'"{name}"' for name in fields)
    key = model._meta.pk.column  # type: ignore[attr-defined]  # as above
    first = f"{key} <= {steps[model]}"
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE practice_id = %s AND {first}"


def _value(model: type, name: str, copy: int, steps: Mapping[type, int], entries: int) -> str:
    if name in _ONWARD:
        return f"{name} + {copy * steps[_ONWARD[name]]}"
    if (model, name) in ((JournalEntry, "id"), (JournalEntry, "number"), (Posting, "entry_id")):
        return f"{name} + {copy * entries}"
    if name == "id":
        return f"id + {copy * steps[model]}"
    if name == "position":
        return f"position + {copy * 10_000_000}"
    if name in _NAMED:
        return f"'{copy}X' || \"{name}\""
    if model is ClaimRow and name == "doc":
        return f'replace(doc, \'"control_number":"\', \'"control_number":"{copy}X\')'
    return f'"{name}"'
