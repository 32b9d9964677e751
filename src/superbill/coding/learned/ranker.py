"""A logistic regression over named features: small, of numbers only, trained the same way to the same weights."""

from collections.abc import Iterable, Sequence
from math import exp, sqrt

from msgspec import Struct


class Ranker(Struct, frozen=True):
    """The weight of every feature that counts. A feature that was never seen counts nothing."""

    weights: dict[str, float]

    def score(self, features: Iterable[str]) -> float:
        """How likely what has these features is right, 0 to 1."""
        total = sum(self.weights.get(each, 0.0) for each in features)
        return 1.0 / (1.0 + exp(-min(max(total, -30.0), 30.0)))


def fitted(
    examples: Sequence[tuple[Sequence[str], bool]], *, epochs: int = 12, rate: float = 0.15, shrink: float = 1e-5
) -> Ranker:
    """The ranker of these examples: AdaGrad on the logistic loss in the order of the examples, shrunk towards zero.

    The steps of later epochs are averaged, so that the order of the examples hardly matters.
    """
    number = {name: place for place, name in enumerate(sorted({each for said, _ in examples for each in said}))}
    rows = [([number[each] for each in said], 1.0 if right else 0.0) for said, right in examples]
    weights, squares, total = [0.0] * len(number), [1e-2] * len(number), [0.0] * len(number)
    averaged = 0
    for epoch in range(epochs):
        for at in _order(len(rows), epoch):
            said, right = rows[at]
            margin = 0.0
            for each in said:
                margin += weights[each]
            error = 1.0 / (1.0 + exp(-min(max(margin, -30.0), 30.0))) - right
            for each in said:
                slope = error + shrink * weights[each]
                squares[each] += slope * slope
                weights[each] -= rate * slope / sqrt(squares[each])
        if epoch >= epochs // 3:
            averaged += 1
            total = [a + b for a, b in zip(total, weights, strict=True)]
    return Ranker({name: round(total[place] / averaged, 5) for name, place in number.items()})


def _order(length: int, epoch: int) -> Iterable[int]:
    """Another fixed order of the examples in every epoch: steps by a number that shares no factor with their count."""
    step = 7919 + 2 * epoch
    while _common(step, length) != 1:
        step += 1
    return ((epoch + place * step) % length for place in range(length))


def _common(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a
