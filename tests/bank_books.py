"""A practice with posted 835s, receipts and a bank account, for tests of deposits and closings."""

from datetime import date, datetime
from typing import Any

from superbill.app.billing.payments import take_payment
from superbill.app.billing.standing import PaymentFacts
from superbill.app.patients.models import PatientRow
from superbill.app.remits.actions import post_remittance
from superbill.banking import StatementRead
from superbill.banking.model import BankLine, numbered
from tests.app_samples import AT, TODAY, billed, remittance, usual_answer


def statement(*lines: tuple[date, int, str], trace: str = "", form: str = "csv") -> StatementRead:
    """A statement of lines (day, cents, text); the first carries `trace`."""
    made = [
        BankLine(account="987654321", booked_on=day, amount=amount, text=text, trace="" if place else trace)
        for place, (day, amount, text) in enumerate(lines)
    ]
    return StatementRead(format=form, lines=numbered(made))


def paid(system: Any, trace: str = "0000017401", *, first: int = 1, day: date = TODAY) -> Any:
    """Two claims billed and paid by one 835: 160.00."""
    claims = billed(system, charts=1, visits=2, first=first)
    document = remittance(trace, *(usual_answer(one) for one in claims), day=day)
    post_remittance(system, document, payer_key="one", at=AT)
    return document


def pays(system: Any, amount: int, method: str = "cash", *, key: str = "", on: date = TODAY, at: datetime = AT) -> str:
    """The first patient pays; the receipt's number."""
    patient = system.scope.rows(PatientRow).order_by("id").first()
    facts = PaymentFacts(method=method, patients=(patient.pk,))
    return take_payment(system, amount, facts, key or f"{method}{amount}", on, at=at).receipt
