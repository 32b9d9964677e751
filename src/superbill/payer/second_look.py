"""Second looks: the reversal of a claim as it was reported, and its correction."""

from datetime import date, timedelta

import msgspec

from superbill.claims.model import Adjustment, InpatientAdjudication
from superbill.money import Cents
from superbill.payer.adjudicate import patient_responsibility
from superbill.payer.chance import digest
from superbill.x12.model import RemittanceClaim, RemittanceLine

REVERSED = "22"
_CUT_PER_MILLE = (120, 180, 250)
_RAISE_PER_MILLE = 250  # of what the contract took off


def reversal_of(result: RemittanceClaim) -> RemittanceClaim:
    """CLP02 22: every amount of the first report with its sign turned. CLP05 is not sent in a reversal, nor is what
    was said of days and prices of the claim as a whole."""
    return msgspec.structs.replace(
        result,
        status=REVERSED,
        charge=-result.charge,
        paid=-result.paid,
        patient_responsibility=None,
        inpatient=None if result.inpatient is None else InpatientAdjudication(),
        outpatient=None,
        covered_days=None,
        lines=tuple(
            msgspec.structs.replace(
                line,
                charge=-line.charge,
                paid=-line.paid,
                allowed=None,
                adjustments=tuple(msgspec.structs.replace(each, amount=-each.amount) for each in line.adjustments),
            )
            for line in result.lines
        ),
    )


def corrected(result: RemittanceClaim, icn: str, seed: int) -> tuple[RemittanceClaim, bool]:
    """The claim as decided anew, under `icn`, and whether the coverage turned out to have ended (all is refused).

    Of four second looks two find a lower price, one a higher one, one that the coverage had ended.
    """
    kind = digest(seed, "second look", result.payer_control_number) % 4
    if kind == 3:
        lines = [_refused(line) for line in result.lines]
    else:
        lines = [_repriced(line, _change(line, kind, seed, result.payer_control_number)) for line in result.lines]
    changed = msgspec.structs.replace(
        result,
        payer_control_number=icn,
        status="4" if kind == 3 else result.status,
        paid=sum(line.paid for line in lines),
        inpatient=_anew(result.inpatient, lines),
        covered_days=None if kind == 3 else result.covered_days,
        patient_responsibility=patient_responsibility(lines),
        coverage_expired=_day_before(result) if kind == 3 else result.coverage_expired,
        lines=tuple(lines),
    )
    return changed, kind == 3


def _anew(stay: InpatientAdjudication | None, lines: list[RemittanceLine]) -> InpatientAdjudication | None:
    if stay is None or stay.drg_amount is None:
        return stay
    return msgspec.structs.replace(stay, drg_amount=sum(line.allowed or 0 for line in lines))


def _day_before(result: RemittanceClaim) -> date | None:
    """The day on which the coverage turned out to have ended: the last before the services."""
    days = [line.service.start for line in result.lines if line.service.start is not None]
    days = days or [day for day in (result.statement.start,) if day is not None]
    return min(days) - timedelta(days=1) if days else None


def kept_for_later(icn: str, seed: int) -> bool:
    """Whether the payer asks for the money first and withholds it later, instead of netting it at once."""
    return digest(seed, "letter first", icn) % 2 == 0


def _change(line: RemittanceLine, kind: int, seed: int, icn: str) -> Cents:
    """Cents by which a new price changes the payment of a line."""
    if line.paid <= 0:
        return 0
    if kind == 0:
        contractual = sum(each.amount for each in line.adjustments if (each.group, each.reason) == ("CO", "45"))
        return contractual * _RAISE_PER_MILLE // 1000
    return -(line.paid * _CUT_PER_MILLE[digest(seed, "cut", icn) % len(_CUT_PER_MILLE)] // 1000)


def _repriced(line: RemittanceLine, change: Cents) -> RemittanceLine:
    """Pay `change` cents more; CO-45 takes up the difference."""
    if not change:
        return line
    adjustments = {(each.group, each.reason): each for each in line.adjustments}
    before = adjustments.get(("CO", "45"), Adjustment("CO", "45", 0))
    adjustments["CO", "45"] = msgspec.structs.replace(before, amount=before.amount - change)
    return msgspec.structs.replace(
        line,
        paid=line.paid + change,
        allowed=None if line.allowed is None else line.allowed + change,
        adjustments=tuple(each for each in adjustments.values() if each.amount),
    )


def _refused(line: RemittanceLine) -> RemittanceLine:
    """CO-27 for all that earlier payers did not take (OA-23 stays)."""
    earlier = tuple(each for each in line.adjustments if each.group == "OA")
    rest = line.charge - sum(each.amount for each in earlier)
    refusal = (Adjustment("CO", "27", rest),) if rest else ()
    return msgspec.structs.replace(line, paid=0, allowed=None, remarks=(), adjustments=(*earlier, *refusal))
