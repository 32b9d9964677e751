"""Segments of a payment and its remittance advice."""

from superbill.x12.standard.base import Day, Money, Quantity, Segment
from superbill.x12.standard.composites import C040, C042


class BPR(Segment, frozen=True):
    """A payment: how much, how and when, from which account to which."""

    ELEMENTS = "305 782 478 591 812 506 507 569 508 509 510 506 507 569 508 373 1048 506 507 569 508"
    NOTES = "P0607 C0809 P1213 C1415 P1819 C2021"

    handling: str = ""
    amount: Money = None
    credit_or_debit: str = ""
    method: str = ""
    format: str = ""
    sender_bank_qualifier: str = ""
    sender_bank: str = ""
    sender_account_qualifier: str = ""
    sender_account: str = ""
    originator: str = ""
    originator_supplement: str = ""
    receiver_bank_qualifier: str = ""
    receiver_bank: str = ""
    receiver_account_qualifier: str = ""
    receiver_account: str = ""
    date: Day = None
    business_function: str = ""
    return_bank_qualifier: str = ""
    return_bank: str = ""
    return_account_qualifier: str = ""
    return_account: str = ""


class TRN(Segment, frozen=True):
    """A number by which a payment or a request is traced, and who gave it."""

    ELEMENTS = "481 127 509 127"
    KEY = 1

    trace_type: str = ""
    number: str = ""
    originator: str = ""
    originator_supplement: str = ""


class RDM(Segment, frozen=True):
    """How the remittance advice is delivered."""

    ELEMENTS = "756 93 364 C040 C040"

    method: str = ""
    name: str = ""
    address: str = ""
    reference_1: C040 | None = None
    reference_2: C040 | None = None


class CLP(Segment, frozen=True):
    """A claim as the payer adjudicated it."""

    ELEMENTS = "1028 1029 782 782 782 1032 127 1331 1325 1352 1354 380 954 1073"

    patient_control_number: str = ""
    status: str = ""
    charge: Money = None
    paid: Money = None
    patient_responsibility: Money = None
    filing_indicator: str = ""
    payer_claim_control_number: str = ""
    facility_type: str = ""
    frequency: str = ""
    patient_status: str = ""
    drg: str = ""
    drg_weight: Quantity = None
    discharge_fraction: Quantity = None
    response: str = ""


class PLB(Segment, frozen=True):
    """Adjustments of a provider's balance, of no claim; a positive amount lowers the payment."""

    ELEMENTS = "127 373" + " C042 782" * 6
    NOTES = "P0506 P0708 P0910 P1112 P1314"

    provider_id: str = ""
    fiscal_period_end: Day = None
    reason_1: C042 | None = None
    amount_1: Money = None
    reason_2: C042 | None = None
    amount_2: Money = None
    reason_3: C042 | None = None
    amount_3: Money = None
    reason_4: C042 | None = None
    amount_4: Money = None
    reason_5: C042 | None = None
    amount_5: Money = None
    reason_6: C042 | None = None
    amount_6: Money = None

    @property
    def adjustments(self) -> tuple[tuple[C042, Money], ...]:
        """Reason and amount of each adjustment that is there, in order; None where the amount is not readable."""
        every = (
            (self.reason_1, self.amount_1),
            (self.reason_2, self.amount_2),
            (self.reason_3, self.amount_3),
            (self.reason_4, self.amount_4),
            (self.reason_5, self.amount_5),
            (self.reason_6, self.amount_6),
        )
        return tuple((reason, amount) for reason, amount in every if reason is not None)


class TS3(Segment, frozen=True):
    """The sums of a provider's claims of one facility type and fiscal year."""

    ELEMENTS = "127 1331 373 380" + " 782" * 18 + " 380 782"

    provider_id: str = ""
    facility_type: str = ""
    fiscal_period_end: Day = None
    claims: Quantity = None
    charge: Money = None
    covered_charge: Money = None
    noncovered_charge: Money = None
    denied_charge: Money = None
    paid: Money = None
    interest: Money = None
    contractual_adjustment: Money = None
    sequestration: Money = None
    msp_payer: Money = None
    blood_deductible: Money = None
    nonlaboratory_charge: Money = None
    coinsurance: Money = None
    hcpcs_reportable: Money = None
    hcpcs_payable: Money = None
    deductible: Money = None
    professional_component: Money = None
    msp_patient_liability: Money = None
    patient_reimbursement: Money = None
    pip_claims: Quantity = None
    pip_adjustment: Money = None


class TS2(Segment, frozen=True):
    """The sums of a provider's inpatient claims under Medicare's prospective payment."""

    ELEMENTS = "782 782 782 782 782 782 380 782 782 380 380 380 380 380 782 380 782 782 782"

    drg_amount: Money = None
    federal_specific_amount: Money = None
    hospital_specific_amount: Money = None
    disproportionate_share: Money = None
    capital: Money = None
    indirect_teaching: Money = None
    outlier_days: Quantity = None
    day_outlier: Money = None
    cost_outlier: Money = None
    average_length_of_stay: Quantity = None
    discharges: Quantity = None
    cost_report_days: Quantity = None
    covered_days: Quantity = None
    noncovered_days: Quantity = None
    msp_pass_through: Money = None
    average_drg_weight: Quantity = None
    capital_federal_specific: Money = None
    capital_hospital_specific: Money = None
    capital_disproportionate_share: Money = None
