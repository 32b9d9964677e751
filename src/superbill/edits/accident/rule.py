"""Accident edits (CLM11, DTP*439; boxes 10a–c, 15)."""

import re
from collections.abc import Iterator

from superbill.claims.model import Claim
from superbill.edits.context import Context
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import Change, header

_SOURCE = "837P TR3, loop 2300 CLM11; CMS-1500 box 10"
_CASUALTY = frozenset({"WC", "AM", "LM"})
_LONG = 3 * 365 + 1
_BY_OCCURRENCE = {"01": "AA", "02": "AA", "03": "OA", "04": "EM", "05": "OA", "06": "OA"}
_INJURY = re.compile(r"(S\d\d|T[01]\d|T2[0-8]|T3[0-4]).{3}[AB]")


@rule("accident.cause-missing", ERROR, when="accident", source=f"{_SOURCE}, CLM11-1")
def cause_missing(claim: Claim) -> Iterator[Problem]:
    """An accident says its cause: auto, work or other."""
    if claim.accident and not claim.accident.causes:
        yield Problem(
            header("accident.causes"), "The accident has no cause.", "Say auto (AA), work (EM) or other (OA)."
        )


@rule("accident.cause-repeated", ERROR, when="accident", source=f"{_SOURCE}, CLM11-1 to -3")
def cause_repeated(claim: Claim) -> Iterator[Problem]:
    """An accident has at most three causes, each once."""
    if claim.accident and len(set(claim.accident.causes)) < len(claim.accident.causes):
        yield Problem(header("accident.causes"), "A cause stands twice.", "Keep each cause once.")


@rule("accident.auto-state", ERROR, when="accident", source=f"{_SOURCE}, CLM11-4; box 10b place")
def auto_state(claim: Claim) -> Iterator[Problem]:
    """An auto accident says in which state it was."""
    accident = claim.accident
    if accident and "AA" in accident.causes and not re.fullmatch("[A-Z]{2}", accident.state):
        message = "The state of the auto accident is missing."
        yield Problem(header("accident.state"), message, "Enter the two letters of the state where it happened.")


@rule("accident.state-without-auto", WARNING, when="accident", source=f"{_SOURCE}, CLM11-4 situational rule")
def state_without_auto(claim: Claim) -> Iterator[Problem]:
    """Only an auto accident has a state."""
    if claim.accident and claim.accident.state and "AA" not in claim.accident.causes:
        message = "A state is given for an accident that is not an auto accident."
        fix = "Remove the state, or add the cause AA."
        yield Problem(header("accident.state"), message, fix)


@rule("accident.date", ERROR, when="accident", source="837P TR3, loop 2300 DTP*439; CMS-1500 box 15")
def accident_date(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """An accident is not after the last service for it, nor before the patient's birth."""
    if claim.accident is None:
        return
    day, last, born = claim.accident.on, claim.service.end, claim.patient.birth_date
    if day > ctx.today or (last and day > last) or (born and day < born):
        message = f"The accident of {day.isoformat()} is after its treatment or before the patient's birth."
        yield Problem(header("accident.on"), message, "Correct the accident's day.")


def _causes(claim: Claim) -> frozenset[str]:
    """The causes of the accident that the claim tells; an institutional claim tells them by occurrence codes."""
    told = frozenset(claim.accident.causes) if claim.accident else frozenset()
    events = claim.institutional.occurrences if claim.institutional else ()
    return told | {_BY_OCCURRENCE[event.code] for event in events if event.code in _BY_OCCURRENCE}


@rule("accident.injury-unexplained", WARNING, source="payers' accident questionnaires; CMS-1500 boxes 10a–c")
def injury_unexplained(claim: Claim) -> Iterator[Problem]:
    """A fresh injury without accident information makes payers ask the patient before they pay."""
    if not _causes(claim) and claim.diagnoses and _INJURY.fullmatch(claim.diagnoses[0].code):
        message = f"{claim.diagnoses[0].code} is a fresh injury; no accident is on the claim."
        yield Problem(header("accident"), message, "Ask how and when it happened: auto, work or other.")


@rule("accident.payer-without-accident", ERROR, source=f"{_SOURCE}; compensation and auto payers' requirements")
def payer_without_accident(claim: Claim) -> Iterator[Problem]:
    """A claim to a compensation or auto payer has the accident that it pays for."""
    cause = {"WC": "EM", "AM": "AA"}.get(claim.payer.claim_filing_indicator)
    if cause and cause not in _causes(claim):
        what = "work" if cause == "EM" else "auto"
        message = f"{claim.payer.name} pays for {what} accidents; the claim has none."
        yield Problem(header("accident"), message, f"Enter the {what} accident with its day, or bill the health plan.")


@rule(
    "accident.work-to-health-plan",
    WARNING,
    when="accident",
    source="CARC 19: work injuries belong to the compensation carrier",
)
def work_to_health_plan(claim: Claim) -> Iterator[Problem]:
    """A work accident goes to the compensation carrier first."""
    if claim.accident is None or "EM" not in claim.accident.causes or claim.subscriber.responsibility != "P":
        return
    if claim.payer.claim_filing_indicator != "WC":
        message = f"A work accident is billed to {claim.payer.name} first."
        yield Problem(header("payer"), message, "Bill the employer's compensation carrier.")


@rule(
    "accident.employer",
    WARNING,
    source="NUCC 1500 manual, items 4, 6 and 7 for workers' compensation; 837P TR3, loop 2010BA NM102, SBR02 = 20",
    payers=("workers_compensation",),
)
def employer(claim: Claim) -> Iterator[Problem]:
    """The insured of a compensation claim is the employer; the patient is its employee (20)."""
    if claim.subscriber.relationship != "20":
        message = "A compensation claim names the employer as the insured; the patient is not entered as its employee."
        fix = "Enter the employer as the insured, and the relationship 20."
        yield Problem(header("subscriber.relationship"), message, fix)


@rule("accident.number-without-casualty", WARNING, source="837P TR3, loop 2010BA REF*Y4: property and casualty only")
def number_without_casualty(claim: Claim) -> Iterator[Problem]:
    """Only a claim to a compensation, auto or liability payer has the number of the accident's claim."""
    if not claim.subscriber.property_casualty_claim_number or claim.payer.claim_filing_indicator in _CASUALTY:
        return
    message = f"The number of an accident's claim stands on a claim to {claim.payer.name}."
    change = Change("remove", "/subscriber/property_casualty_claim_number")
    fix = "Remove it, or bill the payer that gave it."
    yield Problem(header("subscriber.property_casualty_claim_number"), message, fix, None, (change,))


@rule("accident.liability-without-accident", ERROR, source=f"{_SOURCE}; liability insurers' requirements")
def liability_without_accident(claim: Claim) -> Iterator[Problem]:
    """A claim to a liability insurer (LM) has the accident that it pays for."""
    if claim.payer.claim_filing_indicator == "LM" and claim.accident is None:
        message = f"{claim.payer.name} pays for accidents; the claim has none."
        yield Problem(header("accident"), message, "Enter the accident with its day and cause.")


@rule("accident.long-ago", WARNING, source="payers' accident questionnaires; statutes of limitation", when="accident")
def long_ago(claim: Claim) -> Iterator[Problem]:
    """An accident more than three years before the service is seldom still its cause."""
    day = claim.service.start
    if claim.accident is not None and day is not None and (day - claim.accident.on).days > _LONG:
        message = f"The accident of {claim.accident.on.isoformat()} is more than three years before the service."
        yield Problem(
            header("accident.on"), message, "Check the day; leave the accident out if the visit is not for it."
        )
