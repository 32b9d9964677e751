"""The answers to a file, from the same inspection that gives its findings: 999, TA1 and 824.

What is wrong with the envelope of an interchange the TA1 says, with groups and transaction sets the 999; claims have
the 277CA (claim_answers). `rejects` are the SNIP types whose flaws make a 999 reject a transaction set; it tells the
others as errors of a set that it takes. Give the same to the 277CA, which is for what the 999 let pass.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Literal

from superbill.x12.answer_codes import transaction_code
from superbill.x12.inspection import GroupReport, Inspection, InterchangeReport, SetReport
from superbill.x12.model import (
    AdviceError,
    ApplicationAdvice,
    BusinessUnit,
    ElementError,
    FunctionalAcknowledgement,
    InterchangeAcknowledgement,
    SegmentError,
    SituationalTrigger,
    TransactionSetResponse,
)
from superbill.x12.problems import Flaw
from superbill.x12.situational_triggers import trigger_of
from superbill.x12.standard import COMPOSITES, SEGMENTS
from superbill.x12.text import IllegalText, exact, plain

EVERYTHING = frozenset(range(1, 8))  # whatever is wrong rejects: how we judge what we send ourselves
FRONT_END = frozenset((1, 2))  # WEDI's advice: syntax and guide by 999, what a claim says by 277CA

ACKNOWLEDGEMENTS = frozenset(("FA",))  # groups of 997 and 999, which no one answers

_LONGEST_VALUE = 99  # IK404
_LONGEST_LOOP = 4  # IK303
_LONGEST_UNIT = 35  # CTX01-2
_LAST_PLACE = 99  # IK401 has two digits
_MOST_ERRORS = 1000  # of one transaction set; a sender needs no more to mend it
_MOST_ELEMENTS = 99  # of one segment
_MOST_TRIGGERS = 9  # of one segment
_MOST_CODES = 5  # IK502–06, AK905–09
_NO_SEGMENT = "ZZZ"  # for an id that is none


# --- text that an answer can carry ----------------------------------------------------------------------------------


def carried(value: str, longest: int) -> str:
    """A value as it may be sent back, cut to its length; "" for one with our delimiters or foreign letters."""
    try:
        return exact(value.strip()[:longest].strip())
    except IllegalText:
        return ""


def control_number(value: str, shortest: int = 1) -> str:
    """A control number of up to nine characters, as it came where that is possible."""
    return carried("".join(filter(str.isalnum, value)), 9).rjust(shortest, "0")


def _identifier(value: str, sizes: tuple[int, ...], otherwise: str) -> str:
    return value if len(value) in sizes and value.isascii() and value.isalnum() else otherwise


# --- 999 ------------------------------------------------------------------------------------------------------------


def data_element(segment: str, element: int, component: int) -> int | None:
    """The number of an element in the standard's dictionary; None for a composite, or for one that there isn't."""
    cls = SEGMENTS.get(segment)
    numbers = [] if cls is None else cls.ELEMENTS.split()
    if not 0 < element <= len(numbers):
        return None
    composite = COMPOSITES.get(numbers[element - 1])
    if composite is not None:
        numbers, element = composite.ELEMENTS.split(), component
    found = numbers[element - 1] if 0 < element <= len(numbers) else ""
    return int(found) if found.isdigit() else None


def _element(flaw: Flaw, key: str) -> ElementError | None:
    problem = flaw.problem
    if problem is None or not (0 < problem.element <= _LAST_PLACE and problem.component <= _LAST_PLACE):
        return None
    return ElementError(
        position=problem.element,
        component=problem.component or None,
        data_element=data_element(flaw.segment, problem.element, problem.component),
        code=problem.code,
        value=carried(problem.value, _LONGEST_VALUE),
        triggers=_triggers([flaw], key),
    )


def _triggers(flaws: Iterable[Flaw], key: str) -> tuple[SituationalTrigger, ...]:
    """Why the segment or element had to be there, or must not."""
    found = (trigger_of(flaw, key, _loop(flaw)) for flaw in flaws)
    return tuple(dict.fromkeys(each for each in found if each is not None))[:_MOST_TRIGGERS]


def _loop(flaw: Flaw) -> str:
    return "" if flaw.loop == "ST" else flaw.loop[:_LONGEST_LOOP]


def _business_unit(report: SetReport, flaw: Flaw) -> BusinessUnit | None:
    unit = report.units.get(flaw.unit) or report.units.get(0)
    number = "" if unit is None else carried(unit.number, _LONGEST_UNIT)
    return BusinessUnit(unit.kind, number) if unit is not None and number else None


def _place(flaw: Flaw) -> tuple[int, str, str, str]:
    return flaw.offset, flaw.segment, flaw.syntax, flaw.loop


def _segment_errors(report: SetReport) -> list[SegmentError]:
    made = []
    for (offset, segment, syntax, _), group in groupby(sorted(report.flaws, key=_place), key=_place):
        flaws = list(group)
        elements = [element for flaw in flaws[:_MOST_ELEMENTS] if (element := _element(flaw, report.key)) is not None]
        made.append(
            SegmentError(
                segment=_identifier(segment, (2, 3), _NO_SEGMENT),
                position=offset,
                loop=_loop(flaws[0]),
                code=syntax,
                triggers=_triggers((flaw for flaw in flaws if flaw.problem is None), report.key),
                business_unit=_business_unit(report, flaws[0]),
                elements=tuple(elements),
            )
        )
    return made[:_MOST_ERRORS]


def is_rejected(report: SetReport, rejects: Iterable[int] = EVERYTHING) -> bool:
    """Whether the 999 rejects a transaction set; what is not sure (a warning) never does."""
    return bool(report.syntax_codes) or any(flaw.snip in rejects and not flaw.warning for flaw in report.flaws)


def _response(report: SetReport, rejects: Iterable[int]) -> TransactionSetResponse:
    codes = [*report.syntax_codes, *sorted(set(map(transaction_code, report.flaws)))]
    return TransactionSetResponse(
        identifier=_identifier(report.identifier, (3,), _NO_SEGMENT),
        control_number=control_number(report.control_number, 4),
        version=carried(report.version, 35),
        code="R" if is_rejected(report, rejects) else "E" if codes else "A",
        errors=tuple(_segment_errors(report)),
        syntax_codes=tuple(dict.fromkeys(codes))[:_MOST_CODES],
    )


def _answer(group: GroupReport, rejects: Iterable[int]) -> FunctionalAcknowledgement:
    responses = [_response(report, rejects) for report in group.sets]
    accepted = 0 if group.syntax_codes else sum(response.code != "R" for response in responses)
    code: Literal["A", "E", "P", "R"]
    if not accepted:
        code = "R"
        if group.syntax_codes:  # the group falls as a whole: that a set in it is sound helps it nothing
            responses = [response for response in responses if response.code == "R"]
    elif accepted < len(responses):
        code = "P"
    else:
        code = "E" if any(response.code == "E" for response in responses) else "A"
    return FunctionalAcknowledgement(
        functional_id=group.functional_id,
        group_control_number=_group_number(group.control_number),
        version=carried(group.version, 12) or "0",
        code=code,
        included=group.included,
        received=len(group.sets),
        accepted=accepted,
        responses=tuple(responses),
        syntax_codes=tuple(dict.fromkeys(group.syntax_codes))[:_MOST_CODES],
    )


def _group_number(value: str) -> str:
    """GS06 is a number, and what names none can only be told as zero."""
    return value if value.isascii() and value.isdigit() and len(value) <= 9 else "0"


def _is_named(group: GroupReport) -> bool:
    return bool(_identifier(group.functional_id, (2,), ""))


def functional(inspection: Inspection, rejects: Iterable[int] = EVERYTHING) -> list[FunctionalAcknowledgement]:
    """The 999 for each functional group, but none for groups of acknowledgements: a 999 is never answered.

    A transaction set is rejected (R) for what is wrong with its control segments and for flaws of the SNIP types
    `rejects`; other flaws and warnings are noted and it is accepted (E). A group is rejected for its own control
    segments, partially accepted (P) when some sets are rejected. A group without a functional id can't be named; the
    TA1 rejects its interchange.
    """
    return [
        _answer(group, rejects)
        for group in inspection.groups
        if group.functional_id not in ACKNOWLEDGEMENTS and _is_named(group)
    ]


# --- TA1 ------------------------------------------------------------------------------------------------------------

_NO_ERROR = "000"
_INVALID_CONTENT = "024"
_TOLERATED = frozenset(("019",))  # an acknowledgment request that says neither yes nor no stands in no one's way


def _interchange(report: InterchangeReport) -> InterchangeAcknowledgement:
    notes = list(report.notes)
    if not all(map(_is_named, report.groups)):
        notes.append(_INVALID_CONTENT)
    severe = [note for note in notes if note not in _TOLERATED]
    date, time, number, asked = (report.isa[at].strip() if len(report.isa) > at else "" for at in (9, 10, 13, 14))
    return InterchangeAcknowledgement(
        control_number="".join(filter(str.isdecimal, carried(number, 9))).rjust(9, "0"),
        date=date if date.isascii() and date.isdigit() and len(date) == 6 else "000000",
        time=time if time.isascii() and time.isdigit() and len(time) == 4 else "0000",
        code="R" if severe else "E" if notes else "A",
        note=[*severe, *notes, _NO_ERROR][0],
        requested=asked == "1",
    )


def interchanges(inspection: Inspection) -> list[InterchangeAcknowledgement]:
    """The TA1 for each interchange: A with note 000, E, or R with the first note that rejects it."""
    return [_interchange(report) for report in inspection.interchanges]


# --- 824 ------------------------------------------------------------------------------------------------------------

_ADVISED = frozenset(("275", "820", "834", "835"))
# TED01, "other unlisted reason": all that the published examples of 005010X186A1 use, whatever is wrong. The guide
# tells the kind of an error apart in RED, by a list of X12's own (IBP) that we don't have; we say it in words (TED02).
_UNLISTED = "024"
_LONGEST_MESSAGE = 60
_LONGEST_PARTY = 15


def _advice_error(flaw: Flaw, key: str) -> AdviceError:
    element = _element(flaw, key)
    return AdviceError(
        code=_UNLISTED,
        message=_message(flaw.words),
        segment=_identifier(flaw.segment, (2, 3), _NO_SEGMENT),
        position=flaw.offset,
        element=None if element is None else element.position,
        component=None if element is None else element.component,
        data_element=None if element is None else element.data_element,
        value="" if element is None else element.value,
    )


def _message(words: str) -> str:
    """The words of a flaw, as far as a message can carry them."""
    try:
        return plain(words)[:_LONGEST_MESSAGE].strip()
    except IllegalText:
        return ""


def _advice(group: GroupReport, report: SetReport, rejects: Iterable[int]) -> ApplicationAdvice:
    number, group_number = control_number(report.control_number, 4), _group_number(group.control_number)
    sender, receiver = (carried(text, _LONGEST_PARTY).rjust(2, "0") for text in (group.receiver, group.sender))
    errors = tuple(_advice_error(flaw, report.key) for flaw in report.flaws[:_MOST_ERRORS])
    return ApplicationAdvice(
        submitter_name=sender,
        submitter_id=sender,
        receiver_name=receiver,
        receiver_id=receiver,
        reference=f"{group_number}-{number}",
        code="TR" if is_rejected(report, rejects) else "TE" if errors else "TA",
        trace=carried(report.reference, 50),
        group_control_number=group_number,
        control_number=number,
        identifier=_identifier(report.identifier, (3,), _NO_SEGMENT),
        version=carried(report.version, 12),
        errors=errors,
    )


def advice(inspection: Inspection, rejects: Iterable[int] = EVERYTHING) -> list[ApplicationAdvice]:
    """The 824 for each transaction set that was judged and has no answer of its own kind: 834, 820, 835, 275.

    Claims have the 277CA, inquiries and requests their responses; acknowledgements are not answered. A set that could
    not be read as what it says it is (`SetReport.syntax_codes`) is the 999's matter. The parties are named by their
    codes in GS; who knows their names replaces them.
    """
    return [
        _advice(group, report, rejects)
        for group in inspection.groups
        for report in group.sets
        if report.key and report.identifier in _ADVISED and not report.syntax_codes
    ]
