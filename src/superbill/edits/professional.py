"""What the edits of professional services ask of a line: which kind of service, where, by whom, of the same group."""

import re
from collections.abc import Iterable
from datetime import date

from superbill.claims.inputs import PayerKind
from superbill.claims.model import Claim, ClaimKind, Provider, ServiceLine
from superbill.edits.context import Context, PastClaim
from superbill.findings import Severity
from superbill.pricing.code_ranges import CodeRanges, code_ranges

PROFESSIONAL: tuple[ClaimKind, ...] = ("professional",)
MEDICARE: tuple[PayerKind, ...] = ("medicare",)
# Hospital departments and inpatient units, where the facility bills its own part (ch. 26 §10.5).
HOSPITAL = frozenset({"19", "21", "22", "23", "51", "61"})
TELEHEALTH = frozenset({"02", "10"})
# What has not reached adjudication, or was refused or taken back, is no service that a payer has on file.
_NOT_ON_FILE = frozenset({"held", "ready", "rejected", "denied", "reversed"})
_MINUTES = re.compile(r"\b(\d{1,4}) ?MIN", re.IGNORECASE)


def services(text: str) -> CodeRanges:
    """Codes and ranges of codes in one string: "99202-99205 99211 G0402"."""
    return code_ranges(tuple(text.split()))


VISITS = services(
    "92002-92014 99202-99205 99211-99215 99221-99223 99231-99236 99238-99239 99242-99245 99252-99255 99281-99285"
    " 99304-99310 99315-99316 99318 99324-99328 99334-99337 99341-99350 99381-99387 99391-99397 98000-98015"
    " G0402 G0438-G0439"
)
"""Visits of which a patient has one a day with one specialty of a group."""
SURGERY = services("10004-69990")


def place_of(claim: Claim, service: ServiceLine) -> str:
    """The line's place of service: its own, else the claim's."""
    return service.place_of_service or claim.place_of_service


_last_places: tuple[Claim | None, frozenset[str]] = (None, frozenset())  # of the claim that was asked last


def places(claim: Claim) -> frozenset[str]:
    """Every place of service of the claim and its lines."""
    global _last_places
    asked, found = _last_places
    if asked is not claim:
        found = frozenset([claim.place_of_service, *[one.place_of_service for one in claim.lines]]) - {""}
        _last_places = (claim, found)
    return found


def renderer(claim: Claim, service: ServiceLine) -> Provider:
    """Who did it: the line's, else the claim's rendering provider, else who bills."""
    return service.rendering or claim.rendering or claim.billing


def specialty(provider: Provider) -> str:
    """Type and classification of the taxonomy code: its first four characters ("207Q" of 207QS0010X)."""
    return provider.taxonomy[:4]


def same_group(claim: Claim, other: Claim) -> bool:
    """Whether both are billed by one group: by tax number where both have one, else by NPI."""
    mine, theirs = claim.billing, other.billing
    return mine.tin == theirs.tin if mine.tin and theirs.tin else mine.npi == theirs.npi


def same_clinician(claim: Claim, service: ServiceLine, other: Claim, earlier: ServiceLine) -> bool:
    """Whether Medicare takes both for one physician: one NPI, or one group and specialty (ch. 12 §30.6.5)."""
    mine, theirs = renderer(claim, service), renderer(other, earlier)
    if mine.npi == theirs.npi:
        return True
    field = specialty(mine)
    return bool(field) and field == specialty(theirs) and same_group(claim, other)


def on_file(past: PastClaim) -> bool:
    """Whether an earlier claim counts as a service that the payer has: not held, rejected, denied or taken back."""
    return past.state not in _NOT_ON_FILE and past.claim.frequency != "8"


def error_for(ctx: Context, *kinds: str) -> Severity:
    """An error for payers of these kinds, which deny; a warning for others, whose contracts decide."""
    return Severity.ERROR if ctx.payer.kind in kinds else Severity.WARNING


def minutes_told(service: ServiceLine) -> int | None:
    """The minutes that the line's note tells ("TOTAL 38 MIN"); None for a note that tells none."""
    if not service.note:
        return None
    found = _MINUTES.search(service.note)
    return int(found[1]) if found else None


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def listing(names: Iterable[str]) -> str:
    """Names in order, with "and" before the last."""
    ordered = sorted(names)
    return ordered[0] if len(ordered) == 1 else f"{', '.join(ordered[:-1])} and {ordered[-1]}"
