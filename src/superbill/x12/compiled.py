"""A guide compiled once: which segment goes where, and the functions that read and write each.

The functions are generated as source and executed once at import, as dataclasses do it: the hot loop then runs
straight-line code with the element positions written in, never the table.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from superbill.x12.check import Check, compile_check
from superbill.x12.grammar import REQUIRED, Element, Guide, Loop, Segment, Values
from superbill.x12.quick import Quick, compile_quick
from superbill.x12.values import IllegalText

Read: TypeAlias = Callable[[list[str], Values, str], None]
Write: TypeAlias = Callable[[Values, list[str]], None]


class Target(NamedTuple):
    """Where a segment belongs. `floor` ≤ the depth of an open emitting loop means that this segment closes it.

    `keeps`: the loop that it opens is kept with its parent, which it is unless loops below it are handed over.
    """

    depth: int
    floor: int
    opens: str
    keeps: bool
    emits: bool
    node: "Node"
    moves: "dict[str, Move]"
    read: Read
    slot: "Slot"


class Move(NamedTuple):
    """How to find the target of a segment id in one state: by the element `at` (0: there is only `only`)."""

    at: int
    component: bool
    by: dict[str, Target]
    only: Target | None


# One segment definition serves several places (2300 under 2000B and 2000C); the definition is kept with its id.
_MADE: dict[int, tuple[Segment, Read, Write, Check, Quick]] = {}


class Slot:
    """A segment at its place in a node, with its compiled functions."""

    __slots__ = ("check", "index", "most", "node", "numbers", "quick", "read", "segment", "write")

    def __init__(self, segment: Segment, node: "Node", index: int) -> None:
        self.segment = segment
        self.most = segment.repeat
        self.numbers = segment.id in ("HL", "LX")
        self.node = node
        self.index = index
        made = _MADE.get(id(segment))
        if made is None:
            made = _MADE[id(segment)] = (
                segment,
                compile_read(segment),
                compile_write(segment),
                compile_check(segment),
                compile_quick(segment),
            )
        _, self.read, self.write, self.check, self.quick = made


def _ranks(loop: Loop) -> list[int]:
    """The order of a loop's parts. Neighbours of one segment id are of one rank: X12 leaves their order free."""
    ranks: list[int] = []
    before = ""
    for part in loop.parts:
        name = part.id if isinstance(part, Segment) else f"loop {part.opener.id}"
        ranks.append(ranks[-1] + (name != before) if ranks else 0)
        before = name
    return ranks


def _is_written(part: "Slot | Node") -> bool:
    """Whether our documents ever fill a segment, or anything in a loop."""
    return part.write is not _write_nothing if isinstance(part, Slot) else bool(part.written)


def _needed_by(part: "Slot | Node") -> str:
    """The one value without which a part is not written; "" when there is no such value."""
    if isinstance(part, Node):
        return part.key
    segment = part.segment
    names = [segment.many] if segment.many else [element.name for element in segment.elements if element.name]
    return names[0] if len(names) == 1 and not segment.always else ""


class Node:
    """A loop at its place in the transaction set."""

    __slots__ = (
        "children",
        "depth",
        "index",
        "keeps",
        "key",
        "loop",
        "moves",
        "needs",
        "parent",
        "parts",
        "ranks",
        "slots",
        "written",
    )

    def __init__(self, loop: Loop, parent: "Node | None", index: int) -> None:
        self.loop = loop
        self.key = loop.id
        self.parent = parent
        self.index = index
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.slots: list[Slot] = []
        self.children: list[Node] = []
        self.parts: list[Slot | Node] = []
        self.moves: dict[str, Move] = {}
        for place, part in enumerate(loop.parts):
            if isinstance(part, Segment):
                self.slots.append(slot := Slot(part, self, place))
                self.parts.append(slot)
            else:
                self.children.append(child := Node(part, self, place))
                self.parts.append(child)
        self.keeps: bool = not any(node.loop.emit for node in self.everywhere())
        self.ranks = _ranks(loop)
        self.written = [(_needed_by(part), part) for part in self.parts if _is_written(part)]
        self.needs = [place for place, part in enumerate(loop.parts) if part.usage == REQUIRED or part.when is not None]

    def everywhere(self) -> "list[Node]":
        """This node and all below it, in guide order."""
        return [self, *(node for child in self.children for node in child.everywhere())]


def _target(slot: Slot, opens: bool) -> Target:
    node = slot.node
    floor = node.depth if opens else node.depth + 1
    return Target(
        node.depth, floor, node.key if opens else "", node.keeps, node.loop.emit, node, node.moves, slot.read, slot
    )


def _targets_from(node: Node) -> list[Target]:
    """All segments that may follow within or after `node`, the nearest meaning first."""
    found: list[Target] = []
    level: Node | None = node
    while level is not None:
        own = level.slots if level.parent is None else level.slots[1:]
        found += [_target(slot, opens=False) for slot in own]
        found += [_target(child.slots[0], opens=True) for child in level.children]
        level = level.parent
    return found


