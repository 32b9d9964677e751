"""The guides that we have, compiled on first use, and which of them a transaction set follows."""

from collections.abc import Sequence
from functools import cache

from superbill.x12.guides.catalog import GUIDES
from superbill.x12.nodes import Compiled
from superbill.x12.opening import GuidesOf
from superbill.x12.rules import PASSED_OVER, Guide, loop, seg

_RELEASE_AND_GUIDE = 10  # characters of a version before its addenda: 005010X222


def _without_loops(key: str, title: str) -> Guide:
    header, trailer = seg("ST", "header", "R", "1R 2R 3"), seg("SE", "trailer", "R", "1R 2R")
    root = loop("ST", "transaction", "R", 1, header, trailer)
    return Guide(
        key=key, title=title, identifier="", functional_id="", version="", versions=(), root=root, writes=False
    )


# What we have no guide for is still read, each segment as it stands; what nobody asked for is not even kept.
_UNKNOWN = _without_loops("unknown", "Transaction set without a guide")
_PASSED = _without_loops(PASSED_OVER, "Transaction set that was passed over")
UNKNOWN, PASSED = -1, -2


@cache
def _compiled(place: int) -> Compiled:
    return Compiled(GUIDES[place] if place >= 0 else _UNKNOWN if place == UNKNOWN else _PASSED)


def compiled(key: str) -> Compiled:
    """The compiled guide of that name ("837P"). Raises KeyError with the names that there are."""
    for place, guide in enumerate(GUIDES):
        if guide.key == key:
            return _compiled(place)
    raise KeyError(f"no guide {key!r}; there are {', '.join(guide.key for guide in GUIDES)}")


@cache
def _candidates(identifier: str, version: str) -> tuple[int, ...]:
    """The guides of a transaction set: of that very version, else of another addendum, else the only ones there are."""
    own = [place for place, guide in enumerate(GUIDES) if guide.identifier == identifier]
    if not version:
        return tuple(own[:1])
    same = [place for place in own if version in GUIDES[place].versions]
    near = [place for place in own if any(each[:_RELEASE_AND_GUIDE] == version[:_RELEASE_AND_GUIDE]
                                          for each in GUIDES[place].versions)]  # fmt: skip
    return tuple(same or near)


def guides_of(st: list[str], version: str, following: list[str]) -> Sequence[Compiled]:
    """The guides a transaction set may be of; `following`, the segment after ST, leaves one."""
    places = _candidates(st[1].strip() if len(st) > 1 else "", version)
    if len(places) > 1 and following:
        told = [place for place in places if (tells := GUIDES[place].tells) is not None and tells(following)]
        places = tuple(told[:1]) or places[:1]
    return [_compiled(place) for place in places] or [_compiled(UNKNOWN)]


def only(*keys: str) -> GuidesOf:
    """The guides of those names and no others: everything else is passed over, which costs nothing."""
    wanted = frozenset(keys)

    def narrowed(st: list[str], version: str, following: list[str]) -> Sequence[Compiled]:
        return [each for each in guides_of(st, version, following) if each.guide.key in wanted] or [_compiled(PASSED)]

    return narrowed
