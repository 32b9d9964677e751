"""Subscriber edits: member number, relationship, and what both persons must have in common (loops 2000B, 2010BA)."""

import re
from collections.abc import Iterator
from datetime import date

from superbill.claims.model import Claim, Person
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import header

_SOURCE = "837P TR3, loops 2000B and 2010BA"
_RELATIONSHIPS = frozenset({"01", "18", "19", "20", "21", "39", "40", "53", "G8"})
_PLACEHOLDER = re.compile(r"(.)\1+|0*123456789\d*|UNKNOWN|NONE|N/?A|PENDING|TBD|TEST|SELF ?PAY|X+", re.IGNORECASE)
_CHARACTERS = re.compile(r"[A-Za-z0-9][A-Za-z0-9 \-]{1,79}")
_MEDICARE = frozenset({"MA", "MB"})
# CMS, "Understanding the Medicare Beneficiary Identifier format": letters without S, L, O, I, B, Z.
_L = "[AC-HJKMNP-RT-Y]"
_N_OR_L = "[0-9AC-HJKMNP-RT-Y]"
_MBI = re.compile(rf"[1-9]{_L}{_N_OR_L}\d{_L}{_N_OR_L}\d{_L}{_L}\d\d")
_INSURANCE_TYPES = frozenset({"12", "13", "14", "15", "16", "41", "42", "43", "47"})
_FROM_CARD = "Copy it from the insurance card."


@rule("subscriber.member-id", ERROR, of="subscriber", source=f"{_SOURCE} NM109; CMS-1500 box 1a")
def member_id(claim: Claim) -> Iterator[Problem]:
    """The insured person has a member number."""
    if not claim.subscriber.member_id.strip():
        yield Problem(header("subscriber.member_id"), "The member number is missing.", _FROM_CARD)


@rule("subscriber.member-id-placeholder", ERROR, of="subscriber", source=f"{_SOURCE} NM109")
def member_id_placeholder(claim: Claim) -> Iterator[Problem]:
    """The member number is not a stand-in (all one character, 123456789, unknown …)."""
    number = claim.subscriber.member_id.strip()
    if number and _PLACEHOLDER.fullmatch(number):
        yield Problem(header("subscriber.member_id"), f"{number!r} is a stand-in for a member number.", _FROM_CARD)


@rule("subscriber.member-id-characters", ERROR, of="subscriber", source=f"{_SOURCE} NM109 (2 to 80 characters)")
def member_id_characters(claim: Claim) -> Iterator[Problem]:
    """A member number has 2 to 80 letters, digits, hyphens or blanks."""
    number = claim.subscriber.member_id.strip()
    if number and not _CHARACTERS.fullmatch(number):
        yield Problem(header("subscriber.member_id"), f"{number!r} can't be a member number.", _FROM_CARD)


@rule(
    "subscriber.medicare-number",
    ERROR,
    source="CMS, Understanding the Medicare Beneficiary Identifier (MBI) format; 837P TR3, loop 2010BA NM109",
    since=date(2020, 1, 1),
    why="Since 2020 Medicare rejects claims without an MBI.",
)
def medicare_number(claim: Claim) -> Iterator[Problem]:
    """A Medicare number is an MBI: eleven characters in a fixed pattern, without S, L, O, I, B, Z."""
    number = claim.subscriber.member_id.replace("-", "").strip()
    if number and claim.payer.claim_filing_indicator in _MEDICARE and not _MBI.fullmatch(number):
        message = f"{number} does not have the pattern of a Medicare number."
        yield Problem(header("subscriber.member_id"), message, "Copy it from the red, white and blue card.")


@rule("subscriber.name", ERROR, of="subscriber", source=f"{_SOURCE} NM103; CMS-1500 box 4")
def subscriber_name(claim: Claim) -> Iterator[Problem]:
    """The insured person has a last name."""
    if not claim.subscriber.person.last.strip():
        yield Problem(header("subscriber.name"), "The insured person has no name.", "Enter it as on the card.")


@rule("subscriber.relationship", ERROR, of="subscriber", source="837P TR3, SBR02 and PAT01")
def relationship(claim: Claim) -> Iterator[Problem]:
    """The relationship is one of the individual relationship codes."""
    code = claim.subscriber.relationship
    if code not in _RELATIONSHIPS:
        message = f"{code!r} is no relationship of a patient to the insured."
        yield Problem(header("subscriber.relationship"), message, "Use 18 self, 01 spouse, 19 child or G8 other.")


