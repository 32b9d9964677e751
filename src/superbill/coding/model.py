"""The CodedEncounter: what was found and done, in codes, each with its evidence."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from superbill.findings import Finding

CodeSystem = Literal["ICD-10-CM", "ICD-10-PCS", "CPT", "HCPCS"]
Confidence = Literal["high", "medium", "low"]


class Evidence(Struct, frozen=True, omit_defaults=True):
    """What in the chart supports a code: the record it comes from, and the span of a note where there is one."""

    record: str
    text: str = ""
    start: int | None = None
    end: int | None = None


class AssignedCode(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One code, why, and by whom. `release` names the code set or crosswalk release that it was looked up in."""

    system: CodeSystem
    code: str
    release: str = ""
    evidence: tuple[Evidence, ...] = ()
    rule: str = ""
    confidence: Confidence = "high"
    source: Literal["clinician", "coder", "suggestion"] = "suggestion"
    by: str = ""
    at: datetime | None = None


class CodedService(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One service to bill: its code, modifiers (0..4), units, and pointers from 1 into the diagnoses."""

    procedure: AssignedCode
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    service_date: date
    service_end: date | None = None
    diagnosis_pointers: tuple[int, ...] = ()
    ndc: str = ""
    ndc_quantity: Decimal | None = None
    ndc_unit: str = ""
    note: str = ""


class FacilityService(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One service on a facility's bill: the revenue code it is billed under (UB-04 FL 42), and its code where it has
    one. An outpatient's line carries that code; an inpatient's is billed by revenue code alone, priced by the code.
    """

    revenue_code: str
    procedure: AssignedCode | None = None
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    service_date: date
    ndc: str = ""
    ndc_quantity: Decimal | None = None
    evidence: tuple[Evidence, ...] = ()


class CodedProcedure(Struct, frozen=True, kw_only=True):
    """An ICD-10-PCS code and the day of the operation (FL 74)."""

    procedure: AssignedCode
    on: date


class Present(Struct, frozen=True):
    """A diagnosis and its present on admission indicator, where that is another than Y."""

    code: str
    indicator: Literal["N", "U", "W"]


class FacilityPart(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The facility's share of an encounter, for its institutional claim; the diagnoses are the encounter's own.

    `facility_type`: two digits of the type of bill (11 hospital inpatient, 13 hospital outpatient, 21 skilled nursing).
    `room`: the revenue code of the accommodation of an inpatient. Codes of admission type, point of origin and
    discharge status are those of FL 14, 15, 17, "" where nothing tells. `admitting` (FL 69) of an inpatient, `reasons`
    for the visit (FL 70) of an unscheduled outpatient. `present` names the diagnoses that were not there on admission.
    """

    facility_type: str
    room: str = ""
    services: tuple[FacilityService, ...] = ()
    procedures: tuple[CodedProcedure, ...] = ()
    admission_type: str = ""
    point_of_origin: str = ""
    discharge_status: str = ""
    admitting: str = ""
    reasons: tuple[str, ...] = ()
    present: tuple[Present, ...] = ()

    @property
    def inpatient(self) -> bool:
        return bool(self.room)


class Disposition(StrEnum):
    """What became of the encounter in coding."""

    CODED = "coded"
    NOT_BILLABLE = "not billable"
    HELD = "held"


class CodedEncounter(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The result of coding one encounter. Either `disposition` is coded, with at least one diagnosis and service,
    or `findings` say exactly why it is not billable (final) or held (somebody can mend it).

    `facility` is the hospital's share, billed on a claim of its own; `services` are the professionals'. `claim_kind` is
    institutional where the hospital's is all there is.
    """

    encounter_id: str
    patient_id: str
    date_of_service: date
    claim_kind: Literal["professional", "institutional", "dental"] = "professional"
    place_of_service: str = ""
    diagnoses: tuple[AssignedCode, ...] = ()
    services: tuple[CodedService, ...] = ()
    facility: FacilityPart | None = None
    disposition: Disposition
    findings: tuple[Finding, ...] = ()
