"""The guides that we have, compiled on first use, and which of them a transaction set follows."""

from collections.abc import Sequence
from functools import cache

from superbill.x12.guides.catalog import GUIDES
from superbill.x12.nodes import Compiled
from superbill.x12.opening import GuidesOf
from superbill.x12.rules import Guide, loop, seg

_RELEASE_AND_GUIDE = 10  # characters of a version before its addenda: 005010X222

# What we have no guide for is still read, each segment as it stands.
_UNKNOWN = Guide(
    key="unknown",
    title="Transaction set without a guide",
    identifier="",
    functional_id="",
    version="",
    versions=(),
    root=loop("ST", "transaction", "R", 1, seg("ST", "header", "R", "1R 2R 3"), seg("SE", "trailer", "R", "1R 2R")),
    writes=False,
)


@cache
def _compiled(place: int) -> Compiled:
    return Compiled(GUIDES[place] if place >= 0 else _UNKNOWN)


UNKNOWN = -1


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
    """The guides of those names and no others: everything else is read as unknown, which costs nothing."""
    wanted = frozenset(keys)

    def narrowed(st: list[str], version: str, following: list[str]) -> Sequence[Compiled]:
        return [each for each in guides_of(st, version, following) if each.guide.key in wanted] or [_compiled(UNKNOWN)]

    return narrowed
