"""Service line edits on days and places (DTP*472; CLM05-1, SV105)."""

from collections.abc import Iterator

from superbill.claims.model import Claim
from superbill.codesets.place_of_service.lookup import place
from superbill.edits.context import Context
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import header, line

_SOURCE = "837P TR3, loop 2400 DTP*472; CMS-1500 box 24A"
_PLACES = "Claims Processing Manual ch. 26 §10.5; 837P TR3, CLM05-1 and SV105"
_MONTH = 31


@rule("lines.date-missing", ERROR, forms=("professional", "dental"), source=_SOURCE)
def date_missing(claim: Claim) -> Iterator[Problem]:
    """Every line has its day of service."""
    for service in claim.lines:
        if service.service.start is None:
            yield Problem(line(service.number, "service"), "The line has no date of service.", "Enter the day.")


@rule("lines.date-in-future", ERROR, source=_SOURCE)
def date_in_future(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Nothing is billed before it is done: the last day of service is not after today."""
    for service in claim.lines:
        last = service.service.end or service.service.start
        if last and last > ctx.today:
            message = f"The date of service {last.isoformat()} is in the future."
            yield Problem(line(service.number, "service"), message, "Bill it when it is done, or correct the day.")


@rule("lines.date-order", ERROR, source=_SOURCE)
def date_order(claim: Claim) -> Iterator[Problem]:
    """A service begins before it ends."""
    for service in claim.lines:
        first, last = service.service.start, service.service.end
        if first and last and last < first:
            message = f"The service ends {last.isoformat()}, before it begins."
            yield Problem(line(service.number, "service"), message, "Correct the days.")


@rule("lines.date-span", WARNING, source="Claims Processing Manual ch. 26 §10.4 item 24A: one month a line")
def date_span(claim: Claim) -> Iterator[Problem]:
    """A line spans at most one month."""
    for service in claim.lines:
        first, last = service.service.start, service.service.end
        if first and last and (last - first).days >= _MONTH:
            message = f"The line spans {(last - first).days + 1} days."
            yield Problem(line(service.number, "service"), message, "Give each month its own line.")


@rule("lines.date-before-birth", ERROR, source=_SOURCE)
def date_before_birth(claim: Claim) -> Iterator[Problem]:
    """No line is before the patient's birth."""
    born = claim.patient.birth_date
    for service in claim.lines:
        if born and service.service.start and service.service.start < born:
            message = "The line is before the patient's birth."
            yield Problem(line(service.number, "service"), message, "Correct the day or the birth date.")


@rule("lines.place-of-service", ERROR, source=_PLACES, forms=("professional", "dental"))
def place_of_service(claim: Claim) -> Iterator[Problem]:
    """The claim's and each line's place of service exists on the day."""
    first = claim.service.start
    if place(claim.place_of_service, first) is None:
        message = f"{claim.place_of_service!r} is no place of service on this day."
        yield Problem(header("place_of_service"), message, "Use the CMS code of the place, in force on the day.")
    for service in claim.lines:
        code = service.place_of_service
        if code and place(code, service.service.start) is None:
            message = f"{code!r} is no place of service on this day."
            yield Problem(line(service.number, "place_of_service"), message, "Use the CMS code of the place.")


@rule("lines.place-repeated", WARNING, source="837P TR3, SV105 situational rule")
def place_repeated(claim: Claim) -> Iterator[Problem]:
    """A line names its place only where it differs from the claim's."""
    for service in claim.lines:
        if service.place_of_service and service.place_of_service == claim.place_of_service:
            message = "The line repeats the claim's place of service."
            yield Problem(line(service.number, "place_of_service"), message, "Leave the line's place empty.")
