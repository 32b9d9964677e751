"""The guides, compiled on first use."""

from collections.abc import Callable
from functools import cache

from superbill.x12.compiled import Compiled
from superbill.x12.grammar import Guide
from superbill.x12.guides import claim_acknowledgement, functional, professional, remittance

GUIDES: tuple[Guide, ...] = (
    professional.GUIDE,
    remittance.GUIDE,
    functional.GUIDE,
    claim_acknowledgement.GUIDE,
)


@cache
def _compiled(place: int) -> Compiled:
    return Compiled(GUIDES[place])


def compiled(identifier: str, version: str) -> Compiled | None:
    """The compiled guide of a transaction set, None for one that we don't have."""
    for place, guide in enumerate(GUIDES):
        if guide.identifier == identifier and version in guide.versions:
            return _compiled(place)
    return None


def only(identifier: str) -> Callable[[str, str], Compiled | None]:
    """The guides of one transaction set and no other."""

    def guide_of(found: str, version: str) -> Compiled | None:
        return compiled(found, version) if found == identifier else None

    return guide_of