def _key(person: Person) -> tuple[str, str]:
    return person.last.strip().casefold(), person.first.strip().casefold()


@rule("subscriber.self-differs", ERROR, source=f"{_SOURCE} SBR02 = 18")
def self_differs(claim: Claim) -> Iterator[Problem]:
    """Self means one person: same name, birth date and sex."""
    insured, patient = claim.subscriber, claim.patient
    if insured.relationship != "18":
        return
    if (
        _key(insured.person) != _key(patient.person)
        or (insured.birth_date and patient.birth_date and insured.birth_date != patient.birth_date)
        or (insured.sex and patient.sex != "U" and insured.sex not in (patient.sex, "U"))
    ):
        message = "The patient is the insured, but name, birth date or sex differ."
        yield Problem(header("subscriber"), message, "Correct the one that is wrong, or the relationship.")


@rule("subscriber.dependent-same", ERROR, when="dependent", source=f"{_SOURCE} SBR02; loop 2000C")
def dependent_same(claim: Claim) -> Iterator[Problem]:
    """A dependent is somebody else than the insured."""
    insured, patient = claim.subscriber, claim.patient
    one_person = _key(insured.person) == _key(patient.person) and insured.birth_date == patient.birth_date
    if insured.relationship != "18" and one_person and patient.birth_date:
        message = "The patient is entered as a dependent, and as the insured too."
        fix = "Make the relationship self, or enter the insured."
        yield Problem(header("subscriber.relationship"), message, fix)


@rule(
    "subscriber.medicare-self",
    ERROR,
    when="dependent",
    source="Claims Processing Manual ch. 26 §10.2 item 6; TR3 SBR02",
)
def medicare_self(claim: Claim) -> Iterator[Problem]:
    """Medicare has no dependents."""
    if claim.payer.claim_filing_indicator in _MEDICARE and claim.subscriber.relationship != "18":
        message = "Medicare insures each person alone; the patient is entered as a dependent."
        yield Problem(header("subscriber.relationship"), message, "Enter the patient's own Medicare number, as self.")


@rule("subscriber.child-older", ERROR, when="dependent", source=f"{_SOURCE} SBR02 = 19")
def child_older(claim: Claim) -> Iterator[Problem]:
    """A child is born after the insured parent."""
    insured, patient = claim.subscriber, claim.patient
    if insured.relationship != "19" or insured.birth_date is None or patient.birth_date is None:
        return
    if patient.birth_date <= insured.birth_date:
        message = "The patient is entered as a child older than the insured parent."
        yield Problem(header("subscriber.birth_date"), message, "Correct a birth date or the relationship.")


@rule("subscriber.insured-birth-date", WARNING, when="dependent", source="CMS-1500 box 11a; payers' eligibility match")
def insured_birth_date(claim: Claim) -> Iterator[Problem]:
    """The birth date of a dependent's insured is known: payers match by it."""
    if claim.subscriber.relationship != "18" and claim.subscriber.birth_date is None:
        message = "The insured person's birth date is missing."
        yield Problem(header("subscriber.birth_date"), message, "Ask for it with the insurance card.")


@rule("subscriber.insurance-type", ERROR, source="837P TR3, SBR05; MSP Manual ch. 3")
def insurance_type(claim: Claim) -> Iterator[Problem]:
    """Medicare behind another payer says why it is second; nobody else does."""
    insured = claim.subscriber
    medicare_second = claim.payer.claim_filing_indicator in _MEDICARE and insured.responsibility != "P"
    if medicare_second and insured.insurance_type not in _INSURANCE_TYPES:
        fix = "Give the reason: 12 working aged, 43 disabled, 14 auto, 15 work, 47 liability."
        yield Problem(header("subscriber.insurance_type"), "Why Medicare is not primary is not said.", fix)
    elif insured.insurance_type and not medicare_second:
        message = "A Medicare secondary payer reason stands on a claim where Medicare is not second."
        yield Problem(header("subscriber.insurance_type"), message, "Remove it.")


@rule("subscriber.casualty-number", WARNING, source="837P TR3, loop 2010BA REF*Y4; CMS-1500 box 11b")
def casualty_number(claim: Claim) -> Iterator[Problem]:
    """A claim to a compensation or auto payer has that payer's claim number for the accident."""
    if claim.payer.claim_filing_indicator in ("WC", "AM") and not claim.subscriber.property_casualty_claim_number:
        message = "The accident's claim number is missing."
        yield Problem(
            header("subscriber.property_casualty_claim_number"), message, "Ask the employer or the auto insurer."
        )
