"""Pregnancy: weeks and trimester, other conditions that complicate it, weeks of gestation beside them.

ICD-10-CM Official Guidelines FY2026 I.C.15: chapter 15 goes first and any condition in pregnancy complicates it unless
the provider says that it is incidental (a.1); trimesters by completed weeks, first under 14, second under 28 (intro);
Z3A beside chapter 15 except with abortive outcomes (I.C.21.c.11); Z34 never with chapter 15 (b.1).
"""

import re

from superbill.codesets.icd10cm import schema
from superbill.coding.suggest.candidates import Candidate, Case
from superbill.coding.suggest.model import Step
from superbill.coding.suggest.said import Note

SOURCE = "ICD-10-CM Official Guidelines I.C.15.a.1"
# Conditions, what they become in pregnancy, and whether the condition is coded behind it.
_COMPLICATIONS = (
    ("E10", "O24.01", True), ("E11", "O24.11", True), ("E13", "O24.81", True), ("I10", "O10.01", False),
    ("I11", "O10.11", True), ("I12", "O10.21", True), ("D50", "O99.01", True), ("D51", "O99.01", True),
    ("D52", "O99.01", True), ("D53", "O99.01", True), ("D57", "O99.01", True), ("D64", "O99.01", True),
    ("D6", "O99.11", True), ("N10", "O23.0", True), ("N30", "O23.1", True), ("N39.0", "O23.4", False),
    ("E66", "O99.21", True), ("E0", "O99.28", True), ("E2", "O99.28", True), ("E7", "O99.28", True),
    ("E8", "O99.28", True), ("F17", "O99.33", True), ("F10", "O99.31", True), ("F11", "O99.32", True),
    ("F12", "O99.32", True), ("F14", "O99.32", True), ("F15", "O99.32", True), ("F19", "O99.32", True),
    ("F", "O99.34", True), ("G", "O99.35", True), ("I83", "O22.0", False), ("I82.4", "O22.3", True),
    ("I", "O99.41", True), ("J", "O99.51", True), ("K80", "O26.61", True), ("K7", "O26.61", True),
    ("K", "O99.61", True), ("L", "O99.71", True), ("U07.1", "O98.51", True), ("B20", "O98.71", True),
    ("B15", "O98.41", True), ("B16", "O98.41", True), ("B17", "O98.41", True), ("B18", "O98.41", True),
    ("B19", "O98.41", True), ("A60", "O98.31", True), ("A56", "O98.31", True), ("A54", "O98.21", True),
    ("C", "O9A.11", True),
)  # fmt: skip
_WEEKS = re.compile(
    r"(?<![\d.-])(\d{1,2})(?:\s?w(?:ks?|eeks?)?\.?(?:\s?\d\s?(?:d|days?))?\b(?!\s+(?:ago|later|post|after|"
    r"follow|from|old|of (?:therapy|"
    r"treatment|physical)))|\s?-?\s?weeks?[- ](?:gestation|pregnan\w+)|\s?(?:\d/7|and \d/7) weeks?)",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"\b(?:in|for|past|last|every|x|next|over|within|(?<!is )(?<!at )about|return in|up in)\s*$", re.IGNORECASE
)
_PREGNANT = re.compile(
    r"\b(?:pregnan(?:t|cy)|gestation(?:al)?|intrauterine pregnancy|IUP|antepartum|deliver(?:y|ed)|prenatal|"
    r"obstetric|gravid\w*|G\d ?P\d|preterm labor|"
    r"pre-?eclampsia|maternal age|EGA)\b",
    re.IGNORECASE,
)  # fmt: skip
_NOT = re.compile(
    r"\bpregnancy test|\bpostpartum\b|\bnot pregnant\b|\bprevious pregnanc|\bpast pregnanc|\bprior pregnanc",
    re.IGNORECASE,
)
_INCIDENTAL = re.compile(
    r"\bincidental(?:ly)?\b|\bnot (?:affecting|complicating) (?:the |her )?pregnancy", re.IGNORECASE
)
_ABORTIVE = ("O00", "O01", "O02", "O03", "O04", "O07", "O08")
_OUTCOMES = (
    ("Z37.0", re.compile(r"\bsingle (?:live ?born|live birth|viable)|\b(?:healthy|viable|"
                         r"liveborn) (?:baby )?(?:boy|girl|male|female|infant)", re.IGNORECASE)),
    ("Z37.2", re.compile(r"\btwins?,? both live ?born|\bliveborn twins", re.IGNORECASE)),
    ("Z37.1", re.compile(r"\bsingle still ?born|\bstillbirth", re.IGNORECASE)),
)  # fmt: skip


