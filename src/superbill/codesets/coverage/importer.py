"""Reads the download of the Medicare Coverage Database: billing and coding articles with their code lists.

The archive (current_article.zip or all_article.zip, in it an archive of CSV files) holds one table in each file, every
one with a header: article.csv (number, version, title, days), article_x_hcpc_code.csv, article_x_icd10_covered.csv and
article_x_icd10_covered_group.csv, article_x_icd10_noncovered.csv, article_x_contractor.csv, contractor.csv,
contractor_jurisdiction.csv, state_lookup.csv, article_related_documents.csv. Each becomes a release of its own, and the
look-up joins them. Since 2019 the codes stand in articles, not in LCDs (Program Integrity Manual ch. 13 §13.2.3).

The rows bring their own days: a download answers for every day since ICD-10-CM began, and a newer one takes its place.
The names of CPT codes in it are the AMA's, the articles' texts their contractors': they are left behind.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from superbill.codesets.coverage import packed
from superbill.codesets.coverage.paragraphs import Paragraph, read_paragraph
from superbill.codesets.csv_rows import long_cells
from superbill.codesets.release import Refused, Release
from superbill.codesets.sources import Source
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store
from superbill.codesets.western import western

ARTICLES, CODES, COVERED, GROUPS = "mcd-articles", "mcd-codes", "mcd-covered", "mcd-groups"
EXCLUDED, ISSUERS, CONTRACTORS = "mcd-noncovered", "mcd-article-contractors", "mcd-contractors"
JURISDICTIONS, STATES, DETERMINATIONS = "mcd-jurisdictions", "mcd-states", "mcd-lcds"
SYSTEMS = (
    ARTICLES, CODES, COVERED, GROUPS, EXCLUDED, ISSUERS, CONTRACTORS, JURISDICTIONS, STATES, DETERMINATIONS,
)  # fmt: skip
FIRST = date(2015, 10, 1)
"""The first day of ICD-10-CM (45 CFR 162.1002(c)): no article's list is older."""
_CELL = 64 * 1024 * 1024  # an article's whole text stands in one cell
_ANEW = "Download the database anew."
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?!\d)|(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_PROCEDURE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]", re.ASCII)
_DIAGNOSIS = re.compile(r"[A-TV-Z]\d[0-9A-Z][0-9A-Z]{0,4}|U\d[0-9A-Z]{1,5}", re.ASCII)
_PROPOSED = frozenset({"P", "D"})
_HEAD = 4_000

Row = Mapping[str, str]
Rows = Iterable[tuple[str, Row]]


class Kind(Struct, frozen=True):
    """One file of the database: the release that it gives, the columns by which it is known, how its rows are kept."""

    system: str
    columns: frozenset[str]
    without: frozenset[str]
    create: str
    keep: Callable[[Rows], list[tuple[Any, ...]]]


