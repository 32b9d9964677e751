"""Finds the search file for a day in the store's folder, and makes it where there is none yet."""

import gc
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

from superbill.codesets import sqlite_file
from superbill.codesets.icd10cm import schema as icd10cm
from superbill.codesets.release import Refused, Release
from superbill.codesets.store import Opened, Store

FORMAT = "1"
"""Counts up with every change of the tables of a search file, or of how words are cut."""
_LEXICON = Path(__file__).parent.parent / "lexicon"
_USUAL = Path(__file__).parent.parent / "icd10cm" / "usual.csv"
_INDEX = "icd10cm-index"


def system_of(system: str) -> str:
    """Under which system's name the search files of a system are kept."""
    return f"{system}-search"


class Parts:
    """What a search file is made of on one day: releases, our lexicon, what is usual; and the stamp of all these."""

    def __init__(self, store: Store, on: date, system: str = icd10cm.CODES) -> None:
        """Raises Refused when the store has no release of the system."""
        codes = store.nearest(system, on)
        if codes is None:
            raise Refused(f"The store holds no {system}.", fix="Import a release: superbill codesets import FILE.")
        self.codes: Opened = codes.opened
        self.exact = codes.exact
        self.tabular, self.index = (
            _opened(store, name, on) if system == icd10cm.CODES else None for name in (icd10cm.TABULAR, _INDEX)
        )
        releases = (part.release.sha256[:16] if part else "" for part in (self.codes, self.tabular, self.index))
        self.stamp = "-".join((FORMAT, *releases, _sum(*sorted(_LEXICON.glob("*.yaml"))), _sum(_USUAL)))


def _sum(*files: Path) -> str:
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
    return _prepared(store, Parts(store, on, system), say)


def _prepared(store: Store, parts: Parts, say: Callable[[str], None]) -> Path:
    release = parts.codes.release
    name = system_of(release.system)
    revision = 1
    for path in sorted(store.folder.glob(f"{name}-{release.effective}-r*{sqlite_file.ENDING}")):
        connection = sqlite_file.connect(path)
        try:
            found = sqlite_file.describe(connection)
        finally:
            connection.close()
        if found.sha256 == parts.stamp:
            return path
        revision = max(revision, found.revision + 1)
    described = Release(
        system=name, version=release.version, effective=release.effective, until=release.until, revision=revision,
        source=release.name, sha256=parts.stamp,
    )  # fmt: skip
    say(f"Preparing the search in {release.name}, once.")
    # Millions of small objects are made and none is garbage until the file is written: looking for some takes a third.
    collecting = gc.isenabled()
    gc.disable()
    try:
        (written,) = sqlite_file.write([_draft(parts, described)], store.folder)
    finally:
        if collecting:
            gc.enable()
    return written


def _draft(parts: Parts, described: Release) -> sqlite_file.Draft:
    # What only the making needs is not loaded by those who search.
    from superbill.codesets.lexicon import lookup
    from superbill.codesets.search import build, documents

    corpus = documents.Corpus(parts.codes.connection)
    if parts.tabular:
        documents.add_tabular(corpus, parts.tabular.connection)
    if parts.index:
        documents.add_index(corpus, parts.index.connection)
    lexicon = [
        documents.Leading(entry.term, entry.kind, entry.means, tuple(map(icd10cm.undotted, entry.codes)))
        for entry in lookup.entries()
    ]
    diagnoses = parts.codes.release.system == icd10cm.CODES
    if diagnoses:
        documents.add_lexicon(corpus, lexicon)
    return build.draft(corpus, lexicon, _usual() if diagnoses else {}, described)


def _usual() -> dict[str, float]:
    """How usual each code is, from 0 to 1."""
    import csv

    if not _USUAL.exists():
        return {}
    with _USUAL.open(encoding="utf-8", newline="") as file:
        weights = {icd10cm.undotted(row["code"]): float(row["weight"]) for row in csv.DictReader(file)}
    most = max(weights.values(), default=1.0) or 1.0
    return {code: weight / most for code, weight in weights.items()}
