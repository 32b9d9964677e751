"""Coordination of benefits: the next payer's claim from a claim and what earlier payers did; corrections and voids.

Of claims of every kind. Balancing as the 837 TR3s (of the 837P section 1.4.4; loops 2320, 2330B, 2430) ask of each
payer that has adjudicated: line charge = line paid + its adjustments; claim paid = Σ line paid − adjustments made at
claim level.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from superbill.claims.control import RESPONSIBILITIES, control_number, read_control_number
from superbill.claims.inputs import CoverageOnClaim
from superbill.claims.model import (
    Adjustment,
    Claim,
    DentalLine,
    InpatientAdjudication,
    LineAdjudication,
    OtherInsurance,
    OutpatientAdjudication,
    Payer,
    Responsibility,
    ServiceLine,
    Subscriber,
)
from superbill.findings import Finding, Severity, header, line
from superbill.money import Cents, dollars

_PATIENT = "PR"
_SOURCE = "837P TR3, section 1.4.4"
_OTHER_VERSIONS = ("7", "8")
# References that the former payer, its repricer or the way to it gave: exception, repriced, clearinghouse, crossover,
# peer review.
_OF_ONE_PAYER = frozenset(("4N", "9A", "9C", "D9", "F5", "G4"))


class PriorAdjudication(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one payer did with a claim, as its remittance says.

    `lines` by line control number, every line of the claim, or none when the payer adjudicated the claim as a whole.
    `adjustments` only those made at claim level. `paid` in cents for the whole claim (CLP04). `inpatient` and
    `outpatient` are what it remarked on the whole claim (MIA, MOA).
    """

    payer: Payer
    subscriber: Subscriber
    paid_on: date
    paid: Cents
    payer_control_number: str = ""
    lines: dict[str, LineAdjudication] = {}
    adjustments: tuple[Adjustment, ...] = ()
    inpatient: InpatientAdjudication | None = None
    outpatient: OutpatientAdjudication | None = None


def next_claim(
    claim: Claim,
    adjudications: Sequence[PriorAdjudication],
    next_coverage: CoverageOnClaim,
    number: str,
) -> Claim | list[Finding]:
    """The claim to the next payer after `adjudications`, in the order in which those payers paid.

    Its payer becomes the destination one place further (P → S → T); those that paid move to other insurance with
    their money. Payers adjudicated on `claim` already stay; lines, charges and line control numbers never change.
    What one payer gave (authorization, referral, predetermination) goes with that payer. The bill of a part of a stay
    stays one. Findings instead of a claim when a payer's figures don't balance: no payer would accept it.
    """
    findings = [finding for one in adjudications for finding in unbalanced(claim, one)]
    if not adjudications:
        findings.append(
            _finding("claims.cob-nothing-adjudicated", "No payer has adjudicated this claim yet.", "Wait for the 835.")
        )
    if claim.predetermination:
        message = "A predetermination asked what would be paid; nothing has been done that another payer could pay."
        findings.append(_finding("claims.cob-predetermination", message, "Bill the services once they are done."))
    paid_before = [other for other in claim.other_insurance if other.paid is not None]
    paid = [_identity(other.payer, other.subscriber) for other in paid_before]
    paid += [_identity(one.payer, one.subscriber) for one in adjudications]
    if len(set(paid)) < len(paid):
        fix = "Give each payer's result once; post a reversal before its correction."
        findings.append(_finding("claims.cob-payer-twice", "A payer appears twice among those that paid.", fix))
    if _identity(next_coverage.payer.payer, next_coverage.subscriber) in paid:
        name = next_coverage.payer.payer.name
        findings.append(_finding("claims.cob-same-payer", f"{name} has already paid.", "Bill the next coverage."))
    place = len(paid)
    if place >= len(RESPONSIBILITIES):
        findings.append(_finding("claims.cob-too-many-payers", "A claim names at most 11 payers.", "Bill by paper."))
    if findings:
        return findings
    return _moved(claim, adjudications, next_coverage, number, RESPONSIBILITIES[place])


