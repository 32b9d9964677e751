"""Which of some amounts add up to a total: a search with a bound, that says when it could not look everywhere."""

from collections.abc import Sequence

from msgspec import Struct

from superbill.money import Cents

MAX_ITEMS = 24
MAX_STEPS = 50_000


class Sums(Struct, frozen=True):
    """The subsets found, each as ascending places; `whole`: every subset was looked at, and there are no others."""

    found: tuple[tuple[int, ...], ...]
    whole: bool


def sums_to(total: Cents, amounts: Sequence[Cents], *, limit: int = 3, most: int = 12) -> Sums:
    """Subsets of two to `most` of `amounts` (all of one sign) that add up to `total`, at most `limit` of them.

    More than MAX_ITEMS amounts are not searched, and no search takes more than MAX_STEPS steps.
    """
    if len(amounts) > MAX_ITEMS:
        return Sums((), whole=False)
    if not amounts or min(amounts) <= 0 or total <= 0:
        turned = [-amount for amount in amounts]
        if not amounts or total >= 0 or min(turned) <= 0:
            return Sums((), whole=True)
        return sums_to(-total, turned, limit=limit, most=most)
    return _Search(amounts, limit, most).run(total)


class _Search:
    def __init__(self, amounts: Sequence[Cents], limit: int, most: int) -> None:
        # The largest first: what is too large is cut off early.
        self.places = sorted(range(len(amounts)), key=lambda place: (-amounts[place], place))
        self.amounts = [amounts[place] for place in self.places]
        self.rest = [sum(self.amounts[place:]) for place in range(len(amounts) + 1)]
        self.limit, self.most, self.steps = limit, most, 0
        self.found: list[tuple[int, ...]] = []
        self.cut = False

    def run(self, total: Cents) -> Sums:
        self._go(0, total, ())
        return Sums(tuple(self.found), whole=not self.cut)

    def _go(self, start: int, left: Cents, chosen: tuple[int, ...]) -> None:
        if not left:
            if len(chosen) > 1:
                self.found.append(tuple(sorted(self.places[place] for place in chosen)))
            return
        for place in range(start, len(self.amounts)):
            self.steps += 1
            if self.steps > MAX_STEPS or len(self.found) >= self.limit or len(chosen) == self.most:
                self.cut = True
                return
            if self.rest[place] < left:
                return
            if self.amounts[place] <= left:
                self._go(place + 1, left - self.amounts[place], (*chosen, place))
