"""Whole transactions of any guide, made from the guide's own table: a seed and a fullness make always the same one.

What a guide asks for is there; of what it leaves open as much as `fullness` says. Then the draft is settled: levels
and lines are numbered, amounts add up (x12_settled.py), and what a situation asks for or forbids is added or removed,
until nothing changes. Hypothesis draws the seeds: a tree of hundreds of values drawn one by one would cost it seconds.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random
from typing import Any

from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from superbill.x12.conditions import CONDITIONS
from superbill.x12.guides.catalog import GUIDES
from superbill.x12.lexer import STANDARD, Delimiters
from superbill.x12.library import compiled
from superbill.x12.nodes import Node, Slot
from superbill.x12.rules import REQUIRED
from superbill.x12.standard.base import Segment
from superbill.x12.standard.control import GE, GS, IEA, ISA
from superbill.x12.tree import Group, Interchange, Loop, Transaction
from tests.x12_pieces import Piece
from tests.x12_plain import limit
from tests.x12_settled import settle_sums

KEYS = tuple(guide.key for guide in GUIDES)
_MOST_TIMES = 3
_SEGMENTS = 150  # about how many a transaction has before nothing more is added that isn't asked for
_ROUNDS = 12


class Draft:
    """A loop that can still be changed: its parts with their places in the guide, in guide order."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.parts: list[tuple[int, Piece | Draft]] = []

    def add(self, index: int, part: "Piece | Draft") -> None:
        """Put a part behind those of its place and before those of later places."""
        at = sum(each <= index for each, _ in self.parts)
        self.parts.insert(at, (index, part))

    def all(self, index: int) -> list[Any]:
        return [part for place, part in self.parts if place == index]

    def named(self, name: str) -> list[Any]:
        """The segments or loops of that name in the guide; none where the guide has none."""
        return self.all(self.node.names[name][0]) if name in self.node.names else []

    def remove(self, index: int) -> None:
        self.parts = [(place, part) for place, part in self.parts if place != index]

    def drafts(self, id: str = "") -> "Iterator[Draft]":
        """This loop and those in it, in order; only those of one id."""
        if id in ("", self.node.rule.id):
            yield self
        for _, part in self.parts:
            if isinstance(part, Draft):
                yield from part.drafts(id)

    def pieces_here(self) -> Iterator[Piece]:
        """The segments of this loop, without those of the loops in it."""
        return (part for _, part in self.parts if isinstance(part, Piece))

    def pieces(self) -> Iterator[Piece]:
        for _, part in self.parts:
            if isinstance(part, Piece):
                yield part
            else:
                yield from part.pieces()

    def made(self) -> Loop:
        body = tuple(part.made() for _, part in self.parts)
        return self.node.cls(body, bytes(index for index, _ in self.parts))