def _moved(
    claim: Claim,
    adjudications: Sequence[PriorAdjudication],
    next_coverage: CoverageOnClaim,
    number: str,
    responsibility: Responsibility,
) -> Claim:
    destination = _identity(next_coverage.payer.payer, next_coverage.subscriber)
    former = [other for other in claim.other_insurance if other.paid is not None]
    paid = {_identity(one.payer, one.subscriber) for one in adjudications}
    open_yet = [
        other
        for other in claim.other_insurance
        if other.paid is None and _identity(other.payer, other.subscriber) not in paid | {destination}
    ]
    moved = [_other(one, RESPONSIBILITIES[len(former) + place], claim) for place, one in enumerate(adjudications)]
    later = RESPONSIBILITIES[RESPONSIBILITIES.index(responsibility) + 1 :]
    waiting = [
        replace(other, subscriber=replace(other.subscriber, responsibility=letter))
        for other, letter in zip(open_yet, later, strict=False)
    ]
    bare = without_payers_numbers(claim)
    return replace(
        bare,
        control_number=number,
        version=1,
        frequency="1" if claim.frequency in _OTHER_VERSIONS else claim.frequency,
        payer_control_number="",
        subscriber=replace(next_coverage.subscriber, responsibility=responsibility),
        payer=next_coverage.payer.payer,
        other_insurance=(*former, *moved, *waiting),
        lines=tuple(_line(one, adjudications) for one in bare.lines),
    )


def without_payers_numbers(claim: Claim) -> Claim:
    """The claim without what one payer gave: authorization, referral, predetermination, its references and reasons."""
    return replace(
        claim,
        delay_reason="",
        dental=claim.dental and replace(claim.dental, predetermination_number=""),
        references=tuple(each for each in claim.references if each.qualifier not in _OF_ONE_PAYER),
        lines=tuple(_without_payers_numbers(line) for line in claim.lines),
        prior_authorization="",
        referral_number="",
    )


def _identity(payer: Payer, subscriber: Subscriber) -> tuple[str, str]:
    return payer.id, subscriber.member_id


def _other(one: PriorAdjudication, responsibility: Responsibility, claim: Claim) -> OtherInsurance:
    destination = _identity(one.payer, one.subscriber) == _identity(claim.payer, claim.subscriber)
    return OtherInsurance(
        subscriber=replace(one.subscriber, responsibility=responsibility),
        payer=one.payer,
        paid=one.paid,
        adjustments=one.adjustments,
        # Reported once: on the lines when the payer decided by line, else here (TR3, AMT*EAF of 2320 and 2430).
        remaining_patient_liability=None if one.lines else _patient_share(one.adjustments),
        paid_on=None if one.lines else one.paid_on,
        payer_control_number=one.payer_control_number,
        prior_authorization=claim.prior_authorization if destination else "",
        referral_number=claim.referral_number if destination else "",
        inpatient=one.inpatient,
        outpatient=one.outpatient,
        benefits_assigned=claim.benefits_assigned,
        release_of_information=claim.release_of_information,
    )


def _line(service: ServiceLine, adjudications: Sequence[PriorAdjudication]) -> ServiceLine:
    added = []
    for one in adjudications:
        known = one.lines.get(service.control_number)
        if known is None:
            continue
        share = known.remaining_patient_liability
        added.append(
            replace(
                known,
                payer_id=one.payer.id,
                paid_on=known.paid_on or one.paid_on,
                remaining_patient_liability=_patient_share(known.adjustments) if share is None else share,
            )
        )
    return replace(service, adjudications=(*service.adjudications, *added)) if added else service


def _without_payers_numbers(service: ServiceLine) -> ServiceLine:
    detail = service.dental
    if detail is not None and detail.predetermination_number:
        left = replace(detail, predetermination_number="")
        service = replace(service, dental=left if left != DentalLine() else None)
    if service.prior_authorization or service.referral_number:
        service = replace(service, prior_authorization="", referral_number="")
    return service


