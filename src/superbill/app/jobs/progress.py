"""How far a job is, written to its row by a thread of its own: at most twice a second, never in the job's way.

The job may be inside a long transaction, whose writes nobody sees before its end and which on SQLite holds the only
write lock; so the numbers go through another connection, later where the lock is taken.
"""

import threading
from types import TracebackType
from typing import Self

from django.db import DatabaseError, connection
from django.utils import timezone

from superbill.app.jobs.models import Job
from superbill.app.stages import Stages

EVERY = 0.5  # seconds
HEARTBEAT = 20  # of those: a sign of life though nothing moved


class Stopped(Exception):
    """The one who asked for the job does not want it any more."""


class Interrupted(Exception):
    """The worker goes down; the job goes back into the queue."""


class JobStages(Stages):
    """Stages of a job, shown on its page. A step raises Stopped or Interrupted where the job has to end."""

    def __init__(self, job_id: int, going_down: threading.Event) -> None:
        self._job_id, self._going_down = job_id, going_down
        self._stop, self._over = threading.Event(), threading.Event()
        self._shown: tuple[str, int, int | None] = ("", 0, None)
        self._thread = threading.Thread(target=self._report, name=f"progress of job {job_id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    @property
    def now(self) -> tuple[str, int, int | None]:
        """The stage, how much of it is done, and of how many."""
        return self._shown

    def start(self, stage: str, total: int | None) -> None:
        """`stage` begins."""
        if self._shown[0] != stage:
            self._shown = (stage, 0, total)
        self._must_go_on()

    def step(self, stage: str, done: int = 1, *, total: int | None = None) -> None:
        """`done` more of `stage`. Raises Stopped, Interrupted."""
        before, so_far, known = self._shown
        if before != stage:
            so_far, known = 0, None
        self._shown = (stage, so_far + done, total if total is not None else known)
        self._must_go_on()

    def _must_go_on(self) -> None:
        if self._stop.is_set():
            raise Stopped
        if self._going_down.is_set():
            raise Interrupted

    def _report(self) -> None:
        written, quiet = None, 0
        try:
            while not self._over.wait(EVERY):
                quiet += 1
                if self._shown != written or quiet >= HEARTBEAT:
                    written, quiet = self._write() or written, 0
                elif self._asked_to_stop():
                    self._stop.set()
        finally:
            connection.close()

    def _write(self) -> tuple[str, int, int | None] | None:
        shown = self._shown
        stage, done, total = shown
        try:
            rows = Job._base_manager.filter(pk=self._job_id)
            rows.update(stage=stage[:80], done=done, total=total, alive_at=timezone.now())
            if self._asked_to_stop():
                self._stop.set()
        except DatabaseError:  # somebody writes for long, or the server is away for a moment: the next time
            connection.close()
            return None
        return shown

    def _asked_to_stop(self) -> bool:
        try:
            return Job._base_manager.filter(pk=self._job_id, stop_asked=True).exists()
        except DatabaseError:
            connection.close()
            return False
