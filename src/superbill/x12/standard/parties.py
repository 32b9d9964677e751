"""Segments about people and organizations, and those that every transaction set has: dates, references, amounts."""

from superbill.x12.standard.base import Count, Day, Money, Quantity, Segment, When
from superbill.x12.standard.composites import C001, C035, C040, C056


class NM1(Segment, frozen=True):
    """A person or organization. `name` is a person's last name, or the whole name of an organization."""

    ELEMENTS = "98 1065 1035 1036 1037 1038 1039 66 67 706 98 1035"
    NOTES = "P0809 C1110 C1203"
    KEY = 1

    entity: str = ""
    entity_type: str = ""
    name: str = ""
    first: str = ""
    middle: str = ""
    prefix: str = ""
    suffix: str = ""
    id_qualifier: str = ""
    id: str = ""
    relationship: str = ""
    related_entity: str = ""
    second_name: str = ""


class N1(Segment, frozen=True):
    """A party by name."""

    ELEMENTS = "98 93 66 67 706 98"
    NOTES = "R0203 P0304"
    KEY = 1

    entity: str = ""
    name: str = ""
    id_qualifier: str = ""
    id: str = ""
    relationship: str = ""
    related_entity: str = ""


class N2(Segment, frozen=True):
    """More of a party's name."""

    ELEMENTS = "93 93"

    name: str = ""
    second_name: str = ""


class N3(Segment, frozen=True):
    """The street lines of an address."""

    ELEMENTS = "166 166"

    line_1: str = ""
    line_2: str = ""


class N4(Segment, frozen=True):
    """City, state and postal code, or what a country has in place of them."""

    ELEMENTS = "19 156 116 26 309 310 1715"
    NOTES = "E0207 C0605 C0704"

    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""
    location_qualifier: str = ""
    location: str = ""
    subdivision: str = ""


class PER(Segment, frozen=True):
    """Whom to contact, and up to three numbers: telephone, extension, e-mail, by their qualifiers."""

    ELEMENTS = "366 93 365 364 365 364 365 364 443"
    NOTES = "P0304 P0506 P0708"
    KEY = 1

    function: str = ""
    name: str = ""
    qualifier_1: str = ""
    number_1: str = ""
    qualifier_2: str = ""
    number_2: str = ""
    qualifier_3: str = ""
    number_3: str = ""
    inquiry_reference: str = ""

    @property
    def numbers(self) -> tuple[tuple[str, str], ...]:
        """Qualifier and number of each number that is there, in order."""
        every = (
            (self.qualifier_1, self.number_1),
            (self.qualifier_2, self.number_2),
            (self.qualifier_3, self.number_3),
        )
        return tuple(pair for pair in every if pair[1])


class PRV(Segment, frozen=True):
    """A provider's role, and his specialty as a taxonomy code."""

    ELEMENTS = "1221 128 127 156 C035 1223"
    NOTES = "P0203"
    KEY = 1

    role: str = ""
    id_qualifier: str = ""
    id: str = ""
    state: str = ""
    specialty: C035 | None = None
    organization: str = ""


class PAT(Segment, frozen=True):
    """A patient: how he is related to the subscriber; day of death, weight, pregnancy."""

    ELEMENTS = "1069 1384 584 1220 1250 1251 355 81 1073"
    NOTES = "P0506 P0708"

    relationship: str = ""
    location: str = ""
    employment_status: str = ""
    student_status: str = ""
    date_format: str = ""
    death_date: When = None
    unit: str = ""
    weight: Quantity = None
    pregnant: str = ""


class DMG(Segment, frozen=True):
    """Demographic information."""

    ELEMENTS = "1250 1251 1068 1067 C056 1066 26 659 380 1270 1271"
    NOTES = "P0102 P1011 C1105"

    date_format: str = ""
    birth_date: When = None
    gender: str = ""
    marital_status: str = ""
    races: tuple[C056, ...] = ()
    citizenship: str = ""
    country: str = ""
    verification: str = ""
    quantity: Quantity = None
    code_list: str = ""
    code: str = ""


