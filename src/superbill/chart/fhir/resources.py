"""The FHIR R4 resources that are read, with the fields that billing uses.

Every resource that belongs to a patient names them `subject` here, whatever FHIR calls the field (`patient`,
`beneficiary`), and its visit `encounter`.
"""

import msgspec
from msgspec import Raw, Struct

from superbill.chart.fhir.elements import (
    Address,
    Annotation,
    Attachment,
    CodeableConcept,
    Coding,
    ContactPoint,
    Element,
    Extension,
    HumanName,
    Identifier,
    Period,
    Quantity,
    Reference,
)


class Meta(Element, frozen=True):
    last_updated: str = ""


class Resource(Struct, frozen=True, kw_only=True, rename="camel", gc=False):
    """Base of all resources. `contained` is decoded only when something refers into it."""

    id: str = ""
    meta: Meta = Meta()
    contained: tuple[Raw, ...] = ()


class Owned(Resource, frozen=True):
    """A resource that belongs to a patient."""

    subject: Reference = Reference()


class Clinical(Owned, frozen=True):
    """A resource that belongs to a patient and, as a rule, to a visit."""

    encounter: Reference = Reference()


class Patient(Resource, frozen=True):
    identifier: tuple[Identifier, ...] = ()
    name: tuple[HumanName, ...] = ()
    telecom: tuple[ContactPoint, ...] = ()
    gender: str = ""
    birth_date: str = ""
    deceased_date_time: str = ""
    address: tuple[Address, ...] = ()


class RelatedPerson(Owned, frozen=True):
    identifier: tuple[Identifier, ...] = ()
    subject: Reference = msgspec.field(name="patient", default=Reference())
    relationship: tuple[CodeableConcept, ...] = ()
    name: tuple[HumanName, ...] = ()
    gender: str = ""
    birth_date: str = ""
    address: tuple[Address, ...] = ()


class Qualification(Element, frozen=True):
    code: CodeableConcept = CodeableConcept()


class Practitioner(Resource, frozen=True):
    identifier: tuple[Identifier, ...] = ()
    name: tuple[HumanName, ...] = ()
    telecom: tuple[ContactPoint, ...] = ()
    address: tuple[Address, ...] = ()
    qualification: tuple[Qualification, ...] = ()


class PractitionerRole(Resource, frozen=True):
    identifier: tuple[Identifier, ...] = ()
    practitioner: Reference = Reference()
    organization: Reference = Reference()
    code: tuple[CodeableConcept, ...] = ()
    specialty: tuple[CodeableConcept, ...] = ()
    telecom: tuple[ContactPoint, ...] = ()


class Organization(Resource, frozen=True):
    identifier: tuple[Identifier, ...] = ()
    type: tuple[CodeableConcept, ...] = ()
    name: str = ""
    telecom: tuple[ContactPoint, ...] = ()
    address: tuple[Address, ...] = ()


class Location(Resource, frozen=True):
    identifier: tuple[Identifier, ...] = ()
    name: str = ""
    description: str = ""
    type: tuple[CodeableConcept, ...] = ()
    telecom: tuple[ContactPoint, ...] = ()
    address: Address | None = None


class CoverageClass(Element, frozen=True):
    type: CodeableConcept = CodeableConcept()
    value: str = ""
    name: str = ""


class Coverage(Owned, frozen=True):
    identifier: tuple[Identifier, ...] = ()
    status: str = ""
    type: CodeableConcept = CodeableConcept()
    subscriber: Reference = Reference()
    subscriber_id: str = ""
    subject: Reference = msgspec.field(name="beneficiary", default=Reference())
    relationship: CodeableConcept = CodeableConcept()
    period: Period = Period()
    payor: tuple[Reference, ...] = ()
    classes: tuple[CoverageClass, ...] = msgspec.field(name="class", default=())
    order: int | None = None


class Participant(Element, frozen=True):
    type: tuple[CodeableConcept, ...] = ()
    individual: Reference = Reference()


class EncounterDiagnosis(Element, frozen=True):
    condition: Reference = Reference()
    use: CodeableConcept = CodeableConcept()
    rank: int | None = None


class EncounterLocation(Element, frozen=True):
    location: Reference = Reference()


class Hospitalization(Element, frozen=True):
    """Encounter.hospitalization: where the patient came from and went."""

    admit_source: CodeableConcept = CodeableConcept()
    discharge_disposition: CodeableConcept = CodeableConcept()


class Encounter(Owned, frozen=True):
    """A visit or a stay, as far as a chart uses it."""

    identifier: tuple[Identifier, ...] = ()
    extension: tuple[Extension, ...] = ()
    status: str = ""
    class_: Coding = msgspec.field(name="class", default=Coding())
    type: tuple[CodeableConcept, ...] = ()
    participant: tuple[Participant, ...] = ()
    period: Period = Period()
    reason_code: tuple[CodeableConcept, ...] = ()
    reason_reference: tuple[Reference, ...] = ()
    diagnosis: tuple[EncounterDiagnosis, ...] = ()
    location: tuple[EncounterLocation, ...] = ()
    service_provider: Reference = Reference()
    priority: CodeableConcept = CodeableConcept()
    hospitalization: Hospitalization = Hospitalization()


