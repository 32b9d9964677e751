"""Payer edits: identity of the destination payer (loop 2010BB) and its filing limit."""

import re
from collections.abc import Iterator

from superbill.claims.model import Claim
from superbill.edits.context import Context
from superbill.edits.rule import ERROR, Problem, rule
from superbill.findings import header

_SOURCE = "837P TR3, loop 2010BB"
# SBR09, code source 1032.
_INDICATORS: frozenset[str] = frozenset(
    (
        *("11", "12", "13", "14", "15", "16", "17", "AM", "BL", "CH", "CI", "DS", "FI", "HM", "LM", "MA", "MB"),
        *("MC", "OF", "TV", "VA", "WC", "ZZ"),
    )
)
_OF_KIND = {
    "medicare": frozenset({"MA", "MB", "16"}),
    "medicaid": frozenset({"MC"}),
    "workers_compensation": frozenset({"WC"}),
    "auto": frozenset({"AM"}),
}


@rule("payer.name", ERROR, of="payer", source=f"{_SOURCE} NM103")
def payer_name(claim: Claim) -> Iterator[Problem]:
    """The payer has a name."""
    if not claim.payer.name.strip():
        yield Problem(header("payer.name"), "The payer has no name.", "Enter it in the site file.")


@rule("payer.id", ERROR, of="payer", source=f"{_SOURCE} NM109")
def payer_id(claim: Claim) -> Iterator[Problem]:
    """The payer has an id of 2 to 80 letters and digits, by which the clearinghouse routes the claim."""
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9\-]{1,79}", claim.payer.id):
        message = f"{claim.payer.id!r} can't be a payer id."
        yield Problem(header("payer.id"), message, "Take it from the clearinghouse's payer list.")


@rule("payer.filing-indicator", ERROR, of="payer", source="837P TR3, SBR09")
def filing_indicator(claim: Claim) -> Iterator[Problem]:
    """The claim filing indicator is one that the guide knows."""
    code = claim.payer.claim_filing_indicator
    if code not in _INDICATORS:
        message = f"{code!r} is no claim filing indicator."
        yield Problem(header("payer.claim_filing_indicator"), message, "Use MB, MC, CI, BL, HM, 12, WC, AM …")


@rule("payer.filing-indicator-kind", ERROR, source="837P TR3, SBR09")
def filing_indicator_kind(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Medicare, Medicaid, compensation and auto payers have their own filing indicators."""
    wanted = _OF_KIND.get(ctx.payer.kind)
    code = claim.payer.claim_filing_indicator
    if wanted and code not in wanted:
        message = f"{claim.payer.name} is {ctx.payer.kind.replace('_', ' ')}; its filing indicator is {code}."
        yield Problem(header("payer.claim_filing_indicator"), message, f"Use {' or '.join(sorted(wanted))}.")
