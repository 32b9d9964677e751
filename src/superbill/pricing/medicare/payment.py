"""From what is allowed to what Medicare pays: deductible, coinsurance, then sequestration off the payment."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from superbill.money import Cents, portion
from superbill.pricing.medicare.model import COINSURANCE
from superbill.pricing.medicare.rules import rules


class Payment(Struct, frozen=True, kw_only=True):
    """An allowed amount in its parts, in cents: allowed = deductible + coinsurance + sequestered + paid."""

    allowed: Cents
    deductible: Cents
    coinsurance: Cents
    sequestered: Cents
    paid: Cents


def sequestration(day: date) -> Decimal:
    """The part taken off Medicare's payment for a service of the day: 0.02 since 2013-04-01, with a pause.

    0 from 2020-05-01 to 2022-03-31, 0.01 to 2022-06-30, then 0.02 again. By the date of service (of discharge for an
    inpatient).
    """
    return next(iter(rules()["sequestration"].on(day)), Decimal(0))


def payment(allowed: Cents, day: date, *, deductible_left: Cents = 0, coinsurance: Decimal = COINSURANCE) -> Payment:
    """What Medicare pays of an allowed amount, the patient's deductible first, then the coinsurance of the rest.

    Sequestration lowers the payment and nothing else: the patient owes no more for it, the allowed amount stays.
    Raises ValueError for a negative amount.
    """
    if allowed < 0 or deductible_left < 0:
        raise ValueError("an allowed amount and a deductible are not negative")
    deductible = min(allowed, deductible_left)
    patient = portion(allowed - deductible, coinsurance)
    due = allowed - deductible - patient
    sequestered = portion(due, sequestration(day))
    return Payment(
        allowed=allowed, deductible=deductible, coinsurance=patient, sequestered=sequestered, paid=due - sequestered
    )
