"""An account with everything on it: money on account, a refund under way, a write-off that waits, a plan that ended,
an agency, holds, a statement, a matter."""

from typing import Any

from superbill.app.billing.actions import (
    PaymentFacts,
    WriteOff,
    ask_to_forgive,
    cancel_plan,
    make_plan,
    patient_party,
    place,
    request_refund,
    take_payment,
)
from superbill.app.billing.models import ChargeLine
from superbill.app.guarantors.queries import guarantor_of
from superbill.app.statements.actions import hold
from superbill.app.statements.models import HoldKind
from superbill.app.threads.actions import open_thread
from superbill.app.threads.models import Topic
from tests.app_samples import AT, TODAY
from tests.statement_samples import stated


def lines_of(system: Any, patient: int) -> list[str]:
    """The keys of a patient's lines."""
    rows = system.scope.rows(ChargeLine).filter(patient_id=patient).order_by("service_start", "id")
    return list(rows.values_list("key", flat=True))


def payer_of(system: Any, patient: int) -> int:
    """Who pays for a patient today."""
    return guarantor_of(system.scope, [patient], TODAY)[patient]


def everything_on(system: Any, patient: int) -> None:
    """Put one of everything on the account of a patient who owes something."""
    key, lines = f"all-{patient}", lines_of(system, patient)
    stated(system)
    facts = PaymentFacts(method="cash", patients=(patient,), rule="unapplied")
    take_payment(system, 50_00, facts, key, TODAY, at=AT)
    request_refund(system, patient_party(patient), 5_00, key, TODAY, reason="moved", despite_balance=True, at=AT)
    ask_to_forgive(system, WriteOff(lines=((lines[0], 1_00),), reason="courtesy"), key, TODAY, at=AT)
    plan = make_plan(system, patient, TODAY, key, TODAY, months=2, at=AT)
    cancel_plan(system, int(plan.removeprefix("PP")), TODAY, reason="changed their mind", at=AT)
    place(system, patient, "Agency", key, TODAY, give_up=False, at=AT)
    hold(system, HoldKind.DISPUTE, since=TODAY, reason="in dispute", lines=(lines[0],), at=AT)
    hold(system, HoldKind.OTHER, since=TODAY, reason="wait", guarantor=payer_of(system, patient), at=AT)
    open_thread(system, Topic.QUESTION, "Why?", on=TODAY, guarantor=payer_of(system, patient), key=key, at=AT)
