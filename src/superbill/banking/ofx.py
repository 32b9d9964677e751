"""OFX and QFX statements: version 1 (SGML, whose leaves end without a tag) and version 2 (XML) by one reader.

Of the libraries, ofxtools is GPL and ofxparse turns the bank's day into that of another time zone. Entities other than
the five of the specification are never expanded, and declarations are refused.
"""

import re
from collections.abc import Iterator
from datetime import date

from superbill.banking.amounts import parse_amount
from superbill.banking.model import MAX_LINES, BankLine, StatementError, StatementRead, numbered
from superbill.banking.trace import find_trace
from superbill.money import MoneyError

_TOKEN = re.compile(r"<(/?)([A-Za-z0-9._]{1,64})\s*/?>([^<]*)")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}
_ENTITY = re.compile(r"&(?:#(\d{1,6})|([a-z]{2,5}));")
_STATEMENTS = frozenset({"STMTRS", "CCSTMTRS"})
_CORRECTION = frozenset({"CORRECTFITID", "CORRECTACTION"})


def is_ofx(text: str) -> bool:
    """Whether `text` looks like OFX of either version."""
    head = text[:4000].upper()
    return "OFXHEADER" in head or "<OFX>" in head


def read_ofx(text: str, name: str, account: str = "") -> StatementRead:
    """The booked lines of every account in an OFX file. `account` stands for a number that the file leaves empty.

    Raises StatementError with the line for what can't be read, for a currency that is not the dollar, and for a file
    that ends too early.
    """
    text = _without_cdata(text, name)
    upper = text.upper()
    start = upper.find("<OFX>")
    if start < 0:
        raise StatementError(f"{name}: no <OFX> in it. Export the statement as OFX or QFX again.")
    if "<!" in text:
        raise StatementError(f"{name}:{_line(text, text.find('<!'))}: declarations do not belong into OFX. Not read.")
    if upper.find("</OFX>") < 0:
        raise StatementError(f"{name}: ends before </OFX>: it is cut off. Export it again.")
    reader = _Reader(text, name, account)
    lines = list(reader.lines(start))
    return StatementRead(format="ofx", lines=numbered(lines), notes=tuple(reader.notes))


def _without_cdata(text: str, name: str) -> str:
    """Marked sections as plain text. One that does not end is refused at once, so that no search runs twice."""
    first, *rest = text.split(_CDATA)
    parts = [first]
    for part in rest:
        inside, end, after = part.partition(_CDATA_END)
        if not end:
            line = _line(text, sum(map(len, parts)))
            raise StatementError(f"{name}:{line}: a marked section (CDATA) does not end. Nothing was taken in.")
        parts += [inside.replace("&", "&amp;").replace("<", "&lt;"), after]
    return "".join(parts)


class _Reader:
    def __init__(self, text: str, name: str, account: str) -> None:
        self.text, self.name, self.named = text, name, account
        self.notes: list[str] = []

    def lines(self, start: int) -> Iterator[BankLine]:
        """Every STMTTRN, with the account of its statement."""
        account, opened, count = "", 0, 0
        transaction: dict[str, str] | None = None
        for match in _TOKEN.finditer(self.text, start):
            closing, tag, value = match[1] == "/", match[2].upper(), _plain(match[3])
            if tag in _STATEMENTS:
                account = ""
            elif tag == "STMTTRN" and transaction is not None and not closing:
                raise self._wrong(opened, "a transaction does not end before the next one begins")
            elif tag == "STMTTRN" and not closing:
                transaction, opened = {}, match.start()
            elif tag == "STMTTRN" and transaction is not None:
                if (line := self._transaction(transaction, account, opened)) is not None:
                    count += 1
                    yield line
                transaction = None
                if count > MAX_LINES:
                    raise self._wrong(opened, f"more than {MAX_LINES:,} lines; ask the bank for shorter periods")
            elif transaction is not None and value and not closing:
                transaction.setdefault(tag, value)
            elif tag == "ACCTID" and value and not account:
                account = value
            elif tag == "CURDEF" and value.upper() not in ("", "USD"):
                raise self._wrong(match.start(), f"a statement in {value}; these books are kept in USD")
        if transaction is not None:
            raise self._wrong(opened, "a transaction does not end")

    def _transaction(self, told: dict[str, str], account: str, at: int) -> BankLine | None:
        if _CORRECTION & told.keys():
            self.notes.append(
                f"{self.name}:{_line(self.text, at)}: passed over, the bank corrects line "
                f"{told.get('CORRECTFITID', '')}; look at it in the bank's own pages"
            )
            return None
        if not (account or self.named):
            raise self._wrong(at, "no account number (ACCTID) before it; name it with --account")
        words = [told[tag] for tag in ("NAME", "PAYEE", "MEMO", "EXTDNAME") if tag in told]
        text = " ".join(dict.fromkeys(words))
        trace = find_trace(text)
        try:
            amount = _amount(told.get("TRNAMT", ""))
        except MoneyError as error:
            raise self._wrong(at, f"TRNAMT: {error}") from None
        return BankLine(
            account=account or self.named,
            booked_on=self._day(told.get("DTPOSTED", ""), at),
            amount=amount,
            text=text,
            reference=told.get("FITID", "") or told.get("REFNUM", "") or told.get("CHECKNUM", ""),
            code=told.get("TRNTYPE", ""),
            trace=trace.number if trace else "",
            originator=trace.originator if trace else "",
        )

    def _day(self, text: str, at: int) -> date:
        """The day as the bank writes it: its own, whatever zone follows."""
        try:
            return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
        except ValueError:
            raise self._wrong(at, f"DTPOSTED {text!r} is no day") from None

    def _wrong(self, at: int, why: str) -> StatementError:
        return StatementError(f"{self.name}:{_line(self.text, at)}: {why}. Nothing was taken in.")


def _amount(text: str) -> int:
    """An OFX amount: the mark before the cents is a point or a comma, and the last one counts."""
    comma = text.rfind(",") > text.rfind(".") and len(text) - text.rfind(",") <= 3
    return parse_amount(text, "," if comma else ".")


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _plain(value: str) -> str:
    def character(match: re.Match[str]) -> str:
        if match[1]:
            code = int(match[1])
            return chr(code) if 31 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
        return _ENTITIES.get(match[2], match[0])

    return " ".join(_ENTITY.sub(character, value).split())
