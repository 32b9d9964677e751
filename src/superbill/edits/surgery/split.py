"""Edits on care of an operation that surgeons share: 54 surgery, 55 aftercare, 56 preparation."""

from collections.abc import Iterator

from superbill.claims.model import Claim
from superbill.edits.context import Context
from superbill.edits.fee_schedule import SYSTEM, scheduled
from superbill.edits.professional import MEDICARE, PROFESSIONAL, error_for
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.edits.surgery.package import DAYS_AFTER
from superbill.findings import line

_CLAIMS = "Claims Processing Manual ch. 12"
_PARTS = frozenset({"54", "55", "56"})


@rule(
    "surgery.split-without-days",
    ERROR,
    source=f"{_CLAIMS} §40.1, §40.2.A.3: parts of a package of 10 or 90 days",
    forms=PROFESSIONAL,
    needs=SYSTEM,
    modifiers=_PARTS,
)
def split_without_days(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """54, 55 and 56 stand on operations whose package has 10 or 90 days."""
    if _PARTS.isdisjoint(claim.modifiers):
        return
    for service, found in scheduled(claim, ctx).lines:
        named = _PARTS.intersection(service.procedure.modifiers)
        if named and found is not None and found.global_days not in DAYS_AFTER:
            message = f"{min(named)} stands on {service.procedure.code}, which has no days of aftercare to share."
            severity = error_for(ctx, "medicare", "medicaid")
            yield Problem(line(service.number, "modifiers"), message, f"Remove {min(named)}.", severity)


@rule(
    "surgery.split-dates",
    WARNING,
    source=f"{_CLAIMS} §40.2.A.3; ch. 26 §10.4 item 19: the dates on which aftercare was taken over and given up",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    modifiers=("55",),
)
def split_dates(claim: Claim) -> Iterator[Problem]:
    """Aftercare alone (55) tells from which day to which it was given."""
    if "55" not in claim.modifiers or claim.note:
        return
    for service in claim.lines:
        if "55" in service.procedure.modifiers and not service.note:
            message = f"{service.procedure.code} with 55 does not tell the days of aftercare."
            fix = "Enter the day on which care was taken over, and the day on which it ended, in the note (box 19)."
            yield Problem(line(service.number, "note"), message, fix)
