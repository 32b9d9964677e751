"""Segments about a claim as a whole, its adjustments and the certificates that go with it."""

from superbill.x12.standard.base import Count, Money, Quantity, Segment, When
from superbill.x12.standard.composites import C002, C022, C023, C024


class CLM(Segment, frozen=True):
    """A claim. `charge` is the sum of its lines' charges."""

    ELEMENTS = "1028 782 1032 1343 C023 1073 1359 1073 1363 1351 C024 1366 1073 1338 1073 1360 1029 1073 1383 1514"

    patient_control_number: str = ""
    charge: Money = None
    filing_indicator: str = ""
    claim_type: str = ""
    facility: C023 | None = None
    provider_signature: str = ""
    accept_assignment: str = ""
    benefits_assigned: str = ""
    release_of_information: str = ""
    signature_source: str = ""
    related_causes: C024 | None = None
    special_program: str = ""
    nonavailability: str = ""
    level_of_service: str = ""
    itemized: str = ""
    provider_agreement: str = ""
    status: str = ""
    explanation_of_benefits: str = ""
    submission_reason: str = ""
    delay_reason: str = ""


class CN1(Segment, frozen=True):
    """The contract under which a claim or line is priced; `percent` as 10.5 for 10.5 %."""

    ELEMENTS = "1166 782 332 127 338 799"

    contract_type: str = ""
    amount: Money = None
    percent: Quantity = None
    code: str = ""
    discount_percent: Quantity = None
    version: str = ""


class PWK(Segment, frozen=True):
    """Paperwork that supports a claim: what it is, how it is sent, and the number that is on it.

    How it is sent is its key: a certificate of medical necessity is a report among others, and only sent otherwise.
    """

    ELEMENTS = "755 756 757 98 66 67 352 C002 1525"
    NOTES = "P0506"
    KEY = 2

    report_type: str = ""
    transmission: str = ""
    copies: Count = None
    entity: str = ""
    id_qualifier: str = ""
    control_number: str = ""
    description: str = ""
    actions: C002 | None = None
    request_category: str = ""


class HI(Segment, frozen=True):
    """Up to twelve codes of one kind: diagnoses, procedures, conditions, occurrences, values, a DRG."""

    ELEMENTS = "C022" + " C022" * 11
    KEY = 1
    KEY_PART = 1

    code_1: C022 | None = None
    code_2: C022 | None = None
    code_3: C022 | None = None
    code_4: C022 | None = None
    code_5: C022 | None = None
    code_6: C022 | None = None
    code_7: C022 | None = None
    code_8: C022 | None = None
    code_9: C022 | None = None
    code_10: C022 | None = None
    code_11: C022 | None = None
    code_12: C022 | None = None

    @property
    def codes(self) -> tuple[C022, ...]:
        """The codes that are there, in order."""
        first = (self.code_1, self.code_2, self.code_3, self.code_4, self.code_5, self.code_6)
        last = (self.code_7, self.code_8, self.code_9, self.code_10, self.code_11, self.code_12)
        return tuple(code for code in first + last if code is not None)


class HCP(Segment, frozen=True):
    """What a repricer makes of a claim or line; `rate` is per day or flat."""

    ELEMENTS = "1473 782 782 127 118 127 782 234 235 234 355 380 901 1526 1527"
    NOTES = "R0113 P0910 P1112"

    methodology: str = ""
    allowed: Money = None
    savings: Money = None
    organization: str = ""
    rate: Quantity = None
    drg: str = ""
    drg_amount: Money = None
    revenue_code: str = ""
    procedure_qualifier: str = ""
    procedure: str = ""
    unit: str = ""
    quantity: Quantity = None
    rejection: str = ""
    compliance: str = ""
    exception: str = ""


