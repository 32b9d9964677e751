"""One practice's own facts, and what they make of a visit's people, places and payers."""

from superbill.site.model import (
    CoverageAssignment,
    Location,
    PayerEntry,
    PayerHint,
    Practice,
    RenderingProvider,
    Site,
    SiteError,
    Trading,
    read_site,
)
from superbill.site.parties import assigned_coverages, billing_parties, payer_lookup

__all__ = [
    "CoverageAssignment",
    "Location",
    "PayerEntry",
    "PayerHint",
    "Practice",
    "RenderingProvider",
    "Site",
    "SiteError",
    "Trading",
    "assigned_coverages",
    "billing_parties",
    "payer_lookup",
    "read_site",
]
