"""Edits on outpatient therapy and chiropractic (Claims Processing Manual ch. 5; ch. 12 §220; Benefit Policy ch. 15)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from superbill.claims.model import Claim, ServiceLine
from superbill.edits.professional import MEDICARE, PROFESSIONAL, minutes_told, renderer, services
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import Change, Severity, line

_PLANS = frozenset({"GN", "GO", "GP"})
# CMS's list of codes that are always therapy, whoever gives them (annual therapy code list).
ALWAYS = services(
    "92507-92508 92521-92526 92597 92605-92609 92618 96125 97012 97016-97028 97032-97039 97110-97124 97139-97150"
    " 97161-97168 97530 97533-97542 97750-97763 97799 G0281 G0283 G0329"
)
# Codes of one discipline (CMS MLN MM10176).
_OF_ONE = {
    **dict.fromkeys(("92521", "92522", "92523", "92524", "92597", "92607"), "GN"),
    **dict.fromkeys(("97161", "97162", "97163", "97164"), "GP"),
    **dict.fromkeys(("97165", "97166", "97167", "97168"), "GO"),
}
# Codes whose unit is 15 minutes (ch. 5 §20.2).
TIMED = services("97032-97036 97110-97124 97129-97130 97140 97530-97542 97750-97763")
_TIMED_NOT = frozenset({"97150", "97039", "97139"})
_MANIPULATION = frozenset({"98940", "98941", "98942"})
_MANIPULATION_SAID = frozenset({"AT", "GA", "GX", "GY", "GZ"})
_CHIROPRACTOR = "111N"
_SUBLUXATION = ("M9900", "M9901", "M9902", "M9903", "M9904", "M9905")
_ASSISTANTS = {"CQ": "GP", "CO": "GO"}
_CLAIMS = "Claims Processing Manual ch. 5"


@rule(
    "therapy.plan-missing",
    ERROR,
    source=f"{_CLAIMS} §10.3, §20.1",
    why="Medicare returns therapy without the discipline of its plan of care.",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    codes=ALWAYS.__contains__,
)
def plan_missing(claim: Claim) -> Iterator[Problem]:
    """A therapy service says whose plan it is under: GP physical, GO occupational, GN speech therapy."""
    for place, service in enumerate(claim.lines):
        code = service.procedure.code
        if code not in ALWAYS or not _PLANS.isdisjoint(service.procedure.modifiers):
            continue
        message = f"{code} does not say under which plan of care it was given."
        own = _OF_ONE.get(code)
        first = "0" if service.procedure.modifiers else "-"
        changes = (Change("add", f"/lines/{place}/procedure/modifiers/{first}", own),) if own and _room(service) else ()
        yield Problem(line(service.number, "modifiers"), message, f"Add {own or 'GP, GO or GN'}.", changes=changes)


def _room(service: ServiceLine) -> bool:
    return len(service.procedure.modifiers) < 4


@rule(
    "therapy.plan-of-another",
    ERROR,
    source="CMS MLN MM10176; CMS therapy code list",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    codes=_OF_ONE,
)
def plan_of_another(claim: Claim) -> Iterator[Problem]:
    """An evaluation by one discipline is under that discipline's plan."""
    for service in claim.lines:
        own = _OF_ONE.get(service.procedure.code)
        named = _PLANS.intersection(service.procedure.modifiers)
        if own and named and own not in named:
            message = f"{service.procedure.code} is a service under {own}, not {min(named)}."
            yield Problem(line(service.number, "modifiers"), message, f"Use {own}, or the code of the discipline.")


@rule(
    "therapy.assistant-without-plan",
    ERROR,
    source=f"{_CLAIMS} §20.1: CQ with GP, CO with GO",
    since=date(2020, 1, 1),
    forms=PROFESSIONAL,
    payers=MEDICARE,
    modifiers=_ASSISTANTS,
)
def assistant_without_plan(claim: Claim) -> Iterator[Problem]:
    """A therapist assistant's modifier stands beside the discipline's: CQ with GP, CO with GO."""
    if claim.modifiers.isdisjoint(_ASSISTANTS):
        return
    for service in claim.lines:
        for assistant, plan in _ASSISTANTS.items():
            if assistant in service.procedure.modifiers and plan not in service.procedure.modifiers:
                message = f"{assistant} stands without {plan}."
                yield Problem(line(service.number, "modifiers"), message, f"Add {plan} before {assistant}.")


