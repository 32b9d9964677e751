"""A dictionary learned from annotated spans: phrases, the codes given to them, and where they stand in a text.

Words of a phrase may stand apart in a text and in another order ("dolor renal" in "dolor de la fosa renal"): how they
stand is said with the place, and what that is worth is learned.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from superbill.coding.learned.words import Word

TIGHT, COVERED, LOOSE = "tight", "covered", "loose"
"""How a phrase stands in a text: its words together; together but within a longer phrase; apart."""
_FARTHEST = 5
MOST_WORDS = 9


class Phrase(Struct, frozen=True, array_like=True):
    """A phrase of the dictionary: its stems, and the codes given to it with the number of documents that did so.

    `parts`: likewise the codes given to phrases that have one word more.
    """

    stems: tuple[str, ...]
    codes: dict[str, int]
    parts: dict[str, int] = {}


class Place(Struct, frozen=True, array_like=True):
    """Where a phrase stands: its number, the first and last word in the text's words, and how (TIGHT …)."""

    phrase: int
    first: int
    last: int
    state: str


class Dictionary:
    """Phrases ready to be found. A phrase is found by its rarest word, which the phrases themselves tell."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self.phrases = tuple(phrases)
        usual = Counter(stem for phrase in self.phrases for stem in phrase.stems)
        self._by_anchor: dict[str, list[int]] = defaultdict(list)
        for number, phrase in enumerate(self.phrases):
            if phrase.stems:
                self._by_anchor[min(phrase.stems, key=lambda stem: (usual[stem], stem))].append(number)

    def places(self, words: Sequence[Word], without: frozenset[int] = frozenset()) -> list[Place]:
        """Every phrase in the words of a text but those of `without`, in the order of the text."""
        found = set()
        for sentence, base in _sentences(words):
            at: dict[str, list[int]] = defaultdict(list)
            for place, word in enumerate(sentence):
                at[word.stem].append(place)
            for stem, places in at.items():
                for number in self._by_anchor.get(stem, ()):
                    phrase = self.phrases[number]
                    if number in without or not all(each in at for each in phrase.stems):
                        continue
                    for place in places:
                        span = _span(phrase.stems, place, at)
                        if span is not None:
                            found.add((base + span[0], base + span[1], number, span[2]))
        return _covered(sorted(found))


def _sentences(words: Sequence[Word]) -> Iterator[tuple[Sequence[Word], int]]:
    """The words of each sentence with the place of its first word."""
    starts = [0, *(place + 1 for place, (a, b) in enumerate(pairwise(words)) if a.sentence != b.sentence), len(words)]
    for start, end in pairwise(starts):
        yield words[start:end], start


def _span(stems: tuple[str, ...], anchor: int, at: dict[str, list[int]]) -> tuple[int, int, bool] | None:
    """First and last word of a phrase around its anchor, and whether they stand together; None where too far apart."""
    first = last = anchor
    for stem in stems:
        nearest = min(at[stem], key=lambda place: (abs(place - anchor), place))
        first, last = min(first, nearest), max(last, nearest)
    apart = last - first + 1 - len(stems)
    return (first, last, apart <= 0) if apart <= _FARTHEST else None


def _covered(found: list[tuple[int, int, int, bool]]) -> list[Place]:
    """The places with how they stand: a phrase within a longer one that stands together says less by itself."""
    longest: dict[int, tuple[int, int]] = {}
    for first, last, _, together in found:
        if together:
            for word in range(first, last + 1):
                if word not in longest or last - first > longest[word][1] - longest[word][0]:
                    longest[word] = first, last
    places = []
    for first, last, number, together in found:
        within = longest.get(first)
        covered = within is not None and within[0] <= first and last <= within[1] and within != (first, last)
        places.append(Place(number, first, last, LOOSE if not together else COVERED if covered else TIGHT))
    return places


def learned(spans: Iterable[tuple[str, tuple[str, ...], str]]) -> list[Phrase]:
    """A dictionary's phrases from annotated spans: (document, stems, code) each."""
    said: dict[tuple[str, ...], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    part: dict[tuple[str, ...], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for document, stems, code in spans:
        if 0 < len(stems) <= MOST_WORDS:
            said[stems][code].add(document)
            for shorter in parts_of(stems):
                part[shorter][code].add(document)
    return [Phrase(stems, _counted(said[stems]), _counted(part[stems])) for stems in sorted({*said, *part})]


def parts_of(stems: tuple[str, ...]) -> list[tuple[str, ...]]:
    """What is left of a phrase without one of its words."""
    return [stems[:place] + stems[place + 1 :] for place in range(len(stems))] if len(stems) > 1 else []


def _counted(codes: dict[str, set[str]]) -> dict[str, int]:
    return {code: len(documents) for code, documents in sorted(codes.items())}
