"""In which context a mention stands: denied, uncertain, past, planned, of someone else.

Cues with their direction and scope are data (data/cues.yaml); marks such as "(-)", "?" and an empty box are read here;
the kind of a section says what its mentions are when no cue does.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache

from msgspec import Struct
from msgspec.structs import replace

from superbill.coding.reading.model import (
    ASSESSING,
    Attribute,
    Experiencer,
    Kind,
    Mention,
    Outline,
    Sentence,
    Time,
    Token,
)
from superbill.coding.reading.phrasebook import Book, cues, listed, phrases_in
from superbill.coding.reading.scan import tokens
from superbill.coding.reading.scopes import Cue, Hit, Row
from superbill.coding.reading.tables import table

_ANSWERED = re.compile(
    r"\s{0,2}(?:\((?:-|neg|negative|no|none|denies|denied|absent)\)"
    r"|(?::|\s[-–])\s{0,3}(?:no|none|neg|negative|denies|denied|absent|never|not present|no evidence)\b"
    r"(?=\s{0,2}(?:[.;,)|\n]|$|\w+:|(?:at (?:this time|present)|today|currently|now)\b))|\s{0,2}:?\s?n/a\b"
    r"|(?:\s(?:sx|symptoms|signs))?\s{1,2}(?:no|none|neg|n/a|absent)(?=\s{0,2}(?:[.;,)\n]|$)))",
    re.IGNORECASE,
)  # fmt: skip
_DOUBTED = re.compile(r"\s?\(\?\)|\?")
_TREATED = re.compile(
    r"\s(?:repair|removal|resection|excision|ablation|surgery|operation|bypass|extraction|reduction|fixation|fusion|"
    r"release|replacement|decompression|debridement|embolization|coiling|clipping|cure|treated and cured)\b",
    re.IGNORECASE,
)  # fmt: skip
_EARLIER = re.compile(
    r"^[ \t]*(?:(?:last|previous|prior|earlier)\s(?:office\s|clinic\s)?(?:visit|note|encounter|assessment|plan|a/?p)"
    r"|(?:assessment|plan|a/?p|note|copied)(?:\sand\splan)?\s(?:from|of|at)\s(?:the\s|my\s)?(?:last|previous|prior))"
    r"\b[^\n:]{0,40}(?::|$)",
    re.IGNORECASE | re.MULTILINE,
)  # fmt: skip
_UNTICKED = re.compile(r"(?:\[ ?\]|☐|□)\s?(?:\w+\s){0,2}$")
_FLAGS = ("negated", "uncertain", "past", "planned", "hypothetical", "family", "other")
_FIRST: dict[str, int] = {"past": 3, "hypothetical": 2, "planned": 1}
_STATUS = ("Z8", "Z9")
_MINUSES = frozenset((" -", ",-", "(-", "/-", " –"))
_SUBJECTS = frozenset(("he", "she", "patient", "pt", "the", "they", "i", "we"))
_SELF = frozenset(("uncertain", "negated", "nothing"))
_KIN = ("Z80", "Z81", "Z82", "Z83", "Z84", "Z20", "Z63")
_PASSING = ("R", "S", "T", "V", "W", "X", "Y", "M25", "M54", "M79.6", "H57.1", "N64.4", "G43", "O")
_LISTING = frozenset((Kind.MEDICAL_HISTORY, Kind.PROBLEM_LIST))


class _Group(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    cue: Cue
    phrases: str


class _Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table of cues, lists with commas between. `chronic`: starts of codes of conditions that, once there, stay."""

    classes: dict[str, str]
    chronic: str
    cues: tuple[_Group, ...]


class Said:
    """What the cues say of one mention, as they are met. `cue`: it is no mention but a cue itself ("suspected")."""

    def __init__(self) -> None:
        self.flags: set[str] = set()
        self.cues: list[tuple[int, int]] = []
        self.status: list[tuple[str, int, int]] = []
        self.cue = False

    def add(self, flag: str, start: int, end: int) -> None:
        if flag in _FLAGS:
            self.flags.add(flag)
        else:
            self.status.append((flag, start, end))
        if (start, end) not in self.cues and start < end:
            self.cues.append((start, end))


@cache
def _table() -> _Table:
    return table("superbill.coding.reading.data", "cues.yaml", _Table)


