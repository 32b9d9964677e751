"""The segments of X12 005010 that our guides use: type and length of each element, and the syntax notes.

`AN` text, `ID` code, `DT` date CCYYMMDD, `TM` time, `R` decimal, `N0` whole number, `C` composite. A number after the
type is the length, or shortest-longest. Behind the bar: relational conditions (P paired, R at least one, E only one,
C if the first then the others, L if the first then at least one of the others), two digits per element.
"""

from msgspec import Struct

_PAIRS_PER = "P0304 P0506 P0708"
_TRIPLES_CAS = "L050607 C0605 C0705 L080910 C0908 C1008 L111213 C1211 C1311 L141516 C1514 C1614 L171819 C1817 C1917"

SEGMENTS = {
    "AK1": "ID2 N01-9 AN1-12",
    "AK2": "ID3 AN4-9 AN1-35",
    "AK9": "ID1 N01-6 N01-6 N01-6 ID1-3 ID1-3 ID1-3 ID1-3 ID1-3",
    "AMT": "ID1-3 R1-18 ID1",
    "BHT": "ID4 ID2 AN1-50 DT8 TM4-8 ID2",
    "BPR": "ID1-2 R1-18 ID1 ID3 ID1-10 ID2 AN3-12 ID1-3 AN1-35 AN10 AN9 ID2 AN3-12 ID1-3 AN1-35 DT8"
    " | P0607 C0809 P1213 C1415",
    "CAS": "ID1-2" + " ID1-5 R1-18 R1-15" * 6 + " | " + _TRIPLES_CAS,
    "CLM": "AN1-38 R1-18 ID1-2 ID1-2 C ID1 ID1 ID1 ID1 ID1 C ID2-3 ID1 ID1 ID1 ID1 ID1 ID1 ID2 ID1-2",
    "CLP": "AN1-38 ID1-2 R1-18 R1-18 R1-18 ID1-2 AN1-50 AN1-2 ID1 ID1-2 ID1-4 R1-15 R1-10 ID1",
    "CN1": "ID2 R1-18 R1-6 AN1-50 R1-6 AN1-30",
    "CR1": "ID2 R1-10 ID1 ID1 ID2 R1-15 AN1-55 AN1-55 AN1-80 AN1-80 | P0102 P0506",
    "CR2": "N01-9 R1-15 ID2-3 ID2-3 ID2 R1-15 R1-15 ID1 ID1 AN1-80 AN1-80 ID1 | P0102 C0403 P0506",
    "CR3": "ID1 ID2 R1-15 ID1 AN1-80 | P0203",
    "CRC": "ID2 ID1 ID2-3 ID2-3 ID2-3 ID2-3 ID2-3",
    "CTP": "ID2 ID3 R1-17 R1-15 C ID3 R1-10 R1-18 ID2 AN1-2 N01-2 | P0405",
    "CTX": "C ID2-3 N01-10 ID1-4 C C",
    "CUR": "ID2-3 ID3 R4-10 ID2-3 ID3 ID3 | C0807",
    "DMG": "ID2-3 AN1-35 ID1 ID1 C ID1-2 ID2-3 ID1-2 R1-15 ID1-3 AN1-30 | P0102",
    "DTM": "ID3 DT8 TM4-8 ID2 ID2-3 AN1-35 | R020306 C0403 P0506",
    "DTP": "ID3 ID2-3 AN1-35",
    "FRM": "AN1-20 ID1 AN1-50 DT8 R1-6 | R02030405",
    "HCP": "ID2 R1-18 R1-18 AN1-50 R1-9 AN1-50 R1-18 AN1-48 ID2 AN1-48 ID2 R1-15 ID2 ID1-2 ID1-2 | R0113 P0910 P1112",
    "HI": "C C C C C C C C C C C C",
    "HL": "AN1-12 AN1-12 ID1-2 ID1",
    "IK3": "ID2-3 N01-10 AN1-4 ID1-3",
    "IK4": "C N01-4 ID1-3 AN1-99",
    "IK5": "ID1 ID1-3 ID1-3 ID1-3 ID1-3 ID1-3",
    "K3": "AN1-80 ID1-2 C",
    "LIN": "AN1-20 ID2 AN1-48 | P0405",
    "LQ": "ID1-3 AN1-30 | C0102",
    "LX": "N01-6",
    "MEA": "ID2 ID1-3 R1-20 C R1-20 R1-20 ID2 ID2 ID2 ID2-4",
    "MIA": "R1-15 R1-18 R1-15 R1-18 AN1-50 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-15 R1-18 R1-18"
    " R1-18 R1-18 AN1-50 AN1-50 AN1-50 AN1-50 R1-18",
    "MOA": "R1-10 R1-18 AN1-50 AN1-50 AN1-50 AN1-50 AN1-50 R1-18 R1-18",
    "N1": "ID2-3 AN1-60 ID1-2 AN2-80 ID2 ID2-3 | R0203 P0304",
    "N3": "AN1-55 AN1-55",
    "N4": "AN2-30 ID2 ID3-15 ID2-3 ID1-2 AN1-30 ID1-3 | E0207 C0605 C0704",
    "NM1": "ID2-3 ID1 AN1-60 AN1-35 AN1-25 AN1-10 AN1-10 ID1-2 AN2-80 ID2 ID2-3 AN1-60 | P0809 C1110 C1203",
    "NTE": "ID3 AN1-80",
    "OI": "ID1-2 ID2 ID1 ID1 ID1 ID1",
    "PAT": "ID2 ID1 ID2 ID1 ID2-3 AN1-35 ID2 R1-10 ID1 | P0506 P0708",
    "PER": "ID2 AN1-60 ID2 AN1-256 ID2 AN1-256 ID2 AN1-256 AN1-20 | " + _PAIRS_PER,
    "PLB": "AN1-50 DT8" + " C R1-18" * 6 + " | P0506 P0708 P0910 P1112 P1314",
    "PRV": "ID1-3 ID2-3 AN1-50 ID2 C ID3 | P0203",
    "PS1": "AN1-50 R1-18 ID2",
    "PWK": "ID2 ID1-2 N01-2 ID2-3 ID1-2 AN2-80 AN1-80 C ID1-2 | P0506",
    "QTY": "ID2 R1-15 C AN1-30 | R0204 E0204",
    "RDM": "ID1-2 AN1-60 AN1-256 C C",
    "REF": "ID2-3 AN1-50 AN1-80 C | R0203",
    "SBR": "ID1 ID2 AN1-50 AN1-60 ID1-3 ID1 ID1 ID2 ID1-2",
    "ST": "ID3 AN4-9 AN1-35",
    "STC": "C DT8 ID1-2 R1-18 R1-18 DT8 ID3 DT8 AN1-16 C C AN1-264",
    "SV1": "C R1-18 ID2 R1-15 AN1-2 ID1-2 C R1-18 ID1 ID1 ID1 ID1 ID1-2 ID1-2 ID1",
    "SV5": "C ID2 R1-15 R1-18 R1-18 ID1 R1-18 | R0405 C0604",
    "SVC": "C R1-18 R1-18 AN1-48 R1-15 C R1-15",
    "SVD": "AN2-80 R1-18 C AN1-48 R1-15 N01-6",
    "TRN": "ID1-2 AN1-50 AN10 AN1-50",
    "TS2": "R1-18 " * 6 + "R1-15 " + "R1-18 " * 4 + "R1-15 " * 3 + "R1-18 R1-18 R1-15 R1-18 R1-18",
    "TS3": "AN1-50 AN1-2 DT8 R1-15 R1-18" + " R1-18" * 17 + " R1-15 R1-18",
}  # fmt: skip


