"""The authorizations and referrals that count."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from msgspec import Struct
from msgspec.structs import replace

from superbill.app.accounts.actors import Scope
from superbill.app.authorizations.models import AuthorizationRow
from superbill.app.patients.models import PatientRow
from superbill.app.rows import found
from superbill.effective import Period


class Grant(Struct, frozen=True, kw_only=True):
    """A grant as its latest row has it. `patient` is a row id; `kind` authorization or referral."""

    patient: int
    payer_key: str
    kind: str
    number: str
    codes: tuple[str, ...]
    period: Period
    units: Decimal | None
    provider_npi: str
    withdrawn: bool
    note: str
    source_id: str = ""


_COLUMNS = (
    "id", "patient_id", "payer_key", "kind", "number", "codes", "start", "end", "units", "provider_npi", "withdrawn",
    "note",
)  # fmt: skip


def grants(scope: Scope, patients: Iterable[int], *, withdrawn: bool = False) -> dict[int, list[Grant]]:
    """What counts for these patients (row ids), by number; with `withdrawn`, what ended too."""
    latest = {}
    wanted = set(patients)
    rows = list(found(scope, AuthorizationRow, "patient_id", wanted, *_COLUMNS))
    # Of a record that was merged into theirs: the rows stay under it, and count for who it turned out to be.
    former = "patient__merged_into_id"
    rows += [(row[0], now, *row[2:]) for now, *row in found(scope, AuthorizationRow, former, wanted, former, *_COLUMNS)]
    for row in sorted(rows):
        latest[row[1:5]] = row
    made: dict[int, list[Grant]] = {}
    for key in sorted(latest):
        one = _grant(latest[key])
        if withdrawn or not one.withdrawn:
            made.setdefault(one.patient, []).append(one)
    return made


def kept_payers(scope: Scope) -> frozenset[str]:
    """The payers whose authorizations the practice keeps: those of which one was ever entered."""
    return frozenset(scope.rows(AuthorizationRow).values_list("payer_key", flat=True).distinct())


def listed(scope: Scope, *, patient: str = "", payer: str = "", withdrawn: bool = False) -> list[Grant]:
    """Grants with the chart id of whom they are for: of one patient, of one payer, or all."""
    rows = scope.rows(AuthorizationRow)
    if patient:
        rows = rows.filter(Q(patient__source_id=patient) | Q(patient__merged_into__source_id=patient))
    patients = granted_to(rows)
    ids = dict(found(scope, PatientRow, "id", patients, "id", "source_id"))
    made = grants(scope, patients, withdrawn=withdrawn)
    return [
        replace(one, source_id=ids[one.patient])
        for number in sorted(made, key=ids.__getitem__)
        for one in made[number]
        if payer in ("", one.payer_key)
    ]


def granted_to(rows: QuerySet[AuthorizationRow]) -> set[int]:
    """Whom these rows are for, where a record was merged who it turned out to be."""
    return {now or patient for patient, now in rows.values_list("patient_id", "patient__merged_into_id")}


def _grant(row: tuple[Any, ...]) -> Grant:
    _, patient, payer, kind, number, codes, start, end, units, npi, withdrawn, note = row
    return Grant(
        patient=patient,
        payer_key=payer,
        kind=kind,
        number=number,
        codes=tuple(codes.split()),
        period=Period(start, end),
        units=Decimal(units) if units else None,
        provider_npi=npi,
        withdrawn=bool(withdrawn),
        note=note,
    )
