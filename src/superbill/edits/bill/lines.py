"""Revenue-coded lines (UB-04 FL 42 to 48): known codes, HCPCS where it is due, days within the statement, room days."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files

import yaml

from superbill.claims.model import Claim
from superbill.codesets.revenue_code.lookup import TOTAL, revenue_code
from superbill.edits.bill.detail import bill_rule, days_billed, detail_of
from superbill.edits.rule import ERROR, WARNING, Problem
from superbill.findings import line
from superbill.money import dollars

_FL_42 = "Claims Processing Manual ch. 25 §75.4"
_OUTPATIENT = frozenset({"13", "14", "85"})


@cache
def _spans() -> dict[str, tuple[tuple[str, str], ...]]:
    text = files("superbill.edits.bill").joinpath("revenue.yaml").read_text("utf-8")
    read: dict[str, list[str]] = yaml.safe_load(text)
    return {name: tuple((span[:4], span[5:]) for span in spans) for name, spans in read.items()}


@lru_cache(4096)
def _is(name: str, code: str) -> bool:
    return any(first <= code <= last for first, last in _spans()[name])


@bill_rule("bill.revenue-code", ERROR, source=f"{_FL_42}, FL 42; 837I TR3, loop 2400 SV201")
def revenue(claim: Claim) -> Iterator[Problem]:
    """Every line has a revenue code in use on the last day billed; the total line (0001) is the form's alone."""
    for service in claim.lines:
        code = service.revenue_code
        if code == TOTAL:
            message = "The line is the total (0001), which the form adds by itself."
            yield Problem(line(service.number, "revenue_code"), message, "Remove the line.")
        elif revenue_code(code, claim.service.end) is None:
            message = f"{code!r} is no revenue code on the last day billed." if code else "The revenue code is missing."
            yield Problem(
                line(service.number, "revenue_code"), message, "Enter four digits as the chargemaster has them."
            )


@bill_rule("bill.revenue-inpatient", ERROR, source=f"{_FL_42}, FL 42 (accommodations)")
def room_outpatient(claim: Claim) -> Iterator[Problem]:
    """Room and board is for inpatients."""
    if detail_of(claim).inpatient:
        return
    for service in claim.lines:
        if _is("inpatient_only", service.revenue_code):
            message = f"Room and board ({service.revenue_code}) stands on a type of bill {claim.type_of_bill}."
            yield Problem(
                line(service.number, "revenue_code"), message, "Bill observation (0762), or an inpatient stay."
            )


@bill_rule("bill.hcpcs", ERROR, source="Claims Processing Manual ch. 4 §20.1: HCPCS on outpatient hospital lines")
def hcpcs(claim: Claim) -> Iterator[Problem]:
    """An outpatient's tests, procedures, visits and therapies have a HCPCS code beside the revenue code."""
    if detail_of(claim).facility_type not in _OUTPATIENT:
        return
    for service in claim.lines:
        if not service.procedure.code and _is("needs_hcpcs", service.revenue_code):
            message = f"The revenue code {service.revenue_code} has no HCPCS code."
            yield Problem(line(service.number, "procedure"), message, "Enter the HCPCS code of what was done.")


@bill_rule("bill.line-day", ERROR, source="Claims Processing Manual ch. 25 §75.4, FL 45; 837I TR3, loop 2400 DTP*472")
def line_day(claim: Claim) -> Iterator[Problem]:
    """An outpatient line with a HCPCS code has its day; a day that is given is within the statement."""
    period = claim.service
    outpatient = not detail_of(claim).inpatient
    for service in claim.lines:
        first, last = service.service.start, service.service.end or service.service.start
        if first is None:
            if outpatient and service.procedure.code:
                yield Problem(line(service.number, "service"), "The line has no day of service.", "Enter the day.")
        elif first not in period or (last is not None and last not in period):
            message = f"The service of {first.isoformat()} is outside of the days billed."
            yield Problem(line(service.number, "service"), message, "Correct the day, or the statement.")


@bill_rule("bill.room-days", ERROR, source=f"{_FL_42}, FL 46; Medicare Benefit Policy Manual ch. 3 §20.1")
def room_days(claim: Claim) -> Iterator[Problem]:
    """A hospital's room and board adds up to the days of the bill; the day of discharge is none."""
    days = days_billed(claim)
    rooms = [one for one in claim.lines if _is("room_and_board", one.revenue_code)]
    if days is None or not rooms or detail_of(claim).facility_type != "11" or claim.frequency == "5":
        return
    counted = sum((one.units for one in rooms), Decimal(0))
    if counted != days:
        message = f"Room and board is {counted.normalize():f} days; the bill has {days}."
        yield Problem(line(rooms[-1].number, "units"), message, "Count the days again; the day of discharge is none.")


@bill_rule("bill.room-missing", WARNING, source=f"{_FL_42}, FL 42 (accommodations)")
def room_missing(claim: Claim) -> Iterator[Problem]:
    """A hospital's inpatient bill charges a room."""
    if detail_of(claim).facility_type != "11" or claim.frequency == "5" or not claim.lines:
        return
    if not any(_is("room_and_board", one.revenue_code) for one in claim.lines):
        message = "No line is room and board."
        yield Problem(line(claim.lines[0].number, "revenue_code"), message, "Add the accommodation by days.")


@bill_rule("bill.non-covered", ERROR, source=f"{_FL_42}, FL 48; 837I TR3, loop 2400 SV207")
def non_covered(claim: Claim) -> Iterator[Problem]:
    """What is not covered is no more than the line's charge, and not below zero."""
    for service in claim.lines:
        amount = service.non_covered
        if amount is not None and not 0 <= amount <= service.charge:
            message = f"{dollars(amount)} of {dollars(service.charge)} are not covered."
            yield Problem(line(service.number, "non_covered"), message, "Enter what of the charge is not covered.")


@bill_rule("bill.unit-days", ERROR, source="837I TR3, loop 2400 SV204: DA for days of a room")
def unit_days(claim: Claim) -> Iterator[Problem]:
    """Rooms are counted in days, and nothing else is."""
    for service in claim.lines:
        room = _is("room_and_board", service.revenue_code)
        if (service.unit_kind == "DA") != room:
            what = "in days" if service.unit_kind == "DA" else "in units"
            message = f"The revenue code {service.revenue_code} is counted {what}."
            yield Problem(line(service.number, "unit_kind"), message, "Days for rooms, units for the rest.")
