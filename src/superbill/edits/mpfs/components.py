"""Edits on professional and technical components, and on where and under whom a service of the schedule is given."""

from collections.abc import Iterator

from superbill.claims.model import Claim
from superbill.codesets.place_of_service.lookup import place
from superbill.edits.context import Context
from superbill.edits.fee_schedule import SYSTEM, row, scheduled
from superbill.edits.professional import (
    HOSPITAL,
    MEDICARE,
    PROFESSIONAL,
    TELEHEALTH,
    error_for,
    place_of,
    places,
    renderer,
    specialty,
)
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import line

_CLAIMS = "Claims Processing Manual"
_FILE = "Medicare physician fee schedule"
_PARTS = {"26": "professional", "TC": "technical"}
# What of a service the hospital bills, by PC/TC indicator.
_OF_HOSPITAL = {
    "1": "has a technical part, which is the hospital's",
    "3": "is technical alone, and the hospital's",
    "4": "is both parts, of which the technical is the hospital's",
    "5": "is given by staff, which is the hospital's",
    "7": "is therapy or a test, which in a hospital is the hospital's",
}
_FIX = {"1": "Bill it with 26.", "4": "Bill the code of the professional part."}
_PAYABLE = frozenset("ARCT")
# Who may supervise a diagnostic test: physicians and, since 2021, practitioners by state law (42 CFR 410.32(b)).
_SUPERVISORS = ("20", "213E", "152W", "122", "363L", "363A", "364S", "367A", "3675", "103T")
_UNDER_SUPERVISION = frozenset({"02", "03"})


@rule(
    "mpfs.component",
    ERROR,
    source=f"{_FILE}, PC/TC indicator; {_CLAIMS} ch. 13 §20.1, §20.2",
    why="Only a service with two parts can be billed by part; the others deny with 26 or TC (CARC 4).",
    forms=PROFESSIONAL,
    needs=SYSTEM,
    modifiers=_PARTS,
)
def component(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """26 and TC stand on codes that have a professional and a technical part."""
    if claim.modifiers.isdisjoint(_PARTS):
        return
    for service in claim.lines:
        code, day = service.procedure.code, service.service.start
        for one in service.procedure.modifiers:
            if one not in _PARTS or day is None or row(ctx, code, one, day) is not None:
                continue
            whole = row(ctx, code, "", day)
            if whole is not None and whole.components != "1":
                message = f"{code} has no {_PARTS[one]} part of its own, and {one} stands on it."
                severity = error_for(ctx, "medicare", "medicaid", "commercial")
                yield Problem(line(service.number, "modifiers"), message, f"Remove {one}.", severity)


@rule(
    "mpfs.component-in-hospital",
    ERROR,
    source=f"{_FILE}, PC/TC indicator; {_CLAIMS} ch. 13 §20.2.1; ch. 12 §20.4.2",
    why="In a hospital Medicare pays the physician for the professional part only.",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    needs=SYSTEM,
)
def component_in_hospital(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """To a patient in a hospital a physician bills no technical part."""
    if HOSPITAL.isdisjoint(places(claim)):
        return
    for service, found in scheduled(claim, ctx).lines:
        if found is None or found.status not in _PAYABLE or found.modifier == "26":
            continue
        here = place_of(claim, service)
        told = _OF_HOSPITAL.get(found.components)
        if told and here in HOSPITAL:
            message = f"{service.procedure.code} {told}; it is billed at place of service {here}."
            fix = _FIX.get(found.components, "Leave it to the hospital, or correct the place.")
            if "TC" in service.procedure.modifiers:
                fix = "Leave it to the hospital, or correct the place."
            yield Problem(line(service.number, "procedure"), message, fix)


@rule(
    "mpfs.not-in-office",
    WARNING,
    source=f"{_FILE}, NA indicator: rarely or never performed outside a facility",
    forms=PROFESSIONAL,
    needs=SYSTEM,
)
def not_in_office(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """What is not done outside a facility is not billed at an office or home."""
    rows = scheduled(claim, ctx)
    if not rows.facility_only:
        return
    for service, found in rows.lines:
        if found is None or not found.nonfacility_na or found.status != "A":
            continue
        here = place_of(claim, service)
        where = place(here)
        if where is not None and not where.facility and here not in TELEHEALTH:
            message = f"{service.procedure.code} is billed at place of service {here}, and is done in facilities only."
            yield Problem(line(service.number, "place_of_service"), message, "Use the facility's place of service.")


@rule(
    "mpfs.supervision",
    WARNING,
    source=f"42 CFR 410.32(b)(3); {_FILE}, physician supervision indicator",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    needs=SYSTEM,
)
def supervision(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A test under direct or personal supervision (02, 03) names who supervised it, if not who performed it."""
    rows = scheduled(claim, ctx)
    if not rows.supervised or claim.supervising is not None:
        return
    for service, found in rows.lines:
        if found is None or found.supervision not in _UNDER_SUPERVISION or found.modifier == "26":
            continue
        who = renderer(claim, service)
        if who.person is not None and specialty(who) and not who.taxonomy.startswith(_SUPERVISORS):
            message = f"{service.procedure.code} needs a supervising physician, and the claim names none."
            yield Problem(line(service.number, "procedure"), message, "Name the supervising provider.")
