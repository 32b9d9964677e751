"""Prices as they are being made: what whole-claim rules (case rates, reductions, stop-loss, lesser-of) do to them.

Amounts for several lines are parted by charge. Ties go by what the lines are, not by where they stand, so that the
order of the lines never changes what a claim is worth.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from superbill.money import Cents, dollars, portion, split
from superbill.pricing.bill import Bill, Item
from superbill.pricing.contract_methods import percent_text
from superbill.pricing.contract_model import (
    Agreement,
    LesserOf,
    ModifierRule,
    Reduction,
    StopLoss,
    Term,
)
from superbill.pricing.contract_scope import rank


class Draft:
    """A line on its way to a price. `apart`: carved out of what covers the claim; `shared`: part of such an amount."""

    __slots__ = ("amount", "apart", "item", "shared", "steps", "term")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.amount: Cents | None = None
        self.term: Term | None = None
        self.steps: list[str] = []
        self.apart = self.shared = False

    def lesser_of(self, agreement: Agreement) -> LesserOf:
        """Which lesser-of holds for this line."""
        return (self.term.lesser_of if self.term else None) or agreement.lesser_of


def _place(draft: Draft) -> tuple[object, ...]:
    item = draft.item
    return (-item.charge, item.code, item.modifiers, item.revenue_code, item.units, item.day or date.min, item.place)


def allot(total: Cents, drafts: Sequence[Draft], weight: Callable[[Draft], Cents]) -> list[tuple[Draft, Cents]]:
    """`total` parted among the drafts in proportion to their weights, to the cent."""
    ordered = sorted(drafts, key=_place)
    return list(zip(ordered, split(total, [weight(draft) for draft in ordered]), strict=True))


def charge_of(draft: Draft) -> Cents:
    """The weight that shared amounts go by."""
    return max(0, draft.item.charge)


def modify(drafts: Iterable[Draft], rules: Sequence[ModifierRule], bill: Bill) -> None:
    """Every rule whose modifier is on the line takes its part; the product is rounded once."""
    for draft in drafts:
        if draft.amount is None or draft.shared or not draft.item.modifiers:
            continue
        day = draft.item.day
        fitting = [rule for rule in rules if day and day in rule.period and rank(rule.scope, draft.item, bill)]
        if not fitting:
            continue
        percent = fitting[0].percent
        for rule in fitting[1:]:
            percent *= rule.percent
        draft.amount = portion(draft.amount, percent)
        named = " and ".join(rule.id for rule in fitting)
        draft.steps.append(f"clause {named}: × {percent_text(percent)}: {dollars(draft.amount)}")


def reduce(drafts: Iterable[Draft], rules: Sequence[Reduction], bill: Bill) -> None:
    """Multiple procedures of one day, best-priced first. A line falls under the rule that names the most of it."""
    groups: dict[tuple[str, date], list[Draft]] = {}
    by_id = {rule.id: rule for rule in rules}
    for draft in drafts:
        day = draft.item.day
        if draft.amount is None or draft.shared or day is None:
            continue
        ranked = [
            (found, rule.id)
            for rule in rules
            if day in rule.period and (found := rank(rule.scope, draft.item, bill)) is not None
        ]
        if ranked:
            best = max(ranked, key=lambda pair: pair[0])
            groups.setdefault((best[1], day), []).append(draft)
    for (id, _), members in groups.items():
        if len(members) < 2:
            continue
        percents = by_id[id].percents
        members.sort(key=lambda draft: (-(draft.amount or 0), _place(draft)))
        for place, draft in enumerate(members):
            percent = percents[min(place, len(percents) - 1)]
            if percent != 1:
                draft.amount = portion(draft.amount or 0, percent)
                text = f"clause {id}: procedure {place + 1} of the day × {percent_text(percent)}"
                draft.steps.append(f"{text}: {dollars(draft.amount)}")


def stop_loss(drafts: Sequence[Draft], rules: Sequence[StopLoss], bill: Bill, day: date | None) -> None:
    """The first rule that fits the claim and whose threshold its charges pass."""
    members = [draft for draft in drafts if not draft.apart and draft.amount is not None]
    charges = sum(draft.item.charge for draft in members)
    for rule in rules:
        fits = any(rank(rule.scope, draft.item, bill) is not None for draft in members)
        if not fits or day is None or day not in rule.period or charges <= rule.threshold:
            continue
        base = sum(draft.amount or 0 for draft in members)
        part = percent_text(rule.percent)
        if rule.of == "all":
            total = portion(charges, rule.percent)
            text = f"clause {rule.id}: charges {dollars(charges)} above {dollars(rule.threshold)}: {part} of all"
        else:
            total = base + portion(charges - rule.threshold, rule.percent)
            text = f"clause {rule.id}: and {part} of charges above {dollars(rule.threshold)}"
        for draft, amount in allot(total, members, charge_of):
            draft.amount, draft.shared = amount, True
            draft.steps.append(f"{text}: {dollars(total)} for the claim, {dollars(amount)} of it here by charge")
        return


def lesser_of_line(drafts: Iterable[Draft], agreement: Agreement) -> None:
    """No line is allowed more than its charge."""
    for draft in drafts:
        charge = max(0, draft.item.charge)
        if draft.amount is not None and draft.amount > charge and draft.lesser_of(agreement) == "line":
            draft.steps.append(f"the lesser of {dollars(draft.amount)} and the charge: {dollars(charge)}")
            draft.amount = charge


def lesser_of_claim(drafts: Iterable[Draft], agreement: Agreement) -> None:
    """No claim is allowed more than its charges; what is over comes off in proportion to what was allowed."""
    members = [draft for draft in drafts if draft.amount is not None and draft.lesser_of(agreement) == "claim"]
    allowed = sum(draft.amount or 0 for draft in members)
    charges = sum(charge_of(draft) for draft in members)
    if allowed <= charges:
        return
    for draft, amount in allot(charges, members, lambda draft: max(0, draft.amount or 0)):
        draft.steps.append(
            f"the lesser of {dollars(allowed)} and the claim's charges {dollars(charges)}: {dollars(amount)} here"
        )
        draft.amount = amount
