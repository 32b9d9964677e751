"""A file as people read it: indented by loops, segments and fields by name, money and dates as such. Streams."""

from collections import deque
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from superbill.x12.codec import decode, marks
from superbill.x12.lexer import Delimiters, Source
from superbill.x12.library import guides_of
from superbill.x12.nodes import Node, Target
from superbill.x12.standard import SEGMENTS
from superbill.x12.standard.base import Segment
from superbill.x12.tools.words import IDENTITIES, Watching, texts, title
from superbill.x12.tree import Transaction
from superbill.x12.walk import walk

Kind = Literal["envelope", "transaction", "loop", "segment", "unknown"]


class Line(Struct, frozen=True):
    """One line of what is shown. `position` counts segments in the file; a loop has that of its first segment.

    `title` is the guide's name of a segment or loop, `fields` names and values. What is `unknown` has no place in its
    guide: its elements are shown as they stand.
    """

    depth: int
    position: int
    kind: Kind
    id: str
    title: str
    fields: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        said = ", ".join(f"{name} {value}".strip() for name, value in self.fields)
        head = f"{'  ' * self.depth}{self.id}  {self.title}"
        return f"{self.position:>6}  {head}: {said}" if said else f"{self.position:>6}  {head}"


_ENVELOPE = {
    "ISA": (0, "Interchange"),
    "TA1": (1, "Interchange acknowledgment"),
    "GS": (1, "Functional group"),
    "ST": (2, "Transaction set"),
    "SE": (2, "End of transaction set"),
    "GE": (1, "End of functional group"),
    "IEA": (0, "End of interchange"),
}
_ROOT = 3  # depth of what is directly in a transaction set


class _Shown(Watching):
    """The lines as the walk goes; those that nobody wants are never kept."""

    def __init__(self, loop: str, claim: str) -> None:
        self.loop = loop
        self.claim = claim
        self.lines: deque[Line] = deque()
        self.delimiters = Delimiters()
        self.heads: list[Line] = []  # of the loops that are open, outermost first
        self.told = 0  # how many of them were shown
        self.told_before = 0  # the unit that is open began
        self.inside = 0  # depth of the wanted loop that is open; 0: none is
        self.unit = 0  # depth of the unit that is open; 0: none is
        self.held: list[Line] = []  # lines of that unit, until its identity is known
        self.known: bool | None = None  # whether it is the claim that is wanted

    def taken(self) -> Iterator[Line]:
        """The lines that are ready."""
        while self.lines:
            yield self.lines.popleft()

    def _selected(self) -> bool:
        return not self.loop or self.inside > 0

    def _put(self, line: Line) -> None:
        if self.claim and not self.known:
            if self.known is None and self.unit and self._selected():
                self.held += [*self.heads[self.told :], line]
                self.told = len(self.heads)
            return
        if self._selected():
            self.lines.extend(self.heads[self.told :])
            self.told = len(self.heads)
            self.lines.append(line)

    def control(self, e: list[str], position: int, delimiters: Delimiters) -> None:
        self.delimiters = delimiters
        depth, name = _ENVELOPE[e[0]]
        if e[0] == "ISA":
            self.heads, self.told = [], 0
        if not self.loop and not self.claim:
            segment = decode(SEGMENTS[e[0]], "", e, marks(delimiters.component, delimiters.repetition))
            self.lines.append(Line(depth, position, "envelope", e[0], name, tuple(texts(segment))))

    def begin(self, transaction: Transaction) -> None:
        guide = transaction.compiled.guide
        line = Line(2, transaction.position, "transaction", guide.key, guide.title)
        self.heads, self.told, self.inside, self.unit, self.known = [line], 0, 0, 0, None
        if not self.loop and not self.claim:
            self.lines.append(line)
            self.told = 1

    def _move(self, target: Target, position: int) -> None:
        """Loops end and one begins, as the segment that comes has it."""
        depth, rule = target.depth, target.node.rule
        keep = depth if target.opens else depth + 1  # of the open loops, the transaction set first
        del self.heads[keep:]
        self.told = min(self.told, keep)
        if self.inside >= keep:
            self.inside = 0
        if self.unit >= keep:
            self.unit, self.known, self.held = 0, None, []
        if target.opens:
            self.heads.append(Line(depth + 2, position, "loop", rule.id, title(rule.name)))
            if rule.id == self.loop and not self.inside:
                self.inside = depth
            if rule.unit:
                self.unit, self.told_before = depth, self.told

    def segment(self, target: Target, e: list[str], position: int) -> None:
        self._move(target, position)
        under = marks(self.delimiters.component, self.delimiters.repetition)
        segment = decode(target.cls, "", e, under)
        rule = target.slot.rule
        self._put(Line(_ROOT + target.depth, position, "segment", rule.id, title(rule.name), tuple(texts(segment))))
        if self.claim and self.unit and self.known is None:
            self._decide(segment)

    def _decide(self, segment: Segment) -> None:
        """Whether the open unit is the claim that is wanted, once a segment tells."""
        found = getattr(segment, IDENTITIES.get(type(segment).__name__, ""), None)
        if found:
            self.known = str(found) == self.claim
            if self.known:
                self.lines.extend(self.held)
            else:
                self.told = min(self.told, self.told_before)
            self.held = []

    def unplaced(self, node: Node | None, e: list[str], position: int) -> None:
        depth = _ROOT + node.depth if node is not None else 1
        said = tuple((f"{number:02}", text) for number, text in enumerate(e[1:], 1) if text)
        self._put(Line(depth, position, "unknown", e[0][:3], "without a place here", said))


def show(source: Source, *, loop: str = "", claim: str = "") -> Iterator[Line]:
    """The lines of a file, in its order and in constant memory. Raises X12ReadError.

    `loop`: only loops of that id with all that is in them. `claim`: only claims (or other units) of that control
    number. Above the first line of a selection stand the loops around it.
    """
    shown = _Shown(loop, claim)
    for _ in walk(source, guides_of, units=True, watcher=shown):
        yield from shown.taken()
    yield from shown.taken()
