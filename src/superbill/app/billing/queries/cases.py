"""Receipts, refunds, approvals, payment plans and placements, as lists and one by one."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Value
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.agencies import PlacementFacts
from superbill.app.billing.cases import KINDS, label, steps
from superbill.app.billing.models import (
    Approval,
    ApprovalState,
    Case,
    PaymentPlan,
    Placement,
    PlanState,
    Receipt,
    Refund,
    RefundState,
)
from superbill.app.billing.payments import where_now
from superbill.app.billing.plans import facts_of, promises, still_owed
from superbill.app.billing.refunds import RefundFacts
from superbill.app.billing.standing import PaymentFacts
from superbill.app.billing.write_offs import WriteOff
from superbill.app.documents import decoded
from superbill.ledger.accounts import Account
from superbill.ledger.instalments import Promise, missed_in_a_row
from superbill.money import Cents


class Step(Struct, frozen=True, kw_only=True):
    """One step of a case."""

    state: str
    on: date
    by: str
    reason: str = ""
    entry: str = ""


class CaseView(Struct, frozen=True, kw_only=True):
    """What every case has. `number` is its label (R000123); `party` who pays or is paid."""

    number: str
    state: str
    on: date
    by: str
    amount: Cents
    patient: int | None = None
    party: str = ""
    steps: tuple[Step, ...] = ()


class ReceiptView(Struct, frozen=True, kw_only=True):
    """A payment. `lines` are cents by line where its money stands now, `unapplied` what is on no line (one by one)."""

    case: CaseView
    facts: PaymentFacts
    lines: tuple[tuple[str, Cents], ...] = ()
    unapplied: Cents = 0


class RefundView(Struct, frozen=True, kw_only=True):
    """A refund and what it is taken from."""

    case: CaseView
    facts: RefundFacts


class ApprovalView(Struct, frozen=True, kw_only=True):
    """A write-off that somebody asked for."""

    case: CaseView
    what: WriteOff


class PlanView(Struct, frozen=True, kw_only=True):
    """A plan on a day: its promises, what is still owed on its lines, how many were missed in a row by now."""

    case: CaseView
    lines: tuple[str, ...]
    promises: tuple[Promise, ...]
    owed: Cents
    missed: int

    @property
    def next_due(self) -> Promise | None:
        """The earliest promise that is not kept in full."""
        return next((one for one in self.promises if one.paid < one.amount), None)


class PlacementView(Struct, frozen=True, kw_only=True):
    """A balance at an agency (`case.party`)."""

    case: CaseView
    facts: PlacementFacts


_CASE = ("id", "number", "key", "patient_id", "party", "amount", "doc", "state", "on", "actor")


def cases_about(scope: Scope, patients: Iterable[int]) -> list[Case]:
    """Every receipt, refund, write-off asked for, plan and placement of these patients (row ids), kind by kind, each
    kind by number: one statement."""
    wanted, order = sorted(set(patients)), list(KINDS)
    if not wanted:
        return []
    first, *rest = (
        scope.rows(model).filter(patient_id__in=wanted).values_list(*_CASE, Value(kind))
        for kind, model in KINDS.items()
    )
    every = sorted(first.union(*rest, all=True), key=lambda row: (order.index(row[-1]), row[1]))
    return [KINDS[kind](practice_id=scope.practice_id, **dict(zip(_CASE, told, strict=True))) for *told, kind in every]


def receipts(scope: Scope, *, patient: int | None = None, on: date | None = None) -> Iterator[ReceiptView]:
    """Payments by number: of a patient, of a day, or all."""
    rows = scope.rows(Receipt).order_by("number")
    rows = rows if patient is None else rows.filter(patient_id=patient)
    for row in (rows if on is None else rows.filter(on=on)).iterator(chunk_size=500):
        yield ReceiptView(case=_view(row), facts=decoded(row.doc, PaymentFacts, f"receipt {row.number}"))


def receipt(scope: Scope, number: int) -> ReceiptView | None:
    """One payment with where its money is now, and its history."""
    row = scope.rows(Receipt).filter(number=number).first()
    if row is None:
        return None
    lines: dict[str, Cents] = {}
    loose = 0
    for (account, line, _), amount in where_now(scope, row).items():
        if line and account in (Account.CASH, Account.UNAPPLIED):
            lines[line] = lines.get(line, 0) + amount
        if account is Account.UNAPPLIED:  # what came onto a line later is on the account no more
            loose -= amount
    on_lines = sum(lines.values())
    return ReceiptView(
        case=_view(row, scope),
        facts=decoded(row.doc, PaymentFacts, f"receipt {number}"),
        lines=tuple(sorted((line, amount) for line, amount in lines.items() if amount)),
        unapplied=max(loose, 0) if on_lines or loose else 0,
    )


def refunds(scope: Scope, state: RefundState | None = None) -> Iterator[RefundView]:
    """Refunds by number, in one state or in any."""
    rows = scope.rows(Refund).order_by("number")
    for row in rows if state is None else rows.filter(state=state.value):
        yield RefundView(case=_view(row, scope), facts=decoded(row.doc, RefundFacts, f"refund {row.number}"))


def approvals(scope: Scope, state: ApprovalState | None = ApprovalState.WAITING) -> Iterator[ApprovalView]:
    """Write-offs that were asked for, by number; those that wait, unless told otherwise."""
    rows = scope.rows(Approval).order_by("number")
    for row in rows if state is None else rows.filter(state=state.value):
        yield ApprovalView(case=_view(row, scope), what=decoded(row.doc, WriteOff, f"approval {row.number}"))


def plans(
    scope: Scope, on: date, *, patient: int | None = None, state: PlanState | None = None, number: int | None = None
) -> Iterator[PlanView]:
    """Payment plans by number as they stand on a day."""
    rows = scope.rows(PaymentPlan).order_by("number")
    rows = rows if patient is None else rows.filter(patient_id=patient)
    rows = rows if number is None else rows.filter(number=number)
    for row in rows if state is None else rows.filter(state=state.value):
        facts, promised = facts_of(row), promises(scope, row, on)
        yield PlanView(
            case=_view(row, scope),
            lines=facts.lines,
            promises=promised,
            owed=still_owed(scope, facts),
            missed=missed_in_a_row(promised),
        )


def instalments_due(scope: Scope, on: date) -> list[tuple[PlanView, Promise]]:
    """Promises that are due on a day and not kept yet, those missed before among them, the oldest first."""
    due = [
        (plan, promise)
        for plan in plans(scope, on, state=PlanState.ACTIVE)
        for promise in plan.promises
        if promise.state in ("due", "missed")
    ]
    return sorted(due, key=lambda one: (one[1].on, one[0].case.number))


def placements(scope: Scope, *, patient: int | None = None) -> Iterator[PlacementView]:
    """Balances with agencies, by number, those that came back among them."""
    rows = scope.rows(Placement).order_by("number")
    for row in rows if patient is None else rows.filter(patient_id=patient):
        facts = decoded(row.doc, PlacementFacts, f"placement {row.number}")
        yield PlacementView(case=_view(row, scope), facts=facts)


def _view(row: Case, scope: Scope | None = None) -> CaseView:
    return CaseView(
        number=label(type(row), row.number),
        state=row.state,
        on=row.on,
        by=row.actor,
        amount=row.amount,
        patient=row.patient_id,
        party=row.party,
        steps=tuple(
            Step(state=step.state, on=step.on, by=step.actor, reason=step.reason, entry=step.entry)
            for step in (steps(scope, row) if scope else ())
        ),
    )
