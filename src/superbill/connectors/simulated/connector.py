"""A connector whose other end are the simulated payers of one configuration."""

from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from superbill.connectors.base import ConnectorError, checked_name, make_directories
from superbill.connectors.folder import FolderConnector
from superbill.connectors.simulated.journal import Journal, Record
from superbill.money import Cents
from superbill.payer.config import Payers
from superbill.payer.simulated import SimulatedPayer
from superbill.payer.state import OutgoingFile

_SNAPSHOT_BYTES = 2_000_000  # of files sent since the last snapshot; fewer are replayed in a moment


class SimulatedConnector:
    """The simulated payers of `payers`, with their memory, inbox, outbox and archive under `directory`.

    Time is simulated too: files are sent at `now`, and `advance` moves it on and lets the payers pay. It can be
    stopped at any moment and opened again; it goes on where it stood. One process at a time.
    """

    def __init__(self, directory: Path, payers: Payers, *, now: datetime) -> None:
        """`now` counts where the directory is new; otherwise the time at which it stood goes on."""
        memory = directory / "payers"
        make_directories(memory)
        self.folder = FolderConnector(directory)
        self._payers = payers
        self._rules = blake2b(msgspec.msgpack.encode(payers, order="deterministic"), digest_size=16).digest()
        self._journal = Journal(memory)
        try:
            self._recover(now)
        except BaseException:
            self._journal.close()
            raise

    def _recover(self, now: datetime) -> None:
        snapshot = self._journal.snapshot()
        self.now = snapshot.now if snapshot else now
        self._partner = SimulatedPayer(self._payers, snapshot.state if snapshot else None)
        self._since = 0
        self._snapshot_size = len(snapshot.state) if snapshot else 0
        records = self._journal.records(snapshot.number if snapshot else 0)
        if records and not snapshot:
            self.now = records[0].at
        self._undelivered: list[OutgoingFile] = []
        for record in records:
            if record.rules != self._rules:
                raise ConnectorError(
                    "the payers' rules have changed while their answers were under way: "
                    "finish with the old payers file, or begin in an empty folder"
                )
            self._undelivered += self._apply(record)
        self._deliver()

    def send(self, name: str, data: bytes) -> None:
        """Send a batch; the 999 and the 277CA are there at once. See Connector.send."""
        self.folder.send(checked_name(name), data)
        self._happen(self.now, name)

    def receive(self) -> list[tuple[str, bytes]]:
        """The payers' answers that are not yet confirmed."""
        self._deliver()
        return self.folder.receive()

    def confirm(self, name: str) -> None:
        """Put an answer into the archive."""
        self.folder.confirm(name)

    def ask(self, data: bytes) -> bytes:
        """The payers' answer to a question about coverage, at once (270, 271); nothing that they remember changes."""
        return self._partner.ask(data, self.now)

    def advance(self, at: datetime) -> None:
        """Let time go on to `at`: the payers run every payment cycle that falls due until then.

        Raises ConnectorError for a time before `now`.
        """
        if at < self.now:
            raise ConnectorError(f"time can't go back from {self.now.isoformat()} to {at.isoformat()}")
        if at > self.now:
            self._happen(at)

    def settle(self, *, most_days: int = 400) -> datetime:
        """Advance, cycle by cycle, until every accepted claim is answered; the time at which that is so.

        Raises ConnectorError when claims still wait after `most_days` (a payer whose payments are due later).
        """
        end = self.now + timedelta(days=most_days)
        while self.waiting:
            if self.now >= end:
                raise ConnectorError(f"{self.waiting} claims are still unanswered after {most_days} days")
            self.advance(self.now + timedelta(days=self._payers.cycle_days))
        return self.now

    @property
    def waiting(self) -> int:
        """Claims that the payers accepted and have not yet answered in an 835."""
        return self._partner.waiting

    @property
    def receivable(self) -> Cents:
        """What the payers will still withhold from later payments."""
        return self._partner.receivable

    def close(self) -> None:
        """Keep a snapshot, so that the next opening is quick, and let go of the directory."""
        try:
            if self._since and not self._undelivered:
                self._journal.keep(self.now, self._partner.state())
        finally:
            self._journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _happen(self, at: datetime, file: str = "") -> None:
        self._deliver()
        record = self._journal.append(at, self._rules, file)
        try:
            self._undelivered = self._apply(record)
        except BaseException:  # Ctrl-C too: half an event must not stay in memory, nor an impossible one on disk
            self._journal.take_back(record)
            self._recover(self.now)
            raise
        self._deliver()
        if self._since > max(_SNAPSHOT_BYTES, 2 * self._snapshot_size):
            state = self._partner.state()
            self._journal.keep(self.now, state)
            self._since, self._snapshot_size = 0, len(state)

    def _apply(self, record: Record) -> list[OutgoingFile]:
        """What the payers answer to one event. The journal decides: an event happens the same way when replayed."""
        self._since += 1
        self.now = record.at
        if record.file:
            data = (self.folder.outbox / record.file).read_bytes()
            self._since += len(data)
            return self._partner.receive(data, record.at)
        answers: list[OutgoingFile] = []
        step = timedelta(days=self._payers.cycle_days)
        while self._partner.last_cycle is not None and self._partner.last_cycle + step <= record.at:
            answers += self._partner.pay(self._partner.last_cycle + step)
        return answers

    def _deliver(self) -> None:
        """Put answers into the inbox; what a full disk refuses stays for the next time."""
        self.folder.deliver((answer.name, answer.data) for answer in self._undelivered)
        self._undelivered = []
