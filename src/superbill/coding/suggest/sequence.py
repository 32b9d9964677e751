"""The order in which codes are listed: the reason chiefly responsible for the visit, others treated, chronic, status.

ICD-10-CM Official Guidelines FY2026: IV.G (first-listed), IV.J (coexisting conditions), I.A.13 (etiology first),
I.C.15.a.1 (chapter 15 first), I.C.1.d.4 (sepsis), I.C.21.c.16 (codes that can only be first), I.B.10 (sequela).
"""

from superbill.codesets.icd10cm import schema
from superbill.coding.checks.compiled import Entry, entries
from superbill.coding.groups import belongs
from superbill.coding.suggest.candidates import UNPLACED, Candidate, Case
from superbill.coding.suggest.model import Step

SOURCE = "ICD-10-CM Official Guidelines IV.G"
_FIRST = ("Z00.0", "Z00.1", "Z01", "Z02", "Z51.0", "Z51.1", "Z38", "Z34", "Z33.2", "Z08", "Z09", "Z76.1", "Z39", "Z52")
_ASIDE = ("Z01", "Z02", "Z08", "Z09")
"""First when the visit is for them, not when they are one problem after others."""
_PREVENTIVE = ("Z00.0", "Z00.1")
_LAST = (
    "Z7",
    "Z8",
    "Z9",
    "Z55",
    "Z56",
    "Z57",
    "Z58",
    "Z59",
    "Z60",
    "Z62",
    "Z63",
    "Z64",
    "Z65",
    "Z68",
    "Z3A",
    "Z71",
    "Z72",
    "Z73",
)
_KIN = ("Z80", "Z81", "Z82", "Z83", "Z84")
"""Of relatives: a reason for the visit only where it is a problem of its own."""
_SEPSIS = ("A40", "A41", "A02.1", "A22.7", "A26.7", "A32.7", "A42.7", "B37.7", "A54.86")


def ordered(case: Case) -> None:
    """Puts the candidates in sequence, and says of the first why it is."""
    ranked = sorted(case.candidates, key=lambda each: _rank(each, case))
    ranked = _etiology_first(ranked, case)
    if ranked:
        ranked[0] = ranked[0].because(Step("coding.sequence.first", _why(ranked[0]), SOURCE))
    case.candidates = ranked


def _rank(one: Candidate, case: Case) -> tuple[int, int, int]:
    """Smaller goes first."""
    code = one.name
    if code.startswith(_PREVENTIVE):
        return (0, 0, 0)
    if code.startswith("O") or (case.having("O") and code.startswith("Z34")):
        return (1, one.place, 0)
    if code.startswith(_SEPSIS):
        return (2, 0, 0)
    if code.startswith("T") and code[3:4] == "." and len(code) == 8 and code[6] == "6":
        return (7, one.place, 0)
    if belongs(code, "secondary_only") or code.startswith(("Z68", "Z79", "Z3A", "R65.2")):
        return (9, one.place, 0)
    kin = code.startswith(_KIN) and one.problem < 0
    if code.startswith(_LAST) and (kin or not (one.place == 0 and one.score > 0.5)):
        return (8, one.place, 0)
    if code == "U09.9":  # code first the condition that COVID-19 left behind
        return (4, one.place, 0)
    if code.startswith(_ASIDE) and 0 < one.place < UNPLACED:
        return (3, one.place, 1)
    if code.startswith(_FIRST):
        return (1, one.place, 0)
    return (3, one.place, 0)


def _etiology_first(ranked: list[Candidate], case: Case) -> list[Candidate]:
    """Moves a code behind the one that its code-first note names; what asks for an additional code before it."""
    known = entries(case.note.book)
    for _ in range(len(ranked)):
        moved = False
        for place, one in enumerate(ranked):
            own = known.entry(schema.undotted(one.name))
            if own is None:
                continue
            after = [known.entry(schema.undotted(each.name)) for each in ranked[place + 1 :]]
            later = next((place + 1 + at for at, each in enumerate(after) if _goes_before(each, own)), None)
            if later is not None:
                ranked.insert(place, ranked.pop(later))
                moved = True
                break
        if not moved:
            break
    return ranked


def _goes_before(other: Entry | None, own: Entry) -> bool:
    """Does a code's note put the other before this one?"""
    if other is None:
        return False
    if any(rule.named.names(own.beginnings) for rule in other.first):
        return False
    if any(rule.named.names(other.beginnings) for rule in own.first):
        return True
    asks = any(rule.named.names(own.beginnings) for rule in other.additional)
    back = any(rule.named.names(other.beginnings) for rule in own.additional)
    return asks and not back


def _why(first: Candidate) -> str:
    if first.name.startswith(_PREVENTIVE):
        return "the examination is the reason for the visit"
    if first.name.startswith("O"):
        return "conditions of pregnancy go first"
    return "chiefly responsible for the visit: the first problem of the assessment"
