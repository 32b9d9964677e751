"""Edits on several surgeons, both sides and several procedures, by the indicators of the fee schedule.

The schedule is Medicare's; most other payers follow it, so that for them a finding is a warning.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from superbill.claims.model import Claim, ServiceLine
from superbill.codesets.mpfs.lookup import Indicators
from superbill.codesets.place_of_service.lookup import place
from superbill.edits.context import Context
from superbill.edits.fee_schedule import SYSTEM, scheduled
from superbill.edits.professional import PROFESSIONAL, error_for, on_file, place_of, renderer
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import Severity, line

_CLAIMS = "Claims Processing Manual ch. 12"
_FILE = "Medicare physician fee schedule"
_BOTH = "50"
_SIDES = frozenset({"RT", "LT"})
_ASSISTANTS = frozenset({"80", "81", "82", "AS"})
_OF_SEVERAL = _ASSISTANTS | {"62"}
_SURGICAL = frozenset({"2", "3"})
_MEDICARES = ("medicare", "medicaid")


@rule(
    "mpfs.bilateral",
    ERROR,
    source=f"{_FILE}, bilateral surgery indicator; {_CLAIMS} §40.7",
    why="By 0 and 9 nothing is paid for both sides, by 2 the price is already for both.",
    forms=PROFESSIONAL,
    needs=SYSTEM,
    modifiers=(_BOTH,),
)
def bilateral(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """50 stands on codes that are paid for two sides: indicator 1 (at 150 %) or 3 (each side in full)."""
    if _BOTH not in claim.modifiers:
        return
    told = {
        "0": "is not paid for two sides",
        "2": "is priced for both sides already",
        "9": "has no sides",
    }
    for service, found in scheduled(claim, ctx).lines:
        wrong = told.get(found.bilateral) if found and _BOTH in service.procedure.modifiers else None
        if wrong:
            message = f"{service.procedure.code} {wrong}, and 50 stands on it."
            fix = "Remove 50; use 59 or XS where it was done at two distinct places."
            severity = error_for(ctx, *_MEDICARES)
            yield Problem(line(service.number, "modifiers"), message, fix, severity)


@rule(
    "mpfs.bilateral-in-two-lines",
    WARNING,
    source=f"{_FILE}, bilateral surgery indicator 2; {_CLAIMS} §40.7.C",
    forms=PROFESSIONAL,
    needs=SYSTEM,
    when="several_lines",
    modifiers=_SIDES,
)
def bilateral_in_two_lines(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """What is priced for both sides (indicator 2) is not billed for the right and the left."""
    if not claim.modifiers >= _SIDES:
        return
    sides: dict[tuple[str, date | None], set[str]] = {}
    for service, found in scheduled(claim, ctx).lines:
        if found and found.bilateral == "2":
            key = (service.procedure.code, service.service.start)
            before = sides.setdefault(key, set())
            here = _SIDES.intersection(service.procedure.modifiers)
            if before and here and not here <= before:
                message = f"{service.procedure.code} is priced for both sides, and billed for each."
                yield Problem(line(service.number, "procedure"), message, "Bill it once, without RT and LT.")
            before |= here


def _several(claim: Claim, ctx: Context, named: frozenset[str], what: str, field: str) -> Iterator[Problem]:
    """Lines with one of the modifiers whose indicator is 0 (documentation decides) or 1, 9 (never)."""
    if named.isdisjoint(claim.modifiers):
        return
    for service, found in scheduled(claim, ctx).lines:
        mine = named.intersection(service.procedure.modifiers)
        if not mine or found is None:
            continue
        indicator = getattr(found, field)
        never = _NEVER[field]
        where = line(service.number, "modifiers")
        if indicator in never:
            message = f"{min(mine)} stands on {service.procedure.code}, for which no {what} is paid."
            yield Problem(where, message, f"Remove the line of the {what}.", error_for(ctx, *_MEDICARES))
        elif indicator in _DOCUMENTED[field]:
            message = f"{min(mine)} stands on {service.procedure.code}: a {what} is paid on documentation only."
            yield Problem(where, message, "Send the record that shows why it was needed.", Severity.WARNING)


_NEVER = {"assistant": frozenset("19"), "cosurgeons": frozenset("09"), "team": frozenset("09")}
_DOCUMENTED = {"assistant": frozenset("0"), "cosurgeons": frozenset("1"), "team": frozenset("1")}


@rule(
    "mpfs.assistant",
    ERROR,
    source=f"{_FILE}, assistant at surgery indicator; {_CLAIMS} §20.4.3",
    forms=PROFESSIONAL,
    needs=SYSTEM,
    modifiers=_ASSISTANTS,
)
def assistant(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """An assistant at surgery (80, 81, 82, AS) is paid by indicator 2; by 0 with documentation; by 1 and 9 never."""
    return _several(claim, ctx, _ASSISTANTS, "assistant at surgery", "assistant")


@rule(
    "mpfs.co-surgeons",
    ERROR,
    source=f"{_FILE}, co-surgeons indicator; {_CLAIMS} §40.8",
    forms=PROFESSIONAL,
    needs=SYSTEM,
    modifiers=("62",),
)
def co_surgeons(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Two surgeons (62) are paid by indicator 2; by 1 with documentation; by 0 and 9 never."""
    return _several(claim, ctx, frozenset({"62"}), "co-surgeon", "cosurgeons")


