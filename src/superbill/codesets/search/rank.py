"""Finds and ranks: first the documents that have the words, by the lists of the index; then the best, phrase by phrase.

Every figure here is a worth between 0 and 1 or a share of the score; they were set on the tuning half of the queries
in tests/spec/search_queries and nowhere else.
"""

from collections.abc import Iterable
from operator import mul
from typing import NamedTuple

from superbill.codesets.search.gather import Wanted, gathered
from superbill.codesets.search.index import Document, Index
from superbill.codesets.search.query import Query, Slot, Way
from superbill.codesets.search.words import DEFAULT, NEGATED, costs

_KIND = (1.0, 0.97, 0.96, 0.93)  # by place in schema.KINDS
ABOVE, TERM_ABOVE = 0.55, 0.97
_UNSAID = 0.5  # what the query rules out is not mentioned
MEANT = 0.85
NEAR = 0.92
HEADING = 0.06
COVERED, BEST, BRIEF, PRIOR, EXTRA = 0.52, 0.25, 0.05, 0.18, 0.35
UNSIDED = 0.15
LED_ALONE, LED = 0.15, 0.02
_SIDES = frozenset(("left", "right", "bilater"))
_TRIMESTERS = frozenset(("first", "second", "third"))
_NOT_ASKED, _ONE_OF_BOTH, _BOTH, OTHER_SIDE = 0.03, 0.06, 0.2, 0.5


class Scored(NamedTuple):
    """A document and its score; the seventh character chosen; the kind and place of the phrase that fits best."""

    score: float
    document: Document
    character: str
    phrase: tuple[int, int]
    notes: tuple[str, ...] = ()


def ranked(query: Query, index: Index, wanted: Wanted, limit: int) -> list[Scored]:
    """The best documents, best first."""
    numbers = gathered(query, index, wanted)
    leads = {lead for slot in query.slots for way in slot.ways for lead, _ in way.leads}
    found = index.documents(numbers)
    above = index.documents({each for document in found.values() for each in document.above} | leads - found.keys())
    judge = _Judge(query, index, {**found, **above})
    scored = [judge.score(document) for document in found.values()]
    scored.sort(key=lambda each: (-each.score, each.document.number))
    return [each._replace(notes=judge.notes(each)) for each in scored[:limit]]


class Fit(NamedTuple):
    """What the phrases of a document are worth for a query: by slot, the title and the other phrases; how well the best
    one fits and its place; how many words of the title were not asked for."""

    title: tuple[float, ...]
    others: tuple[tuple[float, ...], ...]
    best: float
    where: int
    unasked: float


class Over(NamedTuple):
    """What the phrases above a document are worth for a query, by slot: titles together, other phrases each."""

    titles: tuple[float, ...]
    others: tuple[tuple[float, ...], ...]


