"""Service line edits on units that can only be one, and on the diagnosis that a line points to first."""

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from superbill.claims.model import Claim
from superbill.edits.context import Context
from superbill.edits.professional import PROFESSIONAL, services
from superbill.edits.rule import ERROR, Problem, rule
from superbill.findings import line

_EXTERNAL = ("V", "W", "X", "Y")
# They say where, how far, by what, never why a service was done.
_NEVER_FIRST = ("Z37", "Z3A", "Z68", "B95", "B96", "B97")


class _Once(Struct, frozen=True, forbid_unknown_fields=True):
    codes: str
    what: str


def _once() -> tuple[_Once, ...]:
    text = files("superbill.edits.lines").joinpath("once.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=tuple[_Once, ...])


_ONCE = tuple((services(one.codes), one.what) for one in _once())


@lru_cache(16_384)
def _what(code: str) -> str:
    """What there is one of, "" for what there may be several of."""
    return next((what for codes, what in _ONCE if code in codes), "")


@rule(
    "lines.one-unit",
    ERROR,
    source="CPT and HCPCS Level II, unit of the code; NCCI Policy Manual, chapter I §V",
    forms=PROFESSIONAL,
    codes=lambda code: bool(_what(code)),
)
def one_unit(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """What is done once has one unit. Where the table of medically unlikely edits has the code, that decides."""
    table = ctx.reference.units.get("practitioner")
    for service in claim.lines:
        code, day = service.procedure.code, service.service.start
        what = _what(code) if service.units > 1 else ""
        if what and not (table is not None and day is not None and table.most(code, day)):
            message = f"{code} is {what}, and has {service.units} units."
            yield Problem(line(service.number, "units"), message, "Bill one unit on each line.")


@rule(
    "lines.pointer-first",
    ERROR,
    source="ICD-10-CM Official Guidelines I.C.20.a.6, I.C.21.c.16; CMS-1500 box 24E: the first pointer is the reason",
    why="The first pointer is the reason for the service; these codes only add to another.",
    forms=PROFESSIONAL,
)
def pointer_first(claim: Claim) -> Iterator[Problem]:
    """A line points first to why it was done: not to an external cause, an outcome, a status or an organism."""
    diagnoses = claim.diagnoses
    wrong = [
        place
        for place, one in enumerate(diagnoses, 1)
        if one.code.startswith(_EXTERNAL) or one.code.startswith(_NEVER_FIRST)
    ]
    if not wrong:
        return
    for service in claim.lines:
        pointers = service.diagnosis_pointers
        if pointers and pointers[0] in wrong:
            message = f"The line points first to {diagnoses[pointers[0] - 1].code}, which only adds to another."
            yield Problem(line(service.number, "diagnosis_pointers"), message, "Point it first to the condition.")
