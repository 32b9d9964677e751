"""Laboratory edits: the CLIA number (REF*X4; box 23) and waived tests (QW)."""

from collections.abc import Iterator

from superbill.claims.codes import WAIVED_WITH_QW, is_lab, needs_clia
from superbill.claims.model import Claim
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import Severity, header, line
from superbill.identifiers import is_clia

_SOURCE = "42 CFR 493; Claims Processing Manual ch. 16 §70"
_MEDICARE = frozenset({"MA", "MB"})


@rule(
    "laboratory.clia-missing",
    ERROR,
    codes=is_lab,
    source=f"{_SOURCE}.10.1; 837P TR3, loop 2300 REF*X4",
    forms=("professional",),
)
def clia_missing(claim: Claim) -> Iterator[Problem]:
    """Laboratory tests carry the laboratory's CLIA number; Medicare and Medicaid reject without."""
    if not claim.clia and needs_clia(claim.lines):
        public = claim.payer.claim_filing_indicator in (*_MEDICARE, "MC")
        message = "Laboratory tests are billed without a CLIA number."
        fix = "Enter the practice's CLIA number in the site file; tests sent out carry modifier 90."
        yield Problem(header("clia"), message, fix, Severity.ERROR if public else Severity.WARNING)


@rule("laboratory.clia-shape", ERROR, when="clia", source="837P TR3, loop 2300 REF*X4")
def clia_shape(claim: Claim) -> Iterator[Problem]:
    """A CLIA number has two digits, D, seven digits."""
    if claim.clia and not is_clia(claim.clia):
        yield Problem(
            header("clia"), f"{claim.clia!r} is not a CLIA number.", "Copy it from the certificate: 00D0000000."
        )


@rule("laboratory.clia-unneeded", WARNING, when="clia", source="837P TR3, loop 2300 REF*X4 situational rule")
def clia_unneeded(claim: Claim) -> Iterator[Problem]:
    """A CLIA number stands only on claims with laboratory tests."""
    if claim.clia and claim.lines and not needs_clia(claim.lines):
        yield Problem(header("clia"), "A CLIA number stands on a claim without laboratory tests.", "Remove it.")


@rule(
    "laboratory.qw", ERROR, when="modifiers", source="Claims Processing Manual ch. 16 §70.8; CMS list of waived tests"
)
def qw(claim: Claim) -> Iterator[Problem]:
    """QW stands only on tests that are waived and need it."""
    for service in claim.lines:
        if "QW" in service.procedure.modifiers and service.procedure.code not in WAIVED_WITH_QW:
            message = f"QW stands on {service.procedure.code}, which is not a waived test that takes it."
            yield Problem(line(service.number, "modifiers"), message, "Remove QW, or correct the test.")


@rule(
    "laboratory.repeat",
    WARNING,
    when="modifiers",
    source="Claims Processing Manual ch. 16 §100.5.1: 91 for a repeated test",
)
def repeat(claim: Claim) -> Iterator[Problem]:
    """76 is for procedures; a laboratory test repeated on the same day has 91."""
    for service in claim.lines:
        if "76" in service.procedure.modifiers and needs_clia((service,)):
            message = f"76 stands on the laboratory test {service.procedure.code}."
            yield Problem(line(service.number, "modifiers"), message, "Use 91 for a test repeated for its result.")
