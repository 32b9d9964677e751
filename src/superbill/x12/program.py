"""The moves of a guide bound to what reads each segment under one pair of marks, made as loops are first entered."""

from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from superbill.x12.codec import Decode, Marks, decoder, marks
from superbill.x12.lexer import Delimiters
from superbill.x12.nodes import Move, Node, Target
from superbill.x12.standard.base import Segment


class Step(NamedTuple):
    """What to do with a segment: whether it belongs to the very loop that is open, its place there, what reads it.

    `make` is None where the elements are the fields of `cls` as they are. `repeats`: segments like it come again and
    again, to the letter, so that it is worth keeping.
    """

    stays: bool
    repeats: bool
    place: int
    make: Decode | None
    cls: Any  # type[Segment]: called with the elements, however many they are
    target: Target


# By what element, and whether by its first component only; the step of each code; the step of all others.
Bound: TypeAlias = tuple[int, int, dict[str, Step], Step | None]


# Segments seen in a loop, to the letter, with their place in it and what they are: frozen, so that all may share them.
Known: TypeAlias = dict[str, tuple[int, Segment]]
MOST_KNOWN, LONGEST_KNOWN = 1 << 12, 1 << 8  # of one loop; a hostile file must not fill the memory

# Names and numbers: hardly ever the same twice.
_SINGULAR = frozenset(("CLM", "CLP", "HL", "LX", "N3", "NM1", "PER", "REF", "SBR", "TRN"))


class Program:
    """The bound moves of every node that was entered under one pair of marks, and the segments known there."""

    def __init__(self, under: Marks) -> None:
        self.under = under
        self.bound: dict[Node, tuple[dict[str, Bound], Known]] = {}

    def at(self, node: Node) -> tuple[dict[str, Bound], Known]:
        """Where each segment id may go from a loop, and the segments that are known in it."""
        found = self.bound.get(node)
        if found is None:
            moves = {name: self._bound(move, node) for name, move in node.moves.items()}
            found = self.bound[node] = (moves, {})
        return found

    def _bound(self, move: Move, node: Node) -> Bound:
        by = {code: self._step(target, node) for code, target in move.by.items()}
        return move.at, move.part, by, None if move.other is None else self._step(move.other, node)

    def _step(self, target: Target, node: Node) -> Step:
        stays = target.node is node and not target.opens
        repeats = stays and target.slot.rule.id not in _SINGULAR
        return Step(stays, repeats, target.place, decoder(target.cls, self.under), target.cls, target)


@lru_cache(64)
def program(delimiters: Delimiters) -> Program:
    """The program of a set of delimiters: a segment that is known under some says something else under others."""
    return Program(marks(delimiters.component, delimiters.repetition))
