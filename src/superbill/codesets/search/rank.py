"""Finds and ranks: first the documents that have the words, by the lists of the index; then the best, phrase by phrase.

Every figure here is a worth between 0 and 1 or a share of the score; they were set on the tuning half of the queries
in tests/spec/search_queries and nowhere else.
"""

import heapq
from collections.abc import Iterable
from operator import mul
from typing import NamedTuple

from superbill.codesets.search.index import Document, Index
from superbill.codesets.search.query import Query, Slot, Way
from superbill.codesets.search.words import DEFAULT, NEGATED

_CANDIDATES = 120
_COMMON = 4000
# The worth of a word by where it stands: above, added by a seventh character, denied, index, lexicon, inclusion, title.
_FIELD = (0.55, 0.8, 0.15, 0.85, 0.9, 0.95, 1.0)
_FIELD_DENIED = (0.1, 0.1, 1.0, 0.1, 0.1, 0.1, 0.1)
_KIND = (1.0, 0.97, 0.96, 0.93)  # by place in documents.KINDS
ABOVE = 0.75
MEANT = 0.95
NEAR = 0.92
HEADING = 0.06
COVERED, BEST, BRIEF, PRIOR, EXTRA = 0.52, 0.25, 0.08, 0.18, 0.35
UNSIDED = 0.1
LED_ALONE, LED = 0.15, 0.03
# Words of a title that hardly matter when nobody typed them.
_CHEAP = dict.fromkeys(
    ("diseas", "syndrom", "disord", "condit", "type", "site", "part", "encount", "organism", "mellitu", "essenti",
     "primari", "uncomplic", "simpl", "age"), 0.3,
)  # fmt: skip
_SIDES = ("left", "right", "bilater")


class Scored(NamedTuple):
    """A document and its score; the seventh character chosen; the kind and place of the phrase that fits best."""

    score: float
    document: Document
    character: str
    phrase: tuple[int, int]
    notes: tuple[str, ...]


class Wanted(NamedTuple):
    """The documents among which is searched: their first and last number, and only those that can (or can't) be
    billed."""

    first: int = 0
    last: int = 1 << 31
    billable: bool | None = None


def ranked(query: Query, index: Index, wanted: Wanted) -> list[Scored]:
    """The best documents, best first."""
    numbers = _gathered(query, index, wanted)
    leads = {lead for slot in query.slots for way in slot.ways for lead, _ in way.leads}
    found = index.documents(numbers)
    above = index.documents({each for document in found.values() for each in document.above} | leads - found.keys())
    judge = _Judge(query, index, {**found, **above})
    return sorted(
        (judge.score(document) for document in found.values()), key=lambda each: (-each.score, each.document.number)
    )


def _gathered(query: Query, index: Index, wanted: Wanted) -> list[int]:
    totals: dict[int, float] = {}
    weight = sum(slot.weight for slot in query.slots)
    for slot in sorted(query.slots, key=lambda slot: -slot.weight):
        best = _slot_documents(slot, index)
        if totals and len(best) > _COMMON:
            for number in totals.keys() & best.keys():
                totals[number] += slot.weight * best[number]
        else:
            for number, worth in best.items():
                totals[number] = totals.get(number, 0.0) + slot.weight * worth
    prior, billable = index.prior, index.billable
    enough = 0.35 * max(totals.values(), default=0.0)
    rows = (
        (total / weight + 0.35 * prior[number] / 255, -number)
        for number, total in totals.items()
        if total >= enough
        and wanted.first <= number <= wanted.last
        and (wanted.billable is None or wanted.billable == bool(billable[number]))
    )
    return [-number for _, number in heapq.nlargest(_CANDIDATES, rows)]


def _slot_documents(slot: Slot, index: Index) -> dict[int, float]:
    best: dict[int, float] = {}
    for way in slot.ways:
        found = _way_documents(way, slot.denied, index)
        if not best:
            best = found
        else:
            for number, worth in found.items():
                if worth > best.get(number, 0.0):
                    best[number] = worth
    return best


def _way_documents(way: Way, denied: bool, index: Index) -> dict[int, float]:
    whole = sum(way.shares)
    parts = sorted(zip(way.shares, way.words, strict=False), key=lambda part: -part[0])
    found: dict[int, float] = {}
    for share, word in parts:
        documents = _word_documents(word, way.worth * share / whole, denied, index)
        if not found:
            found = documents
        elif len(documents) > _COMMON:
            for number in found.keys() & documents.keys():
                found[number] += documents[number]
        else:
            for number, worth in documents.items():
                found[number] = found.get(number, 0.0) + worth
    for number in index.siblings(number for number, _ in way.leads) if way.leads else ():
        found[number] = max(found.get(number, 0.0), 0.9 * way.worth)
    for place, (number, _) in enumerate(way.leads):
        found[number] = max(found.get(number, 0.0), way.worth * (1 - 0.02 * place))
    return found


