"""Adjudication of one claim: from what was billed to what is paid, with every cent of the difference explained."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from superbill.claims.model import Adjustment, Claim, ServiceLine
from superbill.effective import Period
from superbill.money import Cents, portion
from superbill.payer.cob import PriorLine, left_with_patient
from superbill.payer.predetermination import PREDETERMINED, expected
from superbill.payer.rules import Case, Denial, coverage_end, first_denial
from superbill.payer.stays import facility_part, paid_with_the_first_bill, reported_procedure
from superbill.pricing.benefits import NOTHING, Accumulators, PatientShare
from superbill.pricing.bill import Bill, Item, bill_of
from superbill.pricing.contract_model import PricedLine
from superbill.pricing.patient_share import Shares
from superbill.x12.model import RemittanceClaim, RemittanceLine

_STATUS = {"P": "1", "S": "2"}  # anyone later is a tertiary payer
# CLP06 has no code for commercial insurance (CI) or Blue Cross (BL): they say what kind of plan it is.
_PLAN_KINDS = {"CI": "12", "BL": "12", "BM": "12", "11": "ZZ", "MH": "ZZ", "ZZ": "ZZ"}
_NOT_A_MEMBER = frozenset({"26", "27"})
_NO_PRICE = Denial("CO", "96", ("N180",))


class Adjudicated(Struct, frozen=True):
    """The answer to a claim, and what it adds to the member's accumulators."""

    result: RemittanceClaim
    share: PatientShare


def adjudicate(case: Case, accumulators: Accumulators, *, icn: str) -> Adjudicated:
    """Decide every line of the claim in its order; each line sees the accumulators after the one before."""
    claim, bill = case.claim, _bill(case)
    denials = [first_denial(case, line) for line in claim.lines]
    payable = {line.number for line, denial in zip(claim.lines, denials, strict=True) if denial is None}
    # Lines are priced together: a case rate or a second procedure of the day looks at what else is payable.
    items = tuple(item for item in bill.items if item.number in payable)
    priced = {line.number: line for line in case.payer.contract.price(replace(bill, items=items)).lines}
    shares = Shares(bill, case.benefits, accumulators)
    lines: list[RemittanceLine] = []
    for place, (line, item) in enumerate(zip(claim.lines, bill.items, strict=True)):
        price = priced.get(line.number)
        prior = case.prior.lines[line.number] if case.prior is not None else None
        denial = denials[place] or _unpriced(case, price, prior)
        allowed = price.allowed or 0 if price is not None else 0
        if denial is not None:
            lines.append(_denied(line, denial, prior))
        elif prior is not None:
            lines.append(_after_others(case, line, prior, allowed))
        else:
            lines.append(_first(case, line, item, allowed, shares))
    decided = replace(_claim(case, icn, lines, denials), **facility_part(case, lines, list(priced.values())))
    if claim.predetermination:
        return Adjudicated(expected(decided), NOTHING)
    return Adjudicated(decided, shares.total)


def _bill(case: Case) -> Bill:
    """What the contract looks at. What has not been done yet is priced as of the day on which it was asked."""
    bill = bill_of(case.claim)
    if not case.claim.predetermination:
        return bill
    day = case.received
    items = tuple(replace(item, day=item.day or day) for item in bill.items)
    return replace(bill, items=items, start=bill.start or day, end=bill.end or day)


def _unpriced(case: Case, price: PricedLine | None, prior: PriorLine | None) -> Denial | None:
    """No clause prices the line, or the one that does has paid the stay with its first bill."""
    if price is not None and paid_with_the_first_bill(case, price):
        return Denial("CO", "97")
    return _NO_PRICE if prior is None and (price is None or price.allowed is None) else None


def _first(case: Case, line: ServiceLine, item: Item, allowed: Cents, shares: Shares) -> RemittanceLine:
    """As first payer: what the contract allows, the patient's share of it, then what the law withholds."""
    payer = case.payer
    share = shares.of(item, allowed) if payer.patient_share else NOTHING
    withheld = portion(allowed - share.total, payer.withheld.on(item.day or case.received) or Decimal(0))
    # A contract without lesser-of may allow more than was charged; 94 is the reason for what comes on top.
    above = "94" if allowed > line.charge else "45"
    adjustments = (
        Adjustment("CO", above, line.charge - allowed),
        Adjustment("CO", "253", withheld),
        Adjustment("PR", "1", share.deductible + share.stay),
        Adjustment("PR", "2", share.coinsurance),
        Adjustment("PR", "3", share.copay),
    )
    return _line(line, allowed - share.total - withheld, adjustments, allowed=allowed)


