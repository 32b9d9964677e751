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


class Disposition(StrEnum):
    """What became of the encounter in coding."""

    CODED = "coded"
    NOT_BILLABLE = "not billable"
    HELD = "held"


class CodedEncounter(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The result of coding one encounter. Either `disposition` is coded, with at least one diagnosis and service,
    or `findings` say exactly why it is not billable (final) or held (somebody can mend it)."""

    encounter_id: str
    patient_id: str
    date_of_service: date
    claim_kind: Literal["professional", "institutional", "dental"] = "professional"
    place_of_service: str = ""
    diagnoses: tuple[AssignedCode, ...] = ()
    services: tuple[CodedService, ...] = ()
    disposition: Disposition
    findings: tuple[Finding, ...] = ()
