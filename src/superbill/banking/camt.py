"""CAMT.053, the bank-to-customer statement of ISO 20022, in any of its versions.

Parsed as a stream by defusedxml: declarations of types and entities are refused, so nothing expands.
"""

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from superbill.banking.amounts import parse_amount
from superbill.banking.model import MAX_LINES, BankLine, StatementError, StatementRead, numbered
from superbill.banking.trace import find_trace
from superbill.money import Cents, MoneyError, dollars

_OTHERS = {"BkToCstmrAcctRpt": "camt.052, an interim report", "BkToCstmrDbtCdtNtfctn": "camt.054, a notification"}
_SIGN = {"CRDT": 1, "DBIT": -1}


def is_camt(text: str) -> bool:
    """Whether `text` looks like a cash management message of ISO 20022."""
    head = text[:4000]
    return "camt.05" in head or "BkToCstmr" in head


def read_camt(data: bytes, name: str) -> StatementRead:
    """The booked entries of every statement in a CAMT.053 file. Raises StatementError naming the entry.

    Where a statement tells both its opening and its closing booked balance, the entries have to lead from the one to
    the other.
    """
    reader = _Reader(name)
    try:
        for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
            reader.take(event, _local(element), element)
    except DefusedXmlException:
        raise StatementError(f"{name}: declares types or entities, which no bank does. Not read.") from None
    except ParseError as error:
        line = error.position[0]
        raise StatementError(f"{name}:{line}: not whole XML ({error}). Export the statement again.") from None
    if not reader.statements:
        raise StatementError(f"{name}: holds no statement (Stmt). Ask the bank for camt.053.")
    return StatementRead(format="camt.053", lines=numbered(reader.lines), notes=tuple(reader.notes))


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: list[BankLine] = []
        self.notes: list[str] = []
        self.statements = 0
        self._entry, self._depth = 0, 0
        self._reset()

    def _reset(self) -> None:
        self._account, self._sum, self._entry = "", 0, 0
        self._balances: dict[str, Cents] = {}

    def take(self, event: str, tag: str, element: Any) -> None:
        """One event of the stream. What is read is let go of, so that memory stays small."""
        if event == "start":
            if tag in _OTHERS:
                raise StatementError(f"{self.name}: is {_OTHERS[tag]}. Ask the bank for the statement, camt.053.")
            if tag == "Stmt":
                self._reset()
                self.statements += 1
            self._depth += tag == "Ntry"
            return
        if tag == "Ntry":
            self._depth -= 1
            self._take_entry(element)
            element.clear()
        elif not self._depth and tag == "Acct" and not self._account:
            self._account = _text(element, "Id/IBAN") or _text(element, "Id/Othr/Id")
        elif not self._depth and tag == "Bal":
            code = _text(element, "Tp/CdOrPrtry/Cd")
            self._balances.setdefault(code, self._amount(element, f"balance {code}"))
        elif tag == "Stmt":
            self._check_balances()
            element.clear()

    def _take_entry(self, entry: Any) -> None:
        self._entry += 1
        where = f"entry {self._entry} of statement {self.statements}"
        status = _text(entry, "Sts/Cd") or _text(entry, "Sts")
        if status not in ("", "BOOK"):
            self.notes.append(f"{self.name}: {where}: passed over, not booked yet ({status})")
            return
        if not self._account:
            raise StatementError(f"{self.name}: {where}: no account before it. Nothing was taken in.")
        amount = self._amount(entry, where)
        self._sum += amount
        words = dict.fromkeys([_text(entry, "AddtlNtryInf"), *_details(entry)])
        text = " ".join(word for word in words if word)
        trace = find_trace(text)
        self.lines.append(
            BankLine(
                account=self._account,
                booked_on=self._day(entry, where),
                amount=amount,
                text=text,
                reference=_text(entry, "AcctSvcrRef") or _text(entry, "NtryRef"),
                code=_text(entry, "BkTxCd/Prtry/Cd") or _text(entry, "BkTxCd/Domn/Fmly/SubFmlyCd"),
                trace=trace.number if trace else "",
                originator=trace.originator if trace else "",
            )
        )
        if len(self.lines) > MAX_LINES:
            raise StatementError(f"{self.name}: more than {MAX_LINES:,} lines. Ask the bank for shorter periods.")

    def _amount(self, element: Any, where: str) -> Cents:
        currency = next((part.get("Ccy", "") for part in element if _local(part) == "Amt"), "")
        if currency not in ("", "USD"):
            raise StatementError(f"{self.name}: {where}: is in {currency}; these books are kept in USD.")
        sign = _SIGN.get(_text(element, "CdtDbtInd"))
        try:
            amount = parse_amount(_text(element, "Amt"))
        except MoneyError as error:
            raise StatementError(f"{self.name}: {where}: Amt: {error}. Nothing was taken in.") from None
        if sign is None:
            raise StatementError(f"{self.name}: {where}: CdtDbtInd tells neither CRDT nor DBIT. Nothing was taken in.")
        return sign * amount

    def _day(self, entry: Any, where: str) -> date:
        text = _text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm") or _text(entry, "ValDt/Dt")
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            raise StatementError(f"{self.name}: {where}: booking date {text[:30]!r} is no day.") from None

    def _check_balances(self) -> None:
        opening = self._balances.get("OPBD", self._balances.get("PRCD"))
        closing = self._balances.get("CLBD")
        if opening is not None and closing is not None and opening + self._sum != closing:
            raise StatementError(
                f"{self.name}: statement {self.statements}: {dollars(opening)} and its entries ({dollars(self._sum)}) "
                f"do not make {dollars(closing)}. The file was cut or changed; get it again."
            )


def _details(entry: Any) -> Iterator[str]:
    """What each transaction of the entry says: names, free text, references."""
    for part in entry.iter():
        tag, text = _local(part), " ".join((part.text or "").split())
        if text and tag in ("Ustrd", "AddtlRmtInf", "AddtlTxInf", "Nm", "EndToEndId") and text != "NOTPROVIDED":
            yield text


def _text(element: Any, path: str) -> str:
    """The text at a path of local names below `element`; "" where there is none."""
    for name in path.split("/"):
        element = next((part for part in element if _local(part) == name), None)
        if element is None:
            return ""
    return " ".join((element.text or "").split())


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
