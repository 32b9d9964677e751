"""What a dental claim's lines need by their codes (837D TR3, loops 2300 and 2400; ADA claim form items 24 to 43)."""

import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib.resources import files
from typing import Any

import yaml

from superbill.claims.dental import DentalLine, Tooth
from superbill.claims.model import Claim, ServiceLine
from superbill.edits.context import Context
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import header, line
from superbill.pricing.code_ranges import CodeRanges

_dental = partial(rule, forms=("dental",), when="dental")
_SOURCE = "837D TR3, loop 2400"
_CODE = re.compile(r"D\d{4}")
_PERMANENT = frozenset(str(number) for number in range(1, 33))
_PRIMARY = frozenset("ABCDEFGHIJKLMNOPQRST")
_EXTRA = frozenset(str(number) for number in range(51, 83)) | frozenset(f"{letter}S" for letter in _PRIMARY)
# Incisors and canines: 6 to 11, 22 to 27, C to H, M to R.
_ANTERIOR = frozenset(str(n) for n in (*range(6, 12), *range(22, 28))) | frozenset("CDEFGHMNOPQR")
_AREAS = frozenset({"00", "01", "02", "09", "10", "20", "30", "40", "L", "R"})
_NOTHING = DentalLine()


@cache
def _needs() -> tuple[dict[str, CodeRanges], dict[str, int]]:
    read: dict[str, Any] = yaml.safe_load(files("superbill.edits.dental").joinpath("needs.yaml").read_text("utf-8"))
    counts = {code: number for number, codes in read.pop("surfaces").items() for code in codes}
    return {name: CodeRanges(codes) for name, codes in read.items()}, counts


def _asks(need: str) -> Callable[[str], bool]:
    return lambda code: code in _needs()[0][need]


def _lines(claim: Claim, need: str) -> Iterator[tuple[ServiceLine, DentalLine]]:
    for service in claim.lines:
        if service.procedure.code in _needs()[0][need]:
            yield service, service.dental or _NOTHING


@_dental("dental.code", ERROR, source=f"{_SOURCE} SV301: CDT (qualifier AD)")
def code(claim: Claim) -> Iterator[Problem]:
    """A dental line has a CDT code, D and four digits."""
    for service in claim.lines:
        if service.procedure.qualifier != "AD" or not _CODE.fullmatch(service.procedure.code):
            message = f"{service.procedure.code!r} is no dental procedure code."
            yield Problem(line(service.number, "procedure"), message, "Use the CDT code (D and four digits).")


@_dental("dental.tooth", ERROR, source=f"{_SOURCE} TOO02; ADA item 27", codes=_asks("tooth"))
def tooth(claim: Claim) -> Iterator[Problem]:
    """Fillings, crowns, root canals, implants and extractions name their tooth."""
    for service, detail in _lines(claim, "tooth"):
        if not detail.teeth:
            message = f"{service.procedure.code} names no tooth."
            yield Problem(
                line(service.number, "dental.teeth"), message, "Enter 1 to 32, or A to T for a primary tooth."
            )


@_dental("dental.tooth-number", ERROR, source=f"{_SOURCE} TOO02: universal numbering")
def tooth_number(claim: Claim) -> Iterator[Problem]:
    """A tooth is one of the universal numbering: 1 to 32, A to T, and the supernumerary ones beside them."""
    for service in claim.lines:
        for one in (service.dental or _NOTHING).teeth:
            if one.number not in _PERMANENT | _PRIMARY | _EXTRA:
                message = f"{one.number!r} is no tooth."
                yield Problem(
                    line(service.number, "dental.teeth"), message, "Enter 1 to 32, A to T, 51 to 82 or AS to TS."
                )


@_dental("dental.surface", ERROR, source=f"{_SOURCE} TOO03; ADA item 28", codes=_asks("surface"))
def surface(claim: Claim) -> Iterator[Problem]:
    """A filling names its surfaces, each once, as many as its code says."""
    counts = _needs()[1]
    for service, detail in _lines(claim, "surface"):
        for one in detail.teeth:
            wanted = counts.get(service.procedure.code)
            said = len(set(one.surfaces))
            short = wanted is not None and (said < wanted if wanted == 4 else said != wanted)
            if not one.surfaces or said < len(one.surfaces) or short:
                count = f"; its code says {wanted}{' or more' if wanted == 4 else ''}" if wanted else ""
                message = f"Tooth {one.number} has {said} surfaces{count}."
                fix = "Enter the surfaces (M, O, D, B, F, L, I), or the code for so many."
                yield Problem(line(service.number, "dental.teeth"), message, fix)