def _link(node: Node) -> None:
    by_id: dict[str, tuple[int, bool, dict[str, Target], list[Target]]] = {}
    for target in _targets_from(node):
        segment = target.slot.segment
        entry = by_id.get(segment.id)
        if entry is None:
            entry = by_id[segment.id] = (segment.at, segment.at_component, {}, [])
        if segment.at:
            assert entry[0] in (0, segment.at), f"{segment.id}: two places for the qualifier"
            if not entry[0]:
                continue  # an unqualified one nearer by takes all
            for qualifier in segment.qualifiers:
                entry[2].setdefault(qualifier, target)
        else:
            entry[3].append(target)
    for name, (at, component, by, unqualified) in by_id.items():
        node.moves[name] = Move(at, component, by, unqualified[0] if unqualified else None)


class Compiled:
    """A guide ready to run."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.root = Node(guide.root, None, 0)
        self.nodes = self.root.everywhere()
        for node in self.nodes:
            _link(node)

    def node(self, *path: str) -> Node:
        """The node at a path of loop ids from the root."""
        place = self.root
        for step in path:
            place = next(child for child in place.children if child.key == step)
        return place


# --- code -----------------------------------------------------------------------------------------------------------


def _function(lines: list[str], names: dict[str, Any]) -> Callable[..., Any]:
    exec("\n".join(lines), names)  # noqa: S102 -- our own tables, at import; no input reaches this text
    made: Callable[..., Any] = names["made"]
    return made


def reads_nothing(e: list[str], v: Values, mark: str) -> None:
    """The segment is known and carries nothing that we keep."""


def compile_read(segment: Segment) -> Read:
    """A function (elements, values, component separator) that puts the named values of a segment in place."""
    names: dict[str, Any] = {}
    if segment.reads is not None:
        names["reads"] = segment.reads
        key = repr(segment.many)
        return _function(
            [
                "def made(e, v, mark):",
                "    found = reads(e, mark)",
                f"    if {key} in v: v[{key}].extend(found)",
                f"    else: v[{key}] = list(found)",
            ],
            names,
        )
    bound = [element for element in segment.elements if element.name]
    if not bound:
        return reads_nothing
    lines = ["def made(e, v, mark):", "    n = len(e)"]
    for element in bound:
        at, key = element.position, repr(element.name)
        found = f"x{at}"
        parse = f"p{at}"
        names[parse] = element.kind.parse
        call = found
        if element.kind.parse is not None:
            call = f"{parse}({found}, mark)" if element.kind.composite else f"{parse}({found})"
        lines.append(f"    if n > {at} and ({found} := e[{at}]): v[{key}] = {call}")
    return _function(lines, names)


def _write_line(element: Element, names: dict[str, Any]) -> list[str]:
    at, key, beside = element.position, repr(element.name), repr(element.beside)
    if element.name:
        names[f"t{at}"] = element.kind.text
        return [f"    x = v.get({key})", f"    if x is not None and x != '': e[{at}] = t{at}(x); some = True"]
    if element.derive is not None:
        names[f"d{at}"] = element.derive
        return [f"    x = v.get({beside})", f"    if x is not None: e[{at}] = d{at}(x)"]
    if element.constant and element.beside:
        return [f"    if {beside} in v: e[{at}] = {element.constant!r}"]
    return []


def compile_write(segment: Segment) -> Write:
    """A function (values, out) that appends the segment's text, or nothing when it has no value to carry."""
    if segment.writes is not None:
        return _write_many(segment)
    if not segment.always and not any(element.name for element in segment.elements):
        return _write_nothing
    longest = max((element.position for element in segment.elements), default=0)
    constants = {e.position: e.constant for e in segment.elements if e.constant and not e.beside}
    blank = [segment.id, *(constants.get(at, "") for at in range(1, longest + 1))]
    names: dict[str, Any] = {"blank": blank}
    lines = ["def made(v, out):", "    e = blank.copy()", f"    some = {segment.always!r}"]
    for element in segment.elements:
        lines += _write_line(element, names)
    lines += ["    if some:", "        while not e[-1]: del e[-1]", "        out.append('*'.join(e))"]
    return _function(lines, names)


def _write_nothing(v: Values, out: list[str]) -> None:
    """A segment that we read and check but never write."""


def _write_many(segment: Segment) -> Write:
    name, writes = segment.many, segment.writes
    assert writes is not None

    def write(v: Values, out: list[str]) -> None:
        if found := v.get(name):
            for e in writes(found):
                while not e[-1]:
                    del e[-1]
                out.append("*".join(e))

    return write


def render(node: Node, v: Values, out: list[str]) -> None:
    """Append the segments of a loop and of the loops within it, in guide order."""
    for key, part in node.written:
        if key and key not in v:
            continue
        if isinstance(part, Node):
            for each in v[key]:
                render(part, each, out)
            continue
        try:
            part.write(v, out)
        except (IllegalText, ValueError, TypeError, AttributeError) as problem:
            raise NotWritable(f"{part.segment.id} {part.segment.title}: {problem}", node.key) from problem


class NotWritable(ValueError):
    """A value has no valid text."""

    def __init__(self, message: str, loop: str) -> None:
        super().__init__(message)
        self.loop = loop
