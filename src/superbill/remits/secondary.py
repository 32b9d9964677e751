"""From a posted remittance to the next payer's claim: what the payer decided, line by line, in COB form."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from superbill.claims.cob import PriorAdjudication, next_claim
from superbill.claims.control import control_number, read_control_number
from superbill.claims.inputs import CoverageOnClaim, PayerOnClaim
from superbill.claims.model import (
    Claim,
    InpatientAdjudication,
    LineAdjudication,
    OtherInsurance,
    OutpatientAdjudication,
    Procedure,
)
from superbill.findings import Finding, Severity, header
from superbill.money import Cents
from superbill.remits.lines import by_our_lines
from superbill.remits.match import charge_lines, match_lines
from superbill.x12.model import RemittanceClaim, RemittanceLine

_MOST_REMARKS = 5  # that MIA and MOA of the next payer's claim have places for
# CLP02: processed, and passed on to a further payer by the payer itself.
FORWARDED = frozenset({"19", "20", "21"})
# Remark codes by which a payer that does not say so in CLP02 tells that the claim went on: to the supplement (MA18), to
# Medicaid (MA07), to several payers (N89).
_WENT_ON = frozenset({"MA07", "MA18", "N89"})
_REVERSAL = "22"
FindPayer = Callable[[str], PayerOnClaim | None]


def waiting_payer(claim: Claim) -> OtherInsurance | None:
    """The next payer of `claim`: the first other insurance that has not adjudicated it."""
    return next((other for other in claim.other_insurance if other.paid is None), None)


def crossed_over(answered: RemittanceClaim) -> bool:
    """Whether the payer passed the claim on itself: by its status, the next payer's name (NM1*TT) or a remark."""
    remarks = {*answered.remarks, *(remark for line in answered.lines for remark in line.remarks)}
    named = bool(answered.crossover_payer or answered.crossover_payer_id)
    return answered.status in FORWARDED or named or not _WENT_ON.isdisjoint(remarks)


def standing_answer(claim: Claim, answers: Iterable[RemittanceClaim]) -> RemittanceClaim | None:
    """What a payer's posted answers to `claim`, in their order, come to: one answer, or None where nothing stands.

    A reversal takes back the answer of its claim number, or all where none has it. An answer to lines that were
    answered before stands for the earlier one; answers to different lines are parts of one (a claim that was split).
    """
    charges = {line.control_number: line.charge for line in claim.lines}
    standing: list[tuple[RemittanceClaim, dict[str, Cents]]] = []
    for answer in answers:
        number = answer.payer_control_number
        if answer.status == _REVERSAL:
            rest = [one for one in standing if one[0].payer_control_number != number]
            standing = rest if len(rest) < len(standing) else []
            continue
        lines = _answered_lines(claim, answer)
        standing = [one for one in standing if _parts(one[1], lines, charges)]
        standing.append((answer, lines))
    return _together([answer for answer, _ in standing])


def _parts(one: Mapping[str, Cents], other: Mapping[str, Cents], charges: Mapping[str, Cents]) -> bool:
    """Whether two answers speak of different lines, or of parts of one that together are no more than it."""
    return bool(one and other) and all(
        charge + one.get(line, 0) <= charges[line] for line, charge in other.items() if line in one
    )


def _answered_lines(claim: Claim, answer: RemittanceClaim) -> dict[str, Cents]:
    """Our lines that it answers, with what it takes their charges to be; none for an answer to the claim as a whole, or
    to a line that we can't tell."""
    told: dict[str, Cents] = {}
    for line, own in zip(answer.lines, match_lines(answer.lines, charge_lines(claim)), strict=True):
        if own is None:
            return {}
        told[own.key] = told.get(own.key, 0) + line.charge
    return told


def _together(parts: Sequence[RemittanceClaim]) -> RemittanceClaim | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    last = parts[-1]
    shares = [part.patient_responsibility for part in parts]
    return replace(
        parts[0],
        status=last.status,
        charge=sum(part.charge for part in parts),
        paid=sum(part.paid for part in parts),
        patient_responsibility=sum(share or 0 for share in shares) if any(shares) else None,
        crossover_payer=last.crossover_payer,
        crossover_payer_id=last.crossover_payer_id,
        adjustments=tuple(piece for part in parts for piece in part.adjustments),
        remarks=tuple(dict.fromkeys(remark for part in parts for remark in part.remarks)),
        lines=tuple(line for part in parts for line in part.lines),
    )


def leaves_share(answered: RemittanceClaim) -> bool:
    """Whether an answer leaves anything to the patient, and so to the next payer."""
    pieces = [*answered.adjustments, *(piece for line in answered.lines for piece in line.adjustments)]
    return sum(piece.amount for piece in pieces if piece.group == "PR") > 0


