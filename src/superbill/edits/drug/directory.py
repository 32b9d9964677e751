"""Drugs against FDA's NDC directory: known, marketed, in the unit of their form, and as much as is billed (loop 2410).

The directory lists what is marketed now, so that nothing here is an error by itself: an old stock may be right.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from superbill.claims.codes import is_vaccine
from superbill.claims.model import Claim, NationalDrug, ServiceLine
from superbill.codesets.ndc.importer import PACKAGES, PRODUCTS
from superbill.codesets.ndc.lookup import Drug
from superbill.edits.context import Context
from superbill.edits.rule import WARNING, Problem, rule
from superbill.findings import Change, line

_SOURCE = "FDA National Drug Code Directory; 837P TR3, loop 2410 LIN03, CTP04, CTP05"
_STANDARD = "NCPDP billing unit standard: ML liquids, GR by weight, UN by piece; 837P TR3, loop 2410 CTP05-1"
_DOSES = "HCPCS Level II: what one unit of the code is; state Medicaid programs' HCPCS to NDC crosswalks"
_PIECES = re.compile(r"\b(TABLET|CAPSULE|SUPPOSITORY|PATCH|FILM|KIT|LOZENGE|IMPLANT|INSERT|LYOPHILIZED|POWDER, FOR)\b")
_LIQUID = re.compile(r"\b(SOLUTION|SUSPENSION|SYRUP|ELIXIR|LIQUID|EMULSION|CONCENTRATE)\b")
_WEIGHED = re.compile(r"\b(CREAM|OINTMENT|GEL|PASTE)\b")
_STRENGTH = re.compile(r"(\d+(?:\.\d+)?|\.\d+) ?\[?([A-Za-z\']+)[^/]*/(\d*\.?\d*) ?([A-Za-z]*)")
# Every amount in the smallest unit of its kind.
_SCALE = {"g": Decimal(1_000_000), "mg": Decimal(1_000), "mcg": Decimal(1), "ug": Decimal(1)}
_COUNTS = {"unit": Decimal(1), "iu": Decimal(1), "usp": Decimal(1)}
_OVER = Decimal("1.05")  # what rounding and overfill explain


class Amount(NamedTuple):
    """So much of a substance: `value` in micrograms (`kind` "mass") or in units (`kind` "units")."""

    value: Decimal
    kind: str


def amount(number: str, unit: str) -> Amount | None:
    """An amount in its smallest unit; None for a unit that is neither of mass nor of activity."""
    name = unit.lower().removeprefix("[").rstrip("'s") if unit.lower() not in ("usp", "ug") else unit.lower()
    if name in _SCALE:
        return Amount(Decimal(number) * _SCALE[name], "mass")
    return Amount(Decimal(number) * _COUNTS[name], "units") if name in _COUNTS else None


@cache
def doses() -> dict[str, Amount]:
    """What one unit of each HCPCS code is."""
    rows = msgspec.yaml.decode(files(__package__).joinpath("doses.yaml").read_bytes(), type=dict[str, str])
    found = {code: amount(*text.split()) for code, text in rows.items()}
    return {code: each for code, each in found.items() if each is not None}


def held(found: Drug, billed: NationalDrug) -> Amount | None:
    """How much of its substance the quantity holds; None for several substances, or a strength that isn't read."""
    strength = _STRENGTH.fullmatch(found.strength)
    if strength is None:
        return None
    whole = amount(strength[1], strength[2])
    per, of = Decimal(strength[3] or 1), strength[4].lower()
    fits = (of == "ml" and billed.unit == "ML") or (of == "" and billed.unit == "UN")
    return Amount(whole.value / per * billed.quantity, whole.kind) if whole is not None and per and fits else None


def _drugs(claim: Claim, ctx: Context) -> Iterator[tuple[ServiceLine, NationalDrug, Drug | None]]:
    """Each line with a drug, and the drug as the directory has it."""
    known = ctx.reference.drugs
    for service in claim.lines:
        day = service.service.start or claim.service.start
        if known is not None and service.drug is not None and day is not None:
            yield service, service.drug, known(service.drug.ndc, day)


