"""The words of composition: sites of the body, their parts, the heads ("pain", "fracture") and what qualifies one."""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from superbill.codesets.terms.forms import stem_of
from superbill.coding.reading.model import Token
from superbill.coding.reading.tables import table

DATA = "superbill.coding.reading.data"
COMPOSE = "superbill.coding.reading.data.compose"

HEAD, SITE, PART, PATTERN, SIDE, PLAIN, NEVER = "head", "site", "part", "pattern", "side", "plain", "never"
_SKIPPED = frozenset(
    ("of", "the", "his", "her", "their", "my", "your", "a", "an", "right", "left", "bilateral", "both")
)
_SIDES = {
    "right": "right", "rt": "right", "left": "left", "lt": "left", "bilateral": "bilateral", "bilat": "bilateral",
    "bilaterally": "bilateral", "both": "bilateral",
}  # fmt: skip
_LETTERS = {"R": "right", "L": "left", "B": "bilateral"}
_LIMBS = {
    "rle": ("leg", "right"), "lle": ("leg", "left"), "ble": ("leg", "bilateral"), "rue": ("arm", "right"),
    "lue": ("arm", "left"), "bue": ("arm", "bilateral"),
}  # fmt: skip
_LEVEL = re.compile(r"[ctls]\d{1,2}")
_REGIONS = {"c": ("cervical", 7), "t": ("thoracic", 12), "l": ("lumbar", 5), "s": ("sacral", 5)}
_PARTING = re.compile(r"[.;:,(\n]")
_WEAK_BEFORE = frozenset(
    ("his", "her", "my", "the", "your", "their", "low", "lower", "upper", "mid", "middle", "of", "in", "left", "right",
     "entire", "whole", "to", "on", "and", "or", "over", "across", "with", "down", "a", "chronic", "acute", "both",
     "bilateral", "this", "no", "for", "inferior", "superior", "medial", "lateral", "anterior", "posterior", "central")
)  # fmt: skip


class Label(NamedTuple):
    """Words that say one thing: from word `first` to before `after`; the first id is the thing, more say which part."""

    first: int
    after: int
    kind: str
    ids: tuple[str, ...]


class Vocabulary(NamedTuple):
    """`phrases`: by their first stem, the longest first; `parent`: the site in which each site lies; `depth` of it."""

    phrases: dict[str, tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...]]
    parent: dict[str, str]
    depth: dict[str, int]
    weak: frozenset[str]
    excepted: frozenset[str]

    def above(self, site: str) -> tuple[str, ...]:
        """The site and all in which it lies."""
        found = []
        while site:
            found.append(site)
            site = self.parent.get(site, "")
        return tuple(found)


class Words(NamedTuple):
    """compose/words.yaml: what says a part of a site, what qualifies a head, what says nothing, what is no head."""

    parts: dict[str, str]
    patterns: dict[str, str]
    plain: str
    never: str
    weak: str
    excepted: str


@cache
def words_table() -> Words:
    """The words around heads and sites."""
    return Words(**table(COMPOSE, "words.yaml", dict))


@cache
def vocabulary() -> Vocabulary:
    """All words of composition, compiled."""
    from superbill.coding.reading.heads import heads

    said = words_table()
    every: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {}
    parent: dict[str, str] = {}

    def add(kind: str, ids: str, listed: str) -> None:
        for words in listed.split(","):
            stems = tuple(map(stem_of, words.split()))
            if stems:
                every.setdefault(stems, (kind, tuple(ids.split())))

    add(NEVER, "never", said.never)
    for above, sites in table(DATA, "sites.yaml", dict[str, dict[str, str]]).items():
        for ids, listed in sites.items():
            parent.setdefault(ids.split()[0], "" if above == "body" else above)
            add(SITE, ids, listed)
    for name, head in heads().items():
        add(HEAD, name, head.say)
    for kind, listing in ((PART, said.parts), (PATTERN, said.patterns)):
        for ids, listed in listing.items():
            add(kind, ids, listed)
    add(PLAIN, "plain", said.plain)
    phrases: dict[str, list[tuple[tuple[str, ...], str, tuple[str, ...]]]] = {}
    for stems, (kind, named) in sorted(every.items(), key=lambda item: (-len(item[0]), item[0])):
        phrases.setdefault(stems[0], []).append((stems, kind, named))
    bare = Vocabulary({}, parent, {}, frozenset(), frozenset())
    depth = {site: len(bare.above(site)) for site in parent}
    return Vocabulary(
        {first: tuple(rest) for first, rest in phrases.items()}, parent, depth,
        frozenset(said.weak.split(", ")), frozenset(said.excepted.split(", ")),
    )  # fmt: skip


