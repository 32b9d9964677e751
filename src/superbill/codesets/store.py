"""The store: a folder of release files, side by side, asked by the date of service."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from superbill.codesets import sqlite_file
from superbill.codesets.release import Refused, Release
from superbill.codesets.sqlite_file import Draft

ENVIRONMENT = "SUPERBILL_CODESETS"


class Opened(Struct, frozen=True, eq=False):
    """A release and the connection to its file."""

    release: Release
    connection: sqlite3.Connection
    path: Path


class Answer(Struct, frozen=True, eq=False):
    """The release asked for a day; `exact` is False when none is in force then and the nearest stands in."""

    opened: Opened
    exact: bool


class Store:
    """The releases of a folder as they are when it is opened.

    What is imported later shows at the next opening: an import changes nothing under the hands of those who work.
    Raises Refused for a file in the folder that is no release.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._opened: dict[str, list[Opened]] = {}
        for path in sorted(folder.glob(f"*{sqlite_file.ENDING}")):
            try:
                opened = _open(path)
            except Refused:
                if path.exists():
                    raise
                continue  # a search file that was made anew meanwhile
            self._opened.setdefault(opened.release.system, []).append(opened)
        for releases in self._opened.values():
            releases.sort(key=lambda opened: opened.release.order)

    def releases(self, system: str | None = None) -> tuple[Release, ...]:
        """Every release, or those of one system, oldest first."""
        systems = sorted(self._opened) if system is None else [system]
        return tuple(opened.release for name in systems for opened in self._opened.get(name, ()))

    def opened(self, release: Release) -> Opened:
        """The release, opened. Raises KeyError for one that is not of this store."""
        for opened in self._opened.get(release.system, ()):
            if opened.release == release:
                return opened
        raise KeyError(release.name)

    def in_force(self, system: str, on: date) -> Opened | None:
        """The release of the system in force on the day (date of service; day of discharge for an inpatient)."""
        for opened in reversed(self._opened.get(system, [])):
            if opened.release.effective <= on:
                ended = opened.release.until is not None and opened.release.until < on
                return None if ended else opened
        return None

    def nearest(self, system: str, on: date) -> Answer | None:
        """The release in force on the day, else the one whose days lie nearest to it; None without any release."""
        opened = self.in_force(system, on)
        if opened is not None:
            return Answer(opened, True)
        known = self._opened.get(system, [])
        stand_in = min(reversed(known), key=lambda each: _days_apart(each.release, on), default=None)
        return None if stand_in is None else Answer(stand_in, False)

    def before(self, system: str, effective: date) -> Opened | None:
        """The newest release of the system that took effect before the day `effective`."""
        earlier = [each for each in self._opened.get(system, []) if each.release.effective < effective]
        return earlier[-1] if earlier else None

    def add(self, drafts: Iterable[Draft]) -> list[Path]:
        """Writes the drafts of one source into the folder, all or none; an open store doesn't see them.

        The revision counts up where a system has a release of the same day. A draft whose very source was taken in
        before, and would be read the same way, is passed over.
        """
        return sqlite_file.write(list(self._new(drafts)), self.folder)

    def _new(self, drafts: Iterable[Draft]) -> Iterator[Draft]:
        for draft in drafts:
            release = draft.release
            same = [each for each in self.releases(release.system) if each.effective == release.effective]
            if any((each.sha256, each.layout) == (release.sha256, release.layout) for each in same):
                continue
            revision = 1 + max((each.revision for each in same), default=0)
            yield msgspec.structs.replace(draft, release=msgspec.structs.replace(release, revision=revision))

    def close(self) -> None:
        """Closes every file."""
        for releases in self._opened.values():
            for opened in releases:
                opened.connection.close()


def _days_apart(release: Release, on: date) -> int:
    return abs((on - (release.effective if on < release.effective else release.until or on)).days)


def _open(path: Path) -> Opened:
    connection = sqlite_file.connect(path)
    try:
        return Opened(sqlite_file.describe(connection), connection, path)
    except (sqlite3.Error, msgspec.MsgspecError, TypeError) as problem:
        connection.close()
        raise Refused(
            "is not a release of a code system.", place=str(path), fix="Move it away and import its source again."
        ) from problem


def default_folder() -> Path:
    """Where releases are kept: $SUPERBILL_CODESETS, else superbill/codesets in the user's data folder."""
    named = os.environ.get(ENVIRONMENT)
    if named:
        return Path(named)
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(data) / "superbill" / "codesets"


def open_default(folder: Path | None = None, say: Callable[[str], None] = lambda _: None) -> Store:
    """The store of the folder (default: `default_folder()`), with the embedded releases in it.

    What a bare installation brings is built on the first opening, once, within seconds; `say` hears of it before.
    """
    from superbill.codesets import embedded  # the readers of official files are only needed for the first opening

    folder = folder or default_folder()
    if embedded.missing(folder):
        say("Preparing the code sets of this installation, once.")
        embedded.build(folder)
    return Store(folder)
