"""What happened to the simulated payers, one record after the other, on disk.

The payers are deterministic: their state is the last snapshot and the records after it. A record is on disk before
its effect is shown to anyone, so nothing is lost and nothing is answered in two ways.
"""

import fcntl
import os
from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Struct

from superbill.connectors.base import ConnectorError, write_all, write_whole

_FRAME = 4 + 8  # length and digest before every record


class Record(Struct, frozen=True, omit_defaults=True):
    """A file came in (`file` in the outbox) at `at`, or time went on to `at`. `rules` names the payers' rules."""

    number: int
    at: datetime
    rules: bytes
    file: str = ""


class Snapshot(Struct, frozen=True):
    """The payers' state after record `number`."""

    number: int
    now: datetime
    state: bytes


_records = msgspec.msgpack.Decoder(Record)
_snapshots = msgspec.msgpack.Decoder(Snapshot)


class Journal:
    """Records and snapshot in one directory, for one process at a time. Raises ConnectorError."""

    def __init__(self, directory: Path) -> None:
        self._path, self._snapshot_path = directory / "journal", directory / "snapshot"
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._file)
            raise ConnectorError(f"{directory}: another process is using these simulated payers") from None
        except OSError as error:
            raise ConnectorError(f"{self._path}: can't be opened: {error.strerror}") from error
        self._end = 0
        self.number = 0

    def snapshot(self) -> Snapshot | None:
        """The last snapshot."""
        try:
            found = _snapshots.decode(self._snapshot_path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as error:
            raise ConnectorError(f"{self._snapshot_path}: can't be read: {error}") from error
        return found

    def records(self, after: int) -> list[Record]:
        """The records after number `after`. A last record that was not written whole never happened and is cut off."""
        data = self._path.read_bytes()
        whole = list(_whole(data))
        self._end = whole[-1][1] if whole else 0
        os.ftruncate(self._file, self._end)
        records = [record for record, _ in whole if record.number > after]
        self.number = records[-1].number if records else after
        return records

    def append(self, at: datetime, rules: bytes, file: str = "") -> Record:
        """Put one more record on disk. Raises ConnectorError when the disk refuses; then it never happened."""
        record = Record(self.number + 1, at, rules, file)
        body = msgspec.msgpack.encode(record)
        framed = len(body).to_bytes(4, "big") + blake2b(body, digest_size=8).digest() + body
        try:
            write_all(self._file, framed)
            os.fsync(self._file)
        except OSError as error:
            os.ftruncate(self._file, self._end)
            raise ConnectorError(
                f"{self._path}: {error.strerror}; nothing was handed over. Free some space and run again."
            ) from error
        self._end += len(framed)
        self.number = record.number
        return record

    def take_back(self, record: Record) -> None:
        """The last record did not happen after all."""
        length = _FRAME + len(msgspec.msgpack.encode(record))
        self._end -= length
        self.number = record.number - 1
        os.ftruncate(self._file, self._end)

    def keep(self, now: datetime, state: bytes) -> None:
        """Write a snapshot and begin an empty journal. A crash between the two leaves records that are skipped."""
        write_whole(self._snapshot_path, msgspec.msgpack.encode(Snapshot(self.number, now, state)), replace=True)
        os.ftruncate(self._file, 0)
        self._end = 0

    def close(self) -> None:
        """Let another process use the directory."""
        os.close(self._file)


def _whole(data: bytes) -> Iterator[tuple[Record, int]]:
    """Each whole record with the offset of its end, up to the first that is not."""
    start = 0
    while start + _FRAME <= len(data):
        length = int.from_bytes(data[start : start + 4], "big")
        body = data[start + _FRAME : start + _FRAME + length]
        if len(body) != length or blake2b(body, digest_size=8).digest() != data[start + 4 : start + _FRAME]:
            return
        start += _FRAME + length
        yield _records.decode(body), start
