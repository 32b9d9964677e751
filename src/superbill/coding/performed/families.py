"""The families of services that choose among codes by site, size, count or time."""

from collections.abc import Iterator
from typing import Protocol

from superbill.coding.performed import counted, imaging, infusions, injections, lesions, limbs, vaccines
from superbill.coding.performed.model import Done, Hit, Said
from superbill.coding.performed.words import Phrase


class Family(Protocol):
    """What a family's module has."""

    def phrases(self) -> Iterator[Phrase]:
        """The phrases that name its services."""
        ...

    def done(self, hit: Hit, around: tuple[Said, ...]) -> Iterator[Done]:
        """The services that words of a sentence name, done or not."""
        ...


BY_TABLE: dict[str, Family] = {
    "imaging": imaging, "counted": counted, "injections": injections, "drugs": injections, "infusions": infusions,
    "lesions": lesions, "limbs": limbs, "vaccines": vaccines,
}  # fmt: skip
ALL: tuple[Family, ...] = (imaging, counted, injections, infusions, lesions, limbs, vaccines)
