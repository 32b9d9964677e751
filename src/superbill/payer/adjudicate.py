"""Adjudication of one claim: from what was billed to what is paid, with every cent of the difference explained."""

from decimal import Decimal

from msgspec import Struct

from superbill.claims.model import Adjustment, Claim, ServiceLine
from superbill.money import Cents, portion
from superbill.payer.cob import PriorLine, left_with_patient
from superbill.payer.rules import Case, Denial, coverage_end, first_denial
from superbill.pricing.benefits import NOTHING, Accumulators, PatientShare, service_kind
from superbill.pricing.bill import bill_of
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
    claim = case.claim
    denials = [first_denial(case, line) for line in claim.lines]
    payable = [line.number for line, denial in zip(claim.lines, denials, strict=True) if denial is None]
    # Lines are priced together: a case rate or a second procedure of the day looks at what else is payable.
    priced = {line.number: line.allowed for line in case.payer.contract.price(bill_of(claim, payable)).lines}
    lines: list[RemittanceLine] = []
    total = NOTHING
    copay_due = True
    for place, line in enumerate(claim.lines):
        allowed = priced.get(line.number)
        prior = case.prior.lines[line.number] if case.prior is not None else None
        denial = denials[place]
        if denial is None and prior is None and allowed is None:
            denial = _NO_PRICE
        if denial is not None:
            lines.append(_denied(line, denial, prior))
        elif prior is not None:
            lines.append(_after_others(case, line, prior, allowed or 0))
        else:
            decided, share = _first(case, line, allowed or 0, accumulators, copay_due)
            lines.append(decided)
            copay_due = copay_due and share.copay == 0
            accumulators, total = accumulators.after(share), total.plus(share)
    return Adjudicated(_claim(case, icn, lines, denials), total)


def _first(
    case: Case, line: ServiceLine, allowed: Cents, accumulators: Accumulators, copay_due: bool
) -> tuple[RemittanceLine, PatientShare]:
    """As first payer: what the contract allows, the patient's share of it, then what the law withholds."""
    payer, day = case.payer, line.service.start or case.claim.service.start
    assert day is not None  # the front end refuses a line without a day
    share = NOTHING
    if payer.patient_share:
        code = line.procedure.code
        kind = service_kind(code, line.place_of_service or case.claim.place_of_service)
        share = case.benefits.share(allowed, kind, accumulators, code=code, copay_due=copay_due)
    withheld = portion(allowed - share.total, payer.withheld.on(day) or Decimal(0))
    # A contract without lesser-of may allow more than was charged; 94 is the reason for what comes on top.
    above = "94" if allowed > line.charge else "45"
    adjustments = (
        Adjustment("CO", above, line.charge - allowed),
        Adjustment("CO", "253", withheld),
        Adjustment("PR", "1", share.deductible),
        Adjustment("PR", "2", share.coinsurance),
        Adjustment("PR", "3", share.copay),
    )
    return _line(line, allowed - share.total - withheld, adjustments, allowed=allowed), share


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
        procedure=line.procedure,
        charge=line.charge,
        paid=paid,
        units=line.units,
        service=line.service,
        control_number=line.control_number,
        adjustments=tuple(adjustment for adjustment in adjustments if adjustment.amount),
        allowed=allowed,
        remarks=remarks,
    )


def _claim(case: Case, icn: str, lines: list[RemittanceLine], denials: list[Denial | None]) -> RemittanceClaim:
    claim = case.claim
    outside = all(denial is not None and denial.reason in _NOT_A_MEMBER for denial in denials)
    ended = any(denial is not None and denial.reason == "27" for denial in denials)
    return RemittanceClaim(
        control_number=claim.control_number,
        # 4 is for a patient who isn't the payer's; other refusals show in the adjustments of a processed claim.
        status="4" if outside else _STATUS.get(claim.subscriber.responsibility, "3"),
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
        statement=claim.service,
        received=case.received,
        coverage_expired=coverage_end(case) if ended else None,
        lines=tuple(lines),
    )


def _rendering(claim: Claim) -> str:
    """Only where it is not the payee itself."""
    return claim.rendering.npi if claim.rendering and claim.rendering.npi != claim.billing.npi else ""


def patient_responsibility(lines: list[RemittanceLine]) -> Cents:
    """CLP05: every PR adjustment of the lines."""
    return sum(piece.amount for line in lines for piece in line.adjustments if piece.group == "PR")
