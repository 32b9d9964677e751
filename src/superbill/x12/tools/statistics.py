"""What is in a file, counted: transaction sets, claims, lines, money, adjustments, segments, dates. Streams."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from superbill.effective import Period
from superbill.x12.convert import day
from superbill.x12.lexer import Delimiters, Source
from superbill.x12.library import guides_of
from superbill.x12.nodes import Node
from superbill.x12.program import Plan
from superbill.x12.segment_check import is_day
from superbill.x12.standard.base import Segment
from superbill.x12.tools.columns import adjustments
from superbill.x12.tools.words import Watching, at, several
from superbill.x12.tree import Loop, Record, Transaction
from superbill.x12.walk import walk


class SetStatistics(Struct, kw_only=True):
    """All transaction sets of one guide in a file. Money is cents.

    `units` counts what the guide is about: claims, members, answers. `charge` and `paid` are sums over claims, `paid`
    of remittances alone; `payments` is what the payments of remittances come to (BPR), `provider_adjustments` what
    lowers them beside the claims (PLB). `adjustments` has the sum for each group and reason, "CO-45", of claims and
    lines. `first_service` and `last_service`: the days of service, of lines and of claims.
    """

    guide: str
    title: str
    transactions: int = 0
    units: int = 0
    lines: int = 0
    charge: int = 0
    paid: int = 0
    payments: int = 0
    provider_adjustments: int = 0
    adjustments: dict[str, int] = {}
    first_service: date | None = None
    last_service: date | None = None


class Statistics(Struct, kw_only=True):
    """A file: its envelopes, its transaction sets by guide, its segments by id; `unplaced` have no place of theirs."""

    interchanges: int = 0
    groups: int = 0
    transactions: int = 0
    segments: int = 0
    unplaced: int = 0
    first_created: date | None = None
    last_created: date | None = None
    sets: list[SetStatistics] = []
    segments_by_id: dict[str, int] = {}


class _Segments(Watching):
    """Counts of every segment."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.unplaced_count = 0
        self.created: set[str] = set()

    def control(self, e: list[str], position: int, delimiters: Delimiters) -> None:
        self.counts[e[0]] += 1
        if e[0] == "GS" and len(e) > 4 and is_day(e[4]):
            self.created.add(e[4])

    def segments(self, plan: Plan, segments: Sequence[Segment], position: int, delimiters: Delimiters) -> None:
        self.counts.update([target.slot.rule.id for target in plan.targets])

    def unplaced(self, node: Node | None, e: list[str], position: int) -> None:
        self.counts[e[0][:3]] += 1
        self.unplaced_count += 1


def _days(value: Any) -> tuple[date, ...]:
    if isinstance(value, Period):
        return tuple(on for on in (value.start, value.end) if on is not None)
    return (value,) if isinstance(value, date) else ()


# Where the days of service stand, in a line and in a claim.
_SERVICE = ("service_date.value", "statement_dates.value")
_SERVICES = ("service_dates", "statement_dates")


def _service_days(loop: Loop) -> list[date]:
    found = [on for path in _SERVICE for on in _days(at(loop, path))]
    found += [on for name in _SERVICES for each in several(loop, name) for on in _days(getattr(each, "date", None))]
    return found


class _Sum:
    """The statistics of one guide, as its units come."""

    def __init__(self, transaction: Transaction) -> None:
        guide = transaction.compiled.guide
        self.about = SetStatistics(guide=guide.key, title=guide.title)
        self.reasons: Counter[str] = Counter()

    def unit(self, unit: Loop) -> None:
        about = self.about
        about.units += 1
        about.charge += at(unit, "claim.charge") or 0
        about.paid += at(unit, "claim.paid") or 0
        lines = several(unit, "lines")
        about.lines += len(lines)
        for loop in (unit, *lines):
            for group, reason, amount, _ in adjustments(loop):
                self.reasons[f"{group}-{reason}"] += amount or 0
            for on in _service_days(loop):
                about.first_service = min(on, about.first_service or on)
                about.last_service = max(on, about.last_service or on)

    def end(self, root: Loop) -> None:
        self.about.transactions += 1
        self.about.payments += at(root, "payment.amount") or 0
        for provider in several(root, "provider_adjustments"):
            self.about.provider_adjustments += sum(amount or 0 for _, amount in provider.adjustments)

    def done(self) -> SetStatistics:
        self.about.adjustments = dict(sorted(self.reasons.items(), key=lambda each: (-abs(each[1]), each[0])))
        return self.about


def statistics(source: Source) -> Statistics:
    """Count a file in one pass and constant memory. Raises X12ReadError."""
    segments = _Segments()
    sums: dict[str, _Sum] = {}
    for read in walk(source, guides_of, units=True, watcher=segments):
        transaction = read.transaction if isinstance(read, Record) else read
        assert isinstance(transaction, Transaction)
        each = sums.setdefault(transaction.compiled.guide.key, _Sum(transaction))
        if isinstance(read, Record):
            each.unit(read.unit)
        else:
            each.end(transaction.root)
    counts, created = segments.counts, sorted(map(day, segments.created))
    return Statistics(
        interchanges=counts["ISA"],
        groups=counts["GS"],
        transactions=counts["ST"],
        segments=sum(counts.values()),
        unplaced=segments.unplaced_count,
        first_created=created[0] if created else None,
        last_created=created[-1] if created else None,
        sets=[each.done() for each in sums.values()],
        segments_by_id=dict(sorted(counts.items())),
    )
