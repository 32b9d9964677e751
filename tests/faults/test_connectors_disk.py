"""A disk that fills, refuses or stops midway: a clear error, nothing half written, and a re-run that finishes."""

import errno
import os
import subprocess
import sys

import pytest

from superbill.connectors import ConnectorError, base
from superbill.connectors.folder import FolderConnector

REAL_WRITE = os.write


@pytest.fixture
def folder(tmp_path):
    return FolderConnector(tmp_path / "partner")


def everything(root):
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def disk_that_takes(limit):
    """os.write on a disk with `limit` bytes left: it takes a part, then it is full."""
    left = [limit]

    def write(file, data):
        if not left[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        taken = REAL_WRITE(file, bytes(data[: left[0]]))
        left[0] -= taken
        return taken

    return write


@pytest.mark.parametrize("limit", [0, 1, 4_999])
def test_a_full_disk_leaves_nothing_and_says_what_to_do(folder, tmp_path, monkeypatch, limit):
    monkeypatch.setattr(base.os, "write", disk_that_takes(limit))
    with pytest.raises(ConnectorError, match=r"batch: the disk is full; nothing was written\. Free some space"):
        folder.send("batch", b"x" * 5_000)
    assert everything(tmp_path) == []
    monkeypatch.undo()
    folder.send("batch", b"x" * 5_000)
    assert everything(tmp_path) == ["partner/outbox/batch"]


def test_a_disk_that_takes_a_little_at_a_time_gets_all_of_it(folder, monkeypatch):
    monkeypatch.setattr(base.os, "write", lambda file, data: REAL_WRITE(file, bytes(data[:7])))
    folder.send("batch", bytes(range(256)) * 4)
    assert (folder.outbox / "batch").read_bytes() == bytes(range(256)) * 4


@pytest.mark.parametrize("step", ["fsync", "link"])
def test_a_failure_before_the_file_has_its_name_leaves_nothing(folder, tmp_path, monkeypatch, step):
    def fail(*_):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(base.os, step, fail)
    with pytest.raises(ConnectorError, match="nothing was written"):
        folder.send("batch", b"x")
    assert everything(tmp_path) == []


def test_a_file_system_without_links_still_never_overwrites(folder, monkeypatch):
    def no_links(*_):
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(base.os, "link", no_links)
    folder.send("batch", b"one")
    folder.send("batch", b"one")
    with pytest.raises(base.NameTaken):
        folder.send("batch", b"two")
    assert (folder.outbox / "batch").read_bytes() == b"one"


def test_an_archive_that_refuses_keeps_the_file_in_the_inbox(folder, monkeypatch):
    (folder.inbox / "835").write_bytes(b"x" * 100)
    folder.receive()

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(base.os, "link", full)
        with pytest.raises(ConnectorError, match="it is still there"):
            folder.confirm("835")
    assert folder.receive() == [("835", b"x" * 100)]
    folder.confirm("835")
    assert folder.receive() == []


def test_a_stop_between_archiving_and_removing_archives_once(folder, monkeypatch):
    (folder.inbox / "835").write_bytes(b"x")
    folder.receive()
    with monkeypatch.context() as patch:
        patch.setattr(type(folder.inbox), "unlink", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            folder.confirm("835")
    folder.confirm("835")
    assert folder.receive() == []
    assert [path.name for path in folder.archive.iterdir() if not path.name.startswith(".")] == ["835"]


LIMITED = """
import resource, signal, sys
from pathlib import Path
from superbill.connectors import ConnectorError
from superbill.connectors.folder import FolderConnector
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
folder = FolderConnector(Path(sys.argv[1]))
folder.send("small", b"x" * 1000)
try:
    folder.send("large", b"x" * 1001)
except ConnectorError as error:
    print(error)
"""


def test_a_real_limit_of_the_system_leaves_the_small_file_and_nothing_of_the_large_one(tmp_path):
    command = [sys.executable, "-c", LIMITED, str(tmp_path / "partner")]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "large: larger than this system lets a file be; nothing was written." in done.stdout
    assert everything(tmp_path) == ["partner/outbox/small"]
