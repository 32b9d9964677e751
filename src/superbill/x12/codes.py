"""Which elements hold codes of an outside code set, for all guides alike: SNIP type 5 as data.

A guide that allows fewer codes lists its own. The code sets themselves are in code_sets.py.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from superbill.x12.code_sets import SHAPES, CodeSet, CodeSets, Refusal, standard

__all__ = [
    "BY_SEGMENT",
    "CODED",
    "SHAPES",
    "CodeSet",
    "CodeSets",
    "Coded",
    "Refusal",
    "Refused",
    "coded",
    "refused",
    "standard",
]


class Coded(Struct, frozen=True):
    """A place that holds codes: element, or component of a composite, of a segment.

    `sets` names the code set by the value of the qualifier, an element and component of the same segment (component 0:
    the element itself); "" is a qualifier that is absent. Without a qualifier it has one entry, for "". What a
    qualifier of no entry announces is not checked.
    """

    segment: str
    element: int
    component: int
    qualifier: tuple[int, int] | None
    sets: Mapping[str, str]

    @property
    def place(self) -> str:
        """As the field writes it: "CLM05-1"."""
        return f"{self.segment}{self.element:02}" + (f"-{self.component}" if self.component else "")


class Refused(Struct, frozen=True):
    """A code that its set does not have, `certain` or not (Refusal), in that repetition of the element from 0."""

    coded: Coded
    name: str
    code: str
    reason: str
    certain: bool = True
    repeat: int = 0


ABSENT = "_"
_MOST_REPEATS = 200  # that are looked at; no guide allows half as many, and a hostile element has a million
_PLACE = re.compile(r"([A-Z][A-Z0-9]{1,2})(\d\d)(?:-(\d))?")


def _position(place: str) -> tuple[str, int, int]:
    found = _PLACE.fullmatch(place)
    if found is None:
        raise ValueError(f"not a place in a segment: {place!r}")
    return found[1], int(found[2]), int(found[3] or 0)


def coded(place: str, qualifier: str = "", **sets: str) -> Coded:
    """A row of the table: coded("NM109", "NM108", npi="XX", tin="24 FI"); coded("SV105", pos="") without a qualifier.

    "_" among the qualifiers is an absent one. Raises ValueError for what is no place.
    """
    segment, element, component = _position(place)
    by_value = {
        "" if value == ABSENT else value: name for name, values in sets.items() for value in values.split() or (ABSENT,)
    }
    return Coded(segment, element, component, _position(qualifier)[1:] if qualifier else None, by_value)


def _procedure(element: str, modifiers: int = 3) -> tuple[Coded, ...]:
    """A composite of a procedure: its code, and four modifiers from component `modifiers`."""
    return (
        coded(
            f"{element}-2", f"{element}-1",
            hcpcs="HC", cdt="AD", ndc="N4", hipps="HP", revenue="NU", icd10pcs="IP", icd9_procedure="ID",
        ),
        *(coded(f"{element}-{at}", modifier="") for at in range(modifiers, modifiers + 4)),
    )  # fmt: skip


def _status(element: str) -> tuple[Coded, ...]:
    return (coded(f"{element}-1", claim_status_category=""), coded(f"{element}-2", claim_status=""))


def _health_care_code(element: str) -> Coded:
    """A place of HI."""
    return coded(
        f"{element}-2", f"{element}-1",
        icd10cm="ABK ABF APR ABJ ABN", icd10pcs="BBR BBQ", icd9cm="BK BF PR BJ BN", icd9_procedure="BR BQ",
        hcpcs="BP BO", condition_code="BG", occurrence_code="BH BI", value_code="BE", treatment_code="TC", drg="DR",
    )  # fmt: skip


CODED: tuple[Coded, ...] = (
    # parties and their numbers
    coded("N104", "N103", npi="XX", tin="24 FI", ssn="34"),
    coded("NM109", "NM108", npi="XX", tin="24 FI", ssn="34"),
    coded("N402", "N404", state="_ US CA"),
    coded("N403", "N404", zip="_ US", postal_code_of_canada="CA"),
    coded("N404", country=""),
    coded("REF02", "REF01", tin="EI TJ", ssn="SY", clia="X4 F4", npi="HPI", taxonomy="PXC"),
    coded("PRV03", "PRV02", taxonomy="PXC ZZ"),
    coded("DMG05-3", "DMG05-2", race="RET"),
    coded("DMG07", country=""),
    coded("LUI02", "LUI01", language="LE"),
    coded("CUR02", currency=""),
    # money and who sends it
    coded("BPR07", "BPR06", routing_number="01"),
    coded("BPR13", "BPR12", routing_number="01"),
    coded("BPR10", originator=""),
    coded("TRN03", originator=""),
    coded("PLB01", provider_id=""),
    coded("TS301", provider_id=""),
    # the claim
    coded("CLM05-1", "CLM05-2", pos="B", bill_type="A"),
    coded("CLM11-4", "CLM11-5", state="_ US CA"),
    coded("CLM11-5", country=""),
    coded("CLP11", drg=""),
    coded("UM04-1", "UM04-2", pos="B", bill_type="A"),
    *(_health_care_code(f"HI{at:02}") for at in range(1, 13)),
    coded("DSB08", "DSB07", icd10cm="DX"),
    coded("III02", "III01", icd10cm="ABK ABF ABJ APR", icd9cm="BK BF", pos="ZZ"),
    coded("CAS01", adjustment_group=""),
    *(coded(f"CAS{at:02}", adjustment_reason="") for at in range(2, 18, 3)),
    coded("LQ02", "LQ01", remark="HE"),
    *(coded(f"MIA{at:02}", remark="") for at in (5, 20, 21, 22, 23)),
    *(coded(f"MOA{at:02}", remark="") for at in range(3, 8)),
    *(each for element in ("STC01", "STC10", "STC11") for each in _status(element)),
    # lines
    *_procedure("SV101"),
    coded("SV105", pos=""),
    coded("SV201", revenue=""),
    *_procedure("SV202"),
    *_procedure("SV301"),
    coded("SV303", pos=""),
    *(coded(f"SV304-{at}", oral_cavity="") for at in range(1, 6)),
    *_procedure("SV501"),
    coded("TOO02", "TOO01", tooth="JP"),
    *_procedure("SVC01"),
    coded("SVC04", revenue=""),
    *_procedure("SVC06"),
    *_procedure("SVD03"),
    coded("SVD04", revenue=""),
    *_procedure("EQ02"),
    *_procedure("EB13"),
    coded("HCP08", revenue=""),
    coded("HCP10", "HCP09", hcpcs="HC", cdt="AD", hipps="HP"),
    coded("LIN03", "LIN02", ndc="N4"),
)

BY_SEGMENT: Mapping[str, tuple[Coded, ...]] = {
    segment: tuple(row for row in CODED if row.segment == segment) for segment in {row.segment for row in CODED}
}


def _part(text: str, component: int, mark: str) -> str:
    """A component of a composite, "" where it is not there; the element itself for component 0."""
    if not component:
        return text
    parts = text.split(mark)
    return parts[component - 1] if component <= len(parts) else ""


def _announced(elements: Sequence[str], row: Coded, marks: tuple[str, str]) -> str:
    """What another element says of the code: its first repetition."""
    if row.qualifier is None or row.qualifier[0] >= len(elements):
        return ""
    element, component = row.qualifier
    return _part(elements[element].split(marks[1], 1)[0], component, marks[0])


def refused(
    elements: Sequence[str],
    sets: CodeSets,
    on: date | None = None,
    component_mark: str = ":",
    repeat_mark: str = "^",
    rows: Sequence[Coded] | None = None,
) -> Iterator[Refused]:
    """What the code sets refuse in a segment, split at its element separator; the segment id comes first.

    `rows` are the places to look at; by default all that CODED has for the segment.
    """
    marks = (component_mark, repeat_mark)
    for row in BY_SEGMENT.get(elements[0], ()) if rows is None else rows:
        if row.element >= len(elements) or not elements[row.element]:
            continue
        own = row.qualifier[1] if row.qualifier is not None and row.qualifier[0] == row.element else None
        qualifier = _announced(elements, row, marks)
        for repeat, text in enumerate(elements[row.element].split(repeat_mark, _MOST_REPEATS)[:_MOST_REPEATS]):
            code = _part(text, row.component, component_mark)
            if own is not None:  # each repetition has its own
                qualifier = _part(text, own, component_mark)
            name = row.sets.get(qualifier)
            if code and name and (refusal := sets.refusal(name, code, on)):
                yield Refused(row, name, code, refusal.reason, refusal.certain, repeat)
