"""A small claim, its batch and its remittance, for tests that change one thing."""

from datetime import date
from decimal import Decimal

from superbill.claims.model import (
    Address,
    Adjustment,
    Claim,
    Contact,
    Diagnosis,
    Patient,
    Payer,
    Person,
    Procedure,
    Provider,
    ServiceLine,
    Subscriber,
)
from superbill.effective import Period
from superbill.x12 import write_835, write_837p
from superbill.x12.model import ProviderAdjustment, Remittance, RemittanceClaim, RemittanceLine
from tests.strategies_parts import ENVELOPE, SUBMITTER

DAY = Period(date(2026, 3, 2), date(2026, 3, 2))
HOME = Address("12 ELM ST", "DAYTON", "OH", "45402")
CLINIC = Provider(
    organization="FICTIONAL CLINIC",
    npi="1234567893",
    tin="311234567",
    tin_kind="EI",
    taxonomy="207Q00000X",
    address=Address("1 MAIN ST", "DAYTON", "OH", "454020001"),
)
PERSON = Person("ROE", "RITA")
LINES = tuple(
    ServiceLine(
        number=number,
        control_number=f"L{number}",
        procedure=Procedure(code, modifiers),
        charge=charge,
        service=DAY,
        diagnosis_pointers=(1,),
    )
    for number, code, modifiers, charge in ((1, "99213", ("25",), 120_00), (2, "71046", (), 80_50))
)
CLAIM = Claim(
    control_number="A1007",
    billing=CLINIC,
    subscriber=Subscriber(
        responsibility="P",
        relationship="18",
        person=PERSON,
        member_id="M77",
        birth_date=date(1980, 1, 2),
        sex="F",
        address=HOME,
    ),
    patient=Patient(person=PERSON, birth_date=date(1980, 1, 2), sex="F", address=HOME),
    payer=Payer(name="FICTIONAL PAYER", id="99999"),
    diagnoses=(Diagnosis("E119"), Diagnosis("I10")),
    place_of_service="11",
    lines=LINES,
)
REMITTANCE = Remittance(
    payer_name="FICTIONAL PAYER",
    payer_id="99999",
    payer_address=HOME,
    payer_contact=Contact("HELP DESK", "5555550199"),
    payee_name="FICTIONAL CLINIC",
    payee_npi="1234567893",
    trace_number="CHECK1",
    originator_id="1999999999",
    payment_amount=90_00,
    payment_method="CHK",
    payment_date=date(2026, 4, 1),
    claims=(
        RemittanceClaim(
            control_number="A1007",
            status="1",
            charge=200_50,
            paid=100_00,
            claim_filing_indicator="12",
            payer_control_number="ICN1",
            patient=PERSON,
            patient_member_id="M77",
            lines=(
                RemittanceLine(
                    procedure=Procedure("99213"),
                    charge=200_50,
                    paid=100_00,
                    units=Decimal(1),
                    service=DAY,
                    adjustments=(Adjustment("CO", "45", 100_50),),
                ),
            ),
        ),
    ),
    provider_adjustments=(
        ProviderAdjustment(npi="1234567893", fiscal_year_end=date(2026, 12, 31), reason="WO", amount=10_00),
    ),
)


def batch(*claims: Claim) -> bytes:
    """An 837P of these claims."""
    return write_837p(claims or (CLAIM,), envelope=ENVELOPE, submitter=SUBMITTER, reference="BATCH1")


def payment(*remittances: Remittance) -> bytes:
    """An 835 of these remittances."""
    return write_835(remittances or (REMITTANCE,), envelope=ENVELOPE)
