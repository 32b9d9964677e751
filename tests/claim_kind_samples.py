"""A small institutional and a small dental claim, for tests that change one thing."""

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from superbill.claims.dental import DentalDetail, DentalLine, Tooth
from superbill.claims.institutional import (
    ExternalCause,
    InpatientProcedure,
    InstitutionalDetail,
    Occurrence,
    OccurrenceSpan,
    Value,
)
from superbill.claims.model import Diagnosis, Person, Procedure, Provider, ServiceLine
from superbill.effective import Period
from tests.x12_samples import CLAIM, DAY

STAY = Period(date(2026, 3, 2), date(2026, 3, 5))
DOCTOR = Provider(person=Person("GRAY", "ADA"), npi="1234567893", taxonomy="207R00000X")
INPATIENT = replace(
    CLAIM,
    kind="institutional",
    control_number="H1P1",
    place_of_service="",
    admission=date(2026, 3, 2),
    diagnoses=(Diagnosis("K8000", "Y"), Diagnosis("E119", "Y"), Diagnosis("N179", "N")),
    institutional=InstitutionalDetail(
        facility_type="11",
        statement=STAY,
        admission_hour="07",
        admission_minute="45",
        admission_type="1",
        point_of_origin="1",
        discharge_hour="11",
        discharge_status="01",
        medical_record_number="MR77",
        admitting_diagnosis="R1011",
        external_causes=(ExternalCause("W19XXXA", "Y"),),
        procedures=(
            InpatientProcedure("0FT44ZZ", date(2026, 3, 3)),
            InpatientProcedure("BF10YZZ", date(2026, 3, 2)),
        ),
        drg="418",
        conditions=("02",),
        occurrences=(Occurrence("11", date(2026, 3, 1)),),
        spans=(OccurrenceSpan("70", STAY),),
        values=(Value("80", Decimal(3)), Value("01", Decimal("812.5"))),
        attending=DOCTOR,
        operating=replace(DOCTOR, taxonomy=""),
    ),
    lines=(
        ServiceLine(
            number=1,
            control_number="H1",
            revenue_code="0120",
            procedure=Procedure(""),
            charge=300_000,
            units=Decimal(3),
            unit_kind="DA",
            service=Period(),
        ),
        ServiceLine(
            number=2,
            control_number="H2",
            revenue_code="0300",
            procedure=Procedure("80053"),
            charge=12_000,
            service=DAY,
            non_covered=2_000,
        ),
    ),
)
DENTAL = replace(
    CLAIM,
    kind="dental",
    control_number="D1P1",
    diagnoses=(),
    dental=DentalDetail(),
    lines=(
        ServiceLine(
            number=1,
            control_number="D1",
            procedure=Procedure("D2392", (), "AD"),
            charge=18_000,
            service=DAY,
            dental=DentalLine(teeth=(Tooth("14", ("M", "O")),), oral_cavity=("10",)),
        ),
        ServiceLine(number=2, control_number="D2", procedure=Procedure("D0120", (), "AD"), charge=6_000, service=DAY),
    ),
)
