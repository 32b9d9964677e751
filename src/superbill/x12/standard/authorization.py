"""Segments of service review and authorization (278), and of attachments (275)."""

from superbill.x12.standard.base import Count, Segment
from superbill.x12.standard.composites import C023, C024


class UM(Segment, frozen=True):
    """A request for review: of what kind, first or again, for which services, where, and how urgent."""

    ELEMENTS = "1525 1322 1365 C023 C024 1338 1213 923 1363 1514"

    category: str = ""
    certification_type: str = ""
    service_type: str = ""
    location: C023 | None = None
    related_causes: C024 | None = None
    level_of_service: str = ""
    condition: str = ""
    prognosis: str = ""
    release_of_information: str = ""
    delay_reason: str = ""


class HCR(Segment, frozen=True):
    """The outcome of a review: what was decided, under which number, and why."""

    ELEMENTS = "306 127 1271 1073"

    action: str = ""
    review_number: str = ""
    reasons: tuple[str, ...] = ()
    second_opinion: str = ""


class NX1(Segment, frozen=True):
    """Which entity the address that follows belongs to."""

    ELEMENTS = "98 98 98 98 98"
    KEY = 1

    entity: str = ""
    entity_2: str = ""
    entity_3: str = ""
    entity_4: str = ""
    entity_5: str = ""


class CAT(Segment, frozen=True):
    """What an attachment reports, and in which format it is written."""

    ELEMENTS = "755 756 799 1270 1271 1271 799"
    NOTES = "C0302 P0405"

    report_type: str = ""
    format: str = ""
    version: str = ""
    qualifier: str = ""
    code: str = ""
    second_code: str = ""
    second_version: str = ""


class EFI(Segment, frozen=True):
    """How the electronic attachment that follows is secured. The standard's fourteen elements after these, about
    file formats, are in no guide.
    """

    ELEMENTS = "786 933"

    security_level: str = ""
    text: str = ""


class BIN(Segment, frozen=True):
    """An attachment itself: its length in bytes, and those bytes as Latin-1."""

    ELEMENTS = "784 785"

    length: Count = None
    data: str = ""


class BDS(Segment, frozen=True):
    """An attachment that a filter (base 64, for one) made text: filter, length of that text, and it."""

    ELEMENTS = "1570 784 785"

    filter: str = ""
    length: Count = None
    data: str = ""
