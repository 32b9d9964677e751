"""Money that people pay: taken with a receipt, put to lines by a rule, kept on account, put elsewhere later."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.cases import case_numbered, known_case, label, move_case, must_be, next_number, open_case
from superbill.app.billing.errors import BadAmount, NotPossible
from superbill.app.billing.journal import KeyConflict, hold_journal, stored_entries, write_entries
from superbill.app.billing.models import JournalEntry, Receipt, ReceiptState
from superbill.app.billing.parties import guarantor_of_party, patient_of, patient_party
from superbill.app.billing.standing import (
    PaymentFacts,
    guaranteed_lines,
    is_of,
    lots,
    open_lines,
    patients_of_lines,
    trace,
    unapplied_money,
    visit_kept_for,
    with_holds,
)
from superbill.app.documents import decoded
from superbill.app.encounters.models import EncounterRow
from superbill.app.guarantors.models import Guarantor
from superbill.app.patients.models import PatientRow
from superbill.app.rows import found
from superbill.app.work import Work, action
from superbill.ledger.accounts import Account
from superbill.ledger.allocation import RULES, AboveBalance, Allocation, Open, Part, allocate
from superbill.ledger.entry import Entry, Reason
from superbill.ledger.entry import Posting as Move
from superbill.money import Cents

METHODS = ("cash", "check", "card", "desk", "money order", "bank transfer", "portal", "agency", "other")
_CARD_NUMBER = re.compile(r"(?:\d[ -]?){13,}")
Where = tuple[Account, str, str]  # account, line, payer


class Taken(Struct, frozen=True, kw_only=True):
    """A payment as taken: its receipt number, its entry, and where it went. `already`: it was taken before."""

    receipt: str
    entry: Entry
    allocation: Allocation
    already: bool = False


def take_payment(
    actor: Actor,
    amount: Cents,
    facts: PaymentFacts,
    key: str,
    on: date,
    *,
    party: str = "",
    asked: Mapping[str, Cents] = {},
    at: datetime,
) -> Taken:
    """Post a payment under a new receipt number: to lines by the rule of `facts`, the rest to UNAPPLIED.

    The rest stays on the account of the first of `facts.patients`; `party` is the payer where it is none of them (a
    guarantor). `asked` are cents by line for the rule "lines". The same `key` posts once and stays as it was put then.
    Raises BadAmount (nothing or less, more than a line owes, a card number), KeyConflict for another amount.
    """
    with action(actor, Permission.TAKE_PAYMENT, "take patient payment", at) as work:
        return take_receipt(work, amount, facts, key, on, party=party, asked=asked)


def take_receipt(
    work: Work,
    amount: Cents,
    facts: PaymentFacts,
    key: str,
    on: date,
    *,
    party: str = "",
    asked: Mapping[str, Cents] = {},
    extra: Sequence[Move] = (),
) -> Taken:
    """`take_payment` inside the caller's action. `extra` postings go with it (an agency's fee)."""
    if amount <= 0:
        raise BadAmount(f"a payment is more than nothing: {amount} cents")
    check_facts(facts)
    hold_journal(work.scope)
    there = known_case(work.scope, Receipt, key)
    if there is not None:
        if there.amount != amount:
            raise KeyConflict(f"payment {key} was taken already with another amount")
        return _as_taken(work.scope, there)
    _must_be_ours(work.scope, facts)
    allocation = planned(work.scope, amount, facts, on, asked, party=party)
    number = next_number(work, Receipt)
    tag = label(Receipt, number)
    also = (replace(move, reason=replace(move.reason, remarks=(tag,))) for move in extra)
    moves = (*spread(work.scope, allocation, facts, tag), *also)
    payer = party or patient_party(facts.patients[0])
    entry = Entry(key=f"patient-payment:{key}", kind="patient payment", on=on, source=payer, postings=moves)
    write_entries(work, [entry])
    open_case(
        work,
        Receipt,
        key=key,
        number=number,
        amount=amount,
        doc=facts,
        state=ReceiptState.TAKEN,
        on=on,
        patient=facts.patients[0],
        party=payer,
        entry=entry.key,
    )
    work.note("patient", facts.patients[0], entries=1)
    return Taken(receipt=tag, entry=entry, allocation=allocation)


def take_patient_payment(
    actor: Actor, patient_id: int, amount: Cents, method: str, key: str, on: date, *, at: datetime
) -> Entry:
    """Post a patient's payment: oldest lines first, what is left over to UNAPPLIED. The same `key` posts once.

    A payment that was taken under this key stays as it was spread then. Raises BadAmount for nothing or less,
    KeyConflict for the same key with another amount.
    """
    return take_payment(actor, amount, PaymentFacts(method=method, patients=(patient_id,)), key, on, at=at).entry


def check_facts(facts: PaymentFacts) -> None:
    """Raises BadAmount for a method or rule that there is not, and for anything that looks like a card number."""
    if facts.method not in METHODS:
        raise BadAmount(f"{facts.method!r}: a payment is made by {', '.join(METHODS)}")
    if facts.rule and facts.rule not in RULES:
        raise BadAmount(f"{facts.rule!r}: a payment is put to lines by {', '.join(RULES)}")
    if any(_CARD_NUMBER.search(text) for text in (facts.reference, facts.last_four, facts.brand, facts.note)):
        raise BadAmount("That looks like a full card or account number. Keep its last four digits alone.")
    if facts.last_four and not (len(facts.last_four) == 4 and facts.last_four.isascii() and facts.last_four.isdigit()):
        raise BadAmount("Of a card number only the last four digits are kept: four digits.")


def planned(
    scope: Scope, amount: Cents, facts: PaymentFacts, on: date, asked: Mapping[str, Cents] = {}, *, party: str = ""
) -> Allocation:
    """Where a payment of this day would go: a guarantor's to the lines that they pay, unless lines are `asked` for.

    Raises BadAmount for more than a line has open, or a guarantor that this practice does not have.
    """
    return _allocated(amount, _payable(scope, facts, party, on, named=bool(asked)), facts, asked)


def _payable(scope: Scope, facts: PaymentFacts, party: str, on: date, *, named: bool) -> list[Open]:
    guarantor = guarantor_of_party(party)
    if guarantor is not None and not any(found(scope, Guarantor, "id", [guarantor], "id")):
        raise BadAmount(f"no guarantor {guarantor} in this practice")
    if guarantor is None or named:
        lines = open_lines(scope, facts.patients)
    else:
        lines = guaranteed_lines(scope, guarantor, facts.patients)
    return with_holds(scope, lines, on)


def _allocated(amount: Cents, lines: Sequence[Open], facts: PaymentFacts, asked: Mapping[str, Cents]) -> Allocation:
    rule = RULES[facts.rule or ("lines" if asked else "oldest-first")]
    if rule.visit_only and not facts.visit:
        return Allocation(left=amount)
    try:
        return allocate(amount, lines, rule, visit=facts.visit, asked=asked)
    except AboveBalance as error:
        raise BadAmount(f"{error}. Ask for no more than is open, or leave it on account.") from None


def _must_be_ours(scope: Scope, facts: PaymentFacts) -> None:
    known = {row for (row,) in found(scope, PatientRow, "id", facts.patients, "id")}
    for missing in [one for one in facts.patients if one not in known] or ([] if facts.patients else [0]):
        raise BadAmount(f"no patient {missing} in this practice")
    if facts.visit:
        visits = found(scope, EncounterRow, "account_number", [facts.visit], "patient_id")
        if not {patient for (patient,) in visits} & known:
            raise BadAmount(f"{facts.visit}: no visit of this patient. Before the visit give its day instead.")


def spread(scope: Scope, allocation: Allocation, facts: PaymentFacts, tag: str) -> tuple[Move, ...]:
    """The postings of a payment that is put to lines so; each names its receipt, so that it can be followed."""
    why, of = Reason(code=facts.method, remarks=(tag,)), Reason(remarks=(tag,))
    whose = patients_of_lines(scope, [part.line for part in allocation.parts])
    moves = [
        Move(
            account=Account.CASH, amount=part.amount, line=part.line, payer=patient_party(whose[part.line]), reason=why
        )
        for part in allocation.parts
    ]
    moves += [Move(account=part.account, amount=-part.amount, line=part.line, reason=of) for part in allocation.parts]
    if allocation.left:
        holder = patient_party(facts.patients[0])
        moves.append(Move(account=Account.CASH, amount=allocation.left, payer=holder, reason=why))
        moves.append(Move(account=Account.UNAPPLIED, amount=-allocation.left, payer=holder, reason=of))
    return tuple(moves)


def _as_taken(scope: Scope, row: Receipt) -> Taken:
    ids = (pk for (pk,) in found(scope, JournalEntry, "key", [f"patient-payment:{row.key}"], "id"))
    entry = stored_entries(scope, ids)[0]
    cash = [move for move in entry.postings if move.account is Account.CASH]
    parts = tuple(Part(move.line, move.amount) for move in cash if move.line)
    left = sum(move.amount for move in cash if not move.line)
    allocation = Allocation(parts=parts, left=left)
    return Taken(receipt=label(Receipt, row.number), entry=entry, allocation=allocation, already=True)


def apply_unapplied(
    actor: Actor, patient_id: int, key: str, on: date, *, release: bool = False, at: datetime
) -> Entry | None:
    """Put a patient's unapplied money to the lines that they owe now, oldest first; None when there is nothing to do.

    Money kept for a visit goes to that visit, and elsewhere once insurance is done with it, or with `release`. The
    same `key` posts once.
    """
    with action(actor, Permission.TAKE_PAYMENT, "apply unapplied money", at) as work:
        hold_journal(work.scope)
        key = f"apply-unapplied:{key}"
        there = stored_entries(work.scope, (pk for (pk,) in found(work.scope, JournalEntry, "key", [key], "id")))
        if there:
            return there[0]
        parts = _to_apply(work.scope, patient_id, on, release=release)
        if not parts:
            return None
        payer = patient_party(patient_id)
        moves = []
        for tag, part in parts:
            of = Reason(remarks=(tag,) if tag else ())
            moves.append(Move(account=Account.UNAPPLIED, amount=part.amount, line=part.line, payer=payer, reason=of))
            moves.append(Move(account=part.account, amount=-part.amount, line=part.line, reason=of))
        entry = Entry(key=key, kind="patient payment", on=on, source=payer, postings=tuple(moves))
        write_entries(work, [entry])
        work.note("patient", patient_id, entries=1)
        return entry


def _to_apply(scope: Scope, patient_id: int, on: date, *, release: bool) -> list[tuple[str, Part]]:
    free, lines = unapplied_money(scope, patient_id), with_holds(scope, open_lines(scope, [patient_id]), on)
    parts: list[tuple[str, Part]] = []
    for lot in sorted(lots(scope, patient_id), key=lambda lot: not (lot.visit or lot.visit_on)):
        left, done, found_parts = min(lot.left, max(free, 0)), True, list[Part]()
        if lot.visit or lot.visit_on:
            visit, done = visit_kept_for(scope, patient_id, lot)
            first = allocate(left, lines, RULES["visit"], visit=visit) if visit else Allocation(left=left)
            found_parts, left = list(first.parts), first.left
            lines = less(lines, first.parts)
        if done or release:
            then = allocate(left, lines)
            found_parts += then.parts
            lines = less(lines, then.parts)
        free -= sum(part.amount for part in found_parts)
        parts += [(lot.receipt, part) for part in found_parts]
    return parts


def less(lines: Iterable[Open], parts: Iterable[Part]) -> list[Open]:
    """What is open once the parts are paid."""
    paid: dict[tuple[str, Account], Cents] = {}
    for part in parts:
        paid[part.line, part.account] = paid.get((part.line, part.account), 0) + part.amount
    return [
        replace(
            one,
            owed=one.owed - paid.get((one.line, Account.PATIENT), 0),
            bad_debt=one.bad_debt - paid.get((one.line, Account.BAD_DEBT), 0),
        )
        for one in lines
    ]


def reallocate(
    actor: Actor,
    number: int,
    rule: str,
    key: str,
    on: date,
    *,
    reason: str,
    visit: str = "",
    asked: Mapping[str, Cents] = {},
    at: datetime,
) -> Entry:
    """Take a payment off the lines that it is on now and put it by another rule, as one entry.

    What was already paid back of it stays paid back. The same `key` posts once. Raises BadAmount, NotPossible for a
    payment that came back or that is put so already.
    """
    with action(actor, Permission.TAKE_PAYMENT, "reallocate payment", at) as work:
        hold_journal(work.scope)
        key = f"reallocate:{key}"
        there = stored_entries(work.scope, (pk for (pk,) in found(work.scope, JournalEntry, "key", [key], "id")))
        if there:
            return there[0]
        row = case_numbered(work.scope, Receipt, number)
        must_be(row, ReceiptState.TAKEN)
        tag = label(Receipt, number)
        stored = decoded(row.doc, PaymentFacts, f"receipt {number}")
        facts = replace(stored, rule=rule, visit=visit or stored.visit)
        check_facts(facts)
        _must_be_ours(work.scope, facts)
        moved = {where: amount for where, amount in where_now(work.scope, row).items() if not _of_agency(where)}
        gone = given_back(work.scope, row)
        lines = _as_if_taken_back(_payable(work.scope, facts, row.party, on, named=bool(asked)), moved)
        allocation = _allocated(row.amount - gone, lines, facts, asked)
        allocation = replace(allocation, left=allocation.left + gone)
        sums = {where: -amount for where, amount in moved.items()}
        for move in spread(work.scope, allocation, facts, tag):
            where = (move.account, move.line, move.payer)
            sums[where] = sums.get(where, 0) + move.amount
        moves = named(sums, facts.method, tag)
        if not moves:
            raise NotPossible(f"receipt {tag} is on these lines already")
        entry = Entry(key=key, kind="transfer", on=on, source=row.party, memo=reason, postings=moves)
        write_entries(work, [entry])
        move_case(work, row, ReceiptState.TAKEN, on=on, entry=key, reason=reason)
        work.note("receipt", row.pk, entries=1)
        return entry


def where_now(scope: Scope, row: Receipt) -> dict[Where, Cents]:
    """Every account, line and payer on which money of a receipt stands now, with its net cents there."""
    tag = label(Receipt, row.number)
    patients = decoded(row.doc, PaymentFacts, f"receipt {row.number}").patients
    sums: dict[Where, Cents] = {}
    for entry in trace(scope, tag, patients):
        for move in entry.postings:
            if is_of(move, tag):
                where = (move.account, move.line, move.payer)
                sums[where] = sums.get(where, 0) + move.amount
    return {where: amount for where, amount in sums.items() if amount}


def _of_agency(where: Where) -> bool:
    """What an agency kept as its fee is no money of the patient's."""
    account, line, payer = where
    return account is Account.FEES or (account is Account.CASH and not line and patient_of(payer) is None)


