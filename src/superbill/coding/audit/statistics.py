"""The statistics of an audit: sample size, the interval of a share, agreement beyond chance."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import ceil, sqrt

from msgspec import Struct

Z95 = 1.959964
"""The standard normal deviate of 95 % confidence, two-sided."""


class Share(Struct, frozen=True):
    """`hits` of `total`, with the 95 % interval of Wilson (1927); all None where nothing was counted."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.hits, self.total) if self.total else None


def wilson(hits: int, total: int, z: float = Z95) -> tuple[float, float]:
    """Wilson's score interval of a share. Unlike p ± z·√(pq/n) it holds for few cases and for shares of 0 and 1.

    Raises ValueError unless 0 <= hits <= total and total > 0.
    """
    if not 0 <= hits <= total or not total:
        raise ValueError(f"{hits} of {total} is no share")
    share, spread = hits / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / total + spread / (4 * total)) / (1 + spread)
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return (0.0 if hits == 0 else low, 1.0 if hits == total else high)


def sample_size(population: int, margin: float, *, expected: float = 0.5, z: float = Z95) -> int:
    """How many of `population` to draw so that a share is known to ± `margin` with 95 % confidence.

    Cochran's formula n0 = z²·p·(1-p)/e² with the finite population correction n = n0 / (1 + (n0 - 1)/N), rounded up.
    `expected` is the share p that one expects; 0.5 asks for the most. Raises ValueError for a margin or a share that is
    not between 0 and 1.
    """
    if not 0 < margin < 1 or not 0 < expected < 1:
        raise ValueError("a margin and an expected share are between 0 and 1, such as 0.05 and 0.9")
    if population <= 0:
        return 0
    unlimited = z * z * expected * (1 - expected) / (margin * margin)
    return max(1, min(population, ceil(unlimited / (1 + (unlimited - 1) / population) - 1e-9)))


def kappa(pairs: Iterable[tuple[str, str]]) -> float | None:
    """Cohen's kappa of two raters: (observed - expected) / (1 - expected) agreement.

    None where it says nothing: for fewer than two pairs, or when both used one and the same category throughout.
    """
    rated: Sequence[tuple[str, str]] = list(pairs)
    if len(rated) <= 1:
        return None
    total = len(rated)
    ones, others = Counter(one for one, _ in rated), Counter(other for _, other in rated)
    observed = sum(one == other for one, other in rated) / total
    expected = sum(ones[name] * others[name] for name in ones) / (total * total)
    return None if expected >= 1 else (observed - expected) / (1 - expected)
