"""What a payer owes a practice for a claim by their contract: each line's allowed amount, the clause, the arithmetic.

The order of a price: a clause that covers the claim (case rate, per diem, DRG) takes every line but those carved out;
each other line goes by the clause that names the most of it (contract_scope); then modifiers, multiple procedures,
stop-loss and the lesser of price and charge.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from superbill.effective import Dated
from superbill.money import Cents, dollars
from superbill.pricing import contract_draft as steps
from superbill.pricing.bill import Bill, Item
from superbill.pricing.contract_draft import Draft
from superbill.pricing.contract_methods import Amount, Tools, price_claim, price_line
from superbill.pricing.contract_model import (
    OF_CLAIMS,
    Agreement,
    CaseRate,
    Clause,
    OwnSchedule,
    PercentOfCharge,
    PerDiem,
    PricedClaim,
    PricedLine,
    Scope,
    Term,
)
from superbill.pricing.contract_scope import Rank, depths, rank
from superbill.pricing.fee_schedule import FeeSchedule

_REMEMBERED = 50_000
_Key = tuple[object, ...]


class Allowed(NamedTuple):
    """The allowed amount of a line in cents, and the clause of the contract that it comes from."""

    amount: Cents
    source: str


class Contract:
    """An agreement with its tables, ready to price claims. It knows nothing of earlier claims, so neither do prices."""

    __slots__ = ("_claim_terms", "_clauses", "_depth", "_line_terms", "_ranked", "agreement", "tools")

    def __init__(self, agreement: Agreement, tools: Tools) -> None:
        self.agreement, self.tools = agreement, tools
        self._line_terms = tuple(term for term in agreement.terms if not isinstance(term.pays, OF_CLAIMS))
        self._claim_terms = tuple(term for term in agreement.terms if isinstance(term.pays, OF_CLAIMS))
        self._depth = depths(agreement.terms)
        self._ranked: dict[_Key, tuple[Term, ...]] = {}
        self._clauses = {term.id: _clause(term, agreement) for term in agreement.terms}

    def price(self, bill: Bill) -> PricedClaim:
        """What is allowed for each line, in the order of the bill."""
        drafts = [Draft(item) for item in bill.items]
        day = bill.day(self.agreement.dated_by)
        covered = self._cover(drafts, bill, day) if self._claim_terms else False
        for draft in drafts:
            if not draft.shared and not draft.apart:
                self._price(draft, bill)
        agreement = self.agreement
        if agreement.modifiers:
            steps.modify(drafts, agreement.modifiers, bill)
        if agreement.reductions and (len(drafts) > 1 or covered):
            steps.reduce(drafts, agreement.reductions, bill)
        if agreement.stop_loss:
            steps.stop_loss(drafts, agreement.stop_loss, bill, day)
        steps.lesser_of_line(drafts, agreement)
        steps.lesser_of_claim(drafts, agreement)
        return PricedClaim(agreement.key, tuple(self._done(draft) for draft in drafts))

    def allowed(
        self, code: str, *, charge: Cents, units: Decimal, day: date, modifiers: Sequence[str] = (), place: str = ""
    ) -> Allowed | None:
        """What the payer allows for a line that stands alone; None when the contract is silent on that day."""
        item = Item(number=1, code=code, charge=charge, units=units, day=day, modifiers=tuple(modifiers), place=place)
        line = self.price(Bill(items=(item,), start=day, end=day)).lines[0]
        return None if line.allowed is None or line.clause is None else Allowed(line.allowed, line.clause.id)

    def _done(self, draft: Draft) -> PricedLine:
        item, amount = draft.item, draft.amount
        priced = draft.term is not None and amount is not None
        return PricedLine(
            item.number,
            item.key,
            item.label,
            item.charge,
            max(0, amount) if amount is not None else None,
            self._clauses[draft.term.id] if draft.term is not None and priced else None,
            tuple(draft.steps),
            draft.shared,
        )

    def clauses_for(self, item: Item, bill: Bill) -> list[Term]:
        """The clauses for lines that fit this one on its day, in the order in which they are asked."""
        day = item.day
        if day is None or day not in self.agreement.period:
            return []
        return [term for term in self._terms_for(item, bill) if day in term.period]

    def _price(self, draft: Draft, bill: Bill) -> None:
        """By the clause that names the most of the line and has a price for it."""
        day = draft.item.day
        if day is None:
            draft.steps.append("the line has no day of service")
            return
        if day not in self.agreement.period:
            draft.steps.append(f"the contract does not hold on {day.isoformat()}")
            return
        for term in self._terms_for(draft.item, bill):
            if day in term.period and self._try(draft, term, bill):
                return
        draft.steps.append(f"no clause has a price for {draft.item.label} on {day.isoformat()}")

    def _try(self, draft: Draft, term: Term, bill: Bill) -> bool:
        found = price_line(term.pays, draft.item, bill, self.tools)
        if found.cents is None:
            draft.steps += [f"clause {term.id}: {step}" for step in found.steps]
            return False
        draft.amount, draft.term = found.cents, term
        draft.steps += found.steps
        return True

    def _terms_for(self, item: Item, bill: Bill) -> tuple[Term, ...]:
        """The clauses for lines that fit, the one that names the most first."""
        key = (item.code, item.modifiers, item.revenue_code, item.place, bill.drg, bill.type_of_bill, bill.kind)
        known = self._ranked.get(key)
        if known is None:
            ranked = [
                ((found, -self._depth[term.id]), term)
                for term in self._line_terms
                if (found := rank(term.scope, item, bill)) is not None
            ]
            known = tuple(term for _, term in sorted(ranked, key=lambda pair: pair[0], reverse=True))
            if len(self._ranked) >= _REMEMBERED:
                self._ranked.clear()
            self._ranked[key] = known
        return known

    # --- clauses that cover the claim -------------------------------------------------------------------------------

    def _cover(self, drafts: list[Draft], bill: Bill, day: date | None) -> bool:
        """Let a case rate, per diem or DRG take the lines that are not carved out. Whether one did."""
        if day is None or day not in self.agreement.period:
            return False
        for term, named in self._covering(bill, day):
            amount = self._of_claim(term, named, bill, day)
            if amount.cents is None:
                continue
            self._carve_out(drafts, bill)
            numbers = {item.number for item in named}
            only_named = isinstance(term.pays, CaseRate) and term.pays.covers == "lines"
            taken = [draft for draft in drafts if not draft.apart and (not only_named or draft.item.number in numbers)]
            self._share(taken, term, amount)
            return bool(taken)
        return False

    def _covering(self, bill: Bill, day: date) -> list[tuple[Term, list[Item]]]:
        """The clauses for claims that fit, the one that names the most first, each with the lines that it names."""
        found: list[tuple[tuple[Rank, int], Term, list[Item]]] = []
        for term in self._claim_terms:
            ranks = [(each, item) for item in bill.items if (each := rank(term.scope, item, bill)) is not None]
            if day in term.period and ranks:
                best = max(each for each, _ in ranks)
                found.append(((best, -self._depth[term.id]), term, [item for _, item in ranks]))
        found.sort(key=lambda each: each[0], reverse=True)
        return [(term, named) for _, term, named in found]

    def _of_claim(self, term: Term, named: list[Item], bill: Bill, day: date) -> Amount:
        if not isinstance(term.pays, PerDiem):
            return price_claim(term.pays, named, bill, day, self.tools)
        # Days at different rates (intensive care, ward) stand on one claim: each line goes by its own per diem.
        others = [each for each, _ in self._covering(bill, day) if isinstance(each.pays, PerDiem)]
        total, texts = 0, []
        for each in others:
            mine = [item for item in bill.items if self._per_diem_of(item, others, bill) is each]
            amount = price_claim(each.pays, mine, bill, day, self.tools) if mine else Amount(None, ())
            total += amount.cents or 0
            texts += [f"clause {each.id}: {text}" for text in amount.steps]
        return Amount(total, tuple(texts)) if texts else Amount(None, ())

    def _per_diem_of(self, item: Item, terms: list[Term], bill: Bill) -> Term | None:
        ranked = [
            ((found, -self._depth[term.id]), place)
            for place, term in enumerate(terms)
            if (found := rank(term.scope, item, bill)) is not None
        ]
        return terms[max(ranked)[1]] if ranked else None

    def _carve_out(self, drafts: list[Draft], bill: Bill) -> None:
        for draft in drafts:
            day = draft.item.day
            for term in self._terms_for(draft.item, bill):
                if term.carve_out and day is not None and day in term.period and self._try(draft, term, bill):
                    draft.steps.append(f"clause {term.id} is carved out: priced apart from the claim")
                    draft.apart = True
                    break
            else:
                draft.steps.clear()

    def _share(self, drafts: list[Draft], term: Term, amount: Amount) -> None:
        if not drafts:
            return
        assert amount.cents is not None
        for draft, part in steps.allot(amount.cents, drafts, steps.charge_of):
            draft.amount, draft.term, draft.shared = part, term, True
            draft.steps += amount.steps
            if len(drafts) > 1:
                draft.steps.append(f"{dollars(part)} of {dollars(amount.cents)} here, by charge")


def _clause(term: Term, agreement: Agreement) -> Clause:
    """The clause with the days on which it holds: its own within the contract's."""
    starts = [day for day in (term.start, agreement.start) if day is not None and day != date.min]
    ends = [day for day in (term.end, agreement.end) if day is not None]
    return Clause(term.id, term.text, max(starts, default=None), min(ends, default=None))


def simple_contract(key: str, schedules: Sequence[FeeSchedule], percent_of_charge: Dated[Decimal]) -> Contract:
    """The first of `schedules` that has a fee, else a part of the charge; never more than the charge."""
    by_name: Mapping[str, FeeSchedule] = {schedule.name: schedule for schedule in schedules}
    terms: list[Term] = []
    for name in by_name:
        terms.append(Term(id=name, pays=OwnSchedule(schedule=name), after=terms[-1].id if terms else ""))
    last = terms[-1].id if terms else ""
    changes = percent_of_charge.steps
    for place, (start, percent) in enumerate(changes):
        if percent is None:
            continue
        end = date.fromordinal(changes[place + 1][0].toordinal() - 1) if place + 1 < len(changes) else None
        id = "percent of charge" if len(changes) == 1 else f"percent of charge from {start.isoformat()}"
        terms.append(Term(id=id, start=start, end=end, pays=PercentOfCharge(percent=percent), after=last))
    agreement = Agreement(key=key, payer=key, start=date.min, terms=tuple(terms))
    return Contract(agreement, Tools(schedules=by_name))


__all__ = ["Allowed", "Contract", "PricedClaim", "PricedLine", "Scope", "simple_contract"]
