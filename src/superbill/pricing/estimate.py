"""The patient's share before the visit: what the contract allows, and what the plan leaves of it to the patient."""

from msgspec import Struct
from msgspec.structs import replace

from superbill.findings import Finding, Severity, line
from superbill.money import Cents, dollars
from superbill.pricing.benefits import NOTHING, Accumulators, Benefits, PatientShare, ServiceKind
from superbill.pricing.bill import Bill, Item
from superbill.pricing.contract import Contract
from superbill.pricing.contract_methods import percent_text
from superbill.pricing.contract_model import PricedLine
from superbill.pricing.patient_share import Shares


class EstimatedLine(Struct, frozen=True, omit_defaults=True):
    """One service: its price by the contract and the patient's part, with the arithmetic in `steps`.

    `excluded` is group and reason of a service that the plan does not cover ("PR-204": the patient owes the charge,
    which is `patient`; "CO-96": nobody does).
    """

    priced: PricedLine
    share: PatientShare
    patient: Cents
    steps: tuple[str, ...] = ()
    excluded: str = ""


class Estimate(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A visit as it is expected to be paid, in cents. `after` are the accumulators once it has been."""

    lines: tuple[EstimatedLine, ...]
    before: Accumulators
    after: Accumulators
    findings: tuple[Finding, ...] = ()

    @property
    def charge(self) -> Cents:
        return sum(each.priced.charge for each in self.lines)

    @property
    def allowed(self) -> Cents:
        return sum(each.priced.allowed or 0 for each in self.lines)

    @property
    def patient(self) -> Cents:
        return sum(each.patient for each in self.lines)

    @property
    def plan(self) -> Cents:
        """What the plan is expected to pay; sequestration, which the patient never owes, is not taken off."""
        return sum((each.priced.allowed or 0) - each.share.total for each in self.lines)


def estimate(bill: Bill, contract: Contract, benefits: Benefits, accumulators: Accumulators) -> Estimate:
    """The shares of all lines in their order; each sees the accumulators after the one before.

    The plan is taken to cover every service that it does not exclude: eligibility, duplicates and necessity are for
    the edits and the payer. A line without a price has a finding and no share.
    """
    excluded = {item.number: found for item in bill.items if (found := benefits.exclusion(item.named))}
    payable = tuple(item for item in bill.items if item.number not in excluded)
    priced = {each.number: each for each in contract.price(replace(bill, items=payable)).lines}
    lines: list[EstimatedLine] = []
    findings: list[Finding] = []
    shares = Shares(bill, benefits, accumulators)
    for item in bill.items:
        if item.number in excluded:
            lines.append(_not_covered(item, excluded[item.number]))
            continue
        one = priced[item.number]
        if one.allowed is None:
            findings.append(_no_price(one, contract))
            lines.append(EstimatedLine(one, NOTHING, 0))
            continue
        if benefits.needs_authorization(item.named):
            findings.append(_authorization(item))
        sums, copay_due = shares.accumulators, shares.copay_due
        share = shares.of(item, one.allowed)
        steps = _words(share, item, bill.kind_of(item), one.allowed, benefits, sums, copay_due=copay_due)
        lines.append(EstimatedLine(one, share, share.total, steps))
    return Estimate(lines=tuple(lines), before=accumulators, after=shares.accumulators, findings=tuple(findings))


def _not_covered(item: Item, reason: str) -> EstimatedLine:
    patient = item.charge if reason.startswith("PR") else 0
    text = "the plan does not cover it" + ("; the patient owes the charge" if patient else "; nobody owes it")
    line = PricedLine(item.number, item.key, item.label, item.charge, None, None, (f"{text} ({reason})",))
    return EstimatedLine(line, NOTHING, patient, line.steps, reason)


def _words(
    share: PatientShare,
    item: Item,
    kind: ServiceKind,
    allowed: Cents,
    benefits: Benefits,
    sums: Accumulators,
    *,
    copay_due: bool,
) -> tuple[str, ...]:
    if benefits.is_preventive(item.code):
        return ("preventive: the plan pays it in full",)
    told = []
    if share.stay:
        told.append(f"deductible of the stay: {dollars(share.stay)}")
    if share.copay:
        told.append(f"copay for {kind}: {dollars(share.copay)}")
    elif kind in benefits.copay and not copay_due:
        told.append("the copay of this visit is taken already")
    if share.deductible:
        left = benefits.deductible_left(sums)
        told.append(f"deductible, {dollars(left)} of it left: {dollars(share.deductible)}")
    if share.coinsurance:
        part, rest = benefits.coinsurance_for.get(kind, benefits.coinsurance), allowed - share.stay - share.deductible
        told.append(f"{percent_text(part)} of {dollars(rest)}: {dollars(share.coinsurance)}")
    room = benefits.room(sums)
    if room is not None and share.total == room < allowed:
        told.append(f"no more than the {dollars(room)} left to the out-of-pocket maximum")
    return tuple(told or ["nothing is left to the patient"])


def _no_price(priced: PricedLine, contract: Contract) -> Finding:
    return Finding(
        rule="pricing.no-price",
        severity=Severity.ERROR,
        where=line(priced.number, "procedure"),
        message=f"{priced.label} has no price under contract {contract.agreement.key}: {priced.steps[-1]}.",
        why="An estimate leaves out what the contract does not price.",
        fix="Add a clause for it, or a fee that holds on the day of service.",
        source=contract.agreement.document or contract.agreement.title or contract.agreement.key,
    )


def _authorization(item: Item) -> Finding:
    return Finding(
        rule="pricing.authorization",
        severity=Severity.WARNING,
        where=line(item.number, "procedure"),
        message=f"The plan pays {item.label} only with a prior authorization; the estimate takes it as given.",
        fix="Ask the payer for the authorization before the visit.",
        source="the plan's benefits",
    )
