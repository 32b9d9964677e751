"""Patients by name or id."""

from collections.abc import Iterable

from superbill.app.accounts.actors import Scope
from superbill.app.documents import decoded
from superbill.app.patients.models import PatientRow
from superbill.app.rows import found
from superbill.chart.model import Chart


def patient(scope: Scope, source_id: str) -> PatientRow | None:
    """The patient whom the chart calls `source_id`; after a merge, the one who they turned out to be."""
    row = scope.rows(PatientRow).select_related("merged_into").filter(source_id=source_id).first()
    return row.merged_into if row is not None and row.merged_into is not None else row


def patient_row(scope: Scope, patient: int) -> PatientRow | None:
    """The patient of this row id, merged or not."""
    return scope.rows(PatientRow).filter(pk=patient).first()


def charts(scope: Scope, patients: Iterable[int]) -> dict[int, Chart]:
    """The charts of these patients (row ids), by row id."""
    rows = found(scope, PatientRow, "id", set(patients), "id", "doc")
    return {row_id: decoded(doc, Chart, f"patient {row_id}") for row_id, doc in rows}


def patients_named(scope: Scope, family: str, limit: int = 50) -> list[PatientRow]:
    """Patients whose family name begins with `family`, whatever its case."""
    rows = scope.rows(PatientRow).filter(family__istartswith=family, merged_into=None)
    return list(rows.order_by("family", "given", "id")[:limit])
