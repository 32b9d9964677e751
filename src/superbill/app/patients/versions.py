"""Versions of a patient's chart: every change keeps what was before, with who made it and when."""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from superbill.app.accounts.actors import Scope
from superbill.app.documents import decoded, encoded
from superbill.app.patients.models import PatientRow, PatientVersion
from superbill.app.rows import insert, update
from superbill.app.work import Work
from superbill.chart.model import Chart, PatientRecord

_FIELDS = tuple(name for name in PatientRecord.__struct_fields__ if name != "id")
Before = tuple[int, str, str, datetime | None, str]  # version, doc, who made it, when, why


class Revision(Struct, frozen=True):
    """A patient (row id) as they were, their chart from now on, and the chart as imported where that is another."""

    row_id: int
    before: Before
    chart: Chart
    imported: str = ""


class Version(Struct, frozen=True, kw_only=True):
    """One version of a patient's chart. `by` "" and `at` None: from before changes were counted."""

    number: int
    chart: Chart
    by: str
    at: datetime | None
    why: str


def shown(chart: Chart) -> tuple[str, str, date | None]:
    """Family name, given names and birth date, as they stand beside the document."""
    name = chart.patient.name
    return name.family[:120], " ".join(name.given)[:120], chart.patient.birth_date


def revise(work: Work, some: Sequence[Revision], *, why: str) -> None:
    """Put the charts in their rows, and what stood there among the versions."""
    insert(
        PatientVersion,
        ("practice_id", "patient_id", "number", "doc", "by", "at", "why"),
        [(work.practice_id, one.row_id, *one.before) for one in some],
    )
    told = (work.actor.name, work.at, why[:200])
    update(
        PatientRow,
        (
            "family", "given", "birth_date", "doc", "imported", "version", "changed_by", "changed_at", "changed_why",
        ),
        [
            (*shown(one.chart), encoded(one.chart), one.imported, one.before[0] + 1, *told, one.row_id)
            for one in some
        ],
    )  # fmt: skip


def versions(scope: Scope, patient: int) -> list[Version]:
    """Every version of a patient's chart, the latest first."""
    row = scope.rows(PatientRow).filter(pk=patient).first()
    if row is None:
        return []
    place = f"patient {patient}"
    now = Version(
        number=row.version, chart=decoded(row.doc, Chart, place), by=row.changed_by, at=row.changed_at,
        why=row.changed_why,
    )  # fmt: skip
    older = scope.rows(PatientVersion).filter(patient_id=patient).order_by("-number")
    return [
        now,
        *(
            Version(number=one.number, chart=decoded(one.doc, Chart, place), by=one.by, at=one.at, why=one.why)
            for one in older
        ),
    ]


def rebased(base: Chart, ours: Chart, theirs: Chart) -> Chart:
    """An import onto a chart that the desk has changed since the last one: what is new in it counts, field by field
    and coverage by coverage; what it tells as before stays as the desk has it."""
    told = {
        name: getattr(theirs.patient, name)
        for name in _FIELDS
        if getattr(theirs.patient, name) != getattr(base.patient, name)
    }
    was, new = ({one.id: one for one in chart.coverages} for chart in (base, theirs))
    kept = [new[one.id] if one.id in new and new[one.id] != was.get(one.id) else one for one in ours.coverages]
    there = {one.id for one in kept}
    added = [one for one in theirs.coverages if one.id not in there and one.id not in was]
    return replace(theirs, patient=replace(ours.patient, **told), coverages=(*kept, *added))
