"""What a TA1, a 999 or a 277CA says about a claim, as findings that a biller can act on."""

from superbill.app.claims.mends import ANY, BY_CATEGORY, BY_STATUS, ENTITIES, INTERCHANGE
from superbill.codesets.claim_status.lookup import category, status
from superbill.findings import Finding, Place, Severity
from superbill.x12.model import ClaimStatus, InterchangeAcknowledgement, StatusCode, TransactionSetResponse


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
            message=meaning(code),
            fix=mend(code),
            source="277CA (005010X214) STC",
        )
        for line, code in codes
    )


def rejected_interchange(answer: InterchangeAcknowledgement) -> tuple[Finding, ...]:
    """Why a whole file was refused."""
    why, fix = INTERCHANGE.get(
        answer.note, (f"its receiver gives code {answer.note}", "Ask the receiver what it means.")
    )
    return (
        Finding(
            rule="answer.interchange-rejected",
            severity=Severity.ERROR,
            where=Place(element="TA105"),
            message=f"The receiver refused the whole file {answer.control_number}: {why}.",
            fix=fix,
            source="TA1, TA104 and TA105",
        ),
    )


def mend(code: StatusCode) -> str:
    """What a biller does about a claim with this status."""
    return BY_STATUS.get(code.status) or BY_CATEGORY.get(code.category, ANY)


def meaning(code: StatusCode) -> str:
    """A status in plain words, with its codes."""
    kind, what = category(code.category), status(code.status)
    words = [kind.meaning if kind else f"Category {code.category}", what.meaning if what else f"status {code.status}"]
    entity = f", entity {code.entity}" if code.entity else ""
    who = f" ({ENTITIES[code.entity]})" if code.entity in ENTITIES else ""
    said = ": ".join(word.rstrip(".") for word in words)
    return f"{said}{who} ({code.category}, {code.status}{entity})."