@rule(
    "mpfs.team",
    ERROR,
    source=f"{_FILE}, team surgery indicator; {_CLAIMS} §40.8",
    forms=PROFESSIONAL,
    needs=SYSTEM,
    modifiers=("66",),
)
def team(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A surgical team (66) is paid by indicator 2; by 1 with documentation; by 0 and 9 never."""
    return _several(claim, ctx, frozenset({"66"}), "surgical team", "team")


@rule(
    "mpfs.other-surgeon",
    WARNING,
    source=f"{_CLAIMS} §40.8: both surgeons bill with 62",
    forms=PROFESSIONAL,
    needs=SYSTEM,
    when="history",
    modifiers=("62",),
)
def other_surgeon(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Both co-surgeons bill 62, for the same code and day."""
    if "62" not in claim.modifiers:
        return
    for service, _ in scheduled(claim, ctx).lines:
        day = service.service.start
        if "62" not in service.procedure.modifiers or day is None:
            continue
        for one in ctx.history.on(day):
            other = renderer(one.past.claim, one.line).npi != renderer(claim, service).npi
            alike = one.line.procedure.code == service.procedure.code and on_file(one.past)
            if other and alike and _OF_SEVERAL.isdisjoint(one.line.procedure.modifiers):
                message = f"{service.procedure.code} is on claim {one.past.claim.control_number} without 62."
                fix = "Have both surgeons bill 62, or neither."
                yield Problem(line(service.number, "modifiers"), message, fix)


@rule(
    "mpfs.multiple",
    WARNING,
    source=f"{_FILE}, multiple procedure indicator; {_CLAIMS} §40.6",
    forms=PROFESSIONAL,
    needs=SYSTEM,
    modifiers=("51",),
)
def multiple(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """51 stands on procedures that are reduced beside others, never on add-on codes and codes without reduction."""
    if "51" not in claim.modifiers:
        return
    for service, found in scheduled(claim, ctx).lines:
        if found and "51" in service.procedure.modifiers and (found.multiple in "09" or found.global_days == "ZZZ"):
            message = f"51 stands on {service.procedure.code}, which is not reduced beside others."
            yield Problem(line(service.number, "modifiers"), message, "Remove 51.")


@rule(
    "mpfs.multiple-first",
    WARNING,
    source=f"{_CLAIMS} §40.6: the procedure with the highest value in full, 51 on the others",
    forms=PROFESSIONAL,
    needs=SYSTEM,
    modifiers=("51",),
)
def multiple_first(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """51 stands on the lesser procedures of a day, not on the one with the highest value."""
    if "51" not in claim.modifiers:
        return
    by_day: dict[tuple[date | None, str], list[tuple[Decimal, ServiceLine]]] = {}
    for service, found in scheduled(claim, ctx).lines:
        if found and found.multiple in _SURGICAL:
            key = (service.service.start, renderer(claim, service).npi)
            by_day.setdefault(key, []).append((_value(claim, service, found), service))
    for together in by_day.values():
        value, first = max(together, key=lambda one: one[0])
        if "51" in first.procedure.modifiers and all(one[0] < value for one in together if one[1] is not first):
            message = f"51 stands on {first.procedure.code}, the procedure with the highest value of the day."
            fix = "Move 51 to the lesser procedures." if len(together) > 1 else "Remove 51: nothing else was done."
            yield Problem(line(first.number, "modifiers"), message, fix)


def _value(claim: Claim, service: ServiceLine, found: Indicators) -> Decimal:
    where = place(place_of(claim, service))
    return found.total(bool(where and where.facility))
