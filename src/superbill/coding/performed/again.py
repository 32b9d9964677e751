"""What was done twice on one day: 76 for a procedure or study, 91 for a laboratory test, 77 after somebody else.

CPT appendix A. 91 is not for a test that was run again to confirm it, or because of the specimen or the device; a study
made again because the first was of no use is billed once. What is to be repeated another day is no repetition, nor is
what is repeated today after another day's; a post-void residual is the first that the scan measures.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from superbill.coding.performed.catalog import read
from superbill.coding.performed.model import Done
from superbill.coding.performed.spoken import Spoken

_CUE = re.compile(
    r"\b(?:repeat(?:ed)?|recheck(?:ed)?|second|2nd|third|3rd|another|post[- ]\w+|two|three|four|[234])\b", re.IGNORECASE
)
_BEFORE = re.compile(
    r"\b(?:repeat(?:ed)?|recheck(?:ed)?|second|2nd|third|3rd|another|"
    r"post[- ](?:reduction|treatment|procedure|casting|splint\w*|exercise|neb\w*))(?: [\w-]+){0,3}? ?$"
)
_AFTER = re.compile(
    r"^[^.;]{0,70}?\b(?:it was|was|were|and|then)(?: then| again)? (?:repeated|rechecked)\b|"
    r"^[^.;]{0,50}[,;] (?:it was |this was )?(?:repeated|rechecked)\b"
    r"(?! (?:(?:here|in (?:the|our) (?:office|clinic)) )?today\b)|^[^;]{0,90}; (?:(?:it|this|that) was "
    r"(?:then )?)?(?:repeated|rechecked)\b"
)
_OF_IT = re.compile(r"^(?:it|this|that) (?:was|had to be) (?:then )?(?:repeated|rechecked)\b|^(?:repeated|rechecked)\b")
_LINK = re.compile(
    r"\b\d+ (?:minutes?|mins?|hours?|hrs?)\b|\b(?:minutes?|an hour) (?:later|after)\b|\bafter\b|\bfollowing\b|\bpost-|"
    r"\blater (?:today|this|in the visit)\b|\btoday\b|\b(?:in|during) (?:the |our |this )?(?:office|clinic|visit)\b|"
    r"\b(?:ongoing|persistent|continued)\b|\bback[- ]to[- ]back\b"
)
_ANOTHER_DAY = re.compile(
    r"\b(?:will|would|should|to be|order(?:ed)?|plan\w*|schedul\w+|recommend\w*|next|tomorrow|if|declin\w+|refus\w+|"
    r"needs?|at home|due|consider\w*|advis\w+|instructed|yearly|annual\w*|every|yesterday|ago|previous(?:ly)?|prior|"
    r"in (?:\d+|a|one|two|three|four|six|several|a few) (?:days?|weeks?|months?|years?))\b|"
    r"\blast (?:week|month|year|visit)\b(?<!from last year)(?<!since last year)(?<!from last visit)"
)
_NO_USE = re.compile(
    r"\b(?:error|invalid|machine|equipment|malfunction\w*|hemoly[sz]ed|clotted|insufficient|inadequate|contaminated|"
    r"misplace\w+|lead (?:placement|reversal)|artifact|confirm\w*|verif\w+|blurr\w+|motion|poor quality|"
    r"non-?diagnostic|"
    r"technical(?:ly)?|new kit|quality control|discrepan\w+)\b"
)
_OTHERS_TODAY = re.compile(
    r"\b(?:this morning|earlier (?:today|this (?:morning|afternoon))|earlier the same day)\b[^.;]{0,40}"
    r"\b(?:by|at|from|in) (?:the |an? |our |my |his |her )?(?:dr|doctor|another|partner|colleague|other|urgent "
    r"care|emergency|er|ed|"
    r"hospital|pcp|primary care|cardiolog\w+|\w+ physician)\b|"
    r"\b(?:by|at|from|in) (?:the |an? |our |my |his |her )?(?:dr\.?|another|partner|colleague|urgent care|emergency|er|"
    r"ed|hospital|pcp|primary care|cardiolog\w+)\b[^.;]{0,40}\b(?:this morning|earlier (?:today|this (?:morning|"
    r"afternoon)))\b"
)
_HOW_MANY = re.compile(r"\b(two|three|four|2|3|4)(?: [\w-]+){0,2} $|^\w* ?(?:treatments? )?(?:x|times) ?([234])\b")
_NUMBER = {"two": 2, "three": 3, "four": 4}
_SURE = 0.6


class Repeated(Struct, frozen=True, forbid_unknown_fields=True):
    """Codes that take a modifier when done again; `counted`: a number of them says so; `not_for` kinds of payers."""

    modifier: str
    codes: tuple[str, ...]
    counted: bool = False
    not_for: tuple[str, ...] = ()


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """The codes of making a study alone, and of reading it alone."""

    made: str = ""
    read: str = ""


class Tables(Struct, frozen=True, forbid_unknown_fields=True):
    """The tables of modifiers (data/modifiers.yaml)."""

    repeated: tuple[Repeated, ...]
    parts: dict[str, Part]
    reasons_for: tuple[str, ...]


@cache
def tables() -> Tables:
    """The tables of modifiers."""
    found: Tables = read("modifiers.yaml", Tables)
    return found


class Again(Struct, frozen=True):
    """A repetition of `what` after `start`: its words, its modifier and how often."""

    one: Done
    modifier: str
    times: int = 1


def split(found: Iterable[Done], spoken: Spoken, payer_kind: str) -> tuple[tuple[Done, ...], tuple[Again, ...]]:
    """What was done first, and what of it was done again. A repetition whose first was another's today carries 77."""
    found = tuple(found)
    if not _CUE.search(spoken.text):
        return found, ()
    repeats = {id(one): each for one in found if (each := _repeat(one, spoken, payer_kind)) is not None}
    first: list[Done] = []
    again: list[Again] = []
    for one in found:
        each = repeats.get(id(one))
        before = [o for o in found if o.what == one.what and o.start < one.start and o.score >= _SURE]
        if each is None:
            first.append(one)
        elif each.one is one and not before:  # said to be repeated in its own sentence, or somebody else's was first
            first.append(_after_another(one, spoken) if _said_before(one, spoken) else one)
            if not _said_before(one, spoken) and one.score >= _SURE:
                again.append(each)
        else:
            again.append(each)
    return tuple(first), tuple(again)


