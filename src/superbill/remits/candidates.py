"""Which claims an answer without a claim may be meant for: ranked, each with the reasons for its rank. Never a choice:
a person makes that.

The score adds up what an answer and a claim have in common, at most 100. Numbers that both sides made up count most,
then who was treated, when, and for what.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from msgspec import Struct

from superbill.claims.model import Claim, Person
from superbill.codesets.search.slips import likeness
from superbill.money import Cents, dollars
from superbill.remits.match import charge_lines
from superbill.x12.model import RemittanceClaim

_NEAR_DAYS = timedelta(days=3)
_SHOWN = 20  # no claim below this is worth a look


class Possible(Struct, frozen=True, kw_only=True):
    """A claim as sent, with what this payer said of it before: its number for the claim, and what is still open."""

    claim: Claim
    payer_key: str
    payer_control_number: str = ""
    open: Cents = 0


class Ranked(Struct, frozen=True, kw_only=True):
    """A claim that an answer may be meant for. `score` of 100; `reasons`, each with its points."""

    control_number: str
    score: int
    reasons: tuple[tuple[str, int], ...]
    charge: Cents
    open: Cents


def ranked(answer: RemittanceClaim, payer: str, claims: Iterable[Possible], *, limit: int = 5) -> list[Ranked]:
    """The claims that an answer of `payer` may be meant for, the likeliest first."""
    found = [
        Ranked(
            control_number=one.claim.control_number,
            score=min(sum(points for _, points in reasons), 100),
            reasons=reasons,
            charge=one.claim.charge,
            open=one.open,
        )
        for one in claims
        if (reasons := tuple(_reasons(answer, payer, one)))
    ]
    worth = [one for one in found if one.score >= _SHOWN]
    return sorted(worth, key=lambda one: (-one.score, one.control_number))[:limit]


def _reasons(answer: RemittanceClaim, payer: str, one: Possible) -> Iterable[tuple[str, int]]:
    claim = one.claim
    yield from _number(answer, claim)
    if answer.payer_control_number and answer.payer_control_number == one.payer_control_number:
        yield "the payer's own number for the claim", 30
    yield from _who(answer, claim)
    yield from _when(answer, claim)
    yield from _what(answer, claim)
    if one.payer_key == payer:
        yield "sent to this payer", 5
    if one.open and one.open == abs(answer.charge):
        yield "nothing of it answered yet", 5


def _number(answer: RemittanceClaim, claim: Claim) -> Iterable[tuple[str, int]]:
    theirs, ours = _plain(answer.control_number), _plain(claim.control_number)
    if not theirs:
        return
    if theirs == ours:
        yield "the same control number", 40
    elif theirs in ours or ours in theirs:
        yield f"control number {answer.control_number} is part of ours, or ours of it", 30
    elif alike := likeness(theirs, ours):
        yield f"control number {answer.control_number} is a slip away from ours", round(30 * alike)


def _plain(number: str) -> str:
    return "".join(letter for letter in number.upper() if letter.isalnum()).lstrip("0")


def _who(answer: RemittanceClaim, claim: Claim) -> Iterable[tuple[str, int]]:
    members = {_plain(answer.patient_member_id), _plain(answer.subscriber_member_id)} - {""}
    if _plain(claim.subscriber.member_id) in members:
        yield "the same member number", 20
    patient = claim.patient.person if claim.patient else claim.subscriber.person
    if answer.patient and patient and _name(answer.patient.last) and _name(answer.patient.last) == _name(patient.last):
        first = _name(answer.patient.first)[:1] == _name(patient.first)[:1]
        yield ("the same patient's name", 20) if first else ("the same family name", 8)


def _name(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalpha())


def _when(answer: RemittanceClaim, claim: Claim) -> Iterable[tuple[str, int]]:
    first, ours = first_day(answer), claim.service.start
    if first is None or ours is None:
        return
    if first == ours:
        yield "the same day of service", 15
    elif abs(first - ours) <= _NEAR_DAYS:
        yield f"days of service {abs((first - ours).days)} apart", 5


def first_day(answer: RemittanceClaim) -> date | None:
    """The first day of service that an answer names."""
    days = [line.service.start for line in answer.lines if line.service.start]
    return min(days, default=answer.statement.start)


def _what(answer: RemittanceClaim, claim: Claim) -> Iterable[tuple[str, int]]:
    if abs(answer.charge) == claim.charge:
        yield f"the same charge, {dollars(claim.charge)}", 15
    theirs = _codes(line.submitted_procedure or line.procedure for line in answer.lines)
    ours = _codes(line.procedure for line in charge_lines(claim))
    common = sum(min(theirs.count(code), ours.count(code)) for code in set(theirs))
    if common:
        of = max(len(theirs), len(ours))
        yield f"{common} of {of} procedures", 15 * common // of
    keys = {line.control_number for line in claim.lines}
    if any(line.control_number in keys for line in answer.lines if line.control_number):
        yield "our own number of a line", 40


def _codes(procedures: Iterable[object]) -> Sequence[str]:
    return [code for procedure in procedures if (code := str(getattr(procedure, "code", "")))]


def shown_name(person: Person | None) -> str:
    """A patient's name for people at work; "" where the answer has none."""
    return ", ".join(part for part in (person.last, person.first) if part) if person else ""
