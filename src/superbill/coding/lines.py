"""Service lines on their way through coding, before diagnosis pointers are set."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from superbill.coding.model import AssignedCode

ONE = Decimal(1)

# The order in which services stand on the claim.
_ORDER = ("visit", "delivery", "surgery", "psychotherapy", "therapy", "dialysis", "imaging", "radiation", "pathology",
          "test", "lab", "screening", "injection", "drug", "vaccine", "vaccine administration")  # fmt: skip
# Kinds of which a second record of the same code on the same day adds units (drugs, timed therapy, instruments).
_ADD_UNITS = {"drug", "therapy", "screening", "supply", "vaccine administration", "vaccine", "injection"}
# One of them a day, however often it was recorded.
_ONCE = {"visit", "delivery", "psychotherapy", "lab"}


class Line(Struct, frozen=True, kw_only=True):
    """One service: `reasons` are its own ICD-10-CM codes; `once` the group of which one is billed per day."""

    code: AssignedCode
    kind: str
    day: date
    modifiers: tuple[str, ...] = ()
    units: Decimal = ONE
    reasons: tuple[str, ...] = ()
    once: str = ""
    ndc: str = ""
    ndc_quantity: Decimal | None = None
    note: str = ""

    @property
    def record(self) -> str:
        """The record of the chart that it comes from."""
        return self.code.evidence[0].record if self.code.evidence else ""


def order(line: Line) -> tuple[int, str, str, tuple[str, ...], str]:
    """Sorts visits first, then by kind; the same for records in any order."""
    place = _ORDER.index(line.kind) if line.kind in _ORDER else len(_ORDER)
    return (place, line.code.code, line.day.isoformat(), line.modifiers, line.record)


def repeated(lines: Iterable[Line]) -> list[Line]:
    """The lines with repeats settled: merged into units, billed once, or marked as repeats (76, or 59 for surgery).

    CPT modifiers 59 and 76; CMS Claims Processing Manual chapter 12 §30 and NCCI policy manual chapter 1.
    """
    settled: dict[tuple[str, date, tuple[str, ...], int], Line] = {}
    groups: set[tuple[str, date]] = set()
    counts: dict[tuple[str, date, tuple[str, ...]], int] = {}
    for line in sorted(lines, key=order):
        if line.once:
            if (line.once, line.day) in groups:
                continue
            groups.add((line.once, line.day))
        key = (line.code.code, line.day, line.modifiers)
        before = counts.get(key, 0)
        first = settled.get((*key, 0))
        if first is None:
            counts[key] = 1
            settled[(*key, 0)] = line
        elif line.kind in _ADD_UNITS:
            settled[(*key, 0)] = _added(first, line)
        elif line.kind not in _ONCE:
            counts[key] = before + 1
            marker = "59" if line.kind == "surgery" else "76"
            settled[(*key, before)] = replace(line, modifiers=(*line.modifiers, marker)[:4])
    return sorted(settled.values(), key=order)


def _added(first: Line, more: Line) -> Line:
    reasons = tuple(dict.fromkeys((*first.reasons, *more.reasons)))
    code = replace(first.code, evidence=(*first.code.evidence, *more.code.evidence))
    return replace(first, units=first.units + more.units, reasons=reasons, code=code)
