"""Receivables on any day, today's or a past one: who holds what, how old it is, and the lines behind every number.

What stood on a day is what the entries dated up to that day say. The spells that are kept answer for most lines; those
that were posted to since are derived here from the journal, so that no figure waits for anything.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from operator import attrgetter
from typing import Any, Literal, NamedTuple

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ChargeLine, JournalEntry
from superbill.app.guarantors.queries import guarantors_by_day, patients_ever_of
from superbill.app.reports.deriving import SpellRow, among, derived, tail
from superbill.app.reports.models import Spell, SpellsThrough
from superbill.app.reports.sums import kept_through
from superbill.app.reports.view import one_view
from superbill.app.rows import found
from superbill.ledger.accounts import Account
from superbill.money import Cents

BUCKETS = ((30, "0–30"), (60, "31–60"), (90, "61–90"), (120, "91–120"), (None, "120+"))
LAST_DAYS = tuple(last for last, _ in BUCKETS if last is not None)

By = Literal["payer", "patient", "guarantor", "provider", "location", "claim", "practice"]
Age = Literal["service", "responsibility"]
Kind = Literal["insurance", "denied", "patient", "credit"]
KINDS: tuple[Kind, ...] = ("insurance", "denied", "patient", "credit")


class Question(Struct, frozen=True, kw_only=True):
    """Balances as they stood at the end of the day `on`, by whom, and from when their age counts: the first day of
    the `service`, or the day since which the holder has owed without a break (`responsibility`).
    """

    on: date
    by: By = "payer"
    age: Age = "service"


class Aged(Struct, frozen=True, kw_only=True):
    """Cents of one kind with one holder, by age, oldest last, and how many balances of lines they add up.

    `key` is what the question asks by: a payer's key ("" the patients), a patient's row id, a provider or location,
    for a claim the charge account and the payer ("A1001 one"), for the practice "". By guarantor (row id; "" for
    none) only what is the patients' own counts. What is owed back is kind credit (negative), never netted against
    what others owe.
    """

    key: str
    kind: Kind
    buckets: tuple[Cents, ...]
    lines: int

    @property
    def total(self) -> Cents:
        """The whole balance."""
        return sum(self.buckets)


class Standing(NamedTuple):
    """One balance of a line on a day."""

    line_id: int
    bill: str
    payer: str
    service: int
    amount: Cents
    code: str


class AgingRow(Struct, frozen=True, kw_only=True):
    """Cents by age of the date of service, oldest last, for one payer ("" is the patients)."""

    payer: str
    buckets: tuple[Cents, ...]

    @property
    def total(self) -> Cents:
        """The whole balance."""
        return sum(self.buckets)


class OpenLine(Struct, frozen=True, kw_only=True):
    """One balance behind a number: whose it is, since when, and for what."""

    line: str
    bill: str
    patient_id: int
    code: str
    service: date
    since: date
    days: int
    kind: Kind
    payer: str
    provider: str
    location: str
    amount: Cents


def aged(scope: Scope, question: Question) -> tuple[Aged, ...]:
    """Open balances on the day, by holder and kind, in the order of their keys; nothing that adds up to no line."""
    sums: dict[tuple[str, Kind], list[int]] = {}
    with one_view():
        cells = [*_grouped(_kept(scope, question), question), *_corrections(scope, question)]
        names = _guarantors(scope, cells) if question.by == "guarantor" else None
        for *columns, kind, place, amount, count in cells:
            key = names.get(tuple(columns), "") if names is not None else _key(columns)
            _add(sums, key, kind, place, amount, count)
    found = (
        Aged(key=key, kind=kind, buckets=tuple(cells[:-1]), lines=cells[-1])
        for (key, kind), cells in sums.items()
        if cells[-1]
    )
    return tuple(sorted(found, key=lambda row: (row.key, KINDS.index(row.kind))))


def lines_behind(
    scope: Scope,
    question: Question,
    *,
    key: str | None = None,
    kind: Kind | None = None,
    place: int | None = None,
    skip: int = 0,
    limit: int = 200,
) -> list[OpenLine]:
    """The balances that add up to a number of `aged`: of one key, one kind, one bucket, or all of them.

    Oldest first, `limit` of them after `skip`.
    """
    cell = _Cell(question, key, kind, place, scope)
    order = (_AGE[question.age], "line_id", "account", "payer")
    with one_view():
        touched = _tail(scope)
        kept = _kept(scope, question).filter(cell.condition)
        if touched:
            kept = kept.exclude(line_id__among=among(touched))
        ordered = kept.order_by(*order).values_list(*SpellRow._fields)
        first = ordered if cell.picks else ordered[: skip + limit]
        rows = [SpellRow(*row) for row in first]
        rows += [row for row in derived(scope, touched) if _stands(row, question.on) and cell.has(row)]
        rows = sorted(cell.picked(rows), key=attrgetter(*order))
        return _told(scope, rows[skip : skip + limit], question)


def standing(scope: Scope, question: Question) -> Iterator[Standing]:
    """Every balance of a line that stood on the day, in no order, in constant memory but for what is not kept yet."""
    touched = _tail(scope)
    columns = ("line_id", "bill", "payer", "service", "amount", "line__code")
    for line_id, *rest in _kept(scope, question).order_by().values_list(*columns).iterator(chunk_size=5000):
        if line_id not in touched:
            yield Standing(line_id, *rest)
    rows = [row for row in derived(scope, touched) if _stands(row, question.on)]
    codes = dict(found(scope, ChargeLine, "id", touched, "id", "code"))
    for row in rows:
        yield Standing(row.line_id, row.bill, row.payer, row.service, row.amount, codes[row.line_id])


def entries_behind(scope: Scope) -> int:
    """How many entries the spells and sums kept don't know of: each question derives them again."""
    through = scope.rows(SpellsThrough).values_list("entry", flat=True).first() or 0
    last = scope.rows(JournalEntry).order_by("-number").values_list("number", flat=True).first() or 0
    return last - min(through, kept_through(scope))


