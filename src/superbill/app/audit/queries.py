"""The trail, newest first, and what is asked of it: who, what, about which row, in which days."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.audit.models import AuditEvent
from superbill.app.base import PracticeRow
from superbill.app.claims.models import ClaimRow
from superbill.app.encounters.models import EncounterRow
from superbill.app.patients.models import PatientRow
from superbill.app.rows import found as among

ROWS = 50
_COLUMNS = ("number", "at", "actor", "action", "subject_kind", "subject_id", "detail", "hash")
_RECENT = 2000  # events from which the names of actions are offered


class Asked(Struct, frozen=True, kw_only=True):
    """What is searched for; "" and None stand for everything. `action` is its beginning.

    `subject` is a claim's or a visit's number, "patient 17", or any other kind with its row id. For a patient or a
    visit it finds what happened to their claims too.
    """

    actor: str = ""
    action: str = ""
    subject: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def narrows(self) -> bool:
        """Whether anything is asked."""
        return self != Asked()


class Told(Struct, frozen=True):
    """One event as a list shows it. `subject` is a number people know where the row has one."""

    number: int
    at: datetime
    actor: str
    action: str
    kind: str
    row_id: int | None
    detail: str
    hash: str
    subject: str = ""


class UnknownSubject(Exception):
    """Nothing of the practice has this number."""


def events(scope: Scope, *, kind: str = "", subject: int | None = None, limit: int = 200) -> list[AuditEvent]:
    """What happened in the practice, or to one row."""
    rows = scope.rows(AuditEvent)
    if kind:
        rows = rows.filter(subject_kind=kind)
    if subject is not None:
        rows = rows.filter(subject_id=subject)
    return list(rows.order_by("-id")[:limit])


def found(scope: Scope, asked: Asked, *, before: int | None = None, limit: int = ROWS) -> list[Told]:
    """The newest events that match, those before the number `before`. Raises UnknownSubject, NotPermitted."""
    rows = _matching(scope, asked)
    if before is not None:
        rows = rows.filter(number__lt=before)
    return _named(scope, [Told(*row) for row in rows.order_by("-number").values_list(*_COLUMNS)[:limit]])


def every(scope: Scope, asked: Asked) -> Iterator[Told]:
    """All that match, oldest first, in constant memory. Raises UnknownSubject, NotPermitted."""
    rows = _matching(scope, asked).order_by("number").values_list(*_COLUMNS)
    some: list[Told] = []
    for row in rows.iterator(chunk_size=1000):
        some.append(Told(*row))
        if len(some) >= 1000:
            yield from _named(scope, some)
            some = []
    yield from _named(scope, some)


def how_many(scope: Scope, asked: Asked) -> int:
    """How many match."""
    return _matching(scope, asked).count()


def recent_actions(scope: Scope) -> list[str]:
    """What was done lately, by name."""
    newest = scope.rows(AuditEvent).order_by("-number").values_list("action", flat=True)[:_RECENT]
    return sorted(set(newest))


def _matching(scope: Scope, asked: Asked) -> "QuerySet[AuditEvent]":
    rows = scope.rows(AuditEvent)
    if asked.actor:
        rows = rows.filter(actor=asked.actor)
    if asked.action:
        rows = rows.filter(action__startswith=asked.action)
    if asked.first:
        rows = rows.filter(at__gte=_start(asked.first))
    if asked.last:
        rows = rows.filter(at__lt=_start(asked.last + timedelta(days=1)))
    return rows.filter(_about(scope, asked.subject.strip())) if asked.subject.strip() else rows


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _about(scope: Scope, subject: str) -> Q:
    """The events about a row, its number resolved; whoever may read the trail may know which row a number names."""
    within = Scope(scope.practice_id)
    claims, visits = within.rows(ClaimRow), within.rows(EncounterRow)
    claim = claims.filter(control_number=subject).values_list("pk", flat=True).first()
    if claim is not None:
        return Q(subject_kind="claim", subject_id=claim)
    visit = visits.filter(account_number=subject).values_list("pk", flat=True).first()
    if visit is not None:
        theirs = claims.filter(encounter_id=visit).values("pk")
        return Q(subject_kind="encounter", subject_id=visit) | Q(subject_kind="claim", subject_id__in=theirs)
    kind, _, number = subject.rpartition(" ")
    if not kind or not (number.isascii() and number.isdigit()) or int(number) >= 2**63:
        raise UnknownSubject(f"Nothing here has the number {subject}. Give a claim's, a visit's, or “patient 17”.")
    direct = Q(subject_kind=kind, subject_id=int(number))
    if kind != "patient" or not within.rows(PatientRow).filter(pk=int(number)).exists():
        return direct
    of_patient = visits.filter(patient_id=int(number))
    theirs = claims.filter(encounter__patient_id=int(number)).values("pk")
    return (
        direct
        | Q(subject_kind="encounter", subject_id__in=of_patient.values("pk"))
        | Q(subject_kind="claim", subject_id__in=theirs)
    )


def numbered(scope: Scope, told: Sequence[str]) -> list[tuple[str, int]]:
    """The rows (kind, id) that these texts name: claims and visits by number, patients by the id of their chart."""
    wanted = {one for one in told if one}
    tables: dict[str, tuple[type[PracticeRow], str]] = {**_NUMBERS, "patient": (PatientRow, "source_id")}
    return [
        (kind, row_id)
        for kind, (model, column) in tables.items()
        for (row_id,) in sorted(among(scope, model, column, wanted, "id"))
    ]


_NUMBERS: dict[str, tuple[type[PracticeRow], str]] = {
    "claim": (ClaimRow, "control_number"),
    "encounter": (EncounterRow, "account_number"),
}


def _named(scope: Scope, told: Sequence[Told]) -> list[Told]:
    """The same with the numbers of their claims and visits: two statements whatever the number of events."""
    within = Scope(scope.practice_id)
    names: dict[tuple[str, int | None], str] = {}
    for kind, (model, column) in _NUMBERS.items():
        wanted = sorted({one.row_id for one in told if one.kind == kind and one.row_id is not None})
        if wanted:
            rows: Iterable[tuple[int, str]] = within.rows(model).filter(pk__in=wanted).values_list("pk", column)
            names |= {(kind, pk): number for pk, number in rows}
    return [
        Told(
            one.number, one.at, one.actor, one.action, one.kind, one.row_id, one.detail, one.hash,
            names.get((one.kind, one.row_id)) or (f"{one.kind} {one.row_id}" if one.row_id is not None else one.kind),
        )
        for one in told
    ]  # fmt: skip
