"""What patients' money asks a person to do."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Max, Sum

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.permissions import Role
from superbill.app.billing.cases import label
from superbill.app.billing.models import (
    Approval,
    ApprovalState,
    LineBalance,
    MoneyEvent,
    PaymentPlan,
    Placement,
    PlacementState,
    PlanState,
    Posting,
    Refund,
    RefundState,
)
from superbill.app.billing.parties import patient_of
from superbill.app.billing.plans import promises
from superbill.app.billing.refunds import OPEN
from superbill.app.practices.queries import policy
from superbill.app.worklists.items import Wanted
from superbill.ledger.accounts import Account
from superbill.ledger.instalments import missed_in_a_row
from superbill.money import Cents, dollars
from superbill.site.policy import MoneyPolicy


def wanted(scope: Scope, on: date) -> Iterator[Wanted]:
    """Credits and unapplied money to give back or use, approvals that wait, plans, placements and checks gone stale."""
    rules = policy(scope)
    yield from _patient_credits(scope)
    yield from _payer_credits(scope)
    yield from _unapplied(scope, on, rules)
    yield from _refunds(scope, on, rules)
    yield from _approvals(scope)
    yield from _plans(scope, on, rules)
    yield from _placements(scope, on, rules)


def _patient_credits(scope: Scope) -> Iterator[Wanted]:
    rows = scope.rows(LineBalance).filter(patient__lt=0).order_by("line__patient_id").values_list("line__patient_id")
    under_way = set(scope.rows(Refund).filter(state__in=OPEN).values_list("patient_id", flat=True))
    for patient, credit in rows.annotate(credit=Sum("patient")):
        if patient not in under_way:
            why = f"{dollars(-credit)} was paid too much. Put it to other visits, or refund it."
            yield _credit("patient", str(patient), "patient", patient, -credit, why)


def _payer_credits(scope: Scope) -> Iterator[Wanted]:
    rows = scope.rows(LineBalance).filter(insurance__lt=0).order_by("payer").values_list("payer")
    under_way = set(scope.rows(Refund).filter(state__in=OPEN).values_list("party", flat=True))
    for payer, credit, first in rows.annotate(credit=Sum("insurance"), first=Max("line_id")):
        if payer not in under_way:
            why = f"{payer or 'A payer'} paid {dollars(-credit)} more than is owed. Refund it, or have it recouped."
            yield _credit("payer", payer, "line", first, -credit, why)


def _credit(of: str, party: str, subject_kind: str, subject: int, amount: Cents, why: str) -> Wanted:
    return Wanted(
        key=f"{of}-credit:{party}",
        kind=f"{of} credit",
        subject_kind=subject_kind,
        subject=subject,
        why=why,
        amount=amount,
        role=Role.POSTER,
        rank=amount,
        facts=str(-amount),
    )


def _unapplied(scope: Scope, on: date, rules: MoneyPolicy) -> Iterator[Wanted]:
    rows = scope.rows(Posting).filter(account=Account.UNAPPLIED.value).order_by("payer").values_list("payer")
    under_way = set(scope.rows(Refund).filter(state__in=OPEN).values_list("party", flat=True))
    for payer, total, last in rows.annotate(total=Sum("amount"), last=Max("entry__on")).exclude(total=0):
        patient = patient_of(payer)
        if patient is None or payer in under_way or (total < 0 and (on - last).days < rules.unapplied_days):
            continue
        over = f"{dollars(abs(total))} was refunded of a payment that then came back. Ask the patient for it."
        old = f"{dollars(abs(total))} is on no line since {last}. Put it to what is owed, keep or refund it."
        yield Wanted(
            key=f"unapplied:{patient}",
            kind="unapplied money",
            subject_kind="patient",
            subject=patient,
            why=over if total > 0 else old,
            amount=abs(total),
            role=Role.POSTER,
            rank=abs(total),
            facts=str(total),
        )


def _refunds(scope: Scope, on: date, rules: MoneyPolicy) -> Iterator[Wanted]:
    stale = on - timedelta(days=rules.stale_check_days)
    rows = scope.rows(Refund).filter(state__in=(*OPEN, RefundState.ISSUED.value)).order_by("number")
    for row in rows:
        name = label(Refund, row.number)
        kind, why, role = "refund to send", f"{name} is approved. Send the check and record its number.", Role.POSTER
        if row.state == RefundState.REQUESTED:
            kind, role = "refund approval", Role.MANAGER
            why = f"{row.actor} asks for {name} over {dollars(row.amount)}. Approve or refuse it."
        if row.state == RefundState.ISSUED:
            issued = scope.rows(MoneyEvent).filter(kind="refund", subject=row.pk).aggregate(day=Max("on"))["day"]
            if issued > stale:
                continue
            kind, why = "stale check", f"The check of {name}, sent {issued}, is not cashed. Ask, void it, or send anew."
        yield Wanted(
            key=f"refund:{row.pk}:{row.state}",
            kind=kind,
            subject_kind="refund",
            subject=row.pk,
            why=why,
            amount=row.amount,
            role=role,
            rank=row.amount,
        )


def _approvals(scope: Scope) -> Iterator[Wanted]:
    for row in scope.rows(Approval).filter(state=ApprovalState.WAITING.value).order_by("number"):
        name = label(Approval, row.number)
        yield Wanted(
            key=f"approval:{row.pk}",
            kind="write-off approval",
            subject_kind="approval",
            subject=row.pk,
            why=f"{row.actor} asks to forgive {dollars(row.amount)} ({name}). Approve or refuse it.",
            amount=row.amount,
            role=Role.MANAGER,
            rank=row.amount,
        )


def _plans(scope: Scope, on: date, rules: MoneyPolicy) -> Iterator[Wanted]:
    kept_to = (PlanState.ACTIVE.value, PlanState.DEFAULTED.value)
    for row in scope.rows(PaymentPlan).filter(state__in=kept_to).order_by("number"):
        missed = missed_in_a_row(promises(scope, row, on))
        default = row.state == PlanState.DEFAULTED or missed >= rules.plan_missed
        if default or missed:
            name = label(PaymentPlan, row.number)
            todo = "Agree on a new one, or end it." if default else "Remind the patient."
            yield Wanted(
                key=f"plan:{row.pk}",
                kind="plan default" if default else "plan missed",
                subject_kind="plan",
                subject=row.pk,
                why=f"{missed} promises in a row of plan {name} were not kept. {todo}",
                amount=row.amount,
                role=Role.POSTER,
                rank=row.amount,
                facts=f"{row.state}:{missed}",
            )


def _placements(scope: Scope, on: date, rules: MoneyPolicy) -> Iterator[Wanted]:
    since = on - timedelta(days=rules.placement_review_days)
    for row in scope.rows(Placement).filter(state=PlacementState.PLACED.value, on__lte=since).order_by("number"):
        name = label(Placement, row.number)
        yield Wanted(
            key=f"placement:{row.pk}",
            kind="stale placement",
            subject_kind="placement",
            subject=row.pk,
            why=f"{name} is with the agency since {row.on}. Ask for a report; recall or close it.",
            amount=row.amount,
            role=Role.POSTER,
            rank=row.amount,
        )