def aging(scope: Scope, as_of: date) -> tuple[AgingRow, ...]:
    """Open balances by age of service on `as_of`: a row per payer, by key, then one for the patients (payer "").

    Credit balances count with their sign. A line may stand in both an insurance and the patients' row.
    """
    sums: dict[str, list[Cents]] = {}
    for row in aged(scope, Question(on=as_of)):
        cells = sums.setdefault(row.key, [0] * len(BUCKETS))
        sums[row.key] = [cell + amount for cell, amount in zip(cells, row.buckets, strict=True)]
    return tuple(
        AgingRow(payer=payer, buckets=tuple(sums[payer])) for payer in sorted(sums, key=lambda key: (not key, key))
    )


def bucket(days: int) -> int:
    """Which of BUCKETS an age in days falls into; services yet to come are the youngest."""
    return next(place for place, (last, _) in enumerate(BUCKETS) if last is None or days <= last)


_BY: dict[By, tuple[str, ...]] = {
    "payer": ("payer",),
    "patient": ("patient_id",),
    "guarantor": ("patient_id", "service"),  # who pays may change with the day of the service
    "provider": ("provider",),
    "location": ("location",),
    "claim": ("bill", "payer"),
    "practice": (),
}
_AGE: dict[Age, str] = {"service": "service", "responsibility": "since"}


def _kept(scope: Scope, question: Question) -> QuerySet[Spell]:
    day = question.on.toordinal()
    rows = scope.rows(Spell).filter(ends__gt=day, begins__lte=day)
    return rows.filter(account=Account.PATIENT.value) if question.by == "guarantor" else rows


def _tail(scope: Scope) -> set[int]:
    through = scope.rows(SpellsThrough).values_list("entry", flat=True).first() or 0
    return tail(scope, through)


def _grouped(rows: QuerySet[Spell], question: Question) -> Iterator[tuple[Any, ...]]:
    kind = Case(When(amount__lt=0, then=Value("credit")), default=F("account"))
    names = (*_BY[question.by], "kind", "place")
    grouped = rows.annotate(kind=kind, place=_place(question)).values(*names).order_by()
    yield from grouped.annotate(cents=Sum("amount"), count=Count("id")).values_list(*names, "cents", "count")


def _place(question: Question) -> Case:
    """The bucket, as the database tells it."""
    day, age = question.on.toordinal(), _AGE[question.age]
    whens = [When(**{f"{age}__gte": day - last}, then=Value(place)) for place, last in enumerate(LAST_DAYS)]
    return Case(*whens, default=Value(len(LAST_DAYS)), output_field=IntegerField())


