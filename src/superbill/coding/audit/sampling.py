"""Which codings an audit looks at: drawn by a seed, so that anybody can draw the same sample again."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib import resources

from msgspec import Struct
from msgspec.structs import replace

from superbill.coding.audit.levels import level_of
from superbill.coding.audit.model import Basis, Candidate, Drawn, Plan
from superbill.coding.audit.statistics import sample_size

LOW_SCORE = 0.6
RARE = 0.2
"""A level is high for a coder when they give it or a higher one in fewer than this share of such visits."""
ENOUGH = 10
"""Visits of one family that tell what a coder usually gives."""
_APART = frozenset(("59", "XE", "XS", "XP", "XU"))
_MODERATE = 3


class Risk(Struct, frozen=True):
    """A sign that a coding is likelier wrong than others, what it adds to the weight of 1, and what it says."""

    sign: str
    weight: float
    words: str


@cache
def risks() -> Mapping[str, Risk]:
    """The signs of data/risks.csv. A coding with signs of weight 3 and 2 is drawn like six without any."""
    text = resources.files("superbill.coding.audit.data").joinpath("risks.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["sign"]: Risk(row["sign"], float(row["weight"]), row["words"]) for row in rows}


def draw(candidates: Iterable[Candidate], plan: Plan) -> tuple[Drawn, ...]:
    """`plan.size` of the codings, or all where there are fewer, in the order of their keys.

    random: each as likely as any other. risk: without replacement, likelier with every sign of risk (Efraimidis and
    Spirakis 2006). new-coder: at random among the codings of new coders. high-dollar: the highest charges, which is no
    sample that a share of all codings may be told from. The same plan draws the same whatever the order given.
    """
    known = sorted(candidates, key=lambda each: each.key)
    if len({each.key for each in known}) < len(known):
        raise ValueError("two candidates have the same key")
    if plan.size < 0:
        raise ValueError("a sample has a size of 0 or more")
    signs = _signs(known, plan)
    if plan.basis is Basis.NEW_CODER:
        known = [each for each in known if _is_new(each, plan)]
    rank = _ranks(plan, signs)
    chosen = _per_coder(known, plan, rank) if plan.per_coder else sorted(known, key=rank)[: plan.size]
    return tuple(
        Drawn(key=each.key, weight=_weight(signs[each.key]), why=signs[each.key])
        for each in sorted(chosen, key=lambda each: each.key)
    )


def sized(plan: Plan, population: int) -> Plan:
    """The plan with the size that its margin asks for of so many codings; unchanged without a margin."""
    return plan if plan.margin is None else replace(plan, size=sample_size(population, plan.margin))


def _ranks(plan: Plan, signs: Mapping[int, tuple[str, ...]]) -> Callable[[Candidate], tuple[float, float]]:
    def rank(each: Candidate) -> tuple[float, float]:
        chance = _chance(plan.seed, each.key)
        if plan.basis is Basis.HIGH_DOLLAR:
            return (-(each.charge or 0), chance)
        weight = _weight(signs[each.key]) if plan.basis is Basis.RISK else 1.0
        return (-(chance ** (1 / weight)), 0.0)

    return rank


def _chance(seed: int, key: int) -> float:
    """A number between 0 and 1 that seed and key decide alone: no generator's state, no version of Python."""
    digest = sha256(f"superbill audit {seed} {key}".encode()).digest()
    return (int.from_bytes(digest[:7], "big") + 1) / (2**56 + 2)


def _weight(signs: Iterable[str]) -> float:
    return 1.0 + sum(risks()[sign].weight for sign in signs)


def _per_coder(
    known: Sequence[Candidate], plan: Plan, rank: Callable[[Candidate], tuple[float, float]]
) -> list[Candidate]:
    """Each coder's share by the method of the largest remainder, but one at least while the size lasts."""
    by_coder: dict[str, list[Candidate]] = defaultdict(list)
    for each in sorted(known, key=rank):
        by_coder[each.coder].append(each)
    shares = shared(min(plan.size, len(known)), {coder: len(some) for coder, some in by_coder.items()})
    return [each for coder, some in by_coder.items() for each in some[: shares[coder]]]


def shared(size: int, counts: Mapping[str, int]) -> dict[str, int]:
    """`size` shared out in proportion to `counts`, one at least to each while there are enough, never more than
    a count. Adds up to `size`, or to all there is."""
    size = min(size, sum(counts.values()))
    shares = dict.fromkeys(sorted(counts), 0)
    by_count = sorted(counts, key=lambda name: (-counts[name], name))
    for name in by_count[:size]:
        shares[name] = min(1, counts[name])
    total = sum(counts.values())
    while sum(shares.values()) < size:
        open_ones = [name for name in by_count if shares[name] < counts[name]]
        most = max(open_ones, key=lambda name: (size * counts[name] / total - shares[name], counts[name]))
        shares[most] += 1
    return shares


def _is_new(each: Candidate, plan: Plan) -> bool:
    return each.nth <= plan.new_codings or each.days < plan.new_days


def _signs(known: Sequence[Candidate], plan: Plan) -> dict[int, tuple[str, ...]]:
    """The signs of risk of every coding, in the order of the table."""
    usual = _usual(known)
    charges = sorted((each.charge for each in known if each.charge is not None), reverse=True)
    high = charges[max(len(charges) // 10 - 1, 0)] if charges else None
    found: dict[int, tuple[str, ...]] = {}
    for each in known:
        modifiers = {modifier for service in each.codes.services for modifier in service.modifiers}
        said = {
            "unspecified": each.unspecified > 0,
            "low score": each.score is not None and each.score < LOW_SCORE,
            "high level": any(_is_rare(each, service.code, usual) for service in each.codes.services),
            "modifier 25": "25" in modifiers,
            "modifier 59": not modifiers.isdisjoint(_APART),
            "override": each.overrides > 0,
            "open query": each.queries > 0,
            "new coder": _is_new(each, plan),
            "high charge": len(charges) >= ENOUGH and each.charge is not None and each.charge >= (high or 0),
        }
        found[each.key] = tuple(sign for sign in risks() if said[sign])
    return found


_Usual = Mapping[tuple[str, str], Counter[int]]


def _usual(known: Iterable[Candidate]) -> _Usual:
    """How often each coder gives each level of each family."""
    found: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for each in known:
        for service in each.codes.services:
            level = level_of(service.code)
            if level is not None:
                found[each.coder, level[0]][level[1]] += 1
    return found


def _is_rare(each: Candidate, code: str, usual: _Usual) -> bool:
    level = level_of(code)
    if level is None or level[1] < _MODERATE:
        return False
    given = usual[each.coder, level[0]]
    total = given.total()
    return total >= ENOUGH and sum(count for one, count in given.items() if one >= level[1]) / total < RARE
