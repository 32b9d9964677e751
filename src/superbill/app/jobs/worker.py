"""The worker: takes jobs out of the queue, one at a time, until it is told to go down."""

import logging
import threading
import time

from django.db import DatabaseError, OperationalError, close_old_connections, connection
from django_tasks_db.management.commands.db_worker import Worker as Library
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction, is_locked_database_exception

from superbill.app.jobs import running
from superbill.app.web.desk import now, today
from superbill.app.worklists.hourly import bring_up_lists

log = logging.getLogger("django.superbill")
INTERVAL = 0.5  # seconds between two looks at an empty queue
RECOVER_EVERY = 60.0
_BACKEND = "default"


class Worker:
    """`run` until `stop`. The job at hand is finished first; with `at_once` it goes back into the queue."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._recovered = float("-inf")
        self._library = Library(
            queue_names=["default"],
            interval=INTERVAL,
            batch=False,
            backend_name=_BACKEND,
            startup_delay=False,
            max_tasks=None,
            worker_id=running.myself()[-64:],
            excluded_queue_names=[],
        )

    @property
    def stopping(self) -> bool:
        """Whether it was told to take no further job."""
        return self._stopping.is_set()

    def stop(self, *, at_once: bool = False) -> None:
        """Take no further job."""
        self._stopping.set()
        if at_once:
            running.going_down.set()

    def run(self, *, until_empty: bool = False) -> int:
        """Work; how many jobs were taken. A database that is away for a while is waited for."""
        taken = 0
        while not self._stopping.is_set():
            try:
                close_old_connections()
                self._look_after()
                found = self._one()
            except DatabaseError:
                log.exception("the queue could not be read")
                connection.close()
                self._stopping.wait(10 * INTERVAL)
                continue
            taken += found
            if not found:
                if until_empty:
                    break
                self._stopping.wait(INTERVAL)
        connection.close()
        return taken

    def _look_after(self) -> None:
        if time.monotonic() - self._recovered >= RECOVER_EVERY:
            running.recover()
            running.clear_files()
            bring_up_lists(today(), now())
            self._recovered = time.monotonic()

    def _one(self) -> bool:
        ready = DBTaskResult.objects.ready().filter(backend_name=_BACKEND)
        if not ready.exists():  # looking takes no lock; taking does
            return False
        try:
            with exclusive_transaction():
                row = ready.get_locked()
                if row is not None:
                    row.claim(self._library.worker_id)
        except OperationalError as error:
            if not is_locked_database_exception(error):
                raise
            return False
        if row is None:
            return False
        self._library.run_task(row)
        return True
