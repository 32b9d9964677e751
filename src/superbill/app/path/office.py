"""The practice's own desk on a working day: people's answers come in, statements go out, money goes to the bank."""

from datetime import datetime
from pathlib import Path

from msgspec import Struct

from superbill.app.billing.actions import forgive_small_balances, issue_refund, request_refund, review_plans
from superbill.app.billing.models import RefundState
from superbill.app.billing.parties import patient_party
from superbill.app.billing.queries import patient_credits, patients_in_credit, refunds
from superbill.app.deposits.actions import make_deposit
from superbill.app.deposits.making import undeposited
from superbill.app.labels import number_of
from superbill.app.path.people import people_act
from superbill.app.path.statements import StatementCounts, make_for_all
from superbill.app.session import Session
from superbill.app.stages import Stages
from superbill.app.statements.sending import send_statements
from superbill.connectors.folder import FolderConnector
from superbill.payer.people import PeopleRates

_FIRST = 1  # the day of a month on which small balances are forgiven


class Office(Struct, frozen=True, kw_only=True):
    """The simulated people who get the statements, and the folder into which letters go; None sends none."""

    people: PeopleRates
    seed: int
    letters: Path | None = None


def office_day(session: Session, office: Office, stages: Stages, counts: StatementCounts, *, at: datetime) -> None:
    """One day: what people did with their statements comes in, who is due gets one, the money goes to the bank.

    The mail is opened first, so that nobody is asked for what came since the last working day.
    """
    actor, day = session.actor, at.date()
    people_act(session, office.people, office.seed, at=at)
    made = make_for_all(session, stages, None, at=at)
    counts.statements += made.statements
    counts.amount += made.amount
    if office.letters is not None:
        counts.files += send_statements(actor, FolderConnector(office.letters), day, at=at).letters
    review_plans(actor, day, at=at)
    if day.day == _FIRST:
        forgive_small_balances(actor, day, at=at)
    _give_back(session, at)
    _bring_to_the_bank(session, at)


def _give_back(session: Session, at: datetime) -> None:
    """Refund what patients have too much; above the policy's limit it waits for a second person."""
    actor, day = session.actor, at.date()
    for patient, credit in patients_in_credit(session.scope).items():
        # Money kept for a visit that is still to be billed is no credit yet.
        amount = min(credit, sum(one.amount for one in patient_credits(session.scope, patient)))
        if not amount:
            continue
        key = f"credit:{patient}:{day}"
        request_refund(actor, patient_party(patient), amount, key, day, reason="paid too much", at=at)
    for refund in refunds(session.scope, RefundState.APPROVED):
        number = number_of(refund.case.number, "RF")
        issue_refund(actor, number, day, check_number=f"{5000 + number}", at=at)


def _bring_to_the_bank(session: Session, at: datetime) -> None:
    """Cards of the time since the last working day are one batch, cash and checks another."""
    waiting = [each for each in undeposited(session.scope) if each.on <= at.date()]
    for cards in (True, False):
        some = [each.payment for each in waiting if (each.method == "card") is cards]
        if some:
            make_deposit(session.actor, some, at.date(), at=at)