class _Judge:
    """Scores documents for one query."""

    def __init__(self, query: Query, index: Index, known: dict[int, Document]) -> None:
        self.query, self.index, self.known = query, index, known
        self.weight = sum(slot.weight for slot in query.slots) or 1.0
        stems = {stem for slot in query.slots for way in slot.ways for word in way.words for stem, _ in word}
        self.universe = frozenset(mark + stem for stem in stems for mark in ("", DEFAULT, NEGATED))
        self._worths: dict[frozenset[str], tuple[float, ...]] = {}
        self.ordinals = _TRIMESTERS & stems if "trimest" in stems else frozenset()
        self._over: dict[int, Over] = {}
        self._added: dict[int, list[tuple[str, tuple[float, ...]]]] = {}
        self._fits: dict[int, Fit] = {}
        self.weights = tuple(slot.weight for slot in query.slots)
        self.nothing = (0.0,) * len(query.slots)

    def worths(self, stems: frozenset[str]) -> tuple[float, ...]:
        """What each slot finds among the stems."""
        found = self._worths.get(stems)
        if found is None:
            found = self._worths[stems] = tuple(_worth(slot, stems) for slot in self.query.slots)
        return found

    def fit(self, document: Document) -> Fit:
        """What a document's own phrases are worth."""
        found = self._fits.get(document.number)
        if found is not None:
            return found
        title: tuple[float, ...] = self.nothing
        others: set[tuple[float, ...]] = set()
        best, where, unasked = 0.0, 0, 0.0
        for place, (kind, words, stems) in enumerate(document.phrases):
            inside = self.universe.intersection(stems)
            if not inside:
                if place == 0:
                    unasked = words
                continue
            extra = words - costs(inside)
            if place == 0:
                unasked = extra
            worths = self.worths(inside)
            fits = _KIND[kind] * self.covered(worths) / (1 + EXTRA * extra / len(inside))
            if fits > best:
                best, where = fits, place
            if place == 0:
                title = worths
            else:
                others.add(worths if kind == 0 else tuple(_KIND[kind] * each for each in worths))
        found = self._fits[document.number] = Fit(title, tuple(others), best, where, unasked)
        return found

    def covered(self, worths: Iterable[float]) -> float:
        """How much of the query the worths of its slots make up, from 0 to 1."""
        return float(sum(map(mul, self.weights, worths))) / self.weight

    def over(self, document: Document) -> Over:
        """What stands above a document is worth for it, by slot: the titles together, and the other phrases."""
        if not document.above:
            return Over(self.nothing, ())
        found = self._over.get(document.above[0])
        if found is None:
            titles = self.nothing
            others: set[tuple[float, ...]] = set()
            for each in document.above:
                fit = self.fit(self.known[each])
                if fit.title is not self.nothing:
                    titles = tuple(map(max, titles, fit.title))
                others.update(fit.others)
            found = self._over[document.above[0]] = Over(
                tuple(ABOVE * worth for worth in titles),
                tuple(tuple(TERM_ABOVE * worth for worth in worths) for worths in sorted(others)),
            )
        return found

    def score(self, document: Document) -> Scored:
        """How well a document answers: its title with what stands above it, and the one phrase that adds most."""
        own, over = self.fit(document), self.over(document)
        best, where = own.best, own.where
        said, others = own.title, own.others + over.others
        if over.titles is not self.nothing:
            said = tuple(map(max, said, over.titles))
        for each in document.above:
            if self.known[each].leads == document.number:
                meant = self.fit(self.known[each])
                best = max(best, MEANT * meant.best)
                others += meant.others
        slots = list(said)
        if others:
            slots = max(([*map(max, said, worths)] for worths in others), key=self.covered)
        direct, character = self._direct(document, slots)
        character = self._extended(document, slots, character)
        prior = self.index.prior[document.number] / 255
        score = COVERED * self.covered(slots) + BEST * best + BRIEF / (1 + 0.15 * own.unasked) + PRIOR * prior + direct
        score -= self._sides(document) + (0.0 if self.index.billable[document.number] else HEADING)
        return Scored(score, document, character, (document.phrases[where].kind, where))

    def notes(self, scored: Scored) -> tuple[str, ...]:
        """What was read into the query where that is what the document has."""
        document = scored.document
        here = [document, *(self.known[each] for each in document.above)]
        said = {stem for each in here for phrase in each.phrases for stem in phrase.stems}
        for character, stems in self.index.extension(document.extension):
            said |= stems if character == scored.character else frozenset()
        inside = self.universe & said
        best = (max(slot.ways, key=lambda way: _way(way, slot.denied, inside)) for slot in self.query.slots)
        return tuple(way.note for way in best if way.note)

    def _direct(self, document: Document, slots: list[float]) -> tuple[float, str]:
        alone = len(self.query.slots) == 1
        bonus, chosen = 0.0, ""
        sided = bool(self.query.sides.intersection(document.phrases[0].stems))
        for number, slot in enumerate(self.query.slots):
            for way in slot.ways:
                for place, (lead, character) in enumerate(way.leads):
                    near = self.known.get(lead)
                    if near and near.above and near.above[0] in document.above:
                        unspecified = DEFAULT + "unspecif" in near.phrases[0].stems
                        slots[number] = max(slots[number], way.worth if unspecified else NEAR * way.worth)
                        if sided and unspecified:
                            bonus = max(bonus, way.worth * (1 - 0.1 * place) * (LED_ALONE if alone else LED))
                    if lead == document.number:
                        slots[number] = max(slots[number], way.worth)
                        worth = way.worth * (1 - 0.1 * place)
                        bonus = max(bonus, worth * (LED_ALONE if alone else LED))
                        chosen = chosen or character
        return bonus, chosen

    def _extended(self, document: Document, slots: list[float], character: str) -> str:
        choices = self.index.extension(document.extension)
        if not choices:
            return ""
        before = list(slots)
        best, gain = character or _meant(choices), 0.0
        for each, worths in self.added(document.extension):
            gained = sum(
                slot.weight * (worth - had)
                for slot, worth, had in zip(self.query.slots, worths, before, strict=True)
                if worth > had
            )
            if gained > gain + 1e-9:
                best, gain = each, gained
                slots[:] = [max(had, worth) for had, worth in zip(before, worths, strict=True)]
        return best

    def added(self, extension: int) -> list[tuple[str, tuple[float, ...]]]:
        """The seventh characters of a set with what each finds of the query; only those that find something."""
        found = self._added.get(extension)
        if found is None:
            choices = self.index.extension(extension)
            every = [(each, self.worths(self.universe.intersection(stems))) for each, stems in choices]
            found = self._added[extension] = [each for each in every if any(each[1])]
        return found

    def _sides(self, document: Document) -> float:
        """What a document loses by its side or trimester: another one is out, an unspecified one steps back."""
        title = document.phrases[0].stems
        lost = 0.0
        if self.ordinals and "trimest" in title and not self.ordinals.intersection(title):
            lost = UNSIDED if f"{DEFAULT}unspecif" in title else OTHER_SIDE
        has = _SIDES.intersection(title)
        asked = self.query.sides
        if not asked:
            return lost + (_NOT_ASKED if has else 0.0)
        if has & asked:
            return lost
        if not has:
            return lost + (UNSIDED if f"{DEFAULT}unspecif" in title else 0.0)
        return lost + (_ONE_OF_BOTH if "bilater" in asked else _BOTH if "bilater" in has else OTHER_SIDE)


def _meant(choices: tuple[tuple[str, frozenset[str]], ...]) -> str:
    """The seventh character when nothing is said of it: the unspecified side, or else the first (initial encounter)."""
    if any(not stems.isdisjoint(_SIDES) for _, stems in choices):
        return next((each for each, stems in choices if DEFAULT + "unspecif" in stems), choices[0][0])
    return choices[0][0]


def _worth(slot: Slot, stems: frozenset[str]) -> float:
    return max(_way(way, slot.denied, stems) for way in slot.ways)


def _way(way: Way, denied: bool, stems: frozenset[str]) -> float:
    found = 0.0
    for share, word in zip(way.shares, way.words, strict=False):
        best = 0.0
        for stem, worth in word:
            if denied:
                best = max(best, worth if NEGATED + stem in stems else 0.0 if stem in stems else _UNSAID * worth)
            elif worth > best and (stem in stems or DEFAULT + stem in stems):
                best = worth
        found += share * best
    return way.worth * found / sum(way.shares)
