"""Money given back to a patient from a credit, or to a payer that paid too much: asked for, approved, issued, cashed.

Never more than the credit, whoever asks and however long the check takes.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from msgspec import Struct

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.cases import case_numbered, known_case, label, move_case, must_be, open_case, steps
from superbill.app.billing.errors import BadAmount, NotPossible
from superbill.app.billing.journal import KeyConflict, hold_journal, stored_entries, write_entries
from superbill.app.billing.models import (
    ChargeLine,
    JournalEntry,
    LineBalance,
    MoneyEvent,
    Posting,
    Refund,
    RefundState,
)
from superbill.app.billing.parties import patient_of, patient_party
from superbill.app.billing.standing import held_by_payer, loose_money, patient_owes
from superbill.app.billing.write_offs import second_person
from superbill.app.documents import decoded
from superbill.app.patients.models import PatientRow
from superbill.app.practices.queries import policy
from superbill.app.rows import found
from superbill.app.work import Work, action
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Reason, reversal
from superbill.ledger.entry import Posting as Move
from superbill.money import Cents, dollars

OPEN = (RefundState.REQUESTED.value, RefundState.APPROVED.value)


class Credit(Struct, frozen=True):
    """`amount` cents that somebody has too much with us: on a line, or ("") of the unapplied money of a receipt."""

    line: str
    amount: Cents
    receipt: str = ""


class RefundFacts(Struct, frozen=True, kw_only=True):
    """Where the refund is taken from, and why."""

    parts: tuple[Credit, ...]
    reason: str


def patient_credits(scope: Scope, patient_id: int, *, but: int = 0) -> list[Credit]:
    """What a patient paid too much: credit lines by date of service, then unapplied money by receipt.

    A line's credit counts as far as the patient's own money is on it. What refunds under way (but the row `but`) will
    take is left out.
    """
    columns = ("line__service_start", "line__key", "patient", "patient_paid")
    rows = sorted(found(scope, LineBalance, "line__patient_id", [patient_id], *columns))
    lines = (tuple(row[1:]) for row in rows)
    under_way = _under_way(scope, patient_party(patient_id), but)
    return credits_left(lines, loose_money(scope, patient_id), under_way)


def credits_left(
    lines: Iterable[tuple[str, Cents, Cents]], loose: Mapping[str, Cents], under_way: Iterable[str]
) -> list[Credit]:
    """The same from what was read: `lines` (key, what the patient owes, what they paid) by date of service, money on
    account by receipt, and the documents of refunds `under_way`."""
    credits = [Credit(key, min(-owed, paid)) for key, owed, paid in lines if owed < 0 < paid]
    free = max(sum(loose.values()), 0)
    for receipt, left in loose.items():
        if left > 0:
            credits.append(Credit("", min(left, free), receipt))
            free -= credits[-1].amount
    return _less(credits, under_way)


def payer_credits(scope: Scope, payer: str, lines: Iterable[str], *, but: int = 0) -> list[Credit]:
    """What a payer paid too much on these lines, as far as its own money is on them."""
    keys = {pk: key for key, pk in found(scope, ChargeLine, "key", lines, "key", "id")}
    paid: dict[str, Cents] = {}
    moved = found(scope, Posting, "line_id", keys, "line_id", "payer", "amount", account=Account.CLEARING.value)
    for line, by, amount in moved:
        if by == payer:
            paid[keys[line]] = paid.get(keys[line], 0) + amount
    held = {line: sum(sums.values()) for (line, by), sums in held_by_payer(scope, keys.values()).items() if by == payer}
    credits = [Credit(line, min(-held.get(line, 0), paid.get(line, 0))) for line in sorted(keys.values())]
    return _less((credit for credit in credits if credit.amount > 0), _under_way(scope, payer, but))


def request_refund(
    actor: Actor,
    party: str,
    amount: Cents,
    key: str,
    on: date,
    *,
    reason: str,
    lines: Iterable[str] = (),
    despite_balance: bool = False,
    at: datetime,
) -> str:
    """Ask for a refund to a patient (`patient_party`) or a payer (its key, with the `lines`); its number.

    Up to the policy's limit it is approved at once; above it waits for a second person. The same `key` asks once.
    Raises BadAmount for more than the credit; NotPossible without a reason, or for a patient who owes elsewhere.
    """
    with action(actor, Permission.REFUND, "request refund", at) as work:
        hold_journal(work.scope)
        there = known_case(work.scope, Refund, key)
        if there is not None:
            if (there.amount, there.party) != (amount, party):
                raise KeyConflict(f"refund {key} was asked for already, with another amount or to another party")
            return label(Refund, there.number)
        if not reason.strip():
            raise NotPossible("say why the money is given back")
        patient = patient_of(party)
        if patient is not None and not any(found(work.scope, PatientRow, "id", [patient], "id")):
            raise BadAmount(f"no patient {patient} in this practice")
        parts = _taken_from(amount, _credits(work.scope, party, lines))
        if patient is not None and not despite_balance:
            _must_not_owe(work.scope, patient, amount)
        row = open_case(
            work,
            Refund,
            key=key,
            amount=amount,
            doc=RefundFacts(parts=parts, reason=reason),
            state=RefundState.REQUESTED,
            on=on,
            patient=patient,
            party=party,
            reason=reason,
        )
        if amount <= policy(work.scope).refund_limit:
            move_case(work, row, RefundState.APPROVED, on=on, reason="within the limit")
        work.note("refund", row.pk, state=row.state)
        return label(Refund, row.number)


def approve_refund(actor: Actor, number: int, on: date, *, at: datetime) -> None:
    """A second person says yes: never the one who asked. The credit must still be there."""
    with action(actor, Permission.APPROVE, "approve refund", at) as work:
        hold_journal(work.scope)
        row = case_numbered(work.scope, Refund, number)
        must_be(row, RefundState.REQUESTED)
        second_person(actor, row.actor)
        _must_be_there(work.scope, row)
        move_case(work, row, RefundState.APPROVED, on=on)
        work.note("refund", row.pk)


def refuse_refund(actor: Actor, number: int, on: date, *, reason: str, at: datetime) -> None:
    """No refund: refused by a second person, or withdrawn by who asked. A check that is out is voided instead."""
    with action(actor, Permission.REFUND, "refuse refund", at) as work:
        hold_journal(work.scope)
        row = case_numbered(work.scope, Refund, number)
        must_be(row, *OPEN)
        move_case(work, row, RefundState.REFUSED, on=on, reason=reason)
        work.note("refund", row.pk)


def issue_refund(actor: Actor, number: int, on: date, *, check_number: str, at: datetime) -> Entry:
    """The check (or card credit) goes out on `on`. Raises BadAmount when the credit has become smaller meanwhile."""
    with action(actor, Permission.REFUND, "issue refund", at) as work:
        hold_journal(work.scope)
        row = case_numbered(work.scope, Refund, number)
        must_be(row, RefundState.APPROVED)
        if not check_number.strip():
            raise NotPossible("a refund goes out under a check number, or the number of the card credit")
        _must_be_there(work.scope, row)
        name = label(Refund, number)
        times = sum(step.state == RefundState.ISSUED for step in steps(work.scope, row))
        entry = Entry(
            key=f"refund:{name}:{times + 1}",
            kind="refund",
            on=on,
            source=f"refund:{name}",
            memo=f"check {check_number}",
            postings=tuple(_moves(row)),
        )
        write_entries(work, [entry])
        move_case(work, row, RefundState.ISSUED, on=on, entry=entry.key, reason=f"check {check_number}")
        work.note("refund", row.pk, entries=1)
        return entry


def void_refund(actor: Actor, number: int, on: date, *, reason: str, issue_again: bool = False, at: datetime) -> Entry:
    """A check that was lost, never cashed or wrong: its entry is taken back and the credit stands again.

    With `issue_again` the refund stays approved and can go out under another check.
    """
    with action(actor, Permission.REFUND, "void refund", at) as work:
        hold_journal(work.scope)
        row = case_numbered(work.scope, Refund, number)
        must_be(row, RefundState.ISSUED)
        if not reason.strip():
            raise NotPossible("say why the check is voided")
        issued = [step.entry for step in steps(work.scope, row) if step.state == RefundState.ISSUED][-1]
        ids = (pk for (pk,) in found(work.scope, JournalEntry, "key", [issued], "id"))
        back = reversal(stored_entries(work.scope, ids)[0], key=f"reverses:{issued}", on=on, memo=reason)
        write_entries(work, [back])
        state = RefundState.APPROVED if issue_again else RefundState.VOIDED
        move_case(work, row, state, on=on, entry=back.key, reason=reason)
        work.note("refund", row.pk, entries=1)
        return back


def clear_refund(actor: Actor, number: int, on: date, *, at: datetime) -> None:
    """The bank paid the check."""
    with action(actor, Permission.RECONCILE, "clear refund", at) as work:
        hold_journal(work.scope)
        row = case_numbered(work.scope, Refund, number)
        must_be(row, RefundState.ISSUED)
        move_case(work, row, RefundState.CLEARED, on=on)
        work.note("refund", row.pk)


def cash_refunds(work: Work, entries: Iterable[str], on: date, *, why: str) -> None:
    """The bank paid on `on` the checks that these entries (keys) sent out, `why` says how we know."""
    for row in _sent_by(work.scope, entries):
        if row.state == RefundState.ISSUED:
            move_case(work, row, RefundState.CLEARED, on=on, reason=why)


def uncash_refunds(work: Work, entries: Iterable[str], on: date, *, why: str) -> None:
    """`cash_refunds` for this `why` was wrong: the checks are out again. Those cleared for another reason stay."""
    for row in _sent_by(work.scope, entries):
        events = steps(work.scope, row)
        if row.state == RefundState.CLEARED and events[-1].reason == why:
            issued = [step for step in events if step.state == RefundState.ISSUED][-1]
            move_case(work, row, RefundState.ISSUED, on=on, entry=issued.entry, reason=issued.reason)


def _sent_by(scope: Scope, entries: Iterable[str]) -> list[Refund]:
    columns = ("entry", "subject")
    sent = found(scope, MoneyEvent, "entry", entries, *columns, kind="refund", state=RefundState.ISSUED.value)
    ids = {subject for _, subject in sent}
    return list(scope.rows(Refund).filter(id__in=ids).order_by("number"))


def _credits(scope: Scope, party: str, lines: Iterable[str], but: int = 0) -> list[Credit]:
    patient, wanted = patient_of(party), set(lines)
    if patient is None:
        return payer_credits(scope, party, wanted, but=but)
    credits = patient_credits(scope, patient, but=but)
    return [credit for credit in credits if not wanted or credit.line in wanted or (but and not credit.line)]


def _under_way(scope: Scope, party: str, but: int) -> list[str]:
    """The documents of refunds to a party that are asked for or approved, but the row `but`."""
    return [doc for row_id, doc in found(scope, Refund, "party", [party], "id", "doc", state__in=OPEN) if row_id != but]


def _less(credits: Iterable[Credit], under_way: Iterable[str]) -> list[Credit]:
    """What is left once refunds under way (their documents) have taken theirs."""
    taken: dict[tuple[str, str], Cents] = {}
    for doc in under_way:
        for part in decoded(doc, RefundFacts, "a refund").parts:
            taken[part.line, part.receipt] = taken.get((part.line, part.receipt), 0) + part.amount
    left = (
        Credit(credit.line, credit.amount - taken.get((credit.line, credit.receipt), 0), credit.receipt)
        for credit in credits
    )
    return [credit for credit in left if credit.amount > 0]


def _taken_from(amount: Cents, credits: Iterable[Credit]) -> tuple[Credit, ...]:
    parts, left = list[Credit](), amount
    for credit in credits:
        if part := min(credit.amount, left):
            parts.append(Credit(credit.line, part, credit.receipt))
            left -= part
    if amount <= 0 or left:
        there = dollars(amount - left)
        raise BadAmount(f"a refund of {dollars(amount)} needs a credit of as much; {there} is there to give back")
    return tuple(parts)


def _must_not_owe(scope: Scope, patient: int, amount: Cents) -> None:
    owes = patient_owes(scope, patient)
    under_way = sum(
        part for (part,) in found(scope, Refund, "party", [patient_party(patient)], "amount", state__in=OPEN)
    )
    if amount > -owes - under_way and any(credit.amount for credit in patient_credits(scope, patient)):
        raise NotPossible(
            f"the patient owes elsewhere: all in all {dollars(max(-owes - under_way, 0))} is theirs to have back. "
            "Put the credit to what they owe (superbill adjust move-payment), or say that they want it despite that"
        )


def _must_be_there(scope: Scope, row: Refund) -> None:
    """The credit that this refund was promised."""
    parts = decoded(row.doc, RefundFacts, f"refund {row.number}").parts
    lines = [part.line for part in parts if part.line]
    there = {(credit.line, credit.receipt): credit.amount for credit in _credits(scope, row.party, lines, but=row.pk)}
    if any(there.get((part.line, part.receipt), 0) < part.amount for part in parts):
        raise BadAmount(
            f"refund {label(Refund, row.number)}: the credit has become smaller since it was asked for. "
            "Refuse it and ask anew for what is left"
        )


def _moves(row: Refund) -> Iterable[Move]:
    facts = decoded(row.doc, RefundFacts, f"refund {row.number}")
    of_patient = patient_of(row.party) is not None
    for part in facts.parts:
        why = Reason(code="refund", remarks=(part.receipt, "refund") if part.receipt else ())
        if of_patient:
            held = Account.PATIENT if part.line else Account.UNAPPLIED
            payer = "" if part.line else row.party
            yield Move(account=Account.CASH, amount=-part.amount, line=part.line, payer=row.party, reason=why)
            yield Move(account=held, amount=part.amount, line=part.line, payer=payer, reason=why)
        else:
            yield Move(account=Account.CLEARING, amount=-part.amount, line=part.line, payer=row.party, reason=why)
            yield Move(account=Account.INSURANCE, amount=part.amount, line=part.line, payer=row.party, reason=why)
    if not of_patient:
        yield Move(account=Account.CASH, amount=-row.amount, payer=row.party)
        yield Move(account=Account.CLEARING, amount=row.amount, payer=row.party)
