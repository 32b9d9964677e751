"""Edits on status codes of the fee schedule: what Medicare bundles, excludes or does not know."""

from collections.abc import Iterator

from superbill.claims.codes import is_quality
from superbill.claims.model import Claim, ServiceLine
from superbill.edits.context import Context
from superbill.edits.fee_schedule import SYSTEM, scheduled
from superbill.edits.professional import MEDICARE, PROFESSIONAL
from superbill.edits.rule import ERROR, INFORMATION, WARNING, Problem, rule
from superbill.findings import line

_SOURCE = "Medicare physician fee schedule, status code; Claims Processing Manual ch. 23 §30.2"
_KNOWN = frozenset({"GY", "GX", "GA", "GZ"})
_PREVENTIVE = ("9938", "9939")  # the clinical family's question
_PAID = frozenset("ARC")
_ANESTHESIA_ADDED = frozenset({"99100", "99116", "99135", "99140"})  # the anesthesia family's
_MOST = 1  # cent


def _of(claim: Claim, ctx: Context, status: str) -> Iterator[ServiceLine]:
    found = scheduled(claim, ctx)
    if status in found.statuses:
        for service, row in found.lines:
            if row is not None and row.status == status:
                yield service


@rule(
    "mpfs.bundled",
    ERROR,
    source=f"{_SOURCE} B",
    why="What is bundled is in the price of other services; neither Medicare nor the patient pays it.",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    needs=SYSTEM,
)
def bundled(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Nothing is billed to Medicare that is always bundled (status B)."""
    for service in _of(claim, ctx, "B"):
        if service.procedure.code not in _ANESTHESIA_ADDED and service.charge > _MOST:
            message = f"{service.procedure.code} is always in the price of another service."
            yield Problem(line(service.number, "procedure"), message, "Leave it out.")


@rule(
    "mpfs.excluded",
    ERROR,
    source=f"{_SOURCE} N",
    why="Medicare denies what is not covered; GY says that the biller knows, so that another insurance can pay.",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    needs=SYSTEM,
)
def excluded(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """What Medicare does not cover (status N) is billed to it only as known: GY, GX, GA or GZ."""
    for service in _of(claim, ctx, "N"):
        code = service.procedure.code
        if _KNOWN.isdisjoint(service.procedure.modifiers) and not code.startswith(_PREVENTIVE):
            message = f"Medicare does not cover {code}."
            yield Problem(line(service.number, "procedure"), message, "Bill the patient; or add GY for a denial.")


@rule(
    "mpfs.invalid",
    ERROR,
    source=f"{_SOURCE} I",
    why="Medicare has another code for the service and returns this one.",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    needs=SYSTEM,
)
def invalid(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Medicare is billed with codes that it takes (not status I)."""
    for service in _of(claim, ctx, "I"):
        code = service.procedure.code
        if not is_quality(code) and "GY" not in service.procedure.modifiers:
            message = f"Medicare does not take {code}."
            yield Problem(line(service.number, "procedure"), message, "Use the code that Medicare has for the service.")


@rule(
    "mpfs.restricted",
    INFORMATION,
    source=f"{_SOURCE} R",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    needs=SYSTEM,
)
def restricted(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Special coverage instructions hold for a restricted code (status R)."""
    for service in _of(claim, ctx, "R"):
        message = f"Medicare covers {service.procedure.code} under special conditions."
        yield Problem(line(service.number, "procedure"), message, "See that the record meets the coverage policy.")


@rule(
    "mpfs.paid-alone",
    ERROR,
    source=f"{_SOURCE} T",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    needs=SYSTEM,
    when="several_lines",
)
def paid_alone(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Some codes (status T) are paid only where nothing else of the schedule is, on the same day."""
    found = scheduled(claim, ctx)
    if "T" not in found.statuses:
        return
    for service in _of(claim, ctx, "T"):
        beside = [
            one.procedure.code
            for one, row in found.lines
            if row is not None and row.status in _PAID and one.service.start == service.service.start
        ]
        if beside:
            message = f"{service.procedure.code} is paid only alone; {beside[0]} is billed on the same day."
            yield Problem(line(service.number, "procedure"), message, "Leave it out.")


@rule(
    "mpfs.supply-bundled",
    WARNING,
    source=f"{_SOURCE} P",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    needs=SYSTEM,
    when="several_lines",
)
def supply_bundled(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A supply of status P is in the price of a service of the same day."""
    found = scheduled(claim, ctx)
    if "P" not in found.statuses:
        return
    for service in _of(claim, ctx, "P"):
        days = {one.service.start for one, row in found.lines if row is not None and row.status in _PAID}
        if service.service.start in days:
            message = f"{service.procedure.code} is in the price of the services of its day."
            fix = "Leave it out, unless it was dispensed for use at home."
            yield Problem(line(service.number, "procedure"), message, fix)


@rule(
    "mpfs.measure-charged",
    WARNING,
    source=f"{_SOURCE} M; CMS Quality Payment Program: measures at zero or a cent",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    needs=SYSTEM,
)
def measure_charged(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A code that only measures (status M) is charged at zero, or at a cent where the system needs a charge."""
    for service in _of(claim, ctx, "M"):
        if service.charge > _MOST:
            message = f"{service.procedure.code} is a measure and has a charge."
            yield Problem(line(service.number, "charge"), message, "Charge it at zero or a cent.")
