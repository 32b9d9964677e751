"""Coordination of benefits edits (loops 2320, 2330, 2430): order of payers and balanced prior figures."""

import re
from collections import Counter
from collections.abc import Iterator

from superbill.claims.control import RESPONSIBILITIES
from superbill.claims.model import Claim, OtherInsurance
from superbill.edits.context import Context
from superbill.edits.rule import ERROR, Problem, rule
from superbill.findings import header, line
from superbill.money import dollars

_SOURCE = "837P TR3, loops 2320 and 2430"
_BALANCE = "837P TR3, section 1.4.4 (COB balancing)"
_GROUPS = frozenset({"CO", "OA", "PI", "PR"})
_CARC = re.compile(r"[A-Z0-9]{1,3}")
_AS_835 = "Copy the figures from that payer's 835."


@rule("cob.other-insurance-missing", ERROR, source=f"{_SOURCE}; SBR01")
def other_insurance_missing(claim: Claim) -> Iterator[Problem]:
    """A claim to a second or later payer names every payer before it."""
    mine = RESPONSIBILITIES.index(claim.subscriber.responsibility)
    before = {other.subscriber.responsibility for other in claim.other_insurance}
    lacking = [letter for letter in RESPONSIBILITIES[:mine] if letter not in before]
    if lacking:
        message = f"The claim is for payer {claim.subscriber.responsibility}; payer {lacking[0]} is not on it."
        yield Problem(header("other_insurance"), message, "Add the earlier payer with its payment.")


@rule("cob.order-repeated", ERROR, when="other_insurance", source="837P TR3, SBR01: each responsibility once")
def order_repeated(claim: Claim) -> Iterator[Problem]:
    """No two payers have the same place in the order."""
    letters = Counter([claim.subscriber.responsibility, *(o.subscriber.responsibility for o in claim.other_insurance)])
    for letter, count in letters.items():
        if count > 1:
            message = f"{count} payers are {letter}."
            yield Problem(header("other_insurance"), message, "Give each payer its own place: P, S, T, A …")


@rule("cob.payer-repeated", ERROR, when="other_insurance", source=f"{_SOURCE}: a payer and member number once")
def payer_repeated(claim: Claim) -> Iterator[Problem]:
    """No payer stands twice with the same member."""
    members = Counter(
        [
            (claim.payer.id, claim.subscriber.member_id),
            *((other.payer.id, other.subscriber.member_id) for other in claim.other_insurance),
        ]
    )
    for (payer, _), count in members.items():
        if count > 1:
            message = f"Payer {payer} stands {count} times with the same member number."
            yield Problem(header("other_insurance"), message, "Remove the repeated coverage.")


@rule("cob.not-adjudicated", ERROR, when="other_insurance", source=f"{_SOURCE} AMT*D")
def not_adjudicated(claim: Claim) -> Iterator[Problem]:
    """Every payer before this one has adjudicated; none behind it has."""
    mine = RESPONSIBILITIES.index(claim.subscriber.responsibility)
    for other in claim.other_insurance:
        before = RESPONSIBILITIES.index(other.subscriber.responsibility) < mine
        if before and other.paid is None:
            message = f"{other.payer.name} pays before {claim.payer.name}, and has not adjudicated."
            yield Problem(header("other_insurance"), message, "Bill it first, or add what its 835 says.")
        elif not before and other.paid is not None:
            message = f"{other.payer.name} pays after {claim.payer.name}, and has adjudicated already."
            yield Problem(header("other_insurance"), message, "Correct the order of payers.")


@rule("cob.line-balance", ERROR, when="other_insurance", source=_BALANCE)
def line_balance(claim: Claim) -> Iterator[Problem]:
    """For each earlier payer, a line's charge is what it paid and what it adjusted."""
    for service in claim.lines:
        for one in service.adjudications:
            explained = one.paid + sum(adjustment.amount for adjustment in one.adjustments)
            if explained != service.charge:
                message = f"Payer {one.payer_id} explains {dollars(explained)} of {dollars(service.charge)}."
                yield Problem(line(service.number, "adjudications"), message, _AS_835)


@rule("cob.claim-balance", ERROR, when="other_insurance", source=_BALANCE)
def claim_balance(claim: Claim) -> Iterator[Problem]:
    """An earlier payer's claim payment is its line payments less what it adjusted at claim level."""
    for other in claim.other_insurance:
        if other.paid is None:
            continue
        wanted = _claim_paid(claim, other)
        if wanted != other.paid:
            message = f"{other.payer.name} paid {dollars(other.paid)}; its figures give {dollars(wanted)}."
            yield Problem(header("other_insurance"), message, _AS_835)


