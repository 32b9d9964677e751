"""Several diagnostic services of a day: the technical, and for imaging the professional, part of all but one is less.

Indicators 4 imaging, 6 cardiovascular, 7 ophthalmology of the fee schedule. Parts are ranked by their fee; a global
service is both its parts. The reduction comes before the cap at the hospital outpatient payment, and the lower of the
two is paid (final rule on the fee schedule of 2007).
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from msgspec import Struct

from superbill.codesets import tables as data
from superbill.codesets.mpfs.lookup import Indicators
from superbill.money import Cents, portion
from superbill.pricing.medicare.fee import Fee, Fees
from superbill.pricing.medicare.rules import rules
from superbill.pricing.medicare.tables import Tables
from superbill.pricing.medicare.work import Work

FAMILIES = {"4": "imaging-technical", "6": "cardiovascular", "7": "ophthalmology"}
_ANOTHER_SESSION = frozenset(["59", "XE"])


class _Part(Struct):
    """The technical or professional part of a line: how many units, the fee of one, and the cap of a technical one."""

    work: Work
    units: int
    fee: Cents
    uncapped: Cents
    cap: Cents | None


@cache
def global_tests() -> dict[str, tuple[str, ...]]:
    """Codes of a whole test (PC/TC indicator 4) with those of its technical part."""
    rows = data.rows(__package__, "global_tests.csv")
    return {row["code"]: tuple(row["technical"].split()) for row in rows}


def reduce_tests(works: Sequence[Work], tables: Tables, fees: Fees) -> None:
    """The reductions of all three families over the lines of one performer and day."""
    for indicator, rule in FAMILIES.items():
        lines = [work for work in works if work.open and work.row is not None and work.row.multiple == indicator]
        if indicator == "4":
            lines = [work for work in lines if _ANOTHER_SESSION.isdisjoint(work.line.modifiers)]
        if len(lines) < 2 and sum(work.whole for work in lines) < 2:
            continue
        _reduce([part for work in lines for part in _technical(work, tables, fees)], rule, "technical")
        if indicator == "4":
            professional = [part for work in lines for part in _professional(work, tables, fees)]
            _reduce(professional, "imaging-professional", "professional")


def _reduce(parts: list[_Part], rule: str, called: str) -> None:
    parts.sort(key=lambda part: (-part.fee, part.work.line.number))
    for part in parts:
        work, units = part.work, part.units - (part is parts[0])
        rates = rules()[rule].on(work.line.day)
        less = units * (part.fee - _left(part, rates[0])) if rates else 0
        if less:
            count = f"{units} units of the {called} part" if work.whole > 1 else f"the {called} part"
            text = f"Not the highest of the day's {rule.partition('-')[0]}: {count} at {rates[0] * 100:.0f} %"
            work.step(rule, text, work.amount - less)


def _left(part: _Part, rate: Decimal) -> Cents:
    reduced = portion(part.uncapped, rate)
    return reduced if part.cap is None else min(reduced, part.cap)


def _technical(work: Work, tables: Tables, fees: Fees) -> list[_Part]:
    row = work.row
    assert row is not None
    if row.modifier == "26" or row.components == "2":
        return []
    if row.modifier == "TC" or row.components == "3":
        return _parts(work, [row], fees)
    if row.components == "1":
        own = tables.schedule.indicators(row.code, "TC", work.line.day)
        return _parts(work, [own], fees) if own else []
    codes = global_tests().get(row.code, ())
    rows = [tables.schedule.indicators(code, "", work.line.day) for code in codes]
    return _parts(work, [each for each in rows if each is not None], fees)


def _professional(work: Work, tables: Tables, fees: Fees) -> list[_Part]:
    row = work.row
    assert row is not None
    if row.modifier == "26":
        return _parts(work, [row], fees)
    if row.modifier == "TC" or row.components != "1":
        return []
    own = tables.schedule.indicators(row.code, "26", work.line.day)
    return _parts(work, [own], fees) if own else []


def _parts(work: Work, rows: list[Indicators], fees: Fees) -> list[_Part]:
    """The part of a line; where a test's technical part has two codes, they are one part."""
    assert work.gpci is not None
    found: list[Fee] = [fees.fee(row, work.gpci, work.facility) for row in rows]
    if not found:
        return []
    cap = found[0].cap if len(found) == 1 else None
    fee, uncapped = sum(each.amount for each in found), sum(each.uncapped for each in found)
    return [_Part(work, work.whole, fee, uncapped, cap)]