def given_back(scope: Scope, row: Receipt) -> Cents:
    """Cents of a receipt's unapplied money that were refunded."""
    tag = label(Receipt, row.number)
    facts = decoded(row.doc, PaymentFacts, f"receipt {row.number}")
    moved = {where: amount for where, amount in where_now(scope, row).items() if where[0] is Account.UNAPPLIED}
    holders = {*facts.patients, *(holder for _, _, payer in moved if (holder := patient_of(payer)) is not None)}
    loose = -sum(moved.values())
    left = sum(lot.left for patient in sorted(holders) for lot in lots(scope, patient) if lot.receipt == tag)
    return max(loose - left, 0)


def named(sums: Mapping[Where, Cents], method: str, tag: str) -> tuple[Move, ...]:
    """The sums as postings that name their receipt; what comes to nothing is left out."""
    return tuple(
        Move(
            account=account,
            amount=amount,
            line=line,
            payer=payer,
            reason=Reason(code=method if account is Account.CASH else "", remarks=(tag,)),
        )
        for (account, line, payer), amount in sums.items()
        if amount
    )


def _as_if_taken_back(lines: Sequence[Open], moved: Mapping[Where, Cents]) -> list[Open]:
    back = [
        Part(line, amount, account)  # negative: less of it than nothing is paid
        for (account, line, _), amount in moved.items()
        if line and account in (Account.PATIENT, Account.BAD_DEBT)
    ]
    return less(lines, back)
