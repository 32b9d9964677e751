"""The Chart: what was recorded about one patient, with its provenance. Nothing here is a billing decision."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from superbill.effective import Period
from superbill.findings import Finding

Sex = Literal["F", "M", "U"]
Relationship = Literal["self", "spouse", "child", "other"]

SNOMED = "http://snomed.info/sct"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
CPT = "http://www.ama-assn.org/go/cpt"
HCPCS = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
CVX = "http://hl7.org/fhir/sid/cvx"
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
NDC = "http://hl7.org/fhir/sid/ndc"


class Coding(Struct, frozen=True, omit_defaults=True):
    """One code of one code system, named by the system's FHIR address (constants above)."""

    system: str
    code: str
    display: str = ""


class Concept(Struct, frozen=True, omit_defaults=True):
    """A thing said in one or more code systems, and in words (FHIR CodeableConcept)."""

    codings: tuple[Coding, ...] = ()
    text: str = ""

    def code(self, system: str) -> str | None:
        """The code in `system`, or None."""
        return next((coding.code for coding in self.codings if coding.system == system), None)

    @property
    def label(self) -> str:
        """The words a person would recognize."""
        return self.text or next((coding.display for coding in self.codings if coding.display), "")


class PersonName(Struct, frozen=True, omit_defaults=True):
    family: str
    given: tuple[str, ...] = ()
    suffix: str = ""


class PostalAddress(Struct, frozen=True, omit_defaults=True):
    """`state` is the two-letter code where it is known; `postal_code` digits only."""

    lines: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = "US"


class Source(Struct, frozen=True, omit_defaults=True):
    """Where a record came from: file name and its line or entry, counted from 1."""

    file: str = ""
    position: int | None = None


class PatientRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    name: PersonName
    birth_date: date | None = None
    sex: Sex = "U"
    address: PostalAddress | None = None
    phone: str = ""
    medical_record_number: str = ""
    deceased: date | None = None
    source: Source = Source()


class SubscriberRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The person whose insurance it is, when that is not the patient."""

    name: PersonName
    birth_date: date | None = None
    sex: Sex = "U"
    address: PostalAddress | None = None


class CoverageRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Insurance as the chart knows it. `order` 1 pays first. `payer` is the payer's name or key as recorded."""

    id: str
    payer: str
    member_id: str = ""
    group_number: str = ""
    group_name: str = ""
    kind: str = ""
    relationship: Relationship = "self"
    subscriber: SubscriberRecord | None = None
    order: int = 1
    period: Period = Period()
    source: Source = Source()


class ProviderRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A practitioner (`kind` person) or an organization as the chart names it."""

    id: str
    kind: Literal["person", "organization"] = "person"
    name: PersonName
    npi: str = ""
    tin: str = ""
    taxonomy: str = ""
    address: PostalAddress | None = None
    phone: str = ""


class ServiceLocation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A FHIR Location: where care is given."""

    id: str
    name: str = ""
    address: PostalAddress | None = None
    phone: str = ""
    npi: str = ""
    place_of_service: str = ""


class ConditionRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A problem. `clinical_status` active|recurrence|relapse|inactive|remission|resolved; `rank` 1 is first-listed,
    where the clinician said so."""

    id: str
    concept: Concept
    onset: date | None = None
    abatement: date | None = None
    clinical_status: str = "active"
    verification: str = "confirmed"
    body_site: str = ""
    rank: int | None = None
    source: Source = Source()


class ProcedureRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something done. `modifiers` and `units` where the clinician recorded them; `reasons` point to why."""

    id: str
    concept: Concept
    performed: date | None = None
    status: str = "completed"
    units: Decimal | None = None
    modifiers: tuple[str, ...] = ()
    body_site: str = ""
    reasons: tuple[Concept, ...] = ()
    performer: str = ""
    note: str = ""
    source: Source = Source()


class ImmunizationRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A vaccine given; `ndc` eleven digits, `units` and `modifiers` where recorded."""

    id: str
    concept: Concept
    given: date | None = None
    status: str = "completed"
    ndc: str = ""
    dose_quantity: Decimal | None = None
    dose_number: int | None = None
    units: Decimal | None = None
    modifiers: tuple[str, ...] = ()
    source: Source = Source()


class ObservationRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A measurement or answer; `value` as text, `unit` in UCUM. Panels give one record per component."""

    concept: Concept
    value: str = ""
    unit: str = ""
    observed: date | None = None
    category: str = ""


class MedicationRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    concept: Concept
    authored: date | None = None
    status: str = "active"


class Note(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A clinical document, decoded to text."""

    id: str
    text: str
    kind: str = ""
    written: date | None = None
    author: str = ""
    source: Source = Source()


class AccidentRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An accident behind the visit. `kind` auto|employment|other; `state` for auto."""

    kind: Literal["auto", "employment", "other"]
    on: date
    state: str = ""
    claim_number: str = ""


class HospitalRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was recorded of an admission, in the codes as recorded: FHIR admit-source and discharge-disposition or the
    NUBC's own, priority of v3-ActPriority (EM, UR, EL …). "" where nothing was."""

    priority: str = ""
    admit_source: str = ""
    discharge: str = ""


class EncounterRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One visit with all that was recorded in it.

    `class_code` is the FHIR v3-ActCode (AMB, EMER, IMP, VR, HH, WELLNESS …); `start` and `end` keep the recorded
    offset, and the date of service is the local calendar day they name.
    """

    id: str
    status: str = "finished"
    class_code: str = "AMB"
    kind: Concept = Concept()
    start: datetime
    end: datetime | None = None
    reasons: tuple[Concept, ...] = ()
    performer: ProviderRecord | None = None
    referrer: ProviderRecord | None = None
    supervisor: ProviderRecord | None = None
    organization: ProviderRecord | None = None
    location: ServiceLocation | None = None
    conditions: tuple[ConditionRecord, ...] = ()
    procedures: tuple[ProcedureRecord, ...] = ()
    immunizations: tuple[ImmunizationRecord, ...] = ()
    observations: tuple[ObservationRecord, ...] = ()
    medications: tuple[MedicationRecord, ...] = ()
    notes: tuple[Note, ...] = ()
    accident: AccidentRecord | None = None
    hospital: HospitalRecord | None = None
    payer_hint: str = ""
    authorization_number: str = ""
    copay_collected: int | None = None
    source: Source = Source()

    @property
    def date_of_service(self) -> date:
        return self.start.date()

    @property
    def last_date_of_service(self) -> date:
        return (self.end or self.start).date()


class Chart(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One patient's record. `encounters` in order of their start; `problems` are conditions tied to no encounter
    (or to any: they stay on the list until their abatement). `findings`: what in its file makes the chart doubtful,
    a coverage of somebody else among its papers above all."""

    patient: PatientRecord
    coverages: tuple[CoverageRecord, ...] = ()
    encounters: tuple[EncounterRecord, ...] = ()
    problems: tuple[ConditionRecord, ...] = ()
    findings: tuple[Finding, ...] = ()

    def age_on(self, day: date) -> int | None:
        """Completed years on `day`; None without a birth date."""
        born = self.patient.birth_date
        if born is None:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
