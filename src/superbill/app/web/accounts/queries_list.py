"""Accounts as a list: who owes, how old it is, what stands in the way; any order, page by page."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Min, Q, QuerySet, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.actions import patient_party
from superbill.app.billing.models import (
    JournalEntry,
    LineBalance,
    PaymentPlan,
    Placement,
    PlacementState,
    PlanState,
    Posting,
)
from superbill.app.billing.parties import patient_of
from superbill.app.guarantors.models import Guarantee, Guarantor
from superbill.app.guarantors.queries import guarantor_of
from superbill.app.patients.models import PatientRow
from superbill.app.rows import found
from superbill.app.statements.models import Hold, HoldKind
from superbill.app.web.paging import ROWS, Page, asked
from superbill.ledger.accounts import Account
from superbill.money import Cents

AGES = ((0, 30), (31, 60), (61, 90), (91, 120), (121, 36_500))
STATES = ("owing", "credit", "money", "plan", "collection", "dispute", "mail", "hold")
_MAIL = (HoldKind.RETURNED_MAIL.value, HoldKind.BAD_ADDRESS.value)
OPEN = ~Q(insurance=0) | ~Q(patient=0)
_BY_CASES = ("money", "plan", "collection", "dispute", "mail", "hold")
_KEPT = 64
_NAMED = ("id", "family", "given")
ORDERS = {
    "name": ("family", "given"),
    "owed": ("-of_patient",),
    "insurance": ("-of_insurance",),
    "age": ("oldest",),
}


class Wanted(Struct, frozen=True, kw_only=True):
    """What a person looks for: owing more than `over` cents, something as old as `age` days, a state, an order."""

    over: Cents = 0
    age: int = 0
    state: str = ""
    sort: str = "owed"


_orders: dict[tuple[int, Wanted, date], tuple[int, tuple[int, ...]]] = {}


class Line(Struct, frozen=True, kw_only=True):
    """One account: what the patient owes by age of the service, what insurance holds, money on account, what stops."""

    patient: int
    family: str
    given: str
    guarantor: int
    payer: str
    ages: tuple[Cents, ...]
    owed: Cents
    insurance: Cents
    unapplied: Cents
    oldest: date | None
    marks: tuple[str, ...]

    @property
    def due(self) -> Cents:
        """What is asked for: the patient's balance less money on account."""
        return self.owed - self.unapplied


def account_page(scope: Scope, wanted: Wanted, today: date, page: str = "") -> Page[Line]:
    """Accounts with anything open or on account; a constant number of statements."""
    order = _order(scope, wanted, today)
    number, offset = asked(page, len(order))
    patients = order[offset : offset + ROWS]
    rows = _rows_of(scope, patients, today)
    rows |= _with_money_alone(scope, [patient for patient in patients if patient not in rows])
    some = [rows[patient] for patient in patients]
    loose, marks = unapplied_of(scope, patients), marks_of(scope, patients)
    payers = guarantor_of(scope, patients, today)
    names = {row: f"{family.upper()}, {given}" for row, family, given in found(
        scope, Guarantor, "id", set(payers.values()), "id", "family", "given"
    )}  # fmt: skip
    own = dict(found(scope, Guarantor, "id", set(payers.values()), "id", "patient_id"))
    lines = tuple(_line(row, loose, marks, payers, names, own) for row in some)
    return Page(rows=lines, number=number, total=len(order))


def _order(scope: Scope, wanted: Wanted, today: date) -> tuple[int, ...]:
    """The accounts (patients' row ids) that are looked for, in their order. It sums every open line, so it is worked
    out once for a state of the books; where a hold or an agreement decides, each time."""
    if wanted.state in _BY_CASES:
        return _everybody(scope, wanted, today)
    last = scope.rows(JournalEntry).aggregate(last=Max("number"))["last"] or 0
    at = (scope.practice_id, wanted, today)
    known = _orders.get(at)
    if known is None or known[0] != last:
        known = (last, _everybody(scope, wanted, today))
        while len(_orders) >= _KEPT:
            _orders.pop(next(iter(_orders)), None)
        _orders[at] = known
    return known[1]