class Maker:
    """Makes one transaction; a `plain` one that the judges can follow (x12_plain.py)."""

    def __init__(self, key: str, seed: int, fullness: float, plain: bool = False) -> None:
        self.plain = plain
        self.compiled = compiled(key)
        self.rng = Random(f"{key} {seed}")
        self.fullness = fullness
        self.segments = 0
        self.stable = False

    def root(self) -> Draft:
        made = self.loop(self.compiled.root)
        self._settle(made)
        return made

    def loop(self, node: Node) -> Draft:
        draft = Draft(node)
        for index, part in enumerate(node.parts):
            for _ in range(self._times(part, first=index == 0)):
                draft.add(index, self.part(part))
        self._let_children_be(draft)
        return draft

    def part(self, part: Slot | Node) -> Piece | Draft:
        if isinstance(part, Node):
            return self.loop(part)
        self.segments += 1
        return Piece(part, self.rng, max(self.fullness, 0.15))

    def _times(self, part: Slot | Node, first: bool) -> int:
        rule = part.rule
        if first:
            return 1
        more = self.segments < _SEGMENTS and self.rng.random() < self.fullness
        if rule.usage != REQUIRED and not more:
            return 0
        return self.rng.randint(1, min(rule.repeat, _MOST_TIMES)) if more else 1

    def _let_children_be(self, draft: Draft) -> None:
        """A level that always has children has one; what is a level's lowest has none."""
        opener = draft.parts[0][1]
        if not isinstance(opener, Piece) or opener.slot.rule.id != "HL":
            return
        rule = opener.slot.rule.at(4)
        below = [index for index, part in enumerate(draft.node.parts) if isinstance(part, Node) and is_level(part)]
        if rule is not None and rule.codes == ("1",) and not any(draft.all(index) for index in below):
            draft.add(below[0], self.part(draft.node.parts[below[0]]))

    # --- settling ---

    def _settle(self, root: Draft) -> None:
        for _ in range(_ROUNDS):
            if self.plain:
                limit(root, self)
            number(root)
            settle_sums(root, self.compiled.guide.key, self.rng)
            if not self._situations(root, root.made(), ()):
                self.stable = True
                break

    def _situations(self, draft: Draft, loop: Loop, above: Sequence[Loop]) -> bool:
        """Do what the conditions of a loop and those in it ask for; whether anything had to be done."""
        changed = False
        for (_, part), made in zip(tuple(draft.parts), loop.body, strict=True):
            if isinstance(part, Draft):
                assert isinstance(made, Loop)
                changed |= self._situations(part, made, (loop, *above))
            else:
                changed |= _elements(part, made, loop, above)
        for index, part in enumerate(draft.node.parts):
            rule = part.rule
            if not rule.when:
                continue
            holds, there = CONDITIONS[rule.when](loop, above, None), bool(draft.all(index))
            if holds and not there:
                draft.add(index, self.part(part))
            elif there and rule.only_when and not holds:
                draft.remove(index)
            changed |= holds > there or (rule.only_when and there > holds)
        return changed


def _elements(piece: Piece, made: Any, loop: Loop, above: Sequence[Loop]) -> bool:
    before = set(piece.must), set(piece.never)
    for rule in piece.slot.rule.elements:
        if not rule.when:
            continue
        spot = (rule.position, rule.component)
        holds = CONDITIONS[rule.when](loop, above, made)
        piece.must.discard(spot)
        piece.never.discard(spot)
        if holds:
            piece.must.add(spot)
        elif rule.only_when:
            piece.never.add(spot)
    if before == (piece.must, piece.never):
        return False
    piece.refit()
    return True


def is_level(node: Node) -> bool:
    return node.slots[0].rule.id == "HL"


def number(root: Draft) -> None:
    """HL from 1, each with its parent and whether levels follow below; LX from 1 in its loop."""
    count = 0

    def levels(draft: Draft, parent: str) -> None:
        nonlocal count
        if is_level(draft.node):
            count += 1
            opener = draft.parts[0][1]
            assert isinstance(opener, Piece)
            opener.put(1, str(count))
            opener.values.pop(2, None)
            if parent and opener.slot.rule.at(2) is not None:
                opener.put(2, parent)
            if opener.slot.rule.at(4) is not None:
                below = any(isinstance(part, Draft) and is_level(part.node) for _, part in draft.parts)
                opener.put(4, "1" if below else "0")
            parent = str(count)
        lines: dict[int, int] = {}
        for index, part in draft.parts:
            if isinstance(part, Draft):
                levels(part, parent)
                if part.node.slots[0].rule.id == "LX":
                    lines[index] = lines.get(index, 0) + 1
                    part.parts[0][1].put(1, lines[index])  # type: ignore[union-attr] # an opener is a Piece

    levels(root, "")


# --- the envelope ---------------------------------------------------------------------------------------------------


class Made(Struct, frozen=True):
    """A file of one transaction. `stable`: the situations that its guide knows are all as it wants them."""

    file: Interchange
    stable: bool

    @property
    def transaction(self) -> Transaction:
        return self.file.groups[0].transactions[0]


