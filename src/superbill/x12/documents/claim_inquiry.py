"""Claim status: questions (276) and answers (277) from and to their loops."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, TypeVar

from superbill.claims.model import Person
from superbill.effective import Period
from superbill.findings import Place
from superbill.x12.documents.envelopes import Parts, interchange, refusal
from superbill.x12.documents.parts_read import person
from superbill.x12.documents.parts_write import (
    Unwritable,
    amount,
    in_its_loop,
    inner,
    level,
    named,
    organized,
    over_days,
    reference,
)
from superbill.x12.documents.sets import Sets, documents
from superbill.x12.documents.status_277ca import status_segments
from superbill.x12.inquiry_model import ClaimQuestion, ClaimReply
from superbill.x12.lexer import Source
from superbill.x12.library import compiled
from superbill.x12.model import Envelope, StatusCode, TransactionSet
from superbill.x12.nodes import Node
from superbill.x12.standard.control import BHT
from superbill.x12.standard.parties import DMG, NM1
from superbill.x12.standard.payment import TRN
from superbill.x12.standard.status import STC
from superbill.x12.text import exact
from superbill.x12.tree import Interchange, Loop, Record, Transaction, assemble

Asked = TypeVar("Asked", ClaimQuestion, ClaimReply)
_UNKNOWN = "UNKNOWN"

# --- to -------------------------------------------------------------------------------------------------------------


@in_its_loop
def _named(node: Node, name: NM1) -> Loop:
    return assemble(node, {"name": name})


def _provider(one: ClaimQuestion | ClaimReply) -> NM1:
    someone = one.provider_person if isinstance(one, ClaimQuestion) else None
    if someone is not None:
        return named("1P", someone, "XX", one.provider_npi)
    return organized("1P", one.provider_name or _UNKNOWN, "XX", one.provider_npi)


def _in_common(one: ClaimQuestion | ClaimReply, kind: str) -> Parts:
    return {
        "trace_number": TRN(trace_type=kind, number=exact(one.trace)),
        "payer_claim_control_number": reference("1K", one.payer_control_number),
        "institutional_bill_type": reference("BLT", one.bill_type),
        "patient_control_number": reference("EJ", one.control_number),
        "service_date": over_days("472", one.service),
    }


@in_its_loop
def _question(_node: Node, one: ClaimQuestion) -> Loop:
    return assemble(_node, _in_common(one, "1") | {"charge": amount("T3", one.charge)})


@in_its_loop
def _reply(node: Node, one: ClaimReply) -> Loop:
    first, *more = status_segments(one.statuses, one.effective, "", one.charge)
    told = STC(
        status=first.status,
        date=first.date,
        charge=first.charge,
        paid=one.paid,
        finalized=one.finalized,
        payment_date=one.payment_date,
        trace_number=exact(one.payment_trace),
        second_status=first.second_status,
        third_status=first.third_status,
    )
    return assemble(node, _in_common(one, "2") | {"statuses": [told, *more]})


def _demographics(one: ClaimQuestion | ClaimReply) -> Parts:
    if isinstance(one, ClaimReply):
        return {}
    if one.birth_date is None:
        raise Unwritable("a patient without a birth date can't be asked about")
    gender = one.sex if one.sex in ("F", "M") else ""
    return {"demographics": DMG(date_format="D8", birth_date=one.birth_date, gender=gender)}


Make = Callable[[Node, Any], Loop]


@in_its_loop
def _subscriber(node: Node, some: Sequence[ClaimQuestion | ClaimReply], make: Make, hl: int, above: int) -> Loop:
    """The subscriber, and below him the dependent, whom `some` ask or tell about."""
    one = some[0]
    whose = one.subscriber or Person(_UNKNOWN)
    parts: Parts = {
        "level": level(hl, above, "22", "0" if one.dependent is None else "1"),
        "subscriber_name": _named(inner(node, "subscriber_name"), named("IL", whose, "MI", one.member_id)),
    }
    if one.dependent is None:
        claims = inner(node, "claims")
        return assemble(node, {**parts, **_demographics(one), "claims": [make(claims, each) for each in some]})
    below = inner(node, "dependents")
    claims = inner(below, "claims")
    dependent = {
        "level": level(hl + 1, hl, "23"),
        **_demographics(one),
        "dependent_name": _named(inner(below, "dependent_name"), named("QC", one.dependent)),
        "claims": [make(claims, each) for each in some],
    }
    return assemble(node, {**parts, "dependents": [assemble(below, dependent)]})


def _payer_of(one: ClaimQuestion | ClaimReply) -> tuple[str, str]:
    return one.payer_id, one.payer_name


def _provider_of(one: ClaimQuestion | ClaimReply) -> tuple[str, str]:
    return one.provider_npi, one.provider_name


def _patient_of(one: ClaimQuestion | ClaimReply) -> tuple[str, str, str, str]:
    who = one.dependent or one.subscriber or Person("")
    return one.member_id, who.last, who.first, "" if one.dependent is None else "dependent"


@in_its_loop
def _parts(root: Node, some: Sequence[Asked], make: Make, opening: BHT, asker: tuple[str, str]) -> Parts:
    """One transaction set: everything that is asked of, or told by, one payer."""
    source = inner(root, "information_sources")
    receiver = inner(source, "information_receivers")
    providers = inner(receiver, "providers")
    subscribers = inner(providers, "subscribers")
    hl, made = 3, []
    for _, of_provider in groupby(some, _provider_of):
        mine = list(of_provider)
        at, patients = hl, []
        hl += 1
        for _, of_patient in groupby(mine, _patient_of):
            patient = list(of_patient)
            patients.append(_subscriber(subscribers, patient, make, hl, at))
            hl += 1 if patient[0].dependent is None else 2
        names = _named(inner(providers, "provider_names"), _provider(mine[0]))
        made.append(assemble(providers, {
            "level": level(at, 2, "19", "1"), "provider_names": [names], "subscribers": patients,
        }))  # fmt: skip
    payer = organized("PR", some[0].payer_name or _UNKNOWN, "PI", some[0].payer_id)
    who = organized("41", asker[0], "46", asker[1])
    receivers = assemble(receiver, {
        "level": level(2, 1, "21", "1"),
        "information_receiver_name": _named(inner(receiver, "information_receiver_name"), who),
        "providers": made,
    })  # fmt: skip
    return {
        "beginning": opening,
        "information_sources": [assemble(source, {
            "level": level(1, 0, "20", "1"),
            "payer_name": _named(inner(source, "payer_name"), payer),
            "information_receivers": [receivers],
        })],
    }  # fmt: skip


def _file(
    key: str, make: Make, some: Iterable[Asked], envelope: Envelope, opening: BHT, asker: tuple[str, str]
) -> Interchange:
    def order(one: Asked) -> tuple[tuple[str, ...], ...]:
        return _payer_of(one), _provider_of(one), _patient_of(one), (one.trace,)

    by_payer = groupby(sorted(some, key=order), _payer_of)
    root = compiled(key).root
    try:
        return interchange(key, envelope, (_parts(root, list(found), make, opening, asker) for _, found in by_payer))
    except Unwritable as problem:
        raise refusal("x12.not-writable", f"{problem}.", Place(loop=problem.loop)) from None


def _opening(envelope: Envelope, purpose: str, number: str, kind: str = "") -> BHT:
    return BHT(
        structure="0010",
        purpose=purpose,
        reference=exact(number),
        date=envelope.created.date(),
        time=f"{envelope.created:%H%M}",
        transaction_type=kind,
    )


def questions(some: Iterable[ClaimQuestion], envelope: Envelope, *, asker: tuple[str, str], number: str) -> Interchange:
    """A 276 for each payer; `asker` is our name and submitter id, `number` BHT03. Raises X12WriteError."""
    return _file("276", _question, some, envelope, _opening(envelope, "13", number), asker)


def replies(some: Iterable[ClaimReply], envelope: Envelope, *, asker: tuple[str, str], number: str) -> Interchange:
    """A 277 for each payer, to whoever asked; `number` is the question's BHT03. Raises X12WriteError."""
    return _file("277", _reply, some, envelope, _opening(envelope, "08", number, "DG"), asker)