def _everybody(scope: Scope, wanted: Wanted, today: date) -> tuple[int, ...]:
    """Patients with open lines, and after them those who have nothing but money on account; by name all together."""
    sums = _sums(scope, wanted, today)
    if wanted.state not in ("", "money") or wanted.over or wanted.age:
        return tuple(sums.values_list("line__patient_id", flat=True))
    order = list(sums.values_list("line__patient_id", flat=True))
    money, there = _with_money(scope), set(order)
    alone = sorted(money.keys() - there, key=lambda patient: (-money[patient], patient))
    if wanted.sort != "name" or not alone:
        return (*order, *alone)
    names = [(row["family"], row["given"], row["line__patient_id"]) for row in sums]
    names += [(family, given, patient) for patient, family, given in found(scope, PatientRow, "id", alone, *_NAMED)]
    return tuple(patient for _, _, patient in sorted(names))


def _with_money_alone(scope: Scope, patients: Iterable[int]) -> dict[int, dict[str, Any]]:
    """These patients as rows with nothing open."""
    return {patient: _nothing(patient, *names) for patient, names in names_of(scope, patients).items()}


def _by_patient(rows: QuerySet[LineBalance, Any]) -> QuerySet[LineBalance, Any]:
    """Sums by patient."""
    sums = rows.order_by().values("line__patient_id")
    return sums.annotate(of_patient=Sum("patient"), of_insurance=Sum("insurance"), oldest=Min("line__service_start"))


def _sums(scope: Scope, wanted: Wanted, today: date) -> QuerySet[LineBalance, Any]:
    rows = scope.rows(LineBalance).filter(OPEN)
    chosen = _of_state(scope, wanted.state)
    if chosen is not None:
        rows = rows.filter(line__patient_id__in=chosen)
    if wanted.age:
        old = scope.rows(LineBalance).filter(patient__gt=0, line__service_start__lte=today - timedelta(days=wanted.age))
        rows = rows.filter(line__patient_id__in=old.values("line__patient_id"))
    sums = _by_patient(rows)
    if wanted.sort == "name":
        sums = sums.annotate(family=Min("line__patient__family"), given=Min("line__patient__given"))
    if wanted.state == "owing":
        sums = sums.filter(Q(of_patient__gt=0))
    if wanted.state == "credit":
        sums = sums.filter(Q(of_patient__lt=0))
    sums = sums.filter(Q(of_patient__gt=wanted.over)) if wanted.over else sums
    return sums.order_by(*ORDERS[wanted.sort], "line__patient_id")


def _rows_of(scope: Scope, patients: Iterable[int], today: date) -> dict[int, dict[str, Any]]:
    """What stands open of these patients, by age of the service; who has nothing open is left out."""
    names = names_of(scope, patients)
    rows: dict[int, dict[str, Any]] = {}
    columns = ("line__patient_id", "line__service_start", "patient", "insurance")
    for patient, day, owed, insured in found(scope, LineBalance, "line__patient_id", patients, *columns):
        if not owed and not insured:
            continue
        family, given = names[patient]
        row = rows.setdefault(patient, _nothing(patient, family, given))
        days = max((today - day).days, 0)
        place = next((place for place, (first, last) in enumerate(AGES) if first <= days <= last), None)
        if place is not None:
            row[f"age{place}"] += owed
        row["of_patient"] += owed
        row["of_insurance"] += insured
        row["oldest"] = min(day, row["oldest"] or day)
    return rows


def _nothing(patient: int, family: str, given: str) -> dict[str, Any]:
    zero = {"of_patient": 0, "of_insurance": 0, "oldest": None} | {f"age{place}": 0 for place in range(len(AGES))}
    return {"line__patient_id": patient, "family": family, "given": given, **zero}


def _of_state(scope: Scope, state: str) -> set[int] | None:
    """The patients of a state; None where the sums tell."""
    if state == "plan":
        return _set(scope.rows(PaymentPlan).filter(state=PlanState.ACTIVE.value).values_list("patient_id", flat=True))
    if state == "collection":
        placed = scope.rows(Placement).filter(state=PlacementState.PLACED.value)
        return _set(placed.values_list("patient_id", flat=True))
    if state == "money":
        return set(_with_money(scope))
    if state in ("dispute", "mail", "hold"):
        return set(_held(scope, {"dispute": (HoldKind.DISPUTE.value,), "mail": _MAIL, "hold": ()}[state]))
    return None


