"""Visits as a list."""

from collections.abc import Collection
from datetime import date

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.documents import decoded
from superbill.app.encounters.models import EncounterRow, EncounterState
from superbill.app.web.queries.paging import ROWS, Page, asked
from superbill.chart.model import EncounterRecord
from superbill.findings import Finding, Severity

SETTLED = (EncounterState.CODED.value, EncounterState.BILLED.value)


class VisitLine(Struct, frozen=True, kw_only=True):
    """A visit in a list. `attention` is the gravest thing found where coding has not come to its end, "" for none."""

    id: int
    account: str
    on: date
    family: str
    given: str
    state: str
    reason: str
    provider: str
    attention: str


def visit_list(scope: Scope, *, states: Collection[str] = (), page: str = "") -> Page[VisitLine]:
    """Visits in these states (all without any), the latest day first; two statements."""
    rows = scope.rows(EncounterRow)
    if states:
        rows = rows.filter(state__in=states)
    total = rows.count()
    number, offset = asked(page, total)
    some = rows.select_related("patient").defer("patient__doc", "coded").order_by("-date_of_service", "-id")
    return Page(rows=tuple(_line(row) for row in some[offset : offset + ROWS]), number=number, total=total)


def _line(row: EncounterRow) -> VisitLine:
    record = decoded(row.doc, EncounterRecord, row.account_number)
    doctor = record.performer.name if record.performer else None
    return VisitLine(
        id=row.pk,
        account=row.account_number,
        on=row.date_of_service,
        family=row.patient.family,
        given=row.patient.given,
        state=row.state,
        reason=next((reason.label for reason in record.reasons if reason.label), record.kind.label),
        provider=", ".join(part for part in (doctor.family, *doctor.given[:1]) if part) if doctor else "",
        attention="" if row.state in SETTLED else _gravest(row),
    )


def _gravest(row: EncounterRow) -> str:
    findings = decoded(row.findings, tuple[Finding, ...], row.account_number)
    for severity in (Severity.ERROR, Severity.WARNING):
        for finding in findings:
            if finding.severity is severity:
                return finding.message
    return ""
