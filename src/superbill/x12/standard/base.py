"""The words of the standard: segments and composites as frozen structs, with the data elements behind each field."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar, TypeAlias

from msgspec import Struct

from superbill.effective import Period
from superbill.money import Cents

# The word beside each type tells how its text is read: cents and whole numbers are both int.
Money: TypeAlias = Annotated[Cents | None, "money"]
Quantity: TypeAlias = Annotated[Decimal | None, "quantity"]
Count: TypeAlias = Annotated[int | None, "count"]
Day: TypeAlias = Annotated[date | None, "day"]
When: TypeAlias = Annotated[date | Period | datetime | str | None, "when"]


class Composite(Struct, frozen=True, gc=False, omit_defaults=True):
    """An element made of components, one field each.

    `ELEMENTS` names the data element of each field, in order. `NOTES` are the syntax notes among them, as in Segment.
    """

    ELEMENTS: ClassVar[str] = ""
    NOTES: ClassVar[str] = ""


class Segment(Struct, frozen=True, gc=False, omit_defaults=True):
    """One segment of the standard, one field per element.

    The type of a field says how its text is read: `str` as it stands, `Money` integer cents, `Quantity` an exact
    decimal, `Count` a whole number, `Day` CCYYMMDD, `When` whatever date, range or time its format qualifier names, a
    Composite (or None), and a tuple of one of these for an element that repeats. What is absent is "" or None; what
    can't be read is None, and the raw text still has it.

    `raw` is the segment's text as it was received, without terminator, bytes as Latin-1; "" for one made here. It is
    written again only where it still says what the fields say, so a changed copy is never undone by it.

    `ELEMENTS`: the data element number (elements.py) or composite of each field, in order. `NOTES`: the syntax notes,
    two digits an element: P paired, R at least one, E at most one, C if the first then all, L if the first then one
    of the others. `KEY`: the element whose code tells segments of one id apart (0: none); `KEY_PART`: its component.
    """

    ELEMENTS: ClassVar[str] = ""
    NOTES: ClassVar[str] = ""
    KEY: ClassVar[int] = 0
    KEY_PART: ClassVar[int] = 0

    raw: str = ""
