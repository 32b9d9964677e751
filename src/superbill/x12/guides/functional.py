"""999, the answer to a functional group (005010X231A1)."""

from superbill.x12.grammar import (
    COMPONENTS,
    COUNT,
    MANY,
    Guide,
    Segment,
    code,
    composite,
    ident,
    loop,
    segment,
    text,
    value,
)
from superbill.x12.grammar import Element as Part
from superbill.x12.guides.common import R, S

SEGMENT_CODES = "1 2 3 4 5 6 7 8 I4 I6 I7 I8 I9"
ELEMENT_CODES = "1 2 3 4 5 6 7 8 9 10 11 12 13 I6 I9 I10 I11 I12 I13"
SET_CODES = "1 2 3 4 5 6 7 8 9 10 11 12 13 15 16 17 18 19 23 24 25 26 27 I5 I6"
GROUP_CODES = "1 2 3 4 5 6 10 11 12 13 14 15 16 17 18 19 23 24 25 26"


def _context(title: str, repeat: int) -> Segment:
    return segment("CTX", title, S, Part(position=1, usage=R), rest="2 3 4 5 6", repeat=repeat)


def _reasons(first: int, codes: str) -> list[Part]:
    return [code(at, f"reason{at}", codes) for at in range(first, first + 5)]


GUIDE = Guide(
    identifier="999", functional_id="FA", version="005010X231A1", versions=("005010X231A1", "005010X231"),
    root=loop(
        "ST", "Implementation acknowledgement", R, 1,
        segment("ST", "Transaction set header", R, rest="1R 2R 3"),
        segment("AK1", "Functional group answered", R, ident(1, "functional_id", R),
                ident(2, "group_control_number", R), ident(3, "version", R)),
        loop("2000", "Transaction set answered", S, MANY,
             segment("AK2", "Transaction set", R, ident(1, "identifier", R), ident(2, "control_number", R),
                     ident(3, "version")),
             loop("2100", "Segment in error", S, MANY,
                  segment("IK3", "Segment in error", R, ident(1, "segment", R), value(COUNT, 2, "position", R),
                          ident(3, "loop"), code(4, "code", SEGMENT_CODES, R)),
                  _context("Context of the segment", 10),
                  loop("2110", "Element in error", S, MANY,
                       segment("IK4", "Element in error", R, composite(1, COMPONENTS, "place", R, "R", "S", "S"),
                               ident(2), code(3, "code", ELEMENT_CODES, R), text(4, "value")),
                       _context("Context of the element", 10))),
             segment("IK5", "Answer to the transaction set", R, code(1, "answer", "A E M R W X", R),
                     *_reasons(2, SET_CODES))),
        segment("AK9", "Answer to the group", R, code(1, "answer", "A E M P R W X", R), value(COUNT, 2, "included", R),
                value(COUNT, 3, "received", R), value(COUNT, 4, "accepted", R), *_reasons(5, GROUP_CODES)),
    ),
)  # fmt: skip
