"""What payers answered about patients' coverages."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.eligibility.models import EligibilityRow
from superbill.app.patients.models import PatientRow
from superbill.app.rows import found
from superbill.effective import Period


class Verification(Struct, frozen=True, kw_only=True):
    """One answer on record. `patient` is a row id, `source_id` and `name` the chart's."""

    patient: int
    payer_key: str
    member_id: str
    active: bool
    period: Period
    plan: str
    order: int
    verified_on: date
    source: str
    by: str
    source_id: str = ""
    name: str = ""


_COLUMNS = (
    "id", "patient_id", "payer_key", "member_id", "active", "start", "end", "plan", "order", "verified_on", "source",
    "by",
)  # fmt: skip


def verifications(scope: Scope, patients: Iterable[int]) -> dict[int, list[Verification]]:
    """The answers about these patients (row ids), the latest first: by the day of the answer, then as recorded."""
    made: dict[int, list[Verification]] = {}
    wanted = set(patients)
    rows = list(found(scope, EligibilityRow, "patient_id", wanted, *_COLUMNS))
    # Of a record that was merged into theirs: the answers stay under it, and are about who it turned out to be.
    former = "patient__merged_into_id"
    rows += [(row[0], now, *row[2:]) for now, *row in found(scope, EligibilityRow, former, wanted, former, *_COLUMNS)]
    for row in sorted(rows, key=lambda row: (row[9], row[0]), reverse=True):
        made.setdefault(row[1], []).append(_verification(row))
    return made


def verifies(scope: Scope) -> bool:
    """Whether the practice has ever put an answer on record."""
    return scope.rows(EligibilityRow).exists()


def listed(scope: Scope, *, patient: str = "", payer: str = "") -> list[Verification]:
    """Answers on record, the latest first, with whom they are about: of one chart id, of one payer, or all."""
    rows = scope.rows(EligibilityRow)
    if patient:
        rows = rows.filter(Q(patient__source_id=patient) | Q(patient__merged_into__source_id=patient))
    if payer:
        rows = rows.filter(payer_key=payer)
    ordered = list(rows.order_by("-verified_on", "-id").values_list(*_COLUMNS))
    columns = ("id", "source_id", "family", "given")
    people = {row[0]: row[1:] for row in found(scope, PatientRow, "id", {row[1] for row in ordered}, *columns)}
    return [_verification(row, *people[row[1]]) for row in ordered]


def _verification(row: tuple[Any, ...], source_id: str = "", family: str = "", given: str = "") -> Verification:
    _, patient, payer, member, active, start, end, plan, order, verified_on, source, by = row
    return Verification(
        patient=patient,
        payer_key=payer,
        member_id=member,
        active=bool(active),
        period=Period(start, end),
        plan=plan,
        order=order,
        verified_on=verified_on,
        source=source,
        by=by,
        source_id=source_id,
        name=", ".join(part for part in (family, given) if part),
    )
