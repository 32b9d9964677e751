"""Finds the terms of the dictionary in the words of a sentence: the longest at every place, words that part no term
passed over."""

import re
from collections.abc import Iterator, Sequence

from superbill.codesets.terms.forms import stem_of
from superbill.codesets.terms.lookup import Sentence, Terms
from superbill.codesets.terms.model import Term, Word
from superbill.coding.reading.model import Token

_WORD = re.compile(r"[A-Za-z0-9]+(?:['’][A-Za-z]+)?(?:\.\d+)?")
_TURNS = frozenset(("of", "in", "to", "at", "over", "along", "on", "within", "involving"))
_FARTHEST = 12


def tokens(text: str, start: int, end: int) -> tuple[Token, ...]:
    """The words of a span."""
    found = []
    for match in _WORD.finditer(text, start, end):
        word = match[0].casefold().removesuffix("'s").removesuffix("’s")
        found.append(Token(match.start(), match.end(), word, stem_of(word)))
    return tuple(found)


def terms(text: str, words: Sequence[Token], known: Terms) -> Iterator[tuple[int, int, Term]]:
    """The terms in a sentence as (first word, word after the last, term); none overlaps another."""
    sentence = known.among(text, words)
    said = sentence.said
    at = 0
    while at < len(said):
        length, term = _longest(sentence, at, known)
        if term is None:
            at += 1
            continue
        yield said[at], said[at + length - 1] + 1, term
        at += length


def _longest(sentence: Sentence, at: int, known: Terms) -> tuple[int, Term | None]:
    text, words, said = sentence.text, sentence.words, sentence.said
    most = known.longest.get(words[said[at]].stem, 0)
    most = min(most, len(said) - at)
    for length in range(most, 0, -1):
        last = said[at + length - 1]
        if last - said[at] > _FARTHEST or _parted(text, words[said[at]].end, words[last].start):
            continue
        stems = [words[place].stem for place in said[at : at + length]]
        for form in _forms(words, said, at, stems):
            term = sentence.at(form, said[at], last)
            if term is not None:
                return length, term
    return 0, None


def _parted(text: str, start: int, end: int) -> bool:
    """Is there a mark between that ends a phrase?"""
    return any(mark in text[start:end] for mark in ".;:\n") if end > start else False


def _forms(words: Sequence[Word], said: Sequence[int], at: int, stems: list[str]) -> Iterator[str]:
    """As said; and turned around its preposition: "pain in the knee" is also "knee pain"."""
    yield " ".join(stems)
    for cut in range(1, len(stems)):
        between = words[said[at + cut - 1] + 1 : said[at + cut]]
        if any(word.word in _TURNS for word in between):
            yield " ".join(stems[cut:] + stems[:cut])
