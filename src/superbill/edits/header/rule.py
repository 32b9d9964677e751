"""Edits on fields of the whole claim (loop 2300): control numbers, authorization, signatures, dates, totals."""

import re
from collections.abc import Iterator

from superbill.claims.control import MAX_CONTROL_NUMBER
from superbill.claims.model import Claim
from superbill.edits.context import Context
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import header
from superbill.money import dollars

_SOURCE = "837P TR3, loop 2300"
_CONTROL = re.compile(rf"[A-Z0-9]{{1,{MAX_CONTROL_NUMBER}}}")
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-/ ]{1,49}")
_STAND_IN = re.compile(r"NONE|N/?A|NOT REQUIRED|PENDING|TBD|UNKNOWN|0+|X+|TEST|VERBAL", re.IGNORECASE)
_MEDICARE = frozenset({"MA", "MB"})
_MEDICARE_LIMIT = 99_999_99
_LIMIT = 99_999_999_99
_NOTE = 80


@rule("claim.control-number", ERROR, source=f"{_SOURCE} CLM01: 20 characters that every receiver returns")
def control_number(claim: Claim) -> Iterator[Problem]:
    """The control number has 1 to 20 capital letters and digits."""
    if not _CONTROL.fullmatch(claim.control_number):
        message = f"{claim.control_number!r} can't be a claim control number."
        yield Problem(header("control_number"), message, "Use 1 to 20 capital letters and digits.")


@rule("claim.payer-control-number", ERROR, when="replacement", source=f"{_SOURCE} REF*F8; CMS-1500 box 22")
def payer_control_number(claim: Claim) -> Iterator[Problem]:
    """A replacement or void names the payer's number of the claim that it replaces."""
    if claim.frequency in ("7", "8") and not claim.payer_control_number.strip():
        what = "replacement" if claim.frequency == "7" else "void"
        message = f"A {what} does not say which claim of the payer's it is about."
        yield Problem(header("payer_control_number"), message, "Copy the payer's claim number from the 835 or 277CA.")


@rule("claim.original-with-number", ERROR, source=f"{_SOURCE} REF*F8 situational rule")
def original_with_number(claim: Claim) -> Iterator[Problem]:
    """An original claim does not name an earlier one."""
    if claim.frequency == "1" and claim.payer_control_number:
        message = "An original claim carries the payer's number of another."
        yield Problem(header("payer_control_number"), message, "Send it as frequency 7, or remove the number.")


@rule(
    "claim.medicare-replacement",
    ERROR,
    when="replacement",
    source="Claims Processing Manual ch. 1 §70; Part B takes originals only",
)
def medicare_replacement(claim: Claim) -> Iterator[Problem]:
    """Medicare Part B takes no replacement or void of a professional claim."""
    if claim.frequency != "1" and claim.payer.claim_filing_indicator == "MB":
        message = f"Medicare Part B does not take frequency {claim.frequency}."
        yield Problem(header("frequency"), message, "Ask for a reopening, or send a new original for a rejected claim.")


@rule(
    "claim.prior-authorization",
    ERROR,
    when="prior_authorization",
    source=f"{_SOURCE} REF*G1 (50 characters); CMS-1500 box 23",
)
def prior_authorization(claim: Claim) -> Iterator[Problem]:
    """An authorization number looks like one."""
    number = claim.prior_authorization
    if number and (not _NUMBER.fullmatch(number) or _STAND_IN.fullmatch(number.strip())):
        message = f"{number!r} can't be an authorization number."
        yield Problem(header("prior_authorization"), message, "Enter the payer's number, or leave it empty.")


@rule("claim.referral-number", ERROR, when="referral_number", source=f"{_SOURCE} REF*9F (50 characters)")
def referral_number(claim: Claim) -> Iterator[Problem]:
    """A referral number looks like one, and is not the authorization again."""
    number = claim.referral_number
    if number and (not _NUMBER.fullmatch(number) or _STAND_IN.fullmatch(number.strip())):
        message = f"{number!r} can't be a referral number."
        yield Problem(header("referral_number"), message, "Enter the payer's number, or leave it empty.")


@rule("claim.signature", ERROR, source=f"{_SOURCE} CLM06; CMS-1500 box 31")
def signature(claim: Claim) -> Iterator[Problem]:
    """The provider has signed, or the signature is on file."""
    if not claim.provider_signature:
        message = "The provider's signature is not on file."
        yield Problem(header("provider_signature"), message, "Have the provider sign, then say so on the claim.")


@rule("claim.assignment", ERROR, source="42 CFR 447.15: Medicaid payment is payment in full")
def assignment(claim: Claim) -> Iterator[Problem]:
    """A Medicaid claim accepts assignment."""
    if claim.payer.claim_filing_indicator == "MC" and claim.accept_assignment != "A":
        message = "A Medicaid claim does not accept assignment."
        yield Problem(header("accept_assignment"), message, "Accept assignment (A).")


@rule("claim.benefits-assignment", WARNING, source=f"{_SOURCE} CLM08; CMS-1500 box 13")
def benefits_assignment(claim: Claim) -> Iterator[Problem]:
    """Where assignment is accepted, the patient has assigned the benefits; else the payer pays the patient."""
    if claim.accept_assignment == "A" and claim.benefits_assigned == "N":
        message = "Assignment is accepted, but the patient has not assigned the benefits."
        yield Problem(header("benefits_assigned"), message, "Have the patient sign the assignment of benefits.")


