"""Everything that happened to a claim, for its timeline: a statement for each kind of event."""

from datetime import date, datetime

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.claims.models import ClaimEvent, ClaimNote, ClaimRow, OverrideRow
from superbill.app.denials.queries import steps_of
from superbill.app.inquiries.queries import Exchange, story
from superbill.app.statements.models import StatementLine
from superbill.app.threads.models import Thread
from superbill.app.worklists.models import WorkItem
from superbill.denials.model import Step
from superbill.money import Cents


class Sent(Struct, frozen=True, kw_only=True):
    """A step on the way to the payer. `batch` and `file` are row ids."""

    number: str
    what: str
    at: datetime
    by: str
    reference: str
    text: str
    batch: int | None
    file: int | None
    file_kind: str


class Note(Struct, frozen=True, kw_only=True):
    """What a person wrote on a version of the claim."""

    number: str
    text: str
    by: str
    at: datetime


class SetAside(Struct, frozen=True, kw_only=True):
    """A finding set aside, or an override taken back (no reason)."""

    rule: str
    reason: str
    by: str
    at: datetime


class Task(Struct, frozen=True, kw_only=True):
    """A task about the claim."""

    id: int
    kind: str
    why: str
    state: str
    since: datetime
    assignee: str
    due: date | None


class Told(Struct, frozen=True, kw_only=True):
    """A statement to the patient, or a thread about the visit, by its number."""

    number: int
    on: date
    amount: Cents | None = None
    topic: str = ""
    state: str = ""


class Life(Struct, frozen=True, kw_only=True):
    """All of it, of a claim and the versions before and behind it."""

    versions: tuple[ClaimRow, ...]
    events: tuple[Sent, ...]
    notes: tuple[Note, ...]
    overrides: tuple[SetAside, ...]
    tasks: tuple[Task, ...]
    steps: tuple[Step, ...]
    statements: tuple[Told, ...]
    threads: tuple[Told, ...]
    inquiries: tuple[Exchange, ...]


def life(scope: Scope, claim: ClaimRow, others: tuple[ClaimRow, ...], may: frozenset[Permission]) -> Life:
    """The life of a claim among the `others` of its visit; what `may` does not let one see is left out."""
    versions = _versions(claim, others)
    ids = [row.pk for row in versions]
    return Life(
        versions=versions,
        events=tuple(_events(scope, ids)),
        notes=tuple(_notes(scope, ids)),
        overrides=tuple(_overrides(scope, ids)),
        tasks=tuple(_tasks(scope, ids)) if Permission.WORK_TASKS in may else (),
        steps=tuple(step for some in steps_of(scope, ids).values() for step in some),
        statements=tuple(_statements(scope, claim.encounter_id)),
        threads=tuple(_threads(scope, claim.encounter_id)),
        inquiries=tuple(story(scope, claim.pk)),
    )


def _versions(claim: ClaimRow, others: tuple[ClaimRow, ...]) -> tuple[ClaimRow, ...]:
    """The claim with those that it replaces and those that replace it, the first first."""
    by_id = {row.pk: row for row in (*others, claim)}
    after = {row.replaces_id: row for row in by_id.values() if row.replaces_id}
    first = claim
    while first.replaces_id in by_id:
        first = by_id[first.replaces_id]
    chain = [first]
    while (following := after.get(chain[-1].pk)) is not None:
        chain.append(following)
    return tuple(chain)


def _events(scope: Scope, ids: list[int]) -> list[Sent]:
    columns = ("claim__control_number", "what", "at", "by", "reference", "text", "batch_id", "file_id", "file__kind")
    rows = scope.rows(ClaimEvent).filter(claim_id__in=ids).order_by("id").values_list(*columns)
    return [
        Sent(
            number=number, what=what, at=at, by=by, reference=reference, text=text, batch=batch, file=file,
            file_kind=kind or "",
        )
        for number, what, at, by, reference, text, batch, file, kind in rows
    ]  # fmt: skip


def _notes(scope: Scope, ids: list[int]) -> list[Note]:
    rows = scope.rows(ClaimNote).filter(claim_id__in=ids).order_by("id")
    told = rows.values_list("claim__control_number", "text", "by", "at")
    return [Note(number=number, text=text, by=by, at=at) for number, text, by, at in told]


def _overrides(scope: Scope, ids: list[int]) -> list[SetAside]:
    rows = scope.rows(OverrideRow).filter(claim_id__in=ids).order_by("id").values_list("rule", "reason", "by", "at")
    told = dict.fromkeys(rows)  # one decision may cover several places
    return [SetAside(rule=rule, reason=reason, by=by, at=at) for rule, reason, by, at in told]


def _tasks(scope: Scope, ids: list[int]) -> list[Task]:
    rows = scope.rows(WorkItem).filter(subject_kind="claim", subject__in=ids).order_by("-rank", "id")
    columns = ("id", "kind", "why", "state", "state_since", "assignee", "due")
    names = Task.__struct_fields__
    return [Task(**dict(zip(names, row, strict=True))) for row in rows.values_list(*columns)]


def _statements(scope: Scope, encounter: int) -> list[Told]:
    rows = scope.rows(StatementLine).filter(line__encounter_id=encounter).order_by("statement_id")
    told = dict.fromkeys(rows.values_list("statement__number", "statement__on", "statement__amount"))
    return [Told(number=number, on=on, amount=amount) for number, on, amount in told]


def _threads(scope: Scope, encounter: int) -> list[Told]:
    rows = scope.rows(Thread).filter(encounter_id=encounter).order_by("number")
    told = rows.values_list("number", "opened", "topic", "state")
    return [Told(number=number, on=on, topic=topic, state=state) for number, on, topic, state in told]