def units_of_minutes(minutes: int) -> int:
    """Units of 15 minutes that Medicare counts: the first from 8 minutes on, each further after 15 more (ch. 5 §20.2).

    `units_of_minutes(22)` is 1, of 23 it is 2.
    """
    return (minutes + 7) // 15


@rule(
    "therapy.eight-minutes",
    ERROR,
    source=f"{_CLAIMS} §20.2.C: units by the total of timed minutes of the day",
    why="Medicare counts all timed minutes of a day together: 8 to 22 are one unit, 23 to 37 two, and so on.",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    codes=TIMED.__contains__,
)
def eight_minutes(claim: Claim) -> Iterator[Problem]:
    """The timed units of a day are no more than its minutes give, where every line's note tells them ("38 MIN")."""
    by_day: dict[tuple[date | None, str], list[ServiceLine]] = {}
    for service in claim.lines:
        if service.procedure.code in TIMED and service.procedure.code not in _TIMED_NOT:
            plan = next((one for one in service.procedure.modifiers if one in _PLANS), "")
            by_day.setdefault((service.service.start, plan), []).append(service)
    for together in by_day.values():
        told = [minutes_told(service) for service in together]
        minutes = sum(one for one in told if one is not None)
        units = sum((service.units for service in together), Decimal(0))
        if None not in told and units > units_of_minutes(minutes):
            message = f"{units} timed units are billed for {minutes} minutes, which give {units_of_minutes(minutes)}."
            yield Problem(line(together[0].number, "units"), message, "Bill the units that the minutes give.")


@rule(
    "therapy.chiropractic-active",
    ERROR,
    source="Medicare Benefit Policy Manual ch. 15 §240.1.3; Claims Processing Manual ch. 12 §220",
    why="Without AT Medicare takes manipulation for maintenance and denies it.",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    codes=_MANIPULATION,
)
def chiropractic_active(claim: Claim) -> Iterator[Problem]:
    """Spinal manipulation says that it is active treatment (AT), or that a denial is expected (GA, GX, GY, GZ)."""
    for service in claim.lines:
        if service.procedure.code in _MANIPULATION and _MANIPULATION_SAID.isdisjoint(service.procedure.modifiers):
            message = f"{service.procedure.code} does not say that it is active treatment."
            fix = "Add AT for active or corrective treatment; for maintenance add GA with a signed notice, else GZ."
            yield Problem(line(service.number, "modifiers"), message, fix)


@rule(
    "therapy.chiropractic-diagnosis",
    WARNING,
    source="Medicare Benefit Policy Manual ch. 15 §240.1.3; Claims Processing Manual ch. 12 §220",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    codes=_MANIPULATION,
)
def chiropractic_diagnosis(claim: Claim) -> Iterator[Problem]:
    """Active spinal manipulation points to a subluxation of the spine (M99.00 to M99.05)."""
    most = len(claim.diagnoses)
    for service in claim.lines:
        if service.procedure.code not in _MANIPULATION or "AT" not in service.procedure.modifiers:
            continue
        codes = [claim.diagnoses[one - 1].code for one in service.diagnosis_pointers if 0 < one <= most]
        if codes and not any(code.startswith(_SUBLUXATION) for code in codes):
            message = f"{service.procedure.code} points to no subluxation of the spine."
            yield Problem(line(service.number, "diagnosis_pointers"), message, "Point it first to M99.00 to M99.05.")


@rule(
    "therapy.chiropractor-other",
    ERROR,
    source="Social Security Act §1861(r)(5); Medicare Benefit Policy Manual ch. 15 §30.5",
    forms=PROFESSIONAL,
    payers=MEDICARE,
)
def chiropractor_other(claim: Claim) -> Iterator[Problem]:
    """Medicare pays a chiropractor for spinal manipulation by hand and for nothing else."""
    if _CHIROPRACTOR not in {(claim.rendering or claim.billing).taxonomy[:4], claim.billing.taxonomy[:4]}:
        return
    for service in claim.lines:
        who = renderer(claim, service).taxonomy.startswith(_CHIROPRACTOR)
        if who and service.procedure.code not in _MANIPULATION and "GY" not in service.procedure.modifiers:
            message = f"Medicare does not pay {service.procedure.code} to a chiropractor."
            severity = Severity.ERROR
            fix = "Add GY where the patient or another insurance is to pay; else leave it out."
            yield Problem(line(service.number, "procedure"), message, fix, severity)