def labels(text: str, words: Sequence[Token]) -> list[Label]:
    """What the words of a sentence say of sites and heads, in their order; none overlaps another but sides."""
    known = vocabulary()
    said = [place for place, word in enumerate(words) if word.word not in _SKIPPED]
    found: list[Label] = []
    at = 0
    while at < len(said):
        word = words[said[at]].word
        if words[said[at]].stem not in known.phrases and word not in _LIMBS and not word[-1].isdigit():
            at += 1
            continue
        label, length = _at(text, words, said, at, known)
        if label is not None and not (label.kind == SITE and _verbal(words, label, known)):
            found.append(label)
        at += length
    found += _sides(text, words, found)
    return sorted(found)


def _at(
    text: str, words: Sequence[Token], said: list[int], at: int, known: Vocabulary
) -> tuple[Label | None, int]:  # fmt: skip
    place = said[at]
    word = words[place]
    phrases = known.phrases.get(word.stem, ())
    ahead = tuple([words[each].stem for each in said[at : at + len(phrases[0][0])]]) if phrases else ()
    for stems, kind, ids in phrases:
        length = len(stems)
        if length > 1:
            if ahead[:length] != stems or _PARTING.search(text, word.end, words[said[at + length - 1]].start):
                continue
        elif word.word in known.excepted:
            continue
        return Label(place, said[at + length - 1] + 1, kind, ids), length
    if word.word in _LIMBS:
        return Label(place, place + 1, SITE, (_LIMBS[word.word][0],)), 1
    return _level(text, words, place), 1


def _level(text: str, words: Sequence[Token], place: int) -> Label | None:
    """ "L4", and the "5" of "L4-5"."""
    word = words[place].word
    if _LEVEL.fullmatch(word) and 0 < int(word[1:]) <= _REGIONS[word[0]][1]:
        return Label(place, place + 1, SITE, (_REGIONS[word[0]][0], word))
    if word.isdigit() and place and len(word) < 3:
        before = words[place - 1]
        if _LEVEL.fullmatch(before.word) and text[before.end : words[place].start] in ("-", "/", "–"):
            region = before.word[0] if int(word) > int(before.word[1:]) else "s" if before.word[0] == "l" else "t"
            return Label(place, place + 1, SITE, (_REGIONS[region][0], region + word))
    return None


def _verbal(words: Sequence[Token], label: Label, known: Vocabulary) -> bool:
    """Is "back" the site, or "came back"?"""
    word = words[label.first].word
    if label.after - label.first > 1 or word not in known.weak or label.first == 0:
        return False
    before = words[label.first - 1].word
    following = words[label.after].stem if label.after < len(words) else ""
    heading = any(kind == HEAD and len(stems) == 1 for stems, kind, _ in known.phrases.get(following, ()))
    return before not in _WEAK_BEFORE and not heading


def _sides(text: str, words: Sequence[Token], found: Sequence[Label]) -> list[Label]:
    sites = {label.first for label in found if label.kind in (SITE, PART, HEAD)}
    sides = []
    for place, word in enumerate(words):
        side = _SIDES.get(word.word) or _LIMBS.get(word.word, ("", ""))[1]
        if not side and place + 1 in sites:
            side = _LETTERS.get(text[word.start : word.end], "")
            if word.word == "l" and place and words[place - 1].word == "b":
                side = "bilateral"
        if side:
            sides.append(Label(place, place + 1, SIDE, (side,)))
    return sides
