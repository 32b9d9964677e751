"""Eligibility: questions (270) to and from their loops, and answers (271) to theirs.

Answers are read by `coverage_271` and `benefits_271`.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from superbill.claims.model import Person
from superbill.effective import Period
from superbill.findings import Place
from superbill.pricing.eligibility import Statement
from superbill.x12.coverage_model import CoverageQuestion, CoverageReply
from superbill.x12.documents.envelopes import Parts, interchange, refusal
from superbill.x12.documents.parts_read import person
from superbill.x12.documents.parts_write import (
    Unwritable,
    in_its_loop,
    inner,
    level,
    named,
    on_day,
    organized,
    reference,
)
from superbill.x12.lexer import Source
from superbill.x12.library import compiled, guides_of
from superbill.x12.model import Envelope
from superbill.x12.nodes import Node
from superbill.x12.standard.control import BHT
from superbill.x12.standard.eligibility import AAA, EB, EQ, LE, LS
from superbill.x12.standard.parties import DMG, NM1
from superbill.x12.standard.payment import TRN
from superbill.x12.text import exact, plain
from superbill.x12.tree import Interchange, Loop, Record, assemble
from superbill.x12.walk import walk

_FIRST_DAY, _LAST_DAY, _SERVICE = "346", "347", "291"  # plan begin, plan end, plan as asked about


def question_file(some: Iterable[CoverageQuestion], envelope: Envelope, *, number: str) -> Interchange:
    """A 270: a transaction set for each question. Raises X12WriteError."""
    opening = BHT(
        structure="0022",
        purpose="13",
        reference=exact(number),
        date=envelope.created.date(),
        time=f"{envelope.created:%H%M}",
    )
    return _file("270", envelope, [(opening, one, None) for one in some])


def reply_file(some: Iterable[CoverageReply], envelope: Envelope, *, number: str) -> Interchange:
    """A 271: a transaction set for each answer; `number` is the question's BHT03. Raises X12WriteError."""
    opening = BHT(
        structure="0022",
        purpose="11",
        reference=exact(number),
        date=envelope.created.date(),
        time=f"{envelope.created:%H%M}",
    )
    return _file("271", envelope, [(opening, one.question, one) for one in some])


def _file(key: str, envelope: Envelope, some: list[tuple[BHT, CoverageQuestion, CoverageReply | None]]) -> Interchange:
    root = compiled(key).root
    try:
        return interchange(key, envelope, [_parts(root, *one) for one in some])
    except Unwritable as problem:
        raise refusal("x12.not-writable", f"{problem}.", Place(loop=problem.loop)) from None


@in_its_loop
def _parts(root: Node, opening: BHT, one: CoverageQuestion, reply: CoverageReply | None) -> Parts:
    source = inner(root, "information_sources")
    receiver = inner(source, "information_receivers")
    who = organized("1P", one.provider_name, "XX", one.provider_npi)
    receivers = assemble(
        receiver,
        {
            "level": level(2, 1, "21", "1"),
            "information_receiver_name": _named(inner(receiver, "information_receiver_name"), who),
            "subscribers": [_subscriber(inner(receiver, "subscribers"), one, reply)],
        },
    )
    payer = organized("PR", one.payer_name, "PI", one.payer_id)
    parts = {
        "level": level(1, 0, "20", "1"),
        "information_source_name": _named(inner(source, "information_source_name"), payer),
        "information_receivers": [receivers],
    }
    return {"beginning": opening, "information_sources": [assemble(source, parts)]}


@in_its_loop
def _named(node: Node, name: NM1) -> Loop:
    return assemble(node, {"name": name})


@in_its_loop
def _subscriber(node: Node, one: CoverageQuestion, reply: CoverageReply | None) -> Loop:
    named_loop = inner(node, "subscriber_name")
    own = one.dependent is None
    traces = _traces(one, reply)
    about: Parts = {"name": named("IL", one.subscriber, "MI", one.member_id)}
    if one.group_number:
        about["additional_ids"] = [reference("6P", one.group_number)]
    if own:
        about |= _about(named_loop, one, reply)
    parts: Parts = {
        "level": level(3, 2, "22", "0" if own else "1"),
        **({"trace_numbers": traces} if own else {}),
        "subscriber_name": assemble(named_loop, about),
    }
    if one.dependent is not None:
        below = inner(node, "dependents")
        place = inner(below, "dependent_name")
        told: Parts = {"name": named("03", one.dependent), **_about(place, one, reply)}
        parts["dependents"] = [
            assemble(
                below,
                {"level": level(4, 3, "23", "0"), "trace_numbers": traces, "dependent_name": assemble(place, told)},
            )
        ]
    return assemble(node, parts)