class CAS(Segment, frozen=True):
    """Up to six adjustments of a claim or line in one group; a positive amount lowers the payment."""

    ELEMENTS = "1033" + " 1034 782 380" * 6
    NOTES = "L050607 C0605 C0705 L080910 C0908 C1008 L111213 C1211 C1311 L141516 C1514 C1614 L171819 C1817 C1917"

    group: str = ""
    reason_1: str = ""
    amount_1: Money = None
    quantity_1: Quantity = None
    reason_2: str = ""
    amount_2: Money = None
    quantity_2: Quantity = None
    reason_3: str = ""
    amount_3: Money = None
    quantity_3: Quantity = None
    reason_4: str = ""
    amount_4: Money = None
    quantity_4: Quantity = None
    reason_5: str = ""
    amount_5: Money = None
    quantity_5: Quantity = None
    reason_6: str = ""
    amount_6: Money = None
    quantity_6: Quantity = None

    @property
    def adjustments(self) -> tuple[tuple[str, str, Money, Quantity], ...]:
        """Group, reason, amount and quantity of each adjustment that is there, in order."""
        every = (
            (self.group, self.reason_1, self.amount_1, self.quantity_1),
            (self.group, self.reason_2, self.amount_2, self.quantity_2),
            (self.group, self.reason_3, self.amount_3, self.quantity_3),
            (self.group, self.reason_4, self.amount_4, self.quantity_4),
            (self.group, self.reason_5, self.amount_5, self.quantity_5),
            (self.group, self.reason_6, self.amount_6, self.quantity_6),
        )
        return tuple(each for each in every if each[1:] != ("", None, None))


class MIA(Segment, frozen=True):
    """How Medicare (or who pays like it) adjudicated an inpatient claim: days, amounts and remarks.

    Release 004010 has a count of days as element 2; read as money here, it is that count of dollars.
    """

    ELEMENTS = "380 782 380 782 127 782 782 782 782 782 782 782 782 782 380 782 782 782 782 127 127 127 127 782"

    covered_days: Quantity = None
    operating_outlier: Money = None
    lifetime_psychiatric_days: Quantity = None
    drg_amount: Money = None
    remark_1: str = ""
    disproportionate_share: Money = None
    msp_pass_through: Money = None
    capital: Money = None
    capital_federal_specific: Money = None
    capital_hospital_specific: Money = None
    capital_disproportionate_share: Money = None
    old_capital: Money = None
    capital_indirect_teaching: Money = None
    operating_hospital_specific: Money = None
    cost_report_days: Quantity = None
    operating_federal_specific: Money = None
    capital_outlier: Money = None
    indirect_teaching: Money = None
    nonpayable_professional_component: Money = None
    remark_2: str = ""
    remark_3: str = ""
    remark_4: str = ""
    remark_5: str = ""
    capital_exception: Money = None

    @property
    def remarks(self) -> tuple[str, ...]:
        """The remark codes that are there, in order."""
        return tuple(filter(None, (self.remark_1, self.remark_2, self.remark_3, self.remark_4, self.remark_5)))


class MOA(Segment, frozen=True):
    """How Medicare (or who pays like it) adjudicated an outpatient claim; `reimbursement_rate` 0.8 is 80 %."""

    ELEMENTS = "954 782 127 127 127 127 127 782 782"

    reimbursement_rate: Quantity = None
    hcpcs_payable: Money = None
    remark_1: str = ""
    remark_2: str = ""
    remark_3: str = ""
    remark_4: str = ""
    remark_5: str = ""
    esrd_paid: Money = None
    nonpayable_professional_component: Money = None

    @property
    def remarks(self) -> tuple[str, ...]:
        """The remark codes that are there, in order."""
        return tuple(filter(None, (self.remark_1, self.remark_2, self.remark_3, self.remark_4, self.remark_5)))


class CL1(Segment, frozen=True):
    """An institutional claim's admission: type, source, and the patient's status."""

    ELEMENTS = "1315 1314 1352 1345"

    admission_type: str = ""
    admission_source: str = ""
    patient_status: str = ""
    nursing_home_status: str = ""


class DN1(Segment, frozen=True):
    """Orthodontic treatment: months in all, months that remain."""

    ELEMENTS = "380 380 1073 352"

    months: Quantity = None
    months_remaining: Quantity = None
    response: str = ""
    description: str = ""


class DN2(Segment, frozen=True):
    """A tooth that is missing, or to be extracted."""

    ELEMENTS = "127 1368 380 1250 1251 1270"
    NOTES = "P0405"

    tooth: str = ""
    status: str = ""
    quantity: Quantity = None
    date_format: str = ""
    date: When = None
    code_list: str = ""


class DSB(Segment, frozen=True):
    """A disability: its kind, and what it means for work."""

    ELEMENTS = "1146 380 1149 1154 1161 782 235 1137"
    NOTES = "P0708"

    disability_type: str = ""
    quantity: Quantity = None
    occupation: str = ""
    work_intensity: str = ""
    product_option: str = ""
    amount: Money = None
    qualifier: str = ""
    code: str = ""
