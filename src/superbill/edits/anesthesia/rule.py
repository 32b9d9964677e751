"""Edits on anesthesia (CPT 00100–01999; Claims Processing Manual ch. 12 §50 and §140)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from superbill.claims.codes import is_anesthesia
from superbill.claims.model import Claim, ServiceLine
from superbill.edits.context import Context
from superbill.edits.professional import MEDICARE, PROFESSIONAL, error_for, on_file, renderer
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import line

_CLAIMS = "Claims Processing Manual ch. 12"
_BY_WHOM = frozenset({"AA", "AD", "QK", "QX", "QY", "QZ"})
_PHYSICIAN = frozenset({"AA", "AD", "QK", "QY", "GC"})
_OF_NURSE = frozenset({"QX", "QZ"})
_NURSE = ("3675", "367H")  # nurse anesthetist, anesthesiologist assistant
_STATUS = frozenset({"P1", "P2", "P3", "P4", "P5", "P6"})
# By the day or as an addition to another: 01996, 01953, 01968, 01969 are no anesthesia of their own by time.
_NOT_ALONE = frozenset({"01953", "01968", "01969", "01996"})
_APART = frozenset({"59", "76", "77", "78", "79", "XE", "XP", "XS", "XU"})
_CIRCUMSTANCES = frozenset({"99100", "99116", "99135", "99140"})
_DAY = Decimal(24 * 60)


@rule(
    "anesthesia.by-whom",
    ERROR,
    source=f"{_CLAIMS} §50.K, §140.3.3",
    why="AA, AD, QK, QX, QY or QZ decides what part of the fee is paid.",
    forms=PROFESSIONAL,
    codes=is_anesthesia,
)
def by_whom(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Anesthesia says who gave, directed or supervised it: AA, AD, QK, QX, QY or QZ."""
    for service in claim.lines:
        code = service.procedure.code
        if is_anesthesia(code) and code != "01996" and _BY_WHOM.isdisjoint(service.procedure.modifiers):
            message = f"{code} does not say who gave the anesthesia."
            fix = "Add AA (physician alone), QY or QK (directing), AD (supervising), QX (directed) or QZ (alone)."
            yield Problem(line(service.number, "modifiers"), message, fix, error_for(ctx, "medicare", "medicaid"))


@rule(
    "anesthesia.not-who-it-says",
    ERROR,
    source=f"{_CLAIMS} §50.K, §140.3.3",
    forms=PROFESSIONAL,
    codes=is_anesthesia,
)
def not_who_it_says(claim: Claim) -> Iterator[Problem]:
    """QX and QZ are of nurse anesthetists and assistants, the others of physicians, by the provider's taxonomy."""
    for service in claim.lines:
        named = _BY_WHOM.intersection(service.procedure.modifiers)
        who = renderer(claim, service).taxonomy
        if len(named) != 1 or not who or not is_anesthesia(service.procedure.code):
            continue
        one = min(named)
        nurse, physician = who.startswith(_NURSE), who.startswith("20")
        if (nurse and one not in _OF_NURSE) or (physician and one in _OF_NURSE):
            message = f"{one} stands on a line by a {'nurse anesthetist or assistant' if nurse else 'physician'}."
            fix = "Use QX or QZ." if nurse else "Use AA, AD, QK or QY."
            yield Problem(line(service.number, "modifiers"), message, fix)


@rule(
    "anesthesia.one-a-session",
    ERROR,
    source=f"{_CLAIMS} §50.E: the code with the most base units, with the time of all",
    forms=PROFESSIONAL,
    when="several_lines",
    codes=is_anesthesia,
)
def one_a_session(claim: Claim) -> Iterator[Problem]:
    """Several procedures under one anesthesia have one anesthesia code, with the whole time."""
    first: dict[tuple[date | None, str], ServiceLine] = {}
    for service in claim.lines:
        code = service.procedure.code
        if not is_anesthesia(code) or code in _NOT_ALONE or not _APART.isdisjoint(service.procedure.modifiers):
            continue
        earlier = first.setdefault((service.service.start, renderer(claim, service).npi), service)
        if earlier.procedure.code != code:
            message = f"{code} stands beside {earlier.procedure.code}: two anesthesias on one day."
            fix = "Keep the one with the most base units and all minutes; add 59 to one of a session of its own."
            yield Problem(line(service.number, "procedure"), message, fix)


