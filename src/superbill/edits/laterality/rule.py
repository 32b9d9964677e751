"""Edits on the side of the body: a line's modifiers against the diagnoses that it points to.

The side of a diagnosis is read from its title in the release of the day. Only chapters are read whose sides are those
of an organ or limb: a left heart, a dominant side or a history has none that a procedure shares.
"""

from collections.abc import Iterator
from functools import lru_cache

from superbill.claims.model import Claim, ServiceLine
from superbill.codesets.icd10cm import schema
from superbill.codesets.icd10cm.lookup import CodeBook
from superbill.codesets.modifier.lookup import all_modifiers
from superbill.edits.context import Context
from superbill.edits.professional import PROFESSIONAL
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import Severity, line

_SIDES = {one.code: one.side for one in all_modifiers().values() if one.side in ("left", "right")}
_SIDED = frozenset(_SIDES)
_BOTH = "50"
_CHAPTERS = ("C", "D", "E", "H", "L", "M", "N", "Q", "S", "T", "G5", "I7", "I8")
_OTHER = {"left": "right", "right": "left"}
_THUMB, _INDEX, _MIDDLE, _RING, _LITTLE = "thumb", "index finger", "middle finger", "ring finger", "little finger"
_GREAT, _LESSER = "great toe", "lesser toe"
_DIGITS = {
    "FA": _THUMB,
    "F1": _INDEX,
    "F2": _MIDDLE,
    "F3": _RING,
    "F4": _LITTLE,
    "F5": _THUMB,
    "F6": _INDEX,
    "F7": _MIDDLE,
    "F8": _RING,
    "F9": _LITTLE,
    "TA": _GREAT,
    "T5": _GREAT,
    **dict.fromkeys(("T1", "T2", "T3", "T4", "T6", "T7", "T8", "T9"), _LESSER),
}
_WORDS = (_THUMB, _INDEX, _MIDDLE, _RING, _LITTLE, _GREAT, _LESSER)
_NAMED = frozenset(_DIGITS)
_NONE: frozenset[str] = frozenset()
_WHY = "A procedure on one side for a condition of the other is a slip in one of the two; payers deny it."


@lru_cache(65_536)
def _sides(book: CodeBook, code: str) -> frozenset[str]:
    """The sides that a diagnosis is of: left, right, or both for bilateral ones; none for what has or tells none."""
    found = book.code(code) if code.startswith(_CHAPTERS) else None
    if found is None:
        return _NONE
    words = frozenset(found.title.lower().replace(",", " ").split())
    if "bilateral" in words or "both" in words:
        return frozenset(_OTHER)
    return words & _OTHER.keys()


@lru_cache(65_536)
def _digits(book: CodeBook, code: str) -> frozenset[str]:
    """The fingers and toes that a diagnosis names."""
    found = book.code(code)
    title = "" if found is None else found.title.lower()
    return frozenset(word for word in _WORDS if word in title)


def _book(claim: Claim, ctx: Context) -> CodeBook | None:
    books, day = ctx.reference.icd10cm, claim.service.start
    found = books.on(day) if books is not None and day is not None else None
    return None if found is None else found.codes


def _pointed(claim: Claim, service: ServiceLine) -> list[str]:
    most = len(claim.diagnoses)
    return [claim.diagnoses[one - 1].code for one in service.diagnosis_pointers if 0 < one <= most]


@rule(
    "laterality.side",
    ERROR,
    source="ICD-10-CM Official Guidelines I.B.13; HCPCS Level II anatomic modifiers",
    why=_WHY,
    forms=PROFESSIONAL,
    needs=schema.CODES,
    modifiers=_SIDED,
)
def side(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A line's side (RT, LT, eyelid, finger, toe) is one of those of its diagnoses that have a side."""
    if _SIDED.isdisjoint(claim.modifiers):
        return
    book = _book(claim, ctx)
    if book is None:
        return
    for service in claim.lines:
        mine = {_SIDES[one] for one in service.procedure.modifiers if one in _SIDES}
        if len(mine) != 1:
            continue
        of_diagnoses = [(code, _sides(book, code)) for code in _pointed(claim, service)]
        sided = [(code, sides) for code, sides in of_diagnoses if sides]
        if sided and not any(mine & sides for _, sides in sided):
            here = min(mine)
            message = f"{service.procedure.code} is of the {here}; {sided[0][0]} is of the {_OTHER[here]}."
            fix = "Correct the modifier or the diagnosis, whichever the record contradicts."
            severity = Severity.ERROR if len(sided) == len(of_diagnoses) else Severity.WARNING
            yield Problem(line(service.number, "modifiers"), message, fix, severity)


@rule(
    "laterality.both-sides",
    WARNING,
    source="ICD-10-CM Official Guidelines I.B.13; Claims Processing Manual ch. 12 §40.7",
    forms=PROFESSIONAL,
    needs=schema.CODES,
    modifiers=(_BOTH,),
)
def both_sides(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """What was done on both sides (50) has diagnoses of both, where they have sides at all."""
    if _BOTH not in claim.modifiers:
        return
    book = _book(claim, ctx)
    if book is None:
        return
    for service in claim.lines:
        if _BOTH in service.procedure.modifiers:
            sides = _NONE.union(*[_sides(book, code) for code in _pointed(claim, service)])
            if len(sides) == 1:
                message = f"{service.procedure.code} was done on both sides; its diagnoses are of the {min(sides)}."
                fix = "Add the diagnosis of the other side, or use RT or LT."
                yield Problem(line(service.number, "diagnosis_pointers"), message, fix)


@rule(
    "laterality.digit",
    WARNING,
    source="HCPCS Level II modifiers FA–F9, TA–T9; ICD-10-CM Official Guidelines I.B.2",
    why=_WHY,
    forms=PROFESSIONAL,
    needs=schema.CODES,
    modifiers=_NAMED,
)
def digit(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A line's finger or toe is the one of its diagnoses, where one of them names it."""
    if _NAMED.isdisjoint(claim.modifiers):
        return
    book = _book(claim, ctx)
    if book is None:
        return
    for service in claim.lines:
        named = [one for one in service.procedure.modifiers if one in _DIGITS]
        told = _NONE.union(*[_digits(book, code) for code in _pointed(claim, service)])
        if len(named) == 1 and told and _DIGITS[named[0]] not in told:
            message = f"{named[0]} is of the {_DIGITS[named[0]]}; the diagnosis is of the {min(told)}."
            fix = "Correct the modifier or the diagnosis, whichever the record contradicts."
            yield Problem(line(service.number, "modifiers"), message, fix)
