"""Where the segments of a word go, found out once for each loop that it may stand in."""

from typing import NamedTuple, TypeAlias

from superbill.x12.codec import marks
from superbill.x12.letters import Alphabet, Letters
from superbill.x12.lexer import Delimiters
from superbill.x12.nodes import Node, Target

# (closes, opens, first, end, places, whole): loops at this depth and below are closed, this one is opened if it is not
# None, and these segments of the word go into the loop that is open then, at these places of the guide. `whole`: the
# loop that is opened has no more in it.
Stretch: TypeAlias = tuple[int, Node | None, int, int, bytes, bool]

_MOST_PLANS, _MOST_PROGRAMS = 1 << 13, 64


class Plan:
    """What to do with the first `size` segments of a word in a loop; 0 when the first has no place there.

    `tells`: before its first segment a unit, or a loop that holds units, is closed, which is to be told; `opens` is
    such a loop, which that segment opens. No other segment of a plan does either. `targets` are those of its segments,
    `node` is the loop that is open in the end, `after` are the plans of words that come in it.
    """

    __slots__ = ("after", "node", "opens", "size", "stretches", "targets", "tells")

    def __init__(self, node: Node | None, targets: list[Target]) -> None:
        self.targets = tuple(targets)
        self.size = len(targets)
        self.tells = bool(targets) and _tells(node, targets[0])
        self.opens = targets[0].node if targets and targets[0].opens and is_told(targets[0].node) else None
        self.stretches = tuple(_stretches(node, targets))
        self.node = targets[-1].node if targets else node
        self.after: dict[str, Plan] = {}


def is_told(node: Node) -> bool:
    """Whether a loop is a unit, or holds units: whoever watches is told of it."""
    return node.rule.unit or node.holds_units


def _tells(node: Node | None, target: Target) -> bool:
    """Whether the segment, coming in `node`, ends a unit or a loop that holds units."""
    while node is not None and node.depth >= target.closes:
        if is_told(node):
            return True
        node = node.parent
    return False


def _stretches(node: Node | None, targets: list[Target]) -> list[Stretch]:
    found: list[Stretch] = []
    for at, target in enumerate(targets):
        if target.node is node and not target.opens and found:
            closes, opened, first, _, places, _ = found[-1]
            found[-1] = closes, opened, first, at + 1, places + bytes((target.place,)), False
        else:
            if found and node is not None and found[-1][1] is node and target.closes <= node.depth:
                found[-1] = *found[-1][:5], True
            opened = target.node if target.opens else None
            found.append((target.closes, opened, at, at + 1, bytes((target.place,)), False))
        node = target.node
    return found


class Plans:
    """The plans of the words of an alphabet, whatever the delimiters, and the programs that use them."""

    def __init__(self) -> None:
        self.alphabet = Alphabet()
        self.plans: dict[Node | None, dict[str, Plan]] = {}
        self.singles: dict[tuple[Node | None, Target], Plan] = {}
        self.programs: dict[Delimiters, Program] = {}
        self.count = 0

    @property
    def is_full(self) -> bool:
        """Whether it is time to begin anew: a hostile file must not fill the memory."""
        return self.count > _MOST_PLANS or self.alphabet.is_full

    def at(self, node: Node | None) -> dict[str, Plan]:
        """The plans of words that begin in a loop; None where no loop is open, and nothing has a place."""
        found = self.plans.get(node)
        if found is None:
            found = self.plans[node] = {}
        return found

    def plan(self, node: Node | None, word: str) -> Plan:
        """What to do with a word in a loop."""
        targets: list[Target] = []
        here = node
        for letter in word:
            name, code = self.alphabet.meanings.get(letter, ("", ""))
            target = None if here is None else here.target(name, code)
            if target is None or (targets and (_tells(here, target) or (target.opens and is_told(target.node)))):
                break
            targets.append(target)
            here = target.node
        made = self.at(node)[word] = Plan(node, targets)
        made.after = self.at(made.node)
        self.count += 1
        return made

    def single(self, node: Node | None, target: Target) -> Plan:
        """What to do with one segment, whose target is known, in a loop."""
        found = self.singles.get((node, target))
        if found is None:
            found = self.singles[node, target] = Plan(node, [target])
        return found


class Program(NamedTuple):
    """What reads a batch of segments under one set of delimiters, and the plans of its words."""

    letters: Letters
    plans: Plans


class _Common:
    """The plans of all programs. One that is being used goes on with those that it has."""

    def __init__(self) -> None:
        self.plans = Plans()

    def current(self) -> Plans:
        if self.plans.is_full:
            self.plans = Plans()
        return self.plans


_COMMON = _Common()


def program(delimiters: Delimiters) -> Program:
    """The program of a set of delimiters, for the next batch: it may be another one after that."""
    plans = _COMMON.current()
    found = plans.programs.get(delimiters)
    if found is None:
        if len(plans.programs) >= _MOST_PROGRAMS:
            plans.programs.clear()
        letters = Letters(delimiters, marks(delimiters.component, delimiters.repetition), plans.alphabet)
        found = plans.programs[delimiters] = Program(letters, plans)
    return found
