"""Prior authorization edits (loop 2300 REF*G1; box 23; FL 63)."""

from collections.abc import Iterator
from decimal import Decimal

from superbill.claims.model import Claim
from superbill.edits.authorization import grants
from superbill.edits.context import Context
from superbill.edits.rule import ERROR, INFORMATION, WARNING, Problem, rule
from superbill.findings import Severity, header, line
from superbill.pricing.code_ranges import code_ranges

_REQUIRED = "payer contract; CARC 197: precertification or authorization absent"
_INVALID = "CARC 15: the number is missing, invalid, or of other services or another provider"
_EXCEEDED = "CARC 198: authorization exceeded"
_FIELD = "prior_authorization"


@rule("authorization.missing", ERROR, source=_REQUIRED)
def missing(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A service that the payer pays only with prior authorization has the number of one."""
    ask = "Ask the payer for authorization, in retrospect if it grants that; or don't bill the service."
    problem = grants.missing(claim, ctx, "authorization", ctx.payer.needs_authorization, ask)
    if problem:
        yield problem


@rule("authorization.unknown", ERROR, source=_INVALID, when="authorizations")
def unknown(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The authorization number is one that this payer has given."""
    ask = "Compare it with the payer's letter, and enter the authorization."
    problem = grants.unknown(claim, ctx, "authorization", ask)
    if problem:
        yield problem


@rule("authorization.dates", ERROR, source=_INVALID, when="authorizations")
def dates(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Every line that the authorization is for lies between its first and last day."""
    grant = grants.named(claim, ctx, "authorization")
    if grant is None:
        return
    for service in claim.lines:
        days = (service.service.start, service.service.end)
        out = next((day for day in days if day is not None and day not in grant.period), None)
        if out is not None and grants.covers(grant, service.procedure.code):
            message = f"{out.isoformat()} is outside the days of authorization {grant.number}."
            yield Problem(line(service.number, "service"), message, "Ask the payer to extend it, or for a new one.")


@rule("authorization.code", ERROR, source=_INVALID, when="authorizations")
def code(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The authorization is for the services billed; for lines that need none, another code is no fault."""
    grant = grants.named(claim, ctx, "authorization")
    if grant is None or not grant.codes:
        return
    other = [service for service in claim.lines if not grants.covers(grant, service.procedure.code)]
    needed = code_ranges(ctx.payer.needs_authorization)
    for service in other:
        if len(other) == len(claim.lines) or service.procedure.code in needed:
            message = f"Authorization {grant.number} is not for {service.procedure.code}."
            yield Problem(line(service.number, "procedure"), message, "Ask the payer to add the code, or correct it.")


@rule("authorization.provider", ERROR, source=_INVALID, when="authorizations")
def provider(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The authorization is for who bills, renders, or where it is done."""
    grant = grants.named(claim, ctx, "authorization")
    if grant is not None and grant.provider_npi and grant.provider_npi not in grants.providers(claim):
        message = f"Authorization {grant.number} is for the provider {grant.provider_npi}, who is not on the claim."
        yield Problem(header(_FIELD), message, "Ask the payer to change the provider, or use the right authorization.")


@rule("authorization.units", ERROR, source=_EXCEEDED, when="authorizations")
def units(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The units billed are left of those granted, after all earlier claims, line by line."""
    grant = grants.named(claim, ctx, "authorization")
    if grant is None or grant.units is None:
        return
    left = grant.units - grants.spent(grant, ctx)
    for service in claim.lines:
        if not grants.covers(grant, service.procedure.code):
            continue
        if service.units > left:
            message = f"{service.units} units are billed; {max(left, Decimal(0))} of {grant.units} are left."
            yield Problem(line(service.number, "units"), message, f"Ask for more units on {grant.number}.")
        left -= service.units


@rule("authorization.used-up", INFORMATION, source=_EXCEEDED, when="authorizations")
def used_up(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The claim that takes the last units granted says so, in time to ask for more."""
    grant = grants.named(claim, ctx, "authorization")
    if grant is None or grant.units is None:
        return
    billed = sum((one.units for one in claim.lines if grants.covers(grant, one.procedure.code)), Decimal(0))
    if billed and billed == grant.units - grants.spent(grant, ctx):
        message = f"This claim takes the last units of authorization {grant.number}."
        yield Problem(header(_FIELD), message, "Ask for a new one before the next visit.", Severity.INFORMATION)


@rule("authorization.not-first-payer", WARNING, source="837P TR3, loop 2300 REF*G1: of the destination payer")
def not_first_payer(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The number on the claim is of the payer that the claim goes to, not of another."""
    wanted = grants.number_on(claim, "authorization")
    if not wanted or not ctx.authorizations:
        return
    owners = {one.payer_id for one in ctx.authorizations if one.payer_id and grants.bare(one.number) == wanted}
    if owners and claim.payer.id not in owners:
        message = f"Authorization {claim.prior_authorization} is of payer {min(owners)}, not of {claim.payer.name}."
        yield Problem(header(_FIELD), message, "Use this payer's number, or none.")
