"""Injuries: superficial ones beside deeper ones, and how they came about.

ICD-10-CM Official Guidelines FY2026 I.C.19.b (superficial injuries of the site of a more severe one are not coded),
I.C.20 (external causes: never first, useful where the note says them, activity only at the first encounter).
"""

import re

from superbill.coding.reading.model import Kind
from superbill.coding.suggest.candidates import Case
from superbill.coding.suggest.model import Step
from superbill.coding.suggest.titles import shelf

_TELLING = frozenset(
    (
        Kind.CHIEF_COMPLAINT, Kind.HISTORY, Kind.INTERVAL, Kind.OTHER, Kind.HOSPITAL_COURSE, Kind.INDICATION,
        Kind.ASSESSMENT, Kind.ASSESSMENT_AND_PLAN,
    )
)  # fmt: skip
_ICE = re.compile(r"\b(?:on|patch of|slipp\w+ on) (?:\w+ )?(?:ice|snow|icy)\b|\bblack ice\b", re.IGNORECASE)
_VAGUE = ("W19", "Y92", "Y99", "X58", "Y93.9", "Y93.E", "Y93.G", "Y93.C", "Y93.K", "Y93.8", "W22.8", "Y9A")
_SOURCE = "ICD-10-CM Official Guidelines I.C.20.a"


def injured(case: Case) -> None:
    """Leaves out superficial injuries of a deeper one's site; adds what the note tells of the cause."""
    _superficial(case)
    _caused(case)


def _superficial(case: Case) -> None:
    known = shelf(case.note.book)
    for one in [each for each in case.candidates if each.name[0] == "S" and each.name[2] == "0"]:
        own = known.title(one.code)
        for other in case.candidates:
            if other is one or other.name[:2] != one.name[:2] or other.name[2] == "0":
                continue
            its = known.title(other.code)
            if (own.says & its.says) and (own.side == its.side or not own.side or not its.side):
                words = f"{one.name} is superficial at the site of {other.name}"
                case.drop(one, Step("coding.injury.superficial", words, "ICD-10-CM Official Guidelines I.C.19.b"))
                break


def _caused(case: Case) -> None:
    """The cause, then the activity: the first of each that the note tells in plain words."""
    hurt = [each for each in case.candidates if each.name[0] in "ST" and each.name.endswith("A")]
    if not hurt:
        return
    note = case.note
    done: set[bool] = {each.name.startswith("Y93") for each in case.candidates if each.name[0] in "VWXY"}
    for mention in note.reading.mentions:
        if (
            not mention.codes
            or mention.codes[0][0] not in "VWXY"
            or mention.negated
            or mention.experiencer != "patient"
        ):
            continue
        code = mention.codes[0]
        activity = code.startswith("Y93")
        if activity in done or code.startswith(_VAGUE) or note.reading.kind_of(mention) not in _TELLING:
            continue
        if len(mention.name.split()) < 2 and not activity:
            continue
        if code.startswith(("W01", "W18", "W00")) and note.find(_ICE):
            code = "W00.0"
        found = note.book.code(code)
        if found is None:
            continue
        whole = (
            found if found.billable else next((each for each in note.book.under(code) if each.code.endswith("A")), None)
        )
        if whole is not None and whole.billable:
            done.add(activity)
            step = Step("coding.injury.cause", "how it came about", _SOURCE)
            case.add(whole.code, ((mention.start, mention.end),), step, score=0.4)
