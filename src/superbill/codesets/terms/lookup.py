"""Opens the terms of a day, and says which of them stand in a sentence."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from functools import lru_cache

import msgspec

from superbill.codesets import sqlite_file
from superbill.codesets.release import Release
from superbill.codesets.search.prepare import Parts, check_sum, made
from superbill.codesets.search.words import canonical
from superbill.codesets.store import Store
from superbill.codesets.terms import contexts, results
from superbill.codesets.terms.forms import SIDES, telling
from superbill.codesets.terms.model import ALONE, CAPITALS, EXACT, LINKED, Kept, Term, Word

FORMAT = "17"
"""Counts up with every change of what a file holds."""
_HEAD = 4
"""Words of the longest line at whose head a term counts that must stand alone."""
_LONG = 5
_NOT_TURNED = frozenset(",/()")
_NOT_SPACE = frozenset(",;:.-()–—/")
_PARTS = frozenset(".,;:\n()")
_LINKS = frozenset(("with", "w", "due", "secondary", "from", "mixed", "plus"))
_PREFIXES = frozenset(("non", "anti"))
_FINDINGS = ("R", "Z")


class Terms:
    """The terms of one release: `known` by their form."""

    def __init__(self, kept: Kept, release: Release) -> None:
        self.known = kept.known
        self.release = release
        self.kept = kept
        self.followers = frozenset(kept.followers)
        self.swallowers = frozenset(kept.swallowers)
        self._company: dict[str, frozenset[str]] = {}

    def company(self, stem: str) -> frozenset[str] | None:
        """The stems beside which a stem stands in terms; None for one that no term has."""
        found = self._company.get(stem)
        if found is None and (beside := self.kept.company.get(stem)) is not None:
            found = self._company[stem] = frozenset(beside.split())
        return found

    def among(self, text: str, words: Sequence[Word]) -> "Sentence":
        """The sentence of a text, of which terms are asked."""
        return Sentence(self, text, words)


class Sentence:
    """The words of one sentence among which terms may stand. `said`: the places of those that count in a form."""

    def __init__(self, terms: Terms, text: str, words: Sequence[Word]) -> None:
        self.text, self.words = text, words
        self.said = telling([word.word for word in words])
        self.terms, self._kept = terms, terms.kept
        self._phrases = self._swallowed()
        # A heading all in capitals: there "ADD" may be a verb.
        self._shouting = any(word.end - word.start > _LONG for word in words) and (
            text[words[0].start : words[-1].end].isupper()
        )

    def at(self, name: str, first: int, last: int) -> Term | None:
        """The term of the form `name`, or of its stems in another order, for the words from `first` to `last`, where
        it may stand there: not as part of a phrase that names something else, not before "test", and so on."""
        kept = self._kept
        term = self._sided(name, first, last) if name in kept.sided else None
        term = term or kept.known.get(name) or (self._in_other_order(name, first, last) if first < last else None)
        if term is None or self._may_stand(term, name, first, last):
            return term
        others = self._kept.also.get(name, ())
        return next((each for each in others if self._may_stand(each, name, first, last)), None)

    def _sided(self, name: str, first: int, last: int) -> Term | None:
        """What the words mean on the side that is said there, where that is a condition of its own."""
        sides = self._kept.sided.get(name)
        if sides is None:
            return None
        for place in range(max(first - 2, 0), last + 1):
            if self.words[place].word in SIDES:
                return sides.get(self.words[place].word)
        return None

    def _in_other_order(self, name: str, first: int, last: int) -> Term | None:
        key = " ".join(sorted(name.split(" ")))
        found = self._kept.known.get(self._kept.turned.get(key, key))
        if found is None:
            return None
        between = self.text[self.words[first].start : self.words[last].end]
        if not _NOT_TURNED.isdisjoint(between) and not (first == self.said[0] and self._ends(last)):
            return None
        return found

    def _ends(self, last: int) -> bool:
        """Does a part of the sentence end with the word?"""
        return last + 1 == len(self.words) or not _NOT_SPACE.isdisjoint(
            self.text[self.words[last].end : self.words[last + 1].start]
        )

    def _may_stand(self, term: Term, name: str, first: int, last: int) -> bool:
        if term.kind == "phrase":
            return True
        if term.surfaces and not self._written(term, first):
            return False
        if term.only and not self._meets(term, first, last):
            return False
        if any(start <= last and first <= end and not (first <= start and end <= last) for start, end in self._phrases):
            return False
        return self._suits_neighbors(term, name, first, last)

    def _written(self, term: Term, place: int) -> bool:
        """Is the one word of the term written in one of its ways, or in the plural or singular of one?"""
        said = self.words[place]
        word = canonical(said.word)
        if word in term.surfaces:
            return True
        if self.text[said.end - 1].isupper():  # "PCOS" is no plural of "PCO"
            return False
        others = _numbers(word)
        if term.kind == "abbreviation" and term.text[-1] in "sS":  # "rad" is no singular of "RADS"
            others = (each for each in others if each != word + "s")
        return any(each in term.surfaces for each in others)

    def _meets(self, term: Term, first: int, last: int) -> bool:
        said, only = self.text[self.words[first].start : self.words[last].end], term.only
        if only & EXACT and said.removesuffix("s") != term.text.removesuffix("s"):
            return False
        bare = said if term.text[-1] in "sS" else said.removesuffix("s")
        if only & CAPITALS and (not bare.isupper() or (self._shouting and len(said) > 2)):
            return False
        if only & LINKED and _LINKS.isdisjoint(word.word for word in self.words[first:last]):
            return False
        if only & ALONE:
            return self.said[0] == first and (self.said[-1] == last or len(self.said) <= _HEAD)
        return True

    def _suits_neighbors(self, term: Term, name: str, first: int, last: int) -> bool:
        before = self.words[first - 1].word if first else ""
        after = self.words[last + 1].word if last + 1 < len(self.words) else ""
        gap = self.text[self.words[last].end : self.words[last + 1].start] if after else ""
        if before in _PREFIXES:
            return False
        if after and gap.strip(" -/") == "":
            single = " " not in name
            if after in self.terms.swallowers:
                return False
            if after in self.terms.followers and (single or not term.codes or term.codes[0][0] not in _FINDINGS):
                return False
            if single and after in self._kept.before.get(self.words[first].word, ()):
                return False
        return not (" " not in name and before in self._kept.after.get(self.words[first].word, ()))

    def _swallowed(self) -> list[tuple[int, int]]:
        """The first and last word of every phrase that names no condition; the longest at every place."""
        found = []
        said, words, phrases = self.said, self.words, self._kept.phrases
        for at, place in enumerate(said):
            most = phrases.get(words[place].stem, 0) if at + 1 < len(said) else 0
            if most and words[said[at + 1]].stem not in (self.terms.company(words[place].stem) or ()):
                continue
            for length in range(min(most, len(said) - at), 1, -1):
                last = said[at + length - 1]
                name = " ".join(words[each].stem for each in said[at : at + length])
                term = self._kept.known.get(name)
                if term is not None and term.kind == "phrase":
                    if _PARTS.isdisjoint(self.text[words[place].end : words[last].start]):
                        found.append((place, last))
                    break
        return found


def _numbers(word: str) -> Iterator[str]:
    """The other number of a word: its singular, its plural; the noun of an adjective."""
    for ending, instead in (("ic", "ia"), ("ive", "ion")):
        if word.endswith(ending):
            yield word.removesuffix(ending) + instead
    yield word + "s"
    if word.endswith("s"):
        yield word[:-1]
    if word.endswith("es"):
        yield word[:-2]
        yield word[:-2] + "is"
    if word.endswith("ies"):
        yield word[:-3] + "y"


@lru_cache(maxsize=4)
def open_terms(store: Store, on: date, say: Callable[[str], None] = lambda _: None) -> Terms:
    """The terms in force on the day; makes their file on the first use of a release or lexicon, within seconds.

    Raises Refused when the store has no ICD-10-CM, OSError when its folder can't be written to.
    """
    from superbill.codesets.terms import build

    parts = Parts(store, on)
    stamp = f"{FORMAT}.{check_sum(contexts.TABLE, results.TABLE)}"
    path = made(parts, "icd10cm-terms", lambda described: build.draft(parts, described), say, "the terms of ", stamp)
    with closing(sqlite_file.connect(path)) as connection:
        (data,) = connection.execute("SELECT data FROM terms").fetchone()
    return Terms(msgspec.msgpack.decode(data, type=Kept), parts.codes.release)
