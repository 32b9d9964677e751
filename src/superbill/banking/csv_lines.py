"""Bank lines of a CSV, by a mapping of its columns."""

from collections.abc import Sequence

from superbill.banking.amounts import parse_amount, parse_day, side
from superbill.banking.csv_mapping import CsvMapping, rows_of
from superbill.banking.model import BankLine, StatementError, StatementRead, numbered
from superbill.banking.trace import find_trace, same_trace
from superbill.money import Cents, MoneyError


def read_csv(text: str, name: str, mapping: CsvMapping, account: str = "") -> StatementRead:
    """The lines of a CSV. `account` is whose they are where no column tells.

    Raises StatementError with line and column for a cell that can't be read. Rows without any amount (opening and
    closing balances) and rows that are not booked yet are passed over with a note.
    """
    reader = _Reader(name, mapping, account)
    rows = rows_of(text, mapping.delimiter, name)
    header = next((row for line, row in rows if line == mapping.header_line), None)
    if header is None:
        raise StatementError(f"{name}:{mapping.header_line}: there is no header. Correct header_line in the mapping.")
    reader.take_header(header)
    lines = []
    for number, row in rows:
        if number > mapping.header_line and (line := reader.line(number, row)):
            lines.append(line)
    return StatementRead(format="csv", lines=numbered(lines), notes=tuple(reader.notes))


class _Reader:
    def __init__(self, name: str, mapping: CsvMapping, account: str) -> None:
        self.name, self.mapping, self.account = name, mapping, account
        self.notes: list[str] = []
        self._places: dict[str, int] = {}

    def take_header(self, header: Sequence[str]) -> None:
        """Where each column of the mapping stands."""
        places = {cell.casefold(): place for place, cell in enumerate(header)}
        mapping = self.mapping
        single = ("date", "amount", "debit", "credit", "direction", "reference", "account", "trace", "currency",
                  "status", "code")  # fmt: skip
        for column in (*(getattr(mapping, role) for role in single), *mapping.text):
            if column and column.casefold() not in places:
                there = ", ".join(repr(cell) for cell in header if cell)
                raise StatementError(f"{self.name}:{mapping.header_line}: no column {column!r} among {there}.")
            if column:
                self._places[column] = places[column.casefold()]
        if not (mapping.account or self.account):
            raise StatementError(f"{self.name}: no column tells the bank account. Name it with --account.")

    def line(self, number: int, row: Sequence[str]) -> BankLine | None:
        """The line that a row is; None when it is none."""
        mapping = self.mapping
        if mapping.status and self._cell(row, mapping.status).casefold() in mapping.skip_status:
            self.notes.append(f"{self.name}:{number}: passed over, not booked yet")
            return None
        amount = self._amount(number, row)
        if amount is None:
            self.notes.append(f"{self.name}:{number}: passed over, no amount")
            return None
        currency = self._cell(row, mapping.currency).upper()
        if currency not in ("", "USD"):
            raise self._wrong(number, mapping.currency, f"{currency} is not dollars; these books are kept in USD")
        text = " ".join(filter(None, (self._cell(row, column) for column in mapping.text)))
        told = self._cell(row, mapping.trace)
        trace = find_trace(told) or find_trace(text)
        try:
            day = parse_day(self._cell(row, mapping.date), mapping.date_format)
        except ValueError:
            raise self._wrong(number, mapping.date, f"no day as {mapping.date_format}") from None
        return BankLine(
            account=self._cell(row, mapping.account) or self.account,
            booked_on=day,
            amount=amount,
            text=text,
            reference=self._cell(row, mapping.reference),
            code=self._cell(row, mapping.code) or self._cell(row, mapping.direction),
            trace=trace.number if trace else same_trace(told),
            originator=trace.originator if trace else "",
        )

    def _amount(self, number: int, row: Sequence[str]) -> Cents | None:
        mapping = self.mapping
        if mapping.amount:
            amount = self._money(number, row, mapping.amount)
            if amount is None:
                return None
            if mapping.direction:
                way = side(self._cell(row, mapping.direction))
                if way is None:
                    raise self._wrong(number, mapping.direction, "neither debit nor credit")
                return way * abs(amount)
            return amount if mapping.sign == "credit positive" else -amount
        debit, credit = (self._money(number, row, column) if column else None
                         for column in (mapping.debit, mapping.credit))  # fmt: skip
        if debit and credit:
            raise self._wrong(number, mapping.debit, "both a debit and a credit")
        if debit is None and credit is None:
            return None
        return -abs(debit) if debit else abs(credit or 0)

    def _money(self, number: int, row: Sequence[str], column: str) -> Cents | None:
        text = self._cell(row, column)
        if not text:
            return None
        try:
            return parse_amount(text, self.mapping.decimal)
        except MoneyError as error:
            raise self._wrong(number, column, str(error)) from None

    def _cell(self, row: Sequence[str], column: str) -> str:
        place = self._places.get(column) if column else None
        return row[place] if place is not None and place < len(row) else ""

    def _wrong(self, number: int, column: str, why: str) -> StatementError:
        return StatementError(
            f"{self.name}:{number}: column {column!r}: {why}. Nothing was taken in; correct the file or the mapping."
        )
