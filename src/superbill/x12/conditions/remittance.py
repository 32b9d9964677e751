"""When the 835 must say more, and what it may say only then."""

from collections.abc import Iterator, Sequence
from typing import Any

from superbill.x12.conditions.given import given, once, sign
from superbill.x12.tree import Loop

_TRANSFERS = frozenset(("ACH", "BOP", "FWT"))
_WENT_ON = frozenset(("19", "20", "21", "23"))  # claim statuses: processed, or not ours, and forwarded
_REVERSAL = "22"
_PREDETERMINATION = "25"
_COVERAGE_HAD_ENDED = "27"  # claim adjustment reason code
_PATIENT = "PR"


def _adjustments(claim: Loop) -> Iterator[tuple[str, str, int]]:
    """Group, reason and cents of every adjustment of a claim and its lines."""
    for part in (claim, *claim.lines):
        for segment in part.adjustments:
            for group, reason, amount, _ in segment.adjustments:
                yield group, reason, amount or 0


def _owed(segment: Any) -> bool:
    return bool(segment.group == _PATIENT)


def _is_for_ended_coverage(segment: Any) -> bool:
    reasons = (
        segment.reason_1,
        segment.reason_2,
        segment.reason_3,
        segment.reason_4,
        segment.reason_5,
        segment.reason_6,
    )
    return _COVERAGE_HAD_ENDED in reasons


# --- the payment ----------------------------------------------------------------------------------------------------


def paid_by_transfer(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """BPR04 is an electronic transfer (ACH, BOP, FWT): banks and accounts are told, for others they are not."""
    return segment.method in _TRANSFERS


def paid_through_ach(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """BPR04 is ACH: the only method that has a payment format."""
    return bool(segment.method == "ACH")


# --- the claim ------------------------------------------------------------------------------------------------------


@sign("adjustments", "lines.adjustments", of=_owed)
def patient_owes(loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """The adjustments leave an amount to the patient (group PR). A reversal takes back, and tells no such amount."""
    owed = sum(amount for group, _, amount in _adjustments(loop) if group == _PATIENT)
    return segment.status != _REVERSAL and owed > 0


@sign("claim", of=lambda claim: claim.status in _WENT_ON)
def claim_went_on_to_other_payer(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """CLP02 says that the claim was forwarded: to whom is told."""
    return loop.claim is not None and loop.claim.status in _WENT_ON


@given("inpatient_adjudication")
def adjudicated_inpatient(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """The claim has its inpatient adjudication and no outpatient one: a claim is never both.

    It asks for nothing, since only the payer knows whether there was anything to tell; it forbids the second.
    """
    return loop.inpatient_adjudication is not None and loop.outpatient_adjudication is None


def no_line_is_dated(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """No line of the claim has a service date: the claim has its own. A predetermination has nothing to date."""
    undated = not any(line.service_dates for line in loop.lines)
    return undated and loop.claim is not None and loop.claim.status != _PREDETERMINATION


@sign("adjustments", "lines.adjustments", of=_is_for_ended_coverage)
def coverage_had_ended(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """The claim or a line is denied since coverage had ended (reason code 27): the day it did is told."""
    return any(reason == _COVERAGE_HAD_ENDED for _, reason, _ in _adjustments(loop))


# --- the line -------------------------------------------------------------------------------------------------------


@once
def _has_dated_line(claim: Loop) -> bool:
    """Some line has a date; asked again for each line, of which there may be thousands."""
    return any(line.service_dates for line in claim.lines)


def line_is_undated(_loop: Loop, above: Sequence[Loop], _segment: Any) -> bool:
    """The claim has no dates, and other lines have: this line needs its own. (No dates at all is the claim's fault.)"""
    claim = above[0]
    return not claim.statement_dates and _has_dated_line(claim)


def procedure_was_changed(_loop: Loop, _above: Sequence[Loop], segment: Any) -> bool:
    """SVC06 differs from the adjudicated procedure in SVC01. What was not changed is not told twice."""
    submitted, paid = segment.submitted_procedure, segment.procedure
    if submitted is None or paid is None:
        return False
    return any(getattr(submitted, part) != getattr(paid, part) for part in ("qualifier", "code", "modifiers"))
