"""Reads the licensee's own CPT files. Superbill brings no CPT text: what a licensee imports stays in its store.

Layouts (CPT data files of the AMA): SHORTU.txt and MEDU.txt, code in columns 1-5, text from column 7, at most 28 and 48
characters; LONGULT.txt, code, tab, text. Lines of copyright notice may stand before the first code.
"""

import re
from collections.abc import Iterator
from datetime import date

from superbill.codesets.release import Refused, Release
from superbill.codesets.sources import Source
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store
from superbill.codesets.western import western

SHORT, MEDIUM, LONG = "cpt-short", "cpt-medium", "cpt-long"
CODE = r"(?:(?!000)\d{5}|\d{4}[AFMTU])"
"""Category I (digits, from 00100 on), II (F), III (T); laboratory (U), multianalyte (M), immunization (A) codes."""
_FIXED = re.compile(rf"({CODE}) (\S.{{0,47}}) *", re.ASCII)
_TABBED = re.compile(rf"({CODE})\t([^\t]*\S)\t*", re.ASCII)
_NOTICE = 60  # lines
_SHORTEST = 28  # characters of a short text
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_CREATE = "CREATE TABLE code (code TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID"


class CptFixedLayout:
    """Short or medium descriptors."""

    title = "CPT short or medium descriptors (AMA, fixed width)"
    systems: tuple[str, ...] = (SHORT, MEDIUM)

    def recognizes(self, source: Source) -> bool:
        """By its first codes, one to a line."""
        return _begins(source, _FIXED)

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the line that has no code, or one again."""
        rows, notice = _read(source, _FIXED)
        longest = max(len(text) for _, text in rows)
        name = source.name.rpartition("/")[2].upper()
        system = MEDIUM if longest > _SHORTEST or "MED" in name else SHORT
        yield _draft(system, source, effective, rows, notice)


class CptLongLayout:
    """Long descriptors."""

    title = "CPT long descriptors (AMA, tab-delimited)"
    systems: tuple[str, ...] = (LONG,)

    def recognizes(self, source: Source) -> bool:
        """By its first codes, one to a line."""
        return _begins(source, _TABBED)

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the line that has no code, or one again."""
        yield _draft(LONG, source, effective, *_read(source, _TABBED))


def _begins(source: Source, shape: re.Pattern[str]) -> bool:
    """Whether codes begin within the notice's lines, and go on."""
    lines = source.data[:20_000].decode("cp1252", "replace").splitlines()
    first = next((n for n, line in enumerate(lines[:_NOTICE]) if shape.fullmatch(line)), None)
    return first is not None and all(shape.fullmatch(line) for line in lines[first : first + 3])


def _read(source: Source, shape: re.Pattern[str]) -> tuple[list[tuple[str, str]], str]:
    rows: dict[str, str] = {}
    notice: list[str] = []
    for number, line in enumerate(western(source).rstrip("\r\n\x1a").splitlines(), 1):
        found = shape.fullmatch(line)
        if found is None and not rows:
            notice.append(line)
        elif found is None or found[1] in rows:
            raise Refused(
                f"repeats {found[1]}." if found else "has no code and text.", place=f"{source.name}:{number:,}",
                fix="The file is cut or changed; get it anew.",
            )  # fmt: skip
        else:
            rows[found[1]] = found[2].strip()
    return sorted(rows.items()), " ".join(notice)


def _draft(system: str, source: Source, effective: date | None, rows: list[tuple[str, str]], notice: str) -> Draft:
    """A release of a calendar year, which the name or the notice tells ("CPT 2026"; a copyright is a year older)."""
    told = _YEAR.search(source.name) or re.search(r"CPT\S*\s+(20\d\d)(?!\d)", notice)
    day = effective or (date(int(told[1]), 1, 1) if told else None)
    if day is None:
        raise Refused("doesn't say its year.", place=source.name, fix="Give the first day with --effective.")
    release = Release(
        system=system, version=str(day.year), effective=day, until=date(day.year, 12, 31), source=source.name,
        sha256=source.sha256,
    )  # fmt: skip
    return Draft(release=release, tables=(Table("code", _CREATE, rows),))
