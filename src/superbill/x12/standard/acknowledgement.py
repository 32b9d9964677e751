"""Segments of the answers to a transaction set: 997, 999 and 824.

Positions count from 1: of a segment from ST, of an element from its segment's first.
"""

from superbill.x12.standard.base import Count, Day, Segment
from superbill.x12.standard.composites import C030, C998, C999


class AK1(Segment, frozen=True):
    """The functional group that is answered."""

    ELEMENTS = "479 28 480"

    functional_id: str = ""
    control_number: str = ""
    version: str = ""


class AK2(Segment, frozen=True):
    """The transaction set that is answered."""

    ELEMENTS = "143 329 1705"

    identifier: str = ""
    control_number: str = ""
    version: str = ""


class AK3(Segment, frozen=True):
    """An error of a segment (997)."""

    ELEMENTS = "721 719 447 720"

    segment: str = ""
    position: Count = None
    loop: str = ""
    error: str = ""


class AK4(Segment, frozen=True):
    """An error of an element (997): where it is, its number in the dictionary, what is wrong, and what was there."""

    ELEMENTS = "C030 725 723 724"

    place: C030 | None = None
    element: Count = None
    error: str = ""
    value: str = ""


class AK5(Segment, frozen=True):
    """What became of the transaction set (997)."""

    ELEMENTS = "717 718 718 718 718 718"

    acknowledgment: str = ""
    error_1: str = ""
    error_2: str = ""
    error_3: str = ""
    error_4: str = ""
    error_5: str = ""

    @property
    def errors(self) -> tuple[str, ...]:
        """The error codes that are there, in order."""
        return tuple(filter(None, (self.error_1, self.error_2, self.error_3, self.error_4, self.error_5)))


class AK9(Segment, frozen=True):
    """What became of the functional group: transaction sets sent, received and accepted."""

    ELEMENTS = "715 97 123 2 716 716 716 716 716"

    acknowledgment: str = ""
    transactions: Count = None
    received: Count = None
    accepted: Count = None
    error_1: str = ""
    error_2: str = ""
    error_3: str = ""
    error_4: str = ""
    error_5: str = ""

    @property
    def errors(self) -> tuple[str, ...]:
        """The error codes that are there, in order."""
        return tuple(filter(None, (self.error_1, self.error_2, self.error_3, self.error_4, self.error_5)))


class IK3(Segment, frozen=True):
    """An error of a segment (999)."""

    ELEMENTS = "721 719 447 620"

    segment: str = ""
    position: Count = None
    loop: str = ""
    error: str = ""


class IK4(Segment, frozen=True):
    """An error of an element (999): where it is, its number in the dictionary, what is wrong, and what was there."""

    ELEMENTS = "C030 725 621 724"

    place: C030 | None = None
    element: Count = None
    error: str = ""
    value: str = ""


class IK5(Segment, frozen=True):
    """What became of the transaction set (999)."""

    ELEMENTS = "717 618 618 618 618 618"

    acknowledgment: str = ""
    error_1: str = ""
    error_2: str = ""
    error_3: str = ""
    error_4: str = ""
    error_5: str = ""

    @property
    def errors(self) -> tuple[str, ...]:
        """The error codes that are there, in order."""
        return tuple(filter(None, (self.error_1, self.error_2, self.error_3, self.error_4, self.error_5)))


class CTX(Segment, frozen=True):
    """The context of an error: the business unit that has it, or the place that makes the rule apply."""

    ELEMENTS = "C998 721 719 447 C030 C999"
    KEY = 1
    KEY_PART = 1

    contexts: tuple[C998, ...] = ()
    segment: str = ""
    position: Count = None
    loop: str = ""
    place: C030 | None = None
    elements: C999 | None = None


class OTI(Segment, frozen=True):
    """The transaction that an application answers (824): whether it takes it, and which one it was."""

    ELEMENTS = "110 128 127 142 124 373 337 28 329 143 480 353 640 346 306 305 641"
    NOTES = "C0908"

    acknowledgment: str = ""
    qualifier: str = ""
    reference: str = ""
    sender: str = ""
    receiver: str = ""
    date: Day = None
    time: str = ""
    group_control_number: str = ""
    control_number: str = ""
    identifier: str = ""
    version: str = ""
    purpose: str = ""
    transaction_type: str = ""
    application_type: str = ""
    action: str = ""
    handling: str = ""
    status_reason: str = ""


class TED(Segment, frozen=True):
    """An error that an application found (824): its code, where it is, what was there and what it should be."""

    ELEMENTS = "647 3 721 719 C030 725 724 961"

    error: str = ""
    message: str = ""
    segment: str = ""
    position: Count = None
    place: C030 | None = None
    element: Count = None
    value: str = ""
    replacement: str = ""


class RED(Segment, frozen=True):
    """What belongs to an error (824), in a code list's words."""

    ELEMENTS = "352 1609 559 822 1270 1271"
    NOTES = "P0506"

    description: str = ""
    kind: str = ""
    agency: str = ""
    source: str = ""
    code_list: str = ""
    code: str = ""
