"""Numbers in a note: counts, lengths, areas, minutes and doses, whatever unit they are written in."""

import re
from collections.abc import Iterator
from datetime import timedelta

_UNTIL_TWENTY = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
NUMBERS = {word: number for number, word in enumerate(_UNTIL_TWENTY)} | {
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "single": 1, "a": 1, "an": 1, "both": 2,
    "couple": 2, "pair": 2, "half": 0.5,
}  # fmt: skip
_NUMBER = r"\d{1,4}(?:\.\d{1,3})?"
_COUNTING = "|".join(word for word in NUMBERS if word not in ("a", "an", "half"))
_SIZE = re.compile(
    rf"(?P<a>{_NUMBER})\s*(?:cm|mm)?\s*(?:(?:x|by|×|\*)\s*(?P<b>{_NUMBER})\s*)?(?:cm|mm)?\s*"
    rf"(?:(?:x|by|×|\*)\s*(?P<c>{_NUMBER})\s*)?[- ]?(?P<unit>centimeters?|cm|millimeters?|mm|inch(?:es)?)\b"
)
_AREA = re.compile(
    rf"(?P<n>{_NUMBER})\s*(?:sq\.?\s*(?:uare)?\s*(?:cm|centimeters?)|square (?:cm|centimeters?)|cm2|cm²|cm\^2)"
)
_TIME = re.compile(
    rf"(?:(?P<h>{_NUMBER}|one|two|three|four|an?|half an?)[- ]?(?:hours?|hrs?|h)\b"
    rf"(?:\s*(?:and|,)?\s*(?P<hm>\d{{1,2}})[- ]?(?:minutes?|mins?)\b)?(?P<half> and a half)?"
    rf"|(?P<m>{_NUMBER}|{_COUNTING})[- ]?(?:minutes?|mins?)\b)"
)
_CLOCK = re.compile(
    r"(?P<a>\d{1,2}):(?P<b>\d{2})\s*(?P<p>[ap]\.?m\.?)?\s*(?:to|until|through|-|–|and)\s*"
    r"(?:(?:stop|end)(?:ped|ed)?(?: time)?:?\s*)?(?P<c>\d{1,2}):(?P<d>\d{2})\s*(?P<q>[ap]\.?m\.?)?"
)
_DOSE = re.compile(
    r"(?P<n>\d{1,3}(?:,\d{3})+|\d{1,8}(?:\.\d{1,3})?)\s*(?P<million>million)?\s*-?"
    r"(?P<unit>mcg|micrograms?|mg|milligrams?|grams?|gm|g|units?|iu|ml|cc|milliliters?)\b(?!\s*/)"
)
_CM = {"c": 1.0, "m": 0.1, "i": 2.54}
_DAY = timedelta(days=1).total_seconds() / 60


def number(word: str) -> float | None:
    """A number in digits or words; None for any other word."""
    known = NUMBERS.get(word)
    if known is not None:
        return float(known)
    word = word.replace(",", "")
    return float(word) if word.replace(".", "", 1).isdigit() else None


def sizes(lower: str) -> Iterator[tuple[float, int, int]]:
    """Lengths in centimetres with their spans, the greatest of "2 x 3 cm"."""
    for match in _SIZE.finditer(lower):
        sides = [float(match[part]) for part in "abc" if match[part]]
        yield max(sides) * _CM[match["unit"][0]], match.start(), match.end()


def area(lower: str) -> float | None:
    """Square centimetres, said as such or as two lengths; the sum of several; None when none is said."""
    said = [float(match["n"]) for match in _AREA.finditer(lower)]
    if said:
        return sum(said)
    products = [
        float(m["a"]) * float(m["b"]) * _CM[m["unit"][0]] ** 2 for m in _SIZE.finditer(lower) if m["b"]
    ]  # fmt: skip
    return sum(products) if products else None


def minutes(lower: str) -> float | None:
    """The longest time said, in minutes; None when none is."""
    return max((time for time, _, _ in times(lower)), default=None)


def minutes_near(lower: str, at: int, after: int) -> float | None:
    """The time said next after a span ("therapeutic exercise for 30 minutes"), else the last one before it."""
    found = list(times(lower))
    behind = [time for time, start, _ in found if start >= after]
    before = [time for time, _, end in found if end <= at]
    return behind[0] if behind else before[-1] if before else max((time for time, _, _ in found), default=None)


def times(lower: str) -> Iterator[tuple[float, int, int]]:
    """Times in minutes with their spans: "1 hour and 10 minutes", "45-minute", "from 1:00 to 1:50"."""
    for match in _TIME.finditer(lower):
        if match["m"]:
            yield number(match["m"]) or 0.0, match.start(), match.end()
        else:
            hours = 0.5 if match["h"].startswith("half") else number(match["h"]) or 0.0
            time = 60 * (hours + (0.5 if match["half"] else 0)) + float(match["hm"] or 0)
            yield time, match.start(), match.end()
    for match in _CLOCK.finditer(lower):
        start, end = (60 * int(match[h]) + int(match[m]) for h, m in ("ab", "cd"))
        if (
            (match["q"] or "").startswith("p") and (match["p"] or "p").startswith("a") and int(match["c"]) < 12
        ) or end < start:
            end += 720
        if 0 < end - start < _DAY / 2:
            yield float(end - start), match.start(), match.end()


def doses(lower: str) -> Iterator[tuple[float, str, int, int]]:
    """Amounts as (number, unit, start, end): mg for grams and milligrams, mcg, units, ml for cc and millilitres."""
    for match in _DOSE.finditer(lower):
        amount = float(match["n"].replace(",", "")) * (1_000_000 if match["million"] else 1)
        unit = match["unit"]
        if unit[0] == "g":
            amount, unit = 1000 * amount, "mg"
        elif unit.startswith(("mcg", "microg")):
            unit = "mcg"
        elif unit.startswith(("mg", "millig")):
            unit = "mg"
        else:
            unit = "units" if unit[0] in "ui" else "ml"
        yield amount, unit, match.start(), match.end()


_COUNT = re.compile(rf"\b(\d{{1,3}}|{_COUNTING})\b(?!\s*(?:[.:/]\d|cm|mm|mg|cc|ml|%|x\s?\d|by\b|-?inch|weeks?|days?|"
                    rf"months?|years?|hours?|minutes?|-?\s?(?:0|vicryl|nylon|prolene|ethilon)))")  # fmt: skip


def count_of(lower: str, things: re.Pattern[str], otherwise: int = 1) -> int:
    """How many of some things are said: the number within three words before one ("4 separate lesions", "x 3" after);
    `otherwise` when none is."""
    best = 0
    for thing in things.finditer(lower):
        before = lower[max(0, thing.start() - 40) : thing.start()]
        numbers = list(_COUNT.finditer(before))
        if numbers and len(before[numbers[-1].end() :].split()) <= 3 and not _broken(before[numbers[-1].end() :]):
            best = max(best, int(number(numbers[-1][1]) or 0))
        after = re.match(
            r"\W{0,3}(?:x|×|times)\s*(\d{1,2}|" + _COUNTING + r")\b", lower[thing.end() : thing.end() + 20]
        )
        if after:
            best = max(best, int(number(after[1]) or 0))
    return best or otherwise


def _broken(between: str) -> bool:
    return any(mark in between for mark in ".;:,(")
