"""What a 999 or a 277CA says about a claim, as findings that a biller can act on."""

from superbill.codesets.claim_status.lookup import category, status
from superbill.findings import Finding, Place, Severity
from superbill.x12.model import ClaimStatus, StatusCode, TransactionSetResponse


def rejected_set(response: TransactionSetResponse) -> tuple[Finding, ...]:
    """Why a transaction set was refused: one finding per segment named, or one for the set."""
    places = [
        Place(loop=error.loop, position=error.position, element=f"{error.segment}{element.position:02d}")
        for error in response.errors
        for element in error.elements
    ] + [
        Place(loop=error.loop, position=error.position, element=error.segment)
        for error in response.errors
        if not error.elements
    ]
    return tuple(
        Finding(
            rule="answer.set-rejected",
            severity=Severity.ERROR,
            where=place,
            message=f"The receiver refused transaction set {response.control_number} because of this place.",
            fix="Correct what is there and send the claims of this set again.",
            source="999 (005010X231A1) IK3, IK4, IK5",
        )
        for place in places or [Place(element="IK501")]
    )


def rejection(answer: ClaimStatus) -> tuple[Finding, ...]:
    """Why a claim was not taken into adjudication: one finding per status."""
    lines = [(line.control_number, code) for line in answer.lines for code in line.statuses]
    codes = [("", code) for code in answer.statuses] + lines
    return tuple(
        Finding(
            rule=f"answer.{code.category}-{code.status}",
            severity=Severity.ERROR,
            where=Place(loop="2220D" if line else "2200D", element="STC01", field=f"line {line}" if line else ""),
            message=_meaning(code),
            fix="Correct the claim and send it again as a new claim; it was not adjudicated.",
            source="277CA (005010X214) STC",
        )
        for line, code in codes
    )


def _meaning(code: StatusCode) -> str:
    kind, what = category(code.category), status(code.status)
    words = [kind.meaning if kind else f"Category {code.category}", what.meaning if what else f"status {code.status}"]
    entity = f", entity {code.entity}" if code.entity else ""
    return ": ".join(word.rstrip(".") for word in words) + f" ({code.category}, {code.status}{entity})."
