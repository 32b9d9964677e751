"""What the simulated people do with their statements, each on a day of its own, once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from msgspec import Struct

from superbill.app.billing.actions import make_plan, return_payment, take_payment
from superbill.app.billing.cases import label
from superbill.app.billing.errors import BadAmount, NotPossible
from superbill.app.billing.models import Receipt, ReceiptState
from superbill.app.billing.queries import receipt
from superbill.app.billing.standing import PaymentFacts
from superbill.app.deposits.queries import deposits
from superbill.app.labels import number_of
from superbill.app.session import Session
from superbill.app.statements.actions import returned
from superbill.app.statements.mail import BadMail
from superbill.app.statements.making import numbered
from superbill.app.statements.queries import patients_on, statements
from superbill.app.threads.actions import open_thread
from superbill.app.threads.models import Topic
from superbill.payer.people import PeopleRates, Reaction, reaction

_LONGEST = timedelta(days=60)  # nobody answers a statement later
_BOUNCES = timedelta(days=150)  # and no check comes back later
_CLEARS = timedelta(days=6)  # after its deposit the bank sends a bad check back


class _Answer(Struct, frozen=True, kw_only=True):
    """What somebody does with a statement (its number and row), for these patients, on a day."""

    number: int
    patients: tuple[int, ...]
    on: date
    done: Reaction

    @property
    def key(self) -> str:
        return f"statement:{self.number}"


def people_act(session: Session, rates: PeopleRates, seed: int, *, at: datetime) -> int:
    """Let everybody do by `at` what they do with their statements; how many did something. Each deed is done once."""
    acted = 0
    for row in statements(session.scope, since=at.date() - _BOUNCES):
        done = reaction(rates, seed, numbered(row.number), row.amount)
        day = row.on + done.after
        deed = _DEEDS.get(done.deed)
        if deed is not _pay_badly and row.on < at.date() - _LONGEST:
            continue
        if deed is not None and day <= at.date():
            patients = tuple(patients_on(session.scope, row.pk))
            deed(session, _Answer(number=row.number, patients=patients, on=day, done=done), at)
            acted += 1
    return acted


def _pay(session: Session, answer: _Answer, at: datetime) -> None:
    _take(session, answer, at)


def _pay_badly(session: Session, answer: _Answer, at: datetime) -> None:
    """With a check that the bank sends back."""
    number = _take(session, answer, at)
    taken = receipt(session.scope, number)
    if taken is None or taken.case.state != ReceiptState.TAKEN:
        return
    tag = label(Receipt, number)
    brought = [made.on for made, items in deposits(session.scope) for item in items if item.payment == tag]
    if brought and (back := max(brought) + _CLEARS) <= at.date():
        return_payment(session.actor, number, back, reason="insufficient funds", at=at)


def _take(session: Session, answer: _Answer, at: datetime) -> int:
    done = answer.done
    card, check = done.method == "card", done.method == "check"
    facts = PaymentFacts(
        method=done.method,
        patients=answer.patients,
        reference=f"{1000 + answer.number}" if check else "",
        brand="card" if card else "",
        last_four=f"{answer.number % 10_000:04d}" if card else "",
    )
    taken = take_payment(session.actor, done.amount, facts, answer.key, answer.on, at=at)
    return number_of(taken.receipt, "R")


def _ask_for_plan(session: Session, answer: _Answer, at: datetime) -> None:
    first = answer.on + timedelta(days=14)
    for patient in answer.patients:
        try:
            key = f"{answer.key}:{patient}"
            make_plan(session.actor, patient, first, key, answer.on, months=answer.done.parts, at=at)
        except (BadAmount, NotPossible):
            continue  # that patient owes nothing by now, or has a plan


def _dispute(session: Session, answer: _Answer, at: datetime) -> None:
    words = "I don't think that I owe this. Please look at it again."
    open_thread(session.actor, Topic.DISPUTE, words, on=answer.on, statement=answer.number, key=answer.key, at=at)


def _have_moved(session: Session, answer: _Answer, at: datetime) -> None:
    try:
        returned(session.actor, answer.number, on=answer.on, reason="not at this address", at=at)
    except BadMail:
        return  # it went by no letter


_DEEDS: dict[str, Callable[[Session, _Answer, datetime], None]] = {
    "pays": _pay,
    "pays part": _pay,
    "overpays": _pay,
    "returned check": _pay_badly,
    "asks for a plan": _ask_for_plan,
    "disputes": _dispute,
    "moved": _have_moved,
}
