"""BAI2 cash reports (Bank Administration Institute, Cash Management Balance Reporting, version 2).

Records 01 file, 02 group, 03 account, 16 transaction, 88 continuation; 49, 98 and 99 close them with control totals and
counts, which are all held to: a file that was cut or edited is refused. Amounts have no point and mean cents.
"""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct

from superbill.banking.model import MAX_LINES, BankLine, StatementError, StatementRead, numbered
from superbill.banking.trace import find_trace
from superbill.money import Cents

# Funds types with the number of fields that follow; D tells its number itself.
_AVAILABILITY = {"": 0, "0": 0, "1": 0, "2": 0, "Z": 0, "S": 3, "V": 2}
_GROUP_STATUS = {
    "2": "a deletion of what was reported before",
    "3": "a correction of what was reported before",
    "4": "a test",
}
_MAX_ROWS = 1000  # physical lines of one record; real ones have a few
_INTERIM = frozenset({"1", "3"})
_NOT_MONEY = frozenset({"890"})


class _Record(Struct, frozen=True):
    """One record with its continuations: `rows` physical lines from `line` on."""

    code: str
    fields: tuple[str, ...]
    line: int
    rows: int


def is_bai2(text: str) -> bool:
    """Whether `text` looks like a BAI2 file."""
    lines = text.lstrip().splitlines()[:3]
    return len(lines) > 1 and lines[0].startswith("01,") and any(line.startswith(("02,", "88,")) for line in lines[1:])


def read_bai2(text: str, name: str) -> StatementRead:
    """The transactions of every account in a BAI2 file. Raises StatementError with the line."""
    reader = _Reader(name)
    for record in _records(text, name):
        reader.take(record)
    if reader.open:
        raise StatementError(f"{name}: ends before record 99: it is cut off. Get it from the bank again.")
    return StatementRead(format="bai2", lines=numbered(reader.lines), notes=tuple(reader.notes))


def _records(text: str, name: str) -> list[_Record]:
    records: list[_Record] = []
    parts: list[tuple[int, str]] = []

    def close() -> None:
        if parts:
            whole = ""
            for place, (_, part) in enumerate(parts):
                ended = whole.endswith("/")
                whole = part if not place else f"{whole[:-1]},{part}" if ended else f"{whole} {part}"
            fields = whole.removesuffix("/").split(",")
            records.append(_Record(fields[0], tuple(fields[1:]), parts[0][0], len(parts)))
            parts.clear()

    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line:
            continue
        if line[:2] == "88":
            if not parts:
                raise StatementError(f"{name}:{number}: a continuation (88) of nothing. Nothing was taken in.")
            if len(parts) > _MAX_ROWS:
                raise StatementError(f"{name}:{number}: a record of more than {_MAX_ROWS} lines. Nothing was taken in.")
            parts.append((number, line[3:]))
        else:
            close()
            parts.append((number, line))
    close()
    return records


