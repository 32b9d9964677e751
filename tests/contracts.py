"""Contracts and bills for tests. All of it fictional."""

from datetime import date
from decimal import Decimal

from superbill.pricing.bill import Bill, Item
from superbill.pricing.contract import Contract
from superbill.pricing.contract_file import read_contract

DAY = date(2026, 3, 2)
HEAD = """
key = "blue-peak-2026"
payer = "bluepeak"
document = "Agreement 4711"
start = 2026-01-01
end = 2026-12-31
"""
TABLES = {
    "fees.csv": "code,modifier,start,amount\n99213,,2026-01-01,80\n93000,,2026-01-01,30\n93000,26,2026-01-01,10.55\n",
    "weights.csv": "drg,start,weight\n470,2025-10-01,1.9\n470,2026-10-01,2\n",
}


def beside(files=TABLES):
    """The reader of the files beside a contract file."""

    def opened(name: str) -> str:
        if name not in files:
            raise FileNotFoundError(name)
        return files[name]

    return opened


def contract(terms: str, head: str = HEAD, *, medicare=None, files=TABLES) -> Contract:
    """The contract of these TOML clauses."""
    return read_contract(head + terms, "blue-peak.toml", beside(files), medicare)


def item(code="99213", charge=200_00, *, number=1, day=DAY, units=1, modifiers=(), revenue="", place="11") -> Item:
    return Item(
        number=number,
        code=code,
        charge=charge,
        day=day,
        units=Decimal(units),
        modifiers=tuple(modifiers),
        revenue_code=revenue,
        place=place,
        key=f"L{number}",
    )


def bill(*items: Item, kind="professional", type_of_bill="", drg="", start=DAY, end=None) -> Bill:
    return Bill(items=items, kind=kind, type_of_bill=type_of_bill, drg=drg, start=start, end=end or start)


def stay(*items: Item, drg="470") -> Bill:
    """An inpatient bill."""
    return bill(*items, kind="institutional", type_of_bill="0111", drg=drg)


def allowed(found, *items, **facts) -> list[int | None]:
    """What a contract allows for each line."""
    made = items[0] if isinstance(items[0], Bill) else bill(*items, **facts)
    return [line.allowed for line in found.price(made).lines]
