"""Medically unlikely edits (MUE): the most units of a code that are believed of one provider, patient and day.

By the MUE adjudication indicator (MAI) the most is of each line (1), or of a day over all lines and claims: by policy,
with no way past it (2), or by what is clinically likely, denied at first and paid on appeal with records (3). One line
with modifier 50 and one unit is a bilateral procedure: two lines, or two units, count twice (MLN Matters SE1422).
"""

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from superbill.claims.model import Claim, ServiceLine
from superbill.codesets.mue.importer import system
from superbill.codesets.mue.lookup import DAY_CLINICAL, DAY_POLICY, LINE, Most, UnitTable
from superbill.edits.context import Context, PastLine
from superbill.edits.mue.policy import policy
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.edits.services import earlier, first_day, last_day, performer
from superbill.findings import Severity, line

_SOURCE = "Medicare's MUE table; NCCI Policy Manual, chapter I §V"
_PRACTITIONER, _HOSPITAL = system("practitioner"), system("hospital")
_BEGAN = date(2007, 1, 1)
"""Medicare holds claims against MUE since then."""
_MAI = date(2013, 4, 1)
"""CMS publishes the MUE adjudication indicator since then; before, every MUE was of a line."""
_WHY_LINE = "The units of each line are held against the most that is believed of the code; the line is denied."
_WHY_DAY = (
    "The units of a day are added up over all lines and claims; above the most, every line of the code is denied."
)
_SIDES = frozenset({"RT", "LT", "50"})
_NONE, _ONE = Decimal(0), Decimal(1)


@rule("mue.line", ERROR, source=_SOURCE, why=_WHY_LINE, since=_BEGAN, forms=("professional",), needs=_PRACTITIONER)
def of_line(claim: Claim, context: Context) -> Iterator[Problem]:
    """A line has no more units than the MUE of its code, where the MUE is of a line (MAI 1)."""
    return _lines(claim, context)


@rule(
    "mue.hospital-line", ERROR, source=_SOURCE, why=_WHY_LINE, since=_BEGAN, forms=("institutional",), needs=_HOSPITAL
)
def of_hospital_line(claim: Claim, context: Context) -> Iterator[Problem]:
    """A line of an outpatient bill has no more units than the hospital's MUE of its code, where it is of a line."""
    return _lines(claim, context)


@rule("mue.day", ERROR, source=_SOURCE, why=_WHY_DAY, since=_MAI, forms=("professional",), needs=_PRACTITIONER)
def of_day(claim: Claim, context: Context) -> Iterator[Problem]:
    """The units of a day are no more than the MUE of the code, where that is of a day by policy (MAI 2)."""
    return _days(claim, context, DAY_POLICY)


@rule("mue.hospital-day", ERROR, source=_SOURCE, why=_WHY_DAY, since=_MAI, forms=("institutional",), needs=_HOSPITAL)
def of_hospital_day(claim: Claim, context: Context) -> Iterator[Problem]:
    """On an outpatient bill the units of a day are no more than the hospital's MUE by policy (MAI 2)."""
    return _days(claim, context, DAY_POLICY)


@rule("mue.likely", WARNING, source=_SOURCE, why=_WHY_DAY, since=_MAI, forms=("professional",), needs=_PRACTITIONER)
def likely(claim: Claim, context: Context) -> Iterator[Problem]:
    """The units of a day are no more than is clinically likely by the MUE of the code (MAI 3)."""
    return _days(claim, context, DAY_CLINICAL)


@rule(
    "mue.hospital-likely", WARNING, source=_SOURCE, why=_WHY_DAY, since=_MAI, forms=("institutional",), needs=_HOSPITAL
)
def hospital_likely(claim: Claim, context: Context) -> Iterator[Problem]:
    """On an outpatient bill the units of a day are no more than is clinically likely by the hospital's MUE (MAI 3)."""
    return _days(claim, context, DAY_CLINICAL)


def _table(claim: Claim, context: Context) -> UnitTable | None:
    """The table that a claim is held to; a supplier's where it is there, else that of practitioners."""
    tables, setting = context.reference.units, policy().setting(claim)
    return tables.get(setting) or (tables.get("practitioner") if setting == "dme" else None)


def _by_line(claim: Claim, context: Context) -> bool:
    """Whether every MUE is of a line with this payer, or was at the time."""
    first = claim.service.start
    return context.payer.kind in policy().by_line or (first is not None and first < _MAI)


def _above(claim: Claim, table: UnitTable) -> list[tuple[ServiceLine, Most]]:
    """The lines whose units by themselves are above the MUE of the code. Most claims have none: this must be quick."""
    above = []
    day: date | None = None
    for each in claim.lines:
        start = each.service.start or first_day(claim, each)
        if start is None:
            continue
        if start != day:
            day, known = start, table.on(start)
        most = known[each.procedure.code]
        if most is None or each.units <= most.units or each.unit_kind != "UN":
            continue
        if _daily(claim, each) > most.units:
            above.append((each, most))
    return above