def same_adjudication(one: Claim, other: Claim) -> bool:
    """Whether two claims to a later payer say the same of what the earlier ones did."""
    return one.other_insurance == other.other_insurance and (
        {line.control_number: line.adjudications for line in one.lines}
        == {line.control_number: line.adjudications for line in other.lines}
    )


def secondary_claim(
    claim: Claim, answered: RemittanceClaim, paid_on: date, payers: FindPayer, *, version: int = 1
) -> Claim | list[Finding]:
    """The claim to the next payer once `answered` has been posted; findings when it can't be made.

    `payers` finds a payer by its id. The control number keeps the account and names the next responsibility and the
    `version`.
    """
    waiting = waiting_payer(claim)
    payer = payers(waiting.payer.id) if waiting else None
    number = read_control_number(claim.control_number)
    if waiting is None or payer is None or number is None:
        return [_no_next_payer(claim)]
    adjudication = prior_adjudication(claim, answered, paid_on)
    if isinstance(adjudication, Finding):
        return [adjudication]
    coverage = CoverageOnClaim(coverage_id="", payer=payer, subscriber=waiting.subscriber)
    letter = waiting.subscriber.responsibility
    made = next_claim(claim, [adjudication], coverage, control_number(number.account, letter, version, number.part))
    return made if isinstance(made, list) else replace(made, version=version)


def prior_adjudication(claim: Claim, answered: RemittanceClaim, paid_on: date) -> PriorAdjudication | Finding:
    """What the payer of `claim` decided, keyed by our line control numbers."""
    lines: dict[str, LineAdjudication] = {}
    answered = by_our_lines(answered, charge_lines(claim))
    for theirs, own in zip(answered.lines, match_lines(answered.lines, charge_lines(claim)), strict=True):
        if own is None:
            return _unknown_line(claim, theirs.procedure.code)
        before = lines.get(own.key)
        procedure, revenue_code = _adjudicated(theirs)
        lines[own.key] = LineAdjudication(
            payer_id=claim.payer.id,
            paid=theirs.paid + (before.paid if before else 0),
            procedure=procedure,
            revenue_code=revenue_code,
            units=theirs.units + (before.units if before else Decimal(0)),
            adjustments=(*(before.adjustments if before else ()), *theirs.adjustments),
            paid_on=paid_on,
        )
    return PriorAdjudication(
        payer=claim.payer,
        subscriber=claim.subscriber,
        paid_on=paid_on,
        paid=answered.paid,
        payer_control_number=answered.payer_control_number,
        lines=lines,
        adjustments=answered.adjustments,
        inpatient=_remarked_on_stay(claim, answered),
        outpatient=_remarked(claim, answered),
    )


def _adjudicated(line: RemittanceLine) -> tuple[Procedure, str]:
    """Procedure and revenue code of what was adjudicated: the list NU of SVC01 is of revenue codes (835 TR3, 2110)."""
    if line.procedure.qualifier == "NU":
        return Procedure(""), line.procedure.code
    return line.procedure, line.revenue_code


def _on_stay(claim: Claim, answered: RemittanceClaim) -> bool:
    """Whether the payer speaks of an inpatient stay: it says so itself, or the bill does."""
    stay = claim.institutional
    return stay is not None and (answered.inpatient is not None or (stay.inpatient and answered.outpatient is None))


def _remarked_on_stay(claim: Claim, answered: RemittanceClaim) -> InpatientAdjudication | None:
    if not _on_stay(claim, answered) or (answered.inpatient is None and not answered.remarks):
        return None
    return replace(answered.inpatient or InpatientAdjudication(), remarks=answered.remarks[:_MOST_REMARKS])


def _remarked(claim: Claim, answered: RemittanceClaim) -> OutpatientAdjudication | None:
    if _on_stay(claim, answered) or (answered.outpatient is None and not answered.remarks):
        return None
    return replace(answered.outpatient or OutpatientAdjudication(), remarks=answered.remarks[:_MOST_REMARKS])


def _no_next_payer(claim: Claim) -> Finding:
    return Finding(
        rule="remit.no-next-payer",
        severity=Severity.ERROR,
        where=header("other insurance"),
        message=f"Claim {claim.control_number} names no further payer that this site bills.",
        fix="Add the payer to the site file, or bill the patient.",
    )


def _unknown_line(claim: Claim, code: str) -> Finding:
    return Finding(
        rule="remit.unmatched-line",
        severity=Severity.ERROR,
        where=header("lines"),
        message=f"The payer answered a line {code} that is not on claim {claim.control_number}.",
        fix="Match the line by hand, then bill the next payer.",
    )
