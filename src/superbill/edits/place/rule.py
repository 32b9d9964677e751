"""Edits on the place of service against the procedure (CLM05-1, SV105; Claims Processing Manual ch. 26 §10.5).

Whether a place of service exists on the day is asked in the lines' family, what may be done at 02 and 10 in telehealth.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

from superbill.claims.codes import is_drug
from superbill.claims.model import Claim
from superbill.edits.professional import HOSPITAL, MEDICARE, PROFESSIONAL, TELEHEALTH, place_of, places, services
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import Severity, line

_PRISON = "09"
_SUPPLIES = services("A4206-A4649 A6010-A6457 99070")


class _Expected(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    codes: str
    severity: Literal["error", "warning"]
    fix: str
    source: str
    only: str = ""
    never: str = ""
    since: date = date.min
    until: date = date.max


class _Places(Struct, frozen=True):
    told: _Expected
    only: frozenset[str]
    never: frozenset[str]

    def fits(self, place: str, day: date) -> bool:
        if not self.told.since <= day <= self.told.until:
            return True
        return place in self.only if self.only else place not in self.never


def _read() -> tuple[_Expected, ...]:
    text = files("superbill.edits.place").joinpath("expected.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=tuple[_Expected, ...])


_EXPECTED = tuple(
    (services(one.codes), _Places(one, frozenset(one.only.split()), frozenset(one.never.split()))) for one in _read()
)


@lru_cache(16_384)
def _places(code: str) -> tuple[_Places, ...]:
    return tuple(places for codes, places in _EXPECTED if code in codes)


@rule(
    "place.of-procedure",
    ERROR,
    source="Claims Processing Manual ch. 26 §10.5; the section or guideline that the finding names",
    why="Payers deny a code at a place where it is not given (CARC 5, 58).",
    forms=PROFESSIONAL,
    codes=lambda code: bool(_places(code)),
)
def of_procedure(claim: Claim) -> Iterator[Problem]:
    """A service is billed at a place where it is given."""
    for service in claim.lines:
        code = service.procedure.code
        expected = _places(code)
        place = place_of(claim, service)
        if not expected or place in TELEHEALTH or not place:
            continue
        for one in expected:
            if not one.fits(place, service.service.start or date.min):
                message = f"{code} is billed at place of service {place}."
                fix = f"{one.told.fix[:-1]} ({one.told.source})."
                yield Problem(line(service.number, "place_of_service"), message, fix, Severity(one.told.severity))


@rule(
    "place.drug-in-hospital",
    ERROR,
    source="Medicare Benefit Policy Manual ch. 15 §50.3, §60.1.B; Claims Processing Manual ch. 17 §10",
    why="A drug that is given in a hospital is the hospital's to bill.",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    codes=is_drug,
)
def drug_in_hospital(claim: Claim) -> Iterator[Problem]:
    """Medicare pays no drug to a physician where the patient is in a hospital."""
    for service in claim.lines:
        place = place_of(claim, service)
        if place in HOSPITAL and is_drug(service.procedure.code):
            message = f"{service.procedure.code} is billed by the physician at place of service {place}."
            yield Problem(line(service.number, "procedure"), message, "Leave it to the hospital, or correct the place.")


@rule(
    "place.in-custody",
    WARNING,
    source="42 CFR 411.4(b); Claims Processing Manual ch. 1 §10.4: modifier QJ",
    forms=PROFESSIONAL,
    payers=MEDICARE,
)
def in_custody(claim: Claim) -> Iterator[Problem]:
    """Medicare pays for a prisoner only where the state wants the money back from prisoners, as QJ says."""
    if _PRISON not in places(claim):
        return
    for service in claim.lines:
        if place_of(claim, service) == _PRISON and "QJ" not in service.procedure.modifiers:
            message = "The patient is in custody, and QJ does not say that the state collects from prisoners."
            yield Problem(line(service.number, "modifiers"), message, "Add QJ where it holds; else bill the state.")


@rule(
    "place.supply-in-facility",
    WARNING,
    source="Claims Processing Manual ch. 12 §20.4.4; Medicare Benefit Policy Manual ch. 15 §60.1",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    codes=_SUPPLIES.__contains__,
)
def supply_in_facility(claim: Claim) -> Iterator[Problem]:
    """Supplies used in a hospital are in the hospital's bill."""
    for service in claim.lines:
        place = place_of(claim, service)
        if place in HOSPITAL and service.procedure.code in _SUPPLIES:
            message = f"{service.procedure.code} is billed by the physician at place of service {place}."
            yield Problem(line(service.number, "procedure"), message, "Leave it to the hospital.")
