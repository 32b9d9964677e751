"""Learns from coded documents: a dictionary, what its phrases are worth, and a ranker of the codes they speak for.

A document's features never come from itself: the documents are parted into folds, and each is described by what the
others taught. The threshold is the one that serves best on documents that the ranker has not seen.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from superbill.coding.learned.dictionary import Dictionary, learned
from superbill.coding.learned.features import Hint, Known, Tally, candidates, described
from superbill.coding.learned.ranker import Ranker, fitted
from superbill.coding.learned.words import Word, words

FOLDS = 10
_TOGETHER = 2


class Document(Struct, frozen=True, kw_only=True):
    """A coded document: its codes, and the phrases (as stems, see words.key) for which a code was given.

    `hints` are what another dictionary finds in the text; codes are compared as they are written.
    """

    name: str
    text: str
    codes: frozenset[str]
    spans: tuple[tuple[tuple[str, ...], str], ...] = ()
    hints: tuple[Hint, ...] = ()


class Learned(Struct, frozen=True):
    """What was learned, ready to use."""

    dictionary: Dictionary
    known: Known
    ranker: Ranker
    threshold: float

    def ranked(self, text: str, hints: Iterable[Hint] = ()) -> list[tuple[str, float]]:
        """The codes that something in the text speaks for, the likeliest first, with how likely each is (0 to 1)."""
        said = words(text)
        found = described(candidates(said, hints, self.dictionary, self.known), said, self.known)
        scored = [(code, self.ranker.score(features)) for code, features in found.items()]
        return sorted(scored, key=lambda each: (-each[1], each[0]))


def trained(documents: Sequence[Document]) -> Learned:
    """The same documents give the same result. Raises ValueError for fewer documents than folds."""
    if len(documents) < FOLDS:
        raise ValueError(f"{len(documents)} documents are too few to learn from; {FOLDS} at least")
    ordered = sorted(documents, key=lambda document: document.name)
    cut = {document.name: words(document.text) for document in ordered}
    folds: list[list[tuple[list[str], bool]]] = []
    for fold in range(FOLDS):
        dictionary, known = counted([each for at, each in enumerate(ordered) if at % FOLDS != fold], cut)
        folds.append([
            (features, code in each.codes)
            for each in ordered[fold::FOLDS]
            for code, features in described(
                candidates(cut[each.name], each.hints, dictionary, known), cut[each.name], known
            ).items()
        ])  # fmt: skip
    threshold = _threshold(folds, sum(len(each.codes) for each in ordered))
    dictionary, known = counted(ordered, cut)
    return Learned(dictionary, known, fitted([each for fold in folds for each in fold]), threshold)


def counted(documents: Sequence[Document], cut: dict[str, tuple[Word, ...]]) -> tuple[Dictionary, Known]:
    """The dictionary of the documents, and how often what it finds in them was right."""
    dictionary = Dictionary(learned((each.name, stems, code) for each in documents for stems, code in each.spans))
    tallies: dict[int, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    terms: dict[str, Tally] = defaultdict(Tally)
    senses: dict[str, Tally] = defaultdict(Tally)
    for document in documents:
        codes = sorted(document.codes)
        for number, state in {(place.phrase, place.state) for place in dictionary.places(cut[document.name])}:
            phrase = dictionary.phrases[number]
            _add(tallies[number][state], [code for code in codes if code in phrase.codes or code in phrase.parts])
        for name in {hint.name for hint in document.hints}:
            _add(terms[name], codes)
        for sense in {hint.codes[0] for hint in document.hints if hint.codes}:
            _add(senses[sense], codes)
    usual = Counter(code for document in documents for code in document.codes)
    return dictionary, Known(
        tallies={number: _sorted(tallies[number]) for number in sorted(tallies)},
        terms=_sorted(terms),
        senses=_sorted(senses),
        usual=dict(sorted(usual.items())),
        documents=len(documents),
    )


def _sorted(tallies: dict[str, Tally]) -> dict[str, Tally]:
    return {name: Tally(each.documents, dict(sorted(each.codes.items()))) for name, each in sorted(tallies.items())}


def _add(tally: Tally, codes: Iterable[str]) -> None:
    tally.documents += 1
    for code in codes:
        tally.codes[code] = tally.codes.get(code, 0) + 1


def _threshold(folds: Sequence[Sequence[tuple[list[str], bool]]], wanted: int) -> float:
    """From which score on a code is given, so that micro-F1 on documents unseen by the ranker is best."""
    scored: list[tuple[float, bool]] = []
    for first in range(0, len(folds), _TOGETHER):
        unseen = range(first, first + _TOGETHER)
        ranker = fitted([each for other, rest in enumerate(folds) if other not in unseen for each in rest], epochs=6)
        scored += [
            (ranker.score(features), right) for fold in folds[first : first + _TOGETHER] for features, right in fold
        ]
    scored.sort(key=lambda each: -each[0])
    best, threshold, right = 0.0, 0.5, 0
    for given, (score, correct) in enumerate(scored, 1):
        right += correct
        measure = 2 * right / (given + wanted)
        if measure > best:
            best, threshold = measure, score
    return round(threshold, 4)
