"""Coverage edits: what is known of the patient's coverages (a 271, the card) against what the claim says.

They run where somebody keeps coverages (`Context.coverage`); a payer of which nothing is known is a question, never an
error.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from superbill.claims.control import RESPONSIBILITIES
from superbill.claims.model import Claim
from superbill.edits.context import Context, CoverageSpan
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import Change, header, line

_NOT_COVERED = "CARC 26, 27 and 200: expenses before, after or in a lapse of coverage"
_ORDER = "CARC 22: covered by another payer per coordination of benefits; 837P TR3, SBR01"
_VERIFIED = "payers' eligibility response (271): no promise beyond the day it was asked for"
_ROUTINE = 90  # days after which a verification is stale; Medicaid's is of the month
_BARE = str.maketrans("", "", " -")


def _bare(number: str) -> str:
    return number.translate(_BARE).upper()


def _of_payer(ctx: Context, payer: str) -> list[CoverageSpan]:
    return [span for span in ctx.coverage or () if span.payer_id == payer]


def _active(spans: Sequence[CoverageSpan], day: date | None) -> list[CoverageSpan]:
    return [span for span in spans if day is not None and day in span.period]


@rule("coverage.unknown", WARNING, source="payers' eligibility response (271)", when="coverage")
def unknown(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The payer is one of which the patient is known to have coverage."""
    if not _of_payer(ctx, claim.payer.id):
        message = f"No coverage with {claim.payer.name} is on file for the patient."
        yield Problem(header("payer"), message, "Ask for eligibility (270), or bill the coverage on file.")


@rule("coverage.not-active", ERROR, source=_NOT_COVERED, when="coverage")
def not_active(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The coverage is active on the day of every line."""
    spans = _of_payer(ctx, claim.payer.id)
    if not spans:
        return
    days = {service.service.start: service.number for service in reversed(claim.lines) if service.service.start}
    if not days and claim.service.start:
        days = {claim.service.start: 1}
    for day, number in sorted(days.items()):
        if not _active(spans, day):
            message = f"The coverage with {claim.payer.name} is not active on {day.isoformat()}{_near(spans, day)}."
            yield Problem(line(number, "service"), message, "Ask for eligibility on that day; bill who covers it then.")


def _near(spans: Sequence[CoverageSpan], day: date) -> str:
    """How the spans lie to the day: ended before, or begins after."""
    ends = [span.period.end for span in spans if span.period.end is not None and span.period.end < day]
    starts = [span.period.start for span in spans if span.period.start is not None and span.period.start > day]
    parts = [f"it ended {max(ends).isoformat()}"] if ends else []
    parts += [f"it begins {min(starts).isoformat()}"] if starts else []
    return f": {' and '.join(parts)}" if parts else ""


@rule(
    "coverage.member-id", ERROR, source="CARC 31: patient can't be identified as the payer's insured", when="coverage"
)
def member_id(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The member number is the one under which the payer knows the patient."""
    mine = _bare(claim.subscriber.member_id)
    active = _active(_of_payer(ctx, claim.payer.id), claim.service.start)
    known = {span.member_id for span in active if span.member_id}
    if not mine or not known or mine in {_bare(number) for number in known}:
        return
    message = f"The member number differs from the one that {claim.payer.name} has told."
    changes: tuple[Change, ...] = ()
    if len(known) == 1 and _slip(mine, _bare(next(iter(known)))):
        changes = (Change("replace", "/subscriber/member_id", next(iter(known))),)
    yield Problem(
        header("subscriber.member_id"), message, "Take the number of the eligibility response.", None, changes
    )


def _slip(typed: str, known: str) -> bool:
    """Whether one character is wrong, missing or too many, or two neighbors are swapped."""
    if len(typed) == len(known):
        wrong = [place for place, (a, b) in enumerate(zip(typed, known, strict=True)) if a != b]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and typed[wrong[0]] == known[wrong[1]]
        return len(wrong) == 1 or (swapped and typed[wrong[1]] == known[wrong[0]])
    short, long = sorted((typed, known), key=len)
    return len(long) - len(short) == 1 and any(short == long[:at] + long[at + 1 :] for at in range(len(long)))


@rule("coverage.order", ERROR, source=_ORDER, when="coverage")
def order(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The claim goes to the payers in the order in which their coverages pay on that day."""
    active = sorted(_active(ctx.coverage or (), claim.service.start), key=lambda span: span.order)
    mine = next((span for span in active if span.payer_id == claim.payer.id), None)
    if mine is None:
        return
    place = RESPONSIBILITIES.index(claim.subscriber.responsibility)
    before = [span for span in active if span.order < mine.order and span.payer_id != claim.payer.id]
    if len(before) > place:
        message = f"Another coverage pays before {claim.payer.name} on that day (payer {before[0].payer_id})."
        yield Problem(header("subscriber.responsibility"), message, f"Bill payer {before[0].payer_id} first.")
    elif len(before) < place and len(claim.other_insurance) <= len(active):
        message = f"{claim.payer.name} pays as number {len(before) + 1} on that day; the claim has it as {place + 1}."
        yield Problem(header("subscriber.responsibility"), message, "Correct the order of payers.")


@rule("coverage.other-not-on-claim", WARNING, source="837P TR3, loop 2320: other payers known", when="coverage")
def other_not_on_claim(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A further coverage that is active on the day stands on the claim as other insurance."""
    if len(ctx.coverage or ()) < 2:
        return
    there = {claim.payer.id, *(other.payer.id for other in claim.other_insurance)}
    for span in _active(ctx.coverage or (), claim.service.start):
        if span.payer_id not in there:
            there.add(span.payer_id)
            message = f"A coverage with payer {span.payer_id} is active, and not on the claim."
            yield Problem(header("other_insurance"), message, "Add it as other insurance.")


@rule("coverage.unverified", WARNING, source=_VERIFIED, when="coverage")
def unverified(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The coverage was verified within 90 days before the service; Medicaid's in the month of the service."""
    day = claim.service.start
    active = _active(_of_payer(ctx, claim.payer.id), day)
    if day is None or not active or not ctx.verifies:
        return
    asked = max((span.verified_on for span in active if span.verified_on is not None), default=None)
    if asked is None:
        message = f"The coverage with {claim.payer.name} was never verified."
    elif ctx.payer.kind == "medicaid" and asked < day.replace(day=1):
        message = f"The coverage was verified on {asked.isoformat()}, before the month of the service."
    elif (day - asked).days > _ROUTINE:
        message = f"The coverage was verified on {asked.isoformat()}, {(day - asked).days} days before the service."
    else:
        return
    yield Problem(header("subscriber"), message, "Ask for eligibility (270) on the day of service.")
