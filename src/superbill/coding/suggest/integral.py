"""Signs and symptoms that a diagnosis explains are not coded beside it (guidelines I.B.5, IV.D).

The table integral.yaml says which diseases explain which symptoms. A symptom without a disease that explains it stays
(I.B.6); beside an uncertain diagnosis it stays as well, because that diagnosis isn't coded (IV.H).
"""

from functools import cache

from msgspec import Struct

from superbill.codesets.icd10cm import schema
from superbill.coding.checks.compiled import entries
from superbill.coding.checks.guidelines.codes import Codes, codes
from superbill.coding.reading.tables import table
from superbill.coding.suggest.candidates import UNPLACED, Candidate, Case
from superbill.coding.suggest.model import Step

SOURCE = "ICD-10-CM Official Guidelines I.B.5"
_SYMPTOMS = codes("R M25.4 M25.5 M25.6 M54.2 M54.5 M54.6 M54.8 M54.9 M79.1 M79.6 H57.1 N64.4 H92.0 H53.8 H53.9")
_APART = codes("R63 R53 R60 R42 R51 R00 R20 R45 R74 R35 R13 R31 R16 G47")
"""General symptoms: a problem of their own beside the disease when the provider assesses them as one."""


class Row(Struct, frozen=True, forbid_unknown_fields=True):
    """`of`: the diseases; `are`: the symptoms that they explain. Both as the tables of the checks write codes."""

    of: str
    are: str
    why: str = ""


@cache
def _rows() -> tuple[tuple[Codes, Codes, str], ...]:
    read = table("superbill.coding.suggest.data", "integral.yaml", tuple[Row, ...])
    return tuple((codes(row.of), codes(row.are), row.why) for row in read)


def pruned(case: Case) -> None:
    """Leaves out the symptoms that another candidate explains."""
    for one in list(case.candidates):
        plain = schema.undotted(one.name)
        if _of_drug(one, case):
            continue
        if not plain.startswith(("R", "M", "H", "N", "K", "G", "J", "Z", "S", "L", "E", "D")):
            continue
        explained = _explained(plain, one, case)
        if explained is not None:
            other, why = explained
            words = why or f"{one.name} is a symptom of {other.name}"
            if one.place < other.place < UNPLACED:  # the complaint that it explains is what the visit is for
                case.forward(other, one.place)
            case.drop(one, Step("coding.integral.symptom", words, SOURCE))


def _explained(plain: str, one: Candidate, case: Case) -> tuple[Candidate, str] | None:
    apart = _APART.matches(plain)
    for of, are, why in _rows():
        if not are.matches(plain):
            continue
        for other in case.candidates:
            if other is one or not of.matches(schema.undotted(other.name)):
                continue
            elsewhere = one.problem >= 0 and other.problem >= 0 and one.problem != other.problem
            if elsewhere and (apart or _doubted(one, of, case) or _open(one, of, case)):
                continue
            return other, why
    return _same_block(plain, one, case)


def _of_drug(one: Candidate, case: Case) -> bool:
    """Is a drug said to have done it? Then the nature of the adverse effect is coded (I.C.19.e.5.a)."""
    return any(
        schema.undotted(each.name)[5:6] == "5" and each.place == one.place and each.problem == one.problem >= 0
        for each in case.having("T36", "T37", "T38", "T39", "T4", "T50")
    )


def _doubted(one: Candidate, of: Codes, case: Case) -> bool:
    """Is the disease said only to be a possible cause of a symptom that is a problem of its own (IV.H)?"""
    reading = case.note.reading
    return any(
        each.uncertain and each.codes and of.matches(schema.undotted(each.codes[0]))
        and reading.sentence_of(each).problem == one.problem
        for each in reading.mentions
    )  # fmt: skip


_DISCUSSED = 15
"""Characters after a title, fewer of which are no discussion of it: the item of a mere list."""


def _open(one: Candidate, of: Codes, case: Case) -> bool:
    """Is a symptom of chapter 18 assessed as a problem of its own, whose discussion doesn't name the disease?"""
    if one.name[0] != "R" or one.mention is None:
        return False
    reading = case.note.reading
    problem = reading.outline.problems[one.problem]
    if not problem.start <= one.mention.start < problem.title_end:
        return False
    if not problem.discussed and len(case.note.text[problem.title_end : problem.end].strip(" .:;\n\r\t")) < _DISCUSSED:
        return False
    return not any(
        each.codes and not each.negated and of.matches(schema.undotted(each.codes[0]))
        and reading.sentence_of(each).problem == one.problem
        for each in reading.mentions
    )  # fmt: skip


def _same_block(plain: str, one: Candidate, case: Case) -> tuple[Candidate, str] | None:
    """A symptom in a problem that names the disease of the same part as well: "knee pain, osteoarthritis"."""
    if not _SYMPTOMS.matches(plain) or one.problem < 0:
        return None
    known = entries(case.note.book)
    for other in case.candidates:
        entry = known.entry(schema.undotted(other.name))
        if other is one or other.problem != one.problem or entry is None:
            continue
        if _SYMPTOMS.matches(entry.plain) or other.name[0] in "ZVWXYRT" or not _related(plain, entry.plain):
            continue
        return other, f"{other.name}, named in the same problem, explains {one.name}"
    return None


_SYSTEMS = (
    (codes("R07 R05 R06 R09"), codes("I20-I52 J K21 S20-S29")),
    (codes("R10 R14 R19.0"), codes("K N A00-A09 C15-C26")),
    (codes("R20-R23"), codes("L G B35-B36 E11.4")),
    (codes("R25-R29 R42 R51 R55"), codes("G H81-H83 I60-I69 S06")),
    (codes("R30-R39"), codes("N C64-C68")),
    (codes("R40-R46"), codes("F G")),
    (codes("M25 M79.6 M79.1 M54 R20 R60.0 R26"), codes("M S G54-G58")),
    (codes("H57.1 H53"), codes("H00-H59 S05")),
    (codes("H92"), codes("H60-H95")),
    (codes("R50 R53 R63"), codes("J09-J22 A B C U07")),
)  # fmt: skip


def _related(symptom: str, disease: str) -> bool:
    return any(symptoms.matches(symptom) and diseases.matches(disease) for symptoms, diseases in _SYSTEMS)
