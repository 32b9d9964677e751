"""What an earlier payer said of a claim as a whole, as Medicare and who answers like it do: MIA and MOA.

Amounts are cents; the meaning of each element is that of the 835 (loop 2100) and of loop 2320 of the 837s.
"""

from decimal import Decimal

from msgspec import Struct

from superbill.money import Cents


class InpatientAdjudication(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """MIA: days, DRG and capital amounts of an inpatient claim, and up to five remark codes."""

    covered_days: Decimal = Decimal(0)
    lifetime_psychiatric_days: Decimal | None = None
    drg_amount: Cents | None = None
    disproportionate_share: Cents | None = None
    msp_pass_through: Cents | None = None
    capital: Cents | None = None
    capital_federal_specific: Cents | None = None
    capital_hospital_specific: Cents | None = None
    capital_disproportionate_share: Cents | None = None
    old_capital: Cents | None = None
    capital_indirect_teaching: Cents | None = None
    operating_hospital_specific: Cents | None = None
    cost_report_days: Decimal | None = None
    operating_federal_specific: Cents | None = None
    capital_outlier: Cents | None = None
    indirect_teaching: Cents | None = None
    nonpayable_professional_component: Cents | None = None
    capital_exception: Cents | None = None
    remarks: tuple[str, ...] = ()


class OutpatientAdjudication(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """MOA: how an outpatient, professional or dental claim was priced, and up to five remark codes.

    `reimbursement_rate` 0.8 is 80 %.
    """

    reimbursement_rate: Decimal | None = None
    hcpcs_payable: Cents | None = None
    esrd_paid: Cents | None = None
    nonpayable_professional_component: Cents | None = None
    remarks: tuple[str, ...] = ()
