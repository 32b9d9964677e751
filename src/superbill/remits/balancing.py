"""The arithmetic that every 835 must satisfy before a cent of it is posted (X12 835 guide, section 1.10.2)."""

from collections.abc import Iterable, Iterator

from superbill.claims.model import Adjustment
from superbill.findings import Finding, Place, Severity
from superbill.money import Cents, dollars
from superbill.x12.model import Remittance, RemittanceClaim

_FIX = "Nothing was posted. Ask the payer for a corrected file, or post this payment by hand from the paper remittance."
_SOURCE = "ASC X12 005010X221A1, balancing"


def total(adjustments: Iterable[Adjustment]) -> Cents:
    """What these adjustments take off, together."""
    return sum(adjustment.amount for adjustment in adjustments)


def imbalances(remittance: Remittance) -> list[Finding]:
    """Every sum of the remittance that is off: payment, claims, lines. Empty when it balances."""
    findings = list(_payment(remittance))
    for claim in remittance.claims:
        findings += _claim(claim)
    return findings


def _off(rule: str, where: Place, message: str) -> Finding:
    return Finding(
        rule=f"remit.balance.{rule}", severity=Severity.ERROR, where=where, message=message, fix=_FIX, source=_SOURCE
    )


def _payment(remittance: Remittance) -> Iterator[Finding]:
    claims = sum(claim.paid for claim in remittance.claims)
    provider = sum(adjustment.amount for adjustment in remittance.provider_adjustments)
    if remittance.payment_amount != claims - provider:
        yield _off(
            "payment",
            Place(element="BPR02", field="payment amount"),
            f"The payment is {dollars(remittance.payment_amount)} but its claims pay "
            f"{dollars(claims)} and its provider adjustments take {dollars(provider)}.",
        )


def _claim(claim: RemittanceClaim) -> Iterator[Finding]:
    name = f"claim {claim.control_number}"
    explained = total(claim.adjustments) + sum(total(line.adjustments) for line in claim.lines)
    if claim.charge - claim.paid != explained:
        yield _off(
            "claim",
            Place(loop="2100", element="CLP03", field=name),
            f"Charge {dollars(claim.charge)} less payment {dollars(claim.paid)} is not the "
            f"{dollars(explained)} that the adjustments explain.",
        )
    if not claim.lines:
        return
    paid = sum(line.paid for line in claim.lines)
    at_claim = total(claim.adjustments)
    if paid - at_claim != claim.paid:
        less = f" less {dollars(at_claim)} adjusted at claim level" if at_claim else ""
        yield _off(
            "lines",
            Place(loop="2100", element="CLP04", field=name),
            f"CLP04 pays {dollars(claim.paid)} but its lines add up to {dollars(paid)}{less}.",
        )
    for number, line in enumerate(claim.lines, 1):
        if line.charge - line.paid != total(line.adjustments):
            yield _off(
                "line",
                Place(loop="2110", element="SVC02", service_line=number, field=name),
                f"Charge {dollars(line.charge)} less payment {dollars(line.paid)} is not the "
                f"{dollars(total(line.adjustments))} that its adjustments explain.",
            )
