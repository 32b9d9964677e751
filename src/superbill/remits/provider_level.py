"""Money of a payment that is about no claim (PLB): onto which account, and under which reference it is tracked."""

from msgspec import Struct

from superbill.codesets.plb.lookup import reason
from superbill.findings import Finding, Place, Severity
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Reason
from superbill.money import Cents
from superbill.x12.model import ProviderAdjustment

_ACCOUNTS = {
    "provider level": Account.PROVIDER_LEVEL,
    "interest": Account.INTEREST,
    "capitation": Account.CAPITATION,
    "settlement": Account.SETTLEMENT,
    "fees": Account.FEES,
}


class ProviderMoney(Struct, frozen=True):
    """`amount` cents onto `account`, debit positive: a positive PLB amount takes from the payment."""

    account: Account
    amount: Cents
    reason: Reason
    finding: Finding | None = None


def provider_money(adjustment: ProviderAdjustment) -> ProviderMoney:
    """Where one PLB adjustment goes. A reason that is not on file is tracked until a person has looked at it."""
    known = reason(adjustment.reason)
    account = _ACCOUNTS[known.goes] if known else Account.PROVIDER_LEVEL
    shown = reference(adjustment.reference)
    why = Reason(code=adjustment.reason, remarks=(shown,) if shown else ())
    return ProviderMoney(account, adjustment.amount, why, None if known else _unknown(adjustment.reason))


def reference(text: str) -> str:
    """A reference as it is tracked: one payer may pad it today and not tomorrow."""
    return " ".join(text.split()).upper()


def _unknown(code: str) -> Finding:
    return Finding(
        rule="remit.unknown-provider-adjustment",
        severity=Severity.WARNING,
        where=Place(element="PLB03", field="reason"),
        message=f"The payment has a provider-level adjustment for a reason {code} that is not on file.",
        fix="Its money is tracked as owed between payer and practice. Ask the payer what it is, then settle it.",
        source="835 TR3, PLB03-1",
    )