@rule("drug.ndc-unknown", WARNING, source=_SOURCE, needs=PACKAGES, when="drug")
def ndc_unknown(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """An NDC stands in the directory."""
    for service, billed, found in _drugs(claim, ctx):
        if found is None and len(billed.ndc) == 11 and billed.ndc.isdigit():
            message = f"The NDC {billed.ndc} is not in the directory."
            yield Problem(line(service.number, "drug.ndc"), message, "Compare it with the package: 5-4-2, with zeros.")


@rule("drug.ndc-not-marketed", WARNING, source=_SOURCE, needs=PACKAGES, when="drug")
def ndc_not_marketed(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A drug is marketed on the day it is given, and not as a sample."""
    for service, billed, found in _drugs(claim, ctx):
        day = service.service.start or claim.service.start
        if found is None or day is None:
            continue
        if found.sample:
            message = f"The NDC {billed.ndc} is that of a sample package, which is not billed."
            yield Problem(line(service.number, "drug.ndc"), message, "Bill the administration alone.")
        elif not found.on_the_market(day):
            ended = found.end is not None and found.end < day
            when = f"ended {found.end}" if ended else f"begins {found.start}"
            message = f"The marketing of NDC {billed.ndc} {when}."
            yield Problem(line(service.number, "drug.ndc"), message, "Compare the NDC with the package that was used.")


@rule("drug.unit-of-form", WARNING, source=_STANDARD, needs=(PACKAGES, PRODUCTS), when="drug")
def unit_of_form(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The unit is the one of the drug's form: ML for liquids, UN for pieces and powders, GR for creams."""
    for service, billed, found in _drugs(claim, ctx):
        if found is None or is_vaccine(service.procedure.code) or billed.unit == "F2":
            continue
        form = found.form.upper()
        right = (
            "UN" if _PIECES.search(form) else "GR" if _WEIGHED.search(form) else "ML" if _LIQUID.search(form) else ""
        )
        if right and billed.unit not in (right, "ME"):
            message = f"The drug is {form.lower()}; its quantity is given in {billed.unit}."
            where = line(service.number, "drug.unit")
            yield Problem(where, message, f"Give the quantity in {right}.")


@rule("drug.quantity-against-units", WARNING, source=_DOSES, needs=(PACKAGES, PRODUCTS), when="drug", codes=doses())
def quantity_against_units(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The units billed and the quantity of the NDC are the same amount of the drug, but for rounding up a unit."""
    for service, billed, found in _drugs(claim, ctx):
        dose = doses().get(service.procedure.code)
        there = held(found, billed) if found is not None else None
        if dose is None or there is None or there.kind != dose.kind or not there.value:
            continue
        least, most = (service.units - 1) * dose.value, service.units * dose.value
        if least > there.value * _OVER or most * _OVER < there.value:
            rest = -(-there.value // dose.value)
            message = (
                f"{billed.quantity.normalize():f} {billed.unit} of NDC {billed.ndc} are {rest} units of "
                f"{service.procedure.code}; {service.units} are billed."
            )
            fix = "Compare both with the dose given; drug discarded is a line of its own (JW)."
            yield Problem(line(service.number, "drug.quantity"), message, fix)


@rule("drug.jw-without-used", WARNING, source="Claims Processing Manual ch. 17 §40", when=("drug", "modifiers"))
def jw_without_used(claim: Claim) -> Iterator[Problem]:
    """A line for discarded drug (JW) stands beside a line for what was given, with the same NDC."""
    if "JW" not in claim.modifiers:
        return
    given = {
        (each.procedure.code, each.drug.ndc if each.drug else "")
        for each in claim.lines
        if "JW" not in each.procedure.modifiers
    }
    for service in claim.lines:
        if "JW" in service.procedure.modifiers and service.drug is not None:
            same_code = [ndc for code, ndc in given if code == service.procedure.code]
            if (service.procedure.code, service.drug.ndc) not in given and len(same_code) == 1 and same_code[0]:
                at = claim.lines.index(service)
                change = Change("replace", f"/lines/{at}/drug/ndc", same_code[0])
                message = f"The discarded {service.procedure.code} has another NDC than the drug given."
                fix = f"Use the NDC of the vial, {same_code[0]}."
                yield Problem(line(service.number, "drug.ndc"), message, fix, None, (change,))
