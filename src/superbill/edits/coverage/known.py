"""What is known of a patient's coverages: the card's word, and over it what each payer has answered since."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from superbill.edits.context import CoverageSpan
from superbill.effective import Period

_DAY = timedelta(days=1)


class Answered(Struct, frozen=True, kw_only=True):
    """A payer's answer on `on` about a member: covered in `period`, or, without `active`, not. `order` 0: not told."""

    payer_id: str
    member_id: str
    on: date
    active: bool = True
    period: Period = Period()
    order: int = 0
    plan: str = ""


def spans(cards: Iterable[CoverageSpan], answers: Sequence[Answered]) -> tuple[CoverageSpan, ...]:
    """The coverages by payer: an answer goes before the card, a later answer before an earlier one.

    An answer counts for the days of its period; what the card or an earlier answer says of other days stays. Without
    days, "active" confirms what is known for the day of the answer, and "not active" counts from that day on. Without
    a place of its own an answer takes the card's with the same payer, else it pays first.
    """
    by_payer: dict[str, list[CoverageSpan]] = {}
    for card in cards:
        by_payer.setdefault(card.payer_id, []).append(card)
    orders = {payer: min(card.order for card in mine) for payer, mine in by_payer.items()}
    for answer in sorted(answers, key=lambda one: one.on):
        before = by_payer.get(answer.payer_id, [])
        answer = _dated(answer, before)
        new = CoverageSpan(
            payer_id=answer.payer_id,
            member_id=answer.member_id,
            period=answer.period,
            order=answer.order or orders.get(answer.payer_id, 1),
            plan=answer.plan,
            verified_on=answer.on,
        )
        kept = [replace(span, period=rest) for span in before for rest in _without(span.period, answer.period)]
        by_payer[answer.payer_id] = [*kept, new] if answer.active else kept or [replace(new, period=_none(new.period))]
    return tuple(sorted((span for mine in by_payer.values() for span in mine), key=_place))


def _dated(answer: Answered, before: Sequence[CoverageSpan]) -> Answered:
    """The answer with days: as told, else those of the coverage that it confirms, else from its own day on."""
    if answer.period.start or (answer.active and answer.period.end):
        return answer
    confirmed = next((span.period for span in before if answer.active and answer.on in span.period), None)
    end = answer.period.end
    return replace(answer, period=confirmed or Period(min(answer.on, end or answer.on), end))


def _without(period: Period, out: Period) -> list[Period]:
    """The days of `period` that are not in `out`."""
    start, end = period.start or date.min, period.end or date.max
    first, last = out.start or date.min, out.end or date.max
    if last < start or end < first:
        return [period]
    rest = [Period(period.start, first - _DAY)] if start < first else []
    return [*rest, Period(last + _DAY, period.end)] if last < end else rest


def _none(out: Period) -> Period:
    """No day, up to the one before `out`: a payer that tells of no coverage is known nonetheless."""
    return Period(out.start, (out.start or date.max) - _DAY)


def _place(span: CoverageSpan) -> tuple[int, str, date]:
    return (span.order, span.payer_id, span.period.start or date.min)
