"""From what is allowed to what Medicare pays: deductible, coinsurance, then sequestration off the payment."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from superbill.money import Cents, portion
from superbill.pricing.medicare.model import COINSURANCE
from superbill.pricing.medicare.rules import rules

_WHOLE = Decimal(1)


class Payment(Struct, frozen=True, kw_only=True):
    """An allowed amount in cents: allowed = deductible + coinsurance + reduced + sequestered + paid.

    The patient owes the deductible and the coinsurance, nobody what is `reduced` (therapy by an assistant) or
    `sequestered`.
    """

    allowed: Cents
    deductible: Cents
    coinsurance: Cents
    reduced: Cents
    sequestered: Cents
    paid: Cents


def sequestration(day: date) -> Decimal:
    """The part taken off Medicare's payment for a service of the day: 0.02 since 2013-04-01, with a pause.

    0 from 2020-05-01 to 2022-03-31, 0.01 to 2022-06-30, then 0.02 again. By the date of service (of discharge for an
    inpatient).
    """
    return next(iter(rules()["sequestration"].on(day)), Decimal(0))


def payment(
    allowed: Cents,
    day: date,
    *,
    deductible_left: Cents = 0,
    coinsurance: Decimal = COINSURANCE,
    medicare_share: Decimal = _WHOLE,
) -> Payment:
    """What Medicare pays of an allowed amount, the patient's deductible first, then the coinsurance of the rest.

    `coinsurance` and `medicare_share` are those of the Priced. Sequestration lowers the payment and nothing else: the
    patient owes no more for it, the allowed amount stays. Raises ValueError for a negative amount.
    """
    if allowed < 0 or deductible_left < 0:
        raise ValueError("an allowed amount and a deductible are not negative")
    deductible = min(allowed, deductible_left)
    patient = portion(allowed - deductible, coinsurance)
    due = allowed - deductible - patient
    left = portion(due, medicare_share)
    sequestered = portion(left, sequestration(day))
    return Payment(
        allowed=allowed, deductible=deductible, coinsurance=patient, reduced=due - left, sequestered=sequestered,
        paid=left - sequestered,
    )  # fmt: skip
