"""Segments of enrollment and premium payment (834, 820)."""

from superbill.x12.standard.base import Count, Day, Money, Quantity, Segment, When
from superbill.x12.standard.composites import C001, C052


class INS(Segment, frozen=True):
    """A member: subscriber or dependent, what is done to his enrollment and why, and his status.

    `subscriber` is Y for the subscriber himself. `date` is the day of the member's death. `birth_sequence` orders
    children of one birth.
    """

    ELEMENTS = "1073 1069 875 1203 1216 C052 1219 584 1220 1073 1250 1251 1165 19 156 26 1470"
    NOTES = "P1112"

    subscriber: str = ""
    relationship: str = ""
    maintenance_type: str = ""
    maintenance_reason: str = ""
    benefit_status: str = ""
    medicare: C052 | None = None
    cobra_event: str = ""
    employment_status: str = ""
    student_status: str = ""
    handicapped: str = ""
    date_format: str = ""
    date: When = None
    confidentiality: str = ""
    city: str = ""
    state: str = ""
    country: str = ""
    birth_sequence: Count = None


class HD(Segment, frozen=True):
    """A member's health coverage: what is done to it, the line of insurance, plan and level."""

    ELEMENTS = "875 1203 1205 1204 1207 609 609 1209 1073 1211 1073"

    maintenance_type: str = ""
    maintenance_reason: str = ""
    insurance_line: str = ""
    plan_description: str = ""
    coverage_level: str = ""
    count_1: Count = None
    count_2: Count = None
    underwriting_decision: str = ""
    late_enrollment: str = ""
    drug_house: str = ""
    response: str = ""


class PLA(Segment, frozen=True):
    """A change of the member's provider: what is done, from which day, and why."""

    ELEMENTS = "306 98 373 337 1203"

    action: str = ""
    entity: str = ""
    effective: Day = None
    time: str = ""
    maintenance_reason: str = ""


class ICM(Segment, frozen=True):
    """A member's income: wage per `frequency`, hours of work, place and grade."""

    ELEMENTS = "594 782 380 310 1214 100"

    frequency: str = ""
    wage: Money = None
    hours: Quantity = None
    location: str = ""
    salary_grade: str = ""
    currency: str = ""


class EC(Segment, frozen=True):
    """A member's class of employment, up to three codes."""

    ELEMENTS = "1176 1176 1176 954 1201 1149"

    class_1: str = ""
    class_2: str = ""
    class_3: str = ""
    percent: Quantity = None
    information_status: str = ""
    occupation: str = ""

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that are there, in order."""
        return tuple(filter(None, (self.class_1, self.class_2, self.class_3)))


class HLH(Segment, frozen=True):
    """A member's health: height in inches, weight and former weight in pounds, tobacco and alcohol use."""

    ELEMENTS = "1212 65 81 81 352 1213 352"

    health_related: str = ""
    height: Quantity = None
    weight: Quantity = None
    former_weight: Quantity = None
    description: str = ""
    condition: str = ""
    condition_description: str = ""


class LUI(Segment, frozen=True):
    """A language that a member reads, writes or speaks."""

    ELEMENTS = "66 67 352 1303 1476"
    NOTES = "P0102 L040203"

    qualifier: str = ""
    language: str = ""
    description: str = ""
    use: str = ""
    proficiency: str = ""


class IDC(Segment, frozen=True):
    """Identification cards to be sent: the plan they are for, of which type, and how many."""

    ELEMENTS = "1204 1215 380 306"

    plan_description: str = ""
    card_type: str = ""
    quantity: Quantity = None
    action: str = ""


class ACT(Segment, frozen=True):
    """An account of a party, such as a broker's, and one that belongs to it."""

    ELEMENTS = "508 93 66 67 569 508 352 107 1216"
    NOTES = "P0304 C0506 C0705"

    account: str = ""
    name: str = ""
    id_qualifier: str = ""
    id: str = ""
    related_qualifier: str = ""
    related_account: str = ""
    description: str = ""
    payment_method: str = ""
    benefit_status: str = ""


class ENT(Segment, frozen=True):
    """The organization or person whose premiums follow; a number counts them."""

    ELEMENTS = "554 98 66 67 98 66 67 128 127"
    NOTES = "P020304 P050607 P0809"
    KEY = 2

    number: Count = None
    entity: str = ""
    id_qualifier: str = ""
    id: str = ""
    related_entity: str = ""
    related_id_qualifier: str = ""
    related_id: str = ""
    reference_qualifier: str = ""
    reference: str = ""


