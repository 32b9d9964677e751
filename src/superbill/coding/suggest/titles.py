"""Titles of codes taken apart: what each says, denies, leaves open, of which side. Kept for every code asked for."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from msgspec import Struct

from superbill.codesets.icd10cm import schema
from superbill.codesets.icd10cm.lookup import Code, CodeBook
from superbill.codesets.search.words import DEFAULT, NEGATED, canonical, stem, tokens
from superbill.coding.reading.tables import table

_EPISODE = re.compile(r"\b(?:initial encounter|subsequent encounter|sequela)\b")
_UNSAID = re.compile(r"\bunspecified as (?:to )?[^,]+")
"""What a title says to leave open: "unspecified as acute or chronic" says neither."""
_SIDE = re.compile(r"\b(right|left|bilateral)\b")
_ASIDE = re.compile(r"\([^)]*\)")
_PREGNANCY = "O"
_SIDES = ("right", "left", "bilateral")
_PARTS = ("I2", "I44", "I45", "I5", "Q2")
"""Codes whose titles name the right or left heart: parts of one organ, not sides of the body."""


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """The table title_words.yaml. `neutral`: stand in titles without telling conditions apart; `qualifiers`: count only
    where they are said of the condition itself; `alike`: words of notes and the words of titles that they mean."""

    neutral: tuple[str, ...]
    qualifiers: tuple[str, ...]
    alike: dict[str, str]


class Title(Struct, frozen=True, gc=False):
    """What a title says. All words are stems; `aside` are those in parentheses or said by default."""

    says: frozenset[str]
    denies: frozenset[str]
    aside: frozenset[str]
    side: str
    unspecified: bool
    other: bool
    elsewhere: bool


def roots(text: str) -> list[str]:
    """The stems of the words of a text."""
    return [stem(canonical(word)) for word in re.findall(r"[a-z0-9]+", text.casefold())]


SITES = frozenset(
    roots(
        "arm hand wrist elbow shoulder finger thumb forearm humerus radius ulna knee hip ankle foot toe leg "
        "thigh calf "
        "heel femur tibia fibula patella clavicle scapula rib eye ear breast kidney ovary testis testicle lung hand "
        "upper lower limb extremity eyelid cornea retina iris conjunctiva nail buttock groin flank side jaw cheek "
        "carpal metatarsal metatarsals metacarpal phalanx trochanteric bursitis hallux nipple ureter tube trunk "
        "temple "
        "quadrant abdomen abdominal axilla back great little ring middle index pelvis sacroiliac rotator "
        "achilles plantar"
    )
)
"""Stems of the words for parts of the body that have a side."""


@cache
def vocabulary() -> tuple[frozenset[str], frozenset[str], dict[str, list[tuple[list[str], list[str]]]]]:
    """The neutral stems, the qualifying stems, and what words of notes mean in titles, by the first of the words."""
    read = table("superbill.coding.suggest.data", "title_words.yaml", Words)
    alike: dict[str, list[tuple[list[str], list[str]]]] = {}
    for said, means in sorted(read.alike.items(), key=lambda each: len(each[0].split())):
        words = roots(said)
        alike.setdefault(words[0], []).append((words, roots(means)))
    return frozenset(roots(" ".join(read.neutral))), frozenset(roots(" ".join(read.qualifiers))), alike


@cache
def bare_words() -> frozenset[str]:
    """Stems that name no condition, alone or together: degrees, kinds, persons, sites."""
    neutral, qualifiers, _ = vocabulary()
    plain = roots(
        "male female man woman patient right left bilateral both other unspecified initial now history routine"
    )
    named = roots(
        "disease disorder syndrome condition rupture abscess gangrene hemorrhage bleeding perforation shock "
        "ketoacidosis "
        "coma attack calculus hyperglycemia tear sprain exacerbation obstruction relapse stress fatigue status "
        "episode"
    )
    return (neutral | qualifiers | SITES | frozenset(plain)) - frozenset(named)


def parsed(code: Code) -> Title:
    """The title of a code, its episode of care left out."""
    text = code.title.casefold()
    episode = _EPISODE.search(text)
    if episode and code.code[0] in "STMVWXY":
        text = text[: episode.start()]
    text = _UNSAID.sub("unspecified", text)
    sided = not code.code.startswith(_PARTS)
    sides = _SIDE.findall(text) if sided else []
    neutral = vocabulary()[0]
    says, denies, aside = set(), set(), set()
    bare = frozenset(roots(_ASIDE.sub(" ", text)))
    for token in tokens(text):
        if token.word in ("unspecified", "other") or token.stem in neutral or (sided and token.word in _SIDES):
            continue
        if token.mark == NEGATED:
            denies.add(token.stem)
        elif token.mark == DEFAULT and token.stem not in bare:
            aside.add(token.stem)
        else:
            says.add(token.stem)
    return Title(
        frozenset(says), frozenset(denies - says), frozenset(aside - says), sides[0] if sides else "",
        "unspecified" in text, bool(re.search(r"\bother\b|not elsewhere", text)), "classified elsewhere" in text,
    )  # fmt: skip


class Shelf:
    """Titles and branches of one book, kept once made. `answers` holds what resolving found for the same words."""

    def __init__(self) -> None:
        self.titles: dict[str, Title] = {}
        self.stems: dict[str, tuple[Code, ...]] = {}
        self.answers: dict[tuple[object, ...], Any] = {}

    def title(self, code: Code) -> Title:
        """The code's title taken apart."""
        found = self.titles.get(code.code)
        if found is None:
            found = self.titles[code.code] = parsed(code)
        return found

    def leaves(self, code: Code, book: CodeBook) -> tuple[Code, ...]:
        """The codes under it that are whole but for the episode of care; itself when it is one."""
        found = self.stems.get(code.code)
        if found is None:
            found = self.stems[code.code] = tuple(_leaves(code, book))
        return found


def _leaves(code: Code, book: CodeBook) -> Iterator[Code]:
    under = book.under(code.code)
    if not under or episodic(under[0]):
        yield code
        return
    for each in under:
        yield from _leaves(each, book)


def episodic(code: Code) -> bool:
    """Does the code's last character tell the episode of care?"""
    return len(schema.undotted(code.code)) == 7 and code.code[0] != _PREGNANCY and bool(_EPISODE.search(code.title))


_shelves: WeakKeyDictionary[CodeBook, Shelf] = WeakKeyDictionary()


def shelf(book: CodeBook) -> Shelf:
    """The shelf of a book; the same for the same book as long as it lives."""
    found = _shelves.get(book)
    if found is None:
        found = _shelves[book] = Shelf()
    return found
