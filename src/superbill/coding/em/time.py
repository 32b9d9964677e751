"""Time: the minutes that the note states, the level that they give, and prolonged services.

Time on the date of the encounter selects the level by itself (CPT E/M guidelines 2021, 2023); the minutes of services
reported separately, of staff and of travel are not part of it.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from superbill.coding.em.categories import LEVELS, Family, Prolonged
from superbill.coding.em.view import View
from superbill.coding.suggest.model import Complexity

_NUMBER = re.compile(
    r"\b(?:(?P<hours>\d{1,2}(?:\.\d)?)[\s-]*(?:hours?|hrs?)\b(?:\s*(?:and|,)?\s*)?)?(?:(?P<minutes>\d{1,3})[\s-]*(?:minutes?|mins?)\b)?",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\btotal(?:\s+\w+){0,4}\s+time|\btime\s+spent|\bspent\b|\btotal\s+(?:of\s+)?\d|\btotal\s*:|\btotal\s+encounter|"
    r"\bminutes?\s+(?:were|was|of\s+(?:total|my)|on\s+the\s+d)|\btime\s*:|\btotal\s+min",
    re.IGNORECASE,
)
_NOT_MINE = re.compile(
    r"\bexercis|\bwalk|\brun|\bdriv|\bsleep|\bwait|\bice\b|\bicing|\bfor\s+about\b|\btimes?\s+(?:a|per)\b|\bevery\b|\bonce\s+an?\b|"
    r"\bprocedure\s+time|\banesthesia|\btourniquet|\binfusion|\bnurs|\bclinical\s+staff|\bsmoking\s+cessation|\btobacco|"
    r"\badvance\s+care|\bcritical\s+care|\bpsychotherapy|\bstart\s+time|\bstop\s+time|\btravel|\bafter\s+\d|\bpain\b|"
    r"\bwatching|\bworking|\bplay|\brid(?:es?|ing)\b|\bsedation",
    re.IGNORECASE,
)
_COUNSELLING = re.compile(
    r"\b(?:more|greater)\s+than\s+(?:50|half)|>\s*50\s*%|\bover\s+half|\bcounsel\w*\s+and\s+coordination", re.IGNORECASE
)
_LESS = re.compile(
    r"\b(?:excluding|exclusive\s+of|not\s+including|does\s+not\s+include|separate\s+from)\b", re.IGNORECASE
)
_HEADED = re.compile(r"\btime\b(?!.*\b(?:procedure|critical|anesthesia)\b)")
_LONGEST = 600


class Stated(Struct, frozen=True):
    """Minutes that the note states, and where. `counselling`: only the old statement that counselling took more than
    half of the time, without saying that the total was on the date of the visit. `excludes`: says that services
    reported separately are not in it."""

    minutes: int
    start: int
    end: int
    counselling: bool = False
    excludes: bool = False


def stated(view: View) -> Stated | None:
    """The provider's total time, the longest where several are stated; None when the note states none."""
    return max(_statements(view), key=lambda each: (not each.counselling, each.minutes), default=None)


def _statements(view: View) -> Iterator[Stated]:
    for sentence in view.reading.outline.sentences:
        text = view.text[sentence.start : sentence.end]
        low = text.casefold()
        if not ("minute" in low or " min" in low or "hour" in low) or len(text) > 2000:
            continue
        heading = f"{view.reading.outline.sections[sentence.section].title} {sentence.label}".casefold()
        mine = _TOTAL.search(text) or _HEADED.search(heading)
        cut = _LESS.search(text)
        if not mine or _NOT_MINE.search(text[: cut.start()] if cut else text):
            continue
        for minutes, start, end in minutes_in(text):
            if cut and start > cut.start():
                continue
            counselling = bool(_COUNSELLING.search(text)) and "total" not in low
            yield Stated(minutes, sentence.start + start, sentence.start + end, counselling, bool(cut))


def minutes_in(text: str) -> Iterator[tuple[int, int, int]]:
    """Every number of minutes said in a text, with its span: "45 minutes", "1 hour and 10 minutes"."""
    for match in _NUMBER.finditer(text):
        hours, minutes = match["hours"], match["minutes"]
        if hours or minutes:
            total = round(float(hours or 0) * 60) + int(minutes or 0)
            if 0 < total <= _LONGEST:
                yield total, match.start(), len(match[0].rstrip()) + match.start()


def level(family: Family, patient: str, minutes: int) -> Complexity | None:
    """The highest level whose minutes are met; None when time does not select, or not even the lowest is met."""
    least = family.series(patient).minutes
    if least is None:
        return None
    met = [each for each, needed in zip(LEVELS, least, strict=True) if minutes >= needed]
    return met[-1] if met else None


def prolonged(rule: Prolonged | None, patient: str, minutes: int) -> tuple[str, ...]:
    """The prolonged service, once for each full 15 minutes, from the total minutes that the rule names."""
    if rule is None:
        return ()
    first = rule.new if patient == "new" else rule.established
    return (rule.code,) * ((minutes - first) // 15 + 1 if minutes >= first else 0)


def critical(minutes: int, *, medicare: bool) -> tuple[str, ...]:
    """Critical care: 99291 from 30 minutes, 99292 for each further 30 begun after 74 (CPT), each full 30 beyond 74 for
    Medicare, that is from 104 (CMS CY2023 physician fee schedule). () below 30 minutes."""
    if minutes < 30:
        return ()
    beyond = max(0, minutes - 74)
    further = beyond // 30 if medicare else -(-beyond // 30)
    return ("99291", *("99292",) * further)
