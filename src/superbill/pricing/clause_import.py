"""Clauses as a CSV: one row per clause, for contracts that come as a rate sheet. The same terms as in TOML.

Lists stand with blanks or semicolons between ("99202-99215 99381"), amounts in dollars, parts as "115%" or "1.15",
tiers of a per diem as "3:1800; 1200" (through day 3 at $1,800, then $1,200).
"""

import csv
import io
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, get_args

import msgspec

from superbill.money import decimal_dollars
from superbill.pricing.contract_model import ContractError, Method, Term
from superbill.pricing.table_import import Row, Table, amount, day, part, read_table

_SCOPE = ("codes", "modifiers", "revenue_codes", "drgs", "kinds", "places", "bills", "claims")
_PAYS = (
    *("percent", "year", "schedule", "amount", "per", "covers", "days", "base_rate", "weights"),
    *("factor", "base_units", "minutes"),
)
FIELDS = ("id", "text", "start", "end", *_SCOPE, "method", *_PAYS, "after", "carve_out", "lesser_of")
REQUIRED = ("id", "method")
METHODS: dict[str, Any] = {str(kind.__struct_config__.tag): kind for kind in get_args(Method)}
_YES = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.replace(";", " ").split())


def _tiers(text: str) -> list[dict[str, int]]:
    tiers = []
    for piece in filter(None, (each.strip() for each in text.split(";"))):
        through, colon, rate = piece.rpartition(":")
        if colon and not through.strip().isdigit():
            raise ValueError(f"write the last day and the rate, as in 3:1800: {piece!r}")
        tiers.append({"rate": amount(rate)} | ({"through": int(through)} if colon else {}))
    return tiers


def _flag(text: str) -> bool:
    if text.casefold() not in _YES:
        raise ValueError(f"yes or no: {text!r}")
    return _YES[text.casefold()]


def _whole(text: str) -> int:
    if not text.isdigit():
        raise ValueError(f"not a whole number: {text!r}")
    return int(text)


_READ: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(_SCOPE, _listed),
    **dict.fromkeys(("start", "end"), day),
    **dict.fromkeys(("amount", "base_rate", "factor"), amount),
    "percent": part,
    **dict.fromkeys(("year", "minutes"), _whole),
    "days": _tiers,
    "carve_out": _flag,
}


def read_clauses(lines: Iterable[str], file: str, mapping: dict[str, str] | None = None) -> tuple[Term, ...]:
    """The clauses of a CSV. Raises ContractError with file, row and column of each cell that can't be meant."""
    table = read_table(lines, file, mapping or {}, FIELDS, REQUIRED)
    terms: list[Term] = []
    wrong: list[str] = []
    for row in table.rows:
        cells = _cells(table, row, wrong)
        if cells is None:
            continue
        try:
            terms.append(_term(cells))
        except msgspec.ValidationError as error:
            wrong.append(f"{file}:{row.line}: {error}")
    if wrong:
        raise ContractError(wrong)
    return tuple(terms)


def _cells(table: Table, row: Row, wrong: list[str]) -> dict[str, Any] | None:
    """The values of a row, or None with what is wrong told."""
    cells: dict[str, Any] = {}
    told = len(wrong)
    for field, text in row.fields.items():
        if not text:
            continue
        try:
            cells[field] = _READ.get(field, str)(text)
        except ValueError as error:
            wrong.append(f"{table.place(row, field)}: {error}")
    if "id" not in cells:
        wrong.append(f"{table.place(row, 'id')}: give the clause an id, as the contract numbers it")
    method = cells.get("method")
    if method not in METHODS:
        wrong.append(f"{table.place(row, 'method')}: {method!r} is none of {', '.join(METHODS)}")
    else:
        used = {field.name for field in msgspec.structs.fields(METHODS[method])}
        for field in sorted({*_PAYS} & set(cells) - used):
            wrong.append(f"{table.place(row, field)}: {method} has no {field}. Leave the cell empty")
    return cells if len(wrong) == told else None


def _term(cells: dict[str, Any]) -> Term:
    scope = {field: cells[field] for field in _SCOPE if field in cells}
    pays = {"method": cells["method"]} | {field: cells[field] for field in _PAYS if field in cells}
    rest = {field: cells[field] for field in cells if field not in {*_SCOPE, *_PAYS, "method"}}
    return msgspec.convert({"scope": scope, "pays": pays, **rest}, Term)


def clause_text(terms: Iterable[Term]) -> str:
    """The CSV of these clauses, with the columns by their own names: `read_clauses` gives them back."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(FIELDS)
    for term in terms:
        rows.writerow([_cell(term, field) for field in FIELDS])
    return out.getvalue()


def _cell(term: Term, field: str) -> str:
    if field == "method":
        return str(type(term.pays).__struct_config__.tag)
    holder: Any = term.scope if field in _SCOPE else term.pays if field in _PAYS else term
    value = getattr(holder, field, None)
    if value is None or value == () or value == "" or value is False:
        return ""
    if field in _SCOPE:
        return " ".join(value)
    if field == "days":
        return "; ".join(
            f"{tier.through}:{decimal_dollars(tier.rate)}" if tier.through else decimal_dollars(tier.rate)
            for tier in value
        )
    if field in ("amount", "base_rate", "factor"):
        return decimal_dollars(value)
    return f"{value:f}" if isinstance(value, Decimal) else "yes" if value is True else str(value)
