"""Coordination of benefits: what earlier payers did with each line of a claim, as the claim itself tells."""

from datetime import date

from msgspec import Struct

from superbill.claims.model import Adjustment, Claim, OtherInsurance, ServiceLine
from superbill.money import Cents, split

_ORDER = "PSTABCDEFGH"  # SBR01, first to eleventh payer


class PriorLine(Struct, frozen=True):
    """What earlier payers left of one line. `paid` by all of them; `left` is the patient's part after the last one,
    made of the PR adjustments in `pieces` (amounts add up to `left`)."""

    paid: Cents
    left: Cents
    pieces: tuple[Adjustment, ...]


class Prior(Struct, frozen=True):
    """The earlier payers' answers to a claim, by line number."""

    lines: dict[int, PriorLine]
    paid_on: date | None


def prior_payments(claim: Claim) -> Prior | None:
    """What earlier payers did, or None when the claim doesn't say (no payer has adjudicated it)."""
    told = [other for other in claim.other_insurance if _has_answered(claim, other)]
    if not told:
        return None
    told.sort(key=lambda other: _ORDER.index(other.subscriber.responsibility))
    lines = {line.number: _line(claim, position, line, told) for position, line in enumerate(claim.lines)}
    dates = [other.paid_on for other in told if other.paid_on]
    dates += [answer.paid_on for line in claim.lines for answer in line.adjudications if answer.paid_on]
    return Prior(lines, max(dates, default=None))


def _has_answered(claim: Claim, other: OtherInsurance) -> bool:
    return other.paid is not None or any(
        answer.payer_id == other.payer.id for line in claim.lines for answer in line.adjudications
    )


def _line(claim: Claim, position: int, line: ServiceLine, told: list[OtherInsurance]) -> PriorLine:
    paid = 0
    pieces: list[Adjustment] = []
    for other in told:
        amount, pieces = _answer(claim, position, line, other)
        paid += amount
    paid = max(0, min(paid, line.charge))
    # A file may claim more patient responsibility than the earlier payments leave of the charge.
    room = line.charge - paid
    kept: list[Adjustment] = []
    for piece in pieces:
        amount = max(0, min(piece.amount, room))
        if amount:
            kept.append(Adjustment("PR", piece.reason, amount))
            room -= amount
    return PriorLine(paid, sum(piece.amount for piece in kept), tuple(kept))


def _answer(claim: Claim, position: int, line: ServiceLine, other: OtherInsurance) -> tuple[Cents, list[Adjustment]]:
    """What one payer paid on this line and left to the patient; split by charge where it spoke of the whole claim."""
    answers = [answer for answer in line.adjudications if answer.payer_id == other.payer.id]
    if answers:
        pieces = [piece for answer in answers for piece in answer.adjustments if piece.group == "PR"]
        return sum(answer.paid for answer in answers), pieces
    if any(answer.payer_id == other.payer.id for each in claim.lines for answer in each.adjudications):
        return 0, []  # it answered line by line and said nothing of this one
    weights = [each.charge for each in claim.lines]
    paid = split(other.paid or 0, weights)[position]
    return paid, [
        Adjustment("PR", piece.reason, split(piece.amount, weights)[position])
        for piece in other.adjustments
        if piece.group == "PR"
    ]


def left_with_patient(prior: PriorLine, paid: Cents) -> list[Adjustment]:
    """The patient's pieces after `paid` cents of them were paid, the last piece first."""
    kept: list[Adjustment] = []
    for piece in reversed(prior.pieces):
        used = min(paid, piece.amount)
        paid -= used
        if piece.amount > used:
            kept.append(Adjustment("PR", piece.reason, piece.amount - used))
    return kept[::-1]
