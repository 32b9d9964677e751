"""Prices the lines of one patient: each by itself first, then what lines of one performer and day do to one another."""

from collections.abc import Iterable, Sequence

from superbill.codesets.store import Store
from superbill.pricing.medicare import diagnostics, others, physician, roles, surgery, therapy
from superbill.pricing.medicare.fee import Fees
from superbill.pricing.medicare.model import Line, Priced, Setting
from superbill.pricing.medicare.tables import Tables, tables_of
from superbill.pricing.medicare.work import Work


class Medicare:
    """Medicare's prices by the tables of a store. Fees are kept: make one and use it for all claims."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._fees = Fees()

    @classmethod
    def of(cls, store: Store, *, qualifying: bool = False) -> "Medicare":
        """By what is imported in the store; `qualifying`: of a qualifying participant in a payment model."""
        return cls(tables_of(store, qualifying=qualifying))

    def price(self, lines: Iterable[Line], setting: Setting) -> tuple[Priced, ...]:
        """What Medicare allows for each line, in the order given. The order of the lines never changes an amount.

        `lines` are of one patient; those of other claims of the day belong here too, for operations, tests and therapy
        of one day are priced together. Nothing is raised for a line that can't be priced: its outcome says why.
        """
        works = [self._alone(line, setting) for line in lines]
        if len(works) == 1:
            self._together(works, setting)
        else:
            groups: dict[tuple[object, ...], list[Work]] = {}
            for work in works:
                line = work.line
                assisting = not roles.ASSISTING.isdisjoint(line.modifiers)
                groups.setdefault((line.day, line.performer, assisting), []).append(work)
            for group in groups.values():
                self._together(group, setting)
        return tuple(work.priced() for work in works)

    def _alone(self, line: Line, setting: Setting) -> Work:
        work = Work(line)
        if line.units <= 0:
            work.end("unpriced", "units", f"{line.units} units.", "Bill at least one unit.")
            return work
        if others.is_anesthesia(line.code):
            others.anesthesia(work, self.tables, setting)
            return work
        physician.start(work, self.tables, self._fees, setting)
        if work.outcome == "unpriced":
            other = Work(line)
            if others.laboratory(other, self.tables) or others.drug(other, self.tables):
                return other
        return work

    def _together(self, works: Sequence[Work], setting: Setting) -> None:
        """The lines of one performer on one day."""
        ours = [work for work in works if work.open and work.row is not None]
        if len(ours) > 1:
            _injections(ours)
            surgery.pair_sides(ours)
        if any(work.row is not None and work.row.multiple not in "09" for work in ours):
            surgery.reduce_operations(ours, self.tables, self._fees)
            diagnostics.reduce_tests(ours, self.tables, self._fees)
            therapy.reduce_therapy(ours, self._fees, setting)
        for work in works:
            if work.row is not None or others.is_anesthesia(work.line.code):
                for rule in (roles.operators, roles.practitioners, roles.participation):
                    if work.open and work.amount:
                        rule(work, setting)
        for work in works:
            if work.open:
                roles.charged(work)


def _injections(works: Sequence[Work]) -> None:
    """Status T is paid only when nothing else of the schedule is, on the day and to the same."""
    if all(work.row is not None and work.row.status == "T" for work in works):
        return
    for work in works:
        if work.row is not None and work.row.status == "T":
            work.end("bundled", "status", "Status T: part of the other services of the day.")
