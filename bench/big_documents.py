"""What the rows of a made practice say: claims, remittances and charts as documents that every page can read."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from superbill.app.accounts.actors import Scope
from superbill.app.documents import encoded
from superbill.app.guarantors.deriving import Party
from superbill.app.guarantors.models import Guarantee, Guarantor
from superbill.app.patients.models import PatientRow
from superbill.app.rows import insert
from superbill.chart.model import Chart, EncounterRecord, PatientRecord, PersonName, ProviderRecord
from superbill.claims.model import Claim, Diagnosis, Procedure, ServiceLine
from superbill.claims.parties import Address, Patient, Payer, Person, Provider, Subscriber
from superbill.effective import Period
from superbill.x12.model import Remittance

HOME = Address("1 Main Street", "Harrow Lake", "WI", "548990012")
OFFICE = Provider(organization="Big Practice", npi="1999999018", tin="399999999", tin_kind="EI", address=HOME)
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
BORN = date(1970, 1, 1)


def person(patient: int) -> Person:
    """The name of a patient."""
    return Person(last=f"Family{patient}", first=f"Given{patient % 400}")


def chart(patient: int) -> str:
    """A chart with nothing but its patient."""
    name = person(patient)
    record = PatientRecord(id=f"p{patient}", name=PersonName(name.last, (name.first,)), birth_date=BORN)
    return encoded(Chart(patient=record))


def visit(key: str, npi: str, day: date) -> str:
    """A visit as a chart tells it, without notes."""
    performer = ProviderRecord(id=npi, name=PersonName(f"Physician{npi[-2:]}", ("Pat",)), npi=npi)
    return encoded(EncounterRecord(id=key, start=datetime.combine(day, AT.time(), UTC), performer=performer))


def provider(npi: str) -> Provider:
    """Whose work is billed."""
    return Provider(person=Person(last=f"Physician{npi[-2:]}", first="Pat"), npi=npi)


def claim(number: str, payer: str, patient: int, npi: str, day: date, services: Sequence[tuple[str, str, int]]) -> str:
    """A professional claim; `services` are (key of the line, code, cents)."""
    who = person(patient)
    holder = Subscriber(responsibility="P", relationship="18", person=who, member_id=f"M{patient}", address=HOME)
    lines = tuple(
        ServiceLine(
            number=place, control_number=key, procedure=Procedure(code), charge=charge, units=Decimal(1),
            service=Period(day, day), diagnosis_pointers=(1,),
        )
        for place, (key, code, charge) in enumerate(services, 1)
    )  # fmt: skip
    return encoded(
        Claim(
            control_number=number, billing=OFFICE, rendering=provider(npi), subscriber=holder,
            patient=Patient(person=who, birth_date=BORN, sex="U", address=HOME), payer=Payer(name=payer, id=payer),
            diagnoses=(Diagnosis("I10"),), place_of_service="11", lines=lines,
        )
    )  # fmt: skip


def remittance(payer: str, trace: str, amount: int, day: date) -> str:
    """A payment whose claims stand in rows alone: the copies of the practice share it."""
    return encoded(
        Remittance(
            payer_name=payer, payer_id=payer, payee_name="Big Practice", payee_npi=OFFICE.npi, trace_number=trace,
            originator_id="1", payment_amount=amount, payment_date=day,
        )
    )  # fmt: skip


def name_guarantors(scope: Scope) -> None:
    """Every patient pays for themself."""
    people = list(scope.rows(PatientRow).order_by("id").values_list("id", "family", "given"))
    columns = ("practice_id", "identity", "patient_id", "family", "given", "doc")
    insert(Guarantor, columns, [
        (
            scope.practice_id, f"patient:{row}", row, family, given,
            encoded(Party(kind="patient", name=PersonName(family, (given,)), birth_date=BORN)),
        )
        for row, family, given in people
    ])  # fmt: skip
    rows = scope.rows(Guarantor).order_by("id").values_list("patient_id", "id")
    terms = [(scope.practice_id, patient, guarantor, "self", "maker", AT) for patient, guarantor in rows]
    insert(Guarantee, ("practice_id", "patient_id", "guarantor_id", "basis", "actor", "at"), terms)
