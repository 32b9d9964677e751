"""Tasks of reconciling: money without an 835, an 835 without money, differences, and matches that no longer hold."""

from collections.abc import Iterator
from datetime import date

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import JournalEntry
from superbill.app.deposits.models import BankLineRow, LineState, Match
from superbill.app.deposits.payments import DEPOSIT, ENTRY
from superbill.app.deposits.queries import Books, changed_deposits, reconciliation
from superbill.app.documents import content_key
from superbill.app.remits.models import RemittanceRow
from superbill.app.rows import found
from superbill.app.worklists.items import Wanted
from superbill.banking import Outstanding, Unexplained
from superbill.banking.days import banking_days_after
from superbill.banking.match import REASSOCIATION_DAYS
from superbill.money import dollars

ROLE = "poster"
_LONGEST = 160  # of a task's key
_OF_A_LINE = {
    "missing ERA": "The bank has {amount} of {day}, and no 835 explains it. Ask the payer for the 835.",
    "duplicate": "The bank has {amount} of {day} under a trace number that is matched. Was it paid twice? Ask.",
    "unknown": "The bank has {amount} of {day} that is no payment of the books. Find out what it is, or set it aside.",
    "money out": "{amount} left the bank on {day} that the books do not know. Book it as a fee, or set it aside.",
}
_OF_A_PAYMENT = {
    "missing EFT": "The 835 of {day} says {amount}, and the bank has not got it. Ask the payer to trace the EFT.",
    "in transit": "{amount} of {day} did not arrive at the bank. Look for the deposit.",
    "not cleared": "A payment of {amount} came back on {day}; the bank has not drawn it in six months. Ask the bank.",
    "not deposited": "A payer's check of {amount} of {day} is posted, and is in no deposit. Bring it to the bank.",
}


def wanted(scope: Scope, on: date) -> Iterator[Wanted]:
    """What a poster has to look at on the day `on`: after three business days what is missing, at once what differs."""
    books = reconciliation(scope, on)
    for line in books.found.unexplained:
        if line.candidates or line.overdue or line.state in ("duplicate", "unknown", "money out"):
            yield _about_line(books, line)
    late = [each for each in books.found.outstanding if each.overdue and _own_task(each)]
    columns = ("source", "id")
    rows = dict(found(scope, RemittanceRow, "source", [each.payment for each in late], *columns))
    entries = [each.payment.removeprefix(ENTRY) for each in late if each.payment.startswith(ENTRY)]
    rows |= {f"{ENTRY}{key}": row_id for key, row_id in found(scope, JournalEntry, "key", entries, "key", "id")}
    for payment in late:
        yield _about_payment(books, payment, rows.get(payment.payment, 0))
    stale = dict(scope.rows(Match).filter(number__in=books.stale).values_list("number", "id"))
    for number in books.stale:
        why = f"Match {number} with the bank names a payment that was voided since. Undo it, and match the line anew."
        yield Wanted(
            key=f"bank-stale:{number}",
            kind="stale match",
            subject_kind="bank match",
            subject=stale[number],
            why=why,
            role=ROLE,
        )
    for deposit in changed_deposits(scope):
        why = f"A payment of deposit {deposit.number} was voided by itself. Take the deposit apart, and make it anew."
        yield Wanted(
            key=f"deposit-changed:{deposit.number}",
            kind="deposit changed",
            subject_kind="deposit",
            subject=deposit.pk,
            why=why,
            amount=deposit.amount,
            role=ROLE,
            rank=deposit.amount,
        )
    for row in scope.rows(BankLineRow).filter(state=LineState.SUSPECT).order_by("id"):
        why = f"{dollars(row.amount)} of {row.booked_on} came in files of two formats. Set one of the lines aside."
        yield Wanted(
            key=f"bank-suspect:{row.line}",
            kind="bank line twice",
            subject_kind="bank line",
            subject=row.pk,
            why=why,
            amount=abs(row.amount),
            role=ROLE,
            rank=abs(row.amount),
        )


def _own_task(payment: Outstanding) -> bool:
    """A payment that may be a bank line has the task of the line, a check that nobody cashes that of its refund."""
    of_a_refund = payment.payment.startswith(f"{ENTRY}refund:")
    return payment.state in _OF_A_PAYMENT and not payment.candidates and not of_a_refund


def _about_line(books: Books, line: Unexplained) -> Wanted:
    booked = books.lines[line.line].booked_on
    why = _OF_A_LINE[line.state].format(amount=dollars(abs(line.amount)), day=booked)
    if line.candidates:
        many = line.candidates > 1
        may_be = f"one of {line.candidates}: choose it" if many else "a payment of the books: confirm it"
        why = f"{dollars(line.amount)} of {booked} may be {may_be}, with superbill bank match."
    return Wanted(
        key=f"bank-line:{line.line}",
        kind="confirm match" if line.candidates else line.state,
        subject_kind="bank line",
        subject=books.rows[line.line],
        why=why,
        amount=abs(line.amount),
        due=banking_days_after(booked, REASSOCIATION_DAYS),
        role=ROLE,
        rank=abs(line.amount),
    )


def _about_payment(books: Books, payment: Outstanding, row: int) -> Wanted:
    known = books.payments[payment.payment]
    number = known.key.removeprefix(DEPOSIT)
    about = "deposit" if known.key.startswith(DEPOSIT) else "entry" if known.key.startswith(ENTRY) else "remittance"
    return Wanted(
        key=_key(known.key),
        kind=payment.state,
        subject_kind=about,
        subject=int(number) if about == "deposit" else row,
        why=_OF_A_PAYMENT[payment.state].format(amount=dollars(abs(payment.amount)), day=known.on),
        amount=abs(payment.amount),
        due=banking_days_after(known.on, REASSOCIATION_DAYS),
        role=ROLE,
        rank=abs(payment.amount),
    )


def _key(payment: str) -> str:
    key = f"bank-payment:{payment}"
    return key if len(key) <= _LONGEST else f"bank-payment:{content_key(payment)}"
