"""A claim's lines with their rows of the Medicare physician fee schedule, looked up once for all edits that ask."""

from datetime import date
from functools import lru_cache

from msgspec import Struct

from superbill.claims.model import Claim, ServiceLine
from superbill.codesets.mpfs.lookup import Indicators, Mpfs
from superbill.codesets.mpfs.schema import VALUES
from superbill.edits.context import Context
from superbill.edits.reference import Reference

SYSTEM = VALUES


class Scheduled(Struct, frozen=True):
    """The lines that have a day, each with its row (None: not on the schedule), and what the rows have.

    `facility_only`: one is done in facilities only; `supervised`: one is a test under direct or personal supervision.
    """

    lines: tuple[tuple[ServiceLine, Indicators | None], ...]
    statuses: frozenset[str]
    global_days: frozenset[str]
    facility_only: bool = False
    supervised: bool = False


_OWN_ROW = frozenset({"26", "TC", "53"})
_UNSUPERVISED = frozenset({"", "01", "09"})
_NOTHING = Scheduled((), frozenset(), frozenset())
# The claim that was asked last: the edits of one claim come one after the other.
_last: tuple[Claim | None, Reference | None, Scheduled] = (None, None, _NOTHING)


@lru_cache(16)
def schedule(reference: Reference) -> Mpfs | None:
    """The fee schedule of the store; None where the store has none."""
    store = reference.store
    return None if store is None or not store.releases(VALUES) else Mpfs(store)


@lru_cache(65_536)
def _row(reference: Reference, code: str, modifier: str, day: date) -> Indicators | None:
    mpfs = schedule(reference)
    return None if mpfs is None else mpfs.indicators(code, modifier, day)


def row(ctx: Context, code: str, modifier: str, day: date) -> Indicators | None:
    """The row of a code with a modifier on a day; None where there is none."""
    return _row(ctx.reference, code, modifier, day)


def scheduled(claim: Claim, ctx: Context) -> Scheduled:
    """The claim's lines with their rows by the day of each."""
    global _last
    asked, reference, found = _last
    if asked is claim and reference is ctx.reference:
        return found
    found = _NOTHING if schedule(ctx.reference) is None else _scheduled(claim, ctx.reference)
    _last = (claim, ctx.reference, found)
    return found


def _scheduled(claim: Claim, reference: Reference) -> Scheduled:
    lines = []
    statuses, global_days = set(), set()
    facility_only = supervised = False
    for one in claim.lines:
        day, procedure = one.service.start, one.procedure
        if day is None:
            continue
        own = next((each for each in procedure.modifiers if each in _OWN_ROW), "") if procedure.modifiers else ""
        found = _row(reference, procedure.code, own, day)
        lines.append((one, found))
        if found is not None:
            statuses.add(found.status)
            global_days.add(found.global_days)
            facility_only = facility_only or found.nonfacility_na
            supervised = supervised or found.supervision not in _UNSUPERVISED
    return Scheduled(tuple(lines), frozenset(statuses), frozenset(global_days), facility_only, supervised)
