"""Fields that are lists: codes with their days or amounts, teeth, notes. In the form a list is edited row by row; for
comparing and merging it is one text, "11 · 03/01/2026; 18 · 03/05/2026"."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from superbill.app.web.claims.fields import (
    Column,
    Field,
    Providers,
    Unreadable,
    Word,
    attribute,
    day,
    day_text,
    money_of,
    shaped,
    value_at,
)
from superbill.claims.dental import Tooth, ToothStatus
from superbill.claims.institutional import ExternalCause, InpatientProcedure, Occurrence, OccurrenceSpan, Value
from superbill.claims.model import Attachment, Diagnosis, Note, SecondaryId
from superbill.effective import Period

_CELL, _ROW, _NONE = " · ", "; ", "–"
_LONG = 6000
Rows = Sequence[Sequence[str]]


def joined(rows: Iterable[Sequence[str]]) -> str:
    """The rows as one text; those without content are left out."""
    return _ROW.join(told for row in rows if (told := _row(row)))


def _row(cells: Sequence[str]) -> str:
    plain = [" ".join(cell.replace(";", ",").replace("·", "-").split()) for cell in cells]
    while plain and not plain[-1]:
        plain.pop()
    return _CELL.join(cell or _NONE for cell in plain)


def rows_of(text: str, width: int) -> list[list[str]]:
    """The rows of such a text, each with as many cells as the list has columns."""
    found = []
    for row in text.split(_ROW.strip()):
        cells = ["" if cell.strip() == _NONE else cell.strip() for cell in row.split(_CELL.strip())][:width]
        if any(cells):
            found.append(cells + [""] * (width - len(cells)))
    return found


def posted(field: Field, name: str, given: Mapping[str, Sequence[str]]) -> str | None:
    """A list as a form sends it, cell by cell; None where the form has not sent it."""
    if not field.columns or f"{name}.{field.columns[0].name}" not in given:
        return None
    cells = [list(given.get(f"{name}.{column.name}", ())) for column in field.columns]
    longest = min(max(map(len, cells)), field.rows + 1)  # one too many is said; no more are read
    rows = [[column[at].strip() if at < len(column) else "" for column in cells] for at in range(longest)]
    return joined(rows)


def listed(
    name: str, label: Word, path: str, columns: tuple[Column, ...], tell: Callable[[Any], tuple[str, ...]],
    make: Callable[..., Any], rows: int, **more: Any,
) -> Field:  # fmt: skip
    """A list at a path: `tell` gives the cells of an item, `make` an item of its cells. An item whose row is as it was
    stays as it was, with what the row does not show."""
    _read, write = attribute(path)

    def get(one: Any) -> str:
        return joined(tell(item) for item in value_at(one, path) or ())

    def put(one: Any, text: str, known: Providers) -> Any:
        had: dict[str, list[Any]] = {}
        for item in value_at(one, path) or ():
            had.setdefault(_row(tell(item)), []).append(item)
        found = rows_of(text, len(columns))
        if len(found) > rows:
            raise Unreadable(_("At most %s rows.") % rows)
        items = []
        for number, cells in enumerate(found, 1):
            same = had.get(_row(cells))
            items.append(same.pop(0) if same else _made(number, cells, columns, make))
        return write(one, tuple(items), known)

    return Field(
        name=name, label=label, place=more.pop("place", path), read=get, write=put, columns=columns, rows=rows,
        most=_LONG, look=more.pop("look", "list"), **more,
    )  # fmt: skip


def _made(number: int, cells: Sequence[str], columns: tuple[Column, ...], make: Callable[..., Any]) -> Any:
    """An item of a row. Raises Unreadable with the row and the column that can't be read."""
    given = []
    for column, cell in zip(columns, cells, strict=True):
        try:
            given.append(_cell(column, cell))
        except Unreadable as error:
            where = {"n": number, "column": column.label, "said": error}
            raise Unreadable(_("Row %(n)s, %(column)s: %(said)s") % where) from None
    return make(*given)


def _cell(column: Column, cell: str) -> Any:
    if column.options and cell not in column.options:
        raise Unreadable(_("Choose one of those shown."))
    if len(cell) > column.most:
        raise Unreadable(_("At most %s characters.") % column.most)
    if not cell and not column.needed and not column.shape:
        return None if column.look else ""
    if column.look == "n money":
        if (amount := money_of(cell)) is None:
            raise Unreadable(_("Write an amount in dollars, such as 120.50."))
        return amount
    if column.look == "day":
        if (found := day(cell)) is None:
            raise Unreadable(_("Write the day as MM/DD/YYYY."))
        return found
    if column.look == "n":
        return _amount(cell)
    if not cell and column.shape and column.needed:
        raise Unreadable(_("It is missing."))
    return shaped(cell, column.shape)


def _amount(cell: str) -> Decimal:
    """Dollars, a count, or a rate, as a value code has it."""
    try:
        found = Decimal(cell.replace(",", "").replace("$", ""))
    except InvalidOperation:
        raise Unreadable(_("Write an amount, such as 812.50.")) from None
    if not found.is_finite() or found < 0 or len(cell) > 12:
        raise Unreadable(_("Write an amount, such as 812.50."))
    return found


def codes(name: str, label: Word, path: str, rows: int, shape: str = "two", most: int = 2, **more: Any) -> Field:
    """A list of codes alone."""
    column = Column(name="code", label=later("Code"), most=most, shape=shape)
    return listed(
        name, label, path, (column,), lambda item: (item,), lambda given: given.replace(".", ""), rows,
        look="list short", **more,
    )  # fmt: skip


