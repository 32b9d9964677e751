"""Coded facts of an institutional claim: diagnoses with POA, conditions, occurrences, spans and values.

NUBC, form locators 18 to 41 and 66 to 72; Medicare Claims Processing Manual chapter 25 §75. Only what the chart
supports is said; a code without its fact is never guessed.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal

from superbill.claims import from_chart
from superbill.claims.facility_inputs import FacilityVisit
from superbill.claims.institutional import ExternalCause, Occurrence, OccurrenceSpan, Value
from superbill.claims.model import Accident, Diagnosis, ServiceLine
from superbill.coding.model import FacilityPart
from superbill.effective import Period
from superbill.findings import Finding, Severity, header

Poa = Literal["Y", "N", "U", "W", "1", ""]
MAX_DIAGNOSES, MAX_CAUSES = 25, 12
_CAUSES = ("V", "W", "X", "Y")
_BY_CAUSE = {"AA": "01", "EM": "04", "OA": "05"}
_MENSTRUAL, _ONSET, _DEATH = "10", "11", "55"
_AT_WORK, _THROUGH_EMERGENCY = "02", "P7"
_DIED = frozenset({"20", "40", "41", "42"})
_DEATH_SINCE = date(2012, 10, 1)
_QUALIFYING, _EARLIER = "70", "71"
_COVERED, _SEMIPRIVATE, _BIRTH_WEIGHT = "80", "01", "54"
_THREE_DAYS, _THIRTY_DAYS, _SIXTY_DAYS = timedelta(days=3), timedelta(days=30), timedelta(days=60)
_BIRTH_WEIGHT_LOINC = "8339-4"
_IN_GRAMS = {"g": Decimal(1), "kg": Decimal(1000)}
_NEWBORN_DAYS = 28


def coded_diagnoses(
    visit: FacilityVisit, part: FacilityPart, end: date, findings: list[Finding]
) -> tuple[tuple[Diagnosis, ...], tuple[ExternalCause, ...]]:
    """The diagnoses and the external causes in sequence, with indicators for a hospital's inpatient.

    The indicator is Y unless the coder said another; none for a code that is exempt (Appendix I of the guidelines).
    Without a list of exempt codes all have one, and a finding says so.
    """
    later = {one.code.replace(".", ""): one.indicator for one in part.present}
    reported = part.facility_type == "11"
    diagnoses: list[Diagnosis] = []
    causes: list[ExternalCause] = []
    unlisted = False
    for code in dict.fromkeys(one.code.replace(".", "").upper() for one in visit.coded.diagnoses):
        exempt = visit.exempt(code, end) if reported else True
        unlisted = unlisted or exempt is None
        poa: Poa = "" if exempt else later.get(code, "Y")
        if code.startswith(_CAUSES):
            causes.append(ExternalCause(code, poa))
        else:
            diagnoses.append(Diagnosis(code, poa))
    if unlisted:
        findings.append(Finding(
            rule="claims.poa-list", severity=Severity.NOT_CHECKED, where=header("present on admission"),
            message="Diagnoses that are exempt from the indicator are not told apart: there is no list of them.",
            fix="Import the POA exempt list of CMS: superbill codesets import FILE.",
            source="ICD-10-CM Official Guidelines, Appendix I",
        ))  # fmt: skip
    return tuple(diagnoses[:MAX_DIAGNOSES]), tuple(causes[:MAX_CAUSES])


def accident(visit: FacilityVisit) -> Accident | None:
    """The accident behind the encounter; the claim tells it by an occurrence code."""
    return from_chart.accident(visit.encounter, visit.coded)


def conditions(visit: FacilityVisit, part: FacilityPart) -> tuple[str, ...]:
    """FL 18 to 28: employment, and an admission straight from the emergency department."""
    return tuple(_conditions(visit, part))


def _conditions(visit: FacilityVisit, part: FacilityPart) -> Iterator[str]:
    happened = accident(visit)
    if happened and "EM" in happened.causes:
        yield _AT_WORK
    if part.facility_type == "11" and came_through_emergency(visit):
        yield _THROUGH_EMERGENCY


def came_through_emergency(visit: FacilityVisit) -> bool:
    """Whether an emergency department visit led to the admission: on its day, or on the day before."""
    admitted = visit.encounter.date_of_service
    services = visit.coded.facility.services if visit.coded.facility else ()
    if any(one.revenue_code.startswith("045") for one in services):
        return True
    return any(
        one.coded.facility is not None
        and any(service.revenue_code.startswith("045") for service in one.coded.facility.services)
        and (admitted - one.encounter.last_date_of_service).days <= 1
        for one in visit.joined
    )


def occurrences(visit: FacilityVisit, discharge_status: str, end: date) -> tuple[Occurrence, ...]:
    """FL 31 to 34: the accident, else the onset; the last menstrual period; the death."""
    return tuple(_occurrences(visit, discharge_status, end))


def _occurrences(visit: FacilityVisit, discharge_status: str, end: date) -> Iterator[Occurrence]:
    happened = accident(visit)
    onset = from_chart.onset(visit.encounter, visit.coded)
    if happened:
        for cause in happened.causes:
            yield Occurrence(_BY_CAUSE[cause], happened.on)
    elif onset:
        yield Occurrence(_ONSET, onset)
    menstrual = from_chart.last_menstrual_period(visit.encounter, visit.coded)
    if menstrual:
        yield Occurrence(_MENSTRUAL, menstrual)
    if discharge_status in _DIED and end >= _DEATH_SINCE:
        yield Occurrence(_DEATH, visit.chart.patient.deceased or end)


def spans(visit: FacilityVisit, part: FacilityPart) -> tuple[OccurrenceSpan, ...]:
    """FL 35 and 36: the hospital stay of three days that qualifies for skilled nursing within 30 days after it (42 CFR
    409.30), and for a hospital's inpatient the latest stay that ended in the 60 days before."""
    admitted = visit.encounter.date_of_service
    before = sorted(
        ((one.start, one.end) for one in visit.earlier if one.start and one.end and one.end <= admitted), reverse=True
    )
    if part.facility_type == "21":
        found = [one for one in before if one[1] - one[0] >= _THREE_DAYS and admitted - one[1] <= _THIRTY_DAYS]
        return tuple(OccurrenceSpan(_QUALIFYING, Period(*one)) for one in found[:1])
    if part.facility_type != "11":
        return ()
    recent = [one for one in before if admitted - one[1] <= _SIXTY_DAYS]
    return tuple(OccurrenceSpan(_EARLIER, Period(*one)) for one in recent[:1])


