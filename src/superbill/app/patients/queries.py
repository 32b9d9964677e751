"""Patients by name or id."""

from collections.abc import Iterable

from superbill.app.accounts.actors import Scope
from superbill.app.documents import decoded
from superbill.app.patients.models import PatientRow
from superbill.app.rows import found
from superbill.chart.model import Chart


def patient(scope: Scope, source_id: str) -> PatientRow | None:
    """The patient whom the chart calls `source_id`."""
    return scope.rows(PatientRow).filter(source_id=source_id).first()


def charts(scope: Scope, patients: Iterable[int]) -> dict[int, Chart]:
    """The charts of these patients (row ids), by row id."""
    rows = found(scope, PatientRow, "id", set(patients), "id", "doc")
    return {row_id: decoded(doc, Chart, f"patient {row_id}") for row_id, doc in rows}


def patients_named(scope: Scope, family: str, limit: int = 50) -> list[PatientRow]:
    """Patients whose family name begins with `family`, whatever its case."""
    rows = scope.rows(PatientRow).filter(family__istartswith=family)
    return list(rows.order_by("family", "given", "id")[:limit])
