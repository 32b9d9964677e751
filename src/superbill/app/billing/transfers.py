"""Balances and money moved to where they belong: to another payer, to the patient, back, to another line."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.errors import BadAmount, NotPossible
from superbill.app.billing.journal import hold_journal, stored_entries, write_entries
from superbill.app.billing.models import ChargeLine, JournalEntry, LineBalance, Posting
from superbill.app.billing.parties import patient_party
from superbill.app.billing.standing import PATIENT_MONEY, denied_under, held_by_payer, lots, patients_of_lines
from superbill.app.guarantors.models import Guarantee
from superbill.app.rows import found
from superbill.app.work import Work, action
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Reason
from superbill.ledger.entry import Posting as Move
from superbill.ledger.reasons import refusal_to_bill_patient
from superbill.money import Cents, dollars

Parts = Sequence[tuple[str, Cents]]


def transfer_to_payer(
    actor: Actor, parts: Parts, from_payer: str, to_payer: str, key: str, on: date, *, reason: str, at: datetime
) -> Entry:
    """What `from_payer` was to answer for is another payer's: the wrong one held it, or coordination has changed.

    `parts` are cents by line. Raises BadAmount for more than it holds.
    """
    if not to_payer or to_payer == from_payer:
        raise NotPossible("name another payer to take the balance on")
    with action(actor, Permission.TRANSFER, "transfer to payer", at) as work:

        def moves() -> Iterable[Move]:
            for line, amount in parts:
                yield from _off_payer(work.scope, line, from_payer, amount)
                yield Move(account=Account.INSURANCE, amount=amount, line=line, payer=to_payer, reason=_TRANSFERRED)

        return _once(work, key, on, reason, moves)


def transfer_to_patient(
    actor: Actor,
    parts: Parts,
    payer: str,
    why: str,
    key: str,
    on: date,
    *,
    reason: str = "",
    payer_kind: str = "",
    at: datetime,
) -> Entry:
    """What a payer was to answer for is the patient's, because of `why` (`ledger.reasons.TO_PATIENT`).

    `payer_kind` is the site's kind of the payer. Raises NotPossible where law or contract forbids it: group CO is the
    provider's loss without a signed notice and a person who may approve; Medicaid and workers' compensation hold the
    patient harmless. BadAmount for more than the payer holds.
    """
    with action(actor, Permission.TRANSFER, "transfer to patient", at) as work:

        def moves() -> Iterable[Move]:
            groups = denied_under(work.scope, [line for line, _ in parts])
            for line, amount in parts:
                refused = refusal_to_bill_patient(
                    why,
                    groups=groups.get(line, frozenset()),
                    payer_kind=payer_kind,
                    permitted=Permission.APPROVE in actor.permissions,
                )
                if refused:
                    raise NotPossible(f"line {line} stays with the payer: {refused}")
                yield from _off_payer(work.scope, line, payer, amount)
                yield Move(account=Account.PATIENT, amount=amount, line=line, reason=Reason(code=why))

        return _once(work, key, on, reason, moves)


def transfer_to_insurance(
    actor: Actor, parts: Parts, payer: str, key: str, on: date, *, reason: str, at: datetime
) -> Entry:
    """Coverage was found: what the patient owed is the payer's to answer for. Raises BadAmount above what is owed."""
    if not payer:
        raise NotPossible("name the payer that covers it")
    with action(actor, Permission.TRANSFER, "transfer to insurance", at) as work:

        def moves() -> Iterable[Move]:
            lines = [line for line, _ in parts]
            owed = dict(found(work.scope, LineBalance, "line__key", lines, "line__key", "patient"))
            for line, amount in parts:
                if not 0 < amount <= owed.get(line, 0):
                    raise BadAmount(
                        f"line {line}: the patient owes {dollars(owed.get(line, 0))} of it, not {dollars(amount)}"
                    )
                yield Move(account=Account.PATIENT, amount=-amount, line=line)
                yield Move(account=Account.INSURANCE, amount=amount, line=line, payer=payer, reason=_TRANSFERRED)

        return _once(work, key, on, reason, moves)


def move_payment(
    actor: Actor, from_line: str, to_line: str, amount: Cents, key: str, on: date, *, reason: str, at: datetime
) -> Entry:
    """A patient's money that is on the wrong line goes to another line of theirs or of another patient's.

    Raises BadAmount for more than the patient paid on the one, or more than is owed on the other.
    """
    with action(actor, Permission.TRANSFER, "move payment", at) as work:

        def moves() -> Iterable[Move]:
            owed = dict(found(work.scope, LineBalance, "line__key", [to_line], "line__key", "patient"))
            whose = patients_of_lines(work.scope, [from_line, to_line])
            if len(whose) < 2:
                raise BadAmount("a payment moves between two different lines of this practice")
            if not 0 < amount <= max(owed.get(to_line, 0), 0):
                raise BadAmount(
                    f"line {to_line} owes {max(owed.get(to_line, 0), 0)} cents, {amount} are too much for it"
                )
            if whose[from_line] != whose[to_line]:
                _must_be_family(work.scope, whose[from_line], whose[to_line])
            yield from _moved(work.scope, from_line, to_line, amount, patient_party(whose[to_line]))

        return _once(work, key, on, reason, moves)


