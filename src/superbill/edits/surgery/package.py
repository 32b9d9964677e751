"""The global surgical package: the days that it has, and the operations whose days a service falls into.

Medicare counts a minor procedure's days from the day after it (10 of them), a major one's likewise (90), and with a
major one the day before (Claims Processing Manual ch. 12 §40.1).
"""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from superbill.claims.model import Claim, ServiceLine
from superbill.edits.context import Context
from superbill.edits.fee_schedule import row, scheduled
from superbill.edits.professional import on_file, same_clinician

DAYS_AFTER = {"010": 10, "090": 90}
MINOR = frozenset({"000", "010"})
MAJOR = "090"
PACKAGES = frozenset({"000", "010", "090"})
_LONGEST = 90
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


def operations(claim: Claim, service: ServiceLine, ctx: Context, first: date, last: date) -> Iterator[Operation]:
    """Operations of the same clinician, or specialty of the group, from `first` to `last`: of the claim, of history."""
    found = scheduled(claim, ctx)
    if not found.global_days.isdisjoint(PACKAGES):
        for other, scheduled_row in found.lines:
            start = other.service.start
            if other is service or scheduled_row is None or start is None or not first <= start <= last:
                continue
            made = _operation(claim, other, scheduled_row.global_days)
            if made is not None and same_clinician(claim, service, claim, other):
                yield made
    for past in ctx.history.claims:
        span = past.claim.service
        if span.start is None or span.start > last or (span.end or span.start) < first:
            continue
        if past.claim.kind == "professional" and on_file(past):
            yield from _of_history(claim, service, ctx, past.claim, first, last)


def _of_history(
    claim: Claim, service: ServiceLine, ctx: Context, other: Claim, first: date, last: date
) -> Iterator[Operation]:
    for earlier in other.lines:
        start = earlier.service.start
        if start is None or not first <= start <= last:
            continue
        found = row(ctx, earlier.procedure.code, "", start)
        made = None if found is None else _operation(other, earlier, found.global_days)
        if made is not None and same_clinician(claim, service, other, earlier):
            yield made


def before(day: date) -> date:
    """The first day on which an operation could be whose aftercare reaches to `day`."""
    return date.fromordinal(day.toordinal() - _LONGEST)
