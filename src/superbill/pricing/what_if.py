"""What if: the same claims under another contract, and which payer pays best for a code."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from superbill.money import Cents
from superbill.pricing.bill import Bill, Item
from superbill.pricing.contract import Contract
from superbill.pricing.contract_model import Clause


class CodeRow(Struct, frozen=True, kw_only=True):
    """One code over all claims: lines, units, charges, and what each contract allows, in the order of the contracts.

    `unpriced` counts the lines that each contract has no price for; they add nothing to its sum.
    """

    code: str
    lines: int
    units: Decimal
    charge: Cents
    allowed: tuple[Cents, ...]
    unpriced: tuple[int, ...]


class WhatIf(Struct, frozen=True, kw_only=True):
    """The same claims under several contracts. Rows with the widest spread come first."""

    contracts: tuple[str, ...]
    claims: int
    rows: tuple[CodeRow, ...]

    @property
    def charge(self) -> Cents:
        return sum(row.charge for row in self.rows)

    @property
    def allowed(self) -> tuple[Cents, ...]:
        """What each contract allows in all."""
        return tuple(sum(row.allowed[place] for row in self.rows) for place in range(len(self.contracts)))


def what_if(bills: Iterable[Bill], contracts: Sequence[Contract], *, as_if: date | None = None) -> WhatIf:
    """Price every bill under every contract.

    Contracts go by the days of the bills. `as_if`: one that does not hold when a bill begins is asked as if the bill
    began on that day, which asks a new contract about last year's claims.
    """
    sums: dict[str, list[list[int | Decimal]]] = {}
    count = len(contracts)
    claims = 0
    for bill in bills:
        claims += 1
        priced = [contract.price(_asked(bill, contract, as_if)).lines for contract in contracts]
        for place, item in enumerate(bill.items):
            code = item.code or item.revenue_code
            row = sums.setdefault(code, [[0, Decimal(0), 0], [0] * count, [0] * count])
            row[0] = [row[0][0] + 1, row[0][1] + item.units, row[0][2] + item.charge]
            for which in range(count):
                allowed = priced[which][place].allowed
                row[1][which] += allowed or 0
                row[2][which] += allowed is None
    rows = [
        CodeRow(
            code=code,
            lines=int(facts[0]),
            units=Decimal(facts[1]),
            charge=int(facts[2]),
            allowed=tuple(int(each) for each in allowed),
            unpriced=tuple(int(each) for each in unpriced),
        )
        for code, (facts, allowed, unpriced) in sums.items()
    ]
    rows.sort(key=lambda row: (min(row.allowed, default=0) - max(row.allowed, default=0), row.code))
    return WhatIf(contracts=tuple(each.agreement.key for each in contracts), claims=claims, rows=tuple(rows))


def _asked(bill: Bill, contract: Contract, as_if: date | None) -> Bill:
    if as_if is None or bill.start is None or bill.start in contract.agreement.period:
        return bill
    return moved(bill, as_if)


class Offer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one contract allows for a code; None: it has no price."""

    contract: str
    payer: str
    allowed: Cents | None
    clause: Clause | None = None
    steps: tuple[str, ...] = ()


def offers(item: Item, contracts: Iterable[Contract]) -> list[Offer]:
    """What each contract allows for a line that stands alone, the best first, those without a price last."""
    found = []
    for contract in contracts:
        line = contract.price(Bill(items=(item,), start=item.day, end=item.day)).lines[0]
        agreement = contract.agreement
        found.append(
            Offer(
                contract=agreement.key,
                payer=agreement.payer,
                allowed=line.allowed,
                clause=line.clause,
                steps=line.steps,
            )
        )
    return sorted(found, key=lambda offer: (offer.allowed is None, -(offer.allowed or 0), offer.contract))


def moved(bill: Bill, day: date) -> Bill:
    """The same bill as if it had begun on `day`: asks a contract that did not hold yet about old claims."""
    if bill.start is None:
        return bill
    by = day - bill.start

    def later(old: date | None) -> date | None:
        return old + by if old is not None else None

    items = tuple(replace(item, day=later(item.day)) for item in bill.items)
    return replace(bill, items=items, start=day, end=later(bill.end), admission=later(bill.admission))
