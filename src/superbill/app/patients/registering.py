"""The desk registers patients and corrects what is known of them; every change is a new version of the chart."""

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.documents import decoded, encoded
from superbill.app.guarantors.storing import derive_guarantors
from superbill.app.patients.keys import index_patients
from superbill.app.patients.models import PatientRow
from superbill.app.patients.versions import Revision, revise, shown
from superbill.app.practices.actions import take
from superbill.app.rows import insert_one
from superbill.app.work import action
from superbill.chart.model import Chart, CoverageRecord, PatientRecord, Source
from superbill.effective import Period

DESK = Source(file="front desk")


class NotRegistered(ValueError):
    """What can't be put on a patient's record; the message says why. Nothing was changed."""


class ChangedMeanwhile(ValueError):
    """Somebody else has changed the record since it was opened. Nothing was changed."""


def register_patient(
    actor: Actor, patient: PatientRecord, coverages: tuple[CoverageRecord, ...] = (), *, at: datetime
) -> int:
    """A new patient; their row id. Their number is ours (`desk-12`), and their record number too where none is given.

    Raises NotRegistered without a family name, or born in the future.
    """
    with action(actor, Permission.REGISTER, "register patient", at) as work:
        number = take(work.practice_id, "patient")
        record = replace(
            patient,
            id=f"desk-{number}",
            medical_record_number=patient.medical_record_number or f"D{number:06d}",
            source=DESK,
        )
        chart = Chart(patient=record, coverages=coverages)
        _check(chart, at)
        columns = (
            "practice_id", "source_id", "family", "given", "birth_date", "doc", "changed_by", "changed_at",
            "changed_why",
        )  # fmt: skip
        told = (encoded(chart), actor.name, at, "registered")
        row_id = insert_one(PatientRow, columns, (work.practice_id, record.id, *shown(chart), *told))
        index_patients(work, {row_id: chart})
        derive_guarantors(work, {row_id: chart})
        work.note("patient", row_id)
        return row_id


def change_patient(
    actor: Actor, patient: int, version: int, change: Callable[[Chart], Chart], why: str, *, at: datetime
) -> int:
    """The chart of a patient (row id) becomes what `change` makes of it; the version it has then.

    `version` is the one that the change began from. Nothing new makes no new version. Raises ChangedMeanwhile;
    NotRegistered for somebody of another practice, for one who was merged, and for what can't stand.
    """
    with action(actor, Permission.REGISTER, "change patient", at) as work:
        row = work.scope.rows(PatientRow).select_for_update().filter(pk=patient, merged_into=None).first()
        if row is None:
            raise NotRegistered("This patient is not here, or was merged into another one.")
        if row.version != version:
            raise ChangedMeanwhile("Somebody else has changed this record since you opened it.")
        before = decoded(row.doc, Chart, f"patient {patient}")
        chart = change(before)
        if chart == before:
            return version
        if chart.patient.id != before.patient.id:
            raise NotRegistered("A patient keeps the number under which the chart knows them.")
        _check(chart, at)
        was = (row.version, row.doc, row.changed_by, row.changed_at, row.changed_why)
        imported = row.imported or ("" if before.patient.source == DESK else row.doc)
        revise(work, [Revision(patient, was, chart, imported=imported)], why=why)
        index_patients(work, {patient: chart})
        derive_guarantors(work, {patient: chart})
        work.note("patient", patient, version=version + 1)
        return version + 1


def demographics(record: PatientRecord) -> Callable[[Chart], Chart]:
    """A change of who the patient is; where the record came from, and its number, stay."""

    def change(chart: Chart) -> Chart:
        own = chart.patient
        return replace(chart, patient=replace(record, id=own.id, source=own.source))

    return change


def coverage(one: CoverageRecord) -> Callable[[Chart], Chart]:
    """A change of a coverage, or one more, which pays last; without an id it gets ours."""

    def change(chart: Chart) -> Chart:
        if not one.id:
            numbers = [int(each.id[5:]) for each in chart.coverages if each.id.startswith("desk-")]
            new = replace(one, id=f"desk-{max(numbers, default=0) + 1}", order=len(chart.coverages) + 1, source=DESK)
            return replace(chart, coverages=(*chart.coverages, new))
        if all(each.id != one.id for each in chart.coverages):
            raise NotRegistered("This coverage is not on the patient's record any more.")
        kept = (
            replace(one, order=each.order, source=each.source) if each.id == one.id else each
            for each in chart.coverages
        )
        return replace(chart, coverages=tuple(kept))

    return change


def ended(id: str, period: Period) -> Callable[[Chart], Chart]:
    """A change of the days of a coverage."""

    def change(chart: Chart) -> Chart:
        kept = (replace(each, period=period) if each.id == id else each for each in chart.coverages)
        return replace(chart, coverages=tuple(kept))

    return change


def ordered(ids: tuple[str, ...]) -> Callable[[Chart], Chart]:
    """A change of who pays first: the coverages in this order."""

    def change(chart: Chart) -> Chart:
        there = {one.id: one for one in chart.coverages}
        if sorted(ids) != sorted(there):
            raise NotRegistered("Name every coverage once, in the order in which they pay.")
        return replace(chart, coverages=tuple(replace(there[id], order=n) for n, id in enumerate(ids, 1)))

    return change


def _check(chart: Chart, at: datetime) -> None:
    patient = chart.patient
    if not patient.name.family.strip():
        raise NotRegistered("A patient has a family name.")
    if patient.birth_date and patient.birth_date > at.date():
        raise NotRegistered("The birth date lies in the future.")
    for one in chart.coverages:
        if one.period.start and one.period.end and one.period.end < one.period.start:
            raise NotRegistered(f"The coverage with {one.payer} ends before it starts. Correct one of the two days.")
        if not one.payer:
            raise NotRegistered("A coverage names its payer.")