def weeks(note: Note) -> tuple[int, tuple[int, int]] | None:
    """The completed weeks of the pregnancy that the note is about and where it says so; None for none."""
    if note.visit.sex == "male" or note.find(_PREGNANT) is None:
        return None
    for match in _WEEKS.finditer(note.text):
        number = int(match[1])
        before = note.text[max(0, match.start() - 14) : match.start()]
        if 3 <= number <= 43 and not _SPAN.search(before):
            return number, match.span()
    return None


def trimester(number: int) -> str:
    """By completed weeks: first under 14, second under 28, then third."""
    return "first" if number < 14 else "second" if number < 28 else "third"


def carried(case: Case) -> None:
    """Puts the conditions of a pregnant patient under chapter 15 and adds the weeks."""
    note = case.note
    found = weeks(note)
    known = trimester(found[0]) if found else ""
    pregnant = [each for each in case.candidates if each.name.startswith(("O", "Z34", "Z33.1"))]
    for one in pregnant:
        _in_trimester(case, one, known)
    if not _is_pregnant(case, bool(pregnant)):
        return
    if not any(each.name.startswith(("O8", *_ABORTIVE)) for each in case.candidates):
        for one in list(case.candidates):
            _complicated(case, one, known)
    _tidy(case)
    _weeks_added(case, found)
    _delivered(case)


def _is_pregnant(case: Case, said: bool) -> bool:
    """Is the patient pregnant now, and the pregnancy not just in passing?"""
    note = case.note
    if note.visit.sex == "male" or note.find(_INCIDENTAL):
        return False
    if note.visit.age is not None and not 9 <= note.visit.age <= 60:
        return False
    return said


def _in_trimester(case: Case, one: Candidate, known: str) -> None:
    """The code of the same condition in the trimester that the note gives."""
    if not known or "trimester" not in one.code.title.casefold():
        return
    new = _of_trimester(case, one.code.parent, known)
    if new and new != one.name:
        case.put(
            one,
            new,
            Step("coding.pregnancy.trimester", f"{known} trimester by weeks", "ICD-10-CM Official Guidelines I.C.15"),
        )


def _of_trimester(case: Case, parent: str, known: str) -> str:
    wanted = f"{known} trimester" if known else "unspecified trimester"
    under = [each for each in case.note.book.under(parent) if each.billable]
    found = next((each for each in under if wanted in each.title.casefold()), None)
    return found.code if found else ""


def _complicated(case: Case, one: Candidate, known: str) -> None:
    row = next((row for row in _COMPLICATIONS if one.name.startswith(row[0])), None)
    if row is None or any(each.name.startswith(row[1][:6]) for each in case.candidates):
        return
    parent = row[1]
    code = _of_trimester(case, parent, known)
    if not code:
        code = next((each.code for sub in case.note.book.under(parent) for each in (sub,) if each.billable), "")
    if not code:
        return
    step = Step("coding.pregnancy.complicates", f"{one.name} complicates the pregnancy: {code}", SOURCE)
    case.add(code, one.spans, step, like=one)
    if not row[2]:
        case.drop(one, step)


def _tidy(case: Case) -> None:
    """Z33.1 and Z34 don't stand with chapter 15 (I.C.15.a.1, b.1)."""
    chapter = [each for each in case.candidates if each.name.startswith("O") and not each.name.startswith("O09")]
    if chapter or case.having("O09"):
        for one in case.having("Z33.1", "Z34", "N91"):
            case.drop(
                one,
                Step(
                    "coding.pregnancy.normal",
                    f"{one.name} is for pregnancies without complication",
                    "ICD-10-CM Official Guidelines I.C.15.b.1",
                ),
            )


def _weeks_added(case: Case, found: tuple[int, tuple[int, int]] | None) -> None:
    mine = [each for each in case.candidates if each.name.startswith(("O", "Z34"))]
    if found is None or not mine or any(each.name.startswith(_ABORTIVE) for each in mine):
        return
    number, span = found
    code = "Z3A.01" if number < 8 else f"Z3A.{min(number, 42):02}" if number <= 42 else "Z3A.49"
    step = Step("coding.pregnancy.weeks", f"{number} weeks of gestation", "ICD-10-CM Official Guidelines I.C.21.c.11")
    case.add(code, (span,), step)


def _delivered(case: Case) -> None:
    if not any(schema.undotted(each.name) == "O80" or "childbirth" in each.code.title for each in case.candidates):
        return
    for code, pattern in _OUTCOMES:
        found = case.note.find(pattern)
        if found:
            case.add(
                code,
                (found,),
                Step("coding.pregnancy.outcome", "outcome of delivery", "ICD-10-CM Official Guidelines I.C.15.b.5"),
            )
            return
