"""Edits on evaluation and management visits: new patients, two visits on a day, what they are for."""

from collections.abc import Iterator
from datetime import date

from superbill.claims.model import Claim, ServiceLine
from superbill.edits.context import Context
from superbill.edits.professional import (
    PROFESSIONAL,
    SURGERY,
    VISITS,
    on_file,
    renderer,
    same_clinician,
    services,
    years_before,
)
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import line

_CLAIMS = "Claims Processing Manual ch. 12"
_NEW = services("92002 92004 99202-99205 99324-99328 99341-99342 99344-99345 99381-99387 98000-98003 98008-98011 G0245")
# Face to face with one who may bill visits: what counts against a new patient. Reading a test or a picture doesn't.
_OTHER_FACE_TO_FACE = services("90791-90792 90832-90853 98925-98942 99291-99292 99483 99495-99496")
_READ_ONLY = frozenset({"26", "TC"})
_YEARS = 3
_APART = frozenset({"24", "25", "27", "57", "59", "FT", "XE", "XP"})
_PREVENTIVE = services("99381-99387 99391-99397 G0402 G0438-G0439")
_PREVENTIVE_CPT = services("99381-99387 99391-99397")
_OFFICE = services("99202-99205 99211-99215")
_ADMISSION = services("99221-99223")
_DISCHARGE = services("99238-99239")
_EXAMINATION = ("Z00", "Z01", "Z02", "Z76", "Z3", "Z85", "Z8", "Z23")


def _face_to_face(service: ServiceLine) -> bool:
    code = service.procedure.code
    if code in VISITS or code in _OTHER_FACE_TO_FACE:
        return True
    return code in SURGERY and _READ_ONLY.isdisjoint(service.procedure.modifiers)


