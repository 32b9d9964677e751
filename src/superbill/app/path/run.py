"""The whole path, over months of visits, against a connector whose payers answer and pay as the clock moves."""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from msgspec import Struct, field

from superbill.app.claims.queries import ready_groups
from superbill.app.encounters.models import EncounterState
from superbill.app.encounters.queries import count_by_state
from superbill.app.path.claims import build_claims
from superbill.app.path.coding import code_encounters
from superbill.app.path.deciding import DecisionFile, decide_all
from superbill.app.path.desk import apply_money_on_account
from superbill.app.path.importing import import_files
from superbill.app.path.next_payers import bill_next_payers
from superbill.app.path.office import Office, office_day
from superbill.app.path.receiving import ReceiveCounts, receive_files
from superbill.app.path.sending import send_claims
from superbill.app.path.statements import StatementCounts, run_statements
from superbill.app.session import Session
from superbill.app.stages import Stages
from superbill.chart.reader import ReadReport
from superbill.connectors.base import Connector
from superbill.findings import Finding

PATIENCE = timedelta(days=200)  # after the last billing day, when the site names no day to stop at


class Payers(Connector, Protocol):
    """A connector with a clock: the simulated payers."""

    def advance(self, at: datetime) -> None: ...

    @property
    def waiting(self) -> int: ...

    now: datetime


class StageTime(Struct):
    """How much of a run one stage took: items done, CPU and wall seconds."""

    name: str
    items: int = 0
    cpu: float = 0.0
    wall: float = 0.0


class Run(Struct):
    """What a run did, for its summary; everything else is in the database."""

    read: ReadReport
    received: ReceiveCounts = field(default_factory=ReceiveCounts)
    statements: StatementCounts = field(default_factory=StatementCounts)
    findings: list[Finding] = field(default_factory=list)
    times: dict[str, StageTime] = field(default_factory=dict)

    @contextmanager
    def timed(self, name: str) -> Iterator[StageTime]:
        """Adds what the block takes to the stage's time."""
        stage = self.times.setdefault(name, StageTime(name))
        cpu, wall = time.process_time(), time.perf_counter()
        try:
            yield stage
        finally:
            stage.cpu += time.process_time() - cpu
            stage.wall += time.perf_counter() - wall


def run_path(
    session: Session,
    paths: Sequence[Path],
    connect: Callable[[datetime], AbstractContextManager[Payers]],
    stages: Stages,
    *,
    shift_days: int,
    statements: Path | None,
    decisions: DecisionFile | None = None,
    office: Office | None = None,
) -> Run:
    """Charts to posted money and statements. Each visit is billed on the first day of the month after it, or on the
    run's first day after its note was written.

    `connect` opens the payers, whose clock begins at the moment given where they are new. Statements go as PDF into
    `statements`; None makes none. `decisions` stand for the person who decides on visits that only a note tells of.
    With an `office` statements go out on every working day, and simulated people answer them.
    """
    run = Run(ReadReport())
    gc.freeze()  # what is loaded by now stays for good: the collector need not look at it again
    with run.timed("import") as stage:
        counts, run.read = import_files(session, paths, shift_days, stages)
        run.findings += [*run.read.findings, *counts.findings]
        stage.items = run.read.encounters
    with run.timed("code") as stage:
        coded = code_encounters(session, stages)
        stage.items = coded.coded + coded.not_billable + coded.held
    if decisions is not None:
        with run.timed("decide") as stage:
            stage.items = decide_all(session, decisions)
    with run.timed("claims") as stage:
        months = session.site.billing_cycle_months
        opened = build_claims(session, stages, lambda day: billing_day(day, months))
        stage.items = opened.ready + opened.held
    waiting = [group.month for group in ready_groups(session.scope)] or [session.today]
    with connect(_noon(billing_day(min(waiting), months))) as payers:
        for day in _clock(session, payers, billing_day(max(waiting), months)):
            _work_day(session, payers, stages, run, _noon(day))
            if office is not None:
                with run.timed("office"):
                    office_day(session, office, stages, run.statements, at=_noon(day))
    for name in ("Send", "Receive", "Secondary"):
        stages.finish(name)
    with run.timed("statements") as stage:
        if office is None:
            run.statements = run_statements(session, stages, statements)
        else:
            office_day(session, office, stages, run.statements, at=session.at)
        stage.items = run.statements.statements
    stages.finish("Statements")
    return run


def billing_day(service: date, months: int = 1) -> date:
    """The first day after the cycle of so many months that a day of service falls into."""
    after = (service.month - 1) // months * months + months
    return date(service.year + after // 12, after % 12 + 1, 1)


def _clock(session: Session, payers: Payers, last: date) -> Iterator[date]:
    """The first day and the middle of every cycle, from where the payers' clock stands to the end of the run.

    The end is the site's own day, or when nothing is left to send and nothing to wait for after `last`.
    """
    months = session.site.billing_cycle_months
    day = payers.now.date()
    end = session.site.as_of or last + PATIENCE
    while day < end:
        if day > last and not payers.waiting and not ready_groups(session.scope, before=_cycle_start(day, session)):
            break
        yield day
        following = billing_day(day, months)
        middle = following - timedelta(days=15 * months)
        day = middle if day < middle else following
    if session.site.as_of:
        yield max(end, payers.now.date())


def _work_day(session: Session, payers: Payers, stages: Stages, run: Run, at: datetime) -> None:
    """One day in the billing office: what came is posted, the next payers are billed, what is ready goes out."""
    with run.timed("payers"):
        payers.advance(at)
    _receive(session, payers, stages, run, at)
    with run.timed("secondary") as stage:
        apply_money_on_account(session, at)
        opened, findings = bill_next_payers(session, stages, at=at)
        stage.items += opened.ready + opened.held
        run.findings += findings
    if count_by_state(session.scope)[EncounterState.CODED.value]:  # their notes were still to be written
        months = session.site.billing_cycle_months
        build_claims(session, stages, lambda day: billing_day(day, months), by=at.date())
    with run.timed("send") as stage:
        stage.items += send_claims(session, payers, stages, at=at, before=_cycle_start(at.date(), session)).claims
    _receive(session, payers, stages, run, at)


def _cycle_start(day: date, session: Session) -> date:
    """The first day of the cycle that `day` falls into: services before it are billed by then."""
    months = session.site.billing_cycle_months
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _receive(session: Session, payers: Payers, stages: Stages, run: Run, at: datetime) -> None:
    with run.timed("receive") as stage:
        counts = receive_files(session, payers, stages, at=at)
        _add(run.received, counts)
        stage.items += counts.posted_claims


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _add(total: ReceiveCounts, more: ReceiveCounts) -> None:
    total.files.update(more.files)
    total.findings += more.findings
    for name in ("accepted", "rejected", "remittances", "posted_claims", "already", "held"):
        setattr(total, name, getattr(total, name) + getattr(more, name))
