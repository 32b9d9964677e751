"""Renders receipts."""

from typing import Any

from superbill.forms.receipt.model import ReceiptData
from superbill.forms.statement.view import day
from superbill.forms.typeset import typeset
from superbill.money import dollars


def render(data: ReceiptData) -> bytes:
    """The PDF of one receipt."""
    return typeset(__package__, "receipt.typ", view(data), data.on)


def view(data: ReceiptData) -> dict[str, Any]:
    """JSON for `receipt.typ`: every amount and date is text already."""
    rows = [[day(part.on), part.label, part.patient, dollars(part.amount)] for part in data.applied]
    if data.on_account:
        rows.append(["", "Kept on your account for what comes", "", dollars(data.on_account)])
    return {
        "practice": data.practice,
        "number": data.number,
        "on": day(data.on),
        "payer": data.payer,
        "method": data.method,
        "rows": rows,
        "several": len({part.patient for part in data.applied}) > 1,
        "amount": dollars(data.amount),
        "undone": data.undone,
        "tin": f"{data.tin[:2]}-{data.tin[2:]}" if len(data.tin) == 9 else data.tin,
    }
