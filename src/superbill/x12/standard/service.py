"""Segments about one service: what was done, supplied or adjudicated, and what was measured."""

from superbill.x12.standard.base import Count, Day, Money, Quantity, Segment
from superbill.x12.standard.composites import C001, C003, C004, C005, C006


class SV1(Segment, frozen=True):
    """A professional service. `charge` is that of the whole line; `quantity` counts `unit`s."""

    ELEMENTS = "C003 782 355 380 1331 1365 C004 782 1073 1340 1073 1073 1364 1341 1327 1334 127 116 782 1337 1360"
    NOTES = "P0304"

    procedure: C003 | None = None
    charge: Money = None
    unit: str = ""
    quantity: Quantity = None
    place_of_service: str = ""
    service_type: str = ""
    diagnosis_pointers: C004 | None = None
    laboratory_charge: Money = None
    emergency: str = ""
    multiple_procedure: str = ""
    epsdt: str = ""
    family_planning: str = ""
    review: str = ""
    review_value: str = ""
    copay_status: str = ""
    shortage_area: str = ""
    shortage_facility: str = ""
    shortage_postal_code: str = ""
    noncovered_charge: Money = None
    level_of_care: str = ""
    provider_agreement: str = ""


class SV2(Segment, frozen=True):
    """An institutional service. `charge` is that of the whole line; `quantity` counts `unit`s."""

    ELEMENTS = "234 C003 782 355 380 1371 782 1073 1345 1337"
    NOTES = "R0102 P0405"

    revenue_code: str = ""
    procedure: C003 | None = None
    charge: Money = None
    unit: str = ""
    quantity: Quantity = None
    rate: Quantity = None
    noncovered_charge: Money = None
    response: str = ""
    nursing_home_status: str = ""
    level_of_care: str = ""


class SV3(Segment, frozen=True):
    """A dental service. `charge` is that of the whole line; `quantity` counts procedures."""

    ELEMENTS = "C003 782 1331 C006 1358 380 352 1327 1360 1073 C004"

    procedure: C003 | None = None
    charge: Money = None
    place_of_service: str = ""
    oral_cavity: C006 | None = None
    prosthesis: str = ""
    quantity: Quantity = None
    description: str = ""
    copay_status: str = ""
    provider_agreement: str = ""
    response: str = ""
    diagnosis_pointers: C004 | None = None


class SV5(Segment, frozen=True):
    """Durable medical equipment: for how long it is needed, and what it costs to rent and to buy."""

    ELEMENTS = "C003 355 380 782 782 594 923"
    NOTES = "R0405 C0604"

    procedure: C003 | None = None
    unit: str = ""
    quantity: Quantity = None
    rental_price: Money = None
    purchase_price: Money = None
    rental_frequency: str = ""
    prognosis: str = ""


class SVC(Segment, frozen=True):
    """A service as the payer adjudicated it, and as it was submitted where that differs."""

    ELEMENTS = "C003 782 782 234 380 C003 380"

    procedure: C003 | None = None
    charge: Money = None
    paid: Money = None
    revenue_code: str = ""
    quantity: Quantity = None
    submitted_procedure: C003 | None = None
    submitted_quantity: Quantity = None


class SVD(Segment, frozen=True):
    """A service as another payer adjudicated it; `bundled_line` is the line into which he bundled it."""

    ELEMENTS = "67 782 C003 234 380 554"

    payer_id: str = ""
    paid: Money = None
    procedure: C003 | None = None
    revenue_code: str = ""
    quantity: Quantity = None
    bundled_line: Count = None


class LIN(Segment, frozen=True):
    """An item by its numbers, in up to fifteen lists: a drug by its NDC, a device by its UDI."""

    ELEMENTS = "350" + " 235 234" * 15
    NOTES = "P0405 P0607 P0809 P1011 P1213 P1415 P1617 P1819 P2021 P2223 P2425 P2627 P2829 P3031"

    assigned_id: str = ""
    qualifier: str = ""
    code: str = ""
    qualifier_2: str = ""
    code_2: str = ""
    qualifier_3: str = ""
    code_3: str = ""
    qualifier_4: str = ""
    code_4: str = ""
    qualifier_5: str = ""
    code_5: str = ""
    qualifier_6: str = ""
    code_6: str = ""
    qualifier_7: str = ""
    code_7: str = ""
    qualifier_8: str = ""
    code_8: str = ""
    qualifier_9: str = ""
    code_9: str = ""
    qualifier_10: str = ""
    code_10: str = ""
    qualifier_11: str = ""
    code_11: str = ""
    qualifier_12: str = ""
    code_12: str = ""
    qualifier_13: str = ""
    code_13: str = ""
    qualifier_14: str = ""
    code_14: str = ""
    qualifier_15: str = ""
    code_15: str = ""


class CTP(Segment, frozen=True):
    """A price and the quantity that it is for. `unit_price` may have parts of a cent."""

    ELEMENTS = "687 236 212 380 C001 648 649 782 639 499 289"
    NOTES = "P0405 C0607 C0902 C1002 C1103"

    class_of_trade: str = ""
    price_type: str = ""
    unit_price: Quantity = None
    quantity: Quantity = None
    unit: C001 | None = None
    multiplier_qualifier: str = ""
    multiplier: Quantity = None
    amount: Money = None
    basis: str = ""
    condition: str = ""
    price_quantity: Count = None


class MEA(Segment, frozen=True):
    """A measurement or test result."""

    ELEMENTS = "737 738 739 C001 740 741 935 936 752 1373 1270 1271"
    NOTES = "R03050608 E0412 L050412 L060412 L07030506 E0803 P1112"

    reference: str = ""
    qualifier: str = ""
    value: Quantity = None
    unit: C001 | None = None
    minimum: Quantity = None
    maximum: Quantity = None
    significance: str = ""
    attribute: str = ""
    position: str = ""
    method: str = ""
    code_list: str = ""
    code: str = ""


class PS1(Segment, frozen=True):
    """A service that was purchased: from whom, and for how much."""

    ELEMENTS = "127 782 156"

    provider_id: str = ""
    charge: Money = None
    state: str = ""


class TOO(Segment, frozen=True):
    """A tooth and its surfaces."""

    ELEMENTS = "1270 1271 C005"
    NOTES = "P0102"

    code_list: str = ""
    tooth: str = ""
    surfaces: C005 | None = None


class LQ(Segment, frozen=True):
    """A code of a named list: a form, or a remark on a service."""

    ELEMENTS = "1270 1271"
    NOTES = "C0102"
    KEY = 1

    code_list: str = ""
    code: str = ""


class FRM(Segment, frozen=True):
    """An answer to a question of a form: yes or no, text, a date or a percentage."""

    ELEMENTS = "350 1073 127 373 332"
    NOTES = "R02030405"

    question: str = ""
    answer: str = ""
    text: str = ""
    date: Day = None
    percent: Quantity = None