def _claim_paid(claim: Claim, other: OtherInsurance) -> int:
    by_line = [one.paid for service in claim.lines for one in service.adjudications if one.payer_id == other.payer.id]
    adjusted = sum(adjustment.amount for adjustment in other.adjustments)
    return (sum(by_line) if by_line else claim.charge) - adjusted


@rule("cob.line-missing", ERROR, when="other_insurance", source=_SOURCE)
def line_missing(claim: Claim) -> Iterator[Problem]:
    """A payer that adjudicated by line did so for every line."""
    for other in claim.other_insurance:
        done = [any(one.payer_id == other.payer.id for one in service.adjudications) for service in claim.lines]
        if any(done) and not all(done):
            number = claim.lines[done.index(False)].number
            message = f"{other.payer.name} adjudicated other lines, not this one."
            yield Problem(line(number, "adjudications"), message, _AS_835)


@rule("cob.unknown-payer", ERROR, when="other_insurance", source=f"{_SOURCE} SVD01 = NM109 of loop 2330B")
def unknown_payer(claim: Claim) -> Iterator[Problem]:
    """A line's adjudication is by a payer that the claim names."""
    known = {other.payer.id for other in claim.other_insurance}
    for service in claim.lines:
        for one in service.adjudications:
            if one.payer_id not in known:
                message = f"Payer {one.payer_id} adjudicated the line, but is not on the claim."
                yield Problem(line(service.number, "adjudications"), message, "Add it as other insurance.")


@rule("cob.date-missing", ERROR, when="other_insurance", source=f"{_SOURCE} DTP*573: once, on the claim or its lines")
def date_missing(claim: Claim) -> Iterator[Problem]:
    """An adjudication has its day: on every line of it, or on the claim."""
    on_claim = {other.payer.id for other in claim.other_insurance if other.paid_on}
    for other in claim.other_insurance:
        lines = [one for service in claim.lines for one in service.adjudications if one.payer_id == other.payer.id]
        if other.paid is not None and not lines and not other.paid_on:
            message = f"The day on which {other.payer.name} adjudicated is missing."
            yield Problem(header("other_insurance"), message, "Enter the payment date of its 835.")
    for service in claim.lines:
        for one in service.adjudications:
            if one.paid_on is None and one.payer_id not in on_claim:
                message = f"The day on which payer {one.payer_id} adjudicated is missing."
                yield Problem(line(service.number, "adjudications"), message, "Enter the payment date of its 835.")


@rule("cob.date-order", ERROR, when="other_insurance", source=f"{_SOURCE} DTP*573")
def date_order(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """An adjudication is after the service and not in the future."""
    first = claim.service.start
    days = [(header("other_insurance"), other.paid_on) for other in claim.other_insurance]
    days += [(line(s.number, "adjudications"), one.paid_on) for s in claim.lines for one in s.adjudications]
    for where, day in days:
        if day and (day > ctx.today or (first and day < first)):
            message = f"An adjudication of {day.isoformat()} is before the service or in the future."
            yield Problem(where, message, "Enter the payment date of the 835.")


@rule("cob.adjustment", ERROR, when="other_insurance", source=f"{_SOURCE} CAS01, CAS02, CAS03")
def adjustment(claim: Claim) -> Iterator[Problem]:
    """An adjustment has a group (CO, OA, PI, PR), a reason's shape, and an amount that is not zero."""
    found = [(header("other_insurance"), a) for other in claim.other_insurance for a in other.adjustments]
    found += [
        (line(s.number, "adjudications"), a) for s in claim.lines for one in s.adjudications for a in one.adjustments
    ]
    for where, one in found:
        if one.group not in _GROUPS or not _CARC.fullmatch(one.reason) or one.amount == 0:
            message = f"{one.group}-{one.reason} {dollars(one.amount)} is no adjustment."
            yield Problem(where, message, _AS_835)


@rule("cob.member-id", ERROR, when="other_insurance", source="837P TR3, loop 2330A NM109")
def member_id(claim: Claim) -> Iterator[Problem]:
    """The insured of every other insurance has a member number and a name."""
    for other in claim.other_insurance:
        if not other.subscriber.member_id.strip() or not other.subscriber.person.last.strip():
            message = f"The insured of {other.payer.name} lacks name or member number."
            yield Problem(header("other_insurance"), message, "Copy both from the insurance card.")


@rule("cob.payer-id", ERROR, when="other_insurance", source="837P TR3, loop 2330B NM109: unique on the claim")
def payer_id(claim: Claim) -> Iterator[Problem]:
    """Every other insurance has a payer with name and id."""
    for other in claim.other_insurance:
        if not other.payer.id.strip() or not other.payer.name.strip():
            yield Problem(header("other_insurance"), "Another payer lacks name or id.", "Enter it in the site file.")