@rule("claim.patient-paid-negative", ERROR, when="patient_paid", source=f"{_SOURCE} AMT*F5")
def patient_paid_negative(claim: Claim) -> Iterator[Problem]:
    """What the patient paid is not below zero."""
    if claim.patient_paid is not None and claim.patient_paid < 0:
        message = f"The patient paid {dollars(claim.patient_paid)}."
        yield Problem(header("patient_paid"), message, "Post the refund, and report what the patient paid.")


@rule("claim.patient-paid-too-much", WARNING, when="patient_paid", source=f"{_SOURCE} AMT*F5; CMS-1500 box 29")
def patient_paid_too_much(claim: Claim) -> Iterator[Problem]:
    """The patient paid no more than the charge."""
    if claim.patient_paid is not None and claim.patient_paid > claim.charge:
        message = f"The patient paid {dollars(claim.patient_paid)} on charges of {dollars(claim.charge)}."
        yield Problem(header("patient_paid"), message, "Report only what was paid on these services.")


@rule("claim.total", ERROR, source=f"{_SOURCE} CLM02; Medicare: 99,999.99 (Part B common edits)")
def total(claim: Claim) -> Iterator[Problem]:
    """The charge fits the payer's field."""
    limit = _MEDICARE_LIMIT if claim.payer.claim_filing_indicator == "MB" else _LIMIT
    if claim.charge > limit:
        message = f"The charge {dollars(claim.charge)} is above {dollars(limit)}, the most a claim can say."
        yield Problem(header("charge"), message, "Split the claim, or check the lines' charges.")


@rule("claim.onset-after-service", ERROR, when="onset", source=f"{_SOURCE} DTP*431; CMS-1500 box 14")
def onset_after_service(claim: Claim) -> Iterator[Problem]:
    """An illness begins no later than the visit for it."""
    last = claim.service.end
    if claim.onset and last and claim.onset > last:
        message = f"The onset {claim.onset.isoformat()} is after the last service."
        yield Problem(header("onset"), message, "Correct the onset or the date of service.")


@rule("claim.last-menstrual-period", ERROR, when="last_menstrual_period", source=f"{_SOURCE} DTP*484; CMS-1500 box 14")
def last_menstrual_period(claim: Claim) -> Iterator[Problem]:
    """The last menstrual period is before the service, by no more than 315 days, and of a patient who is not male."""
    day, last = claim.last_menstrual_period, claim.service.end
    if day is None or last is None:
        return
    if claim.patient.sex == "M" or not 0 <= (last - day).days <= 315:
        message = f"The last menstrual period {day.isoformat()} does not fit the service or the patient."
        yield Problem(header("last_menstrual_period"), message, "Correct or remove it.")


@rule("claim.admission-required", ERROR, source=f"{_SOURCE} DTP*435: inpatient visits; CMS-1500 box 18")
def admission_required(claim: Claim) -> Iterator[Problem]:
    """Services to an inpatient (21, 51, 61) say when the patient was admitted."""
    if claim.admission is None and claim.place_of_service in ("21", "51", "61"):
        message = "An inpatient's day of admission is missing."
        yield Problem(header("admission"), message, "Ask the hospital for the day of admission.")


@rule("claim.admission-order", ERROR, source=f"{_SOURCE} DTP*435, DTP*096; CMS-1500 box 18")
def admission_order(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Admission comes before discharge, and both not in the future."""
    admitted, left = claim.admission, claim.discharge
    if (admitted and left and left < admitted) or any(day and day > ctx.today for day in (admitted, left)):
        message = "Admission and discharge are out of order or in the future."
        yield Problem(header("admission"), message, "Correct the hospital dates.")


@rule("claim.note", ERROR, when="note", source=f"{_SOURCE} NTE02 (80 characters); CMS-1500 box 19")
def note(claim: Claim) -> Iterator[Problem]:
    """A claim note has at most 80 characters."""
    if len(claim.note) > _NOTE:
        message = f"The claim note has {len(claim.note)} characters; 80 fit."
        yield Problem(header("note"), message, "Shorten it, or send an attachment.")


@rule(
    "claim.referring-required",
    ERROR,
    forms=("professional",),
    source="Claims Processing Manual ch. 26 §10.4 item 17; 42 CFR 424.507",
)
def referring_required(claim: Claim) -> Iterator[Problem]:
    """Medicare wants the ordering or referring provider on diagnostic tests and consultations.

    Imaging (70010–79999), laboratory (80047–89398) and audiology or cardiography tests with a biller who did not
    order them: a claim with nothing else on it.
    """
    if claim.payer.claim_filing_indicator not in _MEDICARE or claim.referring or not claim.lines:
        return
    if all(_ordered(service.procedure.code) for service in claim.lines):
        message = "Medicare pays these tests only with the provider who ordered them."
        yield Problem(header("referring"), message, "Name the ordering provider with name and NPI.")


def _ordered(code: str) -> bool:
    return len(code) == 5 and code.isdigit() and ("70010" <= code <= "89398" or "93000" <= code <= "93352")
