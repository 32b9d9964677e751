"""What one answer of a payer says of each of our charge lines, in cents."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from superbill.claims.model import Adjustment
from superbill.money import Cents, dollars, split
from superbill.remits.balancing import total
from superbill.remits.match import answered_lines
from superbill.remits.model import ChargeLine
from superbill.remits.posting import LineMoney, spread_claim_adjustments, spread_whole
from superbill.x12.model import RemittanceClaim, RemittanceLine

_INTEREST = "225"  # penalty or interest that the payer put into a claim's payment


class ClaimMoney(Struct, frozen=True):
    """An answer line by line, and interest that it pays beside the claim. All of it adds up to CLP04."""

    lines: tuple[LineMoney, ...]
    interest: Cents = 0

    @property
    def paid(self) -> dict[str, Cents]:
        """Per line key, what is paid."""
        return {line.line: line.paid for line in self.lines}


def claim_money(claim: RemittanceClaim, ours: Sequence[ChargeLine]) -> ClaimMoney | str:
    """What the claim says of each of our lines, or why that can't be told."""
    if not claim.lines:
        return _of_whole(claim, ours)
    answered = answered_lines(claim.lines, ours)
    from_claim = spread_claim_adjustments([line.paid for line in claim.lines], claim.adjustments)
    money: dict[str, LineMoney] = {}
    interest = 0
    for number, (line, own, extra) in enumerate(zip(claim.lines, answered, from_claim, strict=True), 1):
        if not own and _says_nothing(line) and not extra:
            continue
        mine, adjustments = _interest_of((*line.adjustments, *extra))
        interest += mine
        parts = _parts(own, line.paid - total(extra) - mine, adjustments, line.remarks)
        if parts is None:
            return f"Line {number} ({line.procedure.code}, {dollars(line.charge)}) is not on our claim."
        for part in parts:
            money[part.line] = _added(money.get(part.line), part)
    return ClaimMoney(tuple(money.values()), interest)


def by_our_lines(claim: RemittanceClaim, ours: Sequence[ChargeLine]) -> RemittanceClaim:
    """The answer with a line for each of ours where the payer put several together, and without lines that say nothing.

    What one line says of several is shared out by their charges; whatever can't be told stays as it is.
    """
    answered = answered_lines(claim.lines, ours)
    if all(len(own) == 1 for own in answered):
        return claim
    lines: list[RemittanceLine] = []
    for line, own in zip(claim.lines, answered, strict=True):
        if own or not _says_nothing(line):
            lines += _shared_out(line, own)
    return replace(claim, lines=tuple(lines))


def _shared_out(line: RemittanceLine, own: tuple[ChargeLine, ...]) -> list[RemittanceLine]:
    charges = [each.charge for each in own]
    spread = spread_signed(charges, line.paid, line.adjustments) if len(own) > 1 else None
    if spread is None:
        return [line]
    allowed = split(line.allowed, charges) if line.allowed is not None else [None] * len(own)
    return [
        replace(
            line,
            charge=each.charge if line.charge >= 0 else -each.charge,
            paid=part.paid,
            adjustments=part.adjustments,
            allowed=share,
            units=Decimal(each.units),
            submitted_procedure=each.procedure,
            control_number=each.key,
        )
        for each, part, share in zip(own, spread, allowed, strict=True)
    ]


def _says_nothing(line: RemittanceLine) -> bool:
    """A line for information: no charge, no payment, nothing adjusted."""
    return not (line.charge or line.paid or any(each.amount for each in line.adjustments))


def _interest_of(adjustments: tuple[Adjustment, ...]) -> tuple[Cents, tuple[Adjustment, ...]]:
    interest = -sum(each.amount for each in adjustments if each.reason == _INTEREST)
    return interest, tuple(each for each in adjustments if each.reason != _INTEREST) if interest else adjustments


def _parts(
    own: tuple[ChargeLine, ...], paid: Cents, adjustments: tuple[Adjustment, ...], remarks: tuple[str, ...]
) -> list[LineMoney] | None:
    """One answer put onto the lines it is for: as it is, or by their charges. None where it is for none of ours."""
    if len(own) == 1:
        return [LineMoney(line=own[0].key, paid=paid, adjustments=adjustments, remarks=remarks)]
    spread = spread_signed([line.charge for line in own], paid, adjustments) if own else None
    return spread and [
        LineMoney(line=line.key, paid=part.paid, adjustments=part.adjustments, remarks=remarks)
        for line, part in zip(own, spread, strict=True)
    ]


def spread_signed(charges: Sequence[Cents], paid: Cents, adjustments: Sequence[Adjustment]) -> list[LineMoney] | None:
    """`spread_whole`, of a reversal too, which takes the charges back."""
    if paid + total(adjustments) >= 0:
        return spread_whole(charges, paid, adjustments)
    spread = spread_whole(charges, -paid, [Adjustment(a.group, a.reason, -a.amount) for a in adjustments])
    return spread and [
        LineMoney(
            line=part.line,
            paid=-part.paid,
            adjustments=tuple(Adjustment(a.group, a.reason, -a.amount) for a in part.adjustments),
        )
        for part in spread
    ]


def _added(before: LineMoney | None, part: LineMoney) -> LineMoney:
    if before is None:
        return part
    return LineMoney(
        line=part.line,
        paid=before.paid + part.paid,
        adjustments=(*before.adjustments, *part.adjustments),
        remarks=(*before.remarks, *(code for code in part.remarks if code not in before.remarks)),
    )


def _of_whole(claim: RemittanceClaim, ours: Sequence[ChargeLine]) -> ClaimMoney | str:
    """A claim that the payer answered without lines, as Medicare does a stay: its money by our lines' charges."""
    interest, adjustments = _interest_of(claim.adjustments)
    paid = claim.paid - interest
    money = spread_signed([line.charge for line in ours], paid, adjustments)
    if money is None and len(ours) == 1:  # the payer has another charge than ours, but there is only one line to mean
        money = [LineMoney(line=ours[0].key, paid=paid, adjustments=adjustments)]
    if money is None:
        billed = dollars(sum(line.charge for line in ours))
        return f"The payer answers the claim as a whole, {dollars(claim.charge)}, but its lines are {billed}."
    lines = (
        LineMoney(line=own.key, paid=part.paid, adjustments=part.adjustments, remarks=claim.remarks)
        for own, part in zip(ours, money, strict=True)
    )
    return ClaimMoney(tuple(lines), interest)
