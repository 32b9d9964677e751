"""Balances that a collection agency collects: placed, recalled, paid through the agency, closed."""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import NotPermitted, Permission
from superbill.app.billing.cases import (
    case_numbered,
    known_case,
    label,
    move_case,
    must_be,
    next_number,
    open_case,
    steps,
)
from superbill.app.billing.errors import BadAmount, NotPossible
from superbill.app.billing.journal import hold_journal, write_entries
from superbill.app.billing.models import PaymentPlan, Placement, PlacementState, PlanState
from superbill.app.billing.payments import Taken, take_receipt
from superbill.app.billing.standing import PaymentFacts, guaranteed_lines, open_lines, patients_of_lines
from superbill.app.billing.write_offs import limit
from superbill.app.documents import decoded
from superbill.app.guarantors.queries import patients_ever_of
from superbill.app.practices.queries import policy
from superbill.app.rows import found
from superbill.app.work import Work, action, together
from superbill.ledger.accounts import Account
from superbill.ledger.allocation import allocate
from superbill.ledger.entry import Entry, Reason
from superbill.ledger.entry import Posting as Move
from superbill.ledger.reasons import WRITE_OFFS
from superbill.money import Cents, dollars


class PlacementFacts(Struct, frozen=True, kw_only=True):
    """The lines that were placed with what was owed on each; `given_up`: they became bad debt with it."""

    lines: tuple[tuple[str, Cents], ...]
    given_up: bool


def place(
    actor: Actor,
    patient_id: int,
    agency: str,
    key: str,
    on: date,
    *,
    lines: Sequence[str] = (),
    give_up: bool | None = None,
    at: datetime,
) -> str:
    """Hand what the patient owes (on `lines`, or on all) to an agency; the placement's number. No statements from now.

    `give_up` posts it as bad debt at once, None: as the policy says; that takes the limit for write-offs, or the
    permission to approve. The same `key` places once. Raises BadAmount for nothing owed, NotPossible for a patient who
    keeps a payment plan or is placed already.
    """
    with action(actor, Permission.COLLECT, "place with agency", at) as work:
        hold_journal(work.scope)
        there = known_case(work.scope, Placement, key)
        if there is not None:
            return label(Placement, there.number)
        parts = _owed(work, patient_id, agency, lines)
        give_up = policy(work.scope).bad_debt_at_placement if give_up is None else give_up
        amount = sum(cents for _, cents in parts)
        if give_up and amount > limit(actor, work.scope) and Permission.APPROVE not in actor.permissions:
            allowed = dollars(limit(actor, work.scope))
            raise NotPermitted(f"{actor.name} may give up {allowed}; a manager places {dollars(amount)}.")
        number = next_number(work, Placement)
        name = label(Placement, number)
        entry = f"placement:{name}" if give_up else ""
        if give_up:
            write_entries(work, [_given_up(entry, name, parts, on)])
        row = open_case(
            work,
            Placement,
            key=key,
            number=number,
            amount=amount,
            doc=PlacementFacts(lines=parts, given_up=give_up),
            state=PlacementState.PLACED,
            on=on,
            patient=patient_id,
            party=agency,
            entry=entry,
        )
        work.note("placement", row.pk, entries=int(give_up))
        return name


def place_guarantor(
    actor: Actor, guarantor: int, agency: str, key: str, on: date, *, give_up: bool | None = None, at: datetime
) -> list[str]:
    """Hand everything that a guarantor is to pay to an agency, one placement for each patient, all or none.

    The same `key` places once. Raises BadAmount for nothing owed, and what `place` raises.
    """
    scope = actor.must(Permission.COLLECT)
    patients = patients_ever_of(scope, guarantor)
    keys = [f"{key}:{patient}" for patient in patients]
    if there := sorted(number for (number,) in found(scope, Placement, "key", keys, "number")):
        return [label(Placement, number) for number in there]
    owed = [one.line for one in guaranteed_lines(scope, guarantor, patients) if one.owed > 0]
    lines: dict[int, list[str]] = {}
    for line, patient in sorted(patients_of_lines(scope, owed).items()):
        lines.setdefault(patient, []).append(line)
    if not lines:
        raise BadAmount("the guarantor owes nothing that could be placed")
    with together():
        return [
            place(actor, patient, agency, f"{key}:{patient}", on, lines=theirs, give_up=give_up, at=at)
            for patient, theirs in lines.items()
        ]


def recall(actor: Actor, number: int, on: date, *, reason: str, at: datetime) -> Entry | None:
    """Take a balance back from the agency: what is left of the bad debt is owed again, and statements go out."""
    with action(actor, Permission.COLLECT, "recall from agency", at) as work:
        hold_journal(work.scope)
        row = case_numbered(work.scope, Placement, number)
        must_be(row, PlacementState.PLACED)
        if not reason.strip():
            raise NotPossible("say why it is recalled")
        entry = _owed_again(work, row, on, reason)
        if entry:
            write_entries(work, [entry])
        state = PlacementState.RECALLED
        move_case(work, row, state, on=on, entry=entry.key if entry else "", reason=reason)
        work.note("placement", row.pk, entries=int(entry is not None))
        return entry


def close_placement(actor: Actor, number: int, on: date, *, reason: str, at: datetime) -> None:
    """The agency is done: nothing more is to be had. What was not given up as bad debt is owed as before."""
    with action(actor, Permission.COLLECT, "close placement", at) as work:
        hold_journal(work.scope)
        row = case_numbered(work.scope, Placement, number)
        must_be(row, PlacementState.PLACED)
        move_case(work, row, PlacementState.CLOSED, on=on, reason=reason)
        work.note("placement", row.pk)