class _Reader:
    """Records in their order; totals of account, group and file grow until a trailer asks for them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: list[BankLine] = []
        self.notes: list[str] = []
        self.open: list[str] = []
        self._account, self._day = "", date.min
        self._skip = ""
        self._sums = {"03": 0, "02": 0, "01": 0}
        self._counts = {"03": 0, "02": 0, "01": 0}  # records in it
        self._parts = {"02": 0, "01": 0}  # accounts in a group, groups in a file

    def take(self, record: _Record) -> None:
        """One record, wherever it may stand."""
        kinds = {"01": self._file, "02": self._group, "03": self._account_record, "16": self._transaction,
                 "49": self._end, "98": self._end, "99": self._end}  # fmt: skip
        if record.code not in kinds:
            raise self._wrong(record, f"no record of BAI2 begins with {record.code[:10]!r}")
        for level in self._counts:
            self._counts[level] += record.rows
        kinds[record.code](record)

    def _file(self, record: _Record) -> None:
        self._begin(record, "01", [])
        version = record.fields[7] if len(record.fields) > 7 else ""
        if version.strip() not in ("2", ""):
            raise self._wrong(record, f"version {version} of BAI; version 2 is read")

    def _group(self, record: _Record) -> None:
        self._begin(record, "02", ["01"])
        fields = [*record.fields, *[""] * 7]
        status = fields[2].strip()
        self._skip = _GROUP_STATUS.get(status, "")
        if status in ("2", "3"):
            raise self._wrong(record, f"the group is {self._skip}, which a person has to look at")
        if fields[6].strip() in _INTERIM:
            self._skip = "not final yet"
        if fields[5].strip() not in ("", "USD"):
            raise self._wrong(record, f"a group in {fields[5]}; these books are kept in USD")
        if self._skip:
            self.notes.append(f"{self.name}:{record.line}: passed over, the group is {self._skip}")
        try:
            self._day = datetime.strptime(fields[3].strip(), "%y%m%d").date()  # noqa: DTZ007  # a bank's day
        except ValueError:
            raise self._wrong(record, f"as-of date {fields[3]!r} is no day as YYMMDD") from None

    def _account_record(self, record: _Record) -> None:
        self._begin(record, "03", ["01", "02"])
        self._account = record.fields[0].strip()
        if not self._account:
            raise self._wrong(record, "no account number")
        if len(record.fields) > 1 and record.fields[1].strip() not in ("", "USD"):
            raise self._wrong(record, f"an account in {record.fields[1]}; these books are kept in USD")
        rest = list(record.fields[2:])
        while len(rest) >= 2 and any(rest):
            amount, rest = rest[1].strip(), rest[2:]
            self._sums["03"] += self._cents(record, amount) if amount else 0
            rest = rest[1:]  # the item count
            rest = self._past_funds(record, rest)

    def _transaction(self, record: _Record) -> None:
        if self.open != ["01", "02", "03"]:
            raise self._wrong(record, "a transaction outside of an account")
        fields = [field.strip() for field in record.fields]
        if len(fields) < 2:
            raise self._wrong(record, "a transaction without an amount")
        code, amount = fields[0], self._cents(record, fields[1]) if fields[1] else 0
        self._sums["03"] += amount
        bank, customer, *words = [*self._past_funds(record, fields[2:]), "", ""]
        text = " ".join(",".join(words).strip(",").split())
        if self._skip or code in _NOT_MONEY:
            return
        trace = find_trace(text)
        line = BankLine(
            account=self._account,
            booked_on=self._day,
            amount=amount * self._way(record, code),
            text=text if not customer else f"{text} {customer}".strip(),
            reference=bank or customer,
            code=code,
            trace=trace.number if trace else "",
            originator=trace.originator if trace else "",
        )
        self.lines.append(line)
        if len(self.lines) > MAX_LINES:
            raise self._wrong(record, f"more than {MAX_LINES:,} lines; ask the bank for shorter periods")

    def _way(self, record: _Record, code: str) -> int:
        """Credits are 100 to 399 and the bank's own 920 to 959, debits 400 to 699 and 960 to 999."""
        number = int(code) if code.isascii() and code.isdigit() else 0
        if 100 <= number < 400 or 920 <= number < 960:
            return 1
        if 400 <= number < 700 or 960 <= number < 1000:
            return -1
        raise self._wrong(record, f"type code {code!r} tells neither credit nor debit")

    def _past_funds(self, record: _Record, fields: Sequence[str]) -> list[str]:
        """What follows the funds type and its availability."""
        if not fields:
            return []
        kind, rest = fields[0].strip().upper(), list(fields[1:])
        if kind == "D":
            count = rest[0].strip() if rest else ""
            if not (count.isascii() and count.isdigit() and len(count) < 4):
                raise self._wrong(record, "funds type D does not tell the number of its parts")
            return rest[1 + 2 * int(count) :]
        if kind not in _AVAILABILITY:
            raise self._wrong(record, f"no funds type {kind[:10]!r}")
        return rest[_AVAILABILITY[kind] :]

    def _begin(self, record: _Record, level: str, above: list[str]) -> None:
        if self.open != above:
            raise self._wrong(record, f"record {level} stands where none may begin")
        self.open.append(level)
        self._sums[level], self._counts[level] = 0, record.rows
        if level in self._parts:
            self._parts[level] = 0

    def _end(self, record: _Record) -> None:
        level, parent = {"49": ("03", "02"), "98": ("02", "01"), "99": ("01", "")}[record.code]
        if not self.open or self.open[-1] != level:
            raise self._wrong(record, f"record {record.code} ends what did not begin")
        self.open.pop()
        fields = [field.strip() for field in record.fields]
        wanted = {"control total": self._sums[level], "number of records": self._counts[level]}
        names = ["control total", "number of records"]
        if level != "03":
            wanted["number of parts"] = self._parts[level]
            names.insert(1, "number of parts")
        for name, told in zip(names, fields, strict=False):
            if told and self._cents(record, told) != wanted[name]:
                raise self._wrong(
                    record, f"{name} {told}, but {wanted[name]} were read: the file was cut or changed; get it again"
                )
        if parent:
            self._sums[parent] += self._sums[level]
            self._parts[parent] += 1

    def _cents(self, record: _Record, text: str) -> Cents:
        digits = text.lstrip("+-")
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 16 or len(text) - len(digits) > 1:
            raise self._wrong(record, f"{text[:30]!r} is no amount of cents")
        return int(text)

    def _wrong(self, record: _Record, why: str) -> StatementError:
        return StatementError(f"{self.name}:{record.line}: record {record.code[:2]}: {why}. Nothing was taken in.")
