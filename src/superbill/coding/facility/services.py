"""A facility's services: what was done, with the revenue code it is billed under and the code as a facility reports it.

A facility reports the technical share: codes of the physician's share alone are not on its bill, packages become the
service itself (data/technical.csv). Revenue codes by ranges of codes: data/revenue.csv, our own table.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache

from msgspec.structs import replace

from superbill.chart.model import SNOMED
from superbill.codesets import tables
from superbill.codesets.crosswalk import lookup as crosswalk
from superbill.coding.context import Visit, minutes, suggested
from superbill.coding.lines import Line, repeated
from superbill.coding.model import Evidence, FacilityService
from superbill.findings import Severity

_EMERGENCY, _CLINIC, _OBSERVATION, _LABOR = "0450", "0510", "0762", "0720"
_CLINIC_CODE = "G0463"  # hospital outpatient clinic visit, Medicare since 2014 (42 CFR 419; OPPS final rule CY 2014)
_CLINIC_SINCE = date(2014, 1, 1)
_EMERGENCY_CODES = frozenset({"99281", "99282", "99283", "99284", "99285", "99291"})
_OBSERVATION_CODE = "G0378"
_BY_MODIFIER = {"GP": "0420", "GO": "0430", "GN": "0440"}  # a therapy is billed under its discipline's revenue code
_PROFESSIONAL = frozenset({"26", "TC", "57"})
_NOT_DONE = frozenset({"not-done", "entered-in-error", "preparation", "stopped", "in-progress", "on-hold"})
_SURGERY = "0360"
_ADDED = "reported with "  # the rule of a code that the crosswalk adds to another


def of_visit(visit: Visit, lines: Sequence[Line], *, inpatient: bool) -> tuple[FacilityService, ...]:
    """The services on the facility's bill, in the order of their revenue codes. A code without one is a finding."""
    found = [one for line in repeated(_technical(visit, lines)) for one in _service(visit, line, inpatient=inpatient)]
    found += _without_code(visit)
    if visit.encounter.class_code == "OBSENC" and not inpatient:
        found.append(_observed(visit))
    if any(one.revenue_code == "0722" for one in found) and inpatient:
        found.append(_labor(visit))
    return tuple(sorted(found, key=lambda one: (one.revenue_code, one.service_date, _code(one))))


def _code(one: FacilityService) -> str:
    return one.procedure.code if one.procedure else ""


@cache
def _ranges() -> tuple[tuple[str, str, str, str, str], ...]:
    """Narrow ranges before wide ones."""
    rows = [
        (row["system"], row["first"], row["last"], row["inpatient"], row["outpatient"])
        for row in tables.rows("superbill.coding.facility.data", "revenue.csv")
    ]
    return tuple(sorted(rows, key=lambda row: int(row[2][1:4]) * 10 - int(row[1][1:4]) * 10 + _letters(row[1], row[2])))


def _letters(first: str, last: str) -> int:
    return (ord(last[0]) - ord(first[0])) * 10_000


@lru_cache(maxsize=65_536)
def revenue_code(system: str, code: str, *, inpatient: bool) -> str | None:
    """The revenue code that a CPT or HCPCS code is billed under; "" for one that is on no such bill, None: unknown."""
    for range_system, first, last, stay, visit in _ranges():
        letter = code[-1:].isalpha()
        if range_system == system and first <= code <= last and letter == first[-1:].isalpha():
            return stay if inpatient else visit
    return None


@cache
def _technical_codes() -> dict[str, str]:
    return {row["code"]: row["facility"] for row in tables.rows("superbill.coding.facility.data", "technical.csv")}


