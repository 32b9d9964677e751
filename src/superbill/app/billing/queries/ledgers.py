"""The ledger of a patient, a visit or a claim; who owes what, and for how long."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.journal import as_move, stored_entries
from superbill.app.billing.models import ChargeLine, JournalEntry, LineBalance, Posting
from superbill.app.billing.parties import patient_of, patient_party
from superbill.app.billing.standing import by_receipt
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import decoded
from superbill.app.encounters.models import EncounterRow
from superbill.app.patients.models import PatientRow
from superbill.app.rows import asked, found
from superbill.chart.model import Chart
from superbill.claims.control import read_control_number
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Balance, Entry
from superbill.ledger.entry import Posting as Move
from superbill.money import Cents

_LOOSE = Account.UNAPPLIED
_ACCOUNTS = tuple(account.value for account in Account)  # all of them: so the index by account and payer is used


class LedgerLine(Struct, frozen=True, kw_only=True):
    """One charge line and where it stands. `payer` answers for its insurance balance."""

    key: str
    account_number: str
    code: str
    modifiers: tuple[str, ...]
    units: str
    service_start: date
    service_end: date
    balance: Balance
    payer: str = ""


class AccountLedger(Struct, frozen=True, kw_only=True):
    """Lines by date of service, and every entry that touches them, in the order of posting. `loose`: of a patient's
    account, what is on no line yet, by the receipt that it came with."""

    lines: tuple[LedgerLine, ...]
    entries: tuple[Entry, ...]
    loose: Mapping[str, Cents] = {}

    @property
    def unapplied(self) -> Cents:
        """The patient's money that is on no line yet."""
        return sum(self.loose.values())

    @property
    def balance(self) -> Balance:
        """All lines together."""
        names = Balance.__struct_fields__
        return Balance(**{name: sum(getattr(line.balance, name) for line in self.lines) for name in names})


class PatientDue(Struct, frozen=True, kw_only=True):
    """A patient who owes: `due` = patient balance of the lines less `unapplied` money. `lines` have a balance."""

    patient_id: int
    chart: Chart
    lines: tuple[LedgerLine, ...]
    unapplied: Cents
    due: Cents


def patient_ledger(scope: Scope, patient_id: int) -> AccountLedger:
    """Everything on the books of one patient, unapplied money included, in two statements."""
    lines, party = tuple(ledger_lines(scope.rows(ChargeLine).filter(patient_id=patient_id))), patient_party(patient_id)
    on_lines = scope.rows(Posting).filter(line__patient_id=patient_id)
    by_them = scope.rows(Posting).filter(account__in=_ACCOUNTS, payer=party)
    every = list(_entries(scope, on_lines.values("entry_id").union(by_them.values("entry_id"))))
    keys = {line.key for line in lines}
    money = [move for entry in every for move in entry.postings if (move.account, move.payer) == (_LOOSE, party)]
    return AccountLedger(
        lines=lines,
        # Their money on a line that went to another record when records were merged is told of there.
        entries=tuple(entry for entry in every if any(_is_theirs(move, keys, party) for move in entry.postings)),
        loose=by_receipt((move.amount, "".join(move.reason.remarks[:1])) for move in money),
    )


def _is_theirs(move: Move, keys: Collection[str], party: str) -> bool:
    return move.line in keys if move.line else move.payer == party


def entries_of_lines(scope: Scope, keys: Iterable[str]) -> list[Entry]:
    """Every entry that touches these charge lines, in the order of posting."""
    lines = [row_id for (row_id,) in found(scope, ChargeLine, "key", keys, "id")]
    return stored_entries(scope, {entry for (entry,) in found(scope, Posting, "line_id", lines, "entry_id")})


def charged_accounts(scope: Scope, encounter: int) -> set[str]:
    """The accounts under which an encounter (row id) has charge lines: its own, and that of a facility's charges."""
    keys = scope.rows(ChargeLine).filter(encounter_id=encounter).values_list("key", flat=True)
    return {key.rpartition("-")[0] for key in keys}


def encounter_ledger(scope: Scope, account_number: str) -> AccountLedger | None:
    """The books of one visit; None when there is no such account."""
    row = scope.rows(EncounterRow).filter(account_number=account_number).values_list("id", flat=True).first()
    return None if row is None else _ledger(scope, Q(encounter_id=row))


def claim_ledger(scope: Scope, control_number: str) -> AccountLedger | None:
    """The books of a claim: the lines under its account, which are charged once, whoever is billed for them. A visit's
    professionals and its facility have an account each."""
    rows = scope.rows(ClaimRow).filter(control_number=control_number)
    row = rows.values_list("encounter_id", flat=True).first()
    if row is None:
        return None
    number = read_control_number(control_number)
    return _ledger(scope, Q(encounter_id=row, key__startswith=f"{number.account}-") if number else Q(encounter_id=row))


