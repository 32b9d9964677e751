"""Our dictionary, asked in another language: medical words are mostly Greek and Latin in both.

A word is crossed by what it became in translated texts (alignment.Aligned.table), or by its skeleton, which languages
of Latin letters share ("nefrolitiasis", "nephrolithiasis"). Words of a term may stand in any order: languages differ
in it.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from superbill.codesets.icd10cm.lookup import CodeBook
from superbill.codesets.terms.model import Term
from superbill.coding.learned.dictionary import TIGHT, Dictionary, Phrase
from superbill.coding.learned.features import Hint
from superbill.coding.learned.hints import default
from superbill.coding.learned.words import key, words

_SPELLED = (
    ("ph", "f"), ("th", "t"), ("rrh", "r"), ("rh", "r"), ("ch", "c"), ("k", "c"), ("y", "i"), ("ae", "e"), ("oe", "e"),
    ("cion", "tion"), ("sion", "tion"), ("z", "c"), ("qu", "c"), ("x", "s"), ("h", ""),
)  # fmt: skip
_TWICE = re.compile(r"(.)\1")
_ENDING = re.compile(r"(?:tion|ic|ico|ica|al|os|us|um|is|id|oid|e|a|o|i|in|ous)$")
_ASIDE = re.compile(r"\([^)]*\)|\[[^]]*\]|\b(?:NOS|NEC|unspecified)\b")
_SHORTEST, _MOST_WORDS, _MOST_CODES = 5, 5, 6


@lru_cache(maxsize=131072)
def skeleton(stem: str) -> str:
    """What is left of a stem when spelling and endings that differ between languages are taken away."""
    for written, instead in _SPELLED:
        stem = stem.replace(written, instead)
    stem = _TWICE.sub(r"\1", stem)
    return _ENDING.sub("", stem) if len(stem) > _SHORTEST else stem


class Crossing:
    """The terms of our dictionary by their skeletons; `table` crosses stems of the other language to English ones."""

    def __init__(self, terms: Iterable[Term], book: CodeBook, table: Mapping[str, str]) -> None:
        found: dict[tuple[str, ...], Term] = {}
        for term in terms:
            if term.kind == "abbreviation" or not term.codes:
                continue
            stems = tuple(sorted({skeleton(stem) for stem in key(_ASIDE.sub("", term.text))}))
            short = len(stems) == 1 and len(stems[0]) < _SHORTEST
            if 0 < len(stems) <= _MOST_WORDS and not short:
                before = found.get(stems)
                if before is None or (term.source, term.text) < (before.source, before.text):
                    found[stems] = term
        self._terms = [found[stems] for stems in sorted(found)]
        self._dictionary = Dictionary([Phrase(stems, {}) for stems in sorted(found)])
        self._book = book
        self._table = table
        self._codes: dict[str, tuple[str, ...]] = {}

    def hints(self, text: str) -> tuple[Hint, ...]:
        """The terms that stand together in the text, but those within longer ones, in its order."""
        said = words(text)
        crossed = [word._replace(stem=skeleton(self._table.get(word.stem, word.stem))) for word in said]
        plain = [word._replace(stem=skeleton(word.stem)) for word in said]
        found = {
            (said[place.first].start, said[place.last].end, self._terms[place.phrase])
            for row in (plain, crossed)
            for place in self._dictionary.places(row)
            if place.state == TIGHT
        }
        return tuple(
            Hint(start, end, term.text, self._of(term))
            for start, end, term in sorted(found, key=lambda each: (each[0], each[1], each[2].text))
        )

    def _of(self, term: Term) -> tuple[str, ...]:
        codes = self._codes.get(term.text)
        if codes is None:
            whole = [default(code, self._book) for code in term.codes]
            codes = tuple(dict.fromkeys(code.casefold() for code in (*whole, *term.codes) if code))[:_MOST_CODES]
            self._codes[term.text] = codes
        return codes
