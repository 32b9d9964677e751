"""What tasks are about: the number that people call it by, the payer, the patient and the visit behind it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.cases import label
from superbill.app.billing.models import Approval, Case, ChargeLine, JournalEntry, PaymentPlan, Placement, Refund
from superbill.app.claims.models import Batch, ClaimRow
from superbill.app.deposits.models import BankLineRow, Deposit, Match
from superbill.app.encounters.models import EncounterRow
from superbill.app.guarantors.models import Guarantor
from superbill.app.patients.models import PatientRow
from superbill.app.remits.models import RemittanceClaimRow, RemittanceRow
from superbill.app.rows import found
from superbill.app.threads.models import Thread
from superbill.app.worklists.items import Wanted


class About(Struct, frozen=True, kw_only=True):
    """What a task's subject is called, and whose it is. `patient` is a row id, 0 for none."""

    label: str = ""
    payer: str = ""
    patient: int = 0
    visit: str = ""
    since: date | None = None


class _Subject(Struct, frozen=True):
    """Where a kind of subject is found: its table, the column that tasks name, what to read, and what
    that tells."""

    model: type[Model]
    columns: tuple[str, ...]
    made: Callable[..., About]
    by: str = "id"


def _claim(_row: int, number: str, payer: str, visit: str, patient: int, since: datetime) -> About:
    return About(label=number, payer=payer, visit=visit, patient=patient, since=since.date())


def _answer(
    _row: int, number: str, payer: str, claim: str | None, visit: str | None, patient: int | None, on: date
) -> About:
    return About(label=claim or number, payer=payer, visit=visit or "", patient=patient or 0, since=on)


def _case(model: type[Case]) -> _Subject:
    return _Subject(
        model,
        ("number", "patient_id", "on"),
        lambda _row, number, patient, on: About(label=label(model, number), patient=patient or 0, since=on),
    )


_SUBJECTS: Mapping[str, _Subject] = {
    "claim": _Subject(
        ClaimRow,
        ("control_number", "payer_key", "encounter__account_number", "encounter__patient_id", "state_since"),
        _claim,
    ),
    "encounter": _Subject(
        EncounterRow,
        ("account_number", "patient_id", "date_of_service"),
        lambda _row, number, patient, on: About(label=number, visit=number, patient=patient, since=on),
    ),
    "patient": _Subject(PatientRow, (), lambda row: About(patient=row)),
    "line": _Subject(
        ChargeLine,
        ("encounter__account_number", "patient_id"),
        lambda _row, visit, patient: About(label=visit, visit=visit, patient=patient),
    ),
    "guarantor": _Subject(
        Guarantor, ("patient_id",), lambda row, patient: About(label=f"G{row:06d}", patient=patient or 0)
    ),
    "refund": _case(Refund),
    "approval": _case(Approval),
    "plan": _case(PaymentPlan),
    "placement": _case(Placement),
    "thread": _Subject(
        Thread,
        ("guarantor__patient_id", "opened"),
        lambda number, patient, on: About(label=f"thread {number}", patient=patient or 0, since=on),
        by="number",
    ),
    "answer": _Subject(
        RemittanceClaimRow,
        (
            "control_number",
            "remittance__payer_key",
            "claim__control_number",
            "claim__encounter__account_number",
            "claim__encounter__patient_id",
            "remittance__payment_date",
        ),
        _answer,
    ),
    "remittance": _Subject(
        RemittanceRow,
        ("trace_number", "payer_key", "payment_date"),
        lambda _row, trace, payer, on: About(label=trace, payer=payer, since=on),
    ),
    "batch": _Subject(
        Batch,
        ("interchange_control_number", "payer_key", "created"),
        lambda _row, number, payer, made: About(label=f"file {number}", payer=payer, since=made.date()),
    ),
    "entry": _Subject(
        JournalEntry, ("number", "on"), lambda _row, number, on: About(label=f"entry {number}", since=on)
    ),
    "deposit": _Subject(Deposit, ("number", "on"), lambda _row, number, on: About(label=f"deposit {number}", since=on)),
    "bank line": _Subject(BankLineRow, ("booked_on",), lambda _row, on: About(label="bank line", since=on)),
    "bank match": _Subject(
        Match, ("number", "at"), lambda _row, number, at: About(label=f"match {number}", since=at.date())
    ),
}


def abouts(scope: Scope, items: Iterable[Wanted]) -> dict[tuple[str, int], About]:
    """What each of these tasks is about, by (subject kind, subject); a statement for each kind of subject."""
    wanted: dict[str, set[int]] = {}
    for item in items:
        wanted.setdefault(item.subject_kind, set()).add(item.subject)
    told: dict[tuple[str, int], About] = {}
    for kind, subjects in wanted.items():
        known = _SUBJECTS.get(kind)
        if known is not None:
            rows: Iterable[tuple[Any, ...]] = found(scope, known.model, known.by, subjects, known.by, *known.columns)
            told.update(((kind, row[0]), known.made(*row)) for row in rows)
    return told
