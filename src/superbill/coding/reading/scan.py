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
    return tuple([Token(*match.span(), *_form(match[0])) for match in _WORD.finditer(text, start, end)])


@lru_cache(maxsize=32_768)
def _form(said: str) -> tuple[str, str]:
    """A word's canonical form and its stem."""
    word = said.casefold().removesuffix("'s").removesuffix("’s")
    return word, stem_of(word)


def terms(text: str, words: Sequence[Token], known: Terms) -> Iterator[tuple[int, int, Term]]:
    """The terms in a sentence as (first word, word after the last, term); none overlaps another."""
    sentence = known.among(text, words)
    said = sentence.said
    at = 0
    while at < len(said):
        length, term = _longest(sentence, at)
        if term is None:
            at += 1
            continue
        yield said[at], said[at + length - 1] + 1, term
        at += length


def _longest(sentence: Sentence, at: int) -> tuple[int, Term | None]:
    """The longest term that begins here; no window is tried with stems that no term has together."""
    text, words, said = sentence.text, sentence.words, sentence.said
    first = said[at]
    stems = [words[first].stem]
    beside = besides = sentence.terms.company(stems[0])
    if beside is None:
        return 0, None
    for number in range(at + 1, len(said)):
        place = said[number]
        stem = words[place].stem
        if stem not in beside or besides is None or stem not in besides or place - first > _FARTHEST:
            break
        if _parted(text, words[said[number - 1]].end, words[place].start):
            break
        stems.append(stem)
        besides = sentence.terms.company(stem)
    for count in range(len(stems), 0, -1):
        last = said[at + count - 1]
        close = last - first < count  # no word passed over: nothing to turn around
        for form in (" ".join(stems[:count]),) if close else _forms(words, said, at, stems[:count]):
            term = sentence.at(form, first, last)
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
