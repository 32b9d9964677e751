"""Words of a text in any language of Latin letters, in a form that plural, gender and accents don't change."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+")
_STOP = re.compile(r"[.!?](?=\s|$)|\n+")
_SILENT = frozenset(
    (
        # Spanish
        "de", "la", "el", "los", "las", "en", "a", "y", "e", "o", "u", "con", "por", "del", "al", "un", "una", "se",
        "su", "sus", "que", "lo", "le", "para",
        # English
        "of", "the", "in", "to", "an", "and", "or", "with", "for", "by", "at", "on", "is", "was", "were", "are", "as",
        "his", "her", "which", "that", "from", "it", "its", "be", "been",
    )
)  # fmt: skip
_KEPT = 3


class Word(NamedTuple):
    """A word that says something: its span in the text, its stem, and the number of its sentence."""

    start: int
    end: int
    stem: str
    sentence: int


@lru_cache(maxsize=131072)
def stem(word: str) -> str:
    """What a word shares with its plural and its other gender: "renales" and "renal", "derecho" and "derechas".

    Endings are those that Spanish and English have in common; a stem needn't be a word of either.
    """
    word = unicodedata.normalize("NFKD", word.casefold())
    word = "".join(each for each in word if not unicodedata.combining(each))
    if len(word) > _KEPT + 1 and word[-1] == "s" and word[-2] not in "ius":
        word = word[:-1]
    if len(word) > _KEPT + 1 and word[-1] in "aoe":
        return word[:-1]
    return word[:-1] + "i" if len(word) > _KEPT and word[-1] == "y" else word


def silent(word: str) -> bool:
    """Is it a word that says nothing by itself?"""
    return word.casefold() in _SILENT


def words(text: str) -> tuple[Word, ...]:
    """The words of a text that say something, in their order."""
    found = []
    ends = [match.start() for match in _STOP.finditer(text)]
    sentence = 0
    for match in _WORD.finditer(text):
        while sentence < len(ends) and ends[sentence] < match.start():
            sentence += 1
        if not silent(match[0]):
            found.append(Word(match.start(), match.end(), stem(match[0]), sentence))
    return tuple(found)


def key(text: str) -> tuple[str, ...]:
    """The form in which a phrase is kept: its stems, each once, without regard to their order."""
    return tuple(sorted({stem(word) for word in _WORD.findall(text) if not silent(word)}))
