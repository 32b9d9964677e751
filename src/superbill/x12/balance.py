"""SNIP type 3: the sums of a claim and of a payment. Each check sees the values of a loop that has just closed."""

from collections.abc import Iterator
from typing import NamedTuple

from superbill.claims.model import Adjustment
from superbill.money import Cents, decimal_dollars
from superbill.x12.grammar import Values


class Unbalanced(NamedTuple):
    """A sum that does not hold: rule, segment and element that state it, words; `line` counts from 1, 0 for none."""

    rule: str
    segment: str
    element: int
    words: str
    line: int = 0


def _sum(adjustments: "list[Adjustment] | tuple[Adjustment, ...] | None") -> Cents:
    return sum(each.amount for each in adjustments or ())


def _usd(amount: Cents) -> str:
    return decimal_dollars(amount)


def claim(v: Values) -> Iterator[Unbalanced]:
    """837P: CLM02 is the sum of its lines; per earlier payer, charge − adjustments = paid, at claim and line."""
    lines = v.get("2400", [])
    charge = v.get("charge", 0)
    total = sum(line.get("charge", 0) for line in lines)
    if charge != total:
        words = f"CLM02 charges {_usd(charge)} but its lines add up to {_usd(total)}."
        yield Unbalanced("x12.balance.claim-charge", "CLM", 2, words)
    for other in v.get("2320", ()):
        if "paid" in other:
            yield from _earlier_payer(other, lines, charge)


def _earlier_payer(other: Values, lines: list[Values], charge: Cents) -> Iterator[Unbalanced]:
    payer = (other.get("2330B") or [{}])[0].get("id", "")
    line_paid = line_adjusted = 0
    told = False
    for number, line in enumerate(lines, 1):
        own = [each for each in line.get("2430", ()) if each.get("payer_id") == payer]
        if not own:
            continue
        told = True
        paid = sum(each.get("paid", 0) for each in own)
        adjusted = sum(_sum(each.get("adjustments")) for each in own)
        line_paid += paid
        line_adjusted += adjusted
        if line.get("charge", 0) != paid + adjusted:
            words = (
                f"payer {payer} paid {_usd(paid)} and adjusted {_usd(adjusted)} of line {number}, "
                f"which is not its charge {_usd(line.get('charge', 0))}."
            )
            yield Unbalanced("x12.balance.cob-line", "SVD", 2, words, number)
    adjusted = _sum(other.get("adjustments"))
    if told and other["paid"] != line_paid - adjusted:
        lines_say = f"its lines paid {_usd(line_paid)} less {_usd(adjusted)}"
        words = f"AMT*D of payer {payer} is {_usd(other['paid'])} but {lines_say}."
        yield Unbalanced("x12.balance.cob-paid", "AMT", 2, words)
    if other.get("adjustments") and not told and other["paid"] + adjusted != charge:
        did = f"payer {payer} paid {_usd(other['paid'])} and adjusted {_usd(adjusted)}"
        words = f"{did}, which is not the charge {_usd(charge)}."
        yield Unbalanced("x12.balance.cob-claim", "AMT", 2, words)


def remittance_claim(v: Values) -> Iterator[Unbalanced]:
    """835: claim and lines each balance, and the lines make up the claim."""
    lines = v.get("2110", [])
    charge, paid = v.get("charge", 0), v.get("paid", 0)
    adjusted = _sum(v.get("adjustments"))
    in_lines = sum(_sum(line.get("adjustments")) for line in lines)
    if v.get("status") == "25":  # a predetermination pays nothing and need not balance
        return
    if charge - paid != adjusted + in_lines:
        words = (
            f"CLP03 {_usd(charge)} − CLP04 {_usd(paid)} is {_usd(charge - paid)}, "
            f"but the adjustments add up to {_usd(adjusted + in_lines)}."
        )
        yield Unbalanced("x12.balance.remittance-claim", "CLP", 4, words)
    for number, line in enumerate(lines, 1):
        less = line.get("charge", 0) - line.get("paid", 0)
        if less != (taken := _sum(line.get("adjustments"))):
            words = f"SVC02 − SVC03 is {_usd(less)}, but the adjustments of line {number} add up to {_usd(taken)}."
            yield Unbalanced("x12.balance.remittance-line", "SVC", 3, words, number)
    if lines:
        line_charge = sum(line.get("charge", 0) for line in lines)
        line_paid = sum(line.get("paid", 0) for line in lines)
        if line_charge != charge:
            words = f"CLP03 charges {_usd(charge)} but its lines add up to {_usd(line_charge)}."
            yield Unbalanced("x12.balance.remittance-lines", "CLP", 3, words)
        if line_paid - adjusted != paid:
            words = f"CLP04 pays {_usd(paid)} but its lines add up to {_usd(line_paid - adjusted)}."
            yield Unbalanced("x12.balance.remittance-lines", "CLP", 4, words)


def payment(v: Values, claims_paid: Cents) -> Iterator[Unbalanced]:
    """835: the payment is what the claims pay less the provider adjustments."""
    taken = sum(each.amount for each in v.get("provider_adjustments", ()))
    amount = v.get("payment_amount", 0)
    if amount != claims_paid - taken:
        words = (
            f"BPR02 pays {_usd(amount)} but the claims pay {_usd(claims_paid)} "
            f"and the provider adjustments take {_usd(taken)}."
        )
        yield Unbalanced("x12.balance.payment", "BPR", 2, words)
