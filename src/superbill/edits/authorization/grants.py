"""What a payer has granted: which authorization a claim names, what it covers, and how much of it is left."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Literal

from superbill.claims.model import Claim, ServiceLine
from superbill.edits.context import Authorization, Context, PastClaim
from superbill.edits.rule import Problem
from superbill.findings import Change, header, line
from superbill.pricing.code_ranges import code_ranges

Kind = Literal["authorization", "referral"]
FIELDS: dict[Kind, str] = {"authorization": "prior_authorization", "referral": "referral_number"}
_UNUSED = frozenset({"denied", "rejected", "reversed", "voided", "held"})  # claims that take nothing from a grant
_BARE = str.maketrans("", "", " -")


def bare(number: str) -> str:
    """A number without blanks and hyphens, capital, as payers compare it."""
    return number.translate(_BARE).upper()


def number_on(claim: Claim, kind: Kind) -> str:
    """The number that the claim names (REF*G1 or REF*9F), bare."""
    return bare(getattr(claim, FIELDS[kind]))


def named(claim: Claim, ctx: Context, kind: Kind) -> Authorization | None:
    """The grant on file with the claim's number, of its payer or of any; None without number or grant."""
    wanted = number_on(claim, kind)
    if not wanted:
        return None
    for grant in ctx.authorizations or ():
        if grant.kind == kind and bare(grant.number) == wanted and grant.payer_id in ("", claim.payer.id):
            return grant
    return None


def covers(grant: Authorization, code: str) -> bool:
    """Whether the grant is for the code; one without codes is for any."""
    return not grant.codes or code in code_ranges(grant.codes)


def providers(claim: Claim) -> frozenset[str]:
    """The NPIs of who bills, renders and where."""
    parties = (claim.billing, claim.rendering, claim.service_facility, *(one.rendering for one in claim.lines))
    return frozenset(party.npi for party in parties if party is not None and party.npi)


def fits(grant: Authorization, claim: Claim, service: ServiceLine) -> bool:
    """Whether a line can be billed under the grant: code, day and provider."""
    day: date | None = service.service.start
    return (
        covers(grant, service.procedure.code)
        and (day is None or day in grant.period)
        and (not grant.provider_npi or grant.provider_npi in providers(claim))
    )


def spent(grant: Authorization, ctx: Context) -> Decimal:
    """The units used before this claim: what the payer told, or what earlier claims with the number took, if more."""
    units = sum((one.units for one in _lines_under(grant, ctx.history.claims)), Decimal(0))
    return max(grant.used, units)


def _lines_under(grant: Authorization, claims: tuple[PastClaim, ...]) -> Iterator[ServiceLine]:
    for past in claims:
        if past.state not in _UNUSED and past.claim.frequency != "8" and _under(grant, past.claim):
            yield from (one for one in past.claim.lines if covers(grant, one.procedure.code))


def _under(grant: Authorization, claim: Claim) -> bool:
    return number_on(claim, grant.kind) == bare(grant.number) and grant.payer_id in ("", claim.payer.id)


def missing(claim: Claim, ctx: Context, kind: Kind, needed: tuple[str, ...], ask: str) -> Problem | None:
    """The first line whose code is among those `needed` to be granted, of a claim without a grant's number.

    Where just one grant on file is for it, its number is the fix; else the fix is what `ask` says.
    """
    asked = [service for service in claim.lines if service.procedure.code in code_ranges(needed)] if needed else []
    if not asked or number_on(claim, kind):
        return None
    found = on_file(claim, ctx, kind, asked)
    changes: tuple[Change, ...] = ()
    if len(found) == 1:
        ask = f"Add {kind} {found[0].number}, which is on file for it."
        changes = (Change("add", f"/{FIELDS[kind]}", found[0].number),)
    on = "with prior authorization" if kind == "authorization" else "on referral"
    message = f"{claim.payer.name} pays {asked[0].procedure.code} only {on}; the claim has none."
    return Problem(line(asked[0].number, "procedure"), message, ask, None, changes)


def unknown(claim: Claim, ctx: Context, kind: Kind, fix: str) -> Problem | None:
    """The claim names a grant of this payer that is not on file."""
    if not number_on(claim, kind) or named(claim, ctx, kind) is not None:
        return None
    message = f"No {kind} {getattr(claim, FIELDS[kind])} of {claim.payer.name} is on file."
    return Problem(header(FIELDS[kind]), message, fix)


def on_file(claim: Claim, ctx: Context, kind: Kind, services: list[ServiceLine]) -> list[Authorization]:
    """The grants under which all these lines can be billed, with units left for them."""
    needed = sum((service.units for service in services), Decimal(0))
    return [
        grant
        for grant in ctx.authorizations or ()
        if grant.kind == kind
        and grant.payer_id in ("", claim.payer.id)
        and all(fits(grant, claim, service) for service in services)
        and (grant.units is None or grant.units - spent(grant, ctx) >= needed)
    ]