POA: Mapping[str, Word] = {
    "": "–", "Y": later("yes"), "N": later("no"), "U": later("not documented"), "W": later("undetermined"),
    "1": later("exempt"),
}  # fmt: skip
_ICD = Column(name="code", label=later("Code"), most=8, shape="icd10")
_POA = Column(name="poa", label=later("On admission"), look="", options=POA)
_CODE = Column(name="code", label=later("Code"), most=2, shape="two")
_DAY = Column(name="on", label=later("Day"), look="day")
_TOOTH = Column(name="number", label=later("Tooth"), most=2, shape="tooth")

DIAGNOSES = listed(
    "diagnoses", later("Diagnoses, the principal first"), "diagnoses", (_ICD, _POA), lambda one: (one.code, one.poa),
    lambda code, poa: Diagnosis(code.replace(".", ""), poa), 25, kinds=("institutional",),
)  # fmt: skip
CAUSES = listed(
    "causes", later("External causes"), "institutional.external_causes", (_ICD, _POA), lambda one: (one.code, one.poa),
    lambda code, poa: ExternalCause(code.replace(".", ""), poa), 12, kinds=("institutional",),
)  # fmt: skip
PROCEDURES = listed(
    "procedures", later("Inpatient procedures, the principal first"), "institutional.procedures",
    (Column(name="code", label=later("Code"), most=7, shape="pcs"), _DAY),
    lambda one: (one.code, day_text(one.on)), InpatientProcedure, 25, kinds=("institutional",),
)  # fmt: skip
OCCURRENCES = listed(
    "occurrences", later("Occurrence codes"), "institutional.occurrences", (_CODE, _DAY),
    lambda one: (one.code, day_text(one.on)), Occurrence, 24, kinds=("institutional",),
)  # fmt: skip
SPANS = listed(
    "spans", later("Occurrence spans"), "institutional.spans",
    (_CODE, Column(name="from", label=later("From"), look="day"),
     Column(name="through", label=later("Through"), look="day")),
    lambda one: (one.code, day_text(one.period.start), day_text(one.period.end)),
    lambda code, first, last: OccurrenceSpan(code, Period(first, last)), 24, kinds=("institutional",),
)  # fmt: skip
VALUES = listed(
    "values", later("Value codes"), "institutional.values",
    (_CODE, Column(name="amount", label=later("Amount"), look="n", most=12)),
    lambda one: (one.code, f"{one.amount:f}"), Value, 24, kinds=("institutional",),
)  # fmt: skip
MISSING_TEETH = listed(
    "missing", later("Teeth missing or to be extracted"), "dental.teeth",
    (_TOOTH, Column(name="status", label=later("Is"), look="",
                    options={"": "–", "M": later("missing"), "E": later("to be extracted")}, shape="one")),
    lambda one: (one.number, one.status), ToothStatus, 35, kinds=("dental",),
)  # fmt: skip
TEETH = listed(
    "teeth", later("Teeth and surfaces"), "dental.teeth",
    (_TOOTH, Column(name="surfaces", label=later("Surfaces"), most=5, shape="surfaces", needed=False)),
    lambda one: (one.number, "".join(one.surfaces)), lambda number, faces: Tooth(number, tuple(faces)), 32,
    kinds=("dental",),
)  # fmt: skip


TRANSMISSIONS: Mapping[str, Word] = {
    "": "–", "AA": later("on request"), "BM": later("by mail"), "EL": later("electronically"),
    "EM": later("by mail message"), "FT": later("file transfer"), "FX": later("by fax"),
}  # fmt: skip
ATTACHMENTS = listed(
    "attachments", later("Attachments"), "attachments",
    (Column(name="report", label=later("Report"), most=2, shape="two"),
     Column(name="transmission", label=later("Goes"), look="", options=TRANSMISSIONS, shape="two"),
     Column(name="number", label=later("Its number"), most=50)),
    lambda one: (one.report, one.transmission, one.control_number), Attachment, 10,
)  # fmt: skip
REFERENCES = listed(
    "references", later("Further numbers"), "references",
    (Column(name="qualifier", label=later("Qualifier"), most=2, shape="two"),
     Column(name="value", label=later("Number"), most=50)),
    lambda one: (one.qualifier, one.value), SecondaryId, 20,
)  # fmt: skip
NOTES = listed(
    "notes", later("Notes of a category"), "notes",
    (Column(name="category", label=later("Category"), most=3),
     Column(name="text", label=later("Text"), look="", most=80)),
    lambda one: (one.category, one.text), Note, 20, look="list long",
)  # fmt: skip
FILE_INFORMATION = listed(
    "file_information", later("What a state’s law asks for (K3)"), "file_information",
    (Column(name="text", label=later("Text"), look="", most=80),),
    lambda one: (one,), lambda text: text, 10, look="list long",
)  # fmt: skip
EPSDT = listed(
    "epsdt_referrals", later("EPSDT referral"), "epsdt_referrals",
    (Column(name="code", label=later("Code"), look="", options={
        "": "–", "AV": later("refused"), "S2": later("under treatment"), "ST": later("new services asked for"),
        "NU": later("not used"),
    }, shape="two"),),
    lambda one: (one,), lambda code: code, 3, look="list short", kinds=("professional", "institutional"),
)  # fmt: skip
