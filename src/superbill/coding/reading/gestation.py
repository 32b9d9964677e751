"""Weeks of gestation and trimester.

Trimesters count from the first day of the last menstrual period: the first ends before 14 weeks 0 days, the second
before 28 weeks 0 days (ICD-10-CM, chapter 15, note at its head).
"""

import re
from collections.abc import Sequence

from superbill.coding.reading.model import Attribute, Mention, Outline

_WEEKS = re.compile(
    r"\b(\d{1,2})(?:\s?\+\s?[0-6]|\s[0-6]/7|[\s-]?w[\s-]?[0-6]\s?d)?(?:[\s-]?(?:weeks?|wks?|w)\b)?"
    r"(?:,?\s(?:and\s)?[0-6]\sdays?)?"
    r"[\s,-]{1,2}(?:of\s|estimated\s|along\s)?(?:gestation|pregnan|gravid|EGA\b|GA\b|IUP\b|intrauterine)",
    re.IGNORECASE,
)  # fmt: skip
_AGED = re.compile(
    r"\b(?:gestational age|gestation|EGA|GA|pregnan\w{1,6}|gravid\w?|IUP|G\d{1,2}\s?P\d{1,4})\b[^.;\n]{0,50}?"
    r"\b(\d{1,2})(?:\s?\+\s?[0-6]|\s[0-6]/7)?(?:[\s-]?(?:weeks?|wks?|w)\b|\s?w\s?[0-6]\s?d\b)"
    r"(?!\s(?:ago|after|later|postpartum|post))",
    re.IGNORECASE,
)  # fmt: skip
_THERE = re.compile(
    r"[^.;\n]{0,40}?(?:\bat|,|\(|\bis)\s?(\d{1,2})(?:\s?\+\s?[0-6]|\s[0-6]/7)?"
    r"(?:[\s-]?(?:weeks?|wks?|w)\b|\s?w\s?[0-6]\s?d\b)(?!\s(?:ago|after|later|postpartum|post))",
    re.IGNORECASE,
)  # fmt: skip
_DATED = re.compile(
    r"\b(\d{1,2})(?:\s?\+\s?[0-6]|\s[0-6]/7)?[\s-]?(?:weeks?|wks?)(?:\s(?:and\s)?[0-6]\sdays?)?\s"
    r"(?:along\b|(?:by|per|based on|according to)\s(?:her\s|early\s|last\s)?"
    r"(?:dates|dating|LMP|ultrasound|US|menstrual))",
    re.IGNORECASE,
)
_MOST = 42
_OBSTETRIC = ("O", "Z33", "Z34", "Z3A")


def weeks(text: str, after: Sequence[int] = ()) -> tuple[int, int, int] | None:
    """The weeks of gestation that a note states first, with their span; None when it states none. `after`: ends of
    what names the pregnancy, after which weeks are its own without more words ("preeclampsia at 34 weeks")."""
    matches = [match for pattern in (_WEEKS, _AGED, _DATED) for match in pattern.finditer(text)]
    matches += [match for place in after if (match := _THERE.match(text, place))]
    found = [(match.start(1), match.end(), int(match[1])) for match in matches if 1 <= int(match[1]) <= _MOST]
    if not found:
        return None
    start, end, number = min(found)
    return number, start, end


def trimester(number: int) -> str:
    """The trimester of a week of gestation."""
    return "first trimester" if number < 14 else "second trimester" if number < 28 else "third trimester"


def add(mentions: Sequence[Mention], outline: Outline, found: list[list[Attribute]]) -> None:
    """Gives every mention of the pregnancy the trimester and the weeks (axis `duration`); its own words come first."""
    expecting = [n for n, mention in enumerate(mentions) if mention.codes and mention.codes[0].startswith(_OBSTETRIC)]
    if not expecting:
        return
    stated = weeks(outline.text, [mentions[number].end for number in expecting])
    for number in expecting:
        if stated is None or any(each.axis == "trimester" for each in found[number]):
            continue
        count, start, end = stated
        found[number].append(Attribute("trimester", trimester(count), start, end))
        found[number].append(Attribute("duration", f"{count} weeks of gestation", start, end))
