"""What every connector does, and the file handling that they share."""

import contextlib
import errno
import os
import re
import secrets
from pathlib import Path
from typing import Protocol

# Claims are health data: for the owner and, as the umask allows, the group that a partner's agent may run under.
_MODE = 0o660
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


class ConnectorError(Exception):
    """Files could not be handed over. The message says which file, why, and what to do; nothing is half done."""


class NameTaken(ConnectorError):
    """A file of this name with another content is already there; it was left alone."""


class Connector(Protocol):
    """A way to a trading partner and back. Files are whole or absent, on both sides, whatever stops the program.

    A caller sends a file under a name that it uses once; sending the same again changes nothing. It receives, commits
    what it learned, then confirms each file; what is not confirmed is received again.
    """

    def send(self, name: str, data: bytes) -> None:
        """Hand `data` over as `name`. Raises NameTaken for another content under a used name, else ConnectorError."""

    def receive(self) -> list[tuple[str, bytes]]:
        """Files that came and are not yet confirmed, in the order of their names."""

    def confirm(self, name: str) -> None:
        """Put a received file away, after its content is safe. Confirming again changes nothing."""


def checked_name(name: str) -> str:
    """The name, when it is a plain file name that can't lead out of its folder. Raises ConnectorError."""
    if not _NAME.fullmatch(name):
        raise ConnectorError(
            f"not a file name: {name!r}; use letters, digits, '.', '_' and '-', at most 200 characters"
        )
    return name


def write_whole(path: Path, data: bytes, *, replace: bool = False, sync: bool = True) -> None:
    """Write a file so that it is there whole or not at all, and stays after a power failure.

    With `sync` False its name may be lost in a power failure until the caller runs sync_directory; not its content.

    Same content already there: nothing happens. Another content: NameTaken, unless `replace`. Raises ConnectorError
    when the disk is full or refuses; then neither the file nor a part of it is left.
    """
    if not replace and path.exists():
        _must_equal(path, data)
        return
    temporary = path.parent / f".{path.name[:100]}.{secrets.token_hex(6)}.tmp"
    try:
        _write_and_sync(temporary, data)
        if replace:
            temporary.replace(path)
        else:
            _place(temporary, path, data)
        if sync:
            sync_directory(path.parent)
    except OSError as error:
        raise ConnectorError(_what_to_do(path, error)) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _write_and_sync(path: Path, data: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODE)
    try:
        write_all(file, data)
        os.fsync(file)
    finally:
        os.close(file)


def write_all(file: int, data: bytes) -> None:
    """Write every byte; a disk may take only a part at a time."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]


def _place(temporary: Path, path: Path, data: bytes) -> None:
    """Give a finished file its name, never over another one. A link fails where a rename would overwrite."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        _must_equal(path, data)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EMLINK):
            raise
        if path.exists():  # a file system without hard links: look before the leap
            _must_equal(path, data)
        else:
            temporary.rename(path)


def move(path: Path, target: Path, data: bytes) -> None:
    """Give the file at `path`, whose content is `data`, the name `target`; NameTaken when another content has it."""
    try:
        _place(path, target, data)
        path.unlink(missing_ok=True)
    except OSError as error:
        raise ConnectorError(f"{path}: can't be moved to {target}: {error.strerror}; it is still there") from error


def _must_equal(path: Path, data: bytes) -> None:
    try:
        same = path.read_bytes() == data
    except OSError as error:
        raise ConnectorError(f"{path}: something of this name is there and can't be read: {error.strerror}") from error
    if not same:
        raise NameTaken(f"{path}: another file of this name is there and was left alone; send under a new name")


def sync_directory(directory: Path) -> None:
    """Make names in a directory survive a power failure. Raises ConnectorError."""
    try:
        file = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        raise ConnectorError(f"{directory}: can't be made safe on disk: {error.strerror}; run again") from error


def make_directories(*directories: Path) -> None:
    """Make the folders of a connector. Raises ConnectorError."""
    for directory in directories:
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConnectorError(f"{directory}: can't make this folder: {error.strerror}") from error


def _what_to_do(path: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{path}: the disk is full; nothing was written. Free some space and run again."
    if error.errno == errno.EFBIG:
        return f"{path}: larger than this system lets a file be; nothing was written."
    return f"{path}: {error.strerror or error}; nothing was written."
