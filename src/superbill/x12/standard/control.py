"""Segments that hold a file together: interchange, group, transaction set, levels, and the interchange's answer.

Control numbers are text, so that they are sent back with the zeros with which they came.
"""

from superbill.x12.standard.base import Count, Day, Segment


class ISA(Segment, frozen=True):
    """Interchange control header; of fixed width, blanks included. The date is YYMMDD, in text.

    `repetition_separator` is one from release 00402 on; before, it is the standard's identifier, U.
    """

    ELEMENTS = "I01 I02 I03 I04 I05 I06 I05 I07 I08 I09 I65 I11 I12 I13 I14 I15"

    authorization_qualifier: str = ""
    authorization: str = ""
    security_qualifier: str = ""
    security: str = ""
    sender_qualifier: str = ""
    sender: str = ""
    receiver_qualifier: str = ""
    receiver: str = ""
    date: str = ""
    time: str = ""
    repetition_separator: str = ""
    version: str = ""
    control_number: str = ""
    acknowledgment_requested: str = ""
    usage: str = ""
    component_separator: str = ""


class IEA(Segment, frozen=True):
    """Interchange control trailer: how many groups, and the header's control number."""

    ELEMENTS = "I16 I12"

    groups: Count = None
    control_number: str = ""


class TA1(Segment, frozen=True):
    """Interchange acknowledgment: the control number, date and time of the interchange that it answers."""

    ELEMENTS = "I12 I08 I09 I17 I18"

    control_number: str = ""
    date: str = ""
    time: str = ""
    acknowledgment: str = ""
    note: str = ""


class GS(Segment, frozen=True):
    """Functional group header; `version` names the guide of its transaction sets."""

    ELEMENTS = "479 142 124 373 337 28 455 480"

    functional_id: str = ""
    sender: str = ""
    receiver: str = ""
    date: Day = None
    time: str = ""
    control_number: str = ""
    agency: str = ""
    version: str = ""


class GE(Segment, frozen=True):
    """Functional group trailer: how many transaction sets, and the header's control number."""

    ELEMENTS = "97 28"

    transactions: Count = None
    control_number: str = ""


class ST(Segment, frozen=True):
    """Transaction set header; `version` names its guide (from release 005010 on)."""

    ELEMENTS = "143 329 1705"

    identifier: str = ""
    control_number: str = ""
    version: str = ""


class SE(Segment, frozen=True):
    """Transaction set trailer: how many segments, ST and SE among them, and the header's control number."""

    ELEMENTS = "96 329"

    segments: Count = None
    control_number: str = ""


class BHT(Segment, frozen=True):
    """Beginning of a transaction set that is made of levels."""

    ELEMENTS = "1005 353 127 373 337 640"

    structure: str = ""
    purpose: str = ""
    reference: str = ""
    date: Day = None
    time: str = ""
    transaction_type: str = ""


class BGN(Segment, frozen=True):
    """Beginning of any other transaction set."""

    ELEMENTS = "353 127 373 337 623 127 640 306 786"
    NOTES = "C0504"

    purpose: str = ""
    reference: str = ""
    date: Day = None
    time: str = ""
    time_zone: str = ""
    original_reference: str = ""
    transaction_type: str = ""
    action: str = ""
    security: str = ""


class HL(Segment, frozen=True):
    """A level: its number, that of the level it belongs to, what it is, and whether others belong to it ("1", "0")."""

    ELEMENTS = "628 734 735 736"
    KEY = 3

    id: str = ""
    parent: str = ""
    level: str = ""
    child: str = ""


class LX(Segment, frozen=True):
    """The number of a line, counted from 1 in its claim; in a remittance that of a header."""

    ELEMENTS = "554"

    number: Count = None