class SBR(Segment, frozen=True):
    """A subscriber and his plan: which payer comes first, group, kind of insurance."""

    ELEMENTS = "1138 1069 127 93 1336 1143 1073 584 1032"

    payer_sequence: str = ""
    relationship: str = ""
    group_number: str = ""
    group_name: str = ""
    insurance_type: str = ""
    coordination_of_benefits: str = ""
    response: str = ""
    employment_status: str = ""
    filing_indicator: str = ""


class OI(Segment, frozen=True):
    """What another payer may be told and paid: assignment, signature, release of information."""

    ELEMENTS = "1032 1383 1073 1351 1360 1363"

    filing_indicator: str = ""
    submission_reason: str = ""
    benefits_assigned: str = ""
    signature_source: str = ""
    provider_agreement: str = ""
    release_of_information: str = ""


class COB(Segment, frozen=True):
    """Coordination of benefits: the member's other plan."""

    ELEMENTS = "1138 127 1143 1365"

    payer_sequence: str = ""
    reference: str = ""
    coordination_of_benefits: str = ""
    service_types: tuple[str, ...] = ()


class REF(Segment, frozen=True):
    """A reference: what it is, by its qualifier, and its value."""

    ELEMENTS = "128 127 352 C040"
    NOTES = "R0203"
    KEY = 1

    qualifier: str = ""
    value: str = ""
    description: str = ""
    related: C040 | None = None


class DTP(Segment, frozen=True):
    """A date, a period or a time: what it is of, by its qualifier; `format` says which of them `value` is."""

    ELEMENTS = "374 1250 1251"
    KEY = 1

    qualifier: str = ""
    format: str = ""
    value: When = None


class DTM(Segment, frozen=True):
    """A date and time, or a period: what it is of, by its qualifier."""

    ELEMENTS = "374 373 337 623 1250 1251"
    NOTES = "R020305 C0403 P0506"
    KEY = 1

    qualifier: str = ""
    date: Day = None
    time: str = ""
    time_zone: str = ""
    format: str = ""
    period: When = None


class CUR(Segment, frozen=True):
    """The currency of the amounts, its rate to another, and up to five dates of it."""

    ELEMENTS = "98 100 280 98 100 669 374 373 337 374 373 337 374 373 337 374 373 337 374 373 337"
    NOTES = "C0807 C0907 L101112 C1110 C1210 L131415 C1413 C1513 L161718 C1716 C1816 L192021 C2019 C2119"
    KEY = 1

    entity: str = ""
    currency: str = ""
    rate: Quantity = None
    second_entity: str = ""
    second_currency: str = ""
    market: str = ""
    qualifier_1: str = ""
    date_1: Day = None
    time_1: str = ""
    qualifier_2: str = ""
    date_2: Day = None
    time_2: str = ""
    qualifier_3: str = ""
    date_3: Day = None
    time_3: str = ""
    qualifier_4: str = ""
    date_4: Day = None
    time_4: str = ""
    qualifier_5: str = ""
    date_5: Day = None
    time_5: str = ""


class AMT(Segment, frozen=True):
    """An amount of money: what it is, by its qualifier."""

    ELEMENTS = "522 782 478"
    KEY = 1

    qualifier: str = ""
    amount: Money = None
    credit_or_debit: str = ""


class QTY(Segment, frozen=True):
    """A quantity: what it is of, by its qualifier."""

    ELEMENTS = "673 380 C001 61"
    NOTES = "R0204 E0204"
    KEY = 1

    qualifier: str = ""
    quantity: Quantity = None
    unit: C001 | None = None
    text: str = ""


class NTE(Segment, frozen=True):
    """A note: what it is about, by its qualifier."""

    ELEMENTS = "363 352"
    KEY = 1

    qualifier: str = ""
    text: str = ""


class K3(Segment, frozen=True):
    """File information: text that a payer or a law asks for, in a format of its own."""

    ELEMENTS = "449 1333 C001"

    text: str = ""
    record_format: str = ""
    unit: C001 | None = None


class MSG(Segment, frozen=True):
    """Free text."""

    ELEMENTS = "933 934 1470"
    NOTES = "C0302"

    text: str = ""
    carriage_control: str = ""
    number: Count = None