def lines(kept: Iterable[Done], again: Iterable[Again]) -> Iterator[Done]:
    """The lines of repetitions, of those services alone that are kept, one for each of them."""
    told: set[tuple[str, tuple[str, ...]]] = set()
    kept = tuple(kept)
    for each in again:
        for one in kept:
            side = not each.one.modifiers or each.one.modifiers == one.modifiers
            if one.what == each.one.what and side and (one.code, one.modifiers) not in told:
                told.add((one.code, one.modifiers))
                yield replace(
                    one, start=each.one.start, end=each.one.end, units=each.times, why="done again the same day",
                    modifiers=(*one.modifiers, each.modifier)[:4],
                )  # fmt: skip


def _repeat(one: Done, spoken: Spoken, payer_kind: str) -> Again | None:
    """The repetition that the words around a service tell of."""
    rule = next((rule for rule in tables().repeated if one.code.startswith(rule.codes)), None)
    if rule is None or payer_kind in rule.not_for:
        return None
    lower, at, after = spoken.around(one.start, one.end)
    behind = spoken.after(one.start)
    if _OF_IT.search(behind):
        lower = f"{lower.rstrip(' ;.')}; {behind}"
    times = _times(lower, at, after) - 1 if rule.counted else 0
    if times > 0 and one.score >= _SURE:
        return Again(one, rule.modifier, times)
    begin = lower.rfind(";", 0, at) + 1
    cued_after = _AFTER.search(lower[after:])
    if not (_BEFORE.search(lower[begin:at]) or cued_after):
        return None
    part = lower[begin:] if cued_after else lower[begin : lower.find(";", after) if ";" in lower[after:] else None]
    if _NO_USE.search(part) or _ANOTHER_DAY.search(part) or not _LINK.search(part):
        return None
    return Again(one, rule.modifier)


def _times(lower: str, at: int, after: int) -> int:
    said = _HOW_MANY.search(lower[max(0, at - 40) : at]) or re.match(
        r"\W{0,2}(?:treatments? )?(?:x|×) ?([234])\b", lower[after : after + 20]
    )
    return _NUMBER.get(said[1] or "", 0) or int(said[1] or 0) if said else 1


def _said_before(one: Done, spoken: Spoken) -> bool:
    lower, at, _ = spoken.around(one.start, one.end)
    return bool(_BEFORE.search(lower[lower.rfind(";", 0, at) + 1 : at]))


def _after_another(one: Done, spoken: Spoken) -> Done:
    """With 77 where the sentence or the one before says that another provider did the first today."""
    lower, _, _ = spoken.around(one.start, one.end)
    if one.score >= _SURE and _OTHERS_TODAY.search(spoken.before(one.start) + " " + lower):
        return replace(one, modifiers=(*one.modifiers, "77")[:4], rule="another provider did it first today: 77")
    return one
