"""The code systems other than ICD-10-CM as they are searched.

ICD-10-CM and ICD-10-PCS keep their codes as a search needs them. Every other system keeps them in its own way; its
rows are read here, and kept in the search file.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from superbill.codesets import systems
from superbill.codesets.cdt import importer as cdt
from superbill.codesets.cpt import importer as cpt
from superbill.codesets.hcpcs import record as hcpcs
from superbill.codesets.icd10cm import order
from superbill.codesets.icd10pcs import index as pcs_index
from superbill.codesets.msdrg import importer as msdrg
from superbill.codesets.ndc import importer as ndc
from superbill.codesets.opps.importer import SYSTEM as OPPS
from superbill.codesets.search.book import Book, Row
from superbill.codesets.store import Answer, Store
from superbill.codesets.taxonomy import importer as taxonomy


def rows_of(answer: Answer | None, select: str) -> list[Any]:
    """The rows of a release; [] without one."""
    return answer.opened.connection.execute(select).fetchall() if answer else []


def _hcpcs(store: Store, on: date) -> Iterator[Row]:
    """The codes with descriptions, then those that are only listed, as Addendum B shortens them."""
    shorts = dict(rows_of(store.nearest(OPPS, on), "SELECT code, short FROM item WHERE short != ''"))
    described = {
        code: (title or short, short)
        for code, title, short in rows_of(store.nearest(hcpcs.SYSTEM, on), "SELECT code, title, short FROM code")
    }
    listed = {code for (code,) in rows_of(store.nearest(hcpcs.NUMBERS, on), "SELECT code FROM code")}
    for code in sorted(described.keys() | listed):
        title, short = described.get(code) or (shorts.get(code, ""), "")
        yield Row(code, title, _others(title, short, shorts.get(code, "")))


def _hcpcs_modifiers(store: Store, on: date) -> Iterator[Row]:
    select = "SELECT code, title, short FROM modifier ORDER BY code"
    for code, title, short in rows_of(store.nearest(hcpcs.SYSTEM, on), select):
        yield Row(code, title or short, _others(title, short))


def _opps(store: Store, on: date) -> Iterator[Row]:
    for code, short in rows_of(store.nearest(OPPS, on), "SELECT code, short FROM item ORDER BY code"):
        yield Row(code, short)


def _taxonomy(store: Store, on: date) -> Iterator[Row]:
    select = "SELECT code, name, grouping, classification, specialization FROM taxonomy ORDER BY code"
    for code, name, *kinds in rows_of(store.nearest(taxonomy.SYSTEM, on), select):
        yield Row(code, name, _others(name, " ".join(kinds)))


def _msdrg(store: Store, on: date) -> Iterator[Row]:
    for drg, title in rows_of(store.nearest(msdrg.SYSTEM, on), "SELECT drg, title FROM msdrg ORDER BY drg"):
        yield Row(drg, title)


def _cpt(store: Store, on: date) -> Iterator[Row]:
    texts: dict[str, list[str]] = {}
    for each in (cpt.LONG, cpt.MEDIUM, cpt.SHORT):
        for code, text in rows_of(store.nearest(each, on), "SELECT code, text FROM code"):
            texts.setdefault(code, []).append(text)
    for code in sorted(texts):
        yield Row(code, texts[code][0], _others(*texts[code]))


def _cdt(store: Store, on: date) -> Iterator[Row]:
    for code, text in rows_of(store.nearest(cdt.SYSTEM, on), "SELECT code, text FROM code ORDER BY code"):
        yield Row(code, text)


def _ndc(store: Store, on: date) -> Iterator[Row]:
    """Packages, each with the name, generic name, strength, form and labeler of its product."""
    columns = "name, suffix, generic, strength, unit, form, substance, labeler"
    products = {
        row[0]: row[1:]
        for row in rows_of(store.nearest(ndc.PRODUCTS, on), f"SELECT id, {columns} FROM product")  # noqa: S608 - constant
    }
    select = "SELECT ndc11, product, description FROM package ORDER BY ndc11, rowid"
    known = set()
    for code, product, description in rows_of(store.nearest(ndc.PACKAGES, on), select):
        if code in known:
            continue
        known.add(code)
        name, suffix, generic, strength, unit, form, substance, labeler = products.get(product, ("",) * 8)
        said = " ".join(part for part in (name, suffix, generic, strength, unit, form) if part)
        yield Row(code, ", ".join(part for part in (said, description) if part), _others("", f"{substance} {labeler}"))


def _others(title: str, *texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip() and text != title))


BOOKS = {
    each.system: each
    for each in (
        Book(order.PCS, (order.PCS,), r"(?=[A-Z]*[0-9])[0-9A-Z]{3,7}", (pcs_index.SYSTEM,)),
        Book("hcpcs", (hcpcs.SYSTEM, hcpcs.NUMBERS), r"[A-Z][0-9O]{1,4}", (OPPS,), _hcpcs),
        Book("hcpcs_modifier", (hcpcs.SYSTEM,), r"[0-9A-Z]{2}", (), _hcpcs_modifiers),
        Book("opps", (OPPS,), r"[A-Z]?[0-9][0-9A-Z]{1,4}", (), _opps),
        Book("taxonomy", (taxonomy.SYSTEM,), r"[0-9]{2}[0-9A-Z]{1,8}", (), _taxonomy),
        Book("msdrg", (msdrg.SYSTEM,), r"[0-9]{1,3}", (), _msdrg),
        Book("cpt", (cpt.LONG, cpt.MEDIUM, cpt.SHORT), r"[0-9]{3,5}|[0-9]{4}[AFMTU]", (), _cpt),
        Book("cdt", (cdt.SYSTEM,), r"D[0-9O]{1,4}", (), _cdt),
        Book("ndc", (ndc.PACKAGES,), r"[0-9][0-9-]{4,12}", (ndc.PRODUCTS,), _ndc),
    )
}


def book(system: str) -> Book | None:
    """How the system is searched; None for a list that ships with Superbill. Raises systems.UnknownSystem."""
    return BOOKS.get(systems.named(system).slug)