def _traces(one: CoverageQuestion, reply: CoverageReply | None) -> list[TRN]:
    # TRN03 of a trace is who gave it, ten characters that begin with 9 where it is no TIN.
    return [TRN(trace_type="2" if reply else "1", number=exact(one.trace), originator=f"9{one.provider_npi[-9:]:>09}")]


def _about(node: Node, one: CoverageQuestion, reply: CoverageReply | None) -> Parts:
    gender = one.sex if one.sex in ("F", "M") else ""
    born = DMG(date_format="D8", birth_date=one.birth_date, gender=gender) if one.birth_date else None
    if born is None and gender:
        born = DMG(gender=gender)
    if reply is None:
        inquiries = [assemble(inner(node, "inquiries"), {"inquiry": EQ(service_types=one.services)})]
        dates = on_day(_SERVICE, one.on)
        return {"demographics": born, "dates": [dates] if dates else [], "inquiries": inquiries}
    if reply.rejected:
        refused = AAA(valid="Y", reject_reason=exact(reply.rejected), follow_up="C")
        return {"demographics": born, "validations": [refused]}
    return {"demographics": born, "dates": _days(reply.period), "benefits": list(_benefits(node, reply))}


def _days(period: Period) -> list[Any]:
    days = (on_day(_FIRST_DAY, period.start), on_day(_LAST_DAY, period.end))
    return [day for day in days if day is not None]


def _benefits(node: Node, reply: CoverageReply) -> Iterator[Loop]:
    place = inner(node, "benefits")
    for number, one in enumerate(reply.statements):
        yield assemble(place, {"benefit": _statement(one, reply.plan if number == 0 else "")})
    if reply.pays_before:
        entity = _named(inner(place, "related_entities"), organized("PRP", reply.pays_before))
        yield assemble(
            place,
            {
                "benefit": EB(information="R", service_types=("30",)),
                "related_entities_start": LS(loop="2120"),
                "related_entities": [entity],
                "related_entities_end": LE(loop="2120"),
            },
        )


def _statement(one: Statement, plan: str) -> EB:
    return EB(
        information=one.information,
        coverage_level=one.level,
        service_types=one.services,
        plan_description=plain(plan),
        time_period=one.period,
        amount=one.amount,
        percent=one.percent,
        in_network=one.network,
    )


def read_questions(source: Source) -> Iterator[tuple[str, CoverageQuestion]]:
    """Every question of every 270 of a file, with the number (BHT03) under which it was asked. Raises X12ReadError."""
    for each in walk(source, guides_of, units=True):
        if isinstance(each, Record) and each.transaction.header.identifier == "270":
            begun: Any = each.above[0].beginning
            yield begun.reference if begun is not None else "", _question(each)


def _question(record: Record) -> CoverageQuestion:
    unit: Any = record.unit
    payer, provider = (
        _name(record.loop("2000A"), "information_source_name"),
        _name(record.loop("2000B"), "information_receiver_name"),
    )
    member = _name(unit, "subscriber_name")
    patient = unit.dependents[0] if unit.dependents else unit
    about: Any = patient.dependent_name if unit.dependents else unit.subscriber_name
    born: Any = about.demographics if about is not None else None
    day = next((each.value for each in about.dates if each.qualifier == _SERVICE), None) if about is not None else None
    asked = tuple(code for each in about.inquiries for code in each.inquiry.service_types) if about is not None else ()
    ids: Any = unit.subscriber_name.additional_ids if unit.subscriber_name is not None else ()
    return CoverageQuestion(
        trace=next((each.number for each in patient.trace_numbers), ""),
        payer_name=payer.name,
        payer_id=payer.id,
        provider_name=provider.name,
        provider_npi=provider.id,
        subscriber=person(member) or Person(""),
        member_id=member.id,
        dependent=person(about.name) if unit.dependents and about is not None and about.name is not None else None,
        birth_date=born.birth_date if born is not None and not isinstance(born.birth_date, str | Period) else None,
        sex=born.gender if born is not None and born.gender in ("F", "M") else None,
        group_number=next((each.value for each in ids if each.qualifier == "6P"), ""),
        on=day.start if isinstance(day, Period) else day if not isinstance(day, str) else None,
        services=asked or ("30",),
    )


def _name(loop: Any, within: str) -> NM1:
    found = getattr(loop, within, None) if loop is not None else None
    return found.name if found is not None and found.name is not None else NM1()
