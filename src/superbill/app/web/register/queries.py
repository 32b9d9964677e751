"""What the register's pages show: a patient with visits, balance and what warns the desk."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import LineBalance
from superbill.app.billing.standing import unapplied_money
from superbill.app.claims.models import Batch, ClaimRow
from superbill.app.claims.queries import claim as claim_numbered
from superbill.app.documents import decoded
from superbill.app.encounters.models import EncounterRow
from superbill.app.encounters.queries import visit as visit_numbered
from superbill.app.patients.models import PatientMerge, PatientRow
from superbill.app.remits.models import RemittanceRow
from superbill.app.rows import found
from superbill.chart.model import Chart, EncounterRecord
from superbill.money import Cents

RECENT = 20
VISITS = 10
MOST_VISITS = 200


class Person(Struct, frozen=True, kw_only=True):
    """A patient as lists name them."""

    id: int
    family: str
    given: str
    birth_date: date | None
    by: str = ""
    on: date | None = None
    why: str = ""


class Stored(Struct, frozen=True, kw_only=True):
    """A patient as stored, with the version that a form begins from."""

    id: int
    version: int
    chart: Chart
    changed_by: str
    changed_on: date | None
    merged_into: int | None


class VisitLine(Struct, frozen=True, kw_only=True):
    """A visit of a patient: whom they saw, and why."""

    account: str
    on: date
    state: str
    provider: str
    reason: str


class StoredVisit(Struct, frozen=True, kw_only=True):
    """A visit as stored, with the version that a form begins from."""

    id: int
    patient: int
    account: str
    state: str
    version: str
    record: EncounterRecord


class ClaimLine(Struct, frozen=True, kw_only=True):
    """A claim as the patient's page lists it."""

    number: str
    payer: str
    on: date
    state: str
    charge: Cents


class Balance(Struct, frozen=True, kw_only=True):
    """What is open of a patient's services; `due` is their part less their money on account."""

    insurance: Cents
    due: Cents
    on_account: Cents


def lately(scope: Scope) -> list[Person]:
    """Patients whose record was changed last, the latest first."""
    rows = scope.rows(PatientRow).filter(merged_into=None)
    columns = ("id", "family", "given", "birth_date", "changed_by", "changed_at", "changed_why")
    changed = list(rows.filter(changed_at__isnull=False).order_by("-changed_at", "-id").values_list(*columns)[:RECENT])
    some = changed or list(rows.order_by("-id").values_list(*columns)[:RECENT])  # all from before changes were counted
    return [
        Person(
            id=row[0], family=row[1], given=row[2], birth_date=row[3], by=row[4], on=row[5].date() if row[5] else None,
            why=row[6],
        )
        for row in some
    ]  # fmt: skip


def stored_patient(scope: Scope, patient: int) -> Stored | None:
    """The patient of this row id."""
    row = scope.rows(PatientRow).filter(pk=patient).first()
    if row is None:
        return None
    return Stored(
        id=row.pk,
        version=row.version,
        chart=decoded(row.doc, Chart, f"patient {row.pk}"),
        changed_by=row.changed_by,
        changed_on=row.changed_at.date() if row.changed_at else None,
        merged_into=row.merged_into_id,
    )


def visits_of(scope: Scope, patient: int, *, most: int = VISITS) -> tuple[list[VisitLine], int]:
    """The latest visits of a patient, and how many there are."""
    rows = scope.rows(EncounterRow).filter(patient_id=patient)
    columns = ("account_number", "date_of_service", "state", "doc")
    some = rows.order_by("-date_of_service", "-id").values_list(*columns)[:most]
    return [_visit_line(*one) for one in some], rows.count()


def _visit_line(account: str, on: date, state: str, doc: str) -> VisitLine:
    record = decoded(doc, EncounterRecord, account)
    who = record.performer.name if record.performer else None
    return VisitLine(
        account=account, on=on, state=state, provider=", ".join((who.family, *who.given[:1])) if who else "",
        reason=next((one.label for one in record.reasons if one.label), record.kind.label),
    )  # fmt: skip


def stored_visit(scope: Scope, account: str) -> StoredVisit | None:
    """The visit of this account number."""
    columns = ("id", "patient_id", "account_number", "state", "content_hash", "doc")
    row = scope.rows(EncounterRow).filter(account_number=account).values_list(*columns).first()
    if row is None:
        return None
    return StoredVisit(
        id=row[0], patient=row[1], account=row[2], state=row[3], version=row[4],
        record=decoded(row[5], EncounterRecord, account),
    )  # fmt: skip


