"""What a 271 says of each member: who it is, and the statements about the plan that estimates are made of."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from superbill.pricing.eligibility import Statement
from superbill.x12.lexer import Source
from superbill.x12.library import guides_of
from superbill.x12.tree import Loop, Record
from superbill.x12.walk import walk

_TRANSACTION = "271"


class MemberAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One member of a 271, subscriber or dependent. `rejected`: AAA03 codes of an inquiry that was not answered."""

    member_id: str
    last: str
    first: str
    payer: str
    statements: tuple[Statement, ...]
    rejected: tuple[str, ...] = ()


def members(source: Source) -> Iterator[MemberAnswer]:
    """Every member of every 271 of a file, in constant memory. A dependent has the subscriber's member id.

    Raises X12ReadError.
    """
    for each in walk(source, guides_of, units=True):
        if isinstance(each, Record) and each.transaction.header.identifier == _TRANSACTION:
            payer = _payer(each)
            subscriber = each.unit.subscriber_name
            if subscriber is None:
                continue
            own = _member(subscriber, payer, "")
            if own.statements or own.rejected or not each.unit.dependents:
                yield own
            for dependent in each.unit.dependents:
                if dependent.dependent_name is not None:
                    yield _member(dependent.dependent_name, payer, own.member_id)


def _payer(record: Record) -> str:
    source = record.loop("2000A")
    name = source.information_source_name.name if source and source.information_source_name else None
    return name.name if name is not None else ""


def _member(loop: Loop, payer: str, member_id: str) -> MemberAnswer:
    name: Any = loop.name
    benefits = [each.benefit for each in loop.benefits if each.benefit is not None]
    return MemberAnswer(
        member_id=(name.id if name is not None else "") or member_id,
        last=name.name if name is not None else "",
        first=name.first if name is not None else "",
        payer=payer,
        statements=tuple(_statement(each) for each in benefits),
        rejected=tuple(each.reject_reason for each in loop.validations),
    )


def _statement(segment: Any) -> Statement:
    return Statement(
        information=segment.information,
        level=segment.coverage_level,
        services=segment.service_types,
        period=segment.time_period,
        amount=segment.amount,
        percent=segment.percent,
        network=segment.in_network,
        procedure=segment.procedure.code if segment.procedure is not None else "",
    )