def _patient_share(adjustments: Sequence[Adjustment]) -> Cents:
    return sum(adjustment.amount for adjustment in adjustments if adjustment.group == _PATIENT)


def unbalanced(claim: Claim, one: PriorAdjudication) -> list[Finding]:
    """Where a payer's result does not add up to the claim's charges; empty when it balances."""
    if not one.lines:
        return _sums("the claim", None, claim.charge, one.paid, one.adjustments)
    known = {service.control_number for service in claim.lines}
    findings = [
        _finding(
            "claims.cob-line-missing",
            f"{one.payer.name} adjudicated lines, but not line {service.number} ({service.control_number}).",
            "Post the payer's result for every line, or bill on paper with its remittance attached.",
        )
        for service in claim.lines
        if service.control_number not in one.lines
    ]
    findings += [
        _finding("claims.cob-line-unknown", f"{one.payer.name} adjudicated {key}, no line of this claim.", _MATCH)
        for key in sorted(one.lines.keys() - known)
    ]
    for service in claim.lines:
        if found := one.lines.get(service.control_number):
            findings += _sums("the line", service.number, service.charge, found.paid, found.adjustments)
    by_line = sum(found.paid for key, found in one.lines.items() if key in known)
    at_claim_level = sum(adjustment.amount for adjustment in one.adjustments)
    if not findings and by_line - at_claim_level != one.paid:
        message = (
            f"{one.payer.name} paid {dollars(one.paid)}; its lines less its claim adjustments give "
            f"{dollars(by_line - at_claim_level)}."
        )
        findings.append(_finding("claims.cob-paid", message, _CORRECT))
    return findings


_MATCH = "Match the remittance to the right claim first."
_CORRECT = "Compare with the 835; ask the payer for a corrected remittance when it says the same."


def _sums(
    what: str, number: int | None, charge: Cents, paid: Cents, adjustments: Sequence[Adjustment]
) -> list[Finding]:
    explained = paid + sum(adjustment.amount for adjustment in adjustments)
    if explained == charge:
        return []
    message = f"Paid and adjusted give {dollars(explained)}, the charge of {what} is {dollars(charge)}."
    return [_finding("claims.cob-unbalanced", message, _CORRECT, number)]


def _finding(rule: str, message: str, fix: str, number: int | None = None) -> Finding:
    where = header("other insurance") if number is None else line(number, "adjudications")
    return Finding(rule=rule, severity=Severity.ERROR, where=where, message=message, fix=fix, source=_SOURCE)


_FIXED_BY_VERSION = frozenset({"control_number", "version", "frequency", "payer_control_number", "kind"})


def corrected(claim: Claim, payer_control_number: str, version: int, changes: Mapping[str, object]) -> Claim:
    """A replacement (frequency 7) of `claim` with `changes` to its fields; `payer_control_number` is the payer's own.

    Raises ValueError for a change of what the version itself decides, for a field that a claim does not have, and
    for a version not after the claim's.
    """
    wrong = sorted(set(changes) & _FIXED_BY_VERSION | set(changes) - set(claim.__struct_fields__))
    if wrong:
        raise ValueError(f"a correction can't change {', '.join(wrong)}")
    return replace(_version(claim, payer_control_number, version, "7"), **changes)


def void(claim: Claim, payer_control_number: str, version: int) -> Claim:
    """The cancellation (frequency 8) of `claim`: the same claim, to be undone. Raises ValueError like `corrected`."""
    return _version(claim, payer_control_number, version, "8")


def _version(claim: Claim, payer_control_number: str, version: int, frequency: str) -> Claim:
    if version <= claim.version:
        raise ValueError(f"version {version} does not come after {claim.version}")
    known = read_control_number(claim.control_number)
    if known is None:
        raise ValueError(f"not a control number of ours: {claim.control_number!r}")
    return replace(
        claim,
        control_number=control_number(known.account, known.responsibility, version, known.part),
        version=version,
        frequency=frequency,
        payer_control_number=payer_control_number,
    )
