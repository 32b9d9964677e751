"""Prices: the practice's charges, payers' contracts, plans' benefits and the patient's share."""

from superbill.pricing.benefits import Accumulators, Benefits, PatientShare, ServiceKind, service_kind
from superbill.pricing.charge_master import ChargeMaster, ChargeMasterError, read_charge_master
from superbill.pricing.contract import Allowed, Contract, FeeSchedule

__all__ = [
    "Accumulators",
    "Allowed",
    "Benefits",
    "ChargeMaster",
    "ChargeMasterError",
    "Contract",
    "FeeSchedule",
    "PatientShare",
    "ServiceKind",
    "read_charge_master",
    "service_kind",
]
