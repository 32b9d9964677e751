"""What only an institutional claim has: type of bill, statement period, stay, coded events and values, its providers.

Form locators (FL) are those of the UB-04; the code lists behind them are kept by the NUBC (codesets/condition_code,
occurrence_code, occurrence_span_code, value_code, discharge_status, admission_type, point_of_origin, type_of_bill).
"""

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from superbill.claims.parties import Provider
from superbill.codesets.type_of_bill.lookup import classification
from superbill.effective import Period
from superbill.money import Cents


class Occurrence(Struct, frozen=True):
    """An occurrence code and its day (HI*BH; FL 31 to 34)."""

    code: str
    on: date


class OccurrenceSpan(Struct, frozen=True):
    """An occurrence span code and its days (HI*BI; FL 35 and 36)."""

    code: str
    period: Period


class Value(Struct, frozen=True):
    """A value code and its amount (HI*BE; FL 39 to 41): dollars and cents, a count of days or units, a rate, a ZIP."""

    code: str
    amount: Decimal


class InpatientProcedure(Struct, frozen=True):
    """An ICD-10-PCS code and the day it was done (HI*BBR, HI*BBQ; FL 74)."""

    code: str
    on: date


class ExternalCause(Struct, frozen=True, omit_defaults=True):
    """An ICD-10-CM external cause with its present on admission indicator (HI*ABN; FL 72)."""

    code: str
    poa: Literal["Y", "N", "U", "W", "1", ""] = ""


class InstitutionalDetail(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The part of a claim that the 837I and the UB-04 have beyond what every claim has.

    `facility_type` is two digits, type of facility and bill classification (CLM05-1: "11" hospital inpatient, "13"
    hospital outpatient); with "0" before and the frequency behind it is the type of bill. `statement` covers first to
    last day billed (FL 6). `admission_hour` and `discharge_hour` are "00" to "23" ("" not known); the day of admission
    is the claim's own field, that of discharge the end of the statement. `admission_type` (FL 14), `point_of_origin`
    (FL 15) and `discharge_status` (FL 17) are codes. The principal and other diagnoses are the claim's own; here are
    the admitting one (FL 69), the patient's reasons for the visit (FL 70, at most 3) and external causes (FL 72).
    `attending` is required but for ambulance; `operating` and `other_operating` where surgery was done. `drg` is the
    MS-DRG as grouped by the biller (HI*DR; FL 71). The minutes of the two hours ("" on the hour) only the 837I tells.
    `treatments` are a home health agency's treatment codes (HI*TC), `estimated_due` is what the patient is expected
    to owe (AMT*F3; FL 55), `auto_accident_state` where a car accident was (REF*LU; FL 29).
    """

    facility_type: str
    statement: Period
    admission_hour: str = ""
    admission_minute: str = ""
    admission_type: str = ""
    point_of_origin: str = ""
    discharge_hour: str = ""
    discharge_minute: str = ""
    discharge_status: str = ""
    medical_record_number: str = ""
    admitting_diagnosis: str = ""
    reasons_for_visit: tuple[str, ...] = ()
    external_causes: tuple[ExternalCause, ...] = ()
    procedures: tuple[InpatientProcedure, ...] = ()
    drg: str = ""
    conditions: tuple[str, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()
    spans: tuple[OccurrenceSpan, ...] = ()
    values: tuple[Value, ...] = ()
    treatments: tuple[str, ...] = ()
    estimated_due: Cents | None = None
    auto_accident_state: str = ""
    attending: Provider | None = None
    operating: Provider | None = None
    other_operating: Provider | None = None

    @property
    def inpatient(self) -> bool:
        """Whether the bill is of an inpatient stay, as its facility type says (codesets/type_of_bill)."""
        found = classification(self.facility_type)
        return found is not None and found.inpatient
