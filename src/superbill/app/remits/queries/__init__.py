"""Reads of remittances: what stands, what waits for a person, what would be posted, what is owed beside claims."""

from superbill.app.remits.queries.answered import Answered, answered_claims
from superbill.app.remits.queries.preview import ClaimPreview, LinePreview, Preview, preview_remittance
from superbill.app.remits.queries.provider_level import ProviderBalance, provider_balances
from superbill.app.remits.queries.waiting import (
    OpenAnswer,
    OpenRemittance,
    can_post_again,
    candidates,
    open_answers,
    open_remittances,
    remittances_named,
)

__all__ = [
    "Answered",
    "ClaimPreview",
    "LinePreview",
    "OpenAnswer",
    "OpenRemittance",
    "Preview",
    "ProviderBalance",
    "answered_claims",
    "can_post_again",
    "candidates",
    "open_answers",
    "open_remittances",
    "preview_remittance",
    "provider_balances",
    "remittances_named",
]
