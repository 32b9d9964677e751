"""Prior authorizations and referrals: there where the payer asks for one, and good for what is billed."""

from superbill.edits.authorization import referral, rule

__all__ = ["referral", "rule"]
