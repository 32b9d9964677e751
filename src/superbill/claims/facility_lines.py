"""Revenue-coded lines with their charges: an inpatient's by revenue code, an outpatient's service by service.

Medicare Claims Processing Manual chapter 25 §75.4 (FL 42 to 47): accommodation is billed in days at a daily rate; other
inpatient charges are summed by revenue code; outpatient lines carry HCPCS codes and days.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from superbill.claims.facility_inputs import FacilityVisit
from superbill.claims.lines import ndc11
from superbill.claims.model import NationalDrug, Procedure, ServiceLine
from superbill.claims.statement import nights
from superbill.coding.model import FacilityService
from superbill.effective import Period
from superbill.findings import Finding, Severity, header, line
from superbill.money import Cents, times

MAX_LINES = 999  # 837I TR3, loop 2400


class _Sum(NamedTuple):
    """What one revenue code of an inpatient comes to."""

    charge: Cents
    units: Decimal
    first: date
    last: date


def room_lines(
    visit: FacilityVisit, room: str, statement: Period, stay: Period, findings: list[Finding]
) -> tuple[ServiceLine, ...]:
    """A line for the days at each rate: rate times days."""
    rates: dict[Cents, list[date]] = {}
    for day in nights(statement, stay):
        rate = visit.price(room, "", (), day)
        if rate is None:
            findings.append(_no_charge(room, "", day, len(rates) + 1))
            return ()
        rates.setdefault(rate, []).append(day)
    return tuple(
        ServiceLine(
            number=number, control_number=f"{visit.account}-{number}", procedure=Procedure(""), revenue_code=room,
            charge=times(rate, Decimal(len(days))), units=Decimal(len(days)), unit_kind="DA",
            service=Period(days[0], days[-1]),
        )
        for number, (rate, days) in enumerate(rates.items(), 1)
    )  # fmt: skip


def inpatient_lines(
    visit: FacilityVisit, services: Iterable[FacilityService], after: int, findings: list[Finding]
) -> tuple[ServiceLine, ...]:
    """A line for each revenue code, with what all its services come to; numbered after `after`."""
    sums: dict[str, _Sum] = {}
    for service in services:
        charge = _charge(visit, service, after + len(sums) + 1, findings)
        if charge is None:
            continue
        day = service.service_date
        known = sums.get(service.revenue_code, _Sum(0, Decimal(0), day, day))
        sums[service.revenue_code] = _Sum(
            known.charge + charge, known.units + service.units, min(known.first, day), max(known.last, day)
        )
    return tuple(
        ServiceLine(
            number=number, control_number=f"{visit.account}-{number}", procedure=Procedure(""), revenue_code=revenue,
            charge=sums[revenue].charge, units=sums[revenue].units,
            service=Period(sums[revenue].first, sums[revenue].last),
        )
        for number, revenue in enumerate(sorted(sums), after + 1)
    )  # fmt: skip


def outpatient_lines(
    visit: FacilityVisit, services: Sequence[FacilityService], findings: list[Finding]
) -> tuple[ServiceLine, ...]:
    """A line for each service, in the order of revenue code, code and day."""
    if len(services) > MAX_LINES:
        findings.append(Finding(
            rule="claims.too-many-lines", severity=Severity.ERROR, where=header("lines"),
            message=f"{len(services)} lines; an institutional claim holds {MAX_LINES}.",
            fix="Bill it in several statements.", source="837I TR3, loop 2400",
        ))  # fmt: skip
        return ()
    return tuple(_outpatient(visit, services, findings))


def _outpatient(
    visit: FacilityVisit, services: Sequence[FacilityService], findings: list[Finding]
) -> Iterator[ServiceLine]:
    for number, service in enumerate(services, 1):
        charge = _charge(visit, service, number, findings)
        if charge is None:
            continue
        yield ServiceLine(
            number=number, control_number=f"{visit.account}-{number}",
            procedure=Procedure(service.procedure.code if service.procedure else "", service.modifiers[:4]),
            revenue_code=service.revenue_code, charge=charge, units=service.units,
            service=Period(service.service_date, service.service_date), drug=_drug(service),
        )  # fmt: skip


def _charge(visit: FacilityVisit, service: FacilityService, number: int, findings: list[Finding]) -> Cents | None:
    code = service.procedure.code if service.procedure else ""
    each = visit.price(service.revenue_code, code, service.modifiers, service.service_date)
    if each is None:
        findings.append(_no_charge(service.revenue_code, code, service.service_date, number))
        return None
    return times(each, service.units)


def _drug(service: FacilityService) -> NationalDrug | None:
    ndc = ndc11(service.ndc) if service.ndc else None
    return NationalDrug(ndc, service.ndc_quantity or service.units) if ndc else None


def _no_charge(revenue: str, code: str, day: date, number: int) -> Finding:
    what = f"{code} under revenue code {revenue}" if code else f"revenue code {revenue}"
    return Finding(
        rule="claims.no-facility-charge", severity=Severity.ERROR, where=line(number, "charge"),
        message=f"The facility has no charge for {what} on {day.isoformat()}.",
        fix=f"Add a row for {what}, or for {revenue} alone, to the facility's charges, in force on that day.",
        source="the facility's charges",
    )  # fmt: skip
