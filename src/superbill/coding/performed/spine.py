"""Injections along the spine by levels: the first level, and each further one; both sides are 50.

A facet joint is supplied by the medial branches of two levels, so branches of n levels are n - 1 joints (CPT).
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from superbill.coding.performed.model import Done, Hit
from superbill.coding.performed.sides import side_of

# The code of the first level: those of the second and of every further one.
_FURTHER = {
    "64483": ("64484", "64484"), "64479": ("64480", "64480"), "64493": ("64494", "64495"),
    "64490": ("64491", "64492"), "64635": ("64636", "64636"), "64633": ("64634", "64634"),
}  # fmt: skip
CODES = frozenset(_FURTHER)
_JOINT = re.compile(r"\b([ctls]\d{1,2})\s?[-/–]\s?([ctls]?\d{1,2})\b")
_LEVEL = re.compile(r"\b[ctls]\d{1,2}\b")
_MOST_FACETS = 3


def leveled(one: Done, hit: Hit) -> Iterator[Done]:
    """The service of the first level, and those of further ones."""
    lower = hit.said.lower
    side = side_of(lower, hit.start - hit.said.start, hit.end - hit.said.start, 90)
    one = replace(one, side=side, modifiers={"right": ("RT",), "left": ("LT",), "both": ("50",)}.get(side, ()))
    yield one
    joints = {match[0] for match in _JOINT.finditer(lower)}
    single = {match[0] for match in _LEVEL.finditer(_JOINT.sub(" ", lower))}
    levels = len(joints) + len(single)
    if "medial branch" in lower and single and not joints:
        levels = len(single) - 1
    second, further = _FURTHER[one.code]
    if second != further:
        codes = [second, further][: max(0, min(levels, _MOST_FACETS) - 1)]
        yield from (replace(one, code=code, what=f"{one.what} {code}", rule=f"{levels} levels") for code in codes)
    elif levels > 1:
        yield replace(one, code=second, what=f"{one.what} {second}", units=levels - 1, rule=f"{levels} levels")