@rule(
    "visits.new-patient",
    ERROR,
    source=f"{_CLAIMS} §30.6.7.A; CPT: no professional service by the same specialty of the group in three years",
    why="A patient whom a physician, or one of the same group and specialty, saw in the last three years isn't new.",
    forms=PROFESSIONAL,
    when="history",
    codes=_NEW.__contains__,
)
def new_patient(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A new patient was not seen in three years by the same physician or specialty of the group."""
    for service in claim.lines:
        day = service.service.start
        if service.procedure.code not in _NEW or day is None:
            continue
        seen = _seen_before(claim, service, day, ctx)
        if seen is not None:
            message = f"{service.procedure.code} is for a new patient; this one was seen on {seen.isoformat()}."
            yield Problem(line(service.number, "procedure"), message, "Use the code for an established patient.")


def _seen_before(claim: Claim, service: ServiceLine, day: date, ctx: Context) -> date | None:
    """The last day in three years before `day` on which the same clinician saw the patient. The anniversary counts."""
    since = years_before(day, _YEARS)
    last: date | None = None
    for past in ctx.history.claims:
        # A denied service was still given; one that was taken back was not.
        if past.claim.kind != "professional" or past.claim.frequency == "8" or past.state == "reversed":
            continue
        for earlier in past.claim.lines:
            start = earlier.service.start
            if start is None or not since <= start < day or (last is not None and start <= last):
                continue
            if _face_to_face(earlier) and same_clinician(claim, service, past.claim, earlier):
                last = start
    return last


@rule(
    "visits.two-a-day",
    ERROR,
    source=f"{_CLAIMS} §30.6.5, §30.6.7.B",
    why="Payers pay one visit a day to a physician, or to one specialty of a group, unless the two are unrelated.",
    forms=PROFESSIONAL,
    when="several_lines",
    codes=VISITS.__contains__,
)
def two_a_day(claim: Claim) -> Iterator[Problem]:
    """A patient has one visit a day with one clinician; a second one that stands apart has 25."""
    first: dict[tuple[date | None, str], list[ServiceLine]] = {}
    for service in claim.lines:
        if service.procedure.code in VISITS:
            first.setdefault((service.service.start, renderer(claim, service).npi), []).append(service)
    for visits in first.values():
        if len(visits) < 2 or any(not _APART.isdisjoint(one.procedure.modifiers) for one in visits):
            continue
        codes = [one.procedure.code for one in visits]
        if _told_elsewhere(codes):
            continue
        message = f"{codes[1]} stands beside {codes[0]}: two visits on one day, and no modifier tells them apart."
        fix = "Bill one visit for all that was done; or add 25 to the second where it was for something else."
        yield Problem(line(visits[1].number, "procedure"), message, fix)


def _told_elsewhere(codes: list[str]) -> bool:
    """A preventive visit with an office visit, one code twice, and a stay of one day have rules of their own."""
    preventive = any(code in _PREVENTIVE for code in codes) and any(code in _OFFICE for code in codes)
    stay = any(code in _ADMISSION for code in codes) and any(code in _DISCHARGE for code in codes)
    return preventive or stay or len(set(codes)) == 1


@rule(
    "visits.two-a-day-on-two-claims",
    WARNING,
    source=f"{_CLAIMS} §30.6.5, §30.6.7.B",
    forms=PROFESSIONAL,
    when="history",
    codes=VISITS.__contains__,
)
def two_a_day_on_two_claims(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """No other claim has a visit of the same day with the same physician or specialty of the group."""
    for service in claim.lines:
        day = service.service.start
        if service.procedure.code not in VISITS or day is None or not _APART.isdisjoint(service.procedure.modifiers):
            continue
        for one in ctx.history.on(day):
            code = one.line.procedure.code
            other = code in VISITS and code != service.procedure.code and on_file(one.past)
            if other and same_clinician(claim, service, one.past.claim, one.line):
                message = f"{code} of the same day is on claim {one.past.claim.control_number}."
                fix = "Bill one visit for the day, or add 25 where this one was for something else."
                yield Problem(line(service.number, "procedure"), message, fix)
                break


@rule(
    "visits.stay-of-one-day",
    ERROR,
    source=f"{_CLAIMS} §30.6.9.1.C: 99234 to 99236 for admission and discharge on one day",
    forms=PROFESSIONAL,
    when="several_lines",
    codes=_DISCHARGE.__contains__,
)
def stay_of_one_day(claim: Claim) -> Iterator[Problem]:
    """Admission and discharge on one day are one code, not two."""
    admitted = {
        (one.service.start, renderer(claim, one).npi) for one in claim.lines if one.procedure.code in _ADMISSION
    }
    for service in claim.lines:
        if service.procedure.code in _DISCHARGE and (service.service.start, renderer(claim, service).npi) in admitted:
            message = f"{service.procedure.code} stands on the day of the admission."
            yield Problem(line(service.number, "procedure"), message, "Bill 99234, 99235 or 99236 for both.")


@rule(
    "visits.one-unit",
    ERROR,
    source=f"{_CLAIMS} §30.6.5; CPT evaluation and management: one visit is one unit",
    forms=PROFESSIONAL,
    codes=VISITS.__contains__,
)
def one_unit(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A visit has one unit. Where the table of medically unlikely edits has the code, that decides."""
    table = ctx.reference.units.get("practitioner")
    for service in claim.lines:
        code, day = service.procedure.code, service.service.start
        if service.units > 1 and code in VISITS and not (table and day and table.most(code, day)):
            message = f"{code} has {service.units} units."
            yield Problem(line(service.number, "units"), message, "Bill one unit; time beyond it has its own codes.")


def _pointed(claim: Claim, service: ServiceLine) -> list[str]:
    most = len(claim.diagnoses)
    return [claim.diagnoses[one - 1].code for one in service.diagnosis_pointers if 0 < one <= most]


@rule(
    "visits.preventive-diagnosis",
    WARNING,
    source="ICD-10-CM Official Guidelines I.C.21.c.13; CPT preventive medicine services",
    why="Payers waive the patient's share by the diagnosis of an examination, and charge it for one of an illness.",
    forms=PROFESSIONAL,
    codes=_PREVENTIVE_CPT.__contains__,
)
def preventive_diagnosis(claim: Claim) -> Iterator[Problem]:
    """A preventive visit points first to an examination (Z00, Z01, Z02), not to an illness."""
    for service in claim.lines:
        if service.procedure.code in _PREVENTIVE_CPT:
            codes = _pointed(claim, service)
            if codes and not codes[0].startswith(_EXAMINATION):
                message = f"{service.procedure.code} points first to {codes[0]}, an illness."
                yield Problem(line(service.number, "diagnosis_pointers"), message, "Point it first to Z00 or Z01.")


@rule(
    "visits.problem-diagnosis",
    WARNING,
    source=f"{_CLAIMS} §30.6.2: the visit for a problem beside a preventive one",
    forms=PROFESSIONAL,
    when="several_lines",
    codes=_PREVENTIVE.__contains__,
)
def problem_diagnosis(claim: Claim) -> Iterator[Problem]:
    """A visit for a problem beside a preventive one points to the problem, not to the examination alone."""
    days = {one.service.start for one in claim.lines if one.procedure.code in _PREVENTIVE}
    for service in claim.lines:
        if service.procedure.code in _OFFICE and service.service.start in days:
            codes = _pointed(claim, service)
            if codes and all(code.startswith(("Z00", "Z01", "Z02")) for code in codes):
                message = f"{service.procedure.code} stands beside a preventive visit and points to its examination."
                fix = "Point it to the problem that took its own work, or leave it out."
                yield Problem(line(service.number, "diagnosis_pointers"), message, fix)
