"""Loops folded into values: a table says what a document takes of each of a loop's parts, by the guide's names.

What is not in the table is not lost silently: it is counted, and told with the transaction set.
"""

from collections.abc import Callable
from datetime import date, datetime
from operator import attrgetter
from typing import Any, TypeAlias

from superbill.effective import Period
from superbill.findings import Finding, Place, Severity
from superbill.x12.nodes import Node
from superbill.x12.standard.base import Segment
from superbill.x12.standard.parties import DTP
from superbill.x12.tree import UNPLACED, Loop

Values: TypeAlias = dict[str, Any]
Take: TypeAlias = Callable[[Any, Values, "Notes"], None]

_MOST = 1000  # findings of one transaction set; a hostile file must not fill the memory
_REMEMBERED = 1 << 12  # shapes of a table's loops, for the same reason


class NotCarried(Exception):
    """Raised by a `Take` for a segment that the document has no field for."""


class Unreadable(ValueError):
    """Raised by a `Take` for an element whose text is none of its kind."""

    def __init__(self, element: int, message: str) -> None:
        super().__init__(message)
        self.element = element


class Notes:
    """What was noticed while the documents of one transaction set were made."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.tree: Loop | None = None
        self.position = 0
        self.unread: dict[tuple[str, str], tuple[int | None, int]] = {}

    def at(self, tree: Loop, position: int) -> "Notes":
        """What is folded from now on is in `tree`, whose first segment is at `position` of the file."""
        self.tree, self.position = tree, position
        return self

    def skip(self, loop: Loop, part: Segment | Loop) -> None:
        """A segment, or all in a loop, that no field of the document takes."""
        if isinstance(part, Loop):
            for each in part.body:
                self.skip(part, each)
            return
        key = loop.id, type(part).__name__
        first, times = self.unread.get(key) or (self._place(part), 0)
        self.unread[key] = first, times + 1

    def unreadable(self, loop: Loop, part: Segment | Loop, problem: Unreadable) -> None:
        """An element that can't be read."""
        if len(self.findings) < _MOST:
            name = f"{type(part).__name__}{problem.element:02}"
            where = Place(position=self._place(part), loop=loop.id, element=name)
            self.findings.append(
                Finding(rule="x12.element.value", severity=Severity.ERROR, where=where, message=f"{problem}.")
            )

    def _place(self, part: Segment | Loop) -> int | None:
        """Where a segment of the tree is in the file."""
        return None if self.tree is None else _found(self.tree, part, [self.position])

    def not_carried(self) -> list[Finding]:
        """What was skipped, counted by loop and segment."""
        return [
            Finding(
                rule="x12.not-carried",
                severity=Severity.INFORMATION,
                where=Place(position=first, loop=loop, element=segment),
                message=f"{times} {segment} in loop {loop} not carried into the document.",
            )
            for (loop, segment), (first, times) in self.unread.items()
        ]


def _found(loop: Loop, wanted: Segment | Loop, position: list[int]) -> int | None:
    for part in loop.body:
        if part is wanted:
            return position[0]
        if isinstance(part, Loop):
            if (found := _found(part, wanted, position)) is not None:
                return found
        else:
            position[0] += 1
    return None


class Silent(Notes):
    """Notes that nobody will read."""

    def skip(self, loop: Loop, part: Segment | Loop) -> None:
        """Nothing."""

    def unreadable(self, loop: Loop, part: Segment | Loop, problem: Unreadable) -> None:
        """Nothing."""


def nothing(_part: Any, _v: Values, _notes: Notes) -> None:
    """Takes nothing of a part that says nothing more than where it stands: a level, an opening, a trailer."""


class Table:
    """What a document takes of a loop: the guide's names of its segments and loops, each with a `Take`.

    Loops of one shape are all taken alike, so the takes are looked up once for each shape, not for each loop.
    """

    def __init__(self, **takes: Take) -> None:
        self.takes = takes
        self.plans: dict[tuple[Node, bytes], list[Take | None]] = {}

    def _plan(self, node: Node, shape: bytes) -> list[Take | None]:
        row = [self.takes.get(part.rule.name) for part in node.parts]
        # what is out of place has a finding of the reader
        plan = [nothing if index == UNPLACED else row[index] for index in shape]
        if len(self.plans) < _REMEMBERED:
            self.plans[node, shape] = plan
        return plan

    def fold(self, loop: Loop, notes: Notes, v: Values) -> Values:
        """The values of a loop, put into `v`, which is also returned."""
        node, body, shape = loop.node, loop.body, loop.shape
        plan = self.plans.get((node, shape)) or self._plan(node, shape)
        for take, part in zip(plan, body):  # noqa: B905 -- they are of one length, and strict costs time
            try:
                if take is None:
                    raise NotCarried
                take(part, v, notes)
            except Unreadable as problem:
                notes.unreadable(loop, part, problem)
            except NotCarried:
                notes.skip(loop, part)
        return v


# --- what to take ---------------------------------------------------------------------------------------------------


def text(field: str, name: str = "value") -> Take:
    """An element that is there, as it stands."""
    get = attrgetter(name)

    def take(segment: Any, v: Values, _notes: Notes) -> None:
        if found := get(segment):
            v[field] = found

    return take


def value(field: str, name: str = "amount") -> Take:
    """An amount, count or date that is there and readable, zero among them."""
    get = attrgetter(name)

    def take(segment: Any, v: Values, _notes: Notes) -> None:
        if (found := get(segment)) is not None:
            v[field] = found

    return take


def day_of(found: date | Period | datetime | str | None, element: int) -> date | None:
    """The day that an element holds; raises Unreadable where it holds something else."""
    if found is None or type(found) is date:
        return found
    if isinstance(found, datetime):
        return found.date()
    raise Unreadable(element, f"not a date (CCYYMMDD): {getattr(found, 'start', None) or found!r}")


def day(field: str) -> Take:
    """The day of a DTP."""

    def take(segment: DTP, v: Values, _notes: Notes) -> None:
        found = segment.value
        v[field] = found if type(found) is date else day_of(found, 3)

    return take


def period(segment: DTP, v: Values, _notes: Notes) -> None:
    """The day or the days of a DTP, as `service`."""
    found = segment.value
    if isinstance(found, Period):
        v["service"] = found
    elif (one := day_of(found, 3)) is not None:
        v["service"] = Period(one, one)


def inside(field: str, table: Table) -> Take:
    """The values of a loop; of several, those of the first."""

    def take(loop: Loop, v: Values, notes: Notes) -> None:
        if field in v:
            raise NotCarried
        v[field] = table.fold(loop, notes, {})

    return take


def each(field: str, make: Callable[[Loop, Notes], Any]) -> Take:
    """A list of what `make` makes of every loop."""

    def take(loop: Loop, v: Values, notes: Notes) -> None:
        made = make(loop, notes)
        if field in v:
            v[field].append(made)
        else:
            v[field] = [made]

    return take
