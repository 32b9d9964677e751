"""Who owes what: the lines of every guarantor over all their dependents, and the money on account that lowers it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ChargeLine, JournalEntry, LineBalance, Posting
from superbill.app.billing.parties import patient_of, patient_party
from superbill.app.guarantors.models import Guarantee
from superbill.app.guarantors.queries import guarantor_of, guarantors_by_day
from superbill.app.rows import asked, found
from superbill.ledger.accounts import Account
from superbill.money import Cents


class Owed(Struct, frozen=True, gc=False):
    """A charge line with a patient balance (cents; below zero: paid too much)."""

    line: int
    key: str
    patient: int
    on: date
    amount: Cents


class GuarantorDue(Struct, frozen=True, kw_only=True, gc=False):
    """What a guarantor owes: `lines` in order of service, `unapplied` money by patient (row id)."""

    guarantor: int
    lines: tuple[Owed, ...] = ()
    unapplied: Mapping[int, Cents] = {}

    @property
    def owed(self) -> Cents:
        """What the lines add up to, less the money on account."""
        return sum(one.amount for one in self.lines) - sum(self.unapplied.values())

    @property
    def patients(self) -> list[int]:
        """Everybody whose lines or money are in it."""
        return sorted({one.patient for one in self.lines} | set(self.unapplied))


def guarantors_owing(scope: Scope, on: date) -> dict[int, GuarantorDue]:
    """Everybody with open lines or money on account, by guarantor (row id); five statements whatever their number."""
    rows = asked(scope, LineBalance, _open)
    return _by_guarantor(scope, on, [Owed(*row) for row in rows], _money_on_account(scope))


def due_of(scope: Scope, guarantor: int, on: date) -> GuarantorDue:
    """What one guarantor owes now."""
    return dues_of(scope, [guarantor], on).get(guarantor, GuarantorDue(guarantor=guarantor))


def dues_of(scope: Scope, guarantors: Iterable[int], on: date) -> dict[int, GuarantorDue]:
    """What these guarantors (row ids) owe now; who owes nothing is left out."""
    wanted = set(guarantors)
    patients = {row for (row,) in found(scope, Guarantee, "guarantor_id", wanted, "patient_id", replaced=None)}
    columns = ("line_id", "line__key", "line__patient_id", "line__service_start", "patient")
    rows = [Owed(*row) for row in found(scope, LineBalance, "line__patient_id", patients, *columns) if row[-1]]
    parties = {patient_party(patient): patient for patient in patients}
    money: dict[int, Cents] = {}
    for party, amount in found(scope, Posting, "payer", parties, "payer", "amount", account=Account.UNAPPLIED.value):
        money[parties[party]] = money.get(parties[party], 0) - amount
    every = _by_guarantor(scope, on, rows, {patient: amount for patient, amount in money.items() if amount})
    return {key: due for key, due in every.items() if key in wanted}


def _by_guarantor(scope: Scope, on: date, rows: Iterable[Owed], money: Mapping[int, Cents]) -> dict[int, GuarantorDue]:
    """A line belongs to who paid for the patient on its day of service, money to who pays for them now."""
    owed = sorted(rows, key=lambda one: (one.on, one.line))
    payers = guarantors_by_day(scope, ((one.patient, one.on) for one in owed))
    holders = guarantor_of(scope, money, on)
    lines: dict[int, list[Owed]] = {}
    unapplied: dict[int, dict[int, Cents]] = {}
    for one in owed:
        lines.setdefault(payers[one.patient, one.on], []).append(one)
    for patient, amount in sorted(money.items()):
        unapplied.setdefault(holders[patient], {})[patient] = amount
    return {
        key: GuarantorDue(guarantor=key, lines=tuple(lines.get(key, ())), unapplied=unapplied.get(key, {}))
        for key in sorted(lines.keys() | unapplied.keys())
    }


def _open(scope: Scope) -> QuerySet[LineBalance, Any]:
    owing = scope.rows(LineBalance).exclude(patient=0).order_by("line_id")
    return owing.values_list("line_id", "line__key", "line__patient_id", "line__service_start", "patient")


def _money_on_account(scope: Scope) -> dict[int, Cents]:
    """Unapplied money by patient; patients without any are left out."""
    sums = {patient_of(party): -total for party, total in asked(scope, Posting, _unapplied)}
    return {patient: amount for patient, amount in sums.items() if patient is not None and amount}


def _unapplied(scope: Scope) -> QuerySet[Posting, Any]:
    loose = scope.rows(Posting).filter(account=Account.UNAPPLIED.value).values_list("payer")
    return loose.annotate(total=Sum("amount")).order_by()


def last_entry(scope: Scope) -> int:
    """The number of the journal's last entry, 0 without one."""
    return next((number for (number,) in asked(scope, JournalEntry, _last_number)), 0)


def _last_number(scope: Scope) -> QuerySet[JournalEntry, Any]:
    return scope.rows(JournalEntry).order_by("-number").values_list("number")[:1]


def line_ids(scope: Scope, keys: Iterable[str]) -> dict[str, int]:
    """Charge lines (row ids) by key."""
    return dict(found(scope, ChargeLine, "key", keys, "key", "id"))
