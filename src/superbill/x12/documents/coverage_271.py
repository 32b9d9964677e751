"""What a 271 says of each member's coverage: active or not, from when to when, in which place among the payers.

005010X279A1: EB01 of loop 2110C or 2110D says what a statement is; the days of the plan and of eligibility stand with
the statement, else with the member (DTP of loop 2100C or 2100D).
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from superbill.effective import Period
from superbill.x12.lexer import Source
from superbill.x12.library import guides_of
from superbill.x12.tree import Interchange, Loop, Record, Transaction
from superbill.x12.walk import walk

_TRANSACTION = "271"
_ACTIVE = frozenset("12345")  # EB01: active, in one way or another
_INACTIVE = frozenset("678")
_WHOLE = "30"  # EB03, the plan as a whole
# DTP01 of days from and to, of first days and of last days; eligibility goes before the plan.
_RANGES, _FIRST, _LAST = ("307", "291"), ("356", "346", "348"), ("357", "347", "349")
_SERVICE_DAY = "472"
# NM101 of loop 2120: the payer that pays first, second, third.
_PLACES = {"PRP": 1, "SEP": 2, "TTP": 3}
_DAY = timedelta(days=1)


class MemberCoverage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One member's coverage by one answer. `on`: the day of the answer; `active` None: it does not say.

    `period`: the days for which it says so. `place` 1, 2, 3 among the payers, 0 where it is not told; `others` the
    other payers that are told. `rejected`: AAA03 codes of an inquiry that was not answered.
    """

    payer: str
    payer_id: str
    member_id: str
    last: str
    first: str
    on: date | None
    birth_date: date | None = None
    active: bool | None = None
    period: Period = Period()
    plan: str = ""
    place: int = 0
    others: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()


def member_coverages(source: Source) -> Iterator[MemberCoverage]:
    """Every member of every 271 of a file, in constant memory. A dependent has the subscriber's member id.

    Raises X12ReadError.
    """
    for each in walk(source, guides_of, units=True):
        if not isinstance(each, Record) or each.transaction.header.identifier != _TRANSACTION:
            continue
        payer, on = each.loop("2000A"), _on(each.above[0])
        subscriber = each.unit.subscriber_name
        if subscriber is None:
            continue
        own = _member(subscriber, payer, on, "")
        if own.active is not None or own.rejected or not each.unit.dependents:
            yield own
        for dependent in each.unit.dependents:
            if dependent.dependent_name is not None:
                yield _member(dependent.dependent_name, payer, on, own.member_id)


def _on(root: Loop) -> date | None:
    return _day(root.beginning.date) if root.beginning is not None else None


def refusals(source: Source) -> Iterator[MemberCoverage]:
    """Inquiries refused before any member was named (AAA of 2000A, 2100A, 2100B), as members without a name.

    Raises X12ReadError.
    """
    for each in walk(source, guides_of, units=False):
        assert isinstance(each, Interchange)
        for group in each.groups:
            for one in group.transactions:
                if one.compiled.guide.identifier == _TRANSACTION:
                    yield from _refused(one)


def _refused(transaction: Transaction) -> Iterator[MemberCoverage]:
    root = transaction.root
    for source in root.information_sources:
        parts = [source, source.information_source_name]
        parts += [receiver.information_receiver_name for receiver in source.information_receivers]
        told = [each.reject_reason for part in parts if part is not None for each in part.validations]
        if told:
            name: Any = source.information_source_name.name if source.information_source_name else None
            yield MemberCoverage(
                payer=name.name if name is not None else "",
                payer_id=name.id if name is not None else "",
                member_id="",
                last="",
                first="",
                on=_on(root),
                rejected=tuple(dict.fromkeys(told)),
            )


def _member(loop: Loop, payer: Loop | None, on: date | None, member_id: str) -> MemberCoverage:
    name: Any = loop.name
    source: Any = payer.information_source_name.name if payer and payer.information_source_name else None
    born = loop.demographics.birth_date if loop.demographics is not None else None
    active, told = _status(loop.benefits)
    return MemberCoverage(
        payer=source.name if source is not None else "",
        payer_id=source.id if source is not None else "",
        member_id=(name.id if name is not None else "") or member_id,
        last=name.name if name is not None else "",
        first=name.first if name is not None else "",
        on=on,
        birth_date=_day(born),
        active=active,
        period=_period([*(told.dates if told is not None else ()), *loop.dates], bool(active)),
        plan=told.benefit.plan_description if told is not None and told.benefit is not None else "",
        place=_place(loop.benefits),
        others=_others(loop.benefits),
        rejected=_rejections(loop),
    )


def _status(benefits: Iterable[Any]) -> tuple[bool | None, Any]:
    """Active or not, and the statement that says it: of the plan as a whole before that of a service."""
    said = [each for each in benefits if each.benefit is not None and each.benefit.information in _ACTIVE | _INACTIVE]
    if not said:
        return None, None
    whole = [each for each in said if _WHOLE in each.benefit.service_types or not each.benefit.service_types]
    of = whole or said
    active = [each for each in of if each.benefit.information in _ACTIVE]
    return bool(active), (active or of)[0]


def _period(dates: Iterable[Any], active: bool) -> Period:
    """The days for which the answer holds.

    "Not active" with the end of a coverage holds from the day after it; with days asked about, for these.
    """
    found: dict[str, Any] = {}
    for each in dates:
        found.setdefault(each.qualifier, each.value)
    span = next((found[code] for code in _RANGES if isinstance(found.get(code), Period)), None)
    starts = (*_FIRST, *_RANGES) if active else (*_RANGES, _SERVICE_DAY)
    start = next((day for code in starts if (day := _day(found.get(code)))), None)
    end = next((day for code in _LAST if (day := _day(found.get(code)))), None)
    if active:
        whole = span or Period(start, end)
        return whole if not (whole.start and whole.end and whole.end < whole.start) else Period(whole.start, None)
    if end is not None:
        return Period(end + _DAY, None)
    return span or Period(start, None)


def _place(benefits: Iterable[Any]) -> int:
    """The payer's own place: behind as many as are told to pay before it, first where only later ones are told."""
    told = {_PLACES[name.entity] for name in _related(benefits) if name.entity in _PLACES}
    return next((place for place in (1, 2, 3) if place not in told), 0) if told else 0


def _others(benefits: Iterable[Any]) -> tuple[str, ...]:
    names = (f"{name.name or name.id}" for name in _related(benefits) if name.entity in {*_PLACES, "PR"})
    return tuple(dict.fromkeys(name for name in names if name))


def _related(benefits: Iterable[Any]) -> list[Any]:
    """The entities of statements about other payers (EB01 R)."""
    other = [each for each in benefits if each.benefit is not None and each.benefit.information == "R"]
    return [entity.name for each in other for entity in each.related_entities if entity.name is not None]


def _rejections(loop: Loop) -> tuple[str, ...]:
    told = [*loop.validations, *(each for benefit in loop.benefits for each in benefit.validations)]
    return tuple(dict.fromkeys(each.reject_reason for each in told))


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
