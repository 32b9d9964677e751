"""A deposit as the ticket that goes to the bank with it."""

import re

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import Receipt
from superbill.app.billing.standing import PaymentFacts
from superbill.app.deposits.models import BankLineRow, Deposit, DepositItem, DepositState, MatchPart
from superbill.app.deposits.payments import DEPOSIT
from superbill.app.deposits.queries import deposits
from superbill.app.documents import decoded
from superbill.app.practices.queries import policy
from superbill.app.remits.models import RemittanceRow
from superbill.app.rows import found
from superbill.app.statements.composing import practice_party
from superbill.forms.deposit import DepositTicket, TicketItem
from superbill.site import Site

_DIGITS = 4
_UNDONE = {
    DepositState.TAKEN_APART.value: "This deposit was taken apart: do not bring it to the bank.",
    DepositState.VOIDED.value: "This deposit was voided: do not bring it to the bank.",
}


def ticket(scope: Scope, site: Site, number: int) -> DepositTicket | None:
    """The ticket of a deposit's number; None where there is none."""
    for row, items in deposits(scope, number=number):
        return DepositTicket(
            practice=practice_party(site, policy(scope)),
            number=row.number,
            on=row.on,
            items=_items(scope, site, items),
            account=_account(scope, row),
            slip=row.reference,
            fee=row.fee,
            undone=_UNDONE.get(row.state, ""),
        )
    return None


def _items(scope: Scope, site: Site, items: list[DepositItem]) -> tuple[TicketItem, ...]:
    """A receipt's check has the number that was written down with it, an insurer's that of its payment."""
    receipts = {int(one.payment[1:]): one.payment for one in items if one.payment[1:].isdecimal()}
    docs = found(scope, Receipt, "number", receipts, "number", "doc")
    written = {receipts[number]: decoded(doc, PaymentFacts, f"receipt {number}").reference for number, doc in docs}
    sources = [one.payment for one in items if ":" in one.payment]
    columns = ("source", "trace_number", "payer_key")
    told = {source: rest for source, *rest in found(scope, RemittanceRow, "source", sources, *columns)}
    names = {entry.key: entry.name for entry in site.payers}
    made = []
    for one in items:
        trace, payer = told.get(one.payment, ("", ""))
        made.append(
            TicketItem(
                method=one.method, amount=one.amount, number=written.get(one.payment, trace),
                of=names.get(payer, payer), reference=one.payment if one.payment in written else "",
            )
        )  # fmt: skip
    return tuple(made)


def _account(scope: Scope, row: Deposit) -> str:
    """The last digits of the account to which it came, or of the only one of which there are bank statements."""
    parts = scope.rows(MatchPart).filter(live=True, payment=f"{DEPOSIT}{row.number}").values("match_id")
    lines = scope.rows(MatchPart).filter(match_id__in=parts, line__isnull=False)
    known = set(lines.values_list("line__account", flat=True)) or set(
        scope.rows(BankLineRow).order_by().values_list("account", flat=True).distinct()
    )
    digits = re.sub(r"\D", "", known.pop()) if len(known) == 1 else ""
    return digits[-_DIGITS:]
