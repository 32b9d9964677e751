"""Drugs that did harm, were taken in too great a dose, or too little: adverse effect, poisoning, underdosing.

ICD-10-CM Official Guidelines FY2026 I.C.19.e.5: for an adverse effect the nature first, then T36-T50 with 5; for a
poisoning the T code first, then what it caused; underdosing (6) never first, with Z91.1- for its reason.
"""

import re
from functools import cache

from superbill.coding.reading.tables import table
from superbill.coding.suggest.candidates import Candidate, Case
from superbill.coding.suggest.model import Step

SOURCE = "ICD-10-CM Official Guidelines I.C.19.e.5"
_CAUSE = re.compile(
    r"(?:due to|secondary to|caused by|induced by|from(?: taking)?|related to|side effects? (?:of|from|to)|"
    r"reaction to|"
    r"attributed to|adverse effects? (?:of|from)|because of|after (?:taking|starting))\s+"
    r"(?:(?:her|his|the|their|taking|chronic|long-term|use of|oral|daily|recent|initiation of|starting) )*$",
    re.IGNORECASE,
)
_INDUCED = re.compile(r"^[- ](?:induced|related|associated)\b", re.IGNORECASE)
_OVERDOSE = re.compile(
    r"\b(?:overdos\w+|poisoning|intoxication by|took too (?:much|many)|ingest(?:ed|ion))\b", re.IGNORECASE
)
_HARM = re.compile(r"\b(?:suicid\w+|intentional(?:ly)?|self[- ]harm|on purpose)\b", re.IGNORECASE)
_UNDER = re.compile(
    r"\bunder-?dos\w+|\btak(?:es|ing) less than prescribed|\b(?:stopped|discontinued|quit|not) taking\b|"
    r"\bran out of\b|"
    r"\bnon-?complian\w+ with\b|\bnon-?adheren\w+ (?:with|to)\b|\bself-wean\w+|\bskip(?:s|ped|ping)\b",
    re.IGNORECASE,
)
_SAID_UNDER = re.compile(r"\bunder-?dos", re.IGNORECASE)
_REASONS = (
    ("Z91.120", re.compile(r"\b(?:financial|cannot afford|can't afford|cost|expensive|insurance)\b", re.IGNORECASE)),
    ("Z91.128", re.compile(r"\bintentional(?:ly)?\b|\bself-wean|\bside effects?\b|\bchose\b", re.IGNORECASE)),
    ("Z91.130", re.compile(r"\b(?:age-related|dementia|memory)\b", re.IGNORECASE)),
    ("Z91.138", re.compile(r"\b(?:forg[eo]t\w*|unintentional(?:ly)?)\b", re.IGNORECASE)),
)  # fmt: skip
_ALLERGY = re.compile(r"\ballerg(?:y|ies|ic)\b", re.IGNORECASE)


@cache
def _names() -> tuple[re.Pattern[str], dict[str, str]]:
    read = table("superbill.coding.suggest.data", "drug_effects.yaml", dict[str, tuple[str, ...]])
    stems = {name: stem for stem, names in read.items() for name in names}
    every = "|".join(re.escape(name) for name in sorted(stems, key=len, reverse=True))
    return re.compile(rf"\b(?:{every})\b", re.IGNORECASE), stems


def drugged(case: Case) -> None:
    """Adds the code of the drug beside what it did, in the sentences of the conditions that are coded."""
    pattern, stems = _names()
    note = case.note
    for one in list(case.candidates):
        if one.mention is None:
            continue
        sentence = note.reading.sentence_of(one.mention)
        for match in pattern.finditer(note.text, sentence.start, min(sentence.end, sentence.start + 600)):
            _judge(case, one, sentence.start, sentence.end, match, stems[match[0].casefold()])


def _judge(case: Case, one: Candidate, start: int, end: int, match: re.Match[str], stem: str) -> None:
    note = case.note
    if not note.affirmed(*match.span()) and not _SAID_UNDER.search(note.text, start, end):
        return
    before, after = note.text[start : match.start()], note.text[match.end() : end]
    if _OVERDOSE.search(note.text, start, end) and one.name.startswith(("T", "X", "R", "F")):
        _poisoned(case, one, stem, match.span(), bool(_HARM.search(note.text, start, end)))
    elif _SAID_UNDER.search(note.text, start, end):
        _underdosed(case, one, stem, match.span(), note.text[start:end])
    elif (_CAUSE.search(before[-70:]) or _INDUCED.match(after)) and not _unlikely(one):
        if _ALLERGY.search(before):
            return
        step = Step("coding.drug.adverse-effect", f"{match[0]} taken as prescribed did it", SOURCE)
        rash = case.put(one, "L27.0", step) if one.name == "R21" else None
        case.add(_whole(case, stem, "5"), (match.span(),), step, like=rash or one)


def _unlikely(one: Candidate) -> bool:
    """Is it a condition that a drug treats rather than causes?"""
    return one.name.startswith(("T", "Z", "E10", "E11", "I10")) and not one.name.startswith(("E10.64", "E11.64"))


def _poisoned(case: Case, one: Candidate, stem: str, span: tuple[int, int], harm: bool) -> None:
    code = _whole(case, stem, "2" if harm else "1")
    words = "overdose, self-harm" if harm else "overdose, accidental unless said otherwise"
    step = Step("coding.drug.poisoning", words, SOURCE)
    if one.name.startswith("T"):
        case.put(one, code, step)
    else:
        case.add(code, (span,), step, like=one)


def _underdosed(case: Case, one: Candidate, stem: str, span: tuple[int, int], said: str) -> None:
    case.add(
        _whole(case, stem, "6"),
        (span,),
        Step("coding.drug.underdosing", "less taken than prescribed", SOURCE),
        like=one,
    )
    reason = next((code for code, pattern in _REASONS if pattern.search(said)), "")
    if reason:
        case.add(reason, (span,), Step("coding.drug.reason", "why less was taken", SOURCE), like=one)


def _whole(case: Case, stem: str, intent: str) -> str:
    """The code of a drug with its intent, at its first encounter."""
    under = case.note.book.under(f"{stem}{intent}") or case.note.book.under(stem)
    return next((each.code for each in under if each.code.endswith("A")), f"{stem}{intent}A")
