"""The X12 standard as health care transactions use it (release 005010): data elements, composites, segments.

Guides and versions share it: a guide says which of it it uses, and how.
"""

from types import ModuleType
from typing import TypeVar

from superbill.x12.standard import (
    acknowledgement,
    authorization,
    certificates,
    claim,
    composites,
    control,
    eligibility,
    enrollment,
    parties,
    payment,
    service,
    status,
)
from superbill.x12.standard.base import Composite, Segment
from superbill.x12.standard.elements import ELEMENTS, DataElement, element

__all__ = ["COMPOSITES", "ELEMENTS", "SEGMENTS", "Composite", "DataElement", "Segment", "element"]

_FAMILIES = (
    control,
    acknowledgement,
    parties,
    claim,
    certificates,
    service,
    payment,
    eligibility,
    enrollment,
    authorization,
    status,
)

_T = TypeVar("_T", Composite, Segment)


def _classes(module: ModuleType, base: type[_T]) -> dict[str, type[_T]]:
    """The classes that a module defines, not those that it imports, by their ids."""
    found = (each for each in vars(module).values() if isinstance(each, type) and issubclass(each, base))
    return {each.__name__: each for each in found if each.__module__ == module.__name__}


COMPOSITES: dict[str, type[Composite]] = _classes(composites, Composite)
SEGMENTS: dict[str, type[Segment]] = {
    id: each for family in _FAMILIES for id, each in _classes(family, Segment).items()
}
