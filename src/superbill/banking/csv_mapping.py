"""Which column of a bank's CSV is what: guessed from its header and values, or told by a small TOML file."""

import csv
import io
import tomllib
from collections.abc import Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from superbill.banking.amounts import fitting_decimals, fitting_formats
from superbill.banking.model import MAX_LINES, StatementError

_HEADER_WITHIN = 30
_NAMES: dict[str, tuple[str, ...]] = {
    "date": (
        "posting date", "posted date", "post date", "date posted", "booking date", "booked on", "transaction date",
        "trans date", "effective date", "process date", "as of date", "as-of date", "date",
    ),
    "amount": ("amount", "transaction amount", "amount (usd)", "amount usd", "net amount", "value"),
    "debit": ("debit", "debits", "debit amount", "withdrawal", "withdrawals", "withdrawal amount", "money out",
              "amount debit", "paid out"),
    "credit": ("credit", "credits", "credit amount", "deposit", "deposits", "deposit amount", "money in",
               "amount credit", "paid in"),
    "direction": ("dr/cr", "cr/dr", "debit/credit", "credit/debit", "debit or credit", "credit or debit",
                  "credit debit indicator", "details", "transaction type", "type"),
    "reference": (
        "bank reference", "bank reference number", "reference", "reference number", "transaction id", "fitid",
        "transaction reference", "serial number", "check number", "check #", "check or slip #", "slip number",
    ),
    "account": ("account", "account number", "account no", "account #", "iban"),
    "trace": ("trn", "trace number", "trn trace number", "reassociation trace number", "payment related information"),
    "currency": ("currency", "ccy", "currency code"),
    "status": ("status", "state"),
    "code": ("bai code", "tran type", "type code", "transaction code"),
}  # fmt: skip
_TEXT = (
    "description", "transaction description", "original description", "memo", "payee", "name", "text", "detail",
    "transaction detail", "narrative", "notes", "extended description", "addenda", "addendum", "additional information",
    "customer reference", "payment related information",
)  # fmt: skip


class CsvMapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Column names of a bank's CSV (case aside). Either `amount`, or `debit` and `credit`, is a column.

    `text`: columns that together say what the line is. `direction`: a column of DR/CR words for an unsigned `amount`.
    `sign`: whether money in is positive in `amount`. `date_format` as strptime's, `decimal` the mark before the cents.
    `header_line` counts from 1. `skip_status`: words in the column `status` for lines that are not booked yet.
    `account`: the column of account numbers; "" when the file is of one account that is told with the file.
    """

    date: str
    amount: str = ""
    debit: str = ""
    credit: str = ""
    direction: str = ""
    text: tuple[str, ...] = ()
    reference: str = ""
    account: str = ""
    trace: str = ""
    currency: str = ""
    status: str = ""
    code: str = ""
    date_format: str = "%m/%d/%Y"
    decimal: Literal[".", ","] = "."
    sign: Literal["credit positive", "debit positive"] = "credit positive"
    delimiter: str = ","
    header_line: int = 1
    skip_status: tuple[str, ...] = ("pending", "scheduled", "in process", "processing")


def read_mapping(text: str, name: str) -> CsvMapping:
    """The mapping that a TOML text gives. Raises StatementError."""
    try:
        mapping = msgspec.convert(tomllib.loads(text), CsvMapping)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise StatementError(f"{name}: {error}. superbill bank columns FILE writes one to start from.") from None
    if bool(mapping.amount) == bool(mapping.debit or mapping.credit):
        raise StatementError(f"{name}: name either the column amount, or the columns debit and credit.")
    if len(mapping.delimiter) != 1:
        raise StatementError(f"{name}: delimiter is one character, not {mapping.delimiter!r}.")
    return mapping


def mapping_text(mapping: CsvMapping) -> str:
    """The mapping as TOML, for a person to look at and correct."""
    values = {key: value for key, value in msgspec.to_builtins(mapping).items() if key != "skip_status"}
    values["date_format"], values["decimal"], values["sign"] = mapping.date_format, mapping.decimal, mapping.sign
    return "".join(f"{key} = {_toml(value)}\n" for key, value in values.items())


def _toml(value: object) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml(each) for each in value)}]"
    # A JSON string is a TOML basic string but for \/ and surrogates, which msgspec writes neither of.
    return msgspec.json.encode(value).decode()


def guess_mapping(text: str, name: str) -> CsvMapping:
    """The mapping that header and values suggest. Raises StatementError where they allow none, with what is missing."""
    delimiter = _delimiter(text)
    rows = list(rows_of(text, delimiter, name))
    for place, (line, row) in enumerate(rows[:_HEADER_WITHIN]):
        found = _columns(row)
        if "date" in found and ("amount" in found or ("debit" in found and "credit" in found)):
            return _completed(found, row, [cells for _, cells in rows[place + 1 :]], delimiter, line, name)
    wanted = "a column for the date and one for the amount (or two: debit and credit)"
    raise StatementError(
        f"{name}: the first {_HEADER_WITHIN} lines hold no header with {wanted}. Tell the columns with --mapping FILE."
    )


def rows_of(text: str, delimiter: str, name: str) -> list[tuple[int, list[str]]]:
    """(line number, cells) of every row that is not blank. Raises StatementError for broken quoting."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, [cell.strip() for cell in row]))
            if len(rows) > MAX_LINES + _HEADER_WITHIN:
                raise StatementError(f"{name}: more than {MAX_LINES:,} lines. Ask the bank for shorter periods.")
    except csv.Error as error:
        raise StatementError(f"{name}:{reader.line_num}: not CSV: {error}. Export the file again.") from None
    return rows


