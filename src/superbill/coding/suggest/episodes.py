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
_RECOVERING = re.compile(
    r"\b(?:healed|healing|(?:nearly|almost|now|fully)? ?resolved|resolving|recovered|full duty|return to (?:full )?duty"
    r"|(?:sutures?|stitches|staples|nylons?) (?:were |was )?(?:out|removed)|\d{1,2} (?:sutures |nylons? )?out)\b",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    r"(?:\b(?:SUBJECTIVE|S|HPI):\s*|^\s*)(?:\S+ ){0,4}?(?:"
    r"(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twelve)[ -]?"
    r"(?:days?|d|weeks?|wks?|months?|mo)\b(?! (?:history|of |hx|ago|old))|(?:day|D|wk|week|POD) ?#?\d{1,3}\b"
    r"|re-?check\b|wound check\b|suture removal|SR\b|f/u\b)",
    re.IGNORECASE,
)
"""How a short note opens when the patient comes again: "D12.", "Ten weeks.", "2 wk recheck"."""
_FIRST = re.compile(
    r"\b(?:initial|new patient|first (?:time|visit)|acute(?:ly)?|yesterday|today|"
    r"this morning|last night|hours? ago|earlier)\b",
    re.IGNORECASE,
)
_HEALING = (
    ("K", re.compile(r"\bnon-?union\b", re.IGNORECASE), "nonunion"),
    ("P", re.compile(r"\bmal-?union\b", re.IGNORECASE), "malunion"),
    ("G", re.compile(r"\bdelayed (?:healing|union)\b", re.IGNORECASE), "delayed healing"),
)
_DRUGS = frozenset(f"T{number}" for number in range(36, 51))
"""Effects of drugs: while the drug is being changed or the effect treated, the care is active however late it is."""
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
    drug = next(iter(under.values())).code[:3] in _DRUGS
    if said == "subsequent" or (said != "initial" and not drug and _later(mention, note)):
        return "D", "routine care after active treatment", _FRACTURES if fracture else SOURCE
    if fracture and "B" in under and note.find(_OPEN) and not note.find(_REDUCTION):
        return "B", "active treatment of an open fracture", _FRACTURES
    return "A", "active treatment", _FRACTURES if fracture else SOURCE


def _later(mention: Mention, note: Note) -> bool:
    """Does the patient come back after active treatment? The complaint and the opening of the history say so."""
    outline = note.reading.outline
    opening = outline.sections[0]
    if _AGAIN.match(note.text[: opening.body + 90]) and not note.find(_FIRST, 0, opening.body + 200):
        return True
    healed = note.reading.sentence_of(mention)
    if note.find(_RECOVERING, mention.end, min(healed.end, mention.end + 60)):
        return True
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