class Condition(Clinical, frozen=True):
    identifier: tuple[Identifier, ...] = ()
    extension: tuple[Extension, ...] = ()
    clinical_status: CodeableConcept = CodeableConcept()
    verification_status: CodeableConcept = CodeableConcept()
    code: CodeableConcept = CodeableConcept()
    body_site: tuple[CodeableConcept, ...] = ()
    onset_date_time: str = ""
    onset_period: Period = Period()
    abatement_date_time: str = ""
    abatement_period: Period = Period()


class Performer(Element, frozen=True):
    actor: Reference = Reference()


class Procedure(Clinical, frozen=True):
    extension: tuple[Extension, ...] = ()
    status: str = ""
    code: CodeableConcept = CodeableConcept()
    performed_date_time: str = ""
    performed_period: Period = Period()
    performed_string: str = ""
    performer: tuple[Performer, ...] = ()
    reason_code: tuple[CodeableConcept, ...] = ()
    reason_reference: tuple[Reference, ...] = ()
    body_site: tuple[CodeableConcept, ...] = ()
    note: tuple[Annotation, ...] = ()


class ProtocolApplied(Element, frozen=True):
    dose_number_positive_int: int | None = None
    dose_number_string: str = ""


class Immunization(Clinical, frozen=True):
    extension: tuple[Extension, ...] = ()
    status: str = ""
    vaccine_code: CodeableConcept = CodeableConcept()
    subject: Reference = msgspec.field(name="patient", default=Reference())
    occurrence_date_time: str = ""
    occurrence_string: str = ""
    dose_quantity: Quantity = Quantity()
    protocol_applied: tuple[ProtocolApplied, ...] = ()


class ObservationComponent(Element, frozen=True):
    code: CodeableConcept = CodeableConcept()
    value_quantity: Quantity | None = None
    value_codeable_concept: CodeableConcept | None = None
    value_string: str | None = None
    value_boolean: bool | None = None
    value_integer: int | None = None
    value_date_time: str | None = None
    value_time: str | None = None


class Observation(Clinical, frozen=True):
    """A measurement, an answer, or a panel of them (`component`)."""

    status: str = ""
    category: tuple[CodeableConcept, ...] = ()
    code: CodeableConcept = CodeableConcept()
    effective_date_time: str = ""
    effective_period: Period = Period()
    value_quantity: Quantity | None = None
    value_codeable_concept: CodeableConcept | None = None
    value_string: str | None = None
    value_boolean: bool | None = None
    value_integer: int | None = None
    value_date_time: str | None = None
    value_time: str | None = None
    component: tuple[ObservationComponent, ...] = ()


class DocumentContent(Element, frozen=True):
    attachment: Attachment = Attachment()


class DocumentContext(Element, frozen=True):
    encounter: tuple[Reference, ...] = ()
    period: Period = Period()


class DocumentReference(Owned, frozen=True):
    status: str = ""
    type: CodeableConcept = CodeableConcept()
    date: str = ""
    author: tuple[Reference, ...] = ()
    content: tuple[DocumentContent, ...] = ()
    context: DocumentContext = DocumentContext()

    @property
    def encounter(self) -> Reference:
        return self.context.encounter[0] if self.context.encounter else Reference()


class Medication(Resource, frozen=True):
    identifier: tuple[Identifier, ...] = ()
    code: CodeableConcept = CodeableConcept()


class MedicationRequest(Clinical, frozen=True):
    status: str = ""
    medication_codeable_concept: CodeableConcept | None = None
    medication_reference: Reference = Reference()
    authored_on: str = ""


class Insurance(Element, frozen=True):
    focal: bool = False
    coverage: Reference = Reference()


class ClaimItem(Element, frozen=True):
    encounter: tuple[Reference, ...] = ()


class Claim(Owned, frozen=True):
    """Only for the coverage that it names and the visits that it bills."""

    status: str = ""
    subject: Reference = msgspec.field(name="patient", default=Reference())
    insurer: Reference = Reference()
    insurance: tuple[Insurance, ...] = ()
    item: tuple[ClaimItem, ...] = ()


class ExplanationOfBenefit(Claim, frozen=True):
    """As a Claim: only for its coverage."""


REFERENCE_TYPES = frozenset({"Organization", "Practitioner", "PractitionerRole", "Location", "Medication"})
"""Resources that belong to no patient and serve all files."""

RESOURCES: dict[str, type[Resource]] = {
    cls.__name__: cls
    for cls in (
        Patient, RelatedPerson, Practitioner, PractitionerRole, Organization, Location, Coverage, Encounter,
        Condition, Procedure, Immunization, Observation, DocumentReference, Medication, MedicationRequest, Claim,
        ExplanationOfBenefit,
    )
}  # fmt: skip