def move_unapplied(
    actor: Actor, from_patient: int, to_patient: int, amount: Cents, key: str, on: date, *, reason: str, at: datetime
) -> Entry:
    """Money on the account of one patient goes to another's for whom the same guarantor pays.

    Raises BadAmount for more than there is, NotPossible for patients of different guarantors.
    """
    with action(actor, Permission.TRANSFER, "move unapplied money", at) as work:

        def moves() -> Iterable[Move]:
            _must_be_family(work.scope, from_patient, to_patient)
            left = amount
            for lot in lots(work.scope, from_patient):
                if part := min(lot.left, left):
                    of = Reason(remarks=(lot.receipt,) if lot.receipt else ())
                    for patient, cents in ((from_patient, part), (to_patient, -part)):
                        party = patient_party(patient)
                        yield Move(account=Account.UNAPPLIED, amount=cents, payer=party, reason=of)
                    left -= part
            if amount <= 0 or left:
                raise BadAmount(f"{dollars(amount - left)} is on account, {dollars(amount)} is asked for")

        return _once(work, key, on, reason, moves)


_TRANSFERRED = Reason(code="transferred")


def _once(work: Work, key: str, on: date, reason: str, moves: Callable[[], Iterable[Move]]) -> Entry:
    """The entry of a transfer; the same key posts once and comes back as it was posted then."""
    hold_journal(work.scope)
    key = f"transfer:{key}"
    there = stored_entries(work.scope, (pk for (pk,) in found(work.scope, JournalEntry, "key", [key], "id")))
    if there:
        return there[0]
    postings = tuple(moves())
    if not postings:
        raise BadAmount("a transfer names at least one line with an amount")
    entry = Entry(key=key, kind="transfer", on=on, memo=reason, postings=postings)
    write_entries(work, [entry])
    work.note("entry", entries=1)
    return entry


def _off_payer(scope: Scope, line: str, payer: str, amount: Cents) -> Iterable[Move]:
    """`amount` off what the payer holds of the line: what it refused first."""
    held = held_by_payer(scope, [line]).get((line, payer), {})
    slots = [(account, max(held.get(account, 0), 0)) for account in (Account.DENIED, Account.INSURANCE)]
    room = min(sum(balance for _, balance in slots), max(sum(held.values()), 0))
    if not 0 < amount <= room:
        raise BadAmount(f"line {line}: {payer or 'the payer'} answers for {dollars(room)} of it, not {dollars(amount)}")
    for account, balance in slots:
        if part := min(balance, amount):
            yield Move(account=account, amount=-part, line=line, payer=payer)
            amount -= part


def _moved(scope: Scope, from_line: str, to_line: str, amount: Cents, to_party: str) -> Iterable[Move]:
    """The money that came last to the one line, with the receipt that it came with."""
    ids = dict(found(scope, ChargeLine, "key", [from_line], "key", "id"))
    sums: dict[tuple[str, str, str, str], Cents] = {}
    columns = ("account", "payer", "reason_code", "remarks", "amount")
    for *place, cents in found(scope, Posting, "line_id", ids.values(), *columns, account__in=PATIENT_MONEY):
        where = (place[0], place[1], place[2], place[3])
        sums[where] = sums.pop(where, 0) + cents
    left = amount
    for (account, payer, code, remarks), cents in reversed(sums.items()):
        if part := min(max(cents, 0), left):
            tag = tuple(remarks.splitlines())
            why, of = Reason(code=code, remarks=tag), Reason(remarks=tag)
            money = Account(account)
            yield Move(account=money, amount=-part, line=from_line, payer=payer, reason=why)
            yield Move(account=Account.PATIENT, amount=part, line=from_line, reason=of)
            yield Move(account=money, amount=part, line=to_line, payer=to_party, reason=why)
            yield Move(account=Account.PATIENT, amount=-part, line=to_line, reason=of)
            left -= part
    if left:
        raise BadAmount(
            f"line {from_line} holds {dollars(amount - left)} of patients' money, {dollars(amount)} are asked for"
        )


def _must_be_family(scope: Scope, one: int, other: int) -> None:
    rows = found(scope, Guarantee, "patient_id", [one, other], "patient_id", "guarantor_id", replaced__isnull=True)
    payers: dict[int, set[int]] = {}
    for patient, guarantor in rows:
        payers.setdefault(patient, set()).add(guarantor)
    if one == other or not payers.get(one, set()) & payers.get(other, set()):
        raise NotPossible("money moves only between two patients for whom the same guarantor pays")
