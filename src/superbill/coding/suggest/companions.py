"""Codes that go with others: long-term drugs, body mass index, insulin, tobacco; what the Tabular List asks for.

Only what the note says plainly, and only beside a condition that it goes with (guidelines I.C.21.c.3, I.B.14,
I.C.4.a.3). They score below 0.5: useful, not needed.
"""

import re
from functools import cache

from msgspec import Struct

from superbill.coding.diagnoses import body_mass_code
from superbill.coding.reading.tables import table
from superbill.coding.suggest.candidates import Candidate, Case
from superbill.coding.suggest.model import Step

_OPTIONAL = 0.4


class Companion(Struct, frozen=True, forbid_unknown_fields=True):
    """`beside`: one of these must be there; `said`: the words that bring `code`; `unless`: words against it."""

    name: str
    code: str
    said: str
    source: str
    beside: tuple[str, ...] = ()
    unless: str = ""
    none: tuple[str, ...] = ()


@cache
def _table() -> tuple[tuple[Companion, re.Pattern[str], re.Pattern[str] | None], ...]:
    read = table("superbill.coding.suggest.data", "companions.yaml", tuple[Companion, ...])
    return tuple(
        (
            row, re.compile(row.said, re.IGNORECASE),
            re.compile(row.unless, re.IGNORECASE) if row.unless else None,
        )
        for row in read
    )  # fmt: skip


def accompanied(case: Case) -> None:
    """Adds the companions of the candidates."""
    _from_table(case)
    _body_mass(case)


def _from_table(case: Case) -> None:
    for row, said, unless in _table():
        beside = case.having(*row.beside) if row.beside else case.candidates
        if not beside or (row.none and case.having(*row.none)):
            continue
        found = _kept(case, said) if row.code.startswith("Z79") else case.note.find(said)
        if found is None or (unless is not None and case.note.find(unless)):
            continue
        step = Step(f"coding.companion.{row.name}", row.name.replace("-", " "), row.source)
        case.add(row.code, (found,), step, like=beside[0], score=_OPTIONAL)


_STOPPED = re.compile(
    r"\b(?:(?:stop(?:s|ped|ping)?|discuss(?:ed|ing)?|consider(?:ed|ing)?|declin\w+|refus\w+|discontinu\w+|d/c|"
    r"hold(?:ing)?|held|(?:came|come|taken|weaned?) off|instead of|allerg\w+ to)\s+"
    r"(?:(?:taking|using|the|her|his|their|use of|aspirin and)\s+){0,2}|"
    r"(?:finish\w+|complet\w+)\s+(?:[\w-]+\s+){0,5}(?:of\s+)?)$",
    re.IGNORECASE,
)


def _kept(case: Case, said: re.Pattern[str]) -> tuple[int, int] | None:
    """The first place that names the drug as one that the patient goes on with."""
    text = case.note.text
    start = 0
    while found := case.note.find(said, start):
        if not _STOPPED.search(text, max(0, found[0] - 40), found[0]):
            return found
        start = found[1]
    return None


_BMI = re.compile(r"\b(?:BMI|body mass index)\b[^0-9\n]{0,25}(\d{2}(?:\.\d{1,2})?)\b", re.IGNORECASE)


def _body_mass(case: Case) -> None:
    """The index beside a condition of weight that the provider states (I.B.14); for adults of 20 years and more."""
    weight: list[Candidate] = case.having(
        "E66", "E43", "E44", "E46", "R63.4", "R63.5", "R63.6", "E40", "E41", "E45", "F50"
    )
    age = case.note.visit.age
    if not weight or (age is not None and age < 20):
        return
    for match in _BMI.finditer(case.note.text):
        step = Step("coding.companion.body-mass", f"body mass index {match[1]}", "ICD-10-CM Official Guidelines I.B.14")
        case.add(body_mass_code(float(match[1])), (match.span(),), step, like=weight[0], score=_OPTIONAL)
        return
