"""Finds the terms of the dictionary in the words of a sentence: the longest at every place, words that part no term
passed over."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from superbill.codesets.terms.forms import stem_of
from superbill.codesets.terms.lookup import Sentence, Terms
from superbill.codesets.terms.model import Term, Word
from superbill.coding.reading.model import Token

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?(?:\.\d+)?")
_TURNS = frozenset(("of", "in", "to", "at", "over", "along", "on", "within", "involving"))
_PARTING = re.compile(r"[;:\n]|(?<!\b[A-Za-z])\.")
_FARTHEST = 12


def tokens(text: str, start: int, end: int) -> tuple[Token, ...]:
    """The words of a span."""
    return tuple(Token(*match.span(), *_form(match[0])) for match in _WORD.finditer(text, start, end))


@lru_cache(maxsize=32_768)
def _form(said: str) -> tuple[str, str]:
    """A word's canonical form and its stem."""
    word = said.casefold().removesuffix("'s").removesuffix("’s")
    return word, stem_of(word)


def terms(text: str, words: Sequence[Token], known: Terms) -> Iterator[tuple[int, int, Term]]:
    """The terms in a sentence as (first word, word after the last, term); none overlaps another."""
    sentence = known.among(text, words)
    said = sentence.said
    most = [known.longest.get(words[place].stem, 0) for place in said]
    at = 0
    while at < len(said):
        length, term = _longest(sentence, at, most) if most[at] else (0, None)
        if term is None:
            at += 1
            continue
        yield said[at], said[at + length - 1] + 1, term
        at += length


def _longest(sentence: Sentence, at: int, most: Sequence[int]) -> tuple[int, Term | None]:
    """The longest term that begins here. `most`: the words of the longest term that has the stem, so that no window is
    tried that is longer than one of its words allows."""
    text, words, said = sentence.text, sentence.words, sentence.said
    least = most[at]
    length = 1
    for place in range(at + 1, min(at + least, len(said))):
        least = min(least, most[place])
        if least <= length or said[place] - said[at] > _FARTHEST:
            break
        if _parted(text, words[said[place - 1]].end, words[said[place]].start):
            break
        length += 1
    every = [words[place].stem for place in said[at : at + length]]
    for count in range(length, 0, -1):
        stems, last = every[:count], said[at + count - 1]
        close = last - said[at] < count  # no word passed over: nothing to turn around
        for form in (" ".join(stems),) if close else _forms(words, said, at, stems):
            term = sentence.at(form, said[at], last)
            if term is not None:
                return count, term
    return 0, None


def _parted(text: str, start: int, end: int) -> bool:
    """Is there a mark between that ends a phrase?"""
    return end > start + 1 and _PARTING.search(text, start, end) is not None


def _forms(words: Sequence[Word], said: Sequence[int], at: int, stems: list[str]) -> Iterator[str]:
    """As said; and turned around its preposition: "pain in the knee" is also "knee pain"."""
    yield " ".join(stems)
    for cut in range(1, len(stems)):
        first, after = said[at + cut - 1] + 1, said[at + cut]
        if first < after and any(word.word in _TURNS for word in words[first:after]):
            yield " ".join(stems[cut:] + stems[:cut])
