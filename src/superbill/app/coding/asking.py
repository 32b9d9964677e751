"""Queries to the provider, and notes to coders. What was said is never changed."""

from datetime import datetime

from django.db.models import Max

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.coding.actions import NotDecided
from superbill.app.coding.models import EducationRow, ProviderMessageRow, ProviderQueryRow, QueryState
from superbill.app.coding.queries import same_person
from superbill.app.documents import encoded
from superbill.app.encounters.models import EncounterRow
from superbill.app.rows import found, insert, insert_one
from superbill.app.work import Work, action
from superbill.coding.suggest.model import Query

TEXT_LIMIT = 5_000
PROVIDER, CODER = "provider", "coder"


def ask_provider(actor: Actor, encounter: int, query: Query, provider: str, *, at: datetime) -> int:
    """Ask the provider of a visit (row id); the query's number. Raises NotDecided without words, NotPermitted."""
    _must_be_text(query.text)
    with action(actor, Permission.CODE, "ask provider", at) as work:
        if not list(found(work.scope, EncounterRow, "id", [encounter], "id", lock=True)):
            raise NotDecided("This visit is not known here.")
        rows = work.scope.rows(ProviderQueryRow).filter(encounter_id=encounter)
        number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
        columns = (
            "practice_id", "encounter_id", "number", "provider", "asked_by", "asked", "state", "state_since", "doc",
        )  # fmt: skip
        state = QueryState.ASKED.value
        row = (work.practice_id, encounter, number, provider[:150], actor.name, at, state, at, encoded(query))
        made = insert_one(ProviderQueryRow, columns, row)
        work.note("provider query", made, rule=query.rule)
        return number


def answer_query(actor: Actor, query: int, author: str, text: str, *, at: datetime) -> None:
    """Keep the provider's answer to a query (row id), in the provider's words. Raises NotDecided, NotPermitted."""
    _must_be_text(text)
    if not author.strip():
        raise NotDecided("Say who answered: the name stays with the answer.")
    _say(actor, query, PROVIDER, author.strip()[:150], text, QueryState.ANSWERED, "answer query", at)


def add_to_query(actor: Actor, query: int, text: str, *, at: datetime) -> None:
    """Say more in a query (row id); it waits for the provider again. Raises NotDecided, NotPermitted."""
    _must_be_text(text)
    _say(actor, query, CODER, actor.name, text, QueryState.ASKED, "ask provider again", at)


def close_query(actor: Actor, query: int, *, at: datetime) -> None:
    """The matter is settled. Raises NotDecided for a query that is not here or closed, NotPermitted."""
    with action(actor, Permission.CODE, "close query", at) as work:
        _move(work, query, QueryState.CLOSED)


def teach(actor: Actor, coder: str, text: str, *, audit: int = 0, encounter: int | None = None, at: datetime) -> int:
    """Write a note to a coder; its row id. Raises NotDecided without words, NotPermitted."""
    _must_be_text(text)
    with action(actor, Permission.AUDIT_CODING, "write education note", at) as work:
        if encounter is not None and not list(found(work.scope, EncounterRow, "id", [encounter], "id")):
            raise NotDecided("This visit is not known here.")
        columns = ("practice_id", "coder", "audit", "encounter_id", "author", "at", "text")
        row = (work.practice_id, coder[:150], audit, encounter, actor.name, at, text.strip())
        made = insert_one(EducationRow, columns, row)
        work.note("education note", made, audit=audit)
        return made


def acknowledge(actor: Actor, note: int, *, at: datetime) -> None:
    """The coder has read a note (row id) that was written to them. Raises NotDecided, NotPermitted."""
    with action(actor, Permission.CODE, "acknowledge education note", at) as work:
        row = work.scope.rows(EducationRow).select_for_update().filter(pk=note).first()
        if row is None or not same_person(row.coder, actor.name):
            raise NotDecided("This note was written to somebody else.")
        if row.acknowledged is None:
            row.acknowledged = at
            row.save(update_fields=["acknowledged"])
            work.note("education note", note)


def _say(
    actor: Actor, query: int, side: str, author: str, text: str, state: QueryState, name: str, at: datetime
) -> None:
    with action(actor, Permission.CODE, name, at) as work:
        _move(work, query, state)
        insert(
            ProviderMessageRow, ("practice_id", "query_id", "side", "author", "at", "text"),
            [(work.practice_id, query, side, author, at, text.strip())],
        )  # fmt: skip


def _move(work: Work, query: int, state: QueryState) -> None:
    row = work.scope.rows(ProviderQueryRow).select_for_update().filter(pk=query).first()
    if row is None:
        raise NotDecided("This query is not known here.")
    if row.state == QueryState.CLOSED:
        raise NotDecided("This query is closed. Ask anew.")
    row.state, row.state_since = state.value, work.at
    row.save(update_fields=["state", "state_since"])
    work.note("provider query", query, state=state.value)


def _must_be_text(text: str) -> None:
    if not text.strip() or len(text) > TEXT_LIMIT:
        raise NotDecided(f"Write the words: at most {TEXT_LIMIT:,} characters.")
