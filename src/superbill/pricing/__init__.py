"""Prices: the practice's charges, payers' contracts, plans' benefits and the patient's share."""

from superbill.pricing.benefits import Accumulators, Benefits, PatientShare, ServiceKind, service_kind
from superbill.pricing.bill import Bill, Item, bill_of
from superbill.pricing.charge_master import ChargeMaster, ChargeMasterError, read_charge_master
from superbill.pricing.contract import Allowed, Contract, simple_contract
from superbill.pricing.contract_model import Agreement, Clause, PricedClaim, PricedLine
from superbill.pricing.fee_schedule import FeeSchedule

__all__ = [
    "Accumulators",
    "Agreement",
    "Allowed",
    "Benefits",
    "Bill",
    "ChargeMaster",
    "ChargeMasterError",
    "Clause",
    "Contract",
    "FeeSchedule",
    "Item",
    "PatientShare",
    "PricedClaim",
    "PricedLine",
    "ServiceKind",
    "bill_of",
    "read_charge_master",
    "service_kind",
    "simple_contract",
]