def _after_others(case: Case, line: ServiceLine, prior: PriorLine, allowed: Cents) -> RemittanceLine:
    """As a later payer: the lesser of its own allowance beyond what was paid, and what is left with the patient."""
    if case.payer.always_after:  # a supplement follows the earlier payer's allowance
        allowed = prior.paid + prior.left
    paid = min(prior.left, max(0, allowed - prior.paid))
    # Where nothing is left to the patient, the payer's payment is payment in full.
    in_full = [Adjustment("CO", "45", prior.left - paid)]
    rest = left_with_patient(prior, paid) if case.payer.patient_share else in_full
    return _line(line, paid, (Adjustment("OA", "23", line.charge - prior.left), *rest), allowed=allowed)


def _denied(line: ServiceLine, denial: Denial, prior: PriorLine | None) -> RemittanceLine:
    left = prior.left if prior is not None else line.charge
    adjustments = (Adjustment("OA", "23", line.charge - left), Adjustment(denial.group, denial.reason, left))
    return _line(line, 0, adjustments, remarks=denial.remarks)


def _line(
    line: ServiceLine,
    paid: Cents,
    adjustments: tuple[Adjustment, ...],
    *,
    allowed: Cents | None = None,
    remarks: tuple[str, ...] = (),
) -> RemittanceLine:
    return RemittanceLine(
        procedure=reported_procedure(line),
        revenue_code=line.revenue_code if line.procedure.code else "",
        charge=line.charge,
        paid=paid,
        units=line.units,
        service=line.service,
        control_number=line.control_number,
        adjustments=tuple(adjustment for adjustment in adjustments if adjustment.amount),
        allowed=allowed,
        remarks=remarks,
    )


def _claim(case: Case, icn: str, lines: Sequence[RemittanceLine], denials: list[Denial | None]) -> RemittanceClaim:
    claim = case.claim
    outside = all(denial is not None and denial.reason in _NOT_A_MEMBER for denial in denials)
    ended = any(denial is not None and denial.reason == "27" for denial in denials)
    return RemittanceClaim(
        control_number=claim.control_number,
        status=PREDETERMINED if claim.predetermination else _status(claim, outside=outside),
        charge=claim.charge,
        paid=sum(line.paid for line in lines),
        patient_responsibility=patient_responsibility(lines),
        claim_filing_indicator=_PLAN_KINDS.get(case.payer.claim_filing_indicator, case.payer.claim_filing_indicator),
        payer_control_number=icn,
        place_of_service=claim.place_of_service,
        frequency=claim.frequency,
        patient=claim.patient.person,
        patient_member_id=claim.subscriber.member_id,
        subscriber=None if claim.patient_is_subscriber else claim.subscriber.person,
        subscriber_member_id="" if claim.patient_is_subscriber else claim.subscriber.member_id,
        rendering_npi=_rendering(claim),
        statement=claim.service if not claim.predetermination else Period(),
        received=case.received,
        coverage_expired=coverage_end(case) if ended else None,
        lines=tuple(lines),
    )


def _status(claim: Claim, *, outside: bool) -> str:
    """CLP02: 4 is for a patient who isn't the payer's; other refusals show in the adjustments of a processed claim."""
    return "4" if outside else _STATUS.get(claim.subscriber.responsibility, "3")


def _rendering(claim: Claim) -> str:
    """Only where it is not the payee itself."""
    return claim.rendering.npi if claim.rendering and claim.rendering.npi != claim.billing.npi else ""


def patient_responsibility(lines: Sequence[RemittanceLine]) -> Cents:
    """CLP05: every PR adjustment of the lines."""
    return sum(piece.amount for line in lines for piece in line.adjustments if piece.group == "PR")
