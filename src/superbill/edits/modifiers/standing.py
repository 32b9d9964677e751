"""Modifiers by their days, their order and their repetition."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from superbill.claims.model import Claim, ServiceLine
from superbill.codesets.hcpcs import lookup as hcpcs
from superbill.codesets.modifier.lookup import all_modifiers, trip
from superbill.codesets.release import Refused
from superbill.codesets.store import Store
from superbill.edits.context import Context
from superbill.edits.professional import MEDICARE, PROFESSIONAL, on_file, renderer, services
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import Change, line

_AMBULANCE = services("A0021-A0999")
_REPEATED = frozenset({"76", "77", "91"})
# Therapy disciplines come first or second by CMS's own rule; what notices and policies say may stand anywhere.
_ANYWHERE = frozenset({"GN", "GO", "GP", "CQ", "CO", "KX", "GA", "GX", "GY", "GZ", "99"})
_LAST = frozenset(
    one.code
    for one in all_modifiers().values()
    if one.payment in ("informational", "statistical") and one.code not in _ANYWHERE
)
_FIRST = frozenset(
    one.code for one in all_modifiers().values() if one.payment == "pricing" and one.code not in _ANYWHERE
)


@rule(
    "modifiers.unknown",
    ERROR,
    source="HCPCS Level II modifiers (CMS, quarterly); CPT Appendix A",
    why="Payers return a line whose modifier is not in use on the date of service (CARC 4, 182).",
    forms=("professional", "institutional"),
    when="modifiers",
)
def unknown(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A modifier is in use on the date of service."""
    for service in claim.lines:
        for one in service.procedure.modifiers:
            wrong = _wrong(one, service.service.start, ctx.reference.store)
            if wrong and not (service.procedure.code in _AMBULANCE and trip(one)):
                message = f"{one} {wrong}."
                fix = "Look up the modifier for the date of service; for a new one, import CMS's newest HCPCS file."
                yield Problem(line(service.number, "modifiers"), message, fix)


@lru_cache(65_536)
def _wrong(modifier: str, day: date | None, store: Store | None) -> str:
    """What is wrong with a modifier on a day, "" for nothing. One of another shape is another rule's question."""
    if len(modifier) != 2 or not modifier.isalnum() or modifier.upper() != modifier:
        return ""
    known = all_modifiers().get(modifier)
    if known is None:
        return "" if _in_hcpcs(modifier, day, store) else "is no modifier"
    if day is None or day in known.valid:
        return ""
    if known.valid.start is not None and day < known.valid.start:
        return f"can be used from {known.valid.start.isoformat()} on, after the date of service"
    return f"could be used until {known.valid.end}, before the date of service"


def _in_hcpcs(modifier: str, day: date | None, store: Store | None) -> bool:
    if store is None or day is None:
        return False
    try:
        found = hcpcs.book(store, day).modifier(modifier)
    except Refused:
        return False
    return found is not None and found.in_use is not False


@rule(
    "modifiers.trip-missing",
    ERROR,
    source="Claims Processing Manual ch. 15 §30.A",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    codes=services("A0425-A0436").__contains__,
)
def trip_missing(claim: Claim) -> Iterator[Problem]:
    """Every line of an ambulance trip says by a modifier of two letters where it began and ended."""
    for service in claim.lines:
        if "A0425" <= service.procedure.code <= "A0436" and not any(trip(one) for one in service.procedure.modifiers):
            message = f"{service.procedure.code} does not say where the trip began and ended."
            yield Problem(line(service.number, "modifiers"), message, "Add origin and destination, such as RH.")


@rule(
    "modifiers.order",
    WARNING,
    source="Medicare contractors: modifiers that change payment before those that inform; 837P TR3, SV101-3",
    why="Some payers read the first modifier only, or price the line by it.",
    forms=PROFESSIONAL,
    modifiers=_LAST,
)
def order(claim: Claim) -> Iterator[Problem]:
    """Modifiers that change what is paid stand before those that only inform."""
    if _LAST.isdisjoint(claim.modifiers):
        return
    for place, service in enumerate(claim.lines):
        modifiers = service.procedure.modifiers
        late = [one in _LAST for one in modifiers]
        first_late = late.index(True) if True in late else len(modifiers)
        if any(one in _FIRST for one in modifiers[first_late + 1 :]):
            better = sorted(modifiers, key=_LAST.__contains__)  # stable: the rest keeps its order
            message = f"{modifiers[first_late]} stands before a modifier that changes what is paid."
            change = Change("replace", f"/lines/{place}/procedure/modifiers", better)
            fix = f"Put them in the order {', '.join(better)}."
            yield Problem(line(service.number, "modifiers"), message, fix, changes=(change,))


def _again(claim: Claim, service: ServiceLine, ctx: Context) -> list[tuple[Claim, ServiceLine]]:
    """The other services of this code on this day, on the claim and in the history."""
    code, day = service.procedure.code, service.service.start
    found = [
        (claim, one)
        for one in claim.lines
        if one is not service and one.procedure.code == code and one.service.start == day
    ]
    if day is not None:
        found += [
            (one.past.claim, one.line)
            for one in ctx.history.on(day)
            if one.line.procedure.code == code and on_file(one.past)
        ]
    return found


@rule(
    "modifiers.repeat-of-nothing",
    WARNING,
    source="CPT Appendix A, modifiers 76, 77 and 91; Claims Processing Manual ch. 16 §100.5.1",
    forms=PROFESSIONAL,
    modifiers=_REPEATED,
)
def repeat_of_nothing(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """76, 77 and 91 stand on what was billed once before on the day."""
    if _REPEATED.isdisjoint(claim.modifiers):
        return
    for service in claim.lines:
        named = _REPEATED.intersection(service.procedure.modifiers)
        if named and service.units == 1 and not _again(claim, service, ctx):
            message = f"{min(named)} says that {service.procedure.code} was repeated; the first is on no claim."
            yield Problem(line(service.number, "modifiers"), message, "Bill the first, too, or remove the modifier.")


@rule(
    "modifiers.repeat-by-whom",
    WARNING,
    source="CPT Appendix A, modifiers 76 and 77",
    forms=PROFESSIONAL,
    modifiers=("76", "77"),
)
def repeat_by_whom(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """76 repeats what the same clinician did, 77 what another did."""
    if claim.modifiers.isdisjoint(("76", "77")):
        return
    for service in claim.lines:
        named = service.procedure.modifiers
        if "76" not in named and "77" not in named:
            continue
        others = {renderer(claim_, one).npi for claim_, one in _again(claim, service, ctx)}
        mine = renderer(claim, service).npi
        if others and mine and ("76" in named) != (mine in others):
            right = "76" if mine in others else "77"
            who = "the same clinician" if mine in others else "another clinician"
            message = f"{service.procedure.code} was done first by {who}."
            yield Problem(line(service.number, "modifiers"), message, f"Use {right}, or correct who did it.")
