"""Accounts: who has something open, and what was sent."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.models import Membership
from superbill.app.billing.actions import patient_party
from superbill.app.billing.models import JournalEntry, Posting
from superbill.app.guarantors.models import Guarantor
from superbill.app.patients.models import PatientRow
from superbill.app.rows import found
from superbill.app.statements.models import Hold, Statement, StatementPatient
from superbill.app.statements.queries import statement_numbered
from superbill.app.worklists.models import WorkItem, WorkState
from superbill.money import Cents


class PrintedStatement(Struct, frozen=True, kw_only=True):
    """A statement as it was sent, without its text."""

    number: int
    on: date
    amount: Cents
    level: int = 0


def account_holder(scope: Scope, patient: int) -> PatientRow | None:
    """The patient of an account."""
    return scope.rows(PatientRow).filter(pk=patient).first()


_PRINTED = ("number", "on", "amount", "level")


def statements_of(scope: Scope, patient: int) -> list[PrintedStatement]:
    """The statements that told of a patient, or of a record that was merged into theirs, the latest first."""
    told, columns = scope.rows(StatementPatient), [f"statement__{name}" for name in _PRINTED]
    mine, merged = told.filter(patient_id=patient), told.filter(patient__merged_into_id=patient)
    return _printed(mine.values_list(*columns).union(merged.values_list(*columns)))


def statements_of_guarantor(scope: Scope, guarantor: int) -> list[PrintedStatement]:
    """The statements that went to a guarantor, or to a record that was merged into theirs, the latest first."""
    rows, others = scope.rows(Statement), scope.rows(Guarantor).filter(merged_into_id=guarantor)
    mine, merged = rows.filter(guarantor_id=guarantor), rows.filter(guarantor_id__in=others.values("id"))
    return _printed(mine.values_list(*_PRINTED).union(merged.values_list(*_PRINTED)))


def _printed(rows: Iterable[tuple[int, date, Cents, int]]) -> list[PrintedStatement]:
    """Each once. The database does not sort them: SQLite would go through all statements of the practice for it."""
    return [
        PrintedStatement(number=number, on=on, amount=amount, level=level)
        for number, on, amount, level in sorted(rows, reverse=True)
    ]


def statement(scope: Scope, number: int) -> Statement | None:
    """The statement of this number."""
    return statement_numbered(scope, number)


def posted_by(scope: Scope, keys: list[str]) -> dict[str, tuple[int, str]]:
    """(number, actor) of journal entries by key."""
    rows = scope.rows(JournalEntry).filter(key__in=keys).values_list("key", "number", "actor")
    return {key: (number, actor) for key, number, actor in rows}


class News(Struct, frozen=True, kw_only=True):
    """An entry that somebody posted: shown beside what another person was about to post."""

    number: int
    on: date
    kind: str
    actor: str
    memo: str
    amount: Cents


def news_of(scope: Scope, patients: list[int], since: int) -> list[News]:
    """Entries on these accounts after the one of row id `since`, the oldest first."""
    parties = [patient_party(patient) for patient in patients]
    own = Q(line__patient_id__in=patients) | Q(payer__in=parties)
    ids = scope.rows(Posting).filter(own, entry_id__gt=since).values_list("entry_id", flat=True).distinct()
    rows = scope.rows(JournalEntry).filter(id__in=list(ids)).order_by("id")
    moved = Sum("amount", filter=Q(amount__gt=0))
    sums = dict(
        scope.rows(Posting)
        .filter(entry_id__in=[row.pk for row in rows])
        .order_by()
        .values_list("entry_id")
        .annotate(total=moved)
    )
    return [
        News(number=row.number, on=row.on, kind=row.kind, actor=row.actor, memo=row.memo, amount=sums.get(row.pk, 0))
        for row in rows
    ]


def members(scope: Scope) -> list[str]:
    """The user names of everybody to whom work can be given: names alone, so no permission to manage is asked."""
    rows = Scope(scope.practice_id).rows(Membership).filter(user__is_active=True)
    return sorted(set(rows.values_list("user__username", flat=True)))


def task_of_thread(scope: Scope, number: int) -> WorkItem | None:
    """The task that a matter asks for now."""
    rows = scope.rows(WorkItem).filter(key=f"thread:{number}").exclude(state=WorkState.CLOSED.value)
    return rows.first()


def has_hold(scope: Scope, hold: int) -> bool:
    """Whether the practice has a hold of this row id."""
    return scope.rows(Hold).filter(pk=hold).exists()


_PREFIXES = ("patient-payment", "apply-unapplied", "reallocate", "transfer", "write-off", "agency-fee")


def is_posted(scope: Scope, key: str) -> bool:
    """Whether a deed of this key was posted: pressing its button again is no news, and posts nothing."""
    return any(True for _ in found(scope, JournalEntry, "key", [f"{prefix}:{key}" for prefix in _PREFIXES], "id"))
