"""Patients by name or id."""

from superbill.app.accounts.actors import Scope
from superbill.app.patients.models import PatientRow


def patient(scope: Scope, source_id: str) -> PatientRow | None:
    """The patient whom the chart calls `source_id`."""
    return scope.rows(PatientRow).filter(source_id=source_id).first()


def patients_named(scope: Scope, family: str, limit: int = 50) -> list[PatientRow]:
    """Patients whose family name begins with `family`, whatever its case."""
    rows = scope.rows(PatientRow).filter(family__istartswith=family)
    return list(rows.order_by("family", "given", "id")[:limit])