def _corrections(scope: Scope, question: Question) -> Iterator[tuple[Any, ...]]:
    """Cells to add, and cells to take off, for the lines that the spells kept don't know well."""
    touched = _tail(scope)
    if not touched:
        return
    kept = (SpellRow(*row) for row in found(scope, Spell, "line_id", touched, *SpellRow._fields))
    for times, rows in ((-1, kept), (1, derived(scope, touched))):
        for row in rows:
            if _stands(row, question.on) and (question.by != "guarantor" or row.account == Account.PATIENT):
                place = bucket(question.on.toordinal() - getattr(row, _AGE[question.age]))
                columns = (getattr(row, name) for name in _BY[question.by])
                yield (*columns, _kind(row), place, times * row.amount, times)


def _guarantors(scope: Scope, cells: Iterable[tuple[Any, ...]]) -> dict[tuple[Any, ...], str]:
    """Who pays, as a key, by patient and day of service."""
    pairs = {(cell[0], date.fromordinal(cell[1])) for cell in cells}
    payers = guarantors_by_day(scope, pairs)
    return {(patient, day.toordinal()): str(payer) for (patient, day), payer in payers.items()}


def _stands(row: SpellRow, on: date) -> bool:
    return row.begins <= on.toordinal() < row.ends


def _kind(row: SpellRow) -> Kind:
    if row.amount < 0:
        return "credit"
    return "patient" if row.account == Account.PATIENT else "denied" if row.account == Account.DENIED else "insurance"


def _key(columns: list[Any]) -> str:
    return " ".join(str(column) for column in columns).strip()


def _add(sums: dict[tuple[str, Kind], list[int]], key: str, kind: Kind, place: int, amount: Cents, count: int) -> None:
    cells = sums.setdefault((key, kind), [0] * (len(BUCKETS) + 1))
    cells[place] += amount
    cells[-1] += count


class _Cell:
    """One number of an aging: which spells it adds up, said to the database and told of a row."""

    def __init__(self, question: Question, key: str | None, kind: Kind | None, place: int | None, scope: Scope) -> None:
        self._age, self._day, self._scope = _AGE[question.age], question.on.toordinal(), scope
        self._names, self._key, self._kind, self._place = _BY[question.by], key, kind, place
        self.picks = question.by == "guarantor" and key is not None  # the database can't tell who pays

    @property
    def condition(self) -> Q:
        """For the rows that are kept."""
        wanted = Q()
        if self.picks:
            wanted &= Q(patient_id__among=among(patients_ever_of(self._scope, int(self._key)))) if self._key else Q()
        elif self._key is not None:
            parts = self._key.split(" ", len(self._names) - 1) if len(self._names) > 1 else [self._key]
            values = [*parts, *[""] * (len(self._names) - len(parts))]
            wanted &= Q(**dict(zip(self._names, values, strict=False)))
        if self._kind == "credit":
            wanted &= Q(amount__lt=0)
        elif self._kind is not None:
            wanted &= Q(account=self._kind, amount__gt=0)
        if self._place is not None:
            if self._place:
                wanted &= Q(**{f"{self._age}__lt": self._day - LAST_DAYS[self._place - 1]})
            if self._place < len(LAST_DAYS):
                wanted &= Q(**{f"{self._age}__gte": self._day - LAST_DAYS[self._place]})
        return wanted

    def has(self, row: SpellRow) -> bool:
        """The same of a row that was derived just now."""
        days = self._day - getattr(row, self._age)
        return (
            (self._key is None or self.picks or _key([getattr(row, name) for name in self._names]) == self._key)
            and (self._kind is None or _kind(row) == self._kind)
            and (self._place is None or bucket(days) == self._place)
        )

    def picked(self, rows: list[SpellRow]) -> list[SpellRow]:
        """Those that the guarantor of the key pays for; all, unless that was asked."""
        if not self.picks:
            return rows
        pays = _guarantors(self._scope, [(row.patient_id, row.service) for row in rows])
        return [
            row
            for row in rows
            if row.account == Account.PATIENT and pays.get((row.patient_id, row.service), "") == self._key
        ]


def _told(scope: Scope, rows: list[SpellRow], question: Question) -> list[OpenLine]:
    lines = {row.line_id for row in rows}
    known = {row_id: (key, code) for row_id, key, code in found(scope, ChargeLine, "id", lines, "id", "key", "code")}
    age = _AGE[question.age]
    return [
        OpenLine(
            line=known[row.line_id][0],
            bill=row.bill,
            patient_id=row.patient_id,
            code=known[row.line_id][1],
            service=date.fromordinal(row.service),
            since=date.fromordinal(row.since),
            days=question.on.toordinal() - getattr(row, age),
            kind=_kind(row),
            payer=row.payer,
            provider=row.provider,
            location=row.location,
            amount=row.amount,
        )
        for row in rows
    ]