def transaction(key: str, seed: int, fullness: float, plain: bool = False) -> tuple[Transaction, bool]:
    """One transaction set, and whether its situations are settled. `plain`: one that the judges can follow."""
    maker = Maker(key, seed, fullness, plain)
    root = maker.root()
    pieces = list(root.pieces())
    header, trailer = pieces[0], pieces[-1]
    control = "0001"
    header.put(2, control)
    rule = header.slot.rule.at(3)
    if 3 in header.values and rule is not None and (plain or not rule.codes):
        header.put(3, maker.compiled.guide.version)
    trailer.put(1, len(pieces))
    trailer.put(2, control)
    return Transaction(compiled=maker.compiled, root=root.made(), position=3), maker.stable


def isa(version: str, delimiters: Delimiters, control: str) -> ISA:
    old = version < "004020"
    return ISA(
        authorization_qualifier="00", authorization=" " * 10, security_qualifier="00", security=" " * 10,
        sender_qualifier="ZZ", sender="SENDER".ljust(15), receiver_qualifier="ZZ", receiver="RECEIVER".ljust(15),
        date="250107", time="1210", repetition_separator="U" if old else delimiters.repetition,
        version="00401" if old else "00501", control_number=control, acknowledgment_requested="0", usage="P",
        component_separator=delimiters.component,
    )  # fmt: skip


def file(
    key: str,
    seed: int,
    fullness: float = 0.3,
    delimiters: Delimiters = STANDARD,
    ending: str = "\n",
    plain: bool = False,
) -> Made:
    """An interchange of one group of one transaction."""
    made, stable = transaction(key, seed, fullness, plain)
    guide = made.compiled.guide
    version = getattr(made.header, "version", "") or guide.version
    if version < "004020":
        delimiters = replace(delimiters, repetition="U")
    control = f"{seed % 10**9:09}"
    group = Group(
        body=[
            GS(
                functional_id=guide.functional_id, sender="SENDER", receiver="RECEIVER", date=date(2025, 1, 7),
                time="1210", control_number="1", agency="X", version=version,
            ),
            made,
            GE(transactions=1, control_number="1"),
        ],
        position=2,
    )  # fmt: skip
    ending = "" if delimiters.segment == "\n" else ending
    body = [isa(version, delimiters, control), group, IEA(groups=1, control_number=control)]
    return Made(Interchange(delimiters=delimiters, ending=ending, body=body), stable)


_MARKS = "*|+!#%=;<>^~:\x1c\x1d\x1e\x1f`$"


@st.composite
def delimiters(draw: st.DrawFn) -> Delimiters:
    """Four separators that differ, and that no value has."""
    element, component, repetition, segment = draw(st.permutations(_MARKS))[:4]
    return Delimiters(element, component, repetition, draw(st.sampled_from((segment, segment, segment, "\n"))))


def files(key: str, under: st.SearchStrategy[Delimiters] | None = None) -> st.SearchStrategy[Made]:
    """Files of one transaction of that guide, with any delimiters or those of `under`."""
    return st.builds(
        file,
        st.just(key),
        st.integers(0, 2**32),
        st.floats(0.05, 0.6),
        delimiters() if under is None else under,
        st.sampled_from(("", "\n", "\r\n")),
    )


# --- comparing ------------------------------------------------------------------------------------------------------


def bare(branch: Any) -> Any:
    """A tree as nested tuples, without the raw text of its segments."""
    if isinstance(branch, Segment):
        return replace(branch, raw="")
    if isinstance(branch, Loop):
        return (branch.node.rule.id, branch.shape, tuple(map(bare, branch.body)))
    if isinstance(branch, Transaction):
        return (branch.compiled.guide.key, bare(branch.root))
    return tuple(map(bare, branch.body))


def fullness_of(place: int) -> float:
    """From nearly nothing to nearly everything, for the drawn files of a fixed number."""
    return (0.05, 0.2, 0.35, 0.6, 0.9)[place % 5]
