"""What a payer tells of a facility's claim beside its lines: DRG, days, the remarks of a stay or an outpatient bill.

835 TR3: CLP11 and CLP12, MIA, MOA, QTY*CA. Hospitals' claims for inpatients are decided as a whole by some payers
(Medicare Part A): their adjustments then stand at the level of the claim, and no line is told.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from superbill.claims.model import Adjustment, InpatientAdjudication, OutpatientAdjudication, Procedure, ServiceLine
from superbill.payer.rules import Case
from superbill.pricing.bill import bill_of
from superbill.pricing.contract_model import CaseRate, DrgRate, PricedLine
from superbill.x12.model import RemittanceClaim, RemittanceLine

_BY_REVENUE_CODE = "NU"
# Accommodation: room and board, private rooms, nursery, leave of absence excepted, intensive and coronary care (FL 42).
_ACCOMMODATION = ("010", "011", "012", "013", "014", "015", "016", "017", "019", "020", "021")
_MOST_REMARKS = 5
_OF_A_WHOLE_STAY = (DrgRate, CaseRate)


def reported_procedure(line: ServiceLine) -> Procedure:
    """SVC01: the procedure; of a line that only a revenue code describes, that code as one of the list NU."""
    return line.procedure if line.procedure.code else Procedure(line.revenue_code, (), _BY_REVENUE_CODE)


def paid_with_the_first_bill(case: Case, price: PricedLine) -> bool:
    """Whether the line is on a further bill of a stay (interim, late charges) that a DRG or case rate pays once."""
    detail = case.claim.institutional
    if detail is None or not price.shared or price.clause is None or case.claim.frequency not in ("3", "4", "5"):
        return False
    terms = case.payer.contract.agreement.terms
    return any(term.id == price.clause.id and isinstance(term.pays, _OF_A_WHOLE_STAY) for term in terms)


def facility_part(case: Case, lines: Sequence[RemittanceLine], priced: Iterable[PricedLine]) -> dict[str, Any]:
    """The fields of the answer that only an institutional claim has; none for other claims."""
    detail = case.claim.institutional
    if detail is None:
        return {}
    fields: dict[str, Any] = {"place_of_service": detail.facility_type}
    if not detail.inpatient:
        by_code = sum(line.allowed or 0 for line in lines if line.procedure.qualifier != _BY_REVENUE_CODE)
        return fields | {"outpatient": OutpatientAdjudication(hcpcs_payable=by_code)}
    weight = _drg_weight(case, priced)
    allowed = sum(line.allowed or 0 for line in lines)
    return fields | {
        "inpatient": InpatientAdjudication(drg_amount=allowed if weight is not None else None),
        "drg": detail.drg,
        "drg_weight": weight,
        "covered_days": _covered_days(case, lines) or None,
    }


def _drg_weight(case: Case, priced: Iterable[PricedLine]) -> Decimal | None:
    """The relative weight that the stay was priced by; None where no DRG clause priced it."""
    detail, contract = case.claim.institutional, case.payer.contract
    used = {line.clause.id for line in priced if line.clause is not None}
    day = bill_of(case.claim).day(contract.agreement.dated_by)
    for term in contract.agreement.terms:
        if term.id in used and isinstance(term.pays, DrgRate) and detail is not None and day is not None:
            return contract.tools.weights[term.pays.weights].weight(detail.drg, day)
    return None


def _covered_days(case: Case, lines: Sequence[RemittanceLine]) -> Decimal:
    """Days of accommodation that were not refused."""
    return sum(
        (
            line.units
            for line, decided in zip(case.claim.lines, lines, strict=True)
            if line.revenue_code.startswith(_ACCOMMODATION) and decided.allowed is not None
        ),
        Decimal(0),
    )


def as_a_whole(answer: RemittanceClaim) -> RemittanceClaim:
    """A stay's answer without lines: their adjustments together at the level of the claim, their remarks in MIA."""
    sums: dict[tuple[str, str], int] = {}
    remarks: dict[str, None] = {}
    for line in answer.lines:
        for each in line.adjustments:
            key = (each.group, each.reason)
            sums[key] = sums.get(key, 0) + each.amount
        remarks |= dict.fromkeys(line.remarks)
    together = sorted((Adjustment(*key, amount) for key, amount in sums.items() if amount), key=_place)
    return replace(answer, lines=(), adjustments=tuple(together), remarks=tuple(remarks)[:_MOST_REMARKS])


def _place(each: Adjustment) -> tuple[str, str]:
    return each.group, each.reason
