"""Where a patient's money and balances stand now: read inside actions and by queries alike."""

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from superbill.app.accounts.actors import Scope
from superbill.app.billing.journal import stored_entries
from superbill.app.billing.models import ChargeLine, LineBalance, PaymentPlan, PlanState, Posting, Receipt
from superbill.app.billing.parties import patient_of, patient_party
from superbill.app.documents import decoded
from superbill.app.encounters.models import EncounterRow
from superbill.app.guarantors.queries import guarantors_by_day
from superbill.app.rows import found
from superbill.app.statements.models import Hold
from superbill.ledger.accounts import INSURANCE_BALANCE, Account
from superbill.ledger.allocation import Open
from superbill.ledger.entry import Entry
from superbill.ledger.entry import Posting as Move
from superbill.ledger.instalments import Instalment
from superbill.money import Cents

PATIENT_MONEY = (Account.CASH.value, Account.UNAPPLIED.value)


class PaymentFacts(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a receipt says besides its amount. Of a card only the brand, the last four digits and the authorization.

    `patients` whose lines it may go to. Money left over is kept for `visit` (account number), or for the visit that
    will be on `visit_on`.
    """

    method: str
    reference: str = ""
    brand: str = ""
    last_four: str = ""
    patients: tuple[int, ...] = ()
    visit: str = ""
    visit_on: date | None = None
    rule: str = ""
    note: str = ""


class PlanFacts(Struct, frozen=True, kw_only=True):
    """The lines of a payment plan, what was promised, and the number of the last journal entry before it."""

    lines: tuple[str, ...]
    instalments: tuple[Instalment, ...]
    through: int
    grace_days: int = 0


class Lot(Struct, frozen=True, kw_only=True):
    """Money of one receipt (its label, "" for money that names none) that is on no line yet.

    `visit` or `visit_on`: it is kept for that visit.
    """

    receipt: str
    left: Cents
    visit: str = ""
    visit_on: date | None = None


def open_lines(scope: Scope, patients: Iterable[int]) -> list[Open]:
    """What these patients can pay, line by line, bad debt included."""
    wanted = sorted(set(patients))
    columns = ("line_id", "line__key", "line__encounter__account_number", "line__service_start", "patient")
    rows = list(found(scope, LineBalance, "line__patient_id", wanted, *columns))
    lost: dict[int, Cents] = {}
    given_up = found(scope, Posting, "line__patient_id", wanted, "line_id", "amount", account=Account.BAD_DEBT.value)
    for line, amount in given_up:
        lost[line] = lost.get(line, 0) + amount
    promised = promised_lines(scope, wanted)
    return [
        Open(line=key, visit=visit, on=on, owed=owed, bad_debt=lost.get(row_id, 0), promised=key in promised)
        for row_id, key, visit, on, owed in rows
    ]


def guaranteed_lines(scope: Scope, guarantor: int, patients: Iterable[int]) -> list[Open]:
    """Of these patients' lines those for which the guarantor pays, by the day of service: what a child owes from the
    time before it was of age stays with who signed then."""
    lines = open_lines(scope, patients)
    whose = patients_of_lines(scope, [one.line for one in lines])
    payers = guarantors_by_day(scope, {(whose[one.line], one.on) for one in lines})
    return [one for one in lines if payers.get((whose[one.line], one.on)) == guarantor]


def with_holds(scope: Scope, lines: Sequence[Open], on: date) -> list[Open]:
    """The same lines, `held` where a hold of the line stands on that day."""
    columns = ("line__key", "since", "until")
    holds = found(scope, Hold, "line__key", [one.line for one in lines], *columns, released=None)
    held = {key for key, since, until in holds if since <= on and (until is None or on < until)}
    return [replace(one, held=one.line in held) for one in lines]


def promised_lines(scope: Scope, patients: Iterable[int]) -> set[str]:
    """Lines that are part of a payment plan that is kept to."""
    plans = found(scope, PaymentPlan, "patient_id", patients, "doc", state=PlanState.ACTIVE.value)
    return {line for (doc,) in plans for line in decoded(doc, PlanFacts, "a payment plan").lines}


def unapplied_money(scope: Scope, patient_id: int) -> Cents:
    """A patient's money that is on no line yet. Below zero: money was paid back that the bank then took from us."""
    return sum(loose_money(scope, patient_id).values())


def loose_money(scope: Scope, patient_id: int) -> dict[str, Cents]:
    """The same by the receipt that it came with (its label, "" for money that names none), the oldest receipt first."""
    party = patient_party(patient_id)
    moved = found(scope, Posting, "payer", [party], "amount", "remarks", account=Account.UNAPPLIED.value)
    return by_receipt((amount, remarks.partition("\n")[0]) for amount, remarks in moved)


def by_receipt(moved: Iterable[tuple[Cents, str]]) -> dict[str, Cents]:
    """What postings onto UNAPPLIED (debit, receipt) leave of each receipt, the oldest first."""
    sums: dict[str, Cents] = {}
    for amount, tag in moved:
        sums[tag] = sums.get(tag, 0) - amount
    return dict(sorted(sums.items(), key=lambda item: (len(item[0]), item[0])))  # receipt numbers count up


def patient_owes(scope: Scope, patient_id: int) -> Cents:
    """What the patient owes now: the patient balance of their lines, less their unapplied money."""
    lines = found(scope, LineBalance, "line__patient_id", [patient_id], "patient")
    return sum(int(balance) for (balance,) in lines) - unapplied_money(scope, patient_id)


def lots(scope: Scope, patient_id: int) -> list[Lot]:
    """A patient's unapplied money by the receipt that it came with, the oldest receipt first."""
    sums = loose_money(scope, patient_id)
    numbers = {int(tag[1:]): tag for tag, left in sums.items() if tag and left > 0}
    facts = {
        numbers[number]: decoded(doc, PaymentFacts, f"receipt {number}")
        for number, doc in found(scope, Receipt, "number", numbers, "number", "doc")
    }
    plain = PaymentFacts(method="")
    kept = ((tag, left, facts.get(tag, plain)) for tag, left in sums.items() if left > 0)
    return [Lot(receipt=tag, left=left, visit=of.visit, visit_on=of.visit_on) for tag, left, of in kept]


def trace(scope: Scope, receipt: str, patients: Iterable[int]) -> list[Entry]:
    """Every entry that moved money of this receipt (its label), whoever's account it has come to meanwhile."""
    parties, known, entries = {patient_party(one) for one in patients}, set[str](), list[Entry]()
    while new := parties - known:
        known |= new
        rows = found(scope, Posting, "payer", new, "entry_id", "remarks", account__in=PATIENT_MONEY)
        ids = {entry for entry, remarks in rows if remarks == receipt}
        there = {entry.key for entry in entries}
        entries += [entry for entry in stored_entries(scope, ids) if entry.key not in there]
        moves = (move for entry in entries for move in entry.postings if is_of(move, receipt))
        parties |= {move.payer for move in moves if patient_of(move.payer) is not None}
    return entries


def is_of(move: Move, receipt: str) -> bool:
    """Whether a posting moved money of this receipt. A refund of it is not: that money was given, not moved."""
    return move.reason.remarks == (receipt,)


def held_by_payer(scope: Scope, lines: Iterable[str]) -> dict[tuple[str, str], dict[Account, Cents]]:
    """What each payer answers for on each line, by (line, payer), INSURANCE and DENIED apart."""
    keys = {row_id: key for key, row_id in found(scope, ChargeLine, "key", lines, "key", "id")}
    held: dict[tuple[str, str], dict[Account, Cents]] = {}
    columns = ("line_id", "payer", "account", "amount")
    names = tuple(account.value for account in sorted(INSURANCE_BALANCE))
    for line, payer, account, amount in found(scope, Posting, "line_id", keys, *columns, account__in=names):
        sums = held.setdefault((keys[line], payer), {})
        sums[Account(account)] = sums.get(Account(account), 0) + amount
    return held


def denied_under(scope: Scope, lines: Iterable[str]) -> dict[str, frozenset[str]]:
    """Claim adjustment groups under which amounts of each line were refused."""
    ids = {row_id: key for key, row_id in found(scope, ChargeLine, "key", lines, "key", "id")}
    groups: dict[str, set[str]] = {}
    rows = found(scope, Posting, "line_id", ids, "line_id", "reason_group", "amount", account=Account.DENIED.value)
    for line, group, amount in rows:
        if group and amount > 0:
            groups.setdefault(ids[line], set()).add(group)
    return {line: frozenset(names) for line, names in groups.items()}


def patients_of_lines(scope: Scope, lines: Sequence[str]) -> dict[str, int]:
    """The patient (row id) of each line; lines that this practice does not have are missing."""
    return dict(found(scope, ChargeLine, "key", lines, "key", "patient_id"))


def visit_kept_for(scope: Scope, patient_id: int, lot: Lot) -> tuple[str, bool]:
    """The account number of the visit that a lot is kept for ("" when there is none yet), and whether insurance is
    done with it, so that what it leaves over is free."""
    by_day = lot.visit_on is not None and not lot.visit
    visits = sorted(found(scope, EncounterRow, "patient_id", [patient_id], "id", "account_number", "date_of_service"))
    named = [row for row in visits if (row[2] == lot.visit_on if by_day else row[1] == lot.visit)]
    if not named:
        return "", False
    row = named[-1]
    balances = [amount for (amount,) in found(scope, LineBalance, "line__encounter_id", [row[0]], "insurance")]
    return row[1], bool(balances) and max(balances) <= 0