def patients_with_balance(scope: Scope, minimum: Cents = 1) -> Iterator[PatientDue]:
    """Patients who owe at least `minimum` cents, in order of their row ids, each with the lines that say why."""
    owing = scope.rows(LineBalance).exclude(patient=0).order_by("line__patient_id")
    totals = dict(owing.values_list("line__patient_id").annotate(total=Sum("patient")))
    unapplied = {party: -total for party, total in asked(scope, Posting, _unapplied)}
    for patient_id, total in totals.items():
        credit = unapplied.get(patient_party(patient_id), 0)
        if total - credit >= minimum:
            row = scope.rows(PatientRow).get(pk=patient_id)
            lines = tuple(
                ledger_lines(scope.rows(ChargeLine).filter(patient_id=patient_id).exclude(balance__patient=0))
            )
            chart = decoded(row.doc, Chart, f"patient {patient_id}")
            yield PatientDue(patient_id=patient_id, chart=chart, lines=lines, unapplied=credit, due=total - credit)


def patients_with_money_to_apply(scope: Scope) -> list[int]:
    """Patients (row ids) who have money on account and owe something."""
    credits = {payer for payer, total in asked(scope, Posting, _unapplied) if total < 0}
    return [row for (row,) in asked(scope, LineBalance, _owing) if patient_party(row) in credits] if credits else []


def patients_in_credit(scope: Scope) -> dict[int, Cents]:
    """What each patient (row id) has too much with us all in all, where no payer still answers for a line of theirs."""
    loose = {party: -total for party, total in asked(scope, Posting, _unapplied)}
    found = {patient: (owed, insurance) for patient, owed, insurance in asked(scope, LineBalance, _by_patient)}
    credits: dict[int, Cents] = {}
    for patient in found.keys() | {row for party in loose if (row := patient_of(party)) is not None}:
        owed, insurance = found.get(patient, (0, 0))
        if insurance == 0 and (credit := loose.get(patient_party(patient), 0) - owed) > 0:
            credits[patient] = credit
    return dict(sorted(credits.items()))


def _by_patient(scope: Scope) -> QuerySet[LineBalance, Any]:
    sums = scope.rows(LineBalance).values_list("line__patient_id")
    return sums.annotate(owed=Sum("patient"), open=Sum("insurance")).order_by()


def _unapplied(scope: Scope) -> QuerySet[Posting, Any]:
    loose = scope.rows(Posting).filter(account=Account.UNAPPLIED.value).values_list("payer")
    return loose.annotate(total=Sum("amount")).order_by()


def _owing(scope: Scope) -> QuerySet[LineBalance, Any]:
    owing = scope.rows(LineBalance).filter(patient__gt=0).order_by("line__patient_id")
    return owing.values_list("line__patient_id").distinct()


def ledger_lines(rows: QuerySet[ChargeLine]) -> Iterator[LedgerLine]:
    """Charge lines with their balances, by date of service."""
    names = Balance.__struct_fields__
    columns = ("key", "encounter__account_number", "code", "modifiers", "units", "service_start", "service_end")
    told = rows.values_list(*columns, "balance__payer", *(f"balance__{name}" for name in names))
    for key, account, code, modifiers, units, start, end, payer, *amounts in told.order_by("service_start", "id"):
        stored = payer is not None  # a free line was never posted to
        yield LedgerLine(
            key=key,
            account_number=account,
            code=code,
            modifiers=tuple(modifiers.split()),
            units=units,
            service_start=start,
            service_end=end,
            balance=Balance(**dict(zip(names, amounts, strict=True))) if stored else Balance(),
            payer=payer or "",
        )


def _ledger(scope: Scope, of: Q) -> AccountLedger:
    lines = scope.rows(ChargeLine).filter(of)
    touching = scope.rows(Posting).filter(line__in=lines).values("entry_id")
    return AccountLedger(lines=tuple(ledger_lines(lines)), entries=tuple(_entries(scope, touching)))


def _entries(scope: Scope, wanted: QuerySet[Any, Any]) -> Iterator[Entry]:
    """The entries whose ids a question gives, in the order of posting: one statement."""
    head = ("key", "kind", "on", "source", "memo", "reverses__key")
    columns = ("account", "amount", "line__key", "payer", "reason_group", "reason_code", "remarks")
    rows = scope.rows(Posting).filter(entry_id__in=wanted).order_by("entry_id", "id")
    told = rows.values_list(*(f"entry__{name}" for name in head), *columns)
    for (key, kind, on, source, memo, back), some in groupby(told, key=lambda row: row[: len(head)]):
        moves = tuple(as_move(*row[len(head) :]) for row in some)
        yield Entry(key=key, kind=kind, on=on, source=source, memo=memo, reverses=back or "", postings=moves)


def journal(scope: Scope, after: int = 0, limit: int = 200) -> list[Entry]:
    """Entries in the order of posting, from the one after number `after` on."""
    rows = scope.rows(JournalEntry).filter(number__gt=after).order_by("number")
    return stored_entries(scope, rows.values_list("id", flat=True)[:limit])