@rule(
    "anesthesia.minutes-of-a-day",
    WARNING,
    source=f"{_CLAIMS} §50.G: time in minutes, from preparation to handing over",
    forms=PROFESSIONAL,
    codes=is_anesthesia,
)
def minutes_of_a_day(claim: Claim) -> Iterator[Problem]:
    """The minutes of anesthesia are those of a session: from five to those of a day."""
    for service in claim.lines:
        code, first, last = service.procedure.code, service.service.start, service.service.end
        if not is_anesthesia(code) or service.unit_kind != "MJ" or code in _NOT_ALONE:
            continue
        days = (last - first).days + 1 if first and last and last > first else 1
        if service.units < 5 or service.units > _DAY * days:
            message = f"{code} has {service.units} minutes."
            fix = "Enter the minutes from start to end of the anesthesia, not units of 15 minutes."
            yield Problem(line(service.number, "units"), message, fix)


@rule(
    "anesthesia.physical-status",
    WARNING,
    source="CPT anesthesia guidelines: physical status modifiers P1 to P6",
    why="Most payers but Medicare add base units by it, and want it on every anesthesia.",
    forms=PROFESSIONAL,
    payers=("commercial", "medicaid", "workers_compensation", "auto"),
    codes=is_anesthesia,
)
def physical_status(claim: Claim) -> Iterator[Problem]:
    """Anesthesia tells the patient's physical status (P1 to P6)."""
    for service in claim.lines:
        code = service.procedure.code
        if is_anesthesia(code) and code not in _NOT_ALONE and _STATUS.isdisjoint(service.procedure.modifiers):
            message = f"{code} does not tell the patient's physical status."
            yield Problem(line(service.number, "modifiers"), message, "Add P1 to P6 from the anesthesia record.")


@rule(
    "anesthesia.circumstances-alone",
    ERROR,
    source="CPT 99100, 99116, 99135, 99140: listed beside an anesthesia code",
    forms=PROFESSIONAL,
    codes=_CIRCUMSTANCES,
)
def circumstances_alone(claim: Claim) -> Iterator[Problem]:
    """Qualifying circumstances stand beside an anesthesia of the same day."""
    days = {one.service.start for one in claim.lines if is_anesthesia(one.procedure.code)}
    for service in claim.lines:
        if service.procedure.code in _CIRCUMSTANCES and service.service.start not in days:
            message = f"{service.procedure.code} stands without an anesthesia."
            yield Problem(line(service.number, "procedure"), message, "Bill it with the anesthesia, or leave it out.")


@rule(
    "anesthesia.circumstances-bundled",
    ERROR,
    source=f"{_CLAIMS} §50; Medicare physician fee schedule: status B",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    codes=_CIRCUMSTANCES,
)
def circumstances_bundled(claim: Claim) -> Iterator[Problem]:
    """Medicare pays nothing for qualifying circumstances."""
    for service in claim.lines:
        if service.procedure.code in _CIRCUMSTANCES:
            message = f"{service.procedure.code} is in the price of Medicare's anesthesia."
            yield Problem(line(service.number, "procedure"), message, "Leave it out.")


@rule(
    "anesthesia.direction-conflict",
    WARNING,
    source=f"{_CLAIMS} §50.B, §50.C, §140.4",
    forms=PROFESSIONAL,
    when="history",
    codes=is_anesthesia,
)
def direction_conflict(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Two who bill one anesthesia say alike how they shared it: QK or QY with QX, never AA or QZ beside another."""
    for service in claim.lines:
        mine = _BY_WHOM.intersection(service.procedure.modifiers)
        day = service.service.start
        if not mine or day is None or not is_anesthesia(service.procedure.code):
            continue
        for one in ctx.history.on(day):
            theirs = _BY_WHOM.intersection(one.line.procedure.modifiers)
            other = one.past.claim
            if (
                theirs
                and one.line.procedure.code == service.procedure.code
                and on_file(one.past)
                and renderer(other, one.line).npi != renderer(claim, service).npi
                and {"AA", "QZ"} & (mine | theirs)
            ):
                message = f"{min(mine)} here and {min(theirs)} on claim {other.control_number} can't both be."
                fix = "Have both say who directed whom: QK or QY with QX, or AA or QZ with no other."
                yield Problem(line(service.number, "modifiers"), message, fix)
