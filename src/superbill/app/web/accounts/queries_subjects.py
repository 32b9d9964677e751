"""What a deed is about: a patient's account, a guarantor's, or a case (receipt, refund, write-off asked for, plan,
placement), with what its forms offer."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property

from django.db.models import Max, Q
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.actions import patient_party
from superbill.app.billing.cases import KINDS, LETTERS
from superbill.app.billing.models import Case, ChargeLine, LineBalance, Posting, Refund
from superbill.app.billing.queries import AccountLedger, cases_about
from superbill.app.billing.refunds import OPEN as UNDER_WAY
from superbill.app.billing.refunds import Credit, credits_left
from superbill.app.billing.standing import loose_money
from superbill.app.guarantors.queries import (
    GuarantorCard,
    WhoPays,
    cards,
    own_charts,
    patients_ever_of,
    payers_on,
    who_pays,
)
from superbill.app.patients.models import PatientRow
from superbill.app.rows import found
from superbill.app.statements.holds import Stopped, holds_on_account
from superbill.app.web.accounts.queries import account_holder
from superbill.chart.model import Chart
from superbill.forms.statement.labels import service_label
from superbill.money import Cents

_OF_LABEL = {letters: kind for kind, letters in LETTERS.items()}
LETTERS_FIRST = sorted(_OF_LABEL, key=len, reverse=True)
CASE_NAMES = {
    "receipt": "Payment", "refund": "Refund", "approval": "Write-off to approve", "paymentplan": "Payment plan",
    "placement": "Placement",
}  # fmt: skip


class OpenLine(Struct, frozen=True, kw_only=True):
    """A charge line that a form offers: what the patient owes on it, what insurance does, and whose it is."""

    key: str
    patient: int
    on: date
    code: str
    label: str
    visit: str
    owed: Cents
    insurance: Cents
    payer: str
    paid: Cents


class Subject:
    """Whom or what a deed is about, read once. `patients` are all whose lines it may touch, the first the main one."""

    def __init__(self, scope: Scope, *, patients: Iterable[int], guarantor: int = 0, case: Case | None = None) -> None:
        self.scope, self.guarantor, self.case = scope, guarantor, case
        self.patients = list(dict.fromkeys(patients))

    @property
    def patient(self) -> int:
        """The patient whose account it is."""
        return self.patients[0] if self.patients else 0

    @property
    def kind(self) -> str:
        """What the subject is: a patient, a guarantor, or the word for the kind of case."""
        if self.case is not None:
            return type(self.case).__name__.lower()
        return "guarantor" if self.guarantor else "patient"

    @cached_property
    def row(self) -> PatientRow | None:
        """The patient's row."""
        return account_holder(self.scope, self.patient) if self.patient else None

    @cached_property
    def people(self) -> dict[int, tuple[str, str]]:
        """(family, given) of every patient."""
        rows = found(self.scope, PatientRow, "id", self.patients, "id", "family", "given")
        return {row: (family, given) for row, family, given in rows}

    @cached_property
    def lines(self) -> list[OpenLine]:
        """Every line with an open balance or a credit, the oldest first."""
        return open_lines_of(self.scope, self.patients)

    @cached_property
    def card(self) -> GuarantorCard | None:
        """The guarantor."""
        return cards(self.scope, [self.guarantor]).get(self.guarantor) if self.guarantor else None

    @cached_property
    def cases(self) -> list[Case]:
        """Payments, refunds, write-offs asked for, plans and placements of every patient."""
        return cases_about(self.scope, self.patients)

    @cached_property
    def loose(self) -> Mapping[str, Cents]:
        """The patient's money that is on no line yet, by the receipt that it came with."""
        return loose_money(self.scope, self.patient)

    @property
    def unapplied(self) -> Cents:
        """All of it together."""
        return sum(self.loose.values())

    @property
    def credits(self) -> list[Credit]:
        """What can be given back to the patient."""
        lines = [(line.key, line.owed, line.paid) for line in self.lines if line.patient == self.patient]
        party = patient_party(self.patient)
        refunds = [one for one in self.cases if isinstance(one, Refund) and one.party == party]
        return credits_left(lines, self.loose, [one.doc for one in refunds if one.state in UNDER_WAY])

    @cached_property
    def who_pays(self) -> WhoPays:
        """Who pays for every patient, on which days."""
        return who_pays(self.scope, self.patients)

    def payer(self, on: date) -> int | None:
        """Who pays for the patient on a day."""
        return payers_on(self.who_pays.terms, on).get(self.patient)

    def stamp(self) -> int:
        """The last entry that touched these accounts: forms carry it, so that nothing is posted over news unseen."""
        return last_entry_of(self.scope, self.patients)


