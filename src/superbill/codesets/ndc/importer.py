"""Reads FDA's NDC directory: product.txt and package.txt (tab-delimited, Windows-1252, never quoted).

Columns are found by the header's names. The files don't say their day: the directory is of the day it is downloaded.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from superbill.codesets.ndc.number import eleven
from superbill.codesets.release import Refused, Release
from superbill.codesets.sources import Source, effective_from_name
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.store import Store
from superbill.codesets.western import western

PRODUCTS, PACKAGES = "ndc-product", "ndc-package"
_PRODUCT_HEADS = {
    "id": "PRODUCTID", "ndc": "PRODUCTNDC", "kind": "PRODUCTTYPENAME", "name": "PROPRIETARYNAME",
    "suffix": "PROPRIETARYNAMESUFFIX", "generic": "NONPROPRIETARYNAME", "form": "DOSAGEFORMNAME", "route": "ROUTENAME",
    "labeler": "LABELERNAME", "substance": "SUBSTANCENAME", "strength": "ACTIVE_NUMERATOR_STRENGTH",
    "unit": "ACTIVE_INGRED_UNIT", "classes": "PHARM_CLASSES", "schedule": "DEASCHEDULE",
}  # fmt: skip
_PACKAGE_HEADS = {
    "product": "PRODUCTID", "ndc": "NDCPACKAGECODE", "description": "PACKAGEDESCRIPTION", "start": "STARTMARKETINGDATE",
    "end": "ENDMARKETINGDATE", "excluded": "NDC_EXCLUDE_FLAG", "sample": "SAMPLE_PACKAGE",
}  # fmt: skip
_DAY = re.compile(r"(?:19|20)\d{6}", re.ASCII)
_NAMED_DAY = re.compile(r"(20\d\d)-?(\d\d)-?(\d\d)(?!\d)")
_PRODUCT = f"CREATE TABLE product ({', '.join(f'{name} TEXT NOT NULL' for name in _PRODUCT_HEADS)}, PRIMARY KEY (id))"
# ndc11: eleven digits; written: as FDA has it, with hyphens. "end" is the last day of marketing.
_PACKAGE = """CREATE TABLE package (
    ndc11 TEXT NOT NULL, written TEXT NOT NULL, product TEXT NOT NULL, description TEXT NOT NULL, start TEXT,
    "end" TEXT, excluded INTEGER NOT NULL, sample INTEGER NOT NULL)"""


class NdcProductLayout:
    """The products: a drug of a labeler in a form and strength."""

    title = "NDC directory, product.txt"
    systems: tuple[str, ...] = (PRODUCTS,)

    def recognizes(self, source: Source) -> bool:
        """By its header."""
        return source.data.startswith(b"PRODUCTID\tPRODUCTNDC\tPRODUCTTYPENAME\t")

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the line that lacks columns, or has a product again."""
        rows: dict[str, tuple[str, ...]] = {}
        for place, told in _rows(source, _PRODUCT_HEADS):
            if not told["id"] or told["id"] in rows:
                raise Refused(f"has the product {told['id']!r} again.", place=place, fix="Get the file anew.")
            rows[told["id"]] = tuple(told[name] for name in _PRODUCT_HEADS)
        table = Table("product", f"{_PRODUCT} WITHOUT ROWID", [rows[each] for each in sorted(rows)])
        yield Draft(release=_release(PRODUCTS, source, effective), tables=(table,))


class NdcPackageLayout:
    """The packages: what an NDC on a claim names."""

    title = "NDC directory, package.txt"
    systems: tuple[str, ...] = (PACKAGES,)

    def recognizes(self, source: Source) -> bool:
        """By its header."""
        return source.data.startswith(b"PRODUCTID\tPRODUCTNDC\tNDCPACKAGECODE\t")

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """Raises Refused with the line whose code is in none of the three configurations, or whose day is none."""
        rows: list[tuple[str | int | None, ...]] = []
        for place, told in _rows(source, _PACKAGE_HEADS):
            number = eleven(told["ndc"])
            if number is None:
                raise Refused(f"has {told['ndc']!r}, which is no NDC.", place=place, fix="Get the file anew.")
            days = _day(told["start"], place), _day(told["end"], place)
            flags = int(told["excluded"] == "Y"), int(told["sample"] == "Y")
            rows.append((number, told["ndc"], told["product"], told["description"], *days, *flags))
        rows.sort(key=lambda row: tuple(str(cell) for cell in row))
        yield Draft(
            release=_release(PACKAGES, source, effective),
            tables=(Table("package", _PACKAGE, rows),),
            after=("CREATE INDEX package_ndc ON package (ndc11)",),
        )


def _rows(source: Source, heads: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each row with its place, by our names of the columns."""
    lines = western(source).replace("\r\n", "\n").rstrip("\n").split("\n")
    names = lines[0].split("\t")
    missing = [head for head in heads.values() if head not in names]
    if missing:
        raise Refused(f"has no column {missing[0]}.", place=f"{source.name}:1", fix="Get the file anew.")
    if len(lines) == 1:
        raise Refused("has no row.", place=source.name, fix="Get the file anew.")
    places = {name: names.index(head) for name, head in heads.items()}
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        place = f"{source.name}:{number:,}"
        if len(cells) != len(names):
            raise Refused(f"has {len(cells)} columns, not {len(names)}.", place=place, fix="Get the file anew.")
        yield place, {name: cells[at].strip() for name, at in places.items()}


def _day(text: str, place: str) -> str | None:
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            return date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat()
    except ValueError:
        pass
    raise Refused(f"has {text!r} where a day is due.", place=place, fix="Get the file anew.")


def _release(system: str, source: Source, effective: date | None) -> Release:
    told = _NAMED_DAY.search(source.name)
    day = effective or effective_from_name(source.name)
    if effective is None and told:
        day = _named(told)
    if day is None:
        raise Refused("doesn't say its day.", place=source.name, fix="Give the day of the download with --effective.")
    return Release(
        system=system, version=day.isoformat(), effective=day, source=source.name, sha256=source.sha256
    )  # fmt: skip


def _named(told: re.Match[str]) -> date | None:
    try:
        return date(int(told[1]), int(told[2]), int(told[3]))
    except ValueError:
        return None
