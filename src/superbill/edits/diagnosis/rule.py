"""Diagnosis edits (loop 2300 HI; box 21): number, shape, sequence. Whether a code exists is the code set's question."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from superbill.claims.model import Claim
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import Change, header

_SOURCE = "837P TR3, loop 2300 HI; CMS-1500 box 21"
_GUIDELINES = "ICD-10-CM Official Guidelines"
_MOST = 12
# Category: letter, digit, digit or letter; then up to four more; X as a filler (ICD-10-CM conventions I.A.2–5).
_SHAPE = re.compile(r"[A-Z]\d[0-9A-Z][0-9A-Z]{0,4}")
_ICD10_FROM = date(2015, 10, 1)  # 45 CFR 162.1002(c)
_LAST_ICD9 = date(2015, 9, 30)
# Etiology comes first for these: manifestation codes of the tabular list ("in diseases classified elsewhere").
_MANIFESTATIONS = (
    *("D63", "D77", "E35", "F02", "G01", "G02", "G07", "G13", "G32", "G53", "G55", "G59", "G63", "G73"),
    *("G94", "G99", "H22", "H28", "H32", "H36", "H42", "H82", "I32", "I39", "I41", "I43", "I52", "I79", "J17"),
    *("J91", "J99", "K23", "K67", "K77", "K87", "L14", "L45", "L54", "L62", "L86", "L99", "M01", "M14", "M36", "M49"),
    *("M63", "M90", "N08", "N16", "N22", "N29", "N33", "N37", "N51", "N74", "N771"),
)
# They add to a diagnosis: outcome, weeks, long-term drugs, resuscitation and body mass status, the organism.
NEVER_FIRST = ("Z37", "Z3A", "Z79", "Z66", "Z68", "B95", "B96", "B97")
# Injury chapters whose codes take a 7th character; burns by extent and unspecified ones excepted.
_SEVENTH = re.compile(r"[ST]\d.*")
_NO_SEVENTH = re.compile(r"T(30|31|32).*")


@rule("diagnosis.missing", ERROR, of="diagnoses", forms=("professional", "institutional"), source=_SOURCE)
def missing(claim: Claim) -> Iterator[Problem]:
    """A claim has at least one diagnosis."""
    if not claim.diagnoses:
        yield Problem(header("diagnoses"), "The claim has no diagnosis.", "Code why the patient came.")


@rule("diagnosis.too-many", ERROR, of="diagnoses", forms=("professional",), source=_SOURCE)
def too_many(claim: Claim) -> Iterator[Problem]:
    """A claim has at most 12 diagnoses."""
    if len(claim.diagnoses) > _MOST:
        message = f"The claim has {len(claim.diagnoses)} diagnoses; 12 fit."
        yield Problem(header("diagnoses"), message, "Drop those that no line points to, or split the claim.")


@rule("diagnosis.dot", ERROR, of="diagnoses", source="837P TR3, HI01-2: no decimal point")
def dot(claim: Claim) -> Iterator[Problem]:
    """Codes are sent without their dot."""
    for place, diagnosis in enumerate(claim.diagnoses):
        if "." in diagnosis.code:
            bare = diagnosis.code.replace(".", "")
            change = Change("replace", f"/diagnoses/{place}/code", bare)
            yield Problem(header("diagnoses"), f"{diagnosis.code} has its dot.", f"Send {bare}.", changes=(change,))


@rule("diagnosis.shape", ERROR, of="diagnoses", source=f"{_GUIDELINES} I.A.2")
def shape(claim: Claim) -> Iterator[Problem]:
    """A code has three to seven characters: letter, digit, then letters and digits."""
    for diagnosis in claim.diagnoses:
        if not _SHAPE.fullmatch(diagnosis.code.replace(".", "")):
            message = f"{diagnosis.code!r} is not the shape of an ICD-10-CM code."
            yield Problem(header("diagnoses"), message, "Look the code up for the date of service.")


@rule("diagnosis.duplicate", ERROR, source=_SOURCE)
def duplicate(claim: Claim) -> Iterator[Problem]:
    """Each diagnosis stands once."""
    codes = [diagnosis.code for diagnosis in claim.diagnoses]
    if len(set(codes)) == len(codes):
        return
    twice = {code: count for code, count in Counter(codes).items() if count > 1}
    for code, count in twice.items():
        changes = _without_second(claim, codes, code) if list(twice.values()) == [2] else ()
        fix = "Keep the first and point the lines to it."
        yield Problem(header("diagnoses"), f"{code} stands {count} times.", fix, None, changes)


def _without_second(claim: Claim, codes: list[str], code: str) -> tuple[Change, ...]:
    """Drops the second of two equal diagnoses; the lines point to the first, and to those behind by their new place."""
    if any(each.poa for each in claim.diagnoses):
        return ()  # the two may say different things of the admission
    first = codes.index(code)
    second = codes.index(code, first + 1)
    changes = []
    for at, service in enumerate(claim.lines):
        old = service.diagnosis_pointers
        moved = (first + 1 if each == second + 1 else each - (each > second + 1) for each in old)
        new = list(dict.fromkeys(moved))
        if new != list(old):
            changes.append(Change("replace", f"/lines/{at}/diagnosis_pointers", new))
    return (*changes, Change("remove", f"/diagnoses/{second}"))


@rule("diagnosis.external-cause-first", ERROR, of="diagnoses", source=f"{_GUIDELINES} I.C.20.a.6")
def external_cause_first(claim: Claim) -> Iterator[Problem]:
    """An external cause (V00–Y99) is never first: it says how, not what."""
    if claim.diagnoses and claim.diagnoses[0].code[:1] in ("V", "W", "X", "Y"):
        message = f"The first diagnosis, {claim.diagnoses[0].code}, is an external cause."
        yield Problem(header("diagnoses"), message, "Put the injury or illness first.")


@rule("diagnosis.manifestation-first", ERROR, of="diagnoses", source=f"{_GUIDELINES} I.A.13; Medicare Code Editor")
def manifestation_first(claim: Claim) -> Iterator[Problem]:
    """A manifestation is never first: the disease that causes it is."""
    if claim.diagnoses and claim.diagnoses[0].code.startswith(_MANIFESTATIONS):
        message = f"The first diagnosis, {claim.diagnoses[0].code}, is a manifestation."
        yield Problem(header("diagnoses"), message, "Put the underlying disease before it.")


@rule("diagnosis.before-icd-10", ERROR, until=_LAST_ICD9, source="45 CFR 162.1002(c)")
def before_icd10(claim: Claim) -> Iterator[Problem]:
    """ICD-10-CM is in use since 2015-10-01; earlier services take ICD-9-CM."""
    first = claim.service.start
    if first and first < _ICD10_FROM and claim.diagnoses:
        message = f"ICD-10-CM can't be used for services of {first.isoformat()}."
        yield Problem(header("diagnoses"), message, "Correct the date of service; ICD-9-CM claims go on paper.")


@rule(
    "diagnosis.across-icd-10", ERROR, until=_LAST_ICD9, source="CMS MLN SE1408: claims that span the change are split"
)
def across_icd10(claim: Claim) -> Iterator[Problem]:
    """No claim has services on both sides of 2015-10-01."""
    span = claim.service
    if span.start and span.end and span.start < _ICD10_FROM <= span.end:
        message = "The services span the change to ICD-10-CM on 2015-10-01."
        yield Problem(header("service"), message, "Split the claim at that day.")


@rule("diagnosis.seventh-character", ERROR, of="diagnoses", source=f"{_GUIDELINES} I.A.5, I.C.19.a")
def seventh_character(claim: Claim) -> Iterator[Problem]:
    """Injuries and poisonings have seven characters, padded with X."""
    for diagnosis in claim.diagnoses:
        code = diagnosis.code.replace(".", "")
        if _SEVENTH.fullmatch(code) and not _NO_SEVENTH.fullmatch(code) and len(code) != 7:
            message = f"{diagnosis.code} lacks its 7th character."
            fix = "Add A (active treatment), D (healing) or S (sequela), with X in the places between."
            yield Problem(header("diagnoses"), message, fix)


@rule("diagnosis.sequela-first", WARNING, of="diagnoses", source=f"{_GUIDELINES} I.B.10")
def sequela_first(claim: Claim) -> Iterator[Problem]:
    """For a late effect the condition comes first, the injury with S after it."""
    if claim.diagnoses:
        code = claim.diagnoses[0].code
        if _SEVENTH.fullmatch(code) and len(code) == 7 and code.endswith("S"):
            message = f"The first diagnosis, {code}, is the injury behind a late effect."
            yield Problem(header("diagnoses"), message, "Put the present condition before it.")


@rule("diagnosis.outcome-of-delivery-first", ERROR, of="diagnoses", source=f"{_GUIDELINES} I.C.15.b.5, I.C.21.c.16")
def outcome_first(claim: Claim) -> Iterator[Problem]:
    """Outcome of delivery (Z37), weeks of gestation (Z3A) and drug use (Z79) go with another code, never first."""
    if claim.diagnoses and claim.diagnoses[0].code.startswith(NEVER_FIRST):
        message = f"{claim.diagnoses[0].code} can't be the first diagnosis."
        yield Problem(header("diagnoses"), message, "Put the condition that it adds to before it.")


@rule("diagnosis.newborn-second", WARNING, of="diagnoses", source=f"{_GUIDELINES} I.C.16.a.2")
def liveborn_first(claim: Claim) -> Iterator[Problem]:
    """A liveborn code (Z38) is first on the record of the birth, never behind another."""
    for place, diagnosis in enumerate(claim.diagnoses):
        if place and diagnosis.code.startswith("Z38"):
            message = f"{diagnosis.code} stands behind {claim.diagnoses[0].code}."
            yield Problem(header("diagnoses"), message, "Put it first at birth; leave it out afterwards.")
