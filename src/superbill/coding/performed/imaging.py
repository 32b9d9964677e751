"""X-rays by body part and number of views, ultrasound, computed tomography and magnetic resonance.

Where no number of views is said, the least code that a usual study of the part reaches is chosen (two views of a joint,
one of a chest): what is not documented is not billed. Words in the plural ("x-rays of the chest") are two views.
"""

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from superbill.coding.performed import sides, status, units
from superbill.coding.performed.catalog import phrases_of, read
from superbill.coding.performed.model import Done, Entry, Hit, Said
from superbill.coding.performed.words import Index, Phrase, compiled

_METHODS = {
    "xray": "x ray | xray | radiograph* | plain film | cxr | kub | x rayed | views of | film | ap and lateral view | "
    "x ray image",
    "ultrasound": "ultrasound - guidance/guided/gel/therapy/therapeutic | sonogra* | us of",
    "ct": "ct - guidance/guided | cat scan | computed tomography",
    "mri": "mri | magnetic resonance | mr arthrogram",
}
_ALONE = {"xray": 0.55, "ultrasound": 0.2, "ct": 0.1, "mri": 0.1}
_STOP = re.compile(
    r"\b(?:show\w*|reveal\w*|demonstrat\w*|obtained|taken|performed|reviewed|is|are|was|were|done|today|which|to|due|"
    r"because|for|that|with no|without|negative|positive|unremarkable|normal|as|by|but)\b|[.;:]"
)
_VIEWS = re.compile(
    r"\b(\d|one|two|three|four|five|six|seven|single|multiple|complete|minimum(?: of)? (?:\d|two|three|four))"
    r"[- ]?(?:or more )?(?:weight[- ]bearing |standing )?views?\b|\bviews?:? ?(?:x ?)?(\d)\b"
)
_NAMED = re.compile(
    r"\b(?:ap|pa|anteroposterior|lateral|oblique|obliques|sunrise|merchant|mortise|axillary|odontoid|open[- ]mouth|"
    r"flexion|extension|scapular y|y view|grashey|tunnel|notch|skyline|decubitus|upright|supine|swimmer['’]?s|"
    r"frog[- ]leg|internal rotation|external rotation|outlet|inlet|weight[- ]?bearing ap)\b"
)
_HOUSE = re.compile(
    r"\bin[- ](?:office|house|clinic)\b|\bin (?:the|our) (?:office|clinic)\b|\bour (?:scanner|mri|ct)\b"
)
_NOT_SURE = 0.45
_SHORT = 160
_JOINED = re.compile(r"[\s,]*(?:and|&)?\s*(?:the |right |left )*")
_PLURAL = re.compile(r"\b(?:x[- ]?rays|radiographs|films|images|views)\b")
_BOTH = re.compile(r"\b(?:without and with|with and without|w/?wo|before and after)\b")
_WITH = re.compile(r"\bwith (?:iv |intravenous |oral )?(?:contrast|gadolinium)")


class Xray(Struct, frozen=True):
    """One body part: code by the least number of views."""

    said: str
    views: dict[int, str]
    usual: int
    sides: str
    both: dict[int, str] = {}
    plural: int = 0


class Scan(Struct, frozen=True):
    """Ultrasound of one part: `code`, and another when complete."""

    said: str
    code: str = ""
    complete: str = ""
    codes: tuple[str, ...] = ()
    sides: str = ""


class Tables(Struct, frozen=True, forbid_unknown_fields=True):
    """The tables of this family."""

    xray: dict[str, Xray]
    ultrasound: dict[str, Scan]
    ct: dict[str, Scan]
    mri: dict[str, Scan]


@cache
def _tables() -> Tables:
    tables: Tables = read("imaging.yaml", Tables)
    return tables


@cache
def _parts(method: str) -> Index:
    entries = getattr(_tables(), method)
    return Index(
        phrase for key, part in entries.items() for phrase in compiled(Entry(method, "part", key, key), part.said)
    )


def phrases() -> Iterator[Phrase]:
    """The phrases of this family."""
    yield from phrases_of("imaging", "imaging", _METHODS)


