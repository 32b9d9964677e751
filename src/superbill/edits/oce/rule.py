"""The outpatient code editor's basics on hospital outpatient claims to Medicare (type of bill 13x).

CMS, Integrated Outpatient Code Editor (I/OCE) specifications; Claims Processing Manual ch. 4. What a code may be on an
outpatient bill is its status indicator of the quarter (OPPS Addendum B).
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from superbill.claims.model import Claim, ServiceLine
from superbill.codesets.opps.importer import SYSTEM as OPPS
from superbill.edits.context import Context
from superbill.edits.rule import ERROR, INFORMATION, WARNING, Problem, rule
from superbill.findings import line

_OCE = "CMS I/OCE specifications"
_oce = partial(rule, forms=("institutional",), when="institutional", payers=("medicare",))
_oce_by_status = partial(_oce, needs=OPPS)
_OBSERVATION, _DIRECT_REFERRAL = "G0378", "G0379"
_OBSERVATION_VISITS = frozenset({"99281", "99282", "99283", "99284", "99285", "99291", "G0380", "G0381", "G0382",
                                 "G0383", "G0384", "G0463", _DIRECT_REFERRAL})  # fmt: skip
_LEAST_HOURS = 8
_TRANSFUSION = "36430"
_NOT_ORDERED = frozenset({"GY", "GZ", "GX", "GA"})


def _of_opps(claim: Claim) -> bool:
    return claim.institutional is not None and claim.institutional.facility_type == "13"


def _with_status(claim: Claim, context: Context) -> Iterator[tuple[ServiceLine, str]]:
    """The lines of a hospital outpatient claim with a HCPCS code, each with its status on its day."""
    if not _of_opps(claim):
        return
    for service in claim.lines:
        day = service.service.start or claim.service.start
        if service.procedure.code and day is not None:
            status = context.reference.outpatient_status(service.procedure.code, day)
            if status:
                yield service, status


@_oce_by_status("oce.inpatient-only", ERROR, source=f"{_OCE}, edit 18; 42 CFR 419.22(n); ch. 4 §180.7")
def inpatient_only(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A procedure that Medicare pays for inpatients only is not on an outpatient bill, unless the patient died (CA)."""
    for service, status in _with_status(claim, ctx):
        if status == "C" and "CA" not in service.procedure.modifiers:
            message = f"{service.procedure.code} is paid for inpatients only."
            fix = "Bill an inpatient stay, or CA where the patient died before admission."
            yield Problem(line(service.number, "procedure"), message, fix)


@_oce_by_status("oce.not-billable", ERROR, source=f"{_OCE}, edits 28, 62 and 72; ch. 4 §10.1.1")
def not_billable(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A code is one that a hospital's outpatient bill takes: not of status B or M."""
    for service, status in _with_status(claim, ctx):
        if status in ("B", "M"):
            message = f"{service.procedure.code} has status {status}: no code of an outpatient hospital bill."
            fix = "Use the hospital's code for the service (such as G0463 for a clinic visit), or leave it out."
            yield Problem(line(service.number, "procedure"), message, fix)


@_oce_by_status("oce.not-covered", ERROR, source=f"{_OCE}, edits 9, 13 and 50; ch. 4 §10.1.1")
def not_covered(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """What Medicare doesn't cover (status E1, E2) is billed as non-covered, or with the modifier that says so."""
    for service, status in _with_status(claim, ctx):
        told = _NOT_ORDERED.intersection(service.procedure.modifiers) or service.non_covered == service.charge
        if status in ("E1", "E2") and not told:
            message = f"{service.procedure.code} has status {status}: Medicare pays nothing for it."
            fix = "Put the charge under non-covered (FL 48) with GY, or leave the line out."
            yield Problem(line(service.number, "non_covered"), message, fix)


@_oce_by_status("oce.packaged-only", ERROR, source=f"{_OCE}, edit 27: only incidental services")
def packaged_only(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A claim has more than packaged services (status N): alone nothing is paid."""
    found = list(_with_status(claim, ctx))
    known = len(found) == sum(1 for one in claim.lines if one.procedure.code)
    if found and known and all(status == "N" for _, status in found):
        message = "Every service of the claim is packaged into another that is not on it."
        yield Problem(line(found[0][0].number, "procedure"), message, "Add the visit or procedure it belongs to.")


@_oce_by_status("oce.packaged", INFORMATION, source=f"{_OCE}, packaging flag; ch. 4 §10.4")
def packaged(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A packaged service (status N) is billed and brings no payment of its own."""
    found = list(_with_status(claim, ctx))
    if any(status != "N" for _, status in found):
        for service, status in found:
            if status == "N" and service.procedure.code != _OBSERVATION:
                message = f"{service.procedure.code} is packaged: its payment is in that of the others."
                yield Problem(line(service.number, "procedure"), message, "Nothing; bill it so that its cost counts.")


@_oce("oce.observation-revenue", ERROR, source=f"{_OCE}, edit 44; ch. 4 §290.2.2", codes={"G0378"})
def observation_revenue(claim: Claim) -> Iterator[Problem]:
    """Hours of observation (G0378) stand under revenue code 0762, and nothing else does."""
    for service in claim.lines:
        if service.procedure.code == _OBSERVATION and service.revenue_code != "0762":
            message = f"G0378 stands under revenue code {service.revenue_code}."
            yield Problem(line(service.number, "revenue_code"), message, "Use 0762.")


@_oce("oce.observation-hours", WARNING, source="Claims Processing Manual ch. 4 §290.5.3", codes={"G0378"})
def observation_hours(claim: Claim) -> Iterator[Problem]:
    """Observation is paid as comprehensive from 8 hours on, beside a visit or direct referral of that day or the day
    before."""
    if not _of_opps(claim):
        return
    hours = sum((one.units for one in claim.lines if one.procedure.code == _OBSERVATION), Decimal(0))
    number = next(one.number for one in claim.lines if one.procedure.code == _OBSERVATION)
    if hours < _LEAST_HOURS:
        message = f"{hours.normalize():f} hours of observation are packaged; 8 are paid."
        yield Problem(line(number, "units"), message, "Check the hours: from the order to the end of medical care.")
    elif not _OBSERVATION_VISITS & claim.codes:
        message = "Observation stands beside no visit and no direct referral."
        yield Problem(line(number, "procedure"), message, "Add the emergency or clinic visit, or G0379.")


@_oce("oce.blood", ERROR, source=f"{_OCE}, edit 73; ch. 4 §231.8", codes={_TRANSFUSION})
def blood(claim: Claim) -> Iterator[Problem]:
    """A transfusion stands beside the blood that was given."""
    if _of_opps(claim) and not any(code.startswith("P9") for code in claim.codes):
        number = next(one.number for one in claim.lines if one.procedure.code == _TRANSFUSION)
        message = "A transfusion stands beside no blood product."
        yield Problem(
            line(number, "procedure"), message, "Add the product (P9010 to P9100), or remove the transfusion."
        )