def _delimiter(text: str) -> str:
    head = text.splitlines()[:_HEADER_WITHIN]
    return max(",;\t|", key=lambda mark: sum(line.count(mark) for line in head))


def _columns(row: Sequence[str]) -> dict[str, str]:
    names = {cell.strip().casefold(): cell for cell in row if cell.strip()}
    found: dict[str, str] = {}
    for role, words in _NAMES.items():
        for word in words:
            if word in names:
                found.setdefault(role, names[word])
    if "amount" in found and "credit" in found and "debit" in found:
        del found["amount"]
    elif "amount" in found:
        found.pop("credit", None)
        found.pop("debit", None)
    return found


def _completed(
    found: dict[str, str], header: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str, line: int, name: str
) -> CsvMapping:
    def values(role: str) -> list[str]:
        place = header.index(found[role]) if role in found else len(header)
        return [row[place] for row in rows if place < len(row) and row[place]]

    forms = fitting_formats(values("date"))
    if rows and not forms:
        raise StatementError(
            f"{name}: the days in column {found['date']!r} have no form that is known. Give date_format by --mapping."
        )
    money = [text for role in ("amount", "debit", "credit") for text in values(role)]
    decimals = fitting_decimals(money)
    if not decimals:
        raise StatementError(
            f"{name}: column {found.get('amount', found.get('debit'))!r} holds what is no amount of money. "
            "Tell the columns with --mapping FILE."
        )
    directions = [word.casefold() for word in values("direction")]
    if not directions or not set(directions) <= {"cr", "dr", "c", "d", "credit", "debit", "crdt", "dbit"}:
        found.pop("direction", None)
    if "amount" in found and "direction" in found and any(text.strip().startswith(("-", "(")) for text in money):
        del found["direction"]  # the amounts have a sign of their own
    lower = {cell.casefold(): cell for cell in header}
    return CsvMapping(
        **{role: column for role, column in found.items() if role != "text"},  # type: ignore[arg-type]  # roles are fields
        text=tuple(lower[word] for word in _TEXT if word in lower and lower[word] not in found.values())
        or ((found["trace"],) if "trace" in found else ()),
        date_format=forms[0] if forms else "%m/%d/%Y",
        decimal=decimals[0],
        delimiter=delimiter,
        header_line=line,
    )
