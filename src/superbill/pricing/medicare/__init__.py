"""Medicare's own prices: what Part B allows for a line, to the cent, with every step of it.

    medicare = Medicare.of(store)                                     # once; the tables are those of the store
    setting = Setting(locality=Locality("13202", "NY", "01"), place_of_service="22", provider="physician")
    lines = [Line(number=1, code="45380", day=day), Line(number=2, code="45385", day=day, charge=90_000)]
    for priced in medicare.price(lines, setting):                     # one Priced for each Line, in order
        priced.amount        # cents for the whole line; None when by-report or unpriced; 0 when bundled or not payable
        priced.outcome       # "priced" | "bundled" | "not-payable" | "by-report" | "unpriced"
        priced.steps         # Step(rule, text, amount, source): plain words, and the cents after each step
        priced.why           # why there is no price, with priced.fix

`payment(priced.amount, day, deductible_left=…)` splits an allowed amount into deductible, coinsurance, sequestration
and what Medicare pays; give it the line's `coinsurance` and `medicare_share`. `NATIONAL` is the locality with every
index 1. A contract of "120 % of Medicare" multiplies `priced.amount` where the outcome is priced, pays nothing where it
is bundled or not payable, and goes on to its next clause where it is by-report or unpriced. It leaves `Line.charge`
None when it has a lesser-of clause of its own.

Tables come from `superbill codesets import`: PPRRVU, GPCI, ANES, anesthesia base units, ZIP5, CLFS, ASP. What is not
imported has no price and says so. The rules are data in rules.yaml, each with its source and its numbers by day.
"""

from superbill.codesets.mpfs.places import NATIONAL, Locality
from superbill.pricing.medicare.engine import Medicare
from superbill.pricing.medicare.model import Line, Outcome, Priced, Setting, Step
from superbill.pricing.medicare.payment import Payment, payment, sequestration
from superbill.pricing.medicare.tables import Tables, tables_of

__all__ = [
    "NATIONAL",
    "Line",
    "Locality",
    "Medicare",
    "Outcome",
    "Payment",
    "Priced",
    "Setting",
    "Step",
    "Tables",
    "payment",
    "sequestration",
    "tables_of",
]
