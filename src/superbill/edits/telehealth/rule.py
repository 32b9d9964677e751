"""Edits on telehealth: what Medicare pays at a distance, and how place of service and modifiers say so."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from superbill.claims.model import Claim
from superbill.edits.professional import MEDICARE, PROFESSIONAL, TELEHEALTH, place_of, places, services
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import line

_SAID = frozenset({"95", "93", "GT", "GQ", "FQ"})
_AUDIO = frozenset({"93", "FQ"})
# Its own nature says that it is at a distance: no place or modifier of telehealth has to.
_REMOTE = services(
    "98000-98016 98966-98972 98975-98981 99091 99421-99423 99441-99458 99473-99474 99487-99491 99424-99427 99437 99439"
    " G0071 G0406-G0408 G0425-G0427 G0459 G0508-G0509 G2010 G2012 G2250-G2252 G0323 G0556-G0558 G0511-G0512 Q3014"
)
_WITH_HANDS = services(
    "10004-69990 70010-76390 76391-76499 76506-76999 77001-77067 78012-79999 36415-36416 81002-81003 90281-90399"
    " 90460-90480 90486-90759 91300-91399 96360-96379 96401-96450 97010-97028 97140 98925-98943 J0120-J9999"
    " 93000-93010 94010-94060 94640"
)
# The patient is at home and the clinician in the hospital: 95 stands beside the hospital's place (CY 2024 final rule).
_HOSPITAL_PLACES = frozenset({"19", "21", "22", "23", "24", "31", "32", "51", "52", "53", "61", "62"})


class _Listed(Struct, frozen=True, forbid_unknown_fields=True):
    codes: str
    until: date = date.max


def _listed() -> tuple[_Listed, ...]:
    text = files("superbill.edits.telehealth").joinpath("medicare.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=tuple[_Listed, ...])


_LISTED = tuple((services(one.codes), one.until) for one in _listed())


@lru_cache(16_384)
def on_list(code: str, day: date) -> bool:
    """Whether Medicare pays the code by telehealth on the day."""
    return any(code in codes and day <= until for codes, until in _LISTED)


@rule(
    "telehealth.not-on-list",
    WARNING,
    source="42 CFR 410.78(f): CMS list of telehealth services",
    since=date(2023, 1, 1),
    forms=PROFESSIONAL,
    payers=MEDICARE,
)
def not_on_list(claim: Claim) -> Iterator[Problem]:
    """What Medicare is billed by telehealth is on its list of telehealth services."""
    if TELEHEALTH.isdisjoint(places(claim)) and _SAID.isdisjoint(claim.modifiers):
        return
    for service in claim.lines:
        code, day = service.procedure.code, service.service.start
        said = place_of(claim, service) in TELEHEALTH or not _SAID.isdisjoint(service.procedure.modifiers)
        if said and day is not None and code not in _REMOTE and code not in _WITH_HANDS and not on_list(code, day):
            message = f"{code} is not among the services that Medicare pays by telehealth."
            yield Problem(line(service.number, "procedure"), message, "Check the year's list, or bill what it has.")


@rule(
    "telehealth.needs-touch",
    ERROR,
    source="42 CFR 410.78(a)(3); CPT Appendices P and T",
    why="Who is not there can't inject, draw blood, operate or take a picture.",
    forms=PROFESSIONAL,
)
def needs_touch(claim: Claim) -> Iterator[Problem]:
    """Nothing is billed at a telehealth place that needs hands on the patient."""
    if TELEHEALTH.isdisjoint(places(claim)):
        return
    for service in claim.lines:
        place = place_of(claim, service)
        if place in TELEHEALTH and service.procedure.code in _WITH_HANDS and "26" not in service.procedure.modifiers:
            message = f"{service.procedure.code} can't be done at place of service {place}."
            fix = "Give the line the place where the patient was touched."
            yield Problem(line(service.number, "place_of_service"), message, fix)


@rule(
    "telehealth.place",
    WARNING,
    source="CMS place of service codes 02 and 10; CY 2024 physician fee schedule final rule",
    since=date(2024, 1, 1),
    forms=PROFESSIONAL,
    modifiers=_SAID,
)
def place(claim: Claim) -> Iterator[Problem]:
    """A telehealth modifier stands beside place 02 or 10: in the emergency, until 2023, beside any."""
    if _SAID.isdisjoint(claim.modifiers):
        return
    for service in claim.lines:
        named = _SAID.intersection(service.procedure.modifiers)
        here = place_of(claim, service)
        remote = service.procedure.code in _REMOTE
        if named and here not in TELEHEALTH and here not in _HOSPITAL_PLACES and not remote:
            message = f"{min(named)} stands beside place of service {here}."
            fix = "Use 10 for a patient at home, 02 elsewhere; or remove the modifier."
            yield Problem(line(service.number, "place_of_service"), message, fix)


@rule(
    "telehealth.modifier",
    WARNING,
    source="CPT Appendix P, modifier 95; Appendix T, modifier 93",
    why="Most payers but Medicare read telehealth by its modifier, and by the place only in addition.",
    since=date(2022, 1, 1),
    forms=PROFESSIONAL,
    payers=("commercial", "medicaid", "auto", "workers_compensation"),
)
def modifier(claim: Claim) -> Iterator[Problem]:
    """A visit at place 02 or 10 says by a modifier how patient and clinician met: 95 by video, 93 by voice."""
    if TELEHEALTH.isdisjoint(places(claim)):
        return
    for service in claim.lines:
        code = service.procedure.code
        if (
            place_of(claim, service) in TELEHEALTH
            and _SAID.isdisjoint(service.procedure.modifiers)
            and on_list(code, service.service.start or date.min)
            and code not in _REMOTE
        ):
            message = f"{code} was given by telehealth, and no modifier says how."
            yield Problem(line(service.number, "modifiers"), message, "Add 95 for video, 93 for voice alone.")


@rule(
    "telehealth.voice-at-home",
    WARNING,
    source="42 CFR 410.78(a)(3): audio only for a patient at home who can't or won't use video",
    since=date(2025, 1, 1),
    forms=PROFESSIONAL,
    payers=MEDICARE,
    modifiers=_AUDIO,
)
def voice_at_home(claim: Claim) -> Iterator[Problem]:
    """Medicare pays telehealth by voice alone to a patient at home (place 10)."""
    if _AUDIO.isdisjoint(claim.modifiers):
        return
    for service in claim.lines:
        named = _AUDIO.intersection(service.procedure.modifiers)
        if named and place_of(claim, service) == "02":
            message = f"{min(named)} stands beside place 02, away from home."
            yield Problem(line(service.number, "place_of_service"), message, "Use 10 if the patient was at home.")
