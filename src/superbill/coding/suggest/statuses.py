"""What is over and still counts: old and subsequent infarctions, sequelae of stroke, family history.

ICD-10-CM Official Guidelines FY2026 I.C.9.e (infarction within and after four weeks), I.C.9.d (sequelae of
cerebrovascular disease), I.C.6.a (dominant side), I.C.21.c.4 (history).
"""

import re

from superbill.coding.reading.model import ASSESSING, Mention
from superbill.coding.suggest.becomes import family_history_of
from superbill.coding.suggest.candidates import Candidate, Case
from superbill.coding.suggest.model import Step

_INFARCTION = "ICD-10-CM Official Guidelines I.C.9.e"
_STROKE = "ICD-10-CM Official Guidelines I.C.9.d"
_AGO = re.compile(
    r"\b(\d{1,3}|an?|one|two|three|four|five|six|several|many|few) (day|week|month|year)s? (?:ago|earlier|prior|"
    r"before|after)",
    re.IGNORECASE,
)
_NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "several": 5,
    "many": 10,
    "few": 3,
}
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_OLD = re.compile(
    r"\b(?:old|remote|history of|h/o|prior|previous|past)\b|\bin (?:19|20)\d\d\b|\blast year\b", re.IGNORECASE
)
_AFTER_STROKE = re.compile(
    r"\b(?:late effects?|sequelae?|residual\w*|following|after|from|due to|secondary to)\b[^.;]{0,40}"
    r"\b(?:stroke|CVA|cerebral infarct\w*|cerebrovascular accident|infarct\w*)\b|\bpost-?stroke\b",
    re.IGNORECASE,
)
_ACUTE_STROKE = re.compile(r"\bacute (?:\w+ ){0,2}(?:stroke|CVA|infarct)", re.IGNORECASE)
_DEFICITS = (
    ("G81", "I69.35"), ("G83.2", "I69.33"), ("G83.1", "I69.34"), ("R47.01", "I69.320"), ("R47.02", "I69.321"),
    ("R47.1", "I69.322"), ("R13.1", "I69.391"), ("R29.810", "I69.392"), ("R27", "I69.393"), ("R41.3", "I69.311"),
)  # fmt: skip
_LEFT_HANDED = re.compile(r"\bleft[- ]hand(?:ed|edness)|\bleft[- ]dominant", re.IGNORECASE)


def stood(case: Case) -> None:
    """Old infarctions, sequelae, family history in the assessment."""
    _infarctions(case)
    _sequelae(case)
    _dominance(case)
    _family(case)


def _days(text: str) -> int | None:
    """How many days ago a sentence says that something was; None when it doesn't say."""
    found = _AGO.search(text)
    if not found:
        return None
    number = int(found[1]) if found[1].isdigit() else _NUMBERS[found[1].casefold()]
    return number * _DAYS[found[2].casefold()]


def _infarctions(case: Case) -> None:
    note = case.note
    for mention in note.reading.mentions:
        if not mention.codes or not mention.codes[0].startswith("I21") or mention.negated or mention.uncertain:
            continue
        if mention.experiencer != "patient" or note.reading.kind_of(mention) not in ASSESSING:
            continue
        sentence = note.reading.sentence_of(mention)
        said = note.text[sentence.start : sentence.end]
        days = _days(said)
        old = (
            days > 28
            if days is not None
            else mention.time == "past" or bool(_OLD.search(said[: mention.start - sentence.start]))
        )
        if not old:
            continue
        step = Step(
            "coding.status.old-infarction", "an infarction of more than four weeks ago is old", f"{_INFARCTION}.1"
        )
        mine = [each for each in case.having("I21", "I22") if each.mention is mention]
        if mine:
            case.put(mine[0], "I25.2", step)
        elif not case.having("I21", "I22"):
            case.add("I25.2", ((mention.start, mention.end),), step)


def _sequelae(case: Case) -> None:
    note = case.note
    for one in list(case.candidates):
        row = next((row for row in _DEFICITS if one.name.startswith(row[0])), None)
        if row is None or one.mention is None:
            continue
        sentence = note.reading.sentence_of(one.mention)
        if not _AFTER_STROKE.search(note.text, sentence.start, sentence.end) or note.find(_ACUTE_STROKE):
            continue
        step = Step("coding.status.sequela-of-stroke", "a deficit left by a stroke", _STROKE)
        new = row[1] if len(row[1]) == 7 else f"{row[1]}{_side_digit(case, one)}"
        changed = case.put(one, new, step)
        if changed is not None:
            for stroke in case.having("I63", "Z86.73", "I69.30"):
                case.drop(stroke, step)


def _side_digit(case: Case, one: Candidate) -> str:
    """1 right dominant, 2 left dominant, 3 right nondominant, 4 left nondominant, 9 side not said."""
    side = case.note.side(one.mention) if one.mention else ""
    left_handed = case.note.find(_LEFT_HANDED) is not None
    if side == "right":
        return "3" if left_handed else "1"
    if side == "left":
        return "2" if left_handed else "4"
    return "9"


def _dominance(case: Case) -> None:
    """The side of a hemiplegia: right is dominant, left is not, where the note doesn't say (I.C.6.a)."""
    for one in case.having("G81.9", "G81.0", "G81.1", "I69.35", "I69.05", "I69.15", "I69.25", "I69.85", "I69.95"):
        if one.name.endswith(("0", "9")):
            digit = _side_digit(case, one)
            last = ("0" if digit == "9" else digit) if one.name.startswith("G") else digit
            if not one.name.endswith(last):
                step = Step(
                    "coding.status.dominance", "the dominant side by default", "ICD-10-CM Official Guidelines I.C.6.a"
                )
                case.put(one, one.name[:-1] + last, step)


def _family(case: Case) -> None:
    note = case.note
    for mention in note.reading.mentions:
        if _of_family(mention) and note.reading.kind_of(mention) in ASSESSING:
            code = family_history_of(mention.codes[0])
            if code:
                step = Step("coding.status.family", "a relative has it", "ICD-10-CM Official Guidelines I.C.21.c.4")
                case.add(code, ((mention.start, mention.end),), step, score=0.45 if case.candidates else 1.0)


def _of_family(mention: Mention) -> bool:
    return mention.experiencer == "family" and mention.what == "problem" and bool(mention.codes) and not mention.negated
