"""What a file says, as a tree: interchanges, groups, transactions, loops, segments, all in the order of the file."""

from operator import itemgetter
from types import new_class
from typing import TYPE_CHECKING, Any, ClassVar

from msgspec import Struct

from superbill.findings import Finding
from superbill.x12.lexer import Delimiters
from superbill.x12.standard.base import Segment
from superbill.x12.standard.control import GE, GS, IEA, ISA, ST, TA1

if TYPE_CHECKING:
    from superbill.x12.nodes import Compiled, Node

UNPLACED = 255  # in a loop's shape: a segment that the guide has no place for


class Unplaced(Segment, frozen=True, gc=False):
    """A segment where the guide has none of its kind, or which the standard does not know; kept as it is."""

    elements: tuple[str, ...] = ()


class Loop(Struct, frozen=True, gc=False, eq=False):
    """A loop of a guide with what is in it, in file order; each loop of a guide has a class of its own.

    The names that the guide gives to its segments and loops are attributes: one that may repeat is a tuple, any other
    the segment or loop itself, None when it is not there. `shape` has the place in the guide of each part of `body`.
    """

    body: "tuple[Segment | Loop, ...]"
    shape: bytes

    node: "ClassVar[Node]"
    id: ClassVar[str]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Loop) and self.node is other.node and self.body == other.body

    def __hash__(self) -> int:
        return hash((id(self.node), self.shape))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.node.guide, self.node.number, self.body, self.shape)

    def __getattr__(self, name: str) -> Any:
        known = ", ".join(self.node.names)
        raise AttributeError(f"loop {self.id} has no {name!r}; it has {known}")

    def segments(self) -> int:
        """How many segments it has, with those of the loops in it."""
        return sum([part.segments() if isinstance(part, Loop) else 1 for part in self.body])


def _restored(guide: str, number: int, body: "tuple[Segment | Loop, ...]", shape: bytes) -> Loop:
    """A loop that comes from another process."""
    from superbill.x12.library import compiled  # the guides are above the tree

    return compiled(guide).nodes[number].cls(body, shape)


def _one(index: int) -> property:
    def get(self: Loop) -> Any:
        at = self.shape.find(index)
        return None if at < 0 else self.body[at]

    return property(get)


def _many(index: int) -> property:
    def get(self: Loop) -> Any:
        shape, body = self.shape, self.body
        first = shape.find(index)
        if first < 0:
            return ()
        end = first + shape.count(index)
        if shape.rfind(index) == end - 1:
            return body[first:end]
        return tuple([part for place, part in zip(shape, body, strict=True) if place == index])

    return property(get)


def loop_class(node: "Node") -> type[Loop]:
    """The class of a loop: its names as attributes. Raises ValueError for a name that every loop has already."""
    names: dict[str, Any] = {"node": node, "id": node.rule.id}
    for name, (index, many) in node.names.items():
        if hasattr(Loop, name) or name in names:
            raise ValueError(f"loop {node.rule.id} can't name a part {name!r}")
        names[name] = _many(index) if many else _one(index)
    how = {"frozen": True, "gc": False, "eq": False}
    made: type[Loop] = new_class(f"Loop{node.rule.id}", (Loop,), how, lambda space: space.update(names))
    return made


class Transaction(Struct, frozen=True, kw_only=True):
    """One ST…SE. `root` holds everything from ST to SE; `position` is that of ST, counted in segments of the file.

    `version` is what ST03, or else GS08, says. `compiled` is the guide it was read by; for a transaction set that we
    have no guide for it is one without loops, and all segments are `Unplaced`. What was found while reading is in
    `findings`; `validate` finds far more.
    """

    compiled: "Compiled"
    root: Loop
    position: int
    version: str = ""
    findings: list[Finding] = []

    @property
    def header(self) -> ST:
        first = self.root.body[0]
        assert isinstance(first, ST)
        return first


class Group(Struct, frozen=True, kw_only=True):
    """One GS…GE, both in `body` with everything between; a group that lacks one of them simply has none."""

    body: list[GS | Transaction | GE | Unplaced]
    position: int = 0

    @property
    def header(self) -> GS | None:
        return next((part for part in self.body if isinstance(part, GS)), None)

    @property
    def trailer(self) -> GE | None:
        return next((part for part in reversed(self.body) if isinstance(part, GE)), None)

    @property
    def transactions(self) -> list[Transaction]:
        return [part for part in self.body if isinstance(part, Transaction)]


class Interchange(Struct, frozen=True, kw_only=True):
    """One ISA…IEA, both in `body`, with its delimiters and the white space of its file.

    `ending` follows every segment terminator; where a file differs, `blanks` says what stands before the segment of
    that number instead (counted in the file from 1), and has the negative number of one without a terminator.
    """

    delimiters: Delimiters
    ending: str
    body: list[ISA | TA1 | Group | IEA | Unplaced]
    position: int = 1
    blanks: dict[int, str] = {}

    @property
    def header(self) -> ISA:
        first = self.body[0]
        assert isinstance(first, ISA)
        return first

    @property
    def trailer(self) -> IEA | None:
        return next((part for part in reversed(self.body) if isinstance(part, IEA)), None)

    @property
    def groups(self) -> list[Group]:
        return [part for part in self.body if isinstance(part, Group)]


class Record(Struct, frozen=True, kw_only=True):
    """One unit of a streamed transaction (a claim of an 837 or 835, a member of an 834 …) and where it stands.

    `above` are the loops around it, the transaction's root first: each with what came in it so far, units aside.
    `position` is that of its first segment in the file.
    """

    unit: Loop
    above: tuple[Loop, ...]
    transaction: Transaction
    group: Group
    interchange: Interchange
    position: int

    def loop(self, id: str) -> Loop | None:
        """The enclosing loop of that id: `record.loop("2000A")`."""
        return next((each for each in self.above if each.id == id), None)


def assemble(node: "Node", parts: "dict[str, Any]") -> Loop:
    """A loop made here, in guide order: its segments and loops by their names, a list of them where a name repeats.

    None and empty lists are left out. Raises KeyError for a name that the loop doesn't have.
    """
    names = node.names
    placed: list[tuple[int, Any]] = []
    for name, value in parts.items():
        index = names[name][0]
        if isinstance(value, (list, tuple)):
            placed += [(index, each) for each in value]
        elif value is not None:
            placed.append((index, value))
    placed.sort(key=itemgetter(0))
    return node.cls(tuple([value for _, value in placed]), bytes([index for index, _ in placed]))