def _misplaced(claim: Claim, need: str, wrong: Callable[[Tooth], bool], where: str) -> Iterator[Problem]:
    for service, detail in _lines(claim, need):
        for one in detail.teeth:
            if wrong(one):
                message = f"{service.procedure.code} is for {where} teeth; {one.number} is none."
                yield Problem(line(service.number, "dental.teeth"), message, "Check the tooth and the code.")


@_dental("dental.anterior", ERROR, source=f"{_SOURCE} TOO02", codes=_asks("anterior"))
def anterior(claim: Claim) -> Iterator[Problem]:
    """A code for front teeth is on one: incisors and canines."""
    yield from _misplaced(claim, "anterior", lambda one: one.number not in _ANTERIOR, "front")


@_dental("dental.posterior", ERROR, source=f"{_SOURCE} TOO02", codes=_asks("posterior"))
def posterior(claim: Claim) -> Iterator[Problem]:
    """A code for back teeth is on one: premolars and molars."""
    yield from _misplaced(claim, "posterior", lambda one: one.number in _ANTERIOR, "back")


@_dental("dental.area", ERROR, source=f"{_SOURCE} SV304; ADA item 25", codes=_asks("area"))
def area(claim: Claim) -> Iterator[Problem]:
    """Work by quadrant or arch says where: quadrants 10, 20, 30, 40, arches 01 and 02."""
    for service, detail in _lines(claim, "area"):
        if not detail.oral_cavity or not _AREAS.issuperset(detail.oral_cavity):
            message = f"{service.procedure.code} does not say which part of the mouth."
            yield Problem(line(service.number, "dental.oral_cavity"), message, "Enter 01, 02, 10, 20, 30 or 40.")


@_dental("dental.prosthesis", ERROR, source=f"{_SOURCE} SV305; ADA item 43", codes=_asks("prosthesis"))
def prosthesis(claim: Claim) -> Iterator[Problem]:
    """A crown, bridge or denture is the first, or replaces one whose day of placement is told."""
    for service, detail in _lines(claim, "prosthesis"):
        where = line(service.number, "dental.prosthesis")
        if not detail.prosthesis:
            message = f"{service.procedure.code} does not say whether it is the first or a replacement."
            yield Problem(where, message, "Enter I (initial) or R (replacement).")
        elif detail.prosthesis == "R" and detail.prior_placement is None:
            message = "The day on which the replaced prosthesis was placed is missing."
            yield Problem(where, message, "Ask the patient; an estimated day is better than none.")


@_dental(
    "dental.orthodontics",
    WARNING,
    source="837D TR3, loop 2300 DN1, DTP*452; ADA items 40 to 42",
    codes=_asks("orthodontic"),
)
def orthodontics(claim: Claim) -> Iterator[Problem]:
    """Orthodontic treatment tells its months and the day the appliance was placed."""
    plan = claim.dental.orthodontics if claim.dental else None
    if plan is None or plan.months is None or (plan.placed is None and not claim.predetermination):
        message = "The months of treatment or the day of the appliance are missing."
        yield Problem(header("dental.orthodontics"), message, "Enter both, as payers pay by the month.")


@_dental("dental.predetermination", ERROR, source="837D TR3, CLM19; DTP*472 not used on a predetermination")
def predetermination(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A predetermination asks for what is not done yet; a claim is for what was done, up to today."""
    for service in claim.lines:
        day = service.service.start
        if claim.predetermination and day is not None and day <= ctx.today:
            message = f"A predetermination has a service of {day.isoformat()}."
            yield Problem(line(service.number, "service"), message, "Remove the day, or bill it as a claim.")
        elif not claim.predetermination and day is None:
            yield Problem(line(service.number, "service"), "The line has no day of service.", "Enter the day.")
