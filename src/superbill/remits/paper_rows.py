"""What a person types for a line of a paper EOB, in one text or as a row of a spreadsheet."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from superbill.claims.model import Adjustment
from superbill.money import Cents, MoneyError, parse_dollars
from superbill.remits.paper import KeyedClaim, KeyedLine, KeyedProviderAdjustment, PaperRemittance

HEADER = ("payer", "check", "date", "amount", "claim", "line")
COLUMNS = (*HEADER, "status", "payer_control_number", "allowed", "deductible", "coinsurance", "copay", "paid", "other")
_AMOUNTS = {
    "paid": "paid",
    "allowed": "allowed",
    "deductible": "deductible",
    "ded": "deductible",
    "coinsurance": "coinsurance",
    "coins": "coinsurance",
    "copay": "copay",
}
_PLB = "plb"  # in the column claim: the row is the check's own adjustment


class BadKeying(ValueError):
    """Text that says no line of a paper; the message names the place and the fix."""


def amount_of(text: str) -> Cents:
    """Cents of an amount as people write it: "1,234.50", "$80". Raises MoneyError."""
    return parse_dollars(text.strip().removeprefix("$").replace(",", ""))


def read_line(text: str) -> KeyedLine:
    """The line that a text such as "1 allowed=80 paid=60 ded=20 CO-97=12.50 N130" keys.

    First the line's number on our claim; then name=dollars (allowed, deductible or ded, coinsurance or coins, copay,
    paid), GROUP-CARC=dollars, and remark codes. Raises BadKeying.
    """
    number, _, rest = text.strip().partition(" ")
    if not number.isdigit() or number == "0":
        raise BadKeying(f"{text!r}: a line begins with its number on the claim, as in: 1 allowed=80 paid=60 ded=20")
    return KeyedLine(number=int(number), **_told(rest.split()))


def read_provider_adjustment(text: str) -> KeyedProviderAdjustment:
    """The check's own adjustment that a text such as "L6=-3.20" or "WO=50.00 REF123" keys. Raises BadKeying."""
    said, _, reference = text.strip().partition(" ")
    reason, equals, amount = said.partition("=")
    if not reason or not equals:
        raise BadKeying(f"{text!r}: an adjustment of the check is REASON=DOLLARS REFERENCE, as in: L6=-3.20")
    return KeyedProviderAdjustment(reason=reason, amount=_cents(amount, text), reference=reference.strip())


def read_papers(lines: Iterable[str], name: str) -> list[PaperRemittance]:
    """The papers of a CSV with the header `COLUMNS` (those of HEADER must be there), one row for each line keyed.

    A row with "plb" as its claim is an adjustment of the check (in `other`). Rows of one payer and check are one
    paper. Raises BadKeying with the file's line.
    """
    rows = csv.DictReader(lines)
    there = tuple(rows.fieldnames or ())
    if missing := [column for column in HEADER if column not in there]:
        raise BadKeying(f"{name}: the header has no {', '.join(missing)}. It is: {','.join(COLUMNS)}")
    if strange := [column for column in there if column not in COLUMNS]:
        raise BadKeying(f"{name}: there is no column {strange[0]}. The header is: {','.join(COLUMNS)}")
    checks: dict[tuple[str, str], list[tuple[int, dict[str, str]]]] = {}
    for row in rows:
        if None in row or None in row.values():
            raise BadKeying(f"{name}:{rows.line_num}: the row has not as many fields as the header.")
        said = {column: value.strip() for column, value in row.items()}
        checks.setdefault((said["payer"], said["check"]), []).append((rows.line_num, said))
    return [_paper(name, key, mine) for key, mine in checks.items()]


def _paper(name: str, key: tuple[str, str], rows: list[tuple[int, dict[str, str]]]) -> PaperRemittance:
    days, amounts = {row["date"] for _, row in rows}, {row["amount"] for _, row in rows}
    if len(days) != 1 or len(amounts) != 1:
        raise BadKeying(f"{name}:{rows[-1][0]}: the rows of check {key[1]} name more than one date or amount.")
    claims: dict[tuple[str, str], KeyedClaim] = {}
    adjustments: list[KeyedProviderAdjustment] = []
    for number, row in rows:
        place = f"{name}:{number}"
        if row["claim"].casefold() == _PLB:
            adjustments.append(_at(place, read_provider_adjustment, row.get("other", "")))
            continue
        status = row.get("status", "") or "1"
        line = _at(place, read_line, " ".join(_words(row)))
        before = claims.get((row["claim"], status))
        claims[row["claim"], status] = KeyedClaim(
            control_number=row["claim"],
            status=status,
            payer_control_number=row.get("payer_control_number", "") or (before.payer_control_number if before else ""),
            lines=(*(before.lines if before else ()), line),
        )
    try:
        day, amount = date.fromisoformat(days.pop()), amount_of(amounts.pop())
    except ValueError as error:
        raise BadKeying(f"{name}:{rows[0][0]}: {error}. Dates are YYYY-MM-DD, amounts dollars.") from None
    return PaperRemittance(
        payer=key[0],
        check_number=key[1],
        on=day,
        amount=amount,
        claims=tuple(claims.values()),
        provider_adjustments=tuple(adjustments),
    )


def _words(row: Mapping[str, str]) -> Iterator[str]:
    yield row["line"]
    for column in ("allowed", "deductible", "coinsurance", "copay", "paid"):
        if row.get(column):
            yield f"{column}={row[column]}"
    yield row.get("other", "")


def _at(place: str, read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except BadKeying as error:
        raise BadKeying(f"{place}: {error}") from None


def _told(words: Iterable[str]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    adjustments: list[Adjustment] = []
    remarks: list[str] = []
    for word in words:
        name, equals, amount = word.partition("=")
        field = _AMOUNTS.get(name.casefold())
        if not equals:
            remarks.append(word.upper())
        elif field in told:
            raise BadKeying(f"{word!r}: {field} is there twice.")
        elif field:
            told[field] = _cents(amount, word)
        else:
            group, dash, code = name.upper().partition("-")
            if not dash or not group or not code:
                known = ", ".join(dict.fromkeys(_AMOUNTS.values()))
                raise BadKeying(f"{word!r}: is none of {known}, and no reason as in CO-97=12.50.")
            adjustments.append(Adjustment(group, code, _cents(amount, word)))
    return told | {"adjustments": tuple(adjustments), "remarks": tuple(remarks)}


def _cents(text: str, where: str) -> Cents:
    try:
        return amount_of(text)
    except MoneyError as error:
        raise BadKeying(f"{where!r}: {error}") from None
