"""A guide compiled once: at each of its loops, where every segment that may follow belongs."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from superbill.x12.rules import Guide, LoopRule, SegmentRule
from superbill.x12.standard import SEGMENTS
from superbill.x12.standard.base import Segment
from superbill.x12.tree import Loop, loop_class

_CONTROL = frozenset(("ST", "SE"))  # the walk itself sees to them
_MOST_PARTS = 255  # a part's place is one byte of its loop's shape


class Slot:
    """A segment at its place in a loop."""

    __slots__ = ("cls", "index", "node", "rule")

    def __init__(self, rule: SegmentRule, node: "Node", index: int) -> None:
        self.rule = rule
        self.node = node
        self.index = index
        self.cls: type[Segment] = SEGMENTS[rule.id]

    @property
    def qualifiers(self) -> tuple[str, ...]:
        """The codes at the key element that tell this segment from others of its id; () when it takes any."""
        rule = self.rule.at(self.cls.KEY, self.cls.KEY_PART) if self.cls.KEY else None
        return rule.codes if rule is not None else ()


class Target(NamedTuple):
    """Where a segment belongs: its slot, and the loop's depth. `opens`: it opens the loop.

    `closes`: it ends the loops that are open at this depth and below. `told`: a unit, or a loop that holds units, may
    be among them, which whoever watches must be told.
    """

    slot: Slot
    place: int
    depth: int
    closes: int
    opens: bool
    told: bool
    node: "Node"
    cls: Any  # type[Segment]: called with its elements, whatever they are


class Move(NamedTuple):
    """How to find the target of a segment id: by the code at element `at` (0: there is only `other`)."""

    at: int
    part: int
    by: dict[str, Target]
    other: Target | None


class Node:
    """A loop at its place in the transaction set."""

    def __init__(self, rule: LoopRule, parent: "Node | None", index: int) -> None:
        if len(rule.parts) >= _MOST_PARTS:
            raise ValueError(f"loop {rule.id} has {len(rule.parts)} parts, at most {_MOST_PARTS - 1} are possible")
        self.rule = rule
        self.parent = parent
        self.index = index
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.parts: list[Slot | Node] = []
        self.slots: list[Slot] = []
        self.children: list[Node] = []
        self.moves: dict[str, Move] = {}
        self.names: dict[str, tuple[int, bool]] = {}
        for place, part in enumerate(rule.parts):
            self.names[part.name] = (place, part.repeat > 1)
            if isinstance(part, SegmentRule):
                self.slots.append(slot := Slot(part, self, place))
                self.parts.append(slot)
            else:
                self.children.append(child := Node(part, self, place))
                self.parts.append(child)
        self.holds_units: bool = any(child.rule.unit or child.holds_units for child in self.children)
        self.ranks = _ranks(rule)
        self.guide = ""
        self.number = 0
        self.cls: type[Loop] = loop_class(self)

    def target(self, name: str, code: str) -> Target | None:
        """Where a segment of that id, and with that code where codes decide, belongs; None when it has no place."""
        move = self.moves.get(name)
        if move is None:
            return None
        return move.by.get(code, move.other) if move.at else move.other

    def everywhere(self) -> "Iterator[Node]":
        """This node and all below it, in guide order."""
        yield self
        for child in self.children:
            yield from child.everywhere()


def _ranks(rule: LoopRule) -> list[int]:
    """The order of a loop's parts. Neighbours of one segment id are of one rank: X12 leaves their order free."""
    ranks: list[int] = []
    before = ""
    for part in rule.parts:
        name = part.id if isinstance(part, SegmentRule) else f"loop {part.opener.id}"
        ranks.append(ranks[-1] + (name != before) if ranks else 0)
        before = name
    return ranks


def target_of(slot: Slot, opens: bool = False) -> Target:
    """The target of a segment that goes into a slot."""
    node = slot.node
    closes = node.depth if opens else node.depth + 1
    told = node.rule.unit or node.holds_units
    return Target(slot, slot.index, node.depth, closes, opens, told, node, slot.cls)


def _targets_from(node: Node) -> Iterator[Target]:
    """All segments that may follow within or after `node`, the nearest meaning first."""
    level: Node | None = node
    while level is not None:
        for slot in level.slots if level.parent is None else level.slots[1:]:
            yield target_of(slot)
        for child in level.children:
            yield target_of(child.slots[0], opens=True)
        level = level.parent


def _link(node: Node) -> None:
    """The moves of a node: codes decide between segments of one id; one without, or an only one, takes the rest."""
    by_id: dict[str, list[Target]] = {}
    for target in _targets_from(node):
        by_id.setdefault(target.slot.rule.id, []).append(target)
    for name, targets in by_id.items():
        if name in _CONTROL:
            continue
        cls = targets[0].cls
        by: dict[str, Target] = {}
        other: Target | None = None
        for target in targets:
            qualifiers = target.slot.qualifiers
            if not qualifiers:
                other = target
                break  # an unqualified one nearer by takes all that are left
            for qualifier in qualifiers:
                by.setdefault(qualifier, target)
        if other is None and len({id(target.slot) for target in targets}) == 1:
            other = targets[0]  # its wrong code is a wrong code, not a segment out of place
        node.moves[name] = Move(cls.KEY if by else 0, cls.KEY_PART, by, other)


class Compiled:
    """A guide ready to run."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.root = Node(guide.root, None, 0)
        self.nodes = list(self.root.everywhere())
        for number, node in enumerate(self.nodes):
            node.guide, node.number = guide.key, number
            _link(node)

    def node(self, *path: str) -> Node:
        """The node at a path of loop ids from the root, to assemble loops of. Raises KeyError when there is none."""
        place = self.root
        for step in path:
            found = [child for child in place.children if child.rule.id == step]
            if not found:
                known = ", ".join(child.rule.id for child in place.children)
                raise KeyError(f"loop {place.rule.id} has no loop {step}; it has {known}")
            place = found[0]
        return place
