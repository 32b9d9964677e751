"""The number of a grant on file is taken onto a claim that names none (837P TR3, loop 2300 REF*G1 and REF*9F)."""

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from superbill.claims.model import Claim, ServiceLine
from superbill.edits.authorization import grants
from superbill.edits.context import Authorization, Context
from superbill.findings import Finding, Severity, header
from superbill.pricing.code_ranges import code_ranges

_FIELDS: tuple[tuple[grants.Kind, str], ...] = (
    ("authorization", "prior_authorization"),
    ("referral", "referral_number"),
)


def take_numbers(claim: Claim, ctx: Context) -> tuple[Claim, tuple[Finding, ...]]:
    """The claim with the numbers of the grants that fit it, and an information finding for each.

    A grant fits that is of this payer, for the provider, for the services that need one (else for any of the claim's
    services) on their days, and with units left for them. Of several the one that ends first is taken.
    """
    findings = []
    for kind, field in _FIELDS:
        if getattr(claim, field) or not ctx.authorizations:
            continue
        found = [one for one in ctx.authorizations if one.kind == kind and _fits(one, claim, ctx, kind)]
        if found:
            first, *more = sorted(found, key=_end)
            claim = replace(claim, **{field: first.number})
            findings.append(_taken(first, more, field))
    return claim, tuple(findings)


def _fits(grant: Authorization, claim: Claim, ctx: Context, kind: grants.Kind) -> bool:
    if grant.payer_id != claim.payer.id:
        return False
    wanted = ctx.payer.needs_authorization if kind == "authorization" else ctx.payer.needs_referral
    needing = code_ranges(wanted)
    lines = [line for line in claim.lines if line.procedure.code in needing]
    lines = lines or [line for line in claim.lines if grants.covers(grant, line.procedure.code)]
    return bool(lines) and _is_for(grant, claim, lines) and _is_left(grant, lines, ctx)


def _is_for(grant: Authorization, claim: Claim, lines: list[ServiceLine]) -> bool:
    ends = (line.service.end for line in lines)
    return all(grants.fits(grant, claim, line) for line in lines) and all(end in grant.period for end in ends if end)


def _is_left(grant: Authorization, lines: list[ServiceLine], ctx: Context) -> bool:
    needed = sum((line.units for line in lines), Decimal(0))
    return grant.units is None or grant.units - grants.spent(grant, ctx) >= needed


def _end(grant: Authorization) -> tuple[date, str]:
    return (grant.period.end or date.max, grant.number)


def _taken(grant: Authorization, more: list[Authorization], field: str) -> Finding:
    others = f" Fitting, too: {', '.join(one.number for one in more)}; this one ends first." if more else ""
    return Finding(
        rule="claims.authorization-taken",
        severity=Severity.INFORMATION,
        where=header(field),
        message=f"{grant.kind.capitalize()} {grant.number} on file fits the claim, and was put on it.{others}",
        fix="Nothing, if that is the one; else superbill claim correct names another.",
    )
