"""What payers granted: prior authorizations and referrals, as entered and as withdrawn."""
