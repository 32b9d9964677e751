"""What a 999 calls the claim, member or payment that has an error (CTX): the element by which its sender knows it."""

from operator import attrgetter

from msgspec import Struct

from superbill.x12.model import BusinessUnit
from superbill.x12.tree import Loop


class _Row(Struct, frozen=True):
    """Where the number stands, by the guide's names."""

    kind: str
    path: str


# By transaction set. Source: 005010X231A1, loop 2100, the business unit identifier of CTX.
_OF_UNIT = {
    "837": _Row("CLM01", "claim.patient_control_number"),
    "834": _Row("SUBSCRIBER NUMBER REF02", "subscriber_id.value"),
    "820": _Row("ENT01", "entity.number"),
    "270": _Row("SUBSCRIBER NAME NM109", "subscriber_name.name.id"),
    "271": _Row("SUBSCRIBER NAME NM109", "subscriber_name.name.id"),
    "276": _Row("SUBSCRIBER NAME NM109", "subscriber_name.name.id"),
    "278": _Row("SUBSCRIBER NAME NM109", "subscriber_name.name.id"),
}
_OF_SET = {"835": _Row("TRN02", "trace.number"), "820": _Row("TRN02", "trace.number")}


def _told(row: _Row | None, loop: Loop) -> BusinessUnit | None:
    if row is None:
        return None
    try:
        number = attrgetter(row.path)(loop)
    except AttributeError:  # the segment or loop on the way to it is not there
        return None
    return BusinessUnit(row.kind, str(number)) if number else None


def of_unit(identifier: str, unit: Loop) -> BusinessUnit | None:
    """The business unit that a unit of that transaction set is; None where it has no number."""
    return _told(_OF_UNIT.get(identifier), unit)


def of_set(identifier: str, root: Loop) -> BusinessUnit | None:
    """The business unit that a whole transaction set is: a payment."""
    return _told(_OF_SET.get(identifier), root)