def _word_documents(word: Iterable[tuple[str, float]], scale: float, denied: bool, index: Index) -> dict[int, float]:
    fields = _FIELD_DENIED if denied else _FIELD
    lists = []
    for stem, worth in word:
        known = index.stem(stem)
        if known is not None:
            lists += [(scale * worth * fields[n], numbers) for n, numbers in enumerate(known.fields) if numbers]
    found: dict[int, float] = {}
    for worth, numbers in sorted(lists, key=lambda each: each[0]):
        found.update(dict.fromkeys(numbers, worth))
    return found


class Fit(NamedTuple):
    """What the phrases of a document are worth for a query: by slot, the title and the other phrases; how well the best
    one fits and its place; how many words of the title were not asked for."""

    title: tuple[float, ...]
    others: tuple[tuple[float, ...], ...]
    best: float
    where: int
    unasked: float


class _Judge:
    """Scores documents for one query."""

    def __init__(self, query: Query, index: Index, known: dict[int, Document]) -> None:
        self.query, self.index, self.known = query, index, known
        self.weight = sum(slot.weight for slot in query.slots) or 1.0
        stems = {stem for slot in query.slots for way in slot.ways for word in way.words for stem, _ in word}
        self.universe = frozenset(mark + stem for stem in stems for mark in ("", DEFAULT, NEGATED))
        self._worths: dict[frozenset[str], tuple[float, ...]] = {}
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
        for place, (kind, stems) in enumerate(document.phrases):
            inside = self.universe.intersection(stems)
            extra = 0.0
            if place == 0 or inside:
                extra = sum(
                    _CHEAP.get(each, 1.0) for each in stems if each not in inside and each[0] not in (DEFAULT, NEGATED)
                )
            if place == 0:
                unasked = extra
            if not inside:
                continue
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
        return sum(map(mul, self.weights, worths)) / self.weight

    def score(self, document: Document) -> Scored:
        """How well a document answers: its title with what stands above it, and the one phrase that adds most."""
        own = self.fit(document)
        best, where = own.best, own.where
        said, others = own.title, own.others
        for each in document.above:
            above = self.known[each]
            meant = above.leads == document.number
            its, scale = self.fit(above), MEANT if meant else ABOVE
            if meant and MEANT * its.best > best:
                best = MEANT * its.best
            said = tuple(max(one, scale * other) for one, other in zip(said, its.title, strict=True))
            others += tuple(tuple(scale * worth for worth in worths) for worths in its.others)
        if others:
            joint = [tuple(map(max, said, worths)) for worths in others]
            said = max(joint, key=self.covered)
        slots = list(said)
        direct, character = self._direct(document, slots)
        character = self._extended(document, slots, character)
        prior = self.index.prior[document.number] / 255
        score = COVERED * self.covered(slots) + BEST * best + BRIEF / (1 + 0.15 * own.unasked) + PRIOR * prior + direct
        score -= self._sides(document) + (0.0 if self.index.billable[document.number] else HEADING)
        notes = tuple(way.note for slot in self.query.slots for way in slot.ways[:2] if way.note)
        return Scored(score, document, character, (document.phrases[where][0], where), notes)

    def _direct(self, document: Document, slots: list[float]) -> tuple[float, str]:
        alone = len(self.query.slots) == 1
        bonus, chosen = 0.0, ""
        sided = bool(self.query.sides.intersection(document.phrases[0][1]))
        for number, slot in enumerate(self.query.slots):
            for way in slot.ways:
                for place, (lead, character) in enumerate(way.leads):
                    near = self.known.get(lead)
                    if near and near.above and near.above[0] in document.above:
                        slots[number] = max(slots[number], NEAR * way.worth)
                        if sided and DEFAULT + "unspecif" in near.phrases[0][1]:
                            slots[number] = max(slots[number], way.worth)
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
        best, gain = character or choices[0][0], 0.0
        for each, stems in choices:
            worths = self.worths(self.universe.intersection(stems))
            gained = sum(
                slot.weight * (worth - had)
                for slot, worth, had in zip(self.query.slots, worths, before, strict=True)
                if worth > had
            )
            if gained > gain + 1e-9:
                best, gain = each, gained
                slots[:] = [max(had, worth) for had, worth in zip(before, worths, strict=True)]
        return best

    def _sides(self, document: Document) -> float:
        title = document.phrases[0][1]
        has = {side for side in _SIDES if side in title}
        asked = self.query.sides
        if not asked:
            return 0.03 if has else 0.0
        if has & asked:
            return 0.0
        if not has:
            return UNSIDED if f"{DEFAULT}unspecif" in title else 0.0
        return 0.06 if "bilater" in asked else 0.2 if "bilater" in has else 0.5


def _worth(slot: Slot, stems: frozenset[str]) -> float:
    return max(_way(way, slot.denied, stems) for way in slot.ways)


def _way(way: Way, denied: bool, stems: frozenset[str]) -> float:
    found = 0.0
    for share, word in zip(way.shares, way.words, strict=False):
        best = 0.0
        for stem, worth in word:
            if denied:
                if NEGATED + stem in stems:
                    best = worth
            elif worth > best and (stem in stems or DEFAULT + stem in stems):
                best = worth
        found += share * best
    return way.worth * found / sum(way.shares)
