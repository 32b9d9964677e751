"""What a 278 response decides of each patient event: the number, for which services, days and provider.

005010X217: HCR of loop 2000E decides an event, HCR of 2000F a service of it. A decision on the event holds for those
of its services that have none of their own.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from superbill.effective import Period
from superbill.x12.lexer import Source
from superbill.x12.library import guides_of
from superbill.x12.tree import Loop, Record
from superbill.x12.walk import walk

_GUIDE = "278-response"
_REFERRAL = "SC"  # UM01, specialty care review
CERTIFIED = frozenset({"A1", "A2", "A6"})  # HCR01: in total, in part, modified
CANCELLED = "C"
_PARTIAL = "A2"  # some of the services, each of which says so


class Decision(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One number and what it is for. `action` is HCR01; `reasons` HCR03; `referral` a review of specialty care (SC).

    `codes`: the services, none where it is for any; `units` None: not counted. `rejected`: AAA03 of a request that was
    not reviewed.
    """

    payer: str
    payer_id: str
    member_id: str
    last: str
    first: str
    birth_date: date | None
    referral: bool = False
    action: str = ""
    number: str = ""
    reasons: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    period: Period = Period()
    units: Decimal | None = None
    provider_npi: str = ""
    rejected: tuple[str, ...] = ()


class _Said(Struct, frozen=True):
    """What an event or a service says: the key of a decision, and what it adds to it."""

    action: str
    number: str
    reasons: tuple[str, ...]
    codes: tuple[str, ...]
    period: Period
    units: Decimal | None
    provider: str


def decisions(source: Source) -> Iterator[Decision]:
    """Every decision of every 278 response of a file, in constant memory. Raises X12ReadError."""
    for each in walk(source, guides_of, units=True):
        if not isinstance(each, Record) or each.transaction.compiled.guide.key != _GUIDE:
            continue
        payer = _payer(each)
        subscriber = each.unit.subscriber_name
        member_id = subscriber.name.id if subscriber is not None and subscriber.name is not None else ""
        dependent = each.unit.dependent
        person = dependent.dependent_name if dependent is not None else subscriber
        events = dependent.patient_events if dependent is not None else each.unit.patient_events
        who = _person(person, member_id, payer)
        told = tuple(one.reject_reason for loop in (subscriber, person) if loop is not None for one in loop.validations)
        if told and not events:
            yield Decision(**who, rejected=tuple(dict.fromkeys(told)))
        for event in events:
            yield from _of_event(event, who)


def _payer(record: Record) -> tuple[str, str]:
    umo = record.loop("2000A")
    name: Any = umo.umo_name.name if umo is not None and umo.umo_name is not None else None
    return (name.name, name.id) if name is not None else ("", "")


def _person(person: Any, member_id: str, payer: tuple[str, str]) -> dict[str, Any]:
    name = person.name if person is not None else None
    born = person.demographics.birth_date if person is not None and person.demographics is not None else None
    return {
        "payer": payer[0],
        "payer_id": payer[1],
        "member_id": member_id,
        "last": name.name if name is not None else "",
        "first": name.first if name is not None else "",
        "birth_date": born if isinstance(born, date) else None,
    }


def _of_event(event: Loop, who: dict[str, Any]) -> Iterator[Decision]:
    """The decisions on an event and its services, those under one number together."""
    whole = _said(event, None)
    referral = event.review is not None and event.review.category == _REFERRAL
    by_number: dict[tuple[str, str], list[_Said]] = {}
    for service in event.services:
        said = _said(service, whole)
        by_number.setdefault((said.number, said.action), []).append(said)
    inherited = whole.number, whole.action
    if whole.action and whole.action != _PARTIAL and inherited not in by_number:
        by_number[inherited] = [whole]
    for (number, action), parts in by_number.items():
        if not (number or action):
            continue
        counts = [part.units for part in parts if part.units is not None]
        yield Decision(
            **who,
            referral=referral,
            action=action,
            number=number,
            reasons=tuple(dict.fromkeys(reason for part in parts for reason in part.reasons)),
            codes=tuple(dict.fromkeys(code for part in parts for code in part.codes)),
            period=_around([part.period for part in parts]),
            units=sum(counts, Decimal(0)) if len(counts) == len(parts) else None if counts else whole.units,
            provider_npi=next((part.provider for part in parts if part.provider), ""),
        )
    rejected = tuple(dict.fromkeys(one.reject_reason for loop in (event, *event.services) for one in loop.validations))
    if rejected:
        yield Decision(**who, referral=referral, rejected=rejected)


def _said(loop: Any, event: _Said | None) -> _Said:
    """What a service says, with the event where it is silent; of an event (`event` None) what it says itself."""
    decision = loop.decision
    own = decision is not None
    period, units, codes = _period(loop), _units(loop), _codes(loop) if event is not None else ()
    providers = loop.service_providers if event is not None else loop.event_providers
    named = [one.name.id for one in providers if one.name is not None and one.name.id_qualifier == "XX"]
    return _Said(
        action=decision.action if own else event.action if event else "",
        number=(decision.review_number if own else "") or (event.number if event else ""),
        reasons=decision.reasons if own else event.reasons if event else (),
        codes=codes,
        period=period if period != Period() or event is None else event.period,
        units=units,
        provider=named[0] if len(named) == 1 else event.provider if event else "",
    )


def _codes(service: Any) -> tuple[str, ...]:
    for segment in (service.professional_service, service.institutional_service, service.dental_service):
        procedure = segment.procedure if segment is not None else None
        if procedure is not None and procedure.code:
            return (f"{procedure.code}-{procedure.last_code}" if procedure.last_code else procedure.code,)
    return ()


def _units(loop: Any) -> Decimal | None:
    """The quantity of the service line, else that of HSD where visits or units are counted without a frequency."""
    for name in ("professional_service", "institutional_service", "dental_service"):
        segment = getattr(loop, name) if loop.id == "2000F" else None
        if segment is not None and segment.quantity is not None:
            return Decimal(segment.quantity)
    delivery = loop.delivery
    if delivery is None or delivery.quantity is None or delivery.qualifier not in {"VS", "FL"} or delivery.unit:
        return None
    return Decimal(delivery.quantity)


def _period(loop: Any) -> Period:
    """The days for which a decision holds: certified ones before those that were asked for."""
    asked = (loop.event_date, loop.admission_date) if loop.id == "2000E" else (loop.service_date,)
    for segment in (loop.certification_effective_date, *asked):
        if segment is not None and segment.value is not None:
            value = segment.value
            expires = loop.certification_expiration_date.value if loop.certification_expiration_date else None
            if isinstance(value, Period):
                return value
            if isinstance(value, date):
                return Period(value, expires if isinstance(expires, date) else _only(segment, loop, value))
    return Period()


def _only(segment: Any, loop: Any, day: date) -> date | None:
    """An effective day without an end is the first of an open period; a day that was asked for stands alone."""
    return None if segment is loop.certification_effective_date else day


def _around(periods: list[Period]) -> Period:
    """From the first to the last day of all; open where one is."""
    starts, ends = [one.start for one in periods], [one.end for one in periods]
    start = None if None in starts else min(day for day in starts if day)
    return Period(start, None if None in ends else max(day for day in ends if day))
