"""Diagnoses and operations of an institutional claim (UB-04 FL 66 to 74): which bill has which, POA, days."""

from collections.abc import Iterator
from datetime import timedelta

from superbill.claims.model import Claim
from superbill.codesets.poa_exempt.importer import SYSTEM as EXEMPT
from superbill.codesets.poa_exempt.lookup import exempt
from superbill.edits.bill.detail import bill_rule, detail_of
from superbill.edits.context import Context
from superbill.edits.rule import ERROR, WARNING, Problem
from superbill.findings import header

_FL_43_81 = "Claims Processing Manual ch. 25 §75.5"
_POA = "Claims Processing Manual ch. 25 §75.5, FL 67; ch. 23 §10.3 (present on admission)"
_MOST, _REASONS, _CAUSES, _PROCEDURES = 25, 3, 12, 25
_UNSCHEDULED = frozenset({"1", "2", "5"})
_UNSCHEDULED_LINES = frozenset({"0450", "0451", "0452", "0456", "0459", "0516", "0526", "0762"})
_WINDOW = timedelta(days=3)


@bill_rule("bill.admitting-diagnosis", ERROR, source=f"{_FL_43_81}, FL 69; 837I TR3, loop 2300 HI*ABJ")
def admitting_diagnosis(claim: Claim) -> Iterator[Problem]:
    """An inpatient's bill tells the diagnosis at admission; no other bill does."""
    detail = detail_of(claim)
    where = header("institutional.admitting_diagnosis")
    if detail.inpatient and not detail.admitting_diagnosis:
        yield Problem(where, "The admitting diagnosis is missing.", "Code why the patient was admitted.")
    elif detail.admitting_diagnosis and not detail.inpatient:
        message = f"An admitting diagnosis stands on a type of bill {claim.type_of_bill}."
        yield Problem(where, message, "Remove it; an unscheduled visit has reasons for visit instead (FL 70).")


@bill_rule("bill.reason-for-visit", ERROR, source=f"{_FL_43_81}, FL 70; 837I TR3, loop 2300 HI*APR")
def reason_for_visit(claim: Claim) -> Iterator[Problem]:
    """An unscheduled outpatient visit (emergency, urgent care, observation) tells the patient's reason for it."""
    detail = detail_of(claim)
    where = header("institutional.reasons_for_visit")
    unscheduled = (
        detail.facility_type in ("13", "85")
        and detail.admission_type in _UNSCHEDULED
        and any(line.revenue_code in _UNSCHEDULED_LINES for line in claim.lines)
    )
    if unscheduled and not detail.reasons_for_visit:
        yield Problem(where, "The patient's reason for the visit is missing.", "Code the complaint (up to three).")
    elif len(detail.reasons_for_visit) > _REASONS or (detail.reasons_for_visit and detail.inpatient):
        message = "Reasons for visit are more than three, or on an inpatient's bill."
        yield Problem(where, message, "Keep three on an outpatient bill; an inpatient has an admitting diagnosis.")


@bill_rule("bill.diagnoses-most", ERROR, source=f"{_FL_43_81}, FL 67 to 72; 837I TR3, loop 2300 HI")
def most(claim: Claim) -> Iterator[Problem]:
    """A bill has at most 25 diagnoses, 12 external causes and 25 procedures."""
    detail = detail_of(claim)
    for field, found, limit in (
        ("diagnoses", len(claim.diagnoses), _MOST),
        ("institutional.external_causes", len(detail.external_causes), _CAUSES),
        ("institutional.procedures", len(detail.procedures), _PROCEDURES),
    ):
        if found > limit:
            message = f"{found} stand where {limit} fit."
            yield Problem(header(field), message, "Keep those that matter most for payment and severity.")


@bill_rule("bill.poa", ERROR, source=_POA, needs=EXEMPT, payers=("medicare",))
def poa(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """On a hospital's inpatient bill to Medicare every diagnosis says whether it was present on admission.

    Y, N, U or W; a code of the exempt list has none (5010).
    """
    last, store = claim.service.end, ctx.reference.store
    if detail_of(claim).facility_type != "11" or last is None or store is None:
        return
    for diagnosis in claim.diagnoses:
        free = exempt(store, diagnosis.code, last)
        if free and diagnosis.poa not in ("", "1"):
            message = f"{diagnosis.code} is exempt from present on admission and says {diagnosis.poa}."
            yield Problem(header("diagnoses"), message, "Remove the indicator.")
        elif free is False and diagnosis.poa in ("", "1"):
            message = f"{diagnosis.code} does not say whether it was present on admission."
            yield Problem(header("diagnoses"), message, "Enter Y, N, U or W from the record.")


@bill_rule("bill.poa-outpatient", ERROR, source="837I TR3, loop 2300 HI01-9: inpatient only")
def poa_outpatient(claim: Claim) -> Iterator[Problem]:
    """Only an inpatient's diagnoses are present on admission or not."""
    if not detail_of(claim).inpatient and any(diagnosis.poa for diagnosis in claim.diagnoses):
        message = f"A type of bill {claim.type_of_bill} has present-on-admission indicators."
        yield Problem(header("diagnoses"), message, "Remove them.")


@bill_rule("bill.procedures-outpatient", ERROR, source=f"{_FL_43_81}, FL 74; 45 CFR 162.1002(c)(3)")
def procedures_outpatient(claim: Claim) -> Iterator[Problem]:
    """ICD-10-PCS is for hospital inpatients; an outpatient's procedures are HCPCS codes on lines."""
    detail = detail_of(claim)
    if detail.procedures and not detail.inpatient:
        message = f"An ICD-10-PCS procedure stands on a type of bill {claim.type_of_bill}."
        yield Problem(header("institutional.procedures"), message, "Bill it by its HCPCS code on a line.")


@bill_rule("bill.procedure-day", ERROR, source=f"{_FL_43_81}, FL 74; ch. 3 §40.3 (three-day payment window)")
def procedure_day(claim: Claim) -> Iterator[Problem]:
    """A procedure is within the days billed, or at most three days before: the payment window."""
    first, last = claim.service.start, claim.service.end
    if first is None or last is None:
        return
    begin = min(first, claim.admission or first) - _WINDOW
    for procedure in detail_of(claim).procedures:
        if not begin <= procedure.on <= last:
            message = f"{procedure.code} of {procedure.on.isoformat()} is outside of the days billed."
            yield Problem(header("institutional.procedures"), message, "Correct the day, or move it to its own bill.")


@bill_rule("bill.external-cause", WARNING, source=f"{_FL_43_81}, FL 72; ICD-10-CM guidelines I.C.20")
def external_cause(claim: Claim) -> Iterator[Problem]:
    """External causes have their own place; they are not among the diagnoses."""
    misplaced = [one.code for one in claim.diagnoses if one.code[:1] in "VWXY" and one.code[:1]]
    if misplaced:
        message = f"{misplaced[0]} is an external cause and stands among the diagnoses."
        yield Problem(header("diagnoses"), message, "Move it to the external causes (FL 72).")