def done(hit: Hit, around: tuple[Said, ...]) -> Iterator[Done]:
    """The studies that a word for a method names, one for each body part."""
    method, said = hit.entry.key, hit.said
    parts = _parts_near(hit, said, method)
    if not parts and around:
        parts = [part for part in _parts(method).hits(around[0]) if len(around[0].words) <= 12][:1]
        if parts and not _NAMED.search(said.lower) and not _VIEWS.search(said.lower):
            parts = []
    for part in parts:
        score, why = status.judged(said, hit.start, hit.end, status.Manner(_ALONE[method]))
        if method in ("ct", "mri") and score >= 0.5 and not _HOUSE.search(said.lower):
            score, why = _NOT_SURE, "of today, but scanners of an office are rare and none is named"
        yield from _study(method, hit, part, score, why)


def _parts_near(hit: Hit, said: Said, method: str) -> list[Hit]:
    """The body parts after the word up to the next verb ("of the right knee and left ankle"), else before it."""
    named = _parts(method).hits(said)
    if not named:
        return []
    text, after = said.lower, hit.end - said.start
    stop = _STOP.search(text, after)
    until = said.start + (stop.start() if stop else len(text))
    behind = [part for part in named if hit.start <= part.start < until]
    if behind:
        return behind
    before = [part for part in named if part.end <= hit.start and hit.start - part.end <= 40]
    if before:
        last = before[-1]
        joined = [p for p in before[:-1] if _JOINED.fullmatch(text, p.end - said.start, last.start - said.start)]
        return [*joined, last]
    if method == "xray" and len(text) < _SHORT:
        return [part for part in named if part.start >= until][:1]
    return []


def views(lower: str) -> int:
    """How many views are said; 0 when no number is."""
    found = [match[1] or match[2] for match in _VIEWS.finditer(lower)]
    if found:
        words = [word.split()[-1] for word in found]
        numbers = [
            3 if word == "complete" else 2 if word == "multiple" else int(units.number(word) or 0) for word in words
        ]
        return max(numbers)
    named = {match[0] for match in _NAMED.finditer(lower)}
    return len(named) if len(named) > 1 else 0


def _study(method: str, hit: Hit, part: Hit, score: float, why: str) -> Iterator[Done]:
    said, key = hit.said, part.entry.key
    table = getattr(_tables(), method)[key]
    start, end = min(hit.start, part.start), max(hit.end, part.end)
    side = sides.side_of(said.lower, part.start - said.start, part.end - said.start) if table.sides else ""
    marks: tuple[str, ...] = ()
    rule = ""
    if isinstance(table, Xray):
        count = views(said.lower)
        if not count:
            plural = bool(_PLURAL.search(said.lower)) and table.plural
            count = int(table.plural if plural else table.usual)
            rule = "the number of views is not said: the least code of a usual study"
        codes = table.both if side == "both" and table.both else table.views
        code = codes[max((least for least in codes if least <= count), default=min(codes))]
        if (
            key == "knee"
            and side == "both"
            and re.search(r"\b(?:standing|weight[- ]?bearing) ap\b|\bap standing\b", said.lower)
        ):
            code, marks, table = "73565", (), _tables().xray["pelvis"]
        if table.sides in ("F", "T"):
            marks = sides.digits(said.lower, part.start - said.start, part.end - said.start, side, table.sides)
        elif table.sides and codes is not table.both:
            marks = sides.modifiers_of(side)
    else:
        code = _scan(table, said.lower)
        marks = sides.modifiers_of(side)
    yield Done(
        code=code, label=f"{_NAMES[method]} of the {key}", start=start, end=end, score=score, why=why,
        what=f"{method} {key}", modifiers=marks, group="imaging", area=key, side=side, rule=rule,
    )  # fmt: skip


_NAMES = {"xray": "X-ray", "ultrasound": "ultrasound", "ct": "CT", "mri": "MRI"}


def _scan(table: Scan, lower: str) -> str:
    if table.codes:
        return table.codes[2 if _BOTH.search(lower) else 1 if _WITH.search(lower) else 0]
    return table.complete if table.complete and re.search(r"\bcomplete\b", lower) else table.code
