"""The first half of an answer: which documents have the words at all, by the lists of the search file."""

import heapq
from collections.abc import Iterable
from typing import NamedTuple

from superbill.codesets.search.index import Index
from superbill.codesets.search.query import Query, Slot, Way

_CANDIDATES = 100
# A common word is only looked for among the documents of rarer ones, when these are enough.
_COMMON, _ENOUGH = 1500, 300
# The worth of a word by where it stands: above, added by a seventh character, denied, index, lexicon, inclusion, title.
_FIELD = (0.75, 0.8, 0.15, 0.85, 0.9, 0.95, 1.0)
_FIELD_DENIED = (0.1, 0.1, 1.0, 0.1, 0.1, 0.1, 0.1)


class Wanted(NamedTuple):
    """The documents among which is searched: their first and last number, and only those that can (or can't) be
    billed."""

    first: int = 0
    last: int = 1 << 31
    billable: bool | None = None


def gathered(query: Query, index: Index, wanted: Wanted) -> list[int]:
    """The documents that have most of what was typed, before their phrases are looked at."""
    totals: dict[int, float] = {}
    weight = sum(slot.weight for slot in query.slots)
    for slot in sorted(query.slots, key=lambda slot: -slot.weight):
        best = _slot_documents(slot, index)
        if len(totals) >= _ENOUGH and len(best) > _COMMON:
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
