"""What lists filter and sort claims by, read off the documents whenever these are written."""

from collections.abc import Iterable

from superbill.claims.model import Claim
from superbill.claims.parties import Provider
from superbill.findings import Finding, errors

RULES = ("rules",)
COLUMNS = ("kind", "provider", "patient_name", *RULES)
_LONGEST_NAME = 120
_MOST_RULES = 25  # more would not fit an index of PostgreSQL, and nobody reads them


def columns_of(claim: Claim, findings: Iterable[Finding]) -> tuple[str, str, str, str]:
    """The values of COLUMNS for a claim with these findings."""
    person = claim.patient.person
    name = f"{person.last.upper()}, {person.first}" if person.first else person.last.upper()
    seen = treating(claim)
    return claim.kind, seen.npi[:10], name[:_LONGEST_NAME], rules_of(findings)


def rules_of(findings: Iterable[Finding]) -> str:
    """The rules whose errors hold a claim, or for which it was refused: " edits.a edits.b "."""
    rules = sorted({finding.rule for finding in errors(tuple(findings))})[:_MOST_RULES]
    return f" {' '.join(rules)} " if rules else ""


def treating(claim: Claim) -> Provider:
    """Whose work the claim bills: the attending of a facility's, else who rendered it, else who bills."""
    attending = claim.institutional.attending if claim.institutional is not None else None
    return attending or claim.rendering or claim.billing


def name_of(provider: Provider) -> str:
    """LAST, First, or the organization."""
    person = provider.person
    return f"{person.last.upper()}, {person.first}".rstrip(", ") if person is not None else provider.organization
