"""A matter is opened, answered, and resolved. A dispute stops reminders for its lines and for no others."""

from collections.abc import Iterable
from datetime import date, datetime

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.models import ChargeLine
from superbill.app.encounters.models import EncounterRow
from superbill.app.guarantors.queries import cards, guarantors_by_day
from superbill.app.practices.actions import take
from superbill.app.rows import found, insert, insert_one
from superbill.app.statements.models import HoldKind, Statement, StatementLine
from superbill.app.statements.placing import place_hold, release_holds
from superbill.app.threads.models import Message, Side, Thread, ThreadLine, ThreadState, Topic
from superbill.app.work import Work, action

TEXT_LIMIT = 10_000
OUTCOMES = ("explained", "corrected", "written off", "not changed", "withdrawn")


class BadThread(ValueError):
    """A thread, message or outcome that can't be taken; the message says why. Nothing was changed."""


def open_thread(
    actor: Actor,
    topic: Topic,
    text: str,
    *,
    on: date,
    guarantor: int | None = None,
    statement: int | None = None,
    visit: str = "",
    lines: Iterable[str] = (),
    side: Side = Side.PATIENT,
    key: str = "",
    at: datetime,
) -> int:
    """Open a matter about a statement (its number), a visit (account number), lines (keys) or a guarantor's whole
    account; its number. A dispute puts the lines that it is about on hold: those named, else the visit's or the
    statement's; about a whole account everything of the guarantor.

    The same `key` opens once. Raises BadThread for what is not of this practice, lines of several guarantors, or no
    words.
    """
    with action(actor, Permission.CORRESPOND, "open thread", at) as work:
        _must_be_text(text)
        if key and (there := _opened(work, key)):
            return there
        about = _About(work, guarantor, statement, visit, tuple(lines))
        number = take(work.practice_id, "thread")
        columns = (
            "practice_id", "number", "guarantor_id", "statement_id", "encounter_id", "topic", "state", "opened",
            "opened_by", "state_since",
        )  # fmt: skip
        row = (
            work.practice_id, number, about.guarantor, about.statement, about.encounter, topic.value,
            ThreadState.OPEN.value, on, actor.name, at,
        )  # fmt: skip
        thread = insert_one(Thread, columns, row)
        insert(
            ThreadLine,
            ("practice_id", "thread_id", "line_id"),
            [(work.practice_id, thread, line) for line in sorted(about.lines)],
        )
        _say(work, thread, side, text, ThreadState.OPEN, on, key)
        if topic is Topic.DISPUTE:
            _hold(work, thread, number, about.guarantor, on)
        work.note("thread", thread, topic=topic.value)
        return number


def add_message(
    actor: Actor, number: int, side: Side, text: str, *, on: date, waits: bool = False, key: str = "", at: datetime
) -> None:
    """Add a message. A patient's opens the thread again, even a resolved one, and a dispute holds its lines again.

    Staff's leaves it open, or waiting for the patient's answer with `waits`; an office note changes nothing. The same
    `key` is added once. Raises BadThread.
    """
    with action(actor, Permission.CORRESPOND, "add message", at) as work:
        _must_be_text(text)
        row = _thread(work, number)
        if key and work.scope.rows(Message).filter(thread_id=row.pk, key=key).exists():
            return
        state = ThreadState(row.state)
        if side is Side.PATIENT:
            state = ThreadState.OPEN
        elif side is Side.STAFF and state is not ThreadState.RESOLVED:
            state = ThreadState.WAITING if waits else ThreadState.OPEN
        _say(work, row.pk, side, text, state, on, key)
        _move(work, row, state, "")
        if row.topic == Topic.DISPUTE and state is not ThreadState.RESOLVED:
            _hold(work, row.pk, number, row.guarantor_id, on)


