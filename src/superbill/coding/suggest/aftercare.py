"""Care after surgery: the reason for a visit after an operation, by what was operated on.

ICD-10-CM Official Guidelines FY2026 I.C.21.c.7: aftercare codes (Z47, Z48) where the treatment of the disease is done
and the patient is healing; not for injuries, which keep their code with the seventh character of later care.
"""

import re

from msgspec.structs import replace

from superbill.coding.reading.model import ASSESSING, Kind
from superbill.coding.suggest.candidates import Case
from superbill.coding.suggest.model import Step
from superbill.coding.suggest.reportable import complains

_SOURCE = "ICD-10-CM Official Guidelines I.C.21.c.7"
_JOINT = r"(?:knee|hip|shoulder|elbow|ankle|joint)"
_OPERATIONS = tuple(
    (code, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for code, words in (
        (
            "Z47.1",
            rf"{_JOINT} (?:joint )?(?:replacement|arthroplasty)|hemi-?arthroplasty|T[KH][AR]|(?:reverse )?TSA|"
            rf"(?:replacement|arthroplasty) of (?:the |her |his )?(?:right |left )?{_JOINT}|arthroplasty",
        ),
        ("Z47.2", r"(?:hardware|plate|screws?|implant|pins?|nail) removal|removal of (?:hardware|plate|screws?|pins?)"),
        (
            "Z47.89",
            r"(?:rotator cuff|labral|labrum|meniscus|meniscal|tendon|ligament|ACL|PCL|biceps|achilles|capsular) "
            r"(?:repair|reconstruction|release|tenodesis)|meniscectomy|arthroscop\w+|(?:spinal|lumbar|cervical) "
            r"(?:fusion|decompression)|ACDF|TLIF|PLIF|laminectomy|(?:micro)?dis[ck]ectomy|foraminotomy|bunionectomy|"
            r"osteotomy|arthrodesis|hammer ?toe correction|(?:trigger (?:finger|thumb)|carpal tunnel|cubital tunnel|"
            r"de quervain\S*|A1 pulley|first dorsal compartment) release|subacromial decompression|ganglion excision|"
            r"fasciectomy|tenotomy",
        ),
        (
            "Z48.815",
            r"cholecystectomy|appendectomy|appy|chole|herniorrhaphy|hernia repair|colectomy|fundoplication|"
            r"hemorrhoidectomy|bowel resection|gastrectomy|sleeve gastrectomy|gastric bypass|ileostomy takedown",
        ),
        (
            "Z48.816",
            r"hysterectomy|TURP|prostatectomy|nephrectomy|ureteroscopy|oophorectomy|salpingectomy|myomectomy|"
            r"hydrocelectomy|bladder sling|cystocele repair|orchiectomy",
        ),
        ("Z48.812", r"CABG|coronary bypass|valve (?:replacement|repair)|endarterectomy|femoral bypass|AAA repair"),
        ("Z48.813", r"lobectomy|thoracotomy|pleurodesis|septoplasty|sinus surgery|FESS"),
        ("Z48.814", r"tonsillectomy|adenoidectomy|tooth extraction"),
        ("Z48.810", r"cataract (?:surgery|extraction)|phaco\w*|vitrectomy|tympanoplasty|blepharoplasty"),
    )
)
_LATER = re.compile(
    r"\b(?:post-?op(?:erative(?:ly)?)?|(?:\d{1,2}|one|two|three|four|five|six|eight|ten|twelve|several|a|few|couple of)"
    r"(?:-| )?(?:days?|weeks?|wks?|months?)(?:-| )?(?:s/p|status post|post|after|out from|following|out|"
    r"since|from)|POD ?#?\d+|aftercare)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\b(?:s/p|status[- ]post|after|following)\b", re.IGNORECASE)
_WELL = re.compile(
    r"\b(?:doing (?:very |quite )?well|(?:recovering|healing|progressing) (?:very |quite |as )?\w+|as expected|"
    r"on track|\d{1,2} (?:days?|weeks?|months?)|post-?op\w*)\b",
    re.IGNORECASE,
)
_OPENING = frozenset((Kind.CHIEF_COMPLAINT, Kind.INDICATION))
_LONG = re.compile(
    r"\b(?:[7-9]|\d{2}|seven|eight|nine|ten|eleven|twelve|several)(?:-| )?months?\b|\byears?\b", re.IGNORECASE
)
"""So long after it that the healing is done: an old operation, a status at most."""
_PLANNED = re.compile(
    r"\b(?:schedul\w+|plan(?:ned|s|ning)?|proceed\w*|undergo|will|recommend\w*|discuss\w*|consider\w*|candidate|if|"
    r"risks?|would|prior to|before|until)\b[^.;]*$",
    re.IGNORECASE,
)
_NEAR = 70


def followed(case: Case) -> None:
    """Adds the aftercare of an operation for which the patient comes back, before what is healing."""
    note = case.note
    if case.having(
        "Z47", "Z48.1", "Z48.2", "Z48.3", "Z48.8", "O", "T81", "T84", "T86", "K91", "N99", "M96"
    ) or _injured(case):
        return
    for sentence in note.reading.outline.sentences:
        kind = note.reading.outline.kind_of(sentence)
        opening = kind in _OPENING
        if not opening and kind not in ASSESSING:
            continue
        found = _operated(case, sentence.start, sentence.end, opening)
        if found is not None and sentence.problem > 0:
            return  # one of several problems: the status after the operation says enough
        if found is not None:
            code, span = found
            case.add(code, (span,), Step("coding.aftercare.surgery", "care after an operation", _SOURCE))
            added = next((each for each in case.candidates if each.name == code), None)
            if added is not None:
                case.candidates.remove(added)
                case.candidates.insert(0, replace(added, place=-1))
                _unassessed(case)
            return


def _unassessed(case: Case) -> None:
    """Leaves out the complaints of the history: what the patient feels while healing."""
    for one in list(case.candidates):
        told = one.mention is not None and case.note.reading.kind_of(one.mention) not in ASSESSING
        if told and one.mention is not None and complains(one.mention):
            case.drop(one, Step("coding.aftercare.complaint", f"{one.name} is part of healing", _SOURCE))


def _operated(case: Case, start: int, end: int, opening: bool) -> tuple[str, tuple[int, int]] | None:
    """The aftercare that a sentence calls for: an operation said to be lately done."""
    note = case.note
    for code, pattern in _OPERATIONS:
        operation = note.find(pattern, start, end)
        if operation is None:
            continue
        first, last = max(start, operation[0] - _NEAR), min(end, operation[1] + _NEAR)
        before = note.text[start : operation[0]]
        later = _LATER.search(note.text, first, last)
        well = _AFTER.search(note.text, first, operation[0]) and (opening or _WELL.search(note.text, start, end))
        if (later or well) and not _PLANNED.search(before) and not _LONG.search(note.text, first, last):
            return code, operation
    return None


def _injured(case: Case) -> bool:
    """Is an injury coded, whose own code tells of the care after it?"""
    return any(each.name[0] == "S" or each.name.startswith("M80") for each in case.candidates)
