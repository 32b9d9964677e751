"""One practice's own facts, and what they make of a visit's people, places and payers."""

from superbill.site.model import (
    CoverageAssignment,
    EnrolmentEntry,
    Facility,
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
from superbill.site.parties import (
    assigned_coverages,
    billing_parties,
    facility_of,
    facility_parties,
    facility_provider,
    payer_lookup,
)

__all__ = [
    "CoverageAssignment",
    "EnrolmentEntry",
    "Facility",
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
    "facility_of",
    "facility_parties",
    "facility_provider",
    "payer_lookup",
    "read_site",
]
