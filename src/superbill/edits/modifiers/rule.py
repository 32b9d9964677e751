"""Modifier edits (SV101-3 to -6; box 24D): shape, sides of the body, and what goes with what."""

import re
from collections.abc import Iterator
from datetime import date

from superbill.claims.codes import is_evaluation
from superbill.claims.model import Claim
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import line

_SOURCE = "837P TR3, loop 2400 SV101-3 to SV101-6"
_NCCI = "NCCI Policy Manual, chapter I"
_MOST = 4
_SHAPE = re.compile(r"[A-Z0-9]{2}")
_DIGITS = frozenset({"FA", *(f"F{n}" for n in range(1, 10)), "TA", *(f"T{n}" for n in range(1, 10))})
_EVALUATION_ONLY = frozenset({"24", "25", "57"})
_DISTINCT = frozenset({"59", "XE", "XP", "XS", "XU"})
_TELEHEALTH_PLACES = frozenset({"02", "10"})
_PREVENTIVE = re.compile(r"993[89][1-7]|G043[89]|G0402")
_OFFICE = re.compile(r"992(0[2-5]|1[1-5])")


@rule("modifiers.shape", ERROR, when="modifiers", source=_SOURCE)
def shape(claim: Claim) -> Iterator[Problem]:
    """A modifier has two capital letters or digits."""
    for service in claim.lines:
        for modifier in service.procedure.modifiers:
            if not _SHAPE.fullmatch(modifier):
                message = f"{modifier!r} is not the shape of a modifier."
                yield Problem(line(service.number, "modifiers"), message, "Two characters, capitals.")


@rule("modifiers.too-many", ERROR, when="modifiers", source=_SOURCE)
def too_many(claim: Claim) -> Iterator[Problem]:
    """A line has at most four modifiers."""
    for service in claim.lines:
        if len(service.procedure.modifiers) > _MOST:
            message = f"{len(service.procedure.modifiers)} modifiers; four fit."
            yield Problem(line(service.number, "modifiers"), message, "Keep those that change payment first.")


@rule("modifiers.duplicate", ERROR, when="modifiers", source=_SOURCE)
def duplicate(claim: Claim) -> Iterator[Problem]:
    """Each modifier stands once."""
    for service in claim.lines:
        modifiers = service.procedure.modifiers
        if len(set(modifiers)) < len(modifiers):
            yield Problem(line(service.number, "modifiers"), "A modifier stands twice.", "Remove the second.")


@rule(
    "modifiers.sides",
    ERROR,
    modifiers=("RT", "LT", "50"),
    source="Claims Processing Manual ch. 12 §40.7; NCCI Policy Manual, chapter I",
)
def sides(claim: Claim) -> Iterator[Problem]:
    """One line is right, left or both (50), not two of them."""
    for service in claim.lines:
        named = {"RT", "LT", "50"}.intersection(service.procedure.modifiers)
        if len(named) > 1:
            message = f"{' and '.join(sorted(named))} stand on one line."
            yield Problem(line(service.number, "modifiers"), message, "Use 50 for both sides, or a line for each side.")


@rule(
    "modifiers.bilateral-units",
    WARNING,
    modifiers=("50",),
    source="Claims Processing Manual ch. 12 §40.7.B: one unit with 50",
)
def bilateral_units(claim: Claim) -> Iterator[Problem]:
    """A bilateral line (50) has one unit."""
    for service in claim.lines:
        if "50" in service.procedure.modifiers and service.units != 1:
            message = f"A bilateral line has {service.units} units."
            yield Problem(line(service.number, "units"), message, "Bill one unit with 50.")


@rule("modifiers.bilateral-and-side", ERROR, modifiers=("50",), source="Claims Processing Manual ch. 12 §40.7.B")
def bilateral_and_side(claim: Claim) -> Iterator[Problem]:
    """A code that is billed for both sides (50) is not billed for one side again on that day."""
    both = {(one.procedure.code, one.service.start) for one in claim.lines if "50" in one.procedure.modifiers}
    for service in claim.lines:
        sides_here = {"RT", "LT"}.intersection(service.procedure.modifiers)
        again = (service.procedure.code, service.service.start) in both
        if again and sides_here and "50" not in service.procedure.modifiers:
            message = f"{service.procedure.code} is billed for both sides, and for one again."
            yield Problem(line(service.number, "modifiers"), message, "Keep one of the two lines.")


