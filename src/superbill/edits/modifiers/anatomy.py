"""Anatomic modifiers against the part of the body that a code is about (parts.csv)."""

from collections.abc import Iterator

from superbill.claims.model import Claim
from superbill.codesets import tables
from superbill.edits.professional import PROFESSIONAL, services
from superbill.edits.rule import ERROR, Problem, rule
from superbill.findings import line

_PARTS = {
    one: (row["group"], services(row["codes"]))
    for row in tables.rows("superbill.edits.modifiers", "parts.csv")
    for one in row["modifiers"].split()
}
_NAMED = frozenset(_PARTS)


@rule(
    "modifiers.part-of-body",
    ERROR,
    source="HCPCS Level II modifiers E1–E4, FA–F9, TA–T9, LC–RI; NCCI Policy Manual, chapter I",
    why="A modifier of a finger on a code of the foot says that one of the two is wrong; payers deny it (CARC 4).",
    forms=PROFESSIONAL,
    modifiers=_NAMED,
)
def part_of_body(claim: Claim) -> Iterator[Problem]:
    """A modifier for an eyelid, finger, toe or coronary artery stands on a service to such a part."""
    if _NAMED.isdisjoint(claim.modifiers):
        return
    for service in claim.lines:
        for one in service.procedure.modifiers:
            part = _PARTS.get(one)
            if part and service.procedure.code not in part[1]:
                message = f"{one} names a {part[0]}; {service.procedure.code} is no service to one."
                yield Problem(line(service.number, "modifiers"), message, f"Remove {one}, or correct the code.")
