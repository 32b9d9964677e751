"""The simulated bank: the statement of an account into which the payments of a practice's books came."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from superbill.banking import Payment
from superbill.banking.days import banking_days_after
from superbill.money import Cents
from superbill.payer.chance import happens

HEADER = ("Posting Date", "Description", "Amount", "Bank Reference")
_CLEARING_DAYS = {"eft": 1, "card": 2, "deposit": 1, "check": 1, "out": 4}
_FEE: Cents = 15_00  # each month's, which no book knows of before the statement comes
FEE_TEXT = "MONTHLY SERVICE CHARGE"
_LOST = 8  # per mille of payers' payments that a bank books under another name and amount, or not at all


def statement(payments: Iterable[Payment], until: date, seed: int) -> bytes:
    """The bank's CSV of the lines booked by `until`, by day: payments some banking days after their date, and a fee
    at the start of each month in which it books any. Always the same for the same payments and seed; few payers'
    payments never come.
    """
    lines = [line for payment in payments if (line := _line(payment, seed)) and line[0] <= until]
    lines += _fees([day for day, *_ in lines])
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(HEADER)
    for place, (day, text, amount) in enumerate(sorted(lines), 1):
        table.writerow((f"{day:%m/%d/%Y}", text, _plain(amount), f"{day:%Y%m%d}{place:06d}"))
    return out.getvalue().encode()


def _line(payment: Payment, seed: int) -> tuple[date, str, Cents] | None:
    if payment.kind == "eft" and happens(_LOST, seed, payment.key, "bank"):
        return None
    day = banking_days_after(payment.on, _CLEARING_DAYS[payment.kind])
    name = (payment.names or ("",))[0].upper()
    match payment.kind:
        case "eft":
            text = f"ACH CREDIT {name[:16]} HCCLAIMPMT TRN*1*{payment.trace}*{payment.originator}"
        case "card":
            text = "MERCHANT BANKCARD DEP"
        case "out":
            what = "CHECK PAID" if payment.key.startswith("entry:refund") else "RETURNED DEPOSIT ITEM"
            text = f"{what} {payment.trace}".strip()
        case _:
            text = f"DEPOSIT {payment.trace}".strip()
    return day, text, payment.amount


def _fees(days: list[date]) -> Iterator[tuple[date, str, Cents]]:
    for year, month in sorted({(day.year, day.month) for day in days}):
        first = banking_days_after(date(year, month, 1) - timedelta(days=1), 1)
        if min(days) < first <= max(days):
            yield first, FEE_TEXT, -_FEE


def _plain(amount: Cents) -> str:
    whole, part = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole}.{part:02d}"
