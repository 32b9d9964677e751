"""After the remittance: was each line allowed what the contract says? What is short, by how much, by which clause.

A difference in what is *allowed* is the contract's matter. A smaller *payment* is not in itself: sequestration
(CO-253) and the patient's share come off the payment, a denial refuses it, a later payer pays what is left.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from superbill.claims.model import Adjustment
from superbill.codesets.carc.lookup import reason as carc
from superbill.money import Cents, dollars, portion
from superbill.pricing.benefits import PatientShare
from superbill.pricing.contract_model import Clause, PricedClaim, PricedLine

Verdict = Literal["as agreed", "underpaid", "overpaid", "denied", "patient share", "no price", "later payer"]
_SHARE = ("1", "2", "3")
_SEQUESTRATION = "253"
_ORDINARY = ("45", "94", _SEQUESTRATION)  # the contract's own difference, and what is told in other words


class Tolerance(Struct, frozen=True, kw_only=True):
    """Differences up to `cents`, or up to `percent` of the expected amount, are as agreed: rounding is no debt."""

    cents: Cents = 100
    percent: Decimal = Decimal(0)

    def covers(self, difference: Cents, expected: Cents) -> bool:
        """Whether so small a difference is let go."""
        return abs(difference) <= max(self.cents, portion(expected, self.percent))


class Answer(Struct, frozen=True, kw_only=True):
    """What a payer said of one line (or of a claim, `key` ""). `allowed` (AMT*B6) None: the payer does not tell."""

    key: str
    charge: Cents
    paid: Cents
    adjustments: tuple[Adjustment, ...] = ()
    allowed: Cents | None = None
    code: str = ""
    later: bool = False

    def of(self, group: str, *reasons: str) -> Cents:
        """The cents of this group's adjustments for these reasons."""
        return sum(each.amount for each in self.adjustments if each.group == group and each.reason in reasons)

    @property
    def share(self) -> PatientShare:
        """PR-3, PR-1 and PR-2."""
        return PatientShare(copay=self.of("PR", "3"), deductible=self.of("PR", "1"), coinsurance=self.of("PR", "2"))

    @property
    def told_allowed(self) -> Cents:
        """The allowed amount as told, else what follows from the answer: paid, the patient's share, sequestration."""
        if self.allowed is not None:
            return self.allowed
        return self.paid + self.of("PR", *_SHARE) + self.of("CO", _SEQUESTRATION)

    @property
    def refusals(self) -> tuple[Adjustment, ...]:
        """The adjustments that refuse the service rather than price it."""
        return tuple(each for each in self.adjustments if each.amount and _refuses(each))

    @property
    def denied(self) -> bool:
        """Whether nothing was allowed, for a reason that is no price."""
        return bool(self.refusals) and self.paid == 0 and not self.share.total and not self.allowed


def _refuses(adjustment: Adjustment) -> bool:
    if adjustment.group == "PR":
        return adjustment.reason not in _SHARE
    known = carc(adjustment.reason)
    return known is None or known.handling == "denial"


