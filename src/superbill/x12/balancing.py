"""What every check of sums is made of: the shape of a finding, and sums that know when they are unknown."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, cast

from msgspec.structs import astuple

from superbill.money import Cents, decimal_dollars
from superbill.x12.standard.claim import CAS
from superbill.x12.tree import Loop


class Unbalanced(NamedTuple):
    """A sum that does not hold: rule, segment and element that state it, words; `line` counts from 1, 0 for none.

    `within` is the loop that has the segment where that isn't the judged one itself, and `at` its place there.
    """

    rule: str
    segment: str
    element: int
    words: str
    line: int = 0
    within: Loop | None = None
    at: int = 0


class Balance:
    """The sums of one transaction set; this one has none. `loops`: ids of the loops that `closed` wants to see."""

    loops: frozenset[str] = frozenset()

    def closed(self, loop: Loop, above: Sequence[Loop]) -> Iterator[Unbalanced]:
        """What does not balance in a loop that is complete; `above` are the loops around it, innermost first."""
        return iter(())

    def end(self, root: Loop) -> Iterator[Unbalanced]:
        """What does not balance in the transaction set as a whole, once all its loops have closed."""
        return iter(())


def usd(amount: Cents) -> str:
    """An amount as a file writes it."""
    return decimal_dollars(amount)


def plus(one: Cents | None, other: Cents | None) -> Cents | None:
    """Their sum; None when one of them is unknown."""
    return None if one is None or other is None else one + other


def total(amounts: Iterable[Cents | None]) -> Cents | None:
    """The sum of all; None when one of them is unknown."""
    found = 0
    for amount in amounts:
        if amount is None:
            return None
        found += amount
    return found


def _taken(a: CAS) -> Cents | None:
    """What a CAS takes: an amount for each of its reasons, or the sum is unknown. Nearly all have one reason."""
    if (
        a.amount_2 is a.amount_3 is a.amount_4 is a.amount_5 is a.amount_6 is None
        and a.reason_2 == a.reason_3 == a.reason_4 == a.reason_5 == a.reason_6 == ""
    ):
        return a.amount_1
    values = astuple(a)
    amounts = values[3::3]
    return sum(filter(None, amounts)) if amounts.count(None) == values[2::3].count("") else None


def adjusted(body: Iterable[object]) -> Cents | None:
    """What the CAS segments of a loop take from the charge; None when an amount of them is unknown."""
    found = 0
    for part in body:
        if type(part) is CAS:
            taken = _taken(part)
            if taken is None:
                return None
            found += taken
    return found


def named(loop: Loop, name: str) -> Sequence[Loop]:
    """The sub-loops of that name. They stand together, so a slice has them: far quicker than the attribute."""
    place = loop.node.names[name][0]
    shape = loop.shape
    first = shape.find(place)
    if first < 0:
        return ()
    end = first + shape.count(place)
    if shape.rfind(place) != end - 1:  # something out of place stands between them
        return cast("Sequence[Loop]", getattr(loop, name))
    return cast("Sequence[Loop]", loop.body[first:end])