# --- from -----------------------------------------------------------------------------------------------------------


def _name(loop: Any, *within: str) -> NM1:
    """The NM1 of a loop in a loop, or an empty one."""
    for name in within:
        found = getattr(loop, name, None) if loop is not None else None
        loop = found[0] if isinstance(found, tuple) and found else found or None
    return loop.name if loop is not None and loop.name is not None else NM1()


def _value(claim: Any, name: str) -> str:
    found = getattr(claim, name)
    return found.value if found is not None else ""


def _period(claim: Any) -> Period:
    dates = [claim.service_date] if claim.service_date is not None else [line.service_date for line in claim.lines]
    days = [date.value for date in dates if date is not None]
    spans = [day if isinstance(day, Period) else Period(day, day) for day in days if not isinstance(day, str)]
    starts = [span.start for span in spans if span.start is not None]
    ends = [span.end or span.start for span in spans if span.start is not None]
    return Period(min(starts, default=None), max((end for end in ends if end is not None), default=None))


class _Reader:
    """What both have in common: one document for each claim below a subscriber or dependent."""

    def __init__(self, sets: Sets) -> None:
        self.sets = sets

    def claims(self, record: Record) -> Iterator[tuple[dict[str, Any], Any, Loop]]:
        """The parties of a claim, the claim's loop, and the loop of its patient."""
        unit: Any = record.unit
        payer = _name(record.loop("2000A"), "payer_name")
        provider = _name(record.loop("2000C"), "provider_names")
        member = _name(unit, "subscriber_name")
        parties = {
            "payer_name": payer.name,
            "payer_id": payer.id,
            "provider_name": provider.name,
            "provider_npi": provider.id,
            "subscriber": person(member),
            "member_id": member.id,
        }
        for claim in unit.claims:
            yield parties, claim, unit
        for dependent in unit.dependents:
            who = person(_name(dependent, "dependent_name"))
            for claim in dependent.claims:
                yield {**parties, "dependent": who}, claim, dependent