class Variance(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line, or several under one amount, compared. `difference` is allowed less expected: negative is short.

    `clause` and `steps` say how the expected amount came about, `reasons` what explains a payment below it.
    """

    verdict: Verdict
    keys: tuple[str, ...]
    label: str
    charge: Cents
    expected: Cents | None
    allowed: Cents
    paid: Cents
    difference: Cents = 0
    clause: Clause | None = None
    reasons: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


def compare(
    priced: PricedClaim,
    answers: Sequence[Answer],
    tolerance: Tolerance | None = None,
    shares: dict[str, PatientShare] | None = None,
) -> list[Variance]:
    """Each line of a claim against the payer's answer to it, by line key.

    Lines under one amount (a case rate, a DRG) are compared together: payers report it where they like. An answer to
    the claim as a whole (one, without a key) is compared with the whole claim. `shares` are the patient's shares that
    were expected, by key, where they are known.
    """
    given = tolerance or Tolerance()
    if len(answers) == 1 and not answers[0].key:
        return [_compared(list(priced.lines), answers[0], given, None)]
    by_key = {answer.key: answer for answer in answers}
    found: list[Variance] = []
    together = [each for each in priced.lines if each.shared and each.key in by_key]
    if together:
        found.append(_compared(together, _sum(by_key[each.key] for each in together), given, None))
    for each in priced.lines:
        if not each.shared and each.key in by_key:
            share = shares.get(each.key) if shares else None
            found.append(_compared([each], by_key[each.key], given, share))
    return found


def _sum(answers: Iterable[Answer]) -> Answer:
    all_of = list(answers)
    told = [each.allowed for each in all_of]
    return Answer(
        key="",
        charge=sum(each.charge for each in all_of),
        paid=sum(each.paid for each in all_of),
        adjustments=tuple(piece for each in all_of for piece in each.adjustments),
        allowed=None if None in told else sum(each or 0 for each in told),
        later=any(each.later for each in all_of),
    )


def _compared(lines: list[PricedLine], answer: Answer, tolerance: Tolerance, share: PatientShare | None) -> Variance:
    expected = None if any(each.allowed is None for each in lines) else sum(each.allowed or 0 for each in lines)
    allowed = answer.told_allowed
    difference = allowed - expected if expected is not None else 0
    first = next((each for each in lines if each.clause is not None), lines[0])
    return Variance(
        verdict=_verdict(answer, expected, difference, tolerance, share),
        keys=tuple(each.key for each in lines),
        label=lines[0].label if len(lines) == 1 else f"{len(lines)} lines together",
        charge=answer.charge,
        expected=expected,
        allowed=allowed,
        paid=answer.paid,
        difference=difference,
        clause=first.clause,
        reasons=tuple(_reasons(answer, share)),
        steps=first.steps,
    )


def _verdict(
    answer: Answer, expected: Cents | None, difference: Cents, tolerance: Tolerance, share: PatientShare | None
) -> Verdict:
    if answer.later:
        return "later payer"
    if answer.denied:
        return "denied"
    if expected is None:
        return "no price"
    if not tolerance.covers(difference, expected):
        return "underpaid" if difference < 0 else "overpaid"
    if share is not None and not tolerance.covers(answer.share.total - share.total, share.total):
        return "patient share"
    return "as agreed"


def _reasons(answer: Answer, share: PatientShare | None) -> Iterable[str]:
    """What came off the payment, and why that is not the contract's matter; or what the payer calls its reason."""
    held = answer.of("CO", _SEQUESTRATION)
    if held:
        yield f"CO-253 {dollars(held)}: sequestration comes off the payment, not off what is allowed"
    theirs = answer.share
    if theirs.total:
        yield f"PR {dollars(theirs.total)}: the patient's share"
    if share is not None and share.total != theirs.total:
        yield f"a patient's share of {dollars(share.total)} was expected"
    for each in answer.adjustments:
        ordinary = each.reason in _SHARE if each.group == "PR" else each.reason in _ORDINARY
        if each.amount and not ordinary:
            known = carc(each.reason)
            yield f"{each.group}-{each.reason} {dollars(each.amount)}" + (f": {known.meaning}" if known else "")
    if answer.later:
        yield "another payer paid before: this one pays what is left"


class WorkItem(Struct, frozen=True, kw_only=True):
    """An underpayment to ask for: `short` cents of one claim under one contract."""

    claim: str
    contract: str
    payer: str
    short: Cents
    variance: Variance


def worklist(found: Iterable[tuple[str, str, str, Variance]]) -> list[WorkItem]:
    """The underpayments among (claim, contract, payer, variance), most dollars first."""
    items = [
        WorkItem(claim=claim, contract=contract, payer=payer, short=-each.difference, variance=each)
        for claim, contract, payer, each in found
        if each.verdict == "underpaid"
    ]
    return sorted(items, key=lambda item: (-item.short, item.claim, item.variance.keys))
