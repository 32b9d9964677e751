"""Finds the search file for a day in the store's folder, and makes it where there is none yet."""

import gc
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

from superbill.codesets import sqlite_file
from superbill.codesets.icd10cm import schema as icd10cm
from superbill.codesets.release import Refused, Release
from superbill.codesets.search.book import DIAGNOSES, book
from superbill.codesets.sqlite_file import Draft
from superbill.codesets.store import Opened, Store

FORMAT = "2"
"""Counts up with every change of the tables of a search file, or of how words are cut."""
_CODESETS = Path(__file__).parent.parent
_LEXICON = _CODESETS / "lexicon"
USUAL = _CODESETS / "icd10cm" / "usual.csv"
_OWN = {"icd10pcs": "procedures*.yaml", "hcpcs": "supplies.yaml"}
PROCEDURES = "icd10pcs"


def system_of(system: str) -> str:
    """Under which system's name the search files of a system are kept."""
    return f"{system}-search"


class Parts:
    """What a search file is made of on one day: releases, our lexicon, what is usual; and the stamp of all these."""

    def __init__(self, store: Store, on: date, system: str = icd10cm.CODES) -> None:
        """Raises Refused when the store has no release of the system, or it is a list, which needs no file;
        systems.UnknownSystem for what is no system."""
        found = book(system)
        if found is None:
            raise Refused(f"{system} ships with Superbill and is searched without a file.", fix="Use lists.search.")
        self.book, self.on, self.store = found, on, store
        answers = [answer for name in found.releases if (answer := store.nearest(name, on))]
        if not answers:
            raise Refused(
                f"The store holds no {found.system}.{_held(store)}",
                fix="Import a release: superbill codesets import FILE.",
            )
        main = next((answer for answer in answers if answer.exact), answers[0])
        self.codes: Opened = main.opened
        self.exact = main.exact
        self.further = {name: _opened(store, name, on) for name in found.further}
        releases = [self.codes, *(each.opened for each in answers if each is not main), *self.further.values()]
        texts = sorted(_LEXICON.glob("*.yaml"))
        if found.system in _OWN:
            texts += sorted((_CODESETS / found.system).glob(_OWN[found.system]))
        self.stamp = "-".join(
            (
                FORMAT,
                *(part.release.sha256[:16] if part else "" for part in releases),
                check_sum(*texts),
                check_sum(USUAL),
            )
        )


def _held(store: Store) -> str:
    """The systems that could be searched instead."""
    from superbill.codesets.search.books import BOOKS

    kept = {release.system for release in store.releases()}
    there = [
        name for name, each in {DIAGNOSES.system: DIAGNOSES, **BOOKS}.items() if not kept.isdisjoint(each.releases)
    ]
    return f" It holds {', '.join(there)}." if there else ""


def check_sum(*files: Path) -> str:
    """A check sum of files. Not a hash: their module takes longer to load than a search."""
    checked = size = 0
    for path in files:
        data = path.read_bytes() if path.exists() else b""
        checked, size = zlib.crc32(data, checked), size + len(data)
    return f"{checked:08x}.{size}"


def _opened(store: Store, system: str, on: date) -> Opened | None:
    answer = store.nearest(system, on)
    return answer.opened if answer else None


def prepare(store: Store, on: date, system: str = icd10cm.CODES, say: Callable[[str], None] = lambda _: None) -> Path:
    """The search file for the day, made within seconds where the folder of the store has none.

    Raises Refused when the store has no release of the system, OSError when its folder can't be written to.
    """
    return prepared(Parts(store, on, system), say)


def prepared(parts: Parts, say: Callable[[str], None] = lambda _: None) -> Path:
    """The search file of the parts; as `prepare`."""
    from superbill.codesets.search import making  # what only the making needs is not loaded by those who search

    system = system_of(parts.book.system)
    return made(parts, system, lambda described: making.draft(parts, described), say, "the search in ")


def made(
    parts: Parts, system: str, draft: Callable[[Release], Draft], say: Callable[[str], None], what: str, extra: str = ""
) -> Path:
    """The file that is made of the parts under the name of `system`, in the store's folder; `draft` makes it where it
    is not there or of other parts. `extra` is what else it is made of, as a check sum."""
    release, folder = parts.codes.release, parts.store.folder
    stamp = f"{parts.stamp}-{extra}" if extra else parts.stamp
    revision, stale = 1, []
    for path in sorted(folder.glob(f"{system}-{release.effective}-r*{sqlite_file.ENDING}")):
        found = _described(path)
        if found is None:
            continue
        if found.sha256 == stamp:
            return path
        revision = max(revision, found.revision + 1)
        stale.append(path)
    described = Release(
        system=system, version=release.version, effective=release.effective, until=release.until, revision=revision,
        source=release.name, sha256=stamp,
    )  # fmt: skip
    say(f"Preparing {what}{release.name}, once.")
    # Millions of small objects are made and none is garbage until the file is written: looking for some takes a third.
    collecting = gc.isenabled()
    gc.disable()
    try:
        (written,) = sqlite_file.write([draft(described)], folder)
    finally:
        if collecting:
            gc.enable()
    for path in stale:
        # Made from an older lexicon. Who has it open goes on reading it; a system that won't have it so keeps the file.
        with suppress(OSError):
            path.unlink()
    return written


def _described(path: Path) -> Release | None:
    """What a search file says of itself; None for one that another process has just put away."""
    try:
        connection = sqlite_file.connect(path)
    except sqlite3.OperationalError:
        return None
    with closing(connection):
        try:
            return sqlite_file.describe(connection)
        except sqlite3.OperationalError:
            return None
