"""Medicare secondary payer edits: the reason in SBR05 against patient, payers, accident and value codes.

That a reason stands there at all is subscriber.insurance-type's question. Reasons: 12 working aged, 13 end-stage renal
disease, 14 no-fault, 15 workers' compensation, 16 public health service or other federal agency, 41 black lung,
42 veterans, 43 disabled under 65 with a large group plan, 47 other liability.
"""

from collections.abc import Iterator
from datetime import date

from superbill.claims.control import RESPONSIBILITIES
from superbill.claims.model import Claim, OtherInsurance
from superbill.edits.context import Context
from superbill.edits.frequency.rule import age_on
from superbill.edits.payer.filing import months_after
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import Change, header

_SOURCE = "Medicare Secondary Payer Manual ch. 1 §10, ch. 2, ch. 3 §30; 42 CFR 411 subparts B to H; 837P TR3, SBR05"
_MEDICARE = frozenset({"MA", "MB"})
_AGED, _RENAL, _NO_FAULT, _WORK, _DISABLED, _LIABILITY = "12", "13", "14", "15", "43", "47"
_SIXTY_FIVE = 65
_WAITING, _COORDINATION = 3, 30  # months: before entitlement by dialysis, and of coordination (42 CFR 411.162)
_RENAL_CODES = ("N186", "Z992", "Z940")
# The accident that goes with a reason, and the filing indicator of who pays first then.
_ACCIDENT = {_NO_FAULT: frozenset({"AA", "OA"}), _WORK: frozenset({"EM"}), _LIABILITY: frozenset({"AA", "OA"})}
_FIRST_PAYER = {_WORK: frozenset({"WC"}), _NO_FAULT: frozenset({"AM", "LM"}), _LIABILITY: frozenset({"LM", "AM"})}
# Who never pays before Medicare: Medicaid, and Medicare itself.
_NEVER_BEFORE = frozenset({"MC", "MA", "MB"})
_VALUE_REASONS = frozenset({_AGED, _RENAL, _NO_FAULT, _WORK, "16", "41", "42", _DISABLED, _LIABILITY})


def _reason(claim: Claim) -> str:
    """The reason why Medicare is not first; "" on every other claim."""
    if claim.payer.claim_filing_indicator not in _MEDICARE or claim.subscriber.responsibility == "P":
        return ""
    return claim.subscriber.insurance_type


def _before(claim: Claim) -> list[OtherInsurance]:
    mine = RESPONSIBILITIES.index(claim.subscriber.responsibility)
    return [each for each in claim.other_insurance if RESPONSIBILITIES.index(each.subscriber.responsibility) < mine]


@rule("msp.age", ERROR, source=_SOURCE, payers=("medicare",), when="other_insurance")
def age(claim: Claim) -> Iterator[Problem]:
    """Working aged (12) is from 65 years on; disabled with a large group plan (43) is before."""
    reason = _reason(claim)
    years = age_on(claim.patient.birth_date, claim.service.start) if reason in (_AGED, _DISABLED) else None
    if years is None or (reason == _AGED) == (years >= _SIXTY_FIVE):
        return
    right, word = (_DISABLED, "under") if reason == _AGED else (_AGED, "over")
    message = f"The reason {reason} does not fit: the patient is {years}, {word} 65."
    change = Change("replace", "/subscriber/insurance_type", right)
    fix = f"Use {right}, if the employer's plan is the reason."
    yield Problem(header("subscriber.insurance_type"), message, fix, None, (change,))


@rule("msp.accident", ERROR, source=_SOURCE, payers=("medicare",), when="other_insurance")
def accident(claim: Claim) -> Iterator[Problem]:
    """No-fault (14), compensation (15) and liability (47) go with the accident that they pay for."""
    reason = _reason(claim)
    causes = _ACCIDENT.get(reason)
    if causes is None or (claim.accident is not None and not causes.isdisjoint(claim.accident.causes)):
        return
    what = "a work accident (EM)" if reason == _WORK else "an auto (AA) or other accident (OA)"
    message = f"Medicare is second by reason {reason}, and the claim has no such accident."
    yield Problem(header("accident"), message, f"Enter {what} with its day, or correct the reason.")


