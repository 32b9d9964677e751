"""999s from and to their loops."""

from superbill.x12.documents.claim_to import put
from superbill.x12.grammar import Values
from superbill.x12.model import ElementError, FunctionalAcknowledgement, SegmentError, TransactionSetResponse


def _element(v: Values) -> ElementError:
    place = [*v.get("place", ("0",)), ""]
    return ElementError(
        position=int(place[0]) if place[0].isdecimal() else 0,
        component=int(place[1]) if place[1].isdecimal() else None,
        code=v.get("code", ""),
        value=v.get("value", ""),
    )


def _segment(v: Values) -> SegmentError:
    return SegmentError(
        segment=v.get("segment", ""),
        position=v.get("position", 0),
        loop=v.get("loop", ""),
        code=v.get("code", ""),
        elements=tuple(map(_element, v.get("2110", ()))),
    )


def _response(v: Values) -> TransactionSetResponse:
    answer = v.get("answer", "R")
    return TransactionSetResponse(
        identifier=v.get("identifier", ""),
        control_number=v.get("control_number", ""),
        version=v.get("version", ""),
        code=answer,
        errors=tuple(map(_segment, v.get("2100", ()))),
        syntax_codes=tuple(v[name] for at in range(2, 7) if (name := f"reason{at}") in v),
    )


def acknowledgement(v: Values) -> FunctionalAcknowledgement:
    """The answer of a whole 999."""
    return FunctionalAcknowledgement(
        functional_id=v.get("functional_id", ""),
        group_control_number=v.get("group_control_number", ""),
        version=v.get("version", ""),
        code=v.get("answer", "R"),
        included=v.get("included", 0),
        received=v.get("received", 0),
        accepted=v.get("accepted", 0),
        responses=tuple(map(_response, v.get("2000", ()))),
    )


def _element_values(each: ElementError) -> Values:
    place = [str(each.position)] if each.component is None else [str(each.position), str(each.component)]
    return put({"place": place, "code": each.code}, value=each.value)


def _segment_values(each: SegmentError) -> Values:
    v = put({"position": each.position}, segment=each.segment, loop=each.loop, code=each.code)
    v["2110"] = list(map(_element_values, each.elements))
    return v


def _response_values(each: TransactionSetResponse) -> Values:
    v = put({"answer": each.code}, identifier=each.identifier, control_number=each.control_number, version=each.version)
    v |= {f"reason{at}": reason for at, reason in enumerate(each.syntax_codes[:5], 2)}
    v["2100"] = list(map(_segment_values, each.errors))
    return v


def values(each: FunctionalAcknowledgement) -> Values:
    """The loops of a 999."""
    return {
        "functional_id": each.functional_id,
        "group_control_number": each.group_control_number,
        "version": each.version,
        "answer": each.code,
        "included": each.included,
        "received": each.received,
        "accepted": each.accepted,
        "2000": list(map(_response_values, each.responses)),
    }
