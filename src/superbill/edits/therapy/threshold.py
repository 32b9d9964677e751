"""The yearly amount of therapy above which Medicare wants KX (thresholds.yaml)."""

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import files

import msgspec

from superbill.claims.model import Claim, ServiceLine
from superbill.edits.context import Context
from superbill.edits.fee_schedule import SYSTEM, row
from superbill.edits.professional import MEDICARE, PROFESSIONAL, on_file
from superbill.edits.rule import WARNING, Problem, rule
from superbill.edits.therapy.rule import ALWAYS
from superbill.effective import dated_table
from superbill.findings import line

_OCCUPATIONAL = "GO"
_THRESHOLDS = dated_table(
    {
        str(day): amount
        for day, amount in msgspec.yaml.decode(
            files("superbill.edits.therapy").joinpath("thresholds.yaml").read_bytes(), type=dict[date, int]
        ).items()
    },
    int,
)


@rule(
    "therapy.threshold",
    WARNING,
    source="Social Security Act §1833(g)(7); Claims Processing Manual ch. 5 §10.3.3",
    why="Above the year's amount Medicare denies therapy that KX does not say to be necessary.",
    since=date(2018, 1, 1),
    forms=PROFESSIONAL,
    payers=MEDICARE,
    needs=SYSTEM,
    when="history",
    codes=ALWAYS.__contains__,
)
def threshold(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Therapy above the year's amount has KX; physical and speech therapy count together, occupational apart.

    What was allowed so far is reckoned by the national fee schedule, before locality and reductions: a warning.
    """
    day = claim.service.start
    limit = _THRESHOLDS.on(day) if day else None
    if day is None or limit is None:
        return
    for occupational in (False, True):
        mine = [
            one for one in claim.lines if _counts(one, occupational, day.year) and "KX" not in one.procedure.modifiers
        ]
        if not mine:
            continue
        # History, then this claim: together what the year has come to.
        before = [
            one
            for past in ctx.history.claims
            if on_file(past) and past.claim.service.start and past.claim.service.start.year == day.year
            for one in past.claim.lines
            if _counts(one, occupational, day.year)
        ]
        so_far = sum((_allowed(one, ctx) for one in (*before, *mine)), Decimal(0))
        if so_far > limit:
            what = "Occupational therapy" if occupational else "Physical and speech therapy"
            dollars = so_far.quantize(Decimal(1), ROUND_HALF_UP)
            message = f"{what} of {day.year} comes to about ${dollars:,}, above ${limit:,}, and KX is missing."
            fix = "Add KX where the record shows that therapy is still necessary."
            yield Problem(line(mine[0].number, "modifiers"), message, fix)


def _counts(service: ServiceLine, occupational: bool, year: int) -> bool:
    start = service.service.start
    if start is None or start.year != year or service.procedure.code not in ALWAYS:
        return False
    return (_OCCUPATIONAL in service.procedure.modifiers) == occupational


def _allowed(service: ServiceLine, ctx: Context) -> Decimal:
    start = service.service.start
    found = row(ctx, service.procedure.code, "", start) if start else None
    return Decimal(0) if found is None else found.total(False) * found.factor * service.units