class CoverageLayout:
    """The CSV files of the Medicare Coverage Database's articles."""

    title = "Medicare Coverage Database, articles (CSV)"
    systems: tuple[str, ...] = SYSTEMS

    def recognizes(self, source: Source) -> bool:
        """By the names of its columns."""
        return _kind(source) is not None

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the row that has a number, a code or a day that is none."""
        kind = _kind(source)
        if kind is None:
            raise Refused("is no file of the Medicare Coverage Database.", place=source.name, fix=_ANEW)
        newest = [""]
        rows = kind.keep(_rows(source, newest))
        if not rows:
            raise Refused("has no row.", place=source.name, fix=_ANEW)
        release = Release(
            system=kind.system, version=newest[0] or "undated", effective=effective or FIRST, source=source.name,
            sha256=source.sha256,
        )  # fmt: skip
        yield Draft(release=release, tables=(Table("item", kind.create, rows),), after=_indexes(kind.create))


def _indexes(create: str) -> tuple[str, ...]:
    return () if "PRIMARY KEY" in create else ("CREATE INDEX item_key ON item (key)",)


def _names(line: str) -> list[str]:
    return [name.strip().strip('"').lower() for name in next(csv.reader([line]), [])]


def _kind(source: Source) -> Kind | None:
    head = source.data[:_HEAD].decode("cp1252", "replace").removeprefix("ï»¿").splitlines()[:1]
    columns = frozenset(_names(head[0])) if head else frozenset()
    return next((kind for kind in KINDS if kind.columns <= columns and not kind.without & columns), None)


def _rows(source: Source, newest: list[str]) -> Iterator[tuple[str, Row]]:
    """Each row with its place; `newest` gets the latest day on which one was changed."""
    lines = csv.reader(io.StringIO(western(source), newline=""))
    names = [name.strip().lower() for name in next(lines, [])]
    updated = names.index("last_updated") if "last_updated" in names else -1
    try:
        for cells in long_cells(lines, _CELL):
            if not any(cells):
                continue
            place = f"{source.name}:{lines.line_num:,}"
            if len(cells) != len(names):
                raise Refused(f"has {len(cells)} columns, not {len(names)}.", place=place, fix=_ANEW)
            if updated >= 0 and cells[updated][:10] > newest[0]:
                newest[0] = cells[updated][:10]
            yield place, dict(zip(names, cells, strict=True))
    except csv.Error as problem:
        raise Refused(f"{problem}.", place=f"{source.name}:{lines.line_num:,}", fix=_ANEW) from problem


def number(row: Row, column: str, place: str) -> int:
    """The whole number in a column. Raises Refused for anything else."""
    text = row[column].strip().removeprefix("A")
    if not (text.isascii() and text.isdigit()):
        raise Refused(f"has {row[column]!r} where {column} is due.", place=place, fix=_ANEW)
    return int(text)


def day(text: str, place: str) -> date | None:
    """A day as the database writes it ("2026-01-01 00:00:00", "1/1/2026"); None for an empty cell."""
    if not text.strip() or text.strip().upper() in ("N/A", "NULL"):
        return None
    found = _DAY.match(text.strip())
    try:
        if found is None:
            raise ValueError(text)
        year, month, of_month = (found[1], found[2], found[3]) if found[1] else (found[6], found[4], found[5])
        return date(int(year), int(month), int(of_month))
    except ValueError:
        raise Refused(f"has {text!r} where a day is due.", place=place, fix=_ANEW) from None


def _articles(rows: Rows) -> list[tuple[Any, ...]]:
    """Each version of an article with its days; what is only proposed is left out."""
    kept = []
    for place, row in rows:
        if row.get("status", "").strip().upper() in _PROPOSED:
            continue
        first = day(row["article_eff_date"], place)
        ends = [day(row.get(name, ""), place) for name in ("article_end_date", "article_rev_end_date", "date_retired")]
        last = min((end for end in ends if end is not None), default=None)
        if first is not None and last is not None and last < first:
            raise Refused(f"ends {last} before it begins {first}.", place=place, fix=_ANEW)
        key = number(row, "article_id", place), number(row, "article_version", place)
        title = " ".join(row["title"].split())
        kept.append((*key, title, str(first or FIRST), "" if last is None else str(last)))
    return kept


def _codes(rows: Rows) -> list[tuple[Any, ...]]:
    kept = {
        (code, number(row, "article_id", place), number(row, "article_version", place))
        for place, row in rows
        if _PROCEDURE.fullmatch(code := row["hcpc_code_id"].strip().upper())
    }
    return sorted(kept)


def _diagnoses(column: str) -> Callable[[Rows], list[tuple[Any, ...]]]:
    """The diagnoses of each article, packed; a code such as "XX000" ("not applicable") says that there is no list."""

    def keep(rows: Rows) -> list[tuple[Any, ...]]:
        lists: dict[tuple[str, str], list[bytes]] = {}
        made: dict[str, bytes] = {}
        for place, row in rows:
            text = row["icd10_code_id"]
            code = made.get(text)
            if code is None:
                plain = text.strip().upper().replace(".", "")
                if not _DIAGNOSIS.fullmatch(plain) and not plain.startswith("XX"):
                    raise Refused(f"has {text!r} where a diagnosis is due.", place=place, fix=_ANEW)
                code = made[text] = b"" if plain.startswith("XX") else packed.code_bytes(plain)
            group = row[column].strip() or "0"
            if not group.isdigit() or int(group) > packed.MOST:
                raise Refused(f"has {group!r} where a group is due.", place=place, fix=_ANEW)
            if code:
                key = row["article_id"], row["article_version"]
                lists.setdefault(key, []).append(code + int(group).to_bytes(2, "big"))
        return sorted(
            (_key(article, version), b"".join(sorted(set(codes)))) for (article, version), codes in lists.items()
        )

    return keep


def _key(article: str, version: str) -> str:
    return f"{int(article.strip().removeprefix('A'))}:{int(version)}"


def _groups(rows: Rows) -> list[tuple[Any, ...]]:
    """What the paragraph above each group asks for, where it asks for something."""
    kept = []
    for _, row in rows:
        found: Paragraph = read_paragraph(row["paragraph"], int(row["icd10_covered_group"].strip() or 0))
        if found.partners or found.codes or found.in_words:
            partners = " ".join(map(str, found.partners))
            group = int(row["icd10_covered_group"].strip() or 0)
            key = _key(row["article_id"], row["article_version"])
            kept.append((key, group, partners, " ".join(found.codes), int(found.in_words)))
    return sorted(kept) or [("", 0, "", "", 0)]


def _pairs(key: tuple[str, ...], *values: str) -> Callable[[Rows], list[tuple[Any, ...]]]:
    """Rows kept as they are: columns of the key joined by colons, then the values."""

    def keep(rows: Rows) -> list[tuple[Any, ...]]:
        joined = {
            (":".join(row[name].strip() for name in key), *(row.get(name, "").strip() for name in values))
            for _, row in rows
        }
        return sorted(joined)

    return keep


_ISSUER = ("contractor_id", "contractor_type_id", "contractor_version")


def _issuers(rows: Rows) -> list[tuple[Any, ...]]:
    return sorted(
        {
            (_key(row["article_id"], row["article_version"]), ":".join(row[name].strip() for name in _ISSUER))
            for _, row in rows
        }
    )


def _jurisdictions(rows: Rows) -> list[tuple[Any, ...]]:
    """Which contractor serves which state, and in which days."""
    kept = set()
    for place, row in rows:
        first, last = day(row.get("active_date", ""), place), day(row.get("term_date", ""), place)
        key = ":".join(row[name].strip() for name in _ISSUER)
        kept.add((key, row["state_id"].strip(), str(first or ""), str(last or "")))
    return sorted(kept)


def _determinations(rows: Rows) -> list[tuple[Any, ...]]:
    return sorted(
        {
            (_key(row["article_id"], row["article_version"]), f"L{row['r_lcd_id'].strip().removeprefix('L')}")
            for _, row in rows
            if row["r_lcd_id"].strip() not in ("", "0")
        }
    ) or [("", "")]


_ARTICLE = frozenset({"article_id", "article_version"})
_LIST = "CREATE TABLE item (key TEXT PRIMARY KEY, packed BLOB NOT NULL) WITHOUT ROWID"
_TWO = "CREATE TABLE item (key TEXT NOT NULL, value TEXT NOT NULL)"
_NONE: frozenset[str] = frozenset()
KINDS = (
    Kind(
        ARTICLES, _ARTICLE | {"title", "article_eff_date"}, _NONE,
        "CREATE TABLE item (article INTEGER, version INTEGER, title TEXT NOT NULL, first TEXT NOT NULL, "
        "last TEXT NOT NULL, PRIMARY KEY (article, version))", _articles,
    ),
    Kind(
        CODES, _ARTICLE | {"hcpc_code_id"}, frozenset({"code_table_row"}),
        "CREATE TABLE item (code TEXT, article INTEGER, version INTEGER, PRIMARY KEY (code, article, version)) "
        "WITHOUT ROWID", _codes,
    ),
    Kind(
        COVERED, _ARTICLE | {"icd10_code_id", "icd10_covered_group"}, _NONE, _LIST, _diagnoses("icd10_covered_group")
    ),
    Kind(
        EXCLUDED, _ARTICLE | {"icd10_code_id", "icd10_noncovered_group"}, _NONE, _LIST,
        _diagnoses("icd10_noncovered_group"),
    ),
    Kind(
        GROUPS, _ARTICLE | {"icd10_covered_group", "paragraph"}, frozenset({"icd10_code_id"}),
        "CREATE TABLE item (key TEXT, number INTEGER, partners TEXT NOT NULL, codes TEXT NOT NULL, "
        "in_words INTEGER NOT NULL, PRIMARY KEY (key, number)) WITHOUT ROWID", _groups,
    ),
    Kind(
        ISSUERS, _ARTICLE | set(_ISSUER), frozenset({"title"}), _TWO,
        _issuers,
    ),
    Kind(
        CONTRACTORS, frozenset({*_ISSUER, "contractor_bus_name"}), _ARTICLE, _TWO,
        _pairs(_ISSUER, "contractor_bus_name"),
    ),
    Kind(
        JURISDICTIONS, frozenset({*_ISSUER, "state_id"}), _ARTICLE,
        "CREATE TABLE item (key TEXT NOT NULL, state TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL)",
        _jurisdictions,
    ),
    Kind(STATES, frozenset({"state_id", "state_abbrev"}), _NONE, _TWO, _pairs(("state_id",), "state_abbrev")),
    Kind(
        DETERMINATIONS, _ARTICLE | {"r_lcd_id"}, _NONE, _TWO,
        _determinations,
    ),
)  # fmt: skip
