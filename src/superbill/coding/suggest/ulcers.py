"""The ulcer beside what it comes from: site, side and depth (L97), where the cause's code asks for them.

ICD-10-CM: "use additional code to identify site of ulcer" at E08 to E13 (.621, .622), "to specify severity of ulcer" at
I83.0, I83.2, I87.0, I87.3, I70.23 and the like.
"""

import re

from superbill.coding.reading.model import ASSESSING, Kind
from superbill.coding.suggest.candidates import Candidate, Case
from superbill.coding.suggest.model import Step
from superbill.coding.suggest.titles import shelf

_DIABETIC = tuple(f"E{number}.62{last}" for number in ("08", "09", "10", "11", "13") for last in "12")
_VEINS = ("I83.0", "I83.2")
_VESSELS = ("I87.01", "I87.03", "I87.31", "I87.33", "I70.23", "I70.24", "I70.33", "I70.34")
_BY_VEIN = {"1": "L97.1", "2": "L97.2", "3": "L97.3", "4": "L97.4", "5": "L97.5", "8": "L97.8", "9": "L97.9"}
"""The last character of I83.0 and I83.2 names the site as L97 does."""
_PAST = frozenset((Kind.MEDICAL_HISTORY, Kind.SURGICAL_HISTORY, Kind.FAMILY_HISTORY, Kind.PROBLEM_LIST))
_ULCER = re.compile(r"\b(?:ulcer\w*|wound)\b", re.IGNORECASE)
_SIDE = re.compile(r"\b(?:[Rr]ight|RIGHT|[Ll]eft|LEFT|R|L)\b")
_SITES = tuple(
    (code, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for code, words in (
        ("L97.4", r"heel|mid-?foot"), ("L97.3", r"ankle|malleol\w+"), ("L97.2", r"calf"),
        ("L97.5", r"foot|feet|toes?|hallux|plantar|metatars\w*"),
    )
)  # fmt: skip
_DEPTH = (
    ("4", re.compile(r"\bnecrosis of (?:the )?bone|\bosteomyelitis", re.IGNORECASE)),
    ("6", re.compile(r"\b(?:exposed bone|bone (?:is )?exposed|(?:down|probes?) to (?:the )?bone)", re.IGNORECASE)),
    ("3", re.compile(r"\bnecrosis of (?:the )?muscle", re.IGNORECASE)),
    ("2", re.compile(r"\bfat layer|\bsubcutaneous|\bexposed fat|\bfull[- ]thickness (?:ulcer|wound)", re.IGNORECASE)),
    (
        "1",
        re.compile(
            r"\bbreakdown of (?:the )?skin|\bskin breakdown|\bsuperficial (?:through|ulcer)|\bskin only|"
            r"\blimited to (?:the )?skin|\bpartial[- ]thickness (?:ulcer|wound)",
            re.IGNORECASE,
        ),
    ),
)


def ulcerated(case: Case) -> None:
    """Adds the ulcer's own code to a cause that asks for it and has none."""
    causes = case.having(*_DIABETIC, *_VEINS, *_VESSELS)
    if not causes or case.having("L97", "L98.4", "L89"):
        return
    cause = causes[0]
    found = _mentioned(case) or _told(case)
    if found is None:
        return
    code, span = found
    if cause.name.startswith(_VEINS) and cause.name[-1] in _BY_VEIN and cause.name[-1] != "9":
        code = _BY_VEIN[cause.name[-1]] + code[5:]
    side = code[5] if code[5] != "0" else _side(case, cause)
    depth = code[6] if code[6] != "9" else next((digit for digit, pattern in _DEPTH if case.note.find(pattern)), "9")
    step = Step(
        "coding.status.ulcer", "site, side and depth of the ulcer", f"ICD-10-CM {cause.name} use additional code"
    )
    case.add(f"{code[:5]}{side}{depth}", (span,), step, like=cause)


def _mentioned(case: Case) -> tuple[str, tuple[int, int]] | None:
    """The ulcer as the note names it, in the assessment before elsewhere; side and depth from wherever it says them."""
    reading = case.note.reading
    said = [
        each for each in reading.mentions
        if each.codes and re.fullmatch(r"L97\.\d\d\d", each.codes[0]) and each.asserted
        and reading.kind_of(each) not in _PAST
    ]  # fmt: skip
    if not said:
        return None
    said.sort(key=lambda each: (reading.kind_of(each) not in ASSESSING, each.codes[0].startswith("L97.9"), each.start))
    first = said[0]
    alike = [each.codes[0] for each in said if each.codes[0][:5] == first.codes[0][:5]]
    sides = {code[5] for code in alike} - {"0"}
    depth = next((code[6] for code in alike if code[6] != "9"), "9")
    side = sides.pop() if len(sides) == 1 else "0"
    return f"{first.codes[0][:5]}{side}{depth}", (first.start, first.end)


def _told(case: Case) -> tuple[str, tuple[int, int]] | None:
    """The first sentence that names an ulcer or wound and its place."""
    note = case.note
    for sentence in note.reading.outline.sentences:
        found = note.find(_ULCER, sentence.start, sentence.end)
        if found is None:
            continue
        for stem, site in _SITES:
            place = note.find(site, sentence.start, sentence.end)
            if place is not None:
                sides = {match[0][0].casefold() for match in _SIDE.finditer(note.text, sentence.start, sentence.end)}
                side = {"r": "1", "l": "2"}[sides.pop()] if len(sides) == 1 else "0"
                return f"{stem}{side}9", (min(found[0], place[0]), max(found[1], place[1]))
    return None


def _side(case: Case, cause: Candidate) -> str:
    """The side of the cause: of its code, else as said of it."""
    side = shelf(case.note.book).title(cause.code).side or (case.note.side(cause.mention) if cause.mention else "")
    return {"right": "1", "left": "2"}.get(side, "0")
