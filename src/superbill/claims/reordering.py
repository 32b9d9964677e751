"""Another payer turns out to come first: the claim as it goes to that one, those known before behind it."""

from collections.abc import Sequence

from msgspec.structs import replace

from superbill.claims.cob import without_payers_numbers
from superbill.claims.control import RESPONSIBILITIES, control_number, read_control_number
from superbill.claims.inputs import PayerOnClaim
from superbill.claims.model import Claim, OtherInsurance, Payer, Subscriber
from superbill.findings import Finding, Severity, header

_MEDICARE_SECOND = "12"  # SBR05: the working aged; whoever knows better corrects the claim


def reordered(claim: Claim, first: PayerOnClaim, subscriber: Subscriber, version: int) -> Claim | list[Finding]:
    """The original claim to `first`, with the payer of `claim` and those that waited behind it in their order.

    Codes, charges and line control numbers stay. Numbers that the former first payer gave are left with it. Findings
    for a claim that earlier payers have adjudicated, for a payer that is on it already, or for one payer too many.
    """
    number = read_control_number(claim.control_number)
    behind = [(claim.payer, claim.subscriber), *((other.payer, other.subscriber) for other in claim.other_insurance)]
    if number is None or claim.subscriber.responsibility != "P":
        return [_finding("claims.not-first", "Only the claim to the first payer can go to another one first.")]
    if any(payer.id == first.payer.id and who.member_id == subscriber.member_id for payer, who in behind):
        return [_finding("claims.payer-known", f"{first.payer.name} is on this claim already.")]
    if len(behind) >= len(RESPONSIBILITIES):
        return [_finding("claims.cob-too-many-payers", "A claim names at most 11 payers.")]
    medicare = first.kind != "medicare" and claim.payer.claim_filing_indicator in ("MA", "MB")
    others = _waiting(claim, behind, _MEDICARE_SECOND if medicare else "")
    bare = without_payers_numbers(claim)
    return replace(
        bare,
        control_number=control_number(number.account, "P", version, number.part),
        version=version,
        frequency="1" if claim.frequency in ("7", "8") else claim.frequency,
        payer_control_number="",
        subscriber=replace(subscriber, responsibility="P"),
        payer=first.payer,
        other_insurance=others,
    )


def _waiting(claim: Claim, behind: Sequence[tuple[Payer, Subscriber]], why_second: str) -> tuple[OtherInsurance, ...]:
    waiting = []
    for place, (payer, who) in enumerate(behind, 1):
        told = why_second if place == 1 and not who.insurance_type else who.insurance_type
        subscriber = replace(who, responsibility=RESPONSIBILITIES[place], insurance_type=told)
        waiting.append(
            OtherInsurance(
                subscriber=subscriber,
                payer=payer,
                benefits_assigned=claim.benefits_assigned,
                release_of_information=claim.release_of_information,
            )
        )
    return tuple(waiting)


def _finding(rule: str, message: str) -> Finding:
    fix = "Compare the claim with the patient's insurance cards."
    return Finding(
        rule=rule, severity=Severity.ERROR, where=header("other insurance"), message=message, fix=fix, source=_SOURCE
    )


_SOURCE = "CMS Pub. 100-05 (Medicare Secondary Payer Manual)"
