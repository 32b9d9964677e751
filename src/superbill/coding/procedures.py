"""The visit beside a minor procedure: billed only where something else was seen to."""

from superbill.coding.context import Visit
from superbill.coding.diagnoses import Diagnosis, sort_key
from superbill.coding.groups import belongs
from superbill.coding.lines import Line
from superbill.coding.wellness import treated
from superbill.findings import Severity

_OFFICE = ("9920", "9921")


def without_included(visit: Visit, chosen: list[Line], lines: list[Line], diagnoses: list[Diagnosis]) -> list[Line]:
    """`chosen` visit lines without the office visit that a minor procedure of the day contains.

    Deciding on a minor procedure is part of it, for a new patient too (NCCI policy manual ch. 1 §D). The visit stays
    for another problem, and for a chronic illness, whose care goes beyond the procedure. An emergency department has
    to examine everyone who comes (42 CFR 489.24); its visits stay.
    """
    minor = [line for line in lines if belongs(line.code.code, "minor_surgery")]
    if not minor or not chosen or not chosen[0].code.code.startswith(_OFFICE) or len(chosen) > 1:
        return chosen
    problems = treated(sorted(diagnoses, key=sort_key))
    theirs = {reason for line in minor for reason in line.reasons or problems[:1]}
    if any(code not in theirs or belongs(code, "chronic") for code in problems):
        return chosen
    visit.say(
        "coding.visit-in-procedure", Severity.INFORMATION,
        f"{chosen[0].code.code} is not billed: deciding on {minor[0].code.code} is part of it, "
        "and no other problem is recorded.",
        "If something else was evaluated, record its diagnosis; the visit then carries 25.", field="procedures",
        source="NCCI policy manual chapter 1 §D; CPT modifier 25",
    )  # fmt: skip
    return []