class RMR(Segment, frozen=True):
    """One open item that a premium payment pays: the reference, what is paid and what was billed.

    `paid` is negative where an earlier payment is taken back.
    """

    ELEMENTS = "128 127 482 782 782 782 426 782"
    NOTES = "P0102 P0708"
    KEY = 1

    qualifier: str = ""
    reference: str = ""
    action: str = ""
    paid: Money = None
    billed: Money = None
    discount: Money = None
    adjustment_reason: str = ""
    adjustment: Money = None


class ADX(Segment, frozen=True):
    """An adjustment of a premium payment, and why; less than zero pays less."""

    ELEMENTS = "782 426 128 127"
    NOTES = "P0304"

    amount: Money = None
    reason: str = ""
    reference_qualifier: str = ""
    reference: str = ""


class IT1(Segment, frozen=True):
    """A line of an invoice; up to ten identifiers of a product, each with its qualifier. `unit_price` is in dollars."""

    ELEMENTS = "350 358 355 212 639 235 234 235 234 235 234 235 234 235 234 235 234 235 234 235 234 235 234 235 234"
    NOTES = "P020304 P0607 P0809 P1011 P1213 P1415 P1617 P1819 P2021 P2223 P2425"

    number: str = ""
    quantity: Quantity = None
    unit: str = ""
    unit_price: Quantity = None
    price_basis: str = ""
    qualifier_1: str = ""
    product_1: str = ""
    qualifier_2: str = ""
    product_2: str = ""
    qualifier_3: str = ""
    product_3: str = ""
    qualifier_4: str = ""
    product_4: str = ""
    qualifier_5: str = ""
    product_5: str = ""
    qualifier_6: str = ""
    product_6: str = ""
    qualifier_7: str = ""
    product_7: str = ""
    qualifier_8: str = ""
    product_8: str = ""
    qualifier_9: str = ""
    product_9: str = ""
    qualifier_10: str = ""
    product_10: str = ""


class SLN(Segment, frozen=True):
    """What a line of an invoice is made of; for premiums, how many members it counts. `unit_price` is in dollars."""

    ELEMENTS = (
        "350 350 662 380 C001 212 639 662 "
        "235 234 235 234 235 234 235 234 235 234 235 234 235 234 235 234 235 234 235 234"
    )
    NOTES = "P0405 C0706 C0806 P0910 P1112 P1314 P1516 P1718 P1920 P2122 P2324 P2526 P2728"

    number: str = ""
    assigned_id: str = ""
    relationship: str = ""
    quantity: Quantity = None
    unit: C001 | None = None
    unit_price: Quantity = None
    price_basis: str = ""
    price_relationship: str = ""
    qualifier_1: str = ""
    product_1: str = ""
    qualifier_2: str = ""
    product_2: str = ""
    qualifier_3: str = ""
    product_3: str = ""
    qualifier_4: str = ""
    product_4: str = ""
    qualifier_5: str = ""
    product_5: str = ""
    qualifier_6: str = ""
    product_6: str = ""
    qualifier_7: str = ""
    product_7: str = ""
    qualifier_8: str = ""
    product_8: str = ""
    qualifier_9: str = ""
    product_9: str = ""
    qualifier_10: str = ""
    product_10: str = ""


class SAC(Segment, frozen=True):
    """A service, allowance or charge of an invoice.

    `amount` is written without its point (two implied decimals), so that the whole number is cents. `rate` is in
    dollars a unit, `percent` in percent.
    """

    ELEMENTS = "248 1300 559 1301 610 378 332 118 355 380 380 331 127 770 352 819"
    NOTES = "R0203 P0304 P0607 P0910 C1110 C1413 C1615"

    indicator: str = ""
    code: str = ""
    agency: str = ""
    agency_code: str = ""
    amount: Count = None
    percent_qualifier: str = ""
    percent: Quantity = None
    rate: Quantity = None
    unit: str = ""
    quantity: Quantity = None
    quantity_limit: Quantity = None
    handling: str = ""
    reference: str = ""
    option: str = ""
    description: str = ""
    language: str = ""
