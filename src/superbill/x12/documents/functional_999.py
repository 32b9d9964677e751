"""999s from and to their loops."""

from collections.abc import Iterable, Iterator
from typing import Any

from superbill.findings import Place
from superbill.x12.documents.envelopes import Parts, interchange, refusal
from superbill.x12.documents.fold import Notes, Table, Values, each, nothing
from superbill.x12.documents.parts_write import Unwritable, in_its_loop, inner
from superbill.x12.documents.sets import Sets, documents
from superbill.x12.lexer import Source
from superbill.x12.library import compiled
from superbill.x12.model import (
    BusinessUnit,
    ElementError,
    Envelope,
    FunctionalAcknowledgement,
    SegmentError,
    SituationalTrigger,
    TransactionSet,
    TransactionSetResponse,
)
from superbill.x12.nodes import Node
from superbill.x12.standard.acknowledgement import AK1, AK2, AK9, CTX, IK3, IK4, IK5
from superbill.x12.standard.composites import C030, C998
from superbill.x12.text import exact, plain
from superbill.x12.tree import Interchange, Loop, Record, Transaction, assemble

_MOST_CODES = 5  # of one IK5 or AK9
_TRIGGER = "SITUATIONAL TRIGGER"


# --- from -----------------------------------------------------------------------------------------------------------


def _ik4(segment: IK4, v: Values, _notes: Notes) -> None:
    place = segment.place or C030()
    v["position"] = place.element or 0
    v["component"] = place.component
    v["data_element"] = segment.element
    v["code"] = segment.error
    v["value"] = segment.value


def _ik3(segment: IK3, v: Values, _notes: Notes) -> None:
    v["segment"] = segment.segment
    v["position"] = segment.position or 0
    v["loop"] = segment.loop
    v["code"] = segment.error


def _trigger(segment: CTX, v: Values, _notes: Notes) -> None:
    place = segment.place or C030()
    found = SituationalTrigger(
        segment=segment.segment,
        position=segment.position or 0,
        loop=segment.loop,
        element=place.element,
        component=place.component,
    )
    v["triggers"] = (*v.get("triggers", ()), found)


def _business_unit(segment: CTX, v: Values, _notes: Notes) -> None:
    for found in segment.contexts[:1]:
        v["business_unit"] = BusinessUnit(found.name, found.reference)


def _ak2(segment: AK2, v: Values, _notes: Notes) -> None:
    v["identifier"], v["control_number"], v["version"] = segment.identifier, segment.control_number, segment.version


def _ik5(segment: IK5, v: Values, _notes: Notes) -> None:
    v["code"] = segment.acknowledgment or "R"
    v["syntax_codes"] = segment.errors


def _ak1(segment: AK1, v: Values, _notes: Notes) -> None:
    v["functional_id"], v["version"] = segment.functional_id, segment.version
    v["group_control_number"] = segment.control_number


def _ak9(segment: AK9, v: Values, _notes: Notes) -> None:
    v["code"] = segment.acknowledgment or "R"
    v["included"] = segment.transactions or 0
    v["received"] = segment.received or 0
    v["accepted"] = segment.accepted or 0
    v["syntax_codes"] = segment.errors


_ELEMENT = Table(element_error=_ik4, situational_triggers=_trigger)


def _element(loop: Loop, notes: Notes) -> ElementError:
    return ElementError(**_ELEMENT.fold(loop, notes, {}))


_SEGMENT = Table(
    segment_error=_ik3,
    situational_triggers=_trigger,
    business_unit=_business_unit,
    element_errors=each("elements", _element),
)


def _segment(loop: Loop, notes: Notes) -> SegmentError:
    v = _SEGMENT.fold(loop, notes, {"elements": []})
    return SegmentError(**v | {"elements": tuple(v["elements"])})


_RESPONSE = Table(transaction_set=_ak2, segment_errors=each("errors", _segment), result=_ik5)
_ROOT = Table(header=nothing, group=_ak1, result=_ak9, trailer=nothing)
_NO_ANSWER: Values = {
    "functional_id": "",
    "group_control_number": "",
    "version": "",
    "code": "R",
    "included": 0,
    "received": 0,
    "accepted": 0,
}


