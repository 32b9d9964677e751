"""Services whose code or units depend on minutes or on a count (data/counted.yaml).

Time: CPT counts a unit when more than half of it has passed; a code with a range holds from its first minute on
(psychotherapy 16, tobacco counseling more than 3). Without a time said, a timed service is found but not sure enough
to be suggested: its time must be documented.
"""

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from superbill.coding.performed import status, units
from superbill.coding.performed.catalog import phrases_of, read
from superbill.coding.performed.model import Done, Hit, Said
from superbill.coding.performed.words import Phrase

_UNTIMED = 0.4


class Counted(Struct, frozen=True, forbid_unknown_fields=True):
    """One service (the head of the table says what its fields mean); `muscles`: named muscles are counted."""

    said: str
    minutes: tuple[tuple[float, str], ...] = ()
    numbers: tuple[tuple[float, str], ...] = ()
    unit: str = ""
    once: str = ""
    each: int = 0
    more: str = ""
    more_after_first: str = ""
    first: int = 1
    things: str = ""
    names: str = ""
    all: int = 0
    alone: float = 0.25
    muscles: bool = False
    with_visit: dict[str, str] = {}


_MUSCLE = (
    "trapezius|levator scapulae|rhomboids?|splenius|semispinalis|paraspinals?|quadratus lumborum|piriformis|gluteus "
    r"\w+|supraspinatus|infraspinatus|scalenes?|sternocleidomastoid|masseter|temporalis|deltoid|latissimus"
)
_NOT_YET = re.compile(
    r"\b(?:will|would|should|recommend\w*|refer\w*|schedul\w*|"
    r"plan|plans|planned|if|declin\w+|refus\w+|not|order\w*|next|"
    r"previous(?:ly)?|last|ago|continue|weekly|daily|per day|a "
    r"day|could|may|home|consider\w*|advised|encourag\w*|return)\b"
)
_VISIT = re.compile(r"\b(?:medication management|e/?m|evaluation and management|prescription|in addition to)\b")
_SPINE = frozenset(("ce", "th", "lu", "sa"))
_ALL = re.compile(r"\b(?:all|each) (?:of (?:the|his|her) )?(?:\w+ ){0,2}?(?:toe)?nails\b|\ball (?:10|ten)\b|\bx ?10\b")


@cache
def _table() -> dict[str, Counted]:
    found: dict[str, Counted] = read("counted.yaml", dict[str, Counted])
    return found


@cache
def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{expression})\b")


def phrases() -> Iterator[Phrase]:
    """The phrases of this family."""
    yield from phrases_of("counted", "counted", {key: entry.said for key, entry in _table().items()})


def done(hit: Hit, around: tuple[Said, ...]) -> Iterator[Done]:
    """The service with its code by time or number, and its units."""
    entry = _table()[hit.entry.key]
    score, why = status.judged(hit.said, hit.start, hit.end, status.Manner(entry.alone, True))
    if entry.minutes or (entry.each and not entry.numbers):
        found = _timed(entry, hit, around, score, why)
    elif entry.once:
        found = iter([(entry.once, 1, score, why, "")])
    else:
        found = _numbered(entry, hit, score, why)
    for code, count, sure, reason, rule in found:
        yield Done(
            code=code, label=hit.entry.label, start=hit.start, end=hit.end, score=sure, why=reason,
            what=f"{hit.entry.key} {code}" if code in (entry.more, entry.more_after_first) else hit.entry.key,
            units=count, group="counted", rule=rule,
        )  # fmt: skip


def _timed(
    entry: Counted, hit: Hit, around: tuple[Said, ...], score: float, why: str
) -> Iterator[tuple[str, int, float, str, str]]:
    lower = hit.said.lower
    time = units.minutes_near(lower, hit.start - hit.said.start, hit.end - hit.said.start)
    for said in () if time or not entry.minutes else around[:2]:
        time = time or (units.minutes(said.lower) if len(said.words) < 25 else None)
    if time is None:
        code = entry.minutes[0][1] if entry.minutes else entry.unit
        yield code, 1, min(score, _UNTIMED), why, "no time is said, and the code depends on it"
        return
    if score < 0.5 and hit.said.kind not in status.HISTORY and not _NOT_YET.search(lower):
        score, why = 0.75, "with the time that it took"  # nobody times what was not done
    if entry.unit:
        count = max(1, _units(time, entry.each)) if time >= entry.each / 2 else 0
        if count and entry.more_after_first:
            yield entry.unit, 1, score, why, f"{time:g} minutes"
            if count > 1:
                yield entry.more_after_first, count - 1, score, why, f"{time:g} minutes"
        elif count:
            yield entry.unit, count, score, why, f"{time:g} minutes are {count} units of {entry.each}"
        return
    code = next((code for least, code in reversed(entry.minutes) if time >= least), "")
    if not code:
        return
    if entry.with_visit and _VISIT.search(hit.said.lower):
        code = entry.with_visit.get(code, code)
    yield code, 1, score, why, f"{time:g} minutes"
    further = _units(time - entry.first, entry.each) if entry.more else 0
    if further > 0:
        yield entry.more, further, score, why, f"{time:g} minutes, {further} further units of {entry.each}"


def _units(time: float, each: int) -> int:
    """Whole units, and one more when more than half of another has passed (8 minutes of 15, 16 of 30)."""
    whole, rest = divmod(time, each)
    return int(whole) + (rest > each / 2)


def _numbered(entry: Counted, hit: Hit, score: float, why: str) -> Iterator[tuple[str, int, float, str, str]]:
    lower = hit.said.lower
    count = units.count_of(lower, _pattern(entry.things), 0) if entry.things else 0
    if not count and entry.muscles:
        count = len({match[0] for match in _pattern(_MUSCLE).finditer(lower)})
    if not count and entry.names:
        names = [match[0] for match in _pattern(f"(?:{entry.names})\\w*|[ctls]\\d{{1,2}}").finditer(lower)]
        count = len({name[0] if name[1].isdigit() or name[:2] in _SPINE else name[:5] for name in names})
    if not count and entry.all and _ALL.search(lower):
        count = entry.all
    rule = f"{count} counted" if count else "no number is said: the least"
    count = count or 1
    if entry.unit:
        yield entry.unit, count, score, why, rule
        return
    code = next(code for least, code in reversed(entry.numbers) if count >= least)
    yield code, 1, score, why, rule
    if entry.more and count > entry.first:
        yield entry.more, -(-(count - entry.first) // entry.each), score, why, rule
