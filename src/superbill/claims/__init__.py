"""Claims: built from a coded encounter, moved from payer to payer, corrected, and laid out on the CMS-1500."""

from superbill.claims.build import assemble
from superbill.claims.cob import PriorAdjudication, corrected, next_claim, void
from superbill.claims.control import ControlNumber, control_number, read_control_number
from superbill.claims.coverage_order import order_coverages
from superbill.claims.inputs import (
    BillingParties,
    Built,
    CoverageOnClaim,
    CoverageOrder,
    Held,
    Outcome,
    PayerOnClaim,
    SelfPay,
)
from superbill.claims.locators import form_pages

__all__ = [
    "BillingParties",
    "Built",
    "ControlNumber",
    "CoverageOnClaim",
    "CoverageOrder",
    "Held",
    "Outcome",
    "PayerOnClaim",
    "PriorAdjudication",
    "SelfPay",
    "assemble",
    "control_number",
    "corrected",
    "form_pages",
    "next_claim",
    "order_coverages",
    "read_control_number",
    "void",
]