def values(visit: FacilityVisit, part: FacilityPart, rooms: tuple[ServiceLine, ...]) -> tuple[Value, ...]:
    """FL 39 to 41: the semi-private rate beside a private room, a newborn's birth weight, covered days."""
    return tuple(_values(visit, part, rooms))


def _values(visit: FacilityVisit, part: FacilityPart, rooms: tuple[ServiceLine, ...]) -> Iterator[Value]:
    if part.room.startswith("011"):
        rate = visit.price("0120", "", (), visit.encounter.date_of_service)
        if rate is not None:
            yield Value(_SEMIPRIVATE, Decimal(rate) / 100)
    weight = _birth_weight(visit)
    if part.inpatient and weight is not None:
        yield Value(_BIRTH_WEIGHT, weight)
    if part.inpatient:
        yield Value(_COVERED, sum((line.units for line in rooms), Decimal(0)))


def _birth_weight(visit: FacilityVisit) -> Decimal | None:
    """In whole grams, of a patient of at most 28 days whose weight at birth is among the observations."""
    born = visit.chart.patient.birth_date
    if born is None or (visit.encounter.date_of_service - born).days > _NEWBORN_DAYS:
        return None
    for observation in visit.encounter.observations:
        if any(coding.code == _BIRTH_WEIGHT_LOINC for coding in observation.concept.codings):
            try:
                grams = Decimal(observation.value) * _IN_GRAMS[observation.unit]
            except (InvalidOperation, KeyError):
                return None
            return grams.quantize(Decimal(1))
    return None