def _lines(claim: Claim, context: Context) -> Iterator[Problem]:
    table = _table(claim, context)
    for each, most in _above(claim, table) if table is not None else ():
        if table is not None and (most.indicator == LINE or _by_line(claim, context)):
            yield Problem(
                line(each.number, "units"),
                f"{_count(_daily(claim, each))} units of {most.code} on a line; {_of(table, most, claim, each)}.",
                _fix_line(each, most),
            )


def _days(claim: Claim, context: Context, indicator: int) -> Iterator[Problem]:
    table = _table(claim, context)
    if table is None or _by_line(claim, context):
        return
    alone = len(claim.codes) == len(claim.lines) and not context.history.claims
    if alone and not _above(claim, table):
        return
    totals: dict[tuple[str, date, str], Decimal] = {}
    for each in claim.lines:
        day = first_day(claim, each)
        most = None if day is None or each.unit_kind != "UN" else table.most(each.procedure.code, day)
        if day is not None and most is not None and most.indicator == indicator:
            group = (most.code, day, performer(claim, each))
            totals[group] = totals.get(group, _NONE) + _daily(claim, each)
    for (code, day, by), units in totals.items():
        before = _before(claim, context, code, day, by)
        billed = sum((_daily(past.past.claim, past.line) for past in before), _NONE)
        most = table.most(code, day)
        if most is not None and units + billed > most.units:
            mine = [each for each in claim.lines if _counts(claim, each, code, day, by)]
            yield _too_many(claim, context, table, most, mine, before, units + billed)


def _before(claim: Claim, context: Context, code: str, day: date, by: str) -> list[PastLine]:
    """The lines of a code, day and performer on earlier claims to this payer."""
    if not context.history.claims:
        return []
    return [past for past in earlier(claim, context, day) if _counts(past.past.claim, past.line, code, day, by)]


def _too_many(
    claim: Claim, context: Context, table: UnitTable, most: Most, mine: list[ServiceLine], before: list[PastLine],
    units: Decimal,
) -> Problem:  # fmt: skip
    last = max(mine, key=lambda each: each.number)
    others = sorted({past.past.claim.control_number for past in before})
    billed = sum((_daily(past.past.claim, past.line) for past in before), _NONE)
    with_them = f", {_count(billed)} of them on claim {', '.join(others)}" if others else ""
    severity: Severity | None = None
    if most.indicator == DAY_CLINICAL:
        severity = policy().likely.get(context.payer.kind)
    return Problem(
        line(last.number, "units"),
        f"{_count(units)} units of {most.code} on {first_day(claim, last)}{with_them}; "
        f"{_of(table, most, claim, last)}.",
        _fix_day(mine, most),
        severity,
    )


def _counts(claim: Claim, each: ServiceLine, code: str, day: date, by: str) -> bool:
    return (
        each.procedure.code == code
        and each.unit_kind == "UN"
        and first_day(claim, each) == day
        and performer(claim, each) == by
    )


def _daily(claim: Claim, each: ServiceLine) -> Decimal:
    """The units of one day of a line: those of one over several days are spread evenly, to the nearest whole."""
    first, last = first_day(claim, each), last_day(claim, each)
    if first is None or last is None or first == last:
        return each.units
    return (each.units / ((last - first).days + 1)).quantize(_ONE, ROUND_HALF_UP)


def _count(units: Decimal) -> str:
    return f"{units.normalize():f}"


def _of(table: UnitTable, most: Most, claim: Claim, each: ServiceLine) -> str:
    """The MUE in a few words: how many, on what, by which table, CMS's reason."""
    day = first_day(claim, each)
    release = None if day is None else table.on(day).release
    version = release.version if release is not None else ""
    what = "a line" if most.indicator == LINE else "a day"
    return (
        f"the MUE is {most.units} on {what} ({table.setting} table {version}, MAI {most.indicator}, {most.rationale})"
    )


def _fix_line(each: ServiceLine, most: Most) -> str:
    if "50" in each.procedure.modifiers:
        return "Bill a bilateral procedure with 50 and one unit."
    if most.units == 0:
        return f"Take {most.code} off: no unit of it is paid here."
    return (
        f"See that the units are what was done. If so, bill those above {most.units} on a line of their own with the "
        "modifier that the record bears out (76, 77, 91, a place on the body, 59)."
    )


def _fix_day(mine: list[ServiceLine], most: Most) -> str:
    sides = _SIDES.intersection(*(each.procedure.modifiers for each in mine)) if len(mine) == 1 else set()
    named = [_SIDES.intersection(each.procedure.modifiers) for each in mine]
    if "50" in sides or (len(mine) > 1 and all(named) and frozenset().union(*named) >= {"RT", "LT"}):
        return "Bill a bilateral procedure on one line with 50 and one unit."
    if most.units == 0:
        return f"Take {most.code} off: no unit of it is paid here."
    if most.indicator == DAY_POLICY:
        return f"Bill no more than {most.units}: by law or policy more can't be paid, on appeal neither."
    return (
        f"See that the units are what was done. If so, send the record with the claim or appeal the denial of those "
        f"above {most.units}; modifiers and more lines don't help."
    )