def patient_subject(scope: Scope, patient: int) -> Subject | None:
    """A patient's account; None when the practice has no such patient."""
    row = account_holder(scope, patient)
    if row is None:
        return None
    subject = Subject(scope, patients=[patient])
    subject.row = row
    return subject


def account_subject(scope: Scope, row: PatientRow, ledger: AccountLedger) -> Subject:
    """A patient's account of which the row and the books were read already: nothing of them is asked again."""
    subject = Subject(scope, patients=[row.pk])
    subject.row, subject.people = row, {row.pk: (row.family, row.given)}
    subject.loose = ledger.loose
    subject.lines = _in_order(
        _open_line(
            line.key, row.pk, line.service_start, line.code, line.balance.patient, line.balance.insurance, line.payer,
            line.balance.patient_paid,
        )
        for line in ledger.lines
    )  # fmt: skip
    return subject


def guarantor_subject(scope: Scope, guarantor: int) -> Subject | None:
    """A guarantor with everybody for whom they pay or paid; None when the practice has none of this number."""
    card = cards(scope, [guarantor]).get(guarantor)
    if card is None:
        return None
    subject = Subject(scope, patients=patients_ever_of(scope, guarantor), guarantor=guarantor)
    subject.card = card
    return subject


def case_subject(scope: Scope, label: str) -> Subject | None:
    """The case of this label ("RF000001"); None when the practice has none."""
    letters = next((each for each in LETTERS_FIRST if label.startswith(each)), "")
    digits = label.removeprefix(letters)
    if not letters or not (digits.isascii() and digits.isdigit() and len(digits) < 18):
        return None
    row = scope.rows(KINDS[_OF_LABEL[letters]]).filter(number=int(digits)).first()
    if row is None:
        return None
    return Subject(scope, patients=[row.patient_id] if row.patient_id else [], case=row)


def open_lines_of(scope: Scope, patients: Iterable[int]) -> list[OpenLine]:
    """Lines of these patients on which something is open or was paid, the oldest first."""
    columns = ("line__key", "line__patient_id", "line__service_start", "line__code", "patient", "insurance", "payer",
               "patient_paid")  # fmt: skip
    return _in_order(_open_line(*row) for row in found(scope, LineBalance, "line__patient_id", patients, *columns))


def _open_line(
    key: str, patient: int, on: date, code: str, owed: Cents, insurance: Cents, payer: str, paid: Cents
) -> OpenLine:
    return OpenLine(
        key=key, patient=patient, on=on, code=code, label=service_label(code), visit=key.rpartition("-")[0],
        owed=owed, insurance=insurance, payer=payer, paid=paid,
    )  # fmt: skip


def _in_order(lines: Iterable[OpenLine]) -> list[OpenLine]:
    return sorted(lines, key=lambda one: (one.on, one.key))


def last_entry_of(scope: Scope, patients: Iterable[int]) -> int:
    """The row id of the last journal entry that touched these accounts."""
    wanted = list(patients)
    lines = scope.rows(ChargeLine).filter(patient_id__in=wanted).values("id")
    parties = [patient_party(one) for one in wanted]
    on_lines = scope.rows(Posting).filter(line_id__in=lines).aggregate(last=Max("entry_id"))["last"] or 0
    loose = scope.rows(Posting).filter(Q(payer__in=parties), line__isnull=True).aggregate(last=Max("entry_id"))["last"]
    return max(on_lines, loose or 0)


def family_of(subject: Subject, on: date) -> list[int]:
    """Other patients for whom the same guarantor pays."""
    payer = subject.payer(on)
    return [one for one in patients_ever_of(subject.scope, payer) if one != subject.patient] if payer else []


class Standing(Struct, frozen=True, kw_only=True):
    """A hold that stands, with what it is on ("" the whole account)."""

    hold: Stopped
    line: str


def holds_on(subject: Subject, today: date) -> list[Standing]:
    """Holds that stand on an account's lines or on the guarantor's whole account, placed or following from facts."""
    if subject.guarantor:
        payers: set[int] = {subject.guarantor}
        charts: Mapping[int, Chart] = own_charts(subject.scope, payers)
    else:
        payers, charts = set(payers_on(subject.who_pays.terms, today).values()), subject.who_pays.charts
    told = holds_on_account(
        subject.scope, patients=subject.patients, lines={line.key for line in subject.lines}, guarantors=payers,
        charts=charts, cases=subject.cases,
    )  # fmt: skip
    return [Standing(hold=one, line=line) for line, one in told if one.stands_on(today)]
