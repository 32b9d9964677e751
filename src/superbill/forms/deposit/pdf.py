"""Renders deposit tickets."""

from typing import Any

from superbill.forms.deposit.model import CASH, DepositTicket
from superbill.forms.statement.view import day
from superbill.forms.typeset import typeset
from superbill.money import dollars


def render(data: DepositTicket) -> bytes:
    """The PDF of one ticket."""
    return typeset(__package__, "deposit.typ", view(data), data.on)


def view(data: DepositTicket) -> dict[str, Any]:
    """JSON for `deposit.typ`: every amount and date is text already."""
    checks = [
        [str(place), one.number or "–", one.of, one.reference, dollars(one.amount)]
        for place, one in enumerate(data.checks, 1)
    ]
    count, paid_in_cash = len(data.checks), sum(one.method == CASH for one in data.items)
    sums = []
    if paid_in_cash:
        sums.append([f"Cash ({_times(paid_in_cash, 'payment')})", dollars(data.cash)])
    if count:
        sums.append([f"Checks ({count})", dollars(sum(one.amount for one in data.checks))])
    for method in sorted({one.method for one in data.others}):
        some = [one.amount for one in data.others if one.method == method]
        sums.append([f"{method.capitalize()} ({_times(len(some), 'payment')})", dollars(sum(some))])
    if data.fee:
        sums.append(["Less the processor’s fee", f"({dollars(data.fee)})"])
    return {
        "practice": data.practice,
        "number": str(data.number),
        "on": day(data.on),
        "account": data.account,
        "slip": data.slip,
        "checks": checks,
        "sums": sums,
        "count": _times(len(data.items), "payment"),
        "total": dollars(data.total),
        "undone": data.undone,
    }


def _times(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")
