"""Accounts: who has something open, and what was sent."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.models import Membership
from superbill.app.billing.actions import patient_party
from superbill.app.billing.models import ChargeLine, JournalEntry, Posting
from superbill.app.guarantors.queries import guarantor_of
from superbill.app.patients.models import PatientRow
from superbill.app.rows import found
from superbill.app.statements.holds import Stopped, all_holds
from superbill.app.statements.models import Hold, Statement
from superbill.app.statements.queries import sent_to, statement_numbered, statements_of_patient
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


def statements_of(scope: Scope, patient: int) -> list[PrintedStatement]:
    """The statements that told of a patient, the latest first, without their text."""
    rows = statements_of_patient(scope, patient)
    return [PrintedStatement(number=row.number, on=row.on, amount=row.amount, level=row.level) for row in rows]


def statements_of_guarantor(scope: Scope, guarantor: int) -> list[PrintedStatement]:
    """The statements that went to a guarantor, the latest first."""
    rows = scope.rows(Statement).filter(sent_to(guarantor)).order_by("-number")
    columns = rows.values_list("number", "on", "amount", "level")
    return [PrintedStatement(number=number, on=on, amount=amount, level=level) for number, on, amount, level in columns]


class Standing(Struct, frozen=True, kw_only=True):
    """A hold that stands, with what it is on ("" the whole account)."""

    hold: Stopped
    line: str


def holds_on(scope: Scope, today: date, *, patients: Sequence[int], guarantor: int = 0) -> list[Standing]:
    """Holds that stand on these patients' lines or the guarantor's whole account, placed or following from facts."""
    mine = dict(found(scope, ChargeLine, "patient_id", patients, "id", "key"))
    payers = {guarantor} if guarantor else set(guarantor_of(scope, patients, today).values())
    every = all_holds(scope, payers)
    standing = [one for payer in payers for one in every.of_guarantors.get(payer, ())]
    standing += [one for line in mine for one in every.of_lines.get(line, ())]
    return [Standing(hold=one, line=mine.get(one.line or 0, "")) for one in standing if one.stands_on(today)]


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