def _technical(visit: Visit, lines: Iterable[Line]) -> Iterator[Line]:
    """The lines as a facility reports them; those of the physician alone are left out."""
    for line in lines:
        code = _technical_codes().get(line.code.code, line.code.code)
        if line.kind in {"facility", "dental", "hospice", "tracking"} or not code:
            continue
        if line.kind == "visit" and not (_is_emergency(visit, code) or _is_clinic(visit, code)):
            continue
        rule = line.code.rule if code == line.code.code else f"{line.code.rule}; the facility's share"
        assigned = replace(line.code, code=code, rule=rule)
        if _is_clinic(visit, code) and visit.medicare and visit.day >= _CLINIC_SINCE:
            assigned = replace(assigned, system="HCPCS", code=_CLINIC_CODE, rule=f"{rule}; clinic visit under OPPS")
        modifiers = tuple(each for each in line.modifiers if each not in _PROFESSIONAL)
        yield replace(line, code=assigned, modifiers=modifiers)


def _is_emergency(visit: Visit, code: str) -> bool:
    return visit.kind.revenue == _EMERGENCY and code in _EMERGENCY_CODES


def _is_clinic(visit: Visit, code: str) -> bool:
    return visit.place in {"19", "22"} and code.startswith(("9920", "9921"))


def _service(visit: Visit, line: Line, *, inpatient: bool) -> Iterator[FacilityService]:
    system, code = line.code.system, line.code.code
    revenue = _recorded_revenue(visit, line) or _BY_MODIFIER.get(next(iter(line.modifiers), ""), "")
    if not revenue:
        known = revenue_code(system, code, inpatient=inpatient)
        if known is None:
            visit.say(
                "coding.no-revenue-code", Severity.WARNING,
                f"{code} is not on the facility's bill: no revenue code is known for it.",
                "Bill it by hand if the facility charges for it.", field="procedures", source="UB-04 FL 42",
            )  # fmt: skip
        if not known:
            return
        revenue = known
    if inpatient and revenue == _SURGERY and line.code.rule.startswith(_ADDED):
        return  # part of the same operation: the room is charged once
    if revenue == _SURGERY and visit.place == "23" and not inpatient and line.kind == "surgery":
        revenue = _EMERGENCY  # done in the emergency department, not in an operating room
    yield FacilityService(
        revenue_code=revenue, procedure=line.code, modifiers=line.modifiers, units=line.units, service_date=line.day,
        ndc=line.ndc, ndc_quantity=line.ndc_quantity,
    )  # fmt: skip


def _recorded_revenue(visit: Visit, line: Line) -> str:
    """The revenue code that the crosswalk gives the procedure itself."""
    for record in visit.encounter.procedures:
        if record.id == line.record:
            found = crosswalk.procedures().get(record.concept.code(SNOMED) or "")
            return found.revenue[0] if found and found.revenue and found.code == line.code.code else ""
    return ""


def _without_code(visit: Visit) -> Iterator[FacilityService]:
    """What a facility charges by its revenue code alone (a recovery room)."""
    for record in visit.encounter.procedures:
        found = crosswalk.procedures().get(record.concept.code(SNOMED) or "")
        if record.status in _NOT_DONE or found is None or found.code or not found.revenue:
            continue
        yield FacilityService(
            revenue_code=found.revenue[0], service_date=visit.day,
            evidence=(Evidence(record.id, record.concept.label),),
        )  # fmt: skip


def _labor(visit: Visit) -> FacilityService:
    return FacilityService(
        revenue_code=_LABOR, service_date=visit.day,
        evidence=(Evidence(visit.encounter.id, visit.encounter.kind.label),),
    )  # fmt: skip


def _observed(visit: Visit) -> FacilityService:
    """Observation by the hour, rounded to the nearest (Medicare Claims Processing Manual chapter 4 §290.2.2)."""
    hours = Decimal(max(1, (minutes(visit.encounter.start, visit.encounter.end) + 30) // 60))
    label = visit.encounter.kind.label
    code = suggested("HCPCS", _OBSERVATION_CODE, visit.encounter.id, label, "observation by the hour")
    return FacilityService(revenue_code=_OBSERVATION, procedure=code, units=hours, service_date=visit.day)
