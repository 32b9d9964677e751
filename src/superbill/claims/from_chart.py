"""Chart words into claim words: people, addresses, relationships, dates."""

from datetime import date, timedelta

from superbill.chart.model import Chart, CoverageRecord, EncounterRecord, PersonName, PostalAddress
from superbill.claims.model import Accident, Address, Patient, Person
from superbill.coding.model import AssignedCode, CodedEncounter
from superbill.effective import Period

# Individual relationship codes of SBR02/PAT01 for the chart's words.
RELATIONSHIPS = {"self": "18", "spouse": "01", "child": "19", "other": "G8"}
_CAUSES = {"auto": "AA", "employment": "EM", "other": "OA"}
_LMP_LOINC = "8665-2"  # last menstrual period start date
_ONSET_REACHES = timedelta(days=90)  # an older onset belongs to the history, not to this illness
_INJURY = ("S", "T0", "T1", "T2", "T30", "T31", "T32", "T33", "T34")
# FHIR v3-ActCode classes of an inpatient stay.
_INPATIENT = frozenset({"IMP", "ACUTE", "NONAC"})
_EMERGENCY = "EMER"
_INPATIENT_PLACES = frozenset({"21", "51", "61"})
_PREGNANCY = ("O", "Z33", "Z34", "Z3A")


def person(name: PersonName) -> Person:
    """A name of the chart on a claim: first given name, the rest as middle."""
    given = name.given
    return Person(name.family, given[0] if given else "", " ".join(given[1:]), name.suffix)


def address(record: PostalAddress | None) -> Address | None:
    """A chart's address; None without a street, a city or a postal code, since a claim can't carry half of one."""
    if record is None or not (record.lines and record.city and record.postal_code):
        return None
    country = "" if record.country in ("", "US", "USA") else record.country
    second = record.lines[1] if len(record.lines) > 1 else ""
    return Address(record.lines[0], record.city, record.state, record.postal_code.replace("-", ""), second, country)


def patient(chart: Chart) -> Patient:
    """The patient's demographics as claims carry them."""
    record = chart.patient
    return Patient(
        person=person(record.name), birth_date=record.birth_date, sex=record.sex, address=address(record.address)
    )


def accident(encounter: EncounterRecord, coded: CodedEncounter) -> Accident | None:
    """The accident behind the visit: as recorded, or an injury with a known day, by another cause.

    An injury counts in active treatment (7th character A) when the record it was coded from has an onset.
    """
    if told := recorded_accident(encounter):
        return told
    for code in coded.diagnoses:
        bare = code.code.replace(".", "")
        if bare.startswith(_INJURY) and bare.endswith("A"):
            day = _onset(code, encounter)
            if day and timedelta(0) <= coded.date_of_service - day <= _ONSET_REACHES:
                return Accident(on=day, causes=("OA",))
    return None


def recorded_accident(encounter: EncounterRecord) -> Accident | None:
    """The accident behind the visit, as it was recorded."""
    recorded = encounter.accident
    if recorded is None:
        return None
    cause = _CAUSES[recorded.kind]
    return Accident(on=recorded.on, causes=(cause,), state=recorded.state if cause == "AA" else "")  # type: ignore[arg-type]  # the table's values are the three causes


def onset(encounter: EncounterRecord, coded: CodedEncounter) -> date | None:
    """The onset of the illness behind the visit (DTP*431): of the first-listed diagnosis, before the visit, recent."""
    if not coded.diagnoses or coded.diagnoses[0].code.startswith("Z"):
        return None
    day = _onset(coded.diagnoses[0], encounter)
    return day if day and timedelta(0) < coded.date_of_service - day <= _ONSET_REACHES else None


def _onset(code: AssignedCode, encounter: EncounterRecord) -> date | None:
    records = {evidence.record for evidence in code.evidence}
    return next((condition.onset for condition in encounter.conditions if condition.id in records), None)


def stay(encounter: EncounterRecord, place_of_service: str) -> Period:
    """Admission and discharge (DTP*435, DTP*096) of an inpatient stay; open for any other visit.

    An emergency encounter that was coded to an inpatient place was the admission itself.
    """
    admitted = encounter.class_code == _EMERGENCY and place_of_service in _INPATIENT_PLACES
    if not admitted and encounter.class_code not in _INPATIENT:
        return Period()
    return Period(encounter.date_of_service, encounter.last_date_of_service if encounter.end else None)


def last_menstrual_period(encounter: EncounterRecord, coded: CodedEncounter) -> date | None:
    """DTP*484 for a visit about a pregnancy, when the day is among the observations."""
    if not any(code.code.startswith(_PREGNANCY) for code in coded.diagnoses):
        return None
    for observation in encounter.observations:
        if any(coding.code == _LMP_LOINC for coding in observation.concept.codings):
            return _day(observation.value)
    return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def insured_by(coverage: CoverageRecord, chart: Chart) -> Patient | None:
    """The person whose insurance it is; None when it is somebody the chart does not name."""
    if coverage.relationship == "self":
        return patient(chart)
    record = coverage.subscriber
    if record is None or not record.name.family:
        return None
    return Patient(
        person=person(record.name), birth_date=record.birth_date, sex=record.sex, address=address(record.address)
    )