@cache
def _phrases() -> Book[Cue]:
    read = _table()
    classes = {name: frozenset(listed(words)) for name, words in read.classes.items()}
    return cues({phrase: group.cue for group in read.cues for phrase in listed(group.phrases)}, classes)


@cache
def _chronic() -> tuple[str, ...]:
    return listed(_table().chronic)


def judged(mentions: Sequence[Mention], outline: Outline, words: Sequence[Sequence[Token]]) -> tuple[Mention, ...]:
    """The mentions with their context. `words` are the outline's tokens, a row to a sentence."""
    by_sentence: dict[int, list[Mention]] = {}
    for mention in mentions:
        by_sentence.setdefault(mention.sentence, []).append(mention)
    said: dict[int, Said] = {}
    copied = _copied(outline)
    for place, there in by_sentence.items():
        there.sort(key=lambda each: each.start)
        for mention, found in zip(there, _of_sentence(there, outline, words[place], place, copied), strict=True):
            said[id(mention)] = found
    return tuple(_with(mention, said[id(mention)]) for mention in mentions if not said[id(mention)].cue)


def chronic(mention: Mention) -> bool:
    """Is this a condition that stays once it is there, so that a history of it is a present one?"""
    return bool(mention.codes) and mention.codes[0].startswith(_chronic())


def _of_sentence(
    there: list[Mention], outline: Outline, row: Sequence[Token], place: int, copied: tuple[int, int]
) -> list[Said]:
    sentence = outline.sentences[place]
    found = [Said() for _ in there]
    hits = [Hit(first, after, cue) for first, after, cue in phrases_in(_phrases(), outline.text, row)]
    if hits:
        _cued(there, found, Row(outline.text, row, hits, sentence.end))
    kind = outline.kind_of(sentence)
    label = _of_label(sentence.label)
    himself = bool(row) and row[0].word in _SUBJECTS
    if himself:
        label = tuple(each for each in label if each not in ("family", "other"))
    for mention, said in zip(there, found, strict=True):
        for does in label:
            _apply(said, mention, does, sentence.start, sentence.start)
        _marks(said, mention, outline.text, sentence)
        if not (himself and kind is Kind.FAMILY_HISTORY):
            _by_section(said, mention, kind, sentence, copied)
    return found


def _cued(there: list[Mention], found: list[Said], row: Row) -> None:
    """Applies the cues of a row to its mentions, which are in the order of the text."""
    starts = [mention.start for mention in there]
    for hit in row.hits:
        start, end = row.row[hit.first].start, row.row[hit.after - 1].end
        for number in _reached(there, starts, hit, row, (start, end)):
            if there[number].end <= start or there[number].start > start:
                for does in hit.cue.does:
                    _apply(found[number], there[number], does, start, end, row.text)
        if _SELF.intersection(hit.cue.does):
            for number in range(bisect_left(starts, start), bisect_left(starts, end)):
                each, said = there[number], found[number]
                longer = "uncertain" in hit.cue.does or end - start > each.end - each.start
                said.cue = said.cue or (longer and each.end <= end)


def _reached(
    there: list[Mention], starts: list[int], hit: Hit, row: Row, span: tuple[int, int]
) -> list[int]:  # fmt: skip
    """The numbers of the mentions that a cue reaches; one that begins within the cue and ends after it, too."""
    reached: set[int] = set()
    way = hit.cue.way
    if way != "back":
        reached.update(_within(there, starts, row.ahead(hit))[hit.cue.skip :])
    if way in ("back", "both") or (way == "ahead or back" and not reached):
        reached.update(_within(there, starts, row.back(hit)))
    start, end = span
    reached.update(n for n in range(bisect_right(starts, start), bisect_left(starts, end)) if end < there[n].end)
    return sorted(reached)


def _within(there: list[Mention], starts: list[int], span: tuple[int, int]) -> list[int]:
    first, after = bisect_left(starts, span[0]), bisect_left(starts, span[1])
    return [number for number in range(first, after) if there[number].end <= span[1]]


