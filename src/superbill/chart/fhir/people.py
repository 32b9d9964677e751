"""Patients, providers and places of FHIR as records of the chart."""

from msgspec import Raw

from superbill.chart import dates, normal
from superbill.chart.fhir.context import Context, address_of, concept, name_of, phone_of, postal_address
from superbill.chart.fhir.decode import Item
from superbill.chart.fhir.elements import CodeableConcept, Identifier, Reference
from superbill.chart.fhir.references import key_of
from superbill.chart.fhir.resources import Location, Organization, Patient, Practitioner, PractitionerRole
from superbill.chart.model import PatientRecord, PersonName, ProviderRecord, ServiceLocation

NPI = "http://hl7.org/fhir/sid/us-npi"
TIN = "urn:oid:2.16.840.1.113883.4.4"
TAXONOMY = "http://nucc.org/provider-taxonomy"
PLACE_OF_SERVICE = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"


def patient_record(item: Item, patient: Patient, context: Context) -> PatientRecord:
    """The patient; a birth date that is missing, partial or wrong is a finding and None."""
    try:
        born = dates.parse_day(patient.birth_date) if dates.is_whole(patient.birth_date) else None
    except ValueError:
        born = None
    if born is None:
        said = patient.birth_date or "there is none"
        context.report.add("chart.birth-date", item.place, f"The birth date is not a whole date: {said}.")
    died = context.day(patient.deceased_date_time, item, "deceasedDateTime")
    if not context.in_order(born, died, item, "died before the birth"):
        died = None
    return PatientRecord(
        id=item.id,
        name=name_of(patient.name),
        birth_date=born,
        sex=normal.sex(patient.gender),
        address=address_of(patient.address),
        phone=phone_of(patient.telecom),
        medical_record_number=_of_type(patient.identifier, "MR"),
        deceased=died,
        source=item.source,
    )


def practitioner(reference: Reference, context: Context, contained: tuple[Raw, ...] = ()) -> ProviderRecord | None:
    """The person whom a reference names, through a PractitionerRole or directly.

    One who is in no file is known by what the reference itself says (display, NPI); None if it says nothing.
    """
    found = context.index.find(reference, Practitioner, PractitionerRole, contained=contained)
    if found is None:
        return _said(reference, context, "Practitioner")
    id_, resource = found
    if isinstance(resource, Practitioner):
        return _person(id_, resource, context.index.role_of(id_, resource))
    person = practitioner(resource.practitioner, context, contained)
    who = context.index.find(resource.practitioner, Practitioner, contained=contained)
    return _person(who[0], who[1], resource) if who else person


def organization(reference: Reference, context: Context, contained: tuple[Raw, ...] = ()) -> ProviderRecord | None:
    """The organization that a reference names; as with `practitioner`, its words stand in for an absent one."""
    found = context.index.find(reference, Organization, contained=contained)
    if found is None:
        return _said(reference, context, "Organization")
    id_, resource = found
    return ProviderRecord(
        id=id_,
        kind="organization",
        name=PersonName(resource.name),
        npi=_of_system(resource.identifier, NPI),
        tin=normal.digits(_of_system(resource.identifier, TIN) or _of_type(resource.identifier, "TAX")),
        taxonomy=_taxonomy(resource.type),
        address=address_of(resource.address),
        phone=phone_of(resource.telecom),
    )


def location(reference: Reference, context: Context, contained: tuple[Raw, ...] = ()) -> ServiceLocation | None:
    """The place that a reference names."""
    found = context.index.find(reference, Location, contained=contained)
    if found is None:
        said = _said(reference, context, "Location")
        return ServiceLocation(id=said.id, name=reference.display) if said else None
    id_, resource = found
    return ServiceLocation(
        id=id_,
        name=resource.name or resource.description,
        address=postal_address(resource.address) if resource.address else None,
        phone=phone_of(resource.telecom),
        npi=_of_system(resource.identifier, NPI),
        place_of_service=next((code for kind in resource.type if (code := concept(kind).code(PLACE_OF_SERVICE))), ""),
    )


def _person(id_: str, person: Practitioner, role: PractitionerRole | None) -> ProviderRecord:
    kinds = (*(role.specialty + role.code if role else ()), *(one.code for one in person.qualification))
    return ProviderRecord(
        id=id_,
        name=name_of(person.name),
        npi=_of_system(person.identifier, NPI),
        tin=normal.digits(_of_system(person.identifier, TIN) or _of_type(person.identifier, "TAX")),
        taxonomy=_taxonomy(kinds),
        address=address_of(person.address),
        phone=phone_of(person.telecom) or (phone_of(role.telecom) if role else ""),
    )


def _said(reference: Reference, context: Context, kind: str) -> ProviderRecord | None:
    """What a reference says of someone who is in no file."""
    key = key_of(reference)
    if not key and not reference.display:
        return None
    if key:
        context.report.unresolved[kind] += 1
    system, _, value = key.partition("?")[2].partition("|")
    name = normal.person_name(reference.display) if kind == "Practitioner" else PersonName(reference.display)
    return ProviderRecord(
        id=value or key.rsplit("/", 1)[-1].removeprefix("urn:uuid:") or reference.display,
        kind="person" if kind == "Practitioner" else "organization",
        name=name,
        npi=value if system == NPI else "",
    )


def _of_system(identifiers: tuple[Identifier, ...], system: str) -> str:
    return next((one.value for one in identifiers if one.system == system and one.value), "")


def _of_type(identifiers: tuple[Identifier, ...], code: str) -> str:
    """The value of the first identifier of a type of HL7 table 0203 (MR, TAX, MB …)."""
    wanted = (one.value for one in identifiers if any(coding.code == code for coding in one.type.coding))
    return next(wanted, "")


def _taxonomy(kinds: tuple[CodeableConcept, ...]) -> str:
    return next((code for kind in kinds if (code := concept(kind).code(TAXONOMY))), "")


def member_number(identifiers: tuple[Identifier, ...]) -> str:
    """The member number (type MB) among the identifiers of a coverage."""
    return _of_type(identifiers, "MB")
