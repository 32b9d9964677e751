"""Money that patients pay at the desk: posted on the day of the visit, put to what they come to owe."""

from collections.abc import Iterable
from datetime import datetime

from superbill.app.billing.actions import PaymentFacts, apply_unapplied, take_payment
from superbill.app.billing.queries import patients_with_money_to_apply
from superbill.app.encounters.queries import Visit
from superbill.app.session import Session


def take_desk_payments(session: Session, some: Iterable[Visit]) -> int:
    """Post what patients paid at the desk on the day of their visit; how many payments. Each posts once.

    A copay is its visit's: it waits there for insurance, and what the visit leaves over is free for others.
    """
    paid = [(visit, amount) for visit in some if (amount := visit.encounter.copay_collected)]
    for visit, amount in paid:
        day = visit.encounter.date_of_service
        visit_number = visit.account_number
        facts = PaymentFacts(method="desk", patients=(visit.patient_id,), visit=visit_number, rule="visit")
        take_payment(session.actor, amount, facts, visit_number, day, at=session.at)
    return len(paid)


def apply_money_on_account(session: Session, at: datetime) -> int:
    """Put money on account to the lines that patients owe by now; for how many patients. Once a patient and day."""
    patients = patients_with_money_to_apply(session.scope)
    for patient in patients:
        apply_unapplied(session.actor, patient, f"{patient}:{at.date()}", at.date(), at=at)
    return len(patients)
