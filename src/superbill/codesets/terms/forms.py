"""The form in which a term is kept and looked up: its stems, without words that say nothing or are read apart."""

import re
import unicodedata
from collections.abc import Sequence

from superbill.codesets.search.words import STOP, canonical, stem, words

SIDES = frozenset(("right", "left", "bilateral", "unilateral"))
"""Read as an attribute of what is mentioned, wherever they stand."""
PASSED = STOP | frozenset(
    ("their", "your", "our", "she", "he", "they", "there", "that", "these", "those", "some", "any", "both", "side",
     "sided", "upon", "over", "along", "within", "into", "about", "are", "were", "been", "being", "have", "having",
     "w", "encounter", "unspecified", "nos")
)  # fmt: skip
"""Words between those of a term that don't part it."""
_UNTELLING = PASSED | SIDES
_SMALL = PASSED - {"encounter", "unspecified", "nos", "of", "for"}
_SILENT = frozenset(("initial", "subsequent", "classified", "elsewhere"))
_UNSAID = re.compile(
    r"\bnot (?:elsewhere classified|otherwise specified|specified|intractable)\b|(?<=\w),? NEC\b", re.IGNORECASE
)
_LETTERED = frozenset(
    ("hepatitis", "hep", "influenza", "flu", "vitamin", "vit", "hemophilia", "haemophilia", "group", "type", "grade",
     "class", "stage", "category")
)  # fmt: skip
_AFTER_LETTER = frozenset(
    ("virus", "viral", "infection", "deficiency", "excess", "toxicity", "strep", "streptococcus", "streptococcal",
     "carrier", "vaccine", "vaccination", "immunity", "and", "or", "with", "without", "exposure", "positive", "severe",
     "personality", "behavior", "beta", "hemolytic", "poisoning", "h1n1", "h3n2", "pneumonia", "today", "is", "was")
)  # fmt: skip
MOST = 8
"""Words of the longest term that is kept."""


def form(text: str) -> str:
    """The stems of a term in their order: "Pain in right knee" → "pain knee"; "" for one that is empty or too long."""
    return " ".join(map(stem, kept(text)))


def kept(text: str) -> list[str]:
    """The canonical words of a term that its form keeps; none for one that is too long."""
    said = words(_UNSAID.sub(" ", text))
    left = [word for place in telling(said) if (word := said[place]) not in _SILENT]
    return left if len(left) <= MOST else []


def side_of(text: str) -> str:
    """The side that a term says: right, left or bilateral; "" for none or several."""
    said = SIDES.intersection(words(text))
    return next(iter(said)) if len(said) == 1 else ""


def loses(text: str) -> bool:
    """Does the form of the term lose small words that it was written with, so that too little may be left of it?"""
    return not _SMALL.isdisjoint(words(text))


def sided(name: str, side: str) -> str:
    """Under which name a term is kept that means something else on one side: "left bundle branch block"."""
    return f"{name} @{side}"


def turned(name: str) -> str:
    """What all orders of the stems of a form share."""
    return " ".join(sorted(name.split(" ")))


def stem_of(word: str) -> str:
    """The stem of one word of a note, in any case."""
    word = word.casefold()
    if not word.isascii():
        word = "".join(each for each in unicodedata.normalize("NFKD", word) if not unicodedata.combining(each))
    return stem(canonical(word))


def telling(said: Sequence[str]) -> list[int]:
    """The places of the words in lower case that count in a form: no small words, no sides; but the letter of
    "hepatitis A", "influenza A", "vitamin A"."""
    return [
        place
        for place, word in enumerate(said)
        if word not in _UNTELLING or (word == "a" and place > 0 and said[place - 1] in _LETTERED and _ends(said, place))
    ]


def _ends(said: Sequence[str], place: int) -> bool:
    """Is it the last word, or one before a word that an article wouldn't stand before?"""
    return place + 1 == len(said) or said[place + 1] in _AFTER_LETTER