def _set(ids: Iterable[int | None]) -> set[int]:
    return {one for one in ids if one is not None}


def _with_money(scope: Scope) -> dict[int, Cents]:
    rows = scope.rows(Posting).filter(account=Account.UNAPPLIED.value).order_by()
    sums = rows.values_list("payer").annotate(total=Sum("amount")).exclude(total=0)
    return {patient: -total for party, total in sums if (patient := patient_of(party)) is not None}


def _held(scope: Scope, kinds: tuple[str, ...]) -> dict[int, set[str]]:
    """Patients on hold, with the kinds: those of a held line, and those of a held guarantor."""
    rows = scope.rows(Hold).filter(released__isnull=True)
    rows = rows.filter(kind__in=kinds) if kinds else rows
    told: dict[int, set[str]] = {}
    of_guarantors: dict[int, set[str]] = {}
    for patient, guarantor, kind in rows.values_list("line__patient_id", "guarantor_id", "kind"):
        if patient is not None:
            told.setdefault(patient, set()).add(kind)
        if guarantor is not None:
            of_guarantors.setdefault(guarantor, set()).add(kind)
    pairs = found(scope, Guarantee, "guarantor_id", of_guarantors, "guarantor_id", "patient_id", replaced=None)
    for guarantor, patient in pairs:
        told.setdefault(patient, set()).update(of_guarantors[guarantor])
    return told


def unapplied_of(scope: Scope, patients: Iterable[int]) -> dict[int, Cents]:
    """Money on account by patient."""
    parties = {patient_party(patient): patient for patient in patients}
    sums: dict[int, Cents] = {}
    for party, amount in found(scope, Posting, "payer", parties, "payer", "amount", account=Account.UNAPPLIED.value):
        sums[parties[party]] = sums.get(parties[party], 0) - amount
    return sums


def marks_of(scope: Scope, patients: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """What stands in the way of asking these patients: holds, a plan, an agency."""
    wanted = list(patients)
    told = {patient: sorted(kinds) for patient, kinds in _held(scope, ()).items() if patient in set(wanted)}
    cases = ((PaymentPlan, PlanState.ACTIVE.value, "payment plan"), (Placement, PlacementState.PLACED.value, "agency"))
    for model, state, word in cases:
        for (patient,) in found(scope, model, "patient_id", wanted, "patient_id", state=state):
            told.setdefault(patient, []).append(word)
    return {patient: tuple(dict.fromkeys(words)) for patient, words in told.items()}


def _line(
    row: dict[str, Any],
    loose: Mapping[int, Cents],
    marks: Mapping[int, tuple[str, ...]],
    payers: Mapping[int, int],
    names: Mapping[int, str],
    own: Mapping[int, int | None],
) -> Line:
    patient = row["line__patient_id"]
    guarantor = payers.get(patient, 0)
    return Line(
        patient=patient,
        family=row["family"],
        given=row["given"],
        guarantor=guarantor,
        payer="" if own.get(guarantor) == patient else names.get(guarantor, ""),
        ages=tuple(row[f"age{place}"] for place in range(len(AGES))),
        owed=row["of_patient"],
        insurance=row["of_insurance"],
        unapplied=loose.get(patient, 0),
        oldest=row["oldest"],
        marks=marks.get(patient, ()),
    )


def names_of(scope: Scope, patients: Iterable[int]) -> dict[int, tuple[str, str]]:
    """(family, given) by patient."""
    return {row: (family, given) for row, family, given in found(scope, PatientRow, "id", patients, *_NAMED)}


def patients_with_money(scope: Scope) -> list[tuple[int, str, str, Cents]]:
    """(patient, family, given, cents) of everybody with money on account, the most first."""
    sums = _with_money(scope)
    rows = found(scope, PatientRow, "id", sums, "id", "family", "given")
    return sorted(((row, family, given, sums[row]) for row, family, given in rows), key=lambda one: -one[3])
