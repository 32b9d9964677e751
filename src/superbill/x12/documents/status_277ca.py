"""277CAs from and to their loops. Counts and sums of accepted and rejected claims are made here, never stored."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate, groupby

from superbill.claims.model import Procedure
from superbill.effective import Period
from superbill.findings import Place
from superbill.money import Cents
from superbill.x12.documents import fold
from superbill.x12.documents.envelopes import Parts, interchange, refusal
from superbill.x12.documents.fold import Notes, Table, Values, each, inside, nothing, text
from superbill.x12.documents.parts_read import person, procedure
from superbill.x12.documents.parts_write import (
    Unwritable,
    amount,
    in_its_loop,
    inner,
    level,
    named,
    on_day,
    organized,
    over_days,
    reference,
)
from superbill.x12.documents.parts_write import procedure as procedure_of
from superbill.x12.documents.sets import Sets, documents
from superbill.x12.lexer import Source
from superbill.x12.library import compiled
from superbill.x12.model import (
    ClaimAcknowledgement,
    ClaimStatus,
    Envelope,
    LineStatus,
    StatusCode,
    TransactionSet,
)
from superbill.x12.nodes import Node
from superbill.x12.standard.composites import C043
from superbill.x12.standard.control import BHT
from superbill.x12.standard.parties import NM1, QTY
from superbill.x12.standard.payment import TRN
from superbill.x12.standard.service import SVC
from superbill.x12.standard.status import STC
from superbill.x12.text import exact
from superbill.x12.tree import Interchange, Loop, Record, Transaction, assemble

_RECEIVED = StatusCode("A1", "19", "PR")
_STATUSES_PER_STC = 3
_NO_NUMBER = "0"
_NO_PROVIDER = "UNKNOWN"
_EMPTY: Values = {}


# --- from -----------------------------------------------------------------------------------------------------------


@lru_cache(1 << 10)
def _status(found: C043) -> StatusCode:
    return StatusCode(found.category, found.code, found.entity)


def _statuses(segment: STC, v: Values, _notes: Notes) -> None:
    """What all STCs of a loop say; date, action and charge of the first that has them."""
    v["statuses"] += map(_status, segment.statuses)
    v["accepted"] = v.get("accepted", False) or segment.action == "WQ"
    for field, value in (("effective", segment.date), ("charge", segment.charge)):
        if value is not None:
            v.setdefault(field, value)


def _service(segment: SVC, v: Values, _notes: Notes) -> None:
    v["procedure"] = Procedure("") if segment.procedure is None else procedure(segment.procedure)
    v["charge"], v["revenue_code"] = segment.charge or 0, segment.revenue_code
    v["units"] = segment.submitted_quantity


def _line_statuses(segment: STC, v: Values, _notes: Notes) -> None:
    v["statuses"] += map(_status, segment.statuses)


_LINE = Table(
    service=_service,
    statuses=_line_statuses,
    line_item_control_number=text("control_number"),
    service_date=fold.period,
)


def _line(loop: Loop, notes: Notes) -> LineStatus:
    v = _LINE.fold(loop, notes, {"statuses": []})
    return LineStatus(**v | {"statuses": tuple(v["statuses"])})


_CLAIM = Table(
    trace=text("control_number", "number"),
    statuses=_statuses,
    payer_claim_control_number=text("payer_control_number"),
    bill_type=text("bill_type"),
    service_date=fold.period,
    lines=each("lines", _line),
)


def _name(segment: NM1, v: Values, _notes: Notes) -> None:
    v["name"] = segment


_NAME = Table(name=_name)
_TRACE = Table(
    trace=text("number", "number"),
    statuses=nothing,
    accepted_quantity=nothing,
    rejected_quantity=nothing,
    accepted_amount=nothing,
    rejected_amount=nothing,
    received_date=fold.day("received"),
    processed_date=fold.day("processed"),
)
_PATIENT = Table(level=nothing, patient_name=inside("name", _NAME))
_LEVEL = Table(
    level=nothing,
    source_name=inside("name", _NAME),
    receiver_name=inside("name", _NAME),
    provider_names=inside("name", _NAME),
    receipt=inside("trace", _TRACE),
    batch=inside("trace", _TRACE),
    provider_acknowledgement=inside("trace", _TRACE),
)
_SOURCE, _RECEIVER, _PROVIDER = 1, 2, 3  # depths of the levels above the patient's


def _nm1(v: Values) -> NM1:
    found: NM1 = v.get("name", {}).get("name", NM1())
    return found


_Row = tuple[Values, ...]  # what source, receiver and provider say, as far as it is known


class _Acknowledgements:
    """Makes the acknowledgements of each 277CA: one for each billing provider, one for a batch that names none."""

    def __init__(self, sets: Sets) -> None:
        self.sets = sets
        self.patient: Loop | None = None
        self.name = NM1()
        self.claims: list[ClaimStatus] = []
        self.complete: dict[int, list[_Row]] = {_SOURCE: [], _RECEIVER: [], _PROVIDER: []}
        sets.holder_closed = self.closed

    def unit(self, record: Record) -> None:
        """One claim, kept until its provider is complete."""
        if record.above[-1] is not self.patient:
            self.patient = record.above[-1]
            self.name = _nm1(_PATIENT.fold(self.patient, self.sets.above(self.patient), {}))
        notes = self.sets.notes.at(record.unit, record.position)
        v = _CLAIM.fold(record.unit, notes, {"control_number": "", "statuses": [], "lines": []})
        made = ClaimStatus(
            control_number=v["control_number"],
            patient=person(self.name),
            member_id=self.name.id,
            action="WQ" if v.get("accepted") else "U",
            statuses=tuple(v["statuses"]),
            charge=v.get("charge", 0),
            payer_control_number=v.get("payer_control_number", ""),
            bill_type=v.get("bill_type", ""),
            service=v.get("service", Period()),
            effective=v.get("effective"),
            lines=tuple(v["lines"]),
        )
        self.claims.append(made)

    def closed(self, loop: Loop, _above: Sequence[Loop]) -> None:
        """A level is complete: with the rows of those below it, or as one that has none."""
        depth = loop.node.depth
        if depth not in self.complete:
            return
        v = _LEVEL.fold(loop, self.sets.above(loop), {})
        if depth == _PROVIDER:
            v["claims"], self.claims = tuple(self.claims), []
        below = self.complete.get(depth + 1, [])
        self.complete[depth] += [(v, *row) for row in below or [()]]
        below.clear()

    def whole(self, transaction: Transaction, _units: list[None]) -> list[ClaimAcknowledgement]:
        """The acknowledgements of a transaction set."""
        rows, self.complete[_SOURCE] = self.complete[_SOURCE] or [()], []
        beginning: BHT | None = transaction.root.beginning
        reference = "" if beginning is None else beginning.reference
        return [_acknowledgement(reference, *row) for row in rows]


def _acknowledgement(
    reference: str, source: Values = _EMPTY, receiver: Values = _EMPTY, provider: Values = _EMPTY
) -> ClaimAcknowledgement:
    receipt = source.get("trace", _EMPTY)
    from_, to, who = _nm1(source), _nm1(receiver), _nm1(provider)
    return ClaimAcknowledgement(
        source_name=from_.name,
        source_id=from_.id,
        receiver_name=to.name,
        receiver_id=to.id,
        provider_name=who.name,
        provider_npi=who.id if who.id_qualifier == "XX" else "",
        provider_tin=who.id if who.id_qualifier == "FI" else "",
        reference=receipt.get("number", "") or reference,
        batch_reference=receiver.get("trace", _EMPTY).get("number", ""),
        received=receipt.get("received") or date.min,
        processed=receipt.get("processed") or date.min,
        claims=provider.get("claims", ()),
    )


def acknowledgements(source: Source) -> Iterator[tuple[TransactionSet, ClaimAcknowledgement]]:
    """Every 277CA of a file, once for each billing provider in it. Raises X12ReadError."""
    for found, made in documents(source, "277CA", _Acknowledgements):
        for each_provider in made:
            yield found, each_provider


# --- to -------------------------------------------------------------------------------------------------------------


def status_segments(statuses: Sequence[StatusCode], when: date | None, action: str, charge: Cents | None) -> list[STC]:
    """STC segments, three statuses in each."""
    made = []
    for start in range(0, len(statuses), _STATUSES_PER_STC):
        codes = [
            C043(exact(each.category), exact(each.status), exact(each.entity))
            for each in statuses[start : start + _STATUSES_PER_STC]
        ]
        first, second, third, *_ = (*codes, None, None)
        made.append(
            STC(status=first, date=when, action=action, charge=charge, second_status=second, third_status=third)
        )
    return made


@in_its_loop
def _line_loop(node: Node, line: LineStatus, when: date) -> Loop:
    return assemble(node, {
        "service": SVC(
            procedure=procedure_of(line.procedure),
            charge=line.charge,
            revenue_code=exact(line.revenue_code),
            submitted_quantity=line.units,
        ),
        "statuses": status_segments(line.statuses, when, "U", None),
        "line_item_control_number": reference("FJ", line.control_number),
        "service_date": None if line.service.start is None else over_days("472", line.service),
    })  # fmt: skip


@in_its_loop
def _claim_loop(node: Node, claim: ClaimStatus, processed: date) -> Loop:
    when = claim.effective or processed
    lines = inner(node, "lines")
    return assemble(node, {
        "trace": TRN(trace_type="2", number=exact(claim.control_number)),
        "statuses": status_segments(claim.statuses, when, exact(claim.action), claim.charge),
        "payer_claim_control_number": reference("1K", claim.payer_control_number),
        "bill_type": reference("BLT", claim.bill_type),
        "service_date": over_days("472", claim.service),
        "lines": [_line_loop(lines, line, when) for line in claim.lines],
    })  # fmt: skip


@in_its_loop
def _patient_loop(node: Node, claim: ClaimStatus, hl: int, parent: int, processed: date) -> Loop:
    """A patient level for each claim."""
    name = named("QC", claim.patient, "MI", claim.member_id)
    return assemble(node, {
        "level": level(hl, parent, "PT"),
        "patient_name": assemble(inner(node, "patient_name"), {"name": name}),
        "claims": _claim_loop(inner(node, "claims"), claim, processed),
    })  # fmt: skip


def _totals(claims: Sequence[ClaimStatus], accepted_as: str, rejected_as: str) -> Parts:
    parts: Parts = {}
    for name, action, count_as, sum_as in (
        ("accepted", "WQ", accepted_as, "YU"),
        ("rejected", "U", rejected_as, "YY"),
    ):
        charges = [claim.charge for claim in claims if claim.action == action]
        if charges:
            parts[f"{name}_quantity"] = QTY(qualifier=count_as, quantity=Decimal(len(charges)))
            parts[f"{name}_amount"] = amount(sum_as, sum(charges))
    return parts


def _provider_name(ack: ClaimAcknowledgement) -> NM1:
    """The billing provider by his NPI, else by his tax number, else by no number that anyone knows."""
    if ack.provider_npi:
        return organized("85", ack.provider_name, "XX", ack.provider_npi)
    if ack.provider_tin:
        return organized("85", ack.provider_name, "FI", ack.provider_tin)
    return organized("85", ack.provider_name, "SV", _NO_PROVIDER)


@in_its_loop
def _provider_loop(node: Node, ack: ClaimAcknowledgement, hl: int) -> Loop:
    patients, summary = inner(node, "patients"), inner(node, "provider_acknowledgement")
    total = sum(claim.charge for claim in ack.claims)
    return assemble(node, {
        "level": level(hl, _RECEIVER, "19", "1" if ack.claims else "0"),
        "provider_names": assemble(inner(node, "provider_names"), {"name": _provider_name(ack)}),
        "provider_acknowledgement": assemble(summary, {
            "trace": TRN(trace_type="1", number=_NO_NUMBER),
            "statuses": status_segments([_RECEIVED], None, "WQ", total),
            **_totals(ack.claims, "QA", "QC"),
        }),
        "patients": [
            _patient_loop(patients, claim, number, hl, ack.processed) for number, claim in enumerate(ack.claims, hl + 1)
        ],
    })  # fmt: skip


@in_its_loop
def _receiver_loop(node: Node, acks: Sequence[ClaimAcknowledgement]) -> Loop:
    ack, providers = acks[0], inner(node, "providers")
    claims = [claim for each_provider in acks for claim in each_provider.claims]
    starts = accumulate((1 + len(each_provider.claims) for each_provider in acks), initial=_PROVIDER)
    return assemble(node, {
        "level": level(_RECEIVER, _SOURCE, "21", "1"),
        "receiver_name": assemble(
            inner(node, "receiver_name"), {"name": organized("41", ack.receiver_name, "46", ack.receiver_id)}
        ),
        "batch": assemble(inner(node, "batch"), {
            "trace": TRN(trace_type="2", number=exact(ack.batch_reference)),
            "statuses": status_segments([_RECEIVED], ack.processed, "WQ", sum(claim.charge for claim in claims)),
            **_totals(claims, "90", "AA"),
        }),
        "providers": [_provider_loop(providers, *each_provider) for each_provider in zip(acks, starts, strict=False)],
    })  # fmt: skip


@in_its_loop
def _source_loop(node: Node, acks: Sequence[ClaimAcknowledgement]) -> Loop:
    ack = acks[0]
    receipt = assemble(inner(node, "receipt"), {
        "trace": TRN(trace_type="1", number=exact(ack.reference)),
        "received_date": on_day("050", ack.received),
        "processed_date": on_day("009", ack.processed),
    })  # fmt: skip
    return assemble(node, {
        "level": level(_SOURCE, 0, "20", "1"),
        "source_name": assemble(
            inner(node, "source_name"), {"name": organized("PR", ack.source_name, "PI", ack.source_id)}
        ),
        "receipt": receipt,
        "information_receiver": _receiver_loop(inner(node, "information_receiver"), acks),
    })  # fmt: skip


@in_its_loop
def _parts(root: Node, acks: Sequence[ClaimAcknowledgement], envelope: Envelope) -> Parts:
    """The parts of a whole 277CA: source, receiver, providers, in each of them a patient level for each claim."""
    return {
        "beginning": BHT(
            structure="0085",
            purpose="08",
            reference=exact(acks[0].reference),
            date=envelope.created.date(),
            time=f"{envelope.created:%H%M}",
            transaction_type="TH",
        ),
        "information_source": _source_loop(inner(root, "information_source"), acks),
    }


def _batch(ack: ClaimAcknowledgement) -> tuple[str, str, str, str]:
    return ack.reference, ack.batch_reference, ack.source_id, ack.receiver_id


def answers(acks: Iterable[ClaimAcknowledgement], envelope: Envelope) -> Interchange:
    """A 277CA for each batch: neighbours that answer one batch under one reference are its billing providers.

    Raises X12WriteError for an acknowledgement that can't be carried.
    """
    root = compiled("277CA").root
    try:
        return interchange(
            "277CA", envelope, (_parts(root, list(found), envelope) for _, found in groupby(acks, _batch))
        )
    except Unwritable as problem:
        raise refusal("x12.not-writable", f"{problem}.", Place(loop=problem.loop)) from None
