"""The 999 that answers a file, from the same inspection that gives the findings."""

from itertools import groupby
from typing import Literal

from superbill.x12.judge import Flaw
from superbill.x12.model import ElementError, FunctionalAcknowledgement, SegmentError, TransactionSetResponse
from superbill.x12.validate import GroupReport, Inspection, SetReport

_LONGEST_VALUE = 99
_MOST_ERRORS = 1000  # of one transaction set; a payer needs no more to reject it


def _element(flaw: Flaw) -> ElementError | None:
    problem = flaw.problem
    if problem is None:
        return None
    told = problem.value[:_LONGEST_VALUE]
    writable = told.isascii() and told.isprintable() and not set(told) & set("*:~^")
    return ElementError(
        position=problem.element,
        component=problem.component or None,
        code=problem.code,
        value=told.strip() if writable else "",
    )


def _segment_errors(flaws: list[Flaw]) -> list[SegmentError]:
    made = []
    ordered = sorted(flaws, key=lambda flaw: (flaw.offset, flaw.segment, flaw.syntax, flaw.loop))
    for (offset, segment, syntax, loop), group in groupby(
        ordered, key=lambda flaw: (flaw.offset, flaw.segment, flaw.syntax, flaw.loop)
    ):
        elements = tuple(element for flaw in group if (element := _element(flaw)) is not None)
        name = segment if 2 <= len(segment) <= 3 and segment.isalnum() and segment.isascii() else "ZZZ"
        where = "" if loop == "ST" else loop[:4]
        made.append(SegmentError(segment=name, position=offset, loop=where, code=syntax, elements=elements))
    return made[:_MOST_ERRORS]


def _response(report: SetReport) -> TransactionSetResponse:
    codes = list(dict.fromkeys(report.syntax_codes))
    if not report.supported:
        codes.append("1")
    if report.flaws:
        codes.append("5")
    return TransactionSetResponse(
        identifier=report.identifier,
        control_number=report.control_number,
        version=report.version,
        code="R" if codes else "A",
        errors=tuple(_segment_errors(report.flaws)),
        syntax_codes=tuple(codes[:5]),
    )


def _answer(group: GroupReport) -> FunctionalAcknowledgement:
    responses = tuple(map(_response, group.sets))
    accepted = sum(response.code == "A" for response in responses)
    code: Literal["A", "P", "R"] = "A" if accepted == len(responses) else "P" if accepted else "R"
    return FunctionalAcknowledgement(
        functional_id=group.functional_id,
        group_control_number=group.control_number,
        version=group.version,
        code=code,
        included=group.included,
        received=len(responses),
        accepted=accepted,
        responses=responses,
    )


def answers(inspection: Inspection) -> list[FunctionalAcknowledgement]:
    """One acknowledgement per functional group, but none for groups of acknowledgements (a 999 is never answered)."""
    return [_answer(group) for group in inspection.groups if group.functional_id != "FA"]
