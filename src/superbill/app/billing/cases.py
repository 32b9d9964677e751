"""Cases (receipts, refunds, approvals, plans, placements): opened once, moved from state to state, every step kept."""

from datetime import date
from typing import TypeVar

from superbill.app.accounts.actors import Scope
from superbill.app.billing.errors import NotPossible
from superbill.app.billing.models import Approval, Case, MoneyEvent, PaymentPlan, Placement, Receipt, Refund
from superbill.app.documents import encoded
from superbill.app.practices.actions import take
from superbill.app.rows import found, insert, insert_one, update
from superbill.app.work import Work
from superbill.money import Cents

C = TypeVar("C", bound=Case)
KINDS: dict[str, type[Case]] = {
    model.__name__.lower(): model for model in (Receipt, Refund, Approval, PaymentPlan, Placement)
}
LETTERS = {"receipt": "R", "refund": "RF", "approval": "AP", "paymentplan": "PP", "placement": "CP"}
_COLUMNS = ("practice_id", "number", "key", "patient_id", "party", "amount", "doc", "state", "on", "actor")
_STEP = ("practice_id", "kind", "subject", "state", "entry", "reason", "on", "actor", "at")


def kind_of(model: type[Case]) -> str:
    """The word for a kind of case, as its events say it."""
    return model.__name__.lower()


def label(model: type[Case], number: int) -> str:
    """The number as papers and people say it: R000123."""
    return f"{LETTERS[kind_of(model)]}{number:06d}"


def known_case(scope: Scope, model: type[C], key: str) -> C | None:
    """The case that was opened under this key."""
    for (row_id,) in found(scope, model, "key", [key], "id"):
        return scope.rows(model).get(pk=row_id)
    return None


def case_numbered(scope: Scope, model: type[C], number: int) -> C:
    """The case of this number. Raises NotPossible when this practice has none."""
    row = scope.rows(model).filter(number=number).first()
    if row is None:
        raise NotPossible(f"no {kind_of(model)} {number} in this practice")
    return row


def next_number(work: Work, model: type[Case]) -> int:
    """The next number of this kind, without a gap."""
    return take(work.practice_id, kind_of(model))


def open_case(
    work: Work,
    model: type[C],
    *,
    key: str,
    amount: Cents,
    doc: object,
    state: str,
    on: date,
    number: int = 0,
    patient: int | None = None,
    party: str = "",
    entry: str = "",
    reason: str = "",
) -> C:
    """A new case in its first state, with that step on record."""
    number = number or next_number(work, model)
    row = (work.practice_id, number, key, patient, party, amount, encoded(doc), state, on, work.actor.name)
    row_id = insert_one(model, _COLUMNS, row)
    _record(work, model, row_id, state, on, entry, reason)
    return work.scope.rows(model).get(pk=row_id)


def move_case(work: Work, row: Case, state: str, *, on: date, entry: str = "", reason: str = "") -> None:
    """The case is in `state` from now on; the step is on record."""
    update(type(row), ("state",), [(state, row.pk)])
    row.state = state
    _record(work, type(row), row.pk, state, on, entry, reason)


def must_be(row: Case, *states: str) -> None:
    """Raises NotPossible unless the case is in one of `states`."""
    if row.state not in states:
        what = f"{kind_of(type(row))} {label(type(row), row.number)}"
        raise NotPossible(f"{what} is {row.state}; this needs one that is {' or '.join(states)}")


def steps(scope: Scope, row: Case) -> list[MoneyEvent]:
    """Every step of a case, in order."""
    return list(scope.rows(MoneyEvent).filter(kind=kind_of(type(row)), subject=row.pk).order_by("id"))


def _record(work: Work, model: type[Case], subject: int, state: str, on: date, entry: str, reason: str) -> None:
    step = (work.practice_id, kind_of(model), subject, state, entry, reason[:500], on, work.actor.name, work.at)
    insert(MoneyEvent, _STEP, [step])
