"""The desk enters a visit, and corrects one that is not billed: it is kept as if a chart had told of it."""

from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.documents import decoded
from superbill.app.encounters.importing import RESTATED, import_encounters, restated
from superbill.app.encounters.models import EncounterRow, EncounterState
from superbill.app.encounters.queries import encounters_of
from superbill.app.guarantors.storing import derive_guarantors
from superbill.app.patients.models import PatientRow
from superbill.app.patients.registering import DESK
from superbill.app.practices.actions import take
from superbill.app.rows import update
from superbill.app.work import Work, action
from superbill.chart.model import Chart, EncounterRecord
from superbill.identifiers import is_npi


class NotEntered(ValueError):
    """What can't be kept of a visit; the message says why. Nothing was changed."""


class SeenAlready(NotEntered):
    """The same provider saw the patient on the same day already: `accounts`."""

    def __init__(self, accounts: tuple[str, ...]) -> None:
        super().__init__(
            f"This provider saw the patient on this day already: {', '.join(accounts)}. Open that visit, or say that "
            "this is another one."
        )
        self.accounts = accounts


class VisitChanged(NotEntered):
    """Somebody else has changed the visit since it was opened."""


def enter_visit(
    actor: Actor, patient: int, record: EncounterRecord, *, others: Collection[str] = (), at: datetime
) -> str:
    """A new visit of a patient (row id); its account number. Its number in the chart is ours (`desk-12`).

    `others` are the accounts of visits of the same day and provider from which this is known to be another. Raises
    SeenAlready for one that is not among them; NotEntered for what can't be.
    """
    with action(actor, Permission.IMPORT_CHARTS, "enter visit", at) as work:
        chart = _chart(work, patient)
        record = replace(record, id=f"desk-{take(work.practice_id, 'visit')}", source=DESK)
        _check(chart, record, at)
        _must_be_another(work, patient, record, others)
        every = (*encounters_of(work.scope, [patient])[patient], record)
        derive_guarantors(work, {patient: replace(chart, encounters=every)})
        import_encounters(work, [(patient, record)])
        row = work.scope.rows(EncounterRow).get(patient_id=patient, source_id=record.id)
        work.note("encounter", row.pk)
        return row.account_number


def change_visit(
    actor: Actor, account: str, version: str, record: EncounterRecord, *, others: Collection[str] = (), at: datetime
) -> None:
    """Correct a visit; it is to be coded anew then. Nothing new changes nothing.

    `version` is the content from which the change began. Raises VisitChanged; NotEntered for a visit that is billed or
    not here; otherwise as `enter_visit`.
    """
    with action(actor, Permission.IMPORT_CHARTS, "change visit", at) as work:
        row = work.scope.rows(EncounterRow).select_for_update().filter(account_number=account).first()
        if row is None:
            raise NotEntered("This visit is not here.")
        if row.state == EncounterState.BILLED:
            raise NotEntered(
                f"{account} is billed, so it stays as it is. If it is wrong, correct its claim (frequency 7) or void "
                "it (8)."
            )
        if row.content_hash != version:
            raise VisitChanged("Somebody else has changed this visit since you opened it.")
        before = decoded(row.doc, EncounterRecord, account)
        record = replace(record, id=before.id, source=before.source)
        if record == before:
            return
        chart = _chart(work, row.patient_id)
        _check(chart, record, at)
        _must_be_another(work, row.patient_id, record, {account, *others})
        imported = row.imported or ("" if before.source == DESK else row.doc)
        update(EncounterRow, RESTATED, [restated(row.pk, record, imported=imported)])
        work.note("encounter", row.pk)


def _chart(work: Work, patient: int) -> Chart:
    row = work.scope.rows(PatientRow).select_for_update().filter(pk=patient, merged_into=None).first()
    if row is None:
        raise NotEntered("This patient is not here, or was merged into another one.")
    return decoded(row.doc, Chart, f"patient {patient}")


def _check(chart: Chart, record: EncounterRecord, at: datetime) -> None:
    day, patient = record.date_of_service, chart.patient
    if day > at.date():
        raise NotEntered("The visit lies in the future. Enter it once it has been.")
    if patient.birth_date and day < patient.birth_date:
        raise NotEntered("The visit lies before the patient's birth date. Correct one of the two.")
    if patient.deceased and day > patient.deceased:
        raise NotEntered("The visit lies after the day on which the patient died. Correct one of the two.")
    if record.end and record.end < record.start:
        raise NotEntered("The visit ends before it starts. Correct one of the two.")
    if record.accident and record.accident.on > day:
        raise NotEntered("The accident lies after the visit. Correct one of the two.")
    for who in (record.performer, record.referrer, record.supervisor):
        if who and who.npi and not is_npi(who.npi):
            raise NotEntered(f"{who.npi} is no NPI: its last digit does not fit the others. Copy it again.")


def _must_be_another(work: Work, patient: int, record: EncounterRecord, others: Collection[str]) -> None:
    rows = work.scope.rows(EncounterRow).filter(patient_id=patient, date_of_service=record.date_of_service)
    same = tuple(
        account
        for account, doc in rows.order_by("id").values_list("account_number", "doc")
        if account not in others and _who(decoded(doc, EncounterRecord, account)) == _who(record)
    )
    if same:
        raise SeenAlready(same)


def _who(record: EncounterRecord) -> str:
    """What names the one who saw the patient: the NPI, else the chart's own number."""
    return (record.performer.npi or record.performer.id) if record.performer else ""