@rule("modifiers.digits", ERROR, modifiers=_DIGITS, source="HCPCS Level II modifiers FA–F9, TA–T9; " + _NCCI)
def digits(claim: Claim) -> Iterator[Problem]:
    """One line names one finger or toe."""
    for service in claim.lines:
        named = _DIGITS.intersection(service.procedure.modifiers)
        if len(named) > 1:
            message = f"{' and '.join(sorted(named))} stand on one line."
            yield Problem(line(service.number, "modifiers"), message, "Give each finger or toe its own line.")


@rule(
    "modifiers.evaluation-only",
    ERROR,
    modifiers=_EVALUATION_ONLY,
    source=f"{_NCCI} §D, §E; Claims Processing Manual ch. 12 §30.6.6",
)
def evaluation_only(claim: Claim) -> Iterator[Problem]:
    """24, 25 and 57 go on evaluation and management codes only."""
    for service in claim.lines:
        wrong = _EVALUATION_ONLY.intersection(service.procedure.modifiers)
        if wrong and not is_evaluation(service.procedure.code):
            message = f"{min(wrong)} stands on {service.procedure.code}, which is not a visit."
            yield Problem(
                line(service.number, "modifiers"), message, "Put it on the visit; on procedures use 59 or X{EPSU}."
            )


@rule(
    "modifiers.distinct-on-visit", ERROR, modifiers=_DISTINCT, source=f"{_NCCI} §E: 59 and X{{EPSU}} are not for visits"
)
def distinct_on_visit(claim: Claim) -> Iterator[Problem]:
    """59 and XE, XP, XS, XU don't go on a visit: 25 does."""
    for service in claim.lines:
        wrong = _DISTINCT.intersection(service.procedure.modifiers)
        if wrong and is_evaluation(service.procedure.code):
            message = f"{min(wrong)} stands on the visit {service.procedure.code}."
            yield Problem(line(service.number, "modifiers"), message, "Use 25 on a visit that stands apart.")


@rule("modifiers.distinct-twice", ERROR, modifiers=_DISTINCT, source="CMS MLN1783722: 59 or one of X{EPSU}, not both")
def distinct_twice(claim: Claim) -> Iterator[Problem]:
    """A line says why it is distinct once: 59, XE, XP, XS or XU."""
    for service in claim.lines:
        if len(_DISTINCT.intersection(service.procedure.modifiers)) > 1:
            message = "59 and a modifier of X{EPSU} stand together."
            yield Problem(line(service.number, "modifiers"), message, "Keep the more exact one.")


@rule("modifiers.components", ERROR, modifiers=("26", "TC"), source="Claims Processing Manual ch. 13 §20.1, §20.2")
def components(claim: Claim) -> Iterator[Problem]:
    """26 (professional) and TC (technical) are not on one line: both together are the whole service."""
    for service in claim.lines:
        if {"26", "TC"} <= set(service.procedure.modifiers):
            message = "26 and TC stand on one line."
            yield Problem(line(service.number, "modifiers"), message, "Bill the whole service without either.")


@rule(
    "modifiers.second-visit",
    WARNING,
    source="Claims Processing Manual ch. 12 §30.6.1.1, §30.6.6",
    codes=lambda code: _PREVENTIVE.fullmatch(code) is not None,
)
def second_visit(claim: Claim) -> Iterator[Problem]:
    """An office visit on the day of a preventive one has 25."""
    preventive = {one.service.start for one in claim.lines if _PREVENTIVE.fullmatch(one.procedure.code)}
    if not preventive:
        return
    for service in claim.lines:
        office = _OFFICE.fullmatch(service.procedure.code) and service.service.start in preventive
        if office and "25" not in service.procedure.modifiers:
            message = f"{service.procedure.code} stands beside a preventive visit without 25."
            yield Problem(line(service.number, "modifiers"), message, "Add 25 if the problem took its own work.")


@rule(
    "modifiers.telehealth-gt",
    WARNING,
    modifiers=("GT",),
    source="Claims Processing Manual ch. 12 §190.6.1; CMS transmittal 3929",
    since=date(2018, 1, 1),
)
def telehealth_gt(claim: Claim) -> Iterator[Problem]:
    """Medicare wants no GT beside the telehealth places of service since 2018: the place says it."""
    if claim.payer.claim_filing_indicator not in ("MA", "MB"):
        return
    for service in claim.lines:
        here = service.place_of_service or claim.place_of_service
        if "GT" in service.procedure.modifiers and here in _TELEHEALTH_PLACES:
            message = f"GT stands beside the telehealth place {here}."
            yield Problem(line(service.number, "modifiers"), message, "Remove GT.")
