"""Reads of the books: accounts and the journal (`ledgers`), and receipts, refunds, plans and placements (`cases`)."""

from superbill.app.billing.agencies import placed_patients
from superbill.app.billing.queries.cases import (
    approvals,
    cases_about,
    instalments_due,
    placements,
    plans,
    receipt,
    receipts,
    refunds,
)
from superbill.app.billing.queries.ledgers import (
    AccountLedger,
    LedgerLine,
    PatientDue,
    charged_accounts,
    claim_ledger,
    encounter_ledger,
    entries_of_lines,
    journal,
    ledger_lines,
    patient_ledger,
    patients_in_credit,
    patients_with_balance,
    patients_with_money_to_apply,
)
from superbill.app.billing.refunds import patient_credits, payer_credits
from superbill.app.billing.small_balances import small_balances

__all__ = [
    "AccountLedger",
    "LedgerLine",
    "PatientDue",
    "approvals",
    "cases_about",
    "charged_accounts",
    "claim_ledger",
    "encounter_ledger",
    "entries_of_lines",
    "instalments_due",
    "journal",
    "ledger_lines",
    "patient_credits",
    "patient_ledger",
    "patients_in_credit",
    "patients_with_balance",
    "patients_with_money_to_apply",
    "payer_credits",
    "placed_patients",
    "placements",
    "plans",
    "receipt",
    "receipts",
    "refunds",
    "small_balances",
]
