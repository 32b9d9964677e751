"""Accounts, payments, and the proof that the books balance."""

from datetime import date

from django.db.models import Count, Min, Q, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.actions import patient_party
from superbill.app.billing.models import JournalEntry, LineBalance, Posting
from superbill.app.documents import decoded
from superbill.app.patients.models import PatientRow
from superbill.app.remits.models import RemittanceClaimRow, RemittanceRow
from superbill.app.statements.models import Statement
from superbill.app.statements.queries import statement_numbered, statements_of_patient
from superbill.app.web.queries.paging import ROWS, Page, asked
from superbill.findings import Finding
from superbill.ledger.accounts import Account
from superbill.money import Cents
from superbill.x12.model import Remittance


class AccountLine(Struct, frozen=True, kw_only=True):
    """A patient with open balances. `due` is the patient's balance less money on account."""

    patient: int
    family: str
    given: str
    insurance: Cents
    due: Cents
    oldest: date


class PaymentLine(Struct, frozen=True, kw_only=True):
    """A remittance in a list. `attention` counts its claims that were not posted."""

    id: int
    payer_key: str
    trace: str
    on: date
    amount: Cents
    state: str
    claims: int = 0
    attention: int = 0


class Payment(Struct, frozen=True, kw_only=True):
    """One remittance: its document, what was found, and a page of its claims."""

    row: RemittanceRow
    document: Remittance
    findings: tuple[Finding, ...]
    claims: Page[RemittanceClaimRow]


class PrintedStatement(Struct, frozen=True, kw_only=True):
    """A statement as it was sent, without its text."""

    number: int
    on: date
    amount: Cents


def unbalanced_entries(scope: Scope) -> int:
    """Journal entries whose postings do not add up to zero: always none, and counted rather than believed."""
    rows = scope.rows(Posting).order_by().values("entry_id").annotate(total=Sum("amount"))
    return rows.exclude(total=0).count()


def account_list(scope: Scope, page: str = "") -> Page[AccountLine]:
    """Patients with anything open, by name; three statements."""
    rows = scope.rows(LineBalance).filter(~Q(insurance=0) | ~Q(patient=0)).order_by()
    names = ("line__patient_id", "line__patient__family", "line__patient__given")
    sums = rows.values_list(*names).annotate(
        of_insurance=Sum("insurance"), of_patient=Sum("patient"), oldest=Min("line__service_start")
    )
    total = sums.count()
    number, offset = asked(page, total)
    some = list(sums.order_by("line__patient__family", "line__patient__given", "line__patient_id")[offset:][:ROWS])
    credit = _unapplied(scope, [row[0] for row in some])
    lines = tuple(
        AccountLine(
            patient=row[0], family=row[1], given=row[2], insurance=row[3], due=row[4] - credit.get(row[0], 0),
            oldest=row[5],
        )
        for row in some
    )  # fmt: skip
    return Page(rows=lines, number=number, total=total)


def account_holder(scope: Scope, patient: int) -> PatientRow | None:
    """The patient of an account."""
    return scope.rows(PatientRow).filter(pk=patient).first()


def statements_of(scope: Scope, patient: int) -> list[PrintedStatement]:
    """The statements that told of a patient, the latest first, without their text."""
    rows = statements_of_patient(scope, patient)
    return [PrintedStatement(number=row.number, on=row.on, amount=row.amount) for row in rows]


def statement(scope: Scope, number: int) -> Statement | None:
    """The statement of this number."""
    return statement_numbered(scope, number)


def posted_by(scope: Scope, keys: list[str]) -> dict[str, tuple[int, str]]:
    """(number, actor) of journal entries by key."""
    rows = scope.rows(JournalEntry).filter(key__in=keys).values_list("key", "number", "actor")
    return {key: (number, actor) for key, number, actor in rows}


def payment_list(scope: Scope, page: str = "") -> Page[PaymentLine]:
    """Remittances, the latest payment first; three statements."""
    rows = scope.rows(RemittanceRow)
    total = rows.count()
    number, offset = asked(page, total)
    columns = ("id", "payer_key", "trace_number", "payment_date", "payment_amount", "state")
    some = list(rows.order_by("-payment_date", "-id").values_list(*columns)[offset : offset + ROWS])
    claims = scope.rows(RemittanceClaimRow).filter(remittance__in=[row[0] for row in some]).order_by()
    counts = {
        row[0]: row[1:]
        for row in claims.values_list("remittance_id").annotate(
            all=Count("id"), attention=Count("id", filter=~Q(state="posted"))
        )
    }
    lines = tuple(
        PaymentLine(
            id=row[0], payer_key=row[1], trace=row[2], on=row[3], amount=row[4], state=row[5],
            claims=counts.get(row[0], (0, 0))[0], attention=counts.get(row[0], (0, 0))[1],
        )
        for row in some
    )  # fmt: skip
    return Page(rows=lines, number=number, total=total)


def payment(scope: Scope, row_id: int, page: str = "") -> Payment | None:
    """One remittance with a page of its claims; None when the practice has no such payment."""
    row = scope.rows(RemittanceRow).filter(pk=row_id).first()
    if row is None:
        return None
    claims = scope.rows(RemittanceClaimRow).filter(remittance=row_id)
    total = claims.count()
    number, offset = asked(page, total)
    some = claims.select_related("claim__encounter__patient").defer(
        "claim__doc", "claim__findings", "claim__encounter__doc", "claim__encounter__coded",
        "claim__encounter__findings", "claim__encounter__patient__doc",
    )  # fmt: skip
    return Payment(
        row=row,
        document=decoded(row.doc, Remittance, f"remittance {row_id}"),
        findings=decoded(row.findings, tuple[Finding, ...], f"remittance {row_id}"),
        claims=Page(rows=tuple(some.order_by("position")[offset : offset + ROWS]), number=number, total=total),
    )


def _unapplied(scope: Scope, patients: list[int]) -> dict[int, Cents]:
    parties = {patient_party(patient): patient for patient in patients}
    rows = scope.rows(Posting).filter(account=Account.UNAPPLIED.value, payer__in=list(parties)).order_by()
    return {parties[party]: -total for party, total in rows.values_list("payer").annotate(total=Sum("amount"))}