def agency_payment(
    actor: Actor, number: int, gross: Cents, fee: Cents, key: str, on: date, *, reference: str = "", at: datetime
) -> Taken:
    """What the agency collected: `gross` for the patient's lines, of which it kept `fee` (to FEES; the rest is the
    deposit). Bad debt comes back by as much. The same `key` posts once. Raises BadAmount for a fee above the gross."""
    with action(actor, Permission.COLLECT, "agency payment", at) as work:
        hold_journal(work.scope)
        row = case_numbered(work.scope, Placement, number)
        must_be(row, PlacementState.PLACED, PlacementState.CLOSED)
        if not 0 <= fee <= gross:
            raise BadAmount("the agency's fee is part of what it collected")
        patient = row.patient_id or 0
        facts = PaymentFacts(method="agency", reference=reference, patients=(patient,), rule="lines")
        placed = {line for line, _ in decoded(row.doc, PlacementFacts, f"placement {number}").lines}
        lines = [one for one in open_lines(work.scope, [patient]) if one.line in placed]
        asked: dict[str, Cents] = {}
        for part in allocate(gross, lines).parts:
            asked[part.line] = asked.get(part.line, 0) + part.amount
        return take_receipt(work, gross, facts, key, on, party=row.party, asked=asked, extra=_fee(row.party, fee))


def agency_fee(actor: Actor, number: int, fee: Cents, key: str, on: date, *, reason: str, at: datetime) -> Entry:
    """A fee that the agency billed apart (for what the patient paid to us directly): FEES out of CASH."""
    with action(actor, Permission.COLLECT, "agency fee", at) as work:
        hold_journal(work.scope)
        row = case_numbered(work.scope, Placement, number)
        if fee <= 0:
            raise BadAmount("a fee is more than nothing")
        postings = _fee(row.party, fee)
        entry = Entry(key=f"agency-fee:{key}", kind="adjustment", on=on, memo=reason, postings=postings)
        write_entries(work, [entry])
        work.note("placement", row.pk, entries=1)
        return entry


def _owed(work: Work, patient_id: int, agency: str, lines: Sequence[str]) -> tuple[tuple[str, Cents], ...]:
    if not agency.strip():
        raise NotPossible("name the agency")
    plans = found(work.scope, PaymentPlan, "patient_id", [patient_id], "number", state=PlanState.ACTIVE.value)
    for (plan,) in plans:
        raise NotPossible(f"the patient keeps payment plan {label(PaymentPlan, plan)}; cancel it first")
    placed = found(
        work.scope, Placement, "patient_id", [patient_id], "number", "doc", state=PlacementState.PLACED.value
    )
    taken = {line for number, doc in placed for line, _ in decoded(doc, PlacementFacts, f"placement {number}").lines}
    owed = {one.line: one.owed for one in open_lines(work.scope, [patient_id]) if one.owed > 0}
    wanted = sorted(lines) or sorted(owed.keys() - taken)
    for line in wanted:
        if line in taken or line not in owed:
            why = "is with an agency already" if line in taken else "has nothing that the patient owes"
            raise BadAmount(f"line {line} {why}")
    if not wanted:
        raise BadAmount("the patient owes nothing that could be placed")
    return tuple((line, owed[line]) for line in wanted)


def _given_up(key: str, name: str, parts: Sequence[tuple[str, Cents]], on: date) -> Entry:
    why = Reason(code=WRITE_OFFS["bad-debt"].code)
    moves = [Move(account=Account.BAD_DEBT, amount=amount, line=line, reason=why) for line, amount in parts]
    moves += [Move(account=Account.PATIENT, amount=-amount, line=line) for line, amount in parts]
    return Entry(key=key, kind="write-off", on=on, memo=f"placement {name}", postings=tuple(moves))


def _owed_again(work: Work, row: Placement, on: date, reason: str) -> Entry | None:
    facts = decoded(row.doc, PlacementFacts, f"placement {row.number}")
    if not facts.given_up:
        return None
    lost = {one.line: one.bad_debt for one in open_lines(work.scope, [row.patient_id or 0])}
    back = [(line, part) for line, amount in facts.lines if (part := min(amount, max(lost.get(line, 0), 0)))]
    moves = [Move(account=Account.PATIENT, amount=part, line=line) for line, part in back]
    moves += [
        Move(account=Account.BAD_DEBT, amount=-part, line=line, reason=Reason(code="bad-debt")) for line, part in back
    ]
    name = label(Placement, row.number)
    memo = f"recall of placement {name}: {reason}"
    times = sum(step.state == PlacementState.RECALLED for step in steps(work.scope, row))
    key = f"recall:{name}:{times + 1}"
    return Entry(key=key, kind="write-off", on=on, memo=memo, postings=tuple(moves)) if moves else None


def _fee(agency: str, fee: Cents) -> tuple[Move, ...]:
    if not fee:
        return ()
    why = Reason(code="agency")
    return (
        Move(account=Account.FEES, amount=fee, payer=agency, reason=why),
        Move(account=Account.CASH, amount=-fee, payer=agency, reason=why),
    )


def placed_patients(scope: Scope) -> set[int]:
    """Patients (row ids) of whom a balance is with an agency now: no statement, no reminder."""
    rows = scope.rows(Placement).filter(state=PlacementState.PLACED.value)
    return {patient for patient in rows.values_list("patient_id", flat=True) if patient is not None}
