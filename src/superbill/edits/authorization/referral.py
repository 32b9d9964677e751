"""Referral edits (loop 2300 REF*9F; box 17 beside it): as with authorizations, for plans with a gatekeeper."""

from collections.abc import Iterator
from decimal import Decimal

from superbill.claims.model import Claim
from superbill.edits.authorization import grants
from superbill.edits.context import Context
from superbill.edits.rule import ERROR, Problem, rule
from superbill.findings import header, line

_SOURCE = "payer contract; 837P TR3, loop 2300 REF*9F; CARC 288: referral absent"
_FIELD = "referral_number"


@rule("authorization.referral-missing", ERROR, source=_SOURCE)
def referral_missing(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A service that the plan pays only on referral has the number of one."""
    problem = grants.missing(
        claim, ctx, "referral", ctx.payer.needs_referral, "Ask the primary care provider for a referral."
    )
    if problem:
        yield problem


@rule("authorization.referral-unknown", ERROR, source=_SOURCE, when="authorizations")
def referral_unknown(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The referral number is one that is on file for this payer."""
    problem = grants.unknown(claim, ctx, "referral", "Compare it with the referral, and enter it.")
    if problem:
        yield problem


@rule("authorization.referral-scope", ERROR, source=_SOURCE, when="authorizations")
def referral_scope(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The referral is for the provider, the services and the days billed."""
    grant = grants.named(claim, ctx, "referral")
    if grant is None:
        return
    if grant.provider_npi and grant.provider_npi not in grants.providers(claim):
        message = f"Referral {grant.number} is to the provider {grant.provider_npi}, who is not on the claim."
        yield Problem(header(_FIELD), message, "Ask for a referral to who saw the patient.")
        return
    for service in claim.lines:
        if grants.fits(grant, claim, service):
            continue
        code = service.procedure.code
        what = f"{service.service.start}" if grants.covers(grant, code) else code
        yield Problem(line(service.number), f"Referral {grant.number} is not for {what}.", "Ask for a new referral.")


@rule("authorization.referral-visits", ERROR, source=_SOURCE, when="authorizations")
def referral_visits(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The visits billed are left of those referred, after all earlier claims."""
    grant = grants.named(claim, ctx, "referral")
    if grant is None or grant.units is None:
        return
    billed = sum((one.units for one in claim.lines if grants.covers(grant, one.procedure.code)), Decimal(0))
    left = max(grant.units - grants.spent(grant, ctx), Decimal(0))
    if billed > left:
        message = f"{billed} are billed on referral {grant.number}; {left} of {grant.units} are left."
        yield Problem(header(_FIELD), message, "Ask for a new referral.")
