"""I.C.15 and I.C.21.c.11: trimester by weeks, weeks of gestation, deliveries among the procedures."""

import re
from collections.abc import Iterator

from superbill.coding.checks.guidelines.codes import codes
from superbill.coding.checks.guidelines.rule import ERROR, WARNING, Facts, Problem, Rule, named
from superbill.findings import Severity

_TRIMESTER = re.compile(r"\b(first|second|third|unspecified) trimester\b")
_TRIMESTERS = codes("O Z34")
_WEEKS = codes("Z3A")
_OUTCOME = codes("Z37")
# What Z3A says without a number: not known, fewer than 8 weeks, more than 42.
_LESS_THAN_8, _MORE_THAN_42, _UNKNOWN = 1, 49, 0
_SECOND, _THIRD = 14, 28
_DELIVERIES = frozenset(
    ["59400", "59409", "59410", "59510", "59514", "59515", "59610", "59612", "59614", "59618", "59620", "59622"]
)
_DELIVERY_PCS = ("10D0", "10E0")


def _coded_weeks(facts: Facts) -> tuple[int, int] | None:
    """The lowest and the highest number of weeks that a code of Z3A says; None without one."""
    for position in facts.where(_WEEKS):
        told = facts.codes[position - 1][3:]
        if told.isdigit() and int(told) != _UNKNOWN:
            number = int(told)
            return (0, 7) if number == _LESS_THAN_8 else (43, 49) if number == _MORE_THAN_42 else (number, number)
    return None


def _trimester_of(weeks: int) -> str:
    """By completed weeks: under 14, 14 to 27, from 28 (note at the head of chapter 15)."""
    return "first" if weeks < _SECOND else "second" if weeks < _THIRD else "third"


def _trimester(facts: Facts) -> Iterator[Problem]:
    span = (facts.coded.weeks,) * 2 if facts.coded.weeks is not None else _coded_weeks(facts)
    for position in facts.where(_TRIMESTERS):
        code = facts.codes[position - 1]
        said = set(_TRIMESTER.findall(facts.title(code)))
        if len(said) != 1:
            continue
        trimester = said.pop()
        if trimester == "unspecified":
            continue
        if span is None:
            message = f"{named(code)} names a trimester; the weeks of gestation are not known."
            yield Problem(position, message, "Give the weeks, or add Z3A.-.", Severity.NOT_CHECKED)
            return
        if trimester not in (_trimester_of(span[0]), _trimester_of(span[1])):
            # In hospital the trimester is that in which the complication arose (I.C.15.a.4).
            severity = ERROR if facts.coded.setting == "outpatient" else WARNING
            message = f"{named(code)} says the {trimester} trimester; {span[0]} weeks are the {_trimester_of(span[0])}."
            yield Problem(position, message, f"Use the code for the {_trimester_of(span[0])} trimester.", severity)


def _open_trimester(facts: Facts) -> Iterator[Problem]:
    span = (facts.coded.weeks,) * 2 if facts.coded.weeks is not None else _coded_weeks(facts)
    if span is None:
        return
    for position in facts.where(_TRIMESTERS):
        code = facts.codes[position - 1]
        if set(_TRIMESTER.findall(facts.title(code))) == {"unspecified"}:
            message = f"{named(code)} leaves the trimester open; {span[0]} weeks are the {_trimester_of(span[0])}."
            yield Problem(position, message, f"Use the code for the {_trimester_of(span[0])} trimester.")


def _weeks(facts: Facts) -> Iterator[Problem]:
    span, weeks = _coded_weeks(facts), facts.coded.weeks
    if span is not None and weeks is not None and not span[0] <= weeks <= span[1]:
        position = facts.where(_WEEKS)[0]
        message = f"{named(facts.codes[position - 1])} says other weeks than the {weeks} completed ones recorded."
        yield Problem(position, message, "Correct the code or the weeks; days beyond a full week don't count.")


def _delivered(facts: Facts) -> Iterator[Problem]:
    done = [each for each in facts.coded.procedures if each in _DELIVERIES or each.startswith(_DELIVERY_PCS)]
    if done and not facts.where(_OUTCOME):
        message = f"Procedure {done[0]} is a delivery; its outcome is not coded."
        yield Problem(1, message, "Add Z37.-.")


RULES = (
    Rule(
        section="I.C.15.a.3", name="trimester-by-weeks", title="The trimester is that of the weeks of gestation",
        severity=ERROR, on=_TRIMESTERS, check=_trimester,
    ),
    Rule(
        section="I.C.15.a.5", name="trimester-open", title="The trimester is named where the weeks are known",
        severity=WARNING, on=_TRIMESTERS, check=_open_trimester,
    ),
    Rule(
        section="I.C.15.a.7", name="weeks-recorded", title="Weeks of gestation are completed weeks",
        severity=ERROR, on=_WEEKS, check=_weeks,
    ),
    Rule(
        section="I.C.15.b.5", name="delivery-procedure-without-outcome",
        title="Every delivery is coded with its outcome", severity=WARNING, on=codes("O Z"), check=_delivered,
    ),
)  # fmt: skip