class Shape(Struct, frozen=True):
    """Type and length of an element."""

    kind: str
    shortest: int
    longest: int


COMPOSITE = Shape("C", 0, 10_000)


def _shape(text: str) -> Shape:
    kind = text.rstrip("0123456789-")
    if kind == "N":  # N0: the digit belongs to the type
        kind, text = "N0", "NN" + text[2:]
    length = text[len(kind) :]
    if not length:
        return COMPOSITE
    shortest, _, longest = length.partition("-")
    return Shape(kind, int(shortest), int(longest or shortest))


class Syntax(Struct, frozen=True):
    """A relational condition among elements of one segment."""

    kind: str
    elements: tuple[int, ...]

    def broken(self, has: list[bool]) -> bool:
        """Whether the presence of elements (by position, 0 unused) breaks the condition."""
        there = [place < len(has) and has[place] for place in self.elements]
        if self.kind == "P":
            return any(there) and not all(there)
        if self.kind == "R":
            return not any(there)
        if self.kind == "E":
            return sum(there) > 1
        if self.kind == "C":
            return there[0] and not all(there)
        return there[0] and not any(there[1:])  # L


def _entry(text: str) -> tuple[tuple[Shape, ...], tuple[Syntax, ...]]:
    shapes, _, notes = text.partition("|")
    syntax = tuple(
        Syntax(note[0], tuple(int(note[at : at + 2]) for at in range(1, len(note), 2))) for note in notes.split()
    )
    return tuple(map(_shape, shapes.split())), syntax


DICTIONARY = {name: _entry(text) for name, text in SEGMENTS.items()}


def shape(segment: str, element: int) -> Shape:
    """The shape of an element, counted from 1."""
    shapes = DICTIONARY[segment][0]
    return shapes[element - 1] if element <= len(shapes) else COMPOSITE
