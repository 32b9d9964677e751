"""Takes official files into the store: recognized by content, checked against what is known, all of a file or none."""

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from msgspec import Struct

from superbill.codesets import sqlite_file
from superbill.codesets.coverage.importer import SYSTEMS as COVERAGE
from superbill.codesets.layouts import LAYOUTS
from superbill.codesets.ncci.importer import SYSTEMS as NCCI_PAIRS
from superbill.codesets.official import pinned
from superbill.codesets.release import Refused, Release
from superbill.codesets.sources import Layout, Source, sources
from superbill.codesets.store import Store

_SCRATCH = f"{sqlite_file.PARTIAL}import-"
_USUAL = 0.01
_YEARLY = {"hcpcs": 0.05, "hcpcs-numbers": 0.05, "ndc": 0.1, "opps": 0.05, "taxonomy": 0.05, "msdrg": 0.03}
_YEARLY |= dict.fromkeys((*COVERAGE, "ncd-diagnoses"), 0.1)  # a download is of its week
_YEARLY |= {"add-on-codes": 0.1, "mue-practitioner": 0.05, "mue-hospital": 0.05, "mue-dme": 0.1}
_YEARLY |= dict.fromkeys(NCCI_PAIRS, 0.2)  # CMS divides the table into its files anew now and then
_YEARLY |= {"mpfs": 0.03, "mpfs-qp": 0.03, "clfs": 0.1, "asp": 0.1}
"""By how much of itself a list changes in a year: a percent or less in ICD-10, more where items are added quarterly."""


class Outcome(Struct, frozen=True):
    """What became of a file: the releases that came in, and the members passed over, each with the reason."""

    taken: tuple[Release, ...]
    passed: tuple[tuple[str, str], ...]


def import_file(path: Path, folder: Path, *, effective: date | None = None, force: bool = False) -> Outcome:
    """Reads one official file (or archive of them) into the store at `folder`.

    `effective` overrules the first day that the file tells. Raises Refused, the store left as it was, when nothing in
    the file is known, when a part is broken, and, unless `force`, when a known edition has other bytes than were
    published or its rows are far off those of the nearest release. An open store doesn't notice.
    """
    if path.is_dir():
        raise Refused("is a folder.", place=str(path), fix="Name the files in it.")
    if not path.is_file():
        raise Refused("There is no such file.", place=str(path))
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    known, passed = _recognized(path)
    scratch = folder / f"{_SCRATCH}{os.getpid()}"
    scratch.mkdir()
    try:
        for release in folder.glob(f"*{sqlite_file.ENDING}"):
            os.link(release, scratch / release.name)
        taken = [made for source, layout in known for made in _take(source, layout, scratch, effective, force)]
        for made in taken:
            sqlite_file.publish(scratch / made.name, folder / made.name)
        return Outcome(tuple(_described(folder / made.name) for made in taken), tuple(passed))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Clears away what an import left that was killed; one that still runs is let be."""
    for left in folder.glob(f"{_SCRATCH}*"):
        process = int(left.name.removeprefix(_SCRATCH))
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            shutil.rmtree(left, ignore_errors=True)
        except PermissionError:
            continue


def _recognized(path: Path) -> tuple[list[tuple[Source, Layout]], list[tuple[str, str]]]:
    """The members that a layout knows, whole lists before changes to them, and the others with the reason."""
    known: list[tuple[int, Source, Layout]] = []
    passed: list[tuple[str, str]] = []
    for source in sources(path):
        place = next((n for n, layout in enumerate(LAYOUTS) if layout.recognizes(source)), None)
        if place is None:
            passed.append((source.name, "not a layout that is imported"))
        else:
            known.append((place, source, LAYOUTS[place]))
    if not known:
        titles = "; ".join(layout.title for layout in LAYOUTS)
        raise Refused("is of no known layout.", place=path.name, fix=f"Known are: {titles}.")
    known.sort(key=lambda found: (found[0], found[1].name))
    return [(source, layout) for _, source, layout in known], passed


def _take(source: Source, layout: Layout, scratch: Path, effective: date | None, force: bool) -> list[Path]:
    if not force:
        _as_published(source)
    store = Store(scratch)
    try:
        made = store.add(layout.drafts(source, store, effective))
        if not force:
            for path in made:
                _plausible(_described(path), store)
        return made
    finally:
        store.close()


def _as_published(source: Source) -> None:
    known = pinned(source.name.rpartition("/")[2])
    if known and source.sha256 not in known:
        raise Refused(
            "has other bytes than the published file of this name.", place=source.name,
            fix="Download it again, or import it with --force if you know why.",
        )  # fmt: skip


def _plausible(release: Release, store: Store) -> None:
    """Lists grow and shrink by a known share a year: rows far off the nearest release mean a wrong or cut file."""
    nearest = store.nearest(release.system, release.effective)
    if nearest is None:
        return
    before = nearest.opened.release
    years = abs(release.effective.year - before.effective.year)
    for table, rows in release.rows.items():
        expected = before.rows.get(table, 0)
        yearly = _YEARLY.get(release.system, _USUAL)
        if expected and abs(rows - expected) > expected * (2 + years) * yearly + 50:
            raise Refused(
                f"has {rows:,} rows of {table}; {before.name} has {expected:,}.", place=release.source,
                fix="See that the file is whole and of this system; --force takes it in all the same.",
            )  # fmt: skip


def _described(path: Path) -> Release:
    connection = sqlite_file.connect(path)
    try:
        return sqlite_file.describe(connection)
    finally:
        connection.close()


def verify(folder: Path) -> Iterator[tuple[str, str]]:
    """Every release file with what is wrong with it, "" when it is whole: SQLite's own check, and the rows counted."""
    for path in sorted(folder.glob(f"*{sqlite_file.ENDING}")):
        yield path.name, _wrong(path)


def _wrong(path: Path) -> str:
    try:
        store_file = sqlite_file.connect(path)
        try:
            (whole,) = store_file.execute("PRAGMA integrity_check").fetchone()
            if whole != "ok":
                return f"SQLite says: {whole}"
            release = sqlite_file.describe(store_file)
            for table, rows in release.rows.items():
                count = f"SELECT count(*) FROM {table}"  # noqa: S608 - a table that the release itself names
                (have,) = store_file.execute(count).fetchone()
                if have != rows:
                    return f"{table} has {have:,} rows, not {rows:,}"
            return "" if path.name == release.name + sqlite_file.ENDING else f"is the file of {release.name}"
        finally:
            store_file.close()
    except Exception as problem:
        return f"can't be read ({problem})"
