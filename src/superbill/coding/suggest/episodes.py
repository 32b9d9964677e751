"""The seventh character of injuries and the like: active treatment, routine care while healing, sequela.

ICD-10-CM Official Guidelines FY2026, I.C.19.a (A while the patient receives active treatment, D after it, S for
complications that arise from the injury) and I.C.19.c (fractures: delayed healing G, nonunion K, malunion P; one not
said to be open is closed).
"""

import re

from superbill.codesets.icd10cm.lookup import Code
from superbill.coding.reading.model import Kind, Mention
from superbill.coding.suggest.model import Step
from superbill.coding.suggest.said import Note

SOURCE = "ICD-10-CM Official Guidelines I.C.19.a"
_FRACTURES = "ICD-10-CM Official Guidelines I.C.19.c"
_SEQUELA = re.compile(r"\b(?:sequelae?|late effects?|residuals? (?:of|from))\b", re.IGNORECASE)
_AFTER = re.compile(
    r"\b(?:(?<!told to )(?<!advised to )(?<!instructed to )(?<!asked to )"
    r"follow[- ]?up(?! (?:in|with|as|if|prn|visit in|appointment|here in|to be|instructions))|f/u(?! (?:in|"
    r"with|prn))|re-?check|re-?evaluation|return(?:s|ing)? (?:today )?(?:for|to)|post-?op\w*|"
    r"(?:days?|weeks?|months?) (?:post|after|out from|status post|s/p)|healing (?:well|fracture|appropriately)|"
    r"routine(?:ly)? healing|suture removal|staple removal|cast (?:removal|removed|change|is|was|has)|"
    r"out of (?:the|her|his) cast|in (?:a|her|his|the) (?:cast|boot|splint|brace) (?:for|since)|"
    r"interval (?:callus|healing)|callus formation|aftercare)",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:initial|new patient|first (?:time|visit)|acute(?:ly)?|yesterday|today|this morning|last night|hours? ago|earlier)\b",
    re.IGNORECASE,
)
_HEALING = (
    ("K", re.compile(r"\bnon-?union\b", re.IGNORECASE), "nonunion"),
    ("P", re.compile(r"\bmal-?union\b", re.IGNORECASE), "malunion"),
    ("G", re.compile(r"\bdelayed (?:healing|union)\b", re.IGNORECASE), "delayed healing"),
)
_OPEN = re.compile(
    r"\b(?:open|compound)\b(?=[^.;:]{0,40}\bfractur)|\bfractur\w*[^.;:]{0,20}\b(?:open|compound)\b(?! reduction)",
    re.IGNORECASE,
)
_REDUCTION = re.compile(r"\bopen reduction\b|\bORIF\b", re.IGNORECASE)


def completed(code: Code, mention: Mention, note: Note) -> tuple[Code, Step] | None:
    """The code with the character for its episode of care; None when the code has nothing under it."""
    under = {each.code[-1]: each for each in note.book.under(code.code) if each.billable}
    if not under:
        return None
    letter, words, source = _letter(mention, note, under)
    chosen = under.get(letter) or under.get("A") or next(iter(under.values()))
    return chosen, Step("coding.resolve.episode", f"{words}: {chosen.code}", source)


def _letter(mention: Mention, note: Note, under: dict[str, Code]) -> tuple[str, str, str]:
    sentence = note.reading.sentence_of(mention)
    here = (sentence.start, sentence.end)
    said = mention.value("encounter")
    if said == "sequela" or note.find(_SEQUELA, *here):
        return "S", "a sequela", SOURCE
    fracture = "fracture" in next(iter(under.values())).title.casefold()
    if fracture and "K" in under:
        for letter, pattern, words in _HEALING:
            if note.find(pattern):
                return letter, f"care after the injury, {words}", _FRACTURES
    if said == "subsequent" or (said != "initial" and _later(mention, note)):
        return "D", "routine care after active treatment", _FRACTURES if fracture else SOURCE
    if fracture and "B" in under and note.find(_OPEN) and not note.find(_REDUCTION):
        return "B", "active treatment of an open fracture", _FRACTURES
    return "A", "active treatment", _FRACTURES if fracture else SOURCE


def _later(mention: Mention, note: Note) -> bool:
    """Does the patient come back after active treatment? The complaint and the opening of the history say so."""
    outline = note.reading.outline
    words = frozenset(token for token in mention.name.casefold().split() if len(token) > 3)
    for section in outline.sections:
        if section.kind not in (Kind.CHIEF_COMPLAINT, Kind.HISTORY, Kind.INTERVAL, Kind.INDICATION):
            continue
        end = min(section.end, section.body + 400)
        if note.find(_FIRST, section.body, end) and section.kind is not Kind.CHIEF_COMPLAINT:
            return False
        if note.find(_AFTER, section.body, end):
            return True
    sentence = note.reading.sentence_of(mention)
    return bool(words) and note.find(_AFTER, sentence.start, sentence.end) is not None
