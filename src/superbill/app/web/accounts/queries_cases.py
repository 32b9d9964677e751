"""Cases as the pages show them: one by one, those that wait, and lists by state."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.cases import label, steps
from superbill.app.billing.models import (
    Approval,
    ApprovalState,
    Case,
    MoneyEvent,
    PaymentPlan,
    Placement,
    PlacementState,
    PlanState,
    Receipt,
    Refund,
    RefundState,
)
from superbill.app.billing.parties import guarantor_of_party, patient_of
from superbill.app.billing.queries import plans, receipt
from superbill.app.billing.refunds import RefundFacts
from superbill.app.billing.write_offs import WriteOff
from superbill.app.documents import decoded
from superbill.app.patients.models import PatientRow
from superbill.app.rows import found
from superbill.app.web.accounts.queries_subjects import CASE_NAMES, Subject
from superbill.app.web.paging import ROWS, Page, asked
from superbill.ledger.reasons import words
from superbill.money import Cents

KINDS: dict[str, tuple[type[Case], list[str]]] = {
    "plans": (PaymentPlan, [str(state) for state in PlanState]),
    "placements": (Placement, [str(state) for state in PlacementState]),
    "refunds": (Refund, [str(state) for state in RefundState]),
    "write-offs": (Approval, [str(state) for state in ApprovalState]),
}


class Listed(Struct, frozen=True, kw_only=True):
    """A case in a list. `party`: an agency or a payer, "" for the patient; `why` it was asked for."""

    number: str
    kind: str
    state: str
    on: date
    by: str
    amount: Cents
    patient: int
    person: tuple[str, str]
    party: str
    why: str


class WaitingCases(Struct, frozen=True, kw_only=True):
    """What waits for a second person, and approved refunds that wait for their check."""

    second: tuple[Listed, ...]
    issue: tuple[Listed, ...]


def waiting(scope: Scope) -> WaitingCases:
    """Everything that waits, the oldest first."""
    asked_for = scope.rows(Approval).filter(state=ApprovalState.WAITING.value).order_by("number")
    wanted = scope.rows(Refund).filter(state=RefundState.REQUESTED.value).order_by("number")
    ready = scope.rows(Refund).filter(state=RefundState.APPROVED.value).order_by("number")
    second = (*listed(scope, list(asked_for)), *listed(scope, list(wanted)))
    return WaitingCases(second=second, issue=tuple(listed(scope, list(ready))))


def case_page(scope: Scope, kind: str, state: str, page: str) -> Page[Listed]:
    """Cases of a kind, the latest first."""
    rows = scope.rows(KINDS[kind][0]).order_by("-number")
    rows = rows.filter(state=state) if state else rows
    total = rows.count()
    number, offset = asked(page, total)
    return Page(rows=tuple(listed(scope, list(rows[offset : offset + ROWS]))), number=number, total=total)


def cases_of(subject: Subject) -> list[Listed]:
    """What is under way or was for these patients: payments, refunds, write-offs asked for, plans, placements."""
    every = _listed(subject.cases, subject.people) if subject.cases else []
    return sorted(every, key=lambda one: (one.on, one.number), reverse=True)


def listed(scope: Scope, rows: Sequence[Case]) -> list[Listed]:
    """Cases with whom they are about."""
    patients = {row.patient_id for row in rows if row.patient_id}
    people = found(scope, PatientRow, "id", patients, "id", "family", "given")
    return _listed(rows, {row: (family, given) for row, family, given in people})


def _listed(rows: Sequence[Case], people: Mapping[int, tuple[str, str]]) -> list[Listed]:
    return [
        Listed(
            number=label(type(row), row.number),
            kind=CASE_NAMES[type(row).__name__.lower()],
            state=row.state,
            on=row.on,
            by=row.actor,
            amount=row.amount,
            patient=row.patient_id or 0,
            person=people.get(row.patient_id or 0, ("", "")),
            party="" if patient_of(row.party) or guarantor_of_party(row.party) else row.party,
            why=_why(row),
        )
        for row in rows
    ]


def _why(row: Case) -> str:
    if isinstance(row, Approval):
        what = decoded(row.doc, WriteOff, f"approval {row.number}")
        return "; ".join(part for part in (words(what.reason), what.note) if part)
    if isinstance(row, Refund):
        return decoded(row.doc, RefundFacts, f"refund {row.number}").reason
    return ""


def steps_of(scope: Scope, row: Case) -> list[MoneyEvent]:
    """Every step of a case, in order."""
    return steps(scope, row)


def facts_of(scope: Scope, row: Case, today: date) -> dict[str, Any]:
    """What this kind of case has to tell."""
    if isinstance(row, Receipt):
        return {"receipt": receipt(scope, row.number)}
    if isinstance(row, Refund):
        return {"refund": decoded(row.doc, RefundFacts, f"refund {row.number}")}
    if isinstance(row, Approval):
        what = decoded(row.doc, WriteOff, f"approval {row.number}")
        return {"what": what, "reason": words(what.reason)}
    if isinstance(row, PaymentPlan):
        return {"plan": next(plans(scope, today, number=row.number))}
    return {}


def label_of(row: Case) -> str:
    """Its number as people say it."""
    return label(type(row), row.number)
