"""Drafts, queries to providers and notes to coders, read."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.coding.draft import Draft, begun
from superbill.app.coding.edits import Edit, Taken, draft_after, undoable
from superbill.app.coding.models import (
    CodingRow,
    DraftStepRow,
    EducationRow,
    ProviderMessageRow,
    ProviderQueryRow,
    Purpose,
    QueryState,
)
from superbill.app.documents import decoded
from superbill.app.encounters.models import EncounterRow, EncounterState
from superbill.chart.model import EncounterRecord
from superbill.coding.history import Record
from superbill.coding.model import CodedEncounter, Disposition
from superbill.coding.suggest.model import Query


class Coder(Struct, frozen=True, kw_only=True):
    """One step: what, by whom, when."""

    by: str
    at: datetime
    edit: Edit


class Kept(Struct, frozen=True, kw_only=True):
    """The draft of a visit as it stands, and how it came so. `base` numbers the coding that it began from (0: none),
    `version` is to be given back with the next step. `record` is what it began from, `coded` the visit's coding now."""

    draft: Draft
    base: int
    steps: tuple[Coder, ...]
    record: Record | None
    release: str
    coded: CodedEncounter
    state: str
    undoable: Edit | None

    @property
    def version(self) -> str:
        """Names this state of the draft: a step says which one it was taken on."""
        return f"{self.base}-{len(self.steps)}"


class Said(Struct, frozen=True, kw_only=True):
    """One message of a query."""

    side: str
    author: str
    at: datetime
    text: str


class Asked(Struct, frozen=True, kw_only=True):
    """A query to the provider with what was said since."""

    id: int
    number: int
    encounter: int
    account: str
    provider: str
    asked_by: str
    asked: datetime
    state: str
    since: datetime
    query: Query
    said: tuple[Said, ...] = ()


class Lesson(Struct, frozen=True, kw_only=True):
    """A note to a coder."""

    id: int
    coder: str
    audit: int
    account: str
    author: str
    at: datetime
    text: str
    acknowledged: datetime | None


def draft_of(scope: Scope, encounter: int, *, item: int = 0) -> Kept:
    """The draft of a visit (row id), or of its blind second coding (`item`), which begins with nothing: 4 statements.

    A draft goes on from the coding that its first step began from, until what was suggested is new.
    """
    row = scope.rows(EncounterRow).filter(pk=encounter).values_list("state", "coded", "doc", "account_number").first()
    assert row is not None, "the caller has found the visit"
    state, coded, doc, account = row
    steps = list(scope.rows(DraftStepRow).filter(encounter_id=encounter, item=item).order_by("id"))
    last = None if item else _last(scope, encounter, steps[-1].base if steps else None)
    base = last.number if last else 0
    record = decoded(last.doc, Record, f"coding of {account}") if last else None
    mine = [each for each in steps if each.base == base]
    taken = [Taken(each.coder, decoded(each.doc, Edit, f"draft of {account}")) for each in mine]
    final = (Purpose.DECIDED, Purpose.CODED) if state == EncounterState.BILLED else (Purpose.DECIDED,)
    settled = last is not None and last.purpose in [each.value for each in final]
    first = begun(record, decided=settled)
    undo = undoable(taken)
    return Kept(
        draft=draft_after(first, taken), base=base, record=record, release=last.release if last else "",
        steps=tuple(
            Coder(by=each.coder, at=each.at, edit=one.edit) for each, one in zip(mine, taken, strict=True)
        ),
        coded=decoded(coded, CodedEncounter, account) if coded else _nothing(doc, account), state=state,
        undoable=undo.edit if undo else None,
    )  # fmt: skip


def _nothing(doc: str, account: str) -> CodedEncounter:
    """The coding of a visit that nothing has coded."""
    record = decoded(doc, EncounterRecord, account)
    return CodedEncounter(
        encounter_id=record.id, patient_id="", date_of_service=record.date_of_service, disposition=Disposition.HELD
    )


def _last(scope: Scope, encounter: int, base: int | None) -> CodingRow | None:
    """The coding that a draft stands on: the one it began from, unless the program has suggested anew since."""
    purposes = [each.value for each in (Purpose.SUGGESTED, Purpose.CODED, Purpose.DECIDED)]
    rows = scope.rows(CodingRow).filter(encounter_id=encounter, purpose__in=purposes)
    if base is not None:
        newer = rows.filter(number__gt=base, purpose=Purpose.SUGGESTED.value)
        if not newer.exists():
            return rows.filter(number=base).first()
    return rows.order_by("-number").first()


def queries_of(scope: Scope, encounter: int) -> list[Asked]:
    """The queries about a visit (row id), the first one first, with what was said."""
    return _queries(scope, scope.rows(ProviderQueryRow).filter(encounter_id=encounter).order_by("number"))


def open_queries(scope: Scope, *, asked_by: str = "", limit: int = 200) -> list[Asked]:
    """Queries that are not closed, the longest in its state first; of one coder where a name is given."""
    rows = scope.rows(ProviderQueryRow).exclude(state=QueryState.CLOSED.value).order_by("state_since", "id")
    return _queries(scope, (rows.filter(asked_by=asked_by) if asked_by else rows)[:limit])


def query_states(scope: Scope, encounters: Iterable[int]) -> dict[int, str]:
    """For visits with open queries: answered where one is, else asked."""
    rows = scope.rows(ProviderQueryRow).filter(encounter_id__in=list(encounters)).exclude(state=QueryState.CLOSED.value)
    states: dict[int, str] = {}
    for encounter, state in rows.values_list("encounter_id", "state"):
        if states.get(encounter) != QueryState.ANSWERED:
            states[encounter] = state
    return states


def lessons(scope: Scope, *, coder: str = "", limit: int = 100) -> list[Lesson]:
    """Notes to coders, the newest first; of one coder where a name is given."""
    rows = scope.rows(EducationRow).select_related("encounter").order_by("-id")
    if coder:
        rows = rows.filter(coder=coder)
    return [
        Lesson(
            id=row.pk, coder=row.coder, audit=row.audit, author=row.author, at=row.at, text=row.text,
            account=row.encounter.account_number if row.encounter else "", acknowledged=row.acknowledged,
        )
        for row in rows[:limit]
    ]  # fmt: skip


def _queries(scope: Scope, rows: Iterable[ProviderQueryRow]) -> list[Asked]:
    some = list(rows.select_related("encounter"))  # type: ignore[attr-defined]  # a QuerySet
    said: dict[int, list[Said]] = {}
    for one in scope.rows(ProviderMessageRow).filter(query_id__in=[row.pk for row in some]).order_by("id"):
        said.setdefault(one.query_id, []).append(Said(side=one.side, author=one.author, at=one.at, text=one.text))
    return [
        Asked(
            id=row.pk, number=row.number, encounter=row.encounter_id, account=row.encounter.account_number,
            provider=row.provider, asked_by=row.asked_by, asked=row.asked, state=row.state, since=row.state_since,
            query=decoded(row.doc, Query, f"query {row.pk}"), said=tuple(said.get(row.pk, ())),
        )
        for row in some
    ]  # fmt: skip
