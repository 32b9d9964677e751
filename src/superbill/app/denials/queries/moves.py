"""What was posted on DENIED, and what payers paid on those lines: all of it, or that of some lines."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import Posting
from superbill.app.rows import asked, found
from superbill.denials.standing import Move, Paid
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Reason
from superbill.money import Cents

_MOVE = (
    "line_id", "payer", "amount", "reason_group", "reason_code", "remarks", "entry_id", "entry__on", "entry__kind",
)  # fmt: skip


def moves_on_denied(scope: Scope) -> list[Move]:
    """Every posting on DENIED: one statement, from one index."""
    return [_move(*row) for row in asked(scope, Posting, _on_denied)]


def moves_of(scope: Scope, lines: Iterable[int]) -> list[Move]:
    """Those of some lines (row ids)."""
    return [_move(*row) for row in found(scope, Posting, "line_id", lines, *_MOVE, account=Account.DENIED.value)]


def paid_on(scope: Scope, lines: Iterable[int]) -> Paid:
    """What payers paid on these lines."""
    paid: dict[tuple[int, str], list[tuple[int, Cents]]] = {}
    columns = ("line_id", "payer", "entry_id", "amount")
    for line, payer, entry, cents in found(scope, Posting, "line_id", lines, *columns, account=Account.CLEARING.value):
        paid.setdefault((line, payer), []).append((entry, cents))
    return paid


def _on_denied(scope: Scope) -> QuerySet[Posting, Any]:
    return scope.rows(Posting).filter(account=Account.DENIED.value).order_by().values_list(*_MOVE)


def _move(
    line: int, payer: str, amount: int, group: str, code: str, remarks: str, entry: int, on: date, kind: str
) -> Move:
    reason = Reason(group, code, tuple(remarks.splitlines()))
    taken_back = kind == "reversal"
    return Move(line=line, payer=payer, amount=amount, reason=reason, entry=entry, on=on, taken_back=taken_back)