def _apply(said: Said, mention: Mention, does: str, start: int, end: int, text: str = "") -> None:
    if does in ("stop", "subject", "cause", "nothing"):
        return
    if does in ("history", "past") and mention.codes and mention.codes[0].startswith(_STATUS):
        return  # the code itself says that it is past
    if does in ("family", "other") and mention.codes and mention.codes[0].startswith(_KIN):
        return  # a history of the family, which is the patient's to have
    if does in ("once", "feared") and mention.codes and mention.codes[0].startswith(_PASSING):
        return  # complaints and injuries are told in the past tense, and feared when they are there
    if does in ("history", "once"):
        treated = bool(text) and _TREATED.match(text, mention.end) is not None
        does = "listed" if chronic(mention) and not treated else "past"
    if does == "untaken":
        if mention.what != "drug":
            return
        does = "negated"
    if does == "feared":
        does = "hypothetical"
    if does == "planned" and mention.what == "problem":
        return  # what is planned for a condition doesn't make the condition planned
    said.add(does, start, end)


@lru_cache(maxsize=1024)
def _of_label(label: str) -> tuple[str, ...]:
    """What the label of a line does to all that it introduces: "Denies:", "Family history:"."""
    row = tokens(label, 0, len(label))
    found = tuple(phrases_in(_phrases(), label, row)) if row else ()
    if len(found) == 1 and found[0][1] == len(row) and found[0][0] <= 1:
        return found[0][2].does
    return ()


def _marks(said: Said, mention: Mention, text: str, sentence: Sentence) -> None:
    answered = _ANSWERED.match(text, mention.end)
    if answered:
        said.add("negated", answered.start(), answered.end())
    doubted = _DOUBTED.match(text, mention.end)
    if doubted:
        said.add("uncertain", doubted.start(), doubted.end())
    if mention.start and text[mention.start - 1] == "?":
        said.add("uncertain", mention.start - 1, mention.start)
    if text[max(0, mention.start - 2) : mention.start] in _MINUSES and "+" in text[sentence.start : sentence.end]:
        said.add("negated", mention.start - 1, mention.start)
    start = max(0, mention.start - 24)
    unticked = _UNTICKED.search(text, start, mention.start) if text[start : mention.start].strip() else None
    if unticked:
        said.add("negated", unticked.start(), unticked.end())


def _copied(outline: Outline) -> tuple[int, int]:
    """The span that is copied from an earlier visit: from its heading to the next assessment after its own; empty
    where no assessment of today's follows."""
    heading = _EARLIER.search(outline.text)
    if heading is None:
        return 0, 0
    later = [each.start for each in outline.sections if each.kind in ASSESSING and each.start >= heading.start()]
    line = heading.end() if later and later[0] < heading.end() else -1
    after = [start for start in later if start >= heading.end()]
    number = 0 if line >= 0 else 1
    return (heading.start(), after[number]) if len(after) > number else (0, 0)


def _by_section(said: Said, mention: Mention, kind: Kind, sentence: Sentence, copied: tuple[int, int]) -> None:
    at = sentence.start
    if copied[0] <= at < copied[1]:
        _apply(said, mention, "history", at, at)
    if kind is Kind.FAMILY_HISTORY and "other" not in said.flags:
        said.flags.add("family")
    elif kind is Kind.SURGICAL_HISTORY:
        _apply(said, mention, "past", at, at)
    elif kind in _LISTING and "past" not in said.flags and not any(s[0] == "listed" for s in said.status):
        _apply(said, mention, "history" if kind is Kind.MEDICAL_HISTORY else "listed", at, at)
    elif kind is Kind.OBSTETRIC_HISTORY:
        _apply(said, mention, "history", at, at)
    elif kind is Kind.INSTRUCTIONS:
        said.flags.add("hypothetical")


def _with(mention: Mention, said: Said) -> Mention:
    flags = said.flags
    time: Time = "current"
    for name in sorted(flags.intersection(_FIRST), key=lambda each: _FIRST[each]):
        time = name  # type: ignore[assignment]  # a key of _FIRST is a Time
    experiencer: Experiencer = "family" if "family" in flags else "other" if "other" in flags else "patient"
    attributes = tuple(Attribute("status", value, start, end) for value, start, end in said.status)
    return replace(
        mention, negated="negated" in flags, uncertain="uncertain" in flags, time=time, experiencer=experiencer,
        attributes=mention.attributes + attributes, cues=tuple(sorted(said.cues)),
    )  # fmt: skip