@rule("msp.first-payer", ERROR, source=_SOURCE, payers=("medicare",), when="other_insurance")
def first_payer(claim: Claim) -> Iterator[Problem]:
    """Who pays before Medicare is the kind of payer that the reason names; Medicaid never is."""
    reason = _reason(claim)
    if not reason:
        return
    before = _before(claim)
    for each in before:
        if each.payer.claim_filing_indicator in _NEVER_BEFORE:
            message = f"{each.payer.name} stands before Medicare; it never pays before it."
            yield Problem(header("other_insurance"), message, "Bill Medicare first.")
    wanted = _FIRST_PAYER.get(reason)
    kinds = {each.payer.claim_filing_indicator for each in before}
    if wanted and kinds and kinds.isdisjoint(wanted) and not kinds & _NEVER_BEFORE:
        message = f"Medicare is second by reason {reason}; no payer before it is of that kind."
        fix = f"Correct the reason, or the filing indicator of the first payer ({', '.join(sorted(wanted))})."
        yield Problem(header("other_insurance"), message, fix)


@rule("msp.group-plan-reason", ERROR, source=_SOURCE, payers=("medicare",), when="other_insurance")
def group_plan_reason(claim: Claim) -> Iterator[Problem]:
    """A compensation or auto payer before Medicare is not the group plan of working aged, renal or disabled."""
    reason = _reason(claim)
    if reason not in (_AGED, _RENAL, _DISABLED):
        return
    right = {"WC": _WORK, "AM": _NO_FAULT, "LM": _LIABILITY}
    kinds = [each.payer.claim_filing_indicator for each in _before(claim)]
    if kinds and all(kind in right for kind in kinds):
        message = f"The reason {reason} is of a group plan; the first payer is none ({kinds[0]})."
        yield Problem(header("subscriber.insurance_type"), message, f"Use {right[kinds[0]]}.")


@rule("msp.renal-coordination", WARNING, source=f"{_SOURCE}; 42 CFR 411.162", payers=("medicare",), when="history")
def renal_coordination(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A group plan pays before Medicare for 30 months of end-stage renal disease; then Medicare is first.

    Counted from the third month after the first dialysis that earlier claims tell of: entitlement can begin sooner.
    """
    reason, day = _reason(claim), claim.service.start
    if reason != _RENAL or day is None:
        return
    known = [
        past.claim.service.start
        for past in ctx.history.claims
        if past.claim.service.start is not None
        and (past.claim.subscriber.insurance_type == _RENAL or _renal(past.claim))
    ]
    if not known:
        return
    first = min(known)
    ends = months_after(date(first.year, first.month, 1), _WAITING + _COORDINATION)
    if day >= ends:
        message = f"Renal disease is known since {first.isoformat()}: the 30 months of the group plan ended."
        yield Problem(
            header("subscriber.insurance_type"), message, "Ask the benefits coordinator; bill Medicare first."
        )


def _renal(claim: Claim) -> bool:
    return any(each.code.startswith(_RENAL_CODES) for each in claim.diagnoses)


@rule("msp.renal-diagnosis", WARNING, source=_SOURCE, payers=("medicare",), when="other_insurance")
def renal_diagnosis(claim: Claim) -> Iterator[Problem]:
    """Where renal disease (13) is the reason, a diagnosis tells of it."""
    if _reason(claim) == _RENAL and not _renal(claim):
        message = "Medicare is second for end-stage renal disease, and no diagnosis tells of it."
        yield Problem(header("diagnoses"), message, "Add N18.6, Z99.2 or Z94.0 if the record has it.")


@rule("msp.accident-and-medicare-first", WARNING, source=_SOURCE, payers=("medicare",), when="accident")
def accident_and_medicare_first(claim: Claim) -> Iterator[Problem]:
    """After an auto accident Medicare is not first as long as a no-fault or liability insurer can pay."""
    if claim.accident is None or claim.subscriber.responsibility != "P":
        return
    if claim.payer.claim_filing_indicator in _MEDICARE and "AA" in claim.accident.causes:
        message = "Medicare is billed first for an auto accident."
        fix = "Bill the auto insurer; after 120 days without payment Medicare pays conditionally."
        yield Problem(header("payer"), message, fix)


@rule(
    "msp.value-code",
    ERROR,
    source="Medicare Secondary Payer Manual ch. 3 §40; Claims Processing Manual ch. 25 §75.4 (FL 39-41)",
    payers=("medicare",),
    forms=("institutional",),
    when="other_insurance",
)
def value_code(claim: Claim) -> Iterator[Problem]:
    """An institutional bill tells what the first payer paid under the value code of the reason."""
    reason = _reason(claim)
    if claim.institutional is None or reason not in _VALUE_REASONS:
        return
    codes = {each.code for each in claim.institutional.values}
    if reason not in codes:
        other = sorted(codes & _VALUE_REASONS)
        message = f"Medicare is second by reason {reason}; value code {reason} is missing."
        if other:
            message = f"Medicare is second by reason {reason}; the value code is {other[0]}."
        yield Problem(header("institutional.values"), message, f"Enter value code {reason} with what the payer paid.")
