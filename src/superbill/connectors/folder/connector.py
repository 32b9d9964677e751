"""outbox/ for the partner to collect, inbox/ where the partner puts answers, archive/ for what was taken in."""

from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

from superbill.connectors.base import (
    ConnectorError,
    NameTaken,
    checked_name,
    make_directories,
    move,
    sync_directory,
    write_whole,
)

# Names under which programs write before a file is whole.
_UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload")


class FolderConnector:
    """Three folders under `root`. Raises ConnectorError when they can't be made."""

    def __init__(self, root: Path) -> None:
        self.outbox, self.inbox, self.archive = root / "outbox", root / "inbox", root / "archive"
        make_directories(self.outbox, self.inbox, self.archive)
        self._seen: dict[str, bytes] = {}

    def send(self, name: str, data: bytes) -> None:
        """Put a whole file into the outbox; see Connector.send."""
        write_whole(self.outbox / checked_name(name), data)

    def receive(self) -> list[tuple[str, bytes]]:
        """Whole files of the inbox by name. Hidden and unfinished ones, and what is no file, are passed over."""
        received = []
        try:
            for path in sorted(self.inbox.iterdir()):
                hidden = path.name.startswith(".") or path.name.lower().endswith(_UNFINISHED)
                if not hidden and path.is_file() and not path.is_symlink():
                    data = path.read_bytes()
                    self._seen[path.name] = _digest(data)
                    received.append((path.name, data))
        except OSError as error:
            raise ConnectorError(f"{self.inbox}: can't be read: {error.strerror}") from error
        return received

    def confirm(self, name: str) -> None:
        """Move a received file to the archive.

        Raises ConnectorError when the partner has replaced the file since it was received (receive it again), or when
        no such file ever came. A second file of a name is archived beside the first, its digest after its name.
        """
        if "/" in name or name in ("", ".", ".."):
            raise ConnectorError(f"not a file name: {name!r}")
        path = self.inbox / name
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            if (self.archive / name).exists():
                return
            raise ConnectorError(f"{path}: there is no such file to confirm") from None
        except OSError as error:
            raise ConnectorError(f"{path}: can't be read: {error.strerror}") from error
        if self._seen.get(name, _digest(data)) != _digest(data):
            raise ConnectorError(f"{path}: the file has changed since it was received; receive it again")
        self._put_away(path, data)
        self._seen.pop(name, None)

    def _put_away(self, path: Path, data: bytes) -> None:
        """Link, then remove: after a crash between the two the file comes again, and is archived once.

        Nothing is synced: should a power failure undo the move, the file is merely received again.
        """
        for target in (self.archive / path.name, self.archive / f"{path.name}.{_digest(data).hex()[:12]}"):
            try:
                move(path, target, data)
            except NameTaken:
                continue
            return

    def deliver(self, files: Iterable[tuple[str, bytes]]) -> None:
        """The partner's side: put answers into the inbox, each once in its life (not again after it was archived)."""
        written = False
        for name, data in files:
            archived = self.archive / checked_name(name)
            if not (archived.exists() and archived.read_bytes() == data):
                write_whole(self.inbox / name, data, sync=False)
                written = True
        if written:
            sync_directory(self.inbox)


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()
