"""Condition, occurrence, span and value codes (UB-04 FL 18 to 41): known, once each, consistent with the bill."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from superbill.claims.model import Claim
from superbill.codesets.condition_code.lookup import condition
from superbill.codesets.occurrence_code.lookup import occurrence
from superbill.codesets.occurrence_span_code.lookup import span
from superbill.codesets.value_code.lookup import value_code
from superbill.edits.bill.detail import bill_rule, days_billed, detail_of
from superbill.edits.context import Context
from superbill.edits.rule import ERROR, WARNING, Problem
from superbill.findings import header

_FL_16_30 = "Claims Processing Manual ch. 25 §75.2"
_FL_31_41 = "Claims Processing Manual ch. 25 §75.3"
_CONDITIONS, _OCCURRENCES, _SPANS, _VALUES = (
    f"institutional.{name}" for name in ("conditions", "occurrences", "spans", "values")
)


@cache
def _events() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(files("superbill.edits.bill").joinpath("events.yaml").read_text("utf-8"))
    return read


@bill_rule("bill.condition-code", ERROR, source=f"{_FL_16_30}, FL 18 to 28; 837I TR3, loop 2300 HI*BG")
def condition_code(claim: Claim) -> Iterator[Problem]:
    """Every condition code is in use on the last day billed, and stands once."""
    codes = detail_of(claim).conditions
    for code, times in Counter(codes).items():
        if condition(code, claim.service.end) is None:
            message = f"{code!r} is no condition code on the last day billed."
            yield Problem(header(_CONDITIONS), message, "Look it up among the condition codes, or remove it.")
        if times > 1:
            yield Problem(header(_CONDITIONS), f"The condition code {code} stands {times} times.", "Keep it once.")


@bill_rule("bill.occurrence-code", ERROR, source=f"{_FL_31_41}, FL 31 to 34; 837I TR3, loop 2300 HI*BH")
def occurrence_code(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Every occurrence code is in use on its day, its day is not to come, and no code stands twice for one day."""
    found = detail_of(claim).occurrences
    for one in found:
        if occurrence(one.code, one.on) is None:
            message = f"{one.code!r} is no occurrence code on {one.on.isoformat()}."
            yield Problem(header(_OCCURRENCES), message, "Look it up among the occurrence codes, or remove it.")
        if one.on > ctx.today:
            message = f"The occurrence {one.code} on {one.on.isoformat()} is in the future."
            yield Problem(header(_OCCURRENCES), message, "Correct its day.")
    if len(set(found)) < len(found):
        yield Problem(header(_OCCURRENCES), "An occurrence stands twice with the same day.", "Keep it once.")


@bill_rule("bill.occurrence-span", ERROR, source=f"{_FL_31_41}, FL 35, 36; 837I TR3, loop 2300 HI*BI")
def occurrence_span(claim: Claim) -> Iterator[Problem]:
    """Every occurrence span code is in use, with two days in their order."""
    for one in detail_of(claim).spans:
        first, last = one.period.start, one.period.end
        if first is None or last is None or last < first:
            yield Problem(header(_SPANS), f"The days of the span {one.code} are missing or backwards.", "Correct them.")
        elif span(one.code, last) is None:
            message = f"{one.code!r} is no occurrence span code on {last.isoformat()}."
            yield Problem(header(_SPANS), message, "Look it up among the occurrence span codes, or remove it.")


@bill_rule("bill.value-code", ERROR, source=f"{_FL_31_41}, FL 39 to 41; 837I TR3, loop 2300 HI*BE")
def value(claim: Claim) -> Iterator[Problem]:
    """Every value code is in use on the last day billed, stands once, and its amount is not below zero."""
    found = detail_of(claim).values
    for code, times in Counter(one.code for one in found).items():
        if value_code(code, claim.service.end) is None:
            message = f"{code!r} is no value code on the last day billed."
            yield Problem(header(_VALUES), message, "Look it up among the value codes, or remove it.")
        if times > 1:
            yield Problem(header(_VALUES), f"The value code {code} stands {times} times.", "Keep it once.")
    for one in found:
        if one.amount < 0:
            message = f"The value {one.code} is {one.amount}."
            yield Problem(header(_VALUES), message, "Enter an amount that is not below zero.")


@bill_rule("bill.covered-days", ERROR, source=f"{_FL_31_41}, FL 39 to 41 (value codes 80, 81)", payers=("medicare",))
def covered_days(claim: Claim) -> Iterator[Problem]:
    """An inpatient's bill to Medicare counts its days: covered (80) and non-covered (81) are the days of the bill.

    The day of discharge or death is not counted (Medicare Benefit Policy Manual ch. 3 §20.1).
    """
    days = days_billed(claim)
    if not detail_of(claim).inpatient or days is None:
        return
    events = _events()
    counts = {one.code: one.amount for one in detail_of(claim).values if one.code in events["day_counts"]}
    covered, free = counts.get(events["covered_days"]), counts.get(events["noncovered_days"], Decimal(0))
    if covered is None and not free:
        yield Problem(header(_VALUES), "The covered days (value code 80) are missing.", f"Enter 80 with {days} days.")
    elif (covered or 0) + free != days:
        message = f"Covered and non-covered days are {(covered or 0) + free}; the bill has {days}."
        yield Problem(header(_VALUES), message, "Count the days again; the day of discharge is none.")


@bill_rule("bill.whole-days", ERROR, source=f"{_FL_31_41}, FL 39 to 41 (value codes 80 to 83)")
def whole_days(claim: Claim) -> Iterator[Problem]:
    """Days are whole."""
    for one in detail_of(claim).values:
        if one.code in _events()["day_counts"] and one.amount % 1:
            message = f"The value code {one.code} counts {one.amount} days."
            yield Problem(header(_VALUES), message, "Enter whole days.")


@bill_rule(
    "bill.change-reason", ERROR, source="Claims Processing Manual ch. 1 §130.1.2.1: claim change reasons",
    payers=("medicare",), when=("institutional", "replacement"),
)  # fmt: skip
def change_reason(claim: Claim) -> Iterator[Problem]:
    """A replacement or void to Medicare says by one condition code why (D0 to D9, E0; a void D5 or D6)."""
    if claim.frequency not in ("7", "8"):
        return
    events = _events()
    known = events["void_reasons"] if claim.frequency == "8" else events["change_reasons"]
    told = [code for code in detail_of(claim).conditions if code in events["change_reasons"]]
    if len(told) != 1 or told[0] not in known:
        message = f"The reason for frequency {claim.frequency} is told by {', '.join(told) or 'no'} condition code."
        fix = f"Enter one of {', '.join(known)}, the one that comes first where several hold."
        yield Problem(header(_CONDITIONS), message, fix)


@bill_rule("bill.accident", WARNING, source=f"{_FL_31_41}, FL 31 to 34 (occurrence codes 01 to 06)", when="accident")
def accident(claim: Claim) -> Iterator[Problem]:
    """An accident is told by an occurrence code with its day, as the 837I has no other place for it."""
    told = [one for one in detail_of(claim).occurrences if one.code in _events()["accidents"]]
    if claim.accident is not None and not any(one.on == claim.accident.on for one in told):
        message = f"The accident of {claim.accident.on.isoformat()} has no occurrence code."
        yield Problem(header(_OCCURRENCES), message, "Add 01 to 06 with the day of the accident.")