class _Acknowledgements:
    """Makes an acknowledgement of each 999."""

    def __init__(self, sets: Sets) -> None:
        self.sets = sets

    def unit(self, record: Record) -> TransactionSetResponse:
        """The answer to one transaction set."""
        notes = self.sets.notes.at(record.unit, record.position)
        v: dict[str, Any] = _RESPONSE.fold(record.unit, notes, {"code": "R", "errors": []})
        return TransactionSetResponse(**v | {"errors": tuple(v["errors"])})

    def whole(self, transaction: Transaction, units: list[TransactionSetResponse]) -> FunctionalAcknowledgement:
        """The answer to a group."""
        v: dict[str, Any] = _ROOT.fold(transaction.root, self.sets.above(transaction.root), _NO_ANSWER.copy())
        return FunctionalAcknowledgement(responses=tuple(units), **v)


def acknowledgements(source: Source) -> Iterator[tuple[TransactionSet, FunctionalAcknowledgement]]:
    """Every 999 of a file. Raises X12ReadError."""
    return documents(source, "999", _Acknowledgements)


# --- to -------------------------------------------------------------------------------------------------------------


def _situations(triggers: tuple[SituationalTrigger, ...]) -> list[CTX]:
    return [
        CTX(
            contexts=(C998(_TRIGGER),),
            segment=exact(one.segment),
            position=one.position,
            loop=exact(one.loop),
            place=None if one.element is None else C030(one.element, one.component),
        )
        for one in triggers
    ]


@in_its_loop
def _element_loop(node: Node, found: ElementError) -> Loop:
    place = C030(found.position, found.component)
    error = IK4(place=place, element=found.data_element, error=exact(found.code), value=plain(found.value))
    return assemble(node, {"element_error": error, "situational_triggers": _situations(found.triggers)})


def _context(unit: BusinessUnit | None) -> CTX | None:
    return None if unit is None else CTX(contexts=(C998(unit.kind, exact(unit.number)),))


@in_its_loop
def _segment_loop(node: Node, found: SegmentError) -> Loop:
    elements = inner(node, "element_errors")
    return assemble(node, {
        "segment_error": IK3(
            segment=exact(found.segment), position=found.position, loop=exact(found.loop), error=exact(found.code)
        ),
        "situational_triggers": _situations(found.triggers),
        "business_unit": _context(found.business_unit),
        "element_errors": [_element_loop(elements, one) for one in found.elements],
    })  # fmt: skip


@in_its_loop
def _response_loop(node: Node, found: TransactionSetResponse) -> Loop:
    errors = inner(node, "segment_errors")
    return assemble(node, {
        "transaction_set": AK2(
            identifier=exact(found.identifier),
            control_number=exact(found.control_number),
            version=exact(found.version),
        ),
        "segment_errors": [_segment_loop(errors, one) for one in found.errors],
        "result": IK5("", exact(found.code), *map(exact, found.syntax_codes[:_MOST_CODES])),
    })  # fmt: skip


@in_its_loop
def _parts(root: Node, found: FunctionalAcknowledgement) -> Parts:
    """The parts of a whole 999."""
    responses = inner(root, "responses")
    return {
        "group": AK1(
            functional_id=exact(found.functional_id),
            control_number=exact(found.group_control_number),
            version=exact(found.version),
        ),
        "responses": [_response_loop(responses, one) for one in found.responses],
        "result": AK9(
            "", exact(found.code), found.included, found.received, found.accepted,
            *map(exact, found.syntax_codes[:_MOST_CODES]),
        ),
    }  # fmt: skip


def answers(acks: Iterable[FunctionalAcknowledgement], envelope: Envelope) -> Interchange:
    """A 999 for each acknowledgement. Raises X12WriteError for one that can't be carried."""
    root = compiled("999").root
    try:
        return interchange("999", envelope, (_parts(root, found) for found in acks))
    except Unwritable as problem:
        raise refusal("x12.not-writable", f"{problem}.", Place(loop=problem.loop)) from None
