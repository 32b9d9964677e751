"""Balances that we forgive: by reason, up to the limit of the person's role; above it a second person decides."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from msgspec import Struct

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import NotPermitted, Permission
from superbill.app.accounts.queries import holds
from superbill.app.billing.cases import case_numbered, known_case, label, move_case, must_be, open_case, steps
from superbill.app.billing.errors import BadAmount, OverLimit
from superbill.app.billing.journal import hold_journal, stored_entries, write_entries
from superbill.app.billing.models import Approval, ApprovalState, JournalEntry, LineBalance, Posting
from superbill.app.billing.standing import held_by_payer, open_lines, patients_of_lines
from superbill.app.documents import decoded
from superbill.app.practices.queries import policy
from superbill.app.rows import found
from superbill.app.work import Work, action
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Reason
from superbill.ledger.entry import Posting as Move
from superbill.ledger.reasons import WRITE_OFFS, OwnReason
from superbill.money import Cents, dollars, portion

FORGIVEN = (Account.WRITE_OFF.value, Account.CHARITY.value, Account.BAD_DEBT.value)


class WriteOff(Struct, frozen=True, kw_only=True):
    """What is to be forgiven: cents by line, for one reason. `program` and `percent` are of charity care."""

    lines: tuple[tuple[str, Cents], ...]
    reason: str
    note: str = ""
    program: str = ""
    percent: int = 0

    @property
    def amount(self) -> Cents:
        """All lines together."""
        return sum(amount for _, amount in self.lines)


def write_off(actor: Actor, line: str, amount: Cents, reason: str, key: str, on: date, *, at: datetime) -> Entry:
    """Forgive `amount` of a line's balance: the patient's first, then what was denied, then the payer's.

    The same `key` posts once. Raises BadAmount for nothing or less, more than the line's balance, or a reason that
    there is not; OverLimit for more than the actor may forgive alone.
    """
    return forgive(actor, WriteOff(lines=((line, amount),), reason=reason), key, on, at=at)


def forgive(actor: Actor, what: WriteOff, key: str, on: date, *, at: datetime) -> Entry:
    """Forgive several lines as one entry. What the same person forgave that patient on that day counts to the limit."""
    with action(actor, Permission.WRITE_OFF, "write off", at) as work:
        hold_journal(work.scope)
        key = f"write-off:{key}"
        if there := _posted(work.scope, key):
            return there
        _must_be_within(work, what, on)
        return _post(work, what, key, on)


def ask_to_forgive(actor: Actor, what: WriteOff, key: str, on: date, *, at: datetime) -> str:
    """Leave a write-off for a second person; its number. Nothing is posted yet. The same `key` asks once."""
    with action(actor, Permission.WRITE_OFF, "ask for write-off", at) as work:
        hold_journal(work.scope)
        row = known_case(work.scope, Approval, key)
        if row is None:
            _moves(work.scope, what)  # what can't be posted can't be asked for
            patient = next(iter(patients_of_lines(work.scope, [line for line, _ in what.lines]).values()))
            row = open_case(
                work,
                Approval,
                key=key,
                amount=what.amount,
                doc=what,
                state=ApprovalState.WAITING,
                on=on,
                patient=patient,
                reason=what.note,
            )
            work.note("approval", row.pk)
        return label(Approval, row.number)


def forgive_or_ask(actor: Actor, what: WriteOff, key: str, on: date, *, at: datetime) -> tuple[Entry | None, str]:
    """`forgive`, or where it is more than the actor may forgive alone `ask_to_forgive`: the entry, or the number."""
    try:
        with transaction.atomic():  # a savepoint of its own, so that a rehearsal can go on after the refusal
            return forgive(actor, what, key, on, at=at), ""
    except OverLimit:
        return None, ask_to_forgive(actor, what, key, on, at=at)


def approve_write_off(actor: Actor, number: int, on: date, *, at: datetime) -> Entry:
    """The second person says yes, and it is posted. Never the one who asked.

    Above the approver's own limit it takes two who may approve: one of them has asked for it.
    """
    with action(actor, Permission.APPROVE, "approve write-off", at) as work:
        hold_journal(work.scope)
        row = case_numbered(work.scope, Approval, number)
        must_be(row, ApprovalState.WAITING)
        second_person(actor, row.actor)
        what = decoded(row.doc, WriteOff, f"approval {number}")
        allowed = limit(actor, work.scope)
        if what.amount > allowed and not holds(work.scope, row.actor, Permission.APPROVE):
            raise OverLimit(
                f"{dollars(what.amount)} is more than the {dollars(allowed)} that {actor.name} may forgive a patient "
                "in a day. It takes two managers: one asks for it, another approves. Nothing was posted."
            )
        entry = _post(work, what, f"write-off:{label(Approval, number)}:{times_approved(work, row)}", on)
        move_case(work, row, ApprovalState.APPROVED, on=on, entry=entry.key)
        work.note("approval", row.pk, entries=1)
        return entry


def refuse_write_off(actor: Actor, number: int, on: date, *, reason: str, at: datetime) -> None:
    """The second person says no; or the one who asked takes it back. Nothing is posted."""
    with action(actor, Permission.WRITE_OFF, "refuse write-off", at) as work:
        hold_journal(work.scope)
        row = case_numbered(work.scope, Approval, number)
        must_be(row, ApprovalState.WAITING)
        own = row.actor == actor.name
        if not own and Permission.APPROVE not in actor.permissions:
            raise NotPermitted(f"{actor.name} may not {Permission.APPROVE.value} here. Ask a manager.")
        move_case(work, row, ApprovalState.WITHDRAWN if own else ApprovalState.REFUSED, on=on, reason=reason)
        work.note("approval", row.pk)


def second_person(actor: Actor, first: str) -> None:
    """Raises NotPermitted when the one who asked would decide."""
    if actor.name == first:
        raise NotPermitted(f"{actor.name} asked for it, so somebody else decides. Nothing was changed.")


def times_approved(work: Work, row: Approval) -> int:
    """How often a write-off was approved before and undone again, so that each has its own key."""
    return 1 + sum(step.state == ApprovalState.APPROVED for step in steps(work.scope, row))


def limit(actor: Actor, scope: Scope) -> Cents:
    """What the actor may forgive alone: the highest limit of their roles."""
    limits = policy(scope).write_off_limits
    return max((limits.get(role.value, 0) for role in actor.roles), default=0)


def charity_parts(scope: Scope, patient_id: int, percent: int) -> tuple[tuple[str, Cents], ...]:
    """`percent` of what a patient owes on each line, rounded half up to the cent. Raises BadAmount outside 1–100."""
    if not 0 < percent <= 100:
        raise BadAmount(f"charity care forgives 1 to 100 percent, not {percent}")
    rate = Decimal(percent) / 100
    lines = sorted(open_lines(scope, [patient_id]), key=lambda one: (one.on, one.line))
    return tuple((one.line, part) for one in lines if one.owed > 0 and (part := portion(one.owed, rate)))


def patient_parts(scope: Scope, patient_id: int) -> tuple[tuple[str, Cents], ...]:
    """Everything that a patient owes, line by line, oldest first."""
    lines = sorted(open_lines(scope, [patient_id]), key=lambda one: (one.on, one.line))
    return tuple((one.line, one.owed) for one in lines if one.owed > 0)


def _must_be_within(work: Work, what: WriteOff, on: date) -> None:
    allowed = limit(work.actor, work.scope)
    patients = set(patients_of_lines(work.scope, [line for line, _ in what.lines]).values())
    today = work.scope.rows(Posting).filter(
        line__patient_id__in=patients, account__in=FORGIVEN, entry__actor=work.actor.name, entry__on=on
    )
    before = today.aggregate(total=Sum("amount"))["total"] or 0
    if what.amount + max(before, 0) > allowed:
        raise OverLimit(_over(work.actor, what.amount + max(before, 0), allowed))


def _over(actor: Actor, amount: Cents, allowed: Cents) -> str:
    return (
        f"{dollars(amount)} is more than the {dollars(allowed)} that {actor.name} may forgive a patient in a day. "
        "Nothing was posted; ask for a second person's approval."
    )


def _posted(scope: Scope, key: str) -> Entry | None:
    there = stored_entries(scope, (pk for (pk,) in found(scope, JournalEntry, "key", [key], "id")))
    return there[0] if there else None


def _post(work: Work, what: WriteOff, key: str, on: date) -> Entry:
    moves = tuple(_moves(work.scope, what))
    memo = "; ".join(part for part in (what.program and f"{what.program} {what.percent}%", what.note) if part)
    source = what.lines[0][0] if len(what.lines) == 1 else ""
    entry = Entry(key=key, kind="write-off", on=on, source=source, memo=memo, postings=moves)
    write_entries(work, [entry])
    work.note("entry", entries=1)
    return entry


def _moves(scope: Scope, what: WriteOff) -> Iterable[Move]:
    reason = WRITE_OFFS.get(what.reason)
    if reason is None:
        raise BadAmount(f"{what.reason!r}: a balance is forgiven for one of {', '.join(WRITE_OFFS)}")
    if not what.lines or len({line for line, _ in what.lines}) < len(what.lines):
        raise BadAmount("a write-off names at least one line, each once")
    lines = [line for line, _ in what.lines]
    columns = ("line__key", "patient", "denied", "insurance")
    balances = {key: rest for key, *rest in found(scope, LineBalance, "line__key", lines, *columns)}
    held = held_by_payer(scope, lines)
    moves: list[Move] = []
    for line, amount in what.lines:
        patient, denied, insurance = balances.get(line, (0, 0, 0))
        moves += _line_moves(line, amount, reason, what, (patient, denied, insurance - denied), held)
    return moves


def _line_moves(
    line: str,
    amount: Cents,
    reason: OwnReason,
    what: WriteOff,
    balances: Sequence[Cents],
    held: dict[tuple[str, str], dict[Account, Cents]],
) -> list[Move]:
    holders = [(Account.PATIENT, "", balances[0])] if reason.side != "insurance" else []
    if reason.side != "patient":
        for account in (Account.DENIED, Account.INSURANCE):
            holders += [(account, payer, sums.get(account, 0)) for (key, payer), sums in held.items() if key == line]
    if not 0 < amount <= sum(max(balance, 0) for _, _, balance in holders):
        whose = {"patient": "patient's ", "insurance": "insurance "}.get(reason.side, "")
        raise BadAmount(f"line {line} has no {whose}balance of {dollars(amount)} to write off")
    why = Reason(code=reason.code, remarks=(what.program, f"{what.percent}%") if what.program else ())
    moves, left = [Move(account=reason.account, amount=amount, line=line, reason=why)], amount
    for account, payer, balance in holders:
        if part := min(max(balance, 0), left):
            moves.append(Move(account=account, amount=-part, line=line, payer=payer))
            left -= part
    return moves
