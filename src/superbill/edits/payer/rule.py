"""Payer edits: identity of the destination payer (loop 2010BB) and its filing limit."""

import re
from collections.abc import Iterator

from superbill.claims.model import Claim
from superbill.edits.context import Context
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import Severity, header

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


@rule("payer.timely-filing", ERROR, source="payer contract; Medicare: 42 CFR 424.44")
def timely_filing(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The payer's filing limit, counted from the last day of service to today; the last day still counts.

    A correction (frequency 7, 8) and a claim that another payer held back have limits of their own: not checked.
    """
    last = claim.service.end
    if last is None or claim.frequency != "1" or claim.subscriber.responsibility != "P":
        return
    limit = ctx.payer.filing_limit.on(last)
    if limit is None:
        return
    late = (ctx.today - last).days - limit
    if late > 0:
        message = f"The filing limit of {limit} days ended {late} day{'s' if late > 1 else ''} ago."
        fix = "Attach proof of timely filing, or write off as the provider's (CO-29)."
        yield Problem(header("service"), message, fix)


@rule("payer.filing-limit-near", WARNING, source="payer contract")
def filing_limit_near(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Within a week of the filing limit a claim goes first."""
    last = claim.service.end
    limit = ctx.payer.filing_limit.on(last) if last and claim.frequency == "1" else None
    if last and limit is not None and claim.subscriber.responsibility == "P":
        left = limit - (ctx.today - last).days
        if 0 <= left < 7:
            message = f"The filing limit ends in {left} day{'' if left == 1 else 's'}."
            yield Problem(header("service"), message, "Send this claim today.", Severity.WARNING)