def _numbers(claim: Any) -> dict[str, Any]:
    return {
        "trace": claim.trace_number.number if claim.trace_number is not None else "",
        "control_number": _value(claim, "patient_control_number"),
        "payer_control_number": _value(claim, "payer_claim_control_number"),
        "bill_type": _value(claim, "institutional_bill_type"),
        "service": _period(claim),
    }


class _Questions(_Reader):
    asker = "", ""

    def unit(self, record: Record) -> list[ClaimQuestion]:
        """The questions about one subscriber's claims and his dependents'."""
        made = []
        who = _name(record.loop("2000B"), "information_receiver_name")
        self.asker = who.name, who.id
        for parties, claim, patient in self.claims(record):
            told: Any = getattr(patient, "demographics", None)
            made.append(
                ClaimQuestion(
                    **parties,
                    **_numbers(claim),
                    birth_date=told.birth_date if told is not None else None,
                    sex=told.gender if told is not None and told.gender in ("F", "M") else None,
                    charge=claim.charge.amount or 0 if claim.charge is not None else 0,
                )
            )
        return made

    def whole(
        self, _transaction: Transaction, units: list[list[ClaimQuestion]]
    ) -> tuple[tuple[str, str], list[ClaimQuestion]]:
        """Who asks, and every question of a transaction set."""
        return self.asker, [one for some in units for one in some]


class _Replies(_Reader):
    def __init__(self, sets: Sets) -> None:
        super().__init__(sets)
        self.refused: list[ClaimReply] = []
        sets.holder_closed = self.closed

    def unit(self, record: Record) -> list[ClaimReply]:
        """The answers about one subscriber's claims and his dependents'."""
        return [
            ClaimReply(**parties, **_numbers(claim), **_told(claim.statuses))
            for parties, claim, _ in self.claims(record)
        ]

    def closed(self, loop: Loop, above: Sequence[Loop]) -> None:
        """A receiver or a provider is complete; one whose question was refused has a status of its own."""
        refused: Any = getattr(loop, _REFUSED_AT[loop.id]) if loop.id in _REFUSED_AT else None
        if refused is not None:
            payer = _name(next((each for each in above if each.id == "2000A"), None), "payer_name")
            number = refused.trace_number.number if refused.trace_number is not None else ""
            told = _told(refused.statuses)
            self.refused.append(ClaimReply(trace=number, payer_name=payer.name, payer_id=payer.id, **told))

    def whole(self, _transaction: Transaction, units: list[list[ClaimReply]]) -> list[ClaimReply]:
        """Every answer of a transaction set, and the refusals of a receiver or a provider as a whole."""
        refused, self.refused = self.refused, []
        return [*(one for some in units for one in some), *refused]


_REFUSED_AT = {"2000B": "receiver_trace", "2000C": "provider_trace"}


def _told(segments: Sequence[STC]) -> dict[str, Any]:
    codes = [StatusCode(each.category, each.code, each.entity) for stc in segments for each in stc.statuses]

    def first(name: str) -> Any:
        return next((value for stc in segments if (value := getattr(stc, name)) not in (None, "")), None)

    return {
        "statuses": tuple(codes),
        "effective": first("date"),
        "charge": first("charge"),
        "paid": first("paid"),
        "finalized": first("finalized"),
        "payment_date": first("payment_date"),
        "payment_trace": first("trace_number") or "",
    }


def read_questions(source: Source) -> Iterator[tuple[TransactionSet, tuple[str, str], list[ClaimQuestion]]]:
    """Every 276 of a file: who asks (name and id), and its questions. Raises X12ReadError."""
    for found, (asker, made) in documents(source, "276", _Questions):
        yield found, asker, made


def read_replies(source: Source) -> Iterator[tuple[TransactionSet, list[ClaimReply]]]:
    """Every 277 of a file with its answers. Raises X12ReadError."""
    yield from documents(source, "277", _Replies)
