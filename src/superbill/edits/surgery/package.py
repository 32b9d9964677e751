"""The global surgical package: the days that it has, and the operations whose days a service falls into.

Medicare counts a minor procedure's days from the day after it (10 of them), a major one's likewise (90), and with a
major one the day before (Claims Processing Manual ch. 12 §40.1).
"""

from datetime import date, timedelta

from msgspec import Struct

from superbill.claims.model import Claim, ServiceLine
from superbill.edits.context import Context
from superbill.edits.fee_schedule import row, scheduled
from superbill.edits.professional import VISITS, on_file, same_clinician

DAYS_AFTER = {"010": 10, "090": 90}
MINOR = frozenset({"000", "010"})
MAJOR = "090"
PACKAGES = frozenset({"000", "010", "090"})
_LONGEST = 90
_ONE = timedelta(1)
# Assistants have no days of aftercare; a return to the operating room (78) begins none; with 54 another gives them.
_NO_DAYS = frozenset({"54", "56", "78", "80", "81", "82", "AS", "TC"})


class Operation(Struct, frozen=True):
    """A procedure with a global package, on its day, and the claim that it is on."""

    code: str
    day: date
    global_days: str
    claim: Claim
    modifiers: tuple[str, ...]

    @property
    def last_day(self) -> date:
        """The last day of its aftercare."""
        return date.fromordinal(self.day.toordinal() + DAYS_AFTER.get(self.global_days, 0))


def covers(operation: Operation, day: date) -> bool:
    """Whether a day is among those after the operation: 1 to 10 or 1 to 90; the day itself is not."""
    return 0 < (day - operation.day).days <= DAYS_AFTER.get(operation.global_days, 0)


def _operation(claim: Claim, service: ServiceLine, global_days: str) -> Operation | None:
    day = service.service.start
    if day is None or global_days not in PACKAGES or not _NO_DAYS.isdisjoint(service.procedure.modifiers):
        return None
    return Operation(service.procedure.code, day, global_days, claim, service.procedure.modifiers)


class Around(Struct, frozen=True):
    """The operations near a claim: on it and, with their lines, in the history around its days."""

    here: tuple[tuple[ServiceLine, Operation], ...]
    earlier: tuple[tuple[ServiceLine, Operation], ...]
    global_days: frozenset[str]


_NONE = Around((), (), frozenset())
# The claim that was asked last: the edits of one claim come one after the other.
_last: tuple[Claim | None, Context | None, Around] = (None, None, _NONE)


def around(claim: Claim, ctx: Context) -> Around:
    """The operations on the claim, and those of history from 90 days before its first day to the day after its last."""
    global _last
    asked, context, found = _last
    if asked is claim and context is ctx:
        return found
    here = _here(claim, ctx)
    earlier = _earlier(claim, ctx) if ctx.history.claims else ()
    found = _NONE
    if here or earlier:
        found = Around(here, earlier, frozenset([each.global_days for _, each in (*here, *earlier)]))
    _last = (claim, ctx, found)
    return found


def _here(claim: Claim, ctx: Context) -> tuple[tuple[ServiceLine, Operation], ...]:
    found = scheduled(claim, ctx)
    if found.global_days.isdisjoint(PACKAGES):
        return ()
    made = [(one, _operation(claim, one, each.global_days)) for one, each in found.lines if each is not None]
    return tuple([(one, operation) for one, operation in made if operation is not None])


def _earlier(claim: Claim, ctx: Context) -> tuple[tuple[ServiceLine, Operation], ...]:
    first, last = claim.service.start, claim.service.end
    if first is None or last is None:
        return ()
    made = []
    for past in ctx.history.between(before(first), last + _ONE):
        day, code = past.line.service.start, past.line.procedure.code
        if day is None or code in VISITS:  # most of what there is, and never an operation
            continue
        found = row(ctx, code, "", day)
        if found is None or found.global_days not in PACKAGES:
            continue
        other = past.past.claim
        operation = _operation(other, past.line, found.global_days)
        if operation is not None and other.kind == "professional" and on_file(past.past):
            made.append((past.line, operation))
    return tuple(made)


def operations(claim: Claim, service: ServiceLine, ctx: Context, first: date, last: date) -> list[Operation]:
    """Operations by the same clinician, or specialty of the group, from `first` to `last`, the latest first."""
    near = around(claim, ctx)
    found = [
        operation
        for line, operation in (*near.here, *near.earlier)
        if line is not service
        and first <= operation.day <= last
        and same_clinician(claim, service, operation.claim, line)
    ]
    if len(found) > 1:
        found.sort(key=_day, reverse=True)
    return found


def _day(operation: Operation) -> date:
    return operation.day


def before(day: date) -> date:
    """The first day on which an operation could be whose aftercare reaches to `day`."""
    return date.fromordinal(day.toordinal() - _LONGEST)