def claims_of(scope: Scope, patient: int) -> tuple[list[ClaimLine], int]:
    """The latest claims of a patient, and how many there are."""
    rows = scope.rows(ClaimRow).filter(encounter__patient_id=patient)
    columns = ("control_number", "payer_key", "service_start", "state", "charge")
    some = rows.order_by("-service_start", "-id").values_list(*columns)[:VISITS]
    lines = [ClaimLine(number=one[0], payer=one[1], on=one[2], state=one[3], charge=one[4]) for one in some]
    return lines, rows.count()


def people_of(scope: Scope, patients: Sequence[int]) -> dict[int, Person]:
    """These patients as lists name them."""
    columns = ("id", "family", "given", "birth_date")
    rows = found(scope, PatientRow, "id", patients, *columns)
    return {one[0]: Person(id=one[0], family=one[1], given=one[2], birth_date=one[3]) for one in rows}


def balance_of(scope: Scope, patient: int) -> Balance:
    """Two statements."""
    sums = (
        scope.rows(LineBalance)
        .filter(line__patient_id=patient)
        .aggregate(of_insurance=Sum("insurance"), of_patient=Sum("patient"))
    )
    on_account = unapplied_money(scope, patient)
    return Balance(
        insurance=sums["of_insurance"] or 0, due=(sums["of_patient"] or 0) - on_account, on_account=on_account
    )


def merges_of(scope: Scope, patient: int) -> list[PatientMerge]:
    """What was merged into a patient and not undone, the latest first."""
    rows = scope.rows(PatientMerge).filter(kept_id=patient, undone_at=None).select_related("gone")
    return list(rows.order_by("-id"))


def merged(scope: Scope, merge: int) -> int | None:
    """The patient into whom this merge (row id) went."""
    return scope.rows(PatientMerge).filter(pk=merge).values_list("kept_id", flat=True).first()


def visits_between(scope: Scope, first: date, last: date) -> list[tuple[int, str, date]]:
    """(patient, account, day) of the visits of these days."""
    rows = scope.rows(EncounterRow).filter(date_of_service__range=(first, last)).order_by("date_of_service", "id")
    return list(rows.values_list("patient_id", "account_number", "date_of_service")[:500])


def next_day_with_visits(scope: Scope, today: date) -> date:
    """Tomorrow, or the next day on which visits are known, within a fortnight."""
    rows = scope.rows(EncounterRow).filter(date_of_service__range=(today + timedelta(1), today + timedelta(14)))
    found = rows.order_by("date_of_service").values_list("date_of_service", flat=True).first()
    return found or today + timedelta(1)


class Hit(Struct, frozen=True, kw_only=True):
    """Something else than a patient that a number names: its kind, what it is called, its page, a word about it."""

    kind: str
    name: str
    route: str
    key: str | int
    state: str = ""
    on: date | None = None


def numbered(scope: Scope, text: str, *, claims: bool, ledger: bool) -> Sequence[Hit]:
    """Accounts, claims, batches and payments that bear this number. At most one statement each."""
    number = text.upper()
    found: list[Hit] = []
    if claims and claim_numbered(scope, number) is not None:
        row = scope.rows(ClaimRow).filter(control_number=number).values_list("state", "service_start").first()
        state, on = row or ("", None)
        found.append(Hit(kind="claim", name=number, route="claim", key=number, state=state, on=on))
    if (visit := visit_numbered(scope, number)) is not None:
        on = visit.encounter.date_of_service
        found.append(Hit(kind="visit", name=number, route="visit", key=number, state=visit.state, on=on))
    if claims and ledger:
        columns = ("id", "trace_number", "state", "payment_date")
        rows = scope.rows(RemittanceRow).filter(trace_number=text).values_list(*columns)
        found += [
            Hit(kind="payment", name=trace, route="payment", key=row_id, state=state, on=on)
            for row_id, trace, state, on in rows[:5]
        ]
    if claims and text.isdigit() and len(text) < 10:
        batches = scope.rows(Batch).filter(interchange_control_number=int(text)).values_list("id", "state")
        found += [Hit(kind="batch", name=text, route="batch", key=row_id, state=state) for row_id, state in batches]
    return found