def resolve(actor: Actor, number: int, outcome: str, text: str, *, on: date, at: datetime) -> None:
    """The matter is settled, with an answer to the patient; a dispute's hold ends and reminders go on.

    Raises BadThread for an unknown outcome, no words, or one that is resolved.
    """
    with action(actor, Permission.CORRESPOND, "resolve thread", at) as work:
        _must_be_text(text)
        row = _thread(work, number)
        if outcome not in OUTCOMES:
            raise BadThread(f"outcome {outcome!r}: name one of {', '.join(OUTCOMES)}")
        if row.state == ThreadState.RESOLVED:
            raise BadThread(f"thread {number} is resolved already")
        _say(work, row.pk, Side.STAFF, text, ThreadState.RESOLVED, on, "")
        _move(work, row, ThreadState.RESOLVED, outcome)
        release_holds(work, on=on, why=f"thread {number}: {outcome}", source=_source(number))


class _About:
    """What a thread is about, found in the practice: its guarantor, and the lines (row ids) that it names."""

    def __init__(
        self, work: Work, guarantor: int | None, statement: int | None, visit: str, keys: tuple[str, ...]
    ) -> None:
        self.statement, self.encounter = None, None
        self.lines: set[int] = set()
        owners: set[int] = set() if guarantor is None else {guarantor}
        if statement is not None:
            row = work.scope.rows(Statement).filter(number=statement).select_related("guarantor").first()
            if row is None:
                raise BadThread(f"no statement {statement} in this practice")
            self.statement = row.pk
            owners.add(row.guarantor.merged_into_id or row.guarantor_id)
            named = found(work.scope, StatementLine, "statement_id", [row.pk], "line_id")
            self.lines = {line for (line,) in named}
        if visit:
            encounter = work.scope.rows(EncounterRow).filter(account_number=visit).values_list("id", flat=True).first()
            if encounter is None:
                raise BadThread(f"no visit {visit} in this practice")
            self.encounter = encounter
            self.lines = {row for (row,) in found(work.scope, ChargeLine, "encounter_id", [encounter], "id")}
        if keys:
            known = dict(found(work.scope, ChargeLine, "key", keys, "key", "id"))
            if missing := sorted(set(keys) - known.keys()):
                raise BadThread(f"no charge line {missing[0]} in this practice")
            self.lines = set(known.values())
        owners |= _owners(work, self.lines) if keys or visit else set()
        if len(owners) != 1 or not cards(work.scope, owners):
            raise BadThread(
                "a thread is about one guarantor of this practice: "
                + ("these lines have several" if len(owners) > 1 else "name a statement, visit, line or guarantor")
            )
        self.guarantor = owners.pop()


def _owners(work: Work, lines: Iterable[int]) -> set[int]:
    rows = list(found(work.scope, ChargeLine, "id", lines, "patient_id", "service_start"))
    return set(guarantors_by_day(work.scope, rows).values())


def _hold(work: Work, thread: int, number: int, guarantor: int, on: date) -> None:
    """The lines of the dispute, or the whole account when it names none."""
    keys = [key for (key,) in found(work.scope, ThreadLine, "thread_id", [thread], "line__key")]
    place_hold(
        work, HoldKind.DISPUTE, since=on, reason=f"thread {number}", lines=keys,
        guarantor=None if keys else guarantor, source=_source(number),
    )  # fmt: skip


def _source(number: int) -> str:
    return f"thread:{number}"


def _say(work: Work, thread: int, side: Side, text: str, state: ThreadState, on: date, key: str) -> None:
    columns = ("practice_id", "thread_id", "side", "text", "state", "key", "actor", "on", "at")
    row = (work.practice_id, thread, side.value, text.strip(), state.value, key, work.actor.name, on, work.at)
    insert(Message, columns, [row])
    work.note("thread", thread, said_by=side.value)


def _move(work: Work, row: Thread, state: ThreadState, outcome: str) -> None:
    if state != row.state:
        row.state, row.outcome, row.state_since = state.value, outcome, work.at
        row.save(update_fields=["state", "outcome", "state_since"])


def _opened(work: Work, key: str) -> int | None:
    first = work.scope.rows(Message).filter(key=key).order_by("id").values_list("thread__number", flat=True)
    return first.first()


def _thread(work: Work, number: int) -> Thread:
    row = work.scope.rows(Thread).filter(number=number).first()
    if row is None:
        raise BadThread(f"no thread {number} in this practice")
    return row


def _must_be_text(text: str) -> None:
    if not text.strip() or len(text) > TEXT_LIMIT:
        raise BadThread(f"a message has words, at most {TEXT_LIMIT:,} characters")
