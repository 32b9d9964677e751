"""Reads what was typed: words, abbreviations and terms of the lexicon, slips, and a last word that isn't finished."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from superbill.codesets.search.index import Index, Term
from superbill.codesets.search.words import DEFAULT, ENDS_NOT, NEGATED, NOT, STOP, canonical, stem, words

MOST_WORDS = 24
_LONGEST_TERM = 8
_MOST_SENSES = 5
_MOST_ENDINGS = 40
_LEAST, _MOST = 1.5, 9.0
_DENIED = 0.4  # what is ruled out weighs less than what is there
_ENGLISH = frozenset(("all", "as", "be", "it", "no", "or", "in", "to", "is", "us", "at", "am", "he", "who", "an", "on"))
_SIDES = frozenset(("left", "right", "bilater"))


class Way(NamedTuple):
    """One reading of a slot: words that must all be there, each as stems that serve with their worth (0 to 1).

    `shares` says how much each word tells. `leads` are the documents that the lexicon names. `note` says what was
    read into it ("fx = fracture"), "" for the words as typed.
    """

    words: tuple[tuple[tuple[str, float], ...], ...]
    shares: tuple[float, ...]
    worth: float = 1.0
    leads: tuple[tuple[int, str], ...] = ()
    note: str = ""


class Slot(NamedTuple):
    """A stretch of the query: the ways to read it, how much it weighs, and whether it's ruled out ("no rupture")."""

    text: str
    ways: tuple[Way, ...]
    weight: float
    denied: bool


class Query(NamedTuple):
    """What was typed, read."""

    text: str
    slots: tuple[Slot, ...]
    sides: frozenset[str]


class _Word(NamedTuple):
    word: str
    stem: str
    denied: bool
    open: bool  # the last word, still being typed
    capitals: bool


def read(text: str, index: Index) -> Query:
    """Reads a query. Words that nothing in the code set or lexicon comes near are left out."""
    said = _said(text, index)
    senses = _senses(said, index)
    slots: list[Slot] = []
    place = 0
    while place < len(said):
        length = next((n for n in range(_LONGEST_TERM, 1, -1) if (place, n) in senses), 1)
        slot = _slot(said, place, length, senses, index)
        if slot is not None:
            slots.append(slot)
        place += length
    sides = frozenset(
        each for slot in slots for way in slot.ways[:2] for each in _SIDES for word in way.words if (each, 1.0) in word
    )
    return Query(text, tuple(slots), sides)


def _said(text: str, index: Index) -> list[_Word]:
    cut = words(text)[:MOST_WORDS]
    compounds = index.compounds(cut)
    spelled = [(part, word) for word in cut for part in compounds.get(word, (word,))]
    capitals = {canonical(each.casefold()) for each in re.findall(r"\b[A-Z][A-Za-z0-9]*[A-Z0-9]\b", text)}
    unfinished = bool(text) and text[-1].isalnum()
    found: list[_Word] = []
    denied = False
    for place, (word, whole) in enumerate(spelled):
        if word in NOT:
            denied = True
        elif word in ENDS_NOT:
            denied = False
        last = unfinished and place == len(spelled) - 1
        found.append(_Word(word, stem(word), denied and word not in NOT, last, whole in capitals))
    return found


def _senses(said: list[_Word], index: Index) -> dict[tuple[int, int], list[Term]]:
    """The terms of the lexicon in the query, by place and number of words."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for place in range(len(said)):
        for length in range(1, min(_LONGEST_TERM, len(said) - place) + 1):
            key = " ".join(each.stem for each in said[place : place + length])
            spans.setdefault(key, []).append((place, length))
    found: dict[tuple[int, int], list[Term]] = {}
    for term in index.terms(spans):
        for place, length in spans[term.key]:
            # "as", "all" and "it" are words unless typed as ALL, or alone.
            if length == 1 and said[place].word in _ENGLISH and not said[place].capitals and len(said) > 1:
                continue
            found.setdefault((place, length), []).append(term)
    return found


def _slot(
    said: list[_Word], place: int, length: int, senses: dict[tuple[int, int], list[Term]], index: Index
) -> Slot | None:
    part = said[place : place + length]
    ways = list(_meant(senses.get((place, length), [])[:_MOST_SENSES], index, alone=length == len(said)))
    if length == 1:
        if part[0].word in NOT or (part[0].word in STOP and not ways and len(said) > 1):
            return None
        ways = [*_literal(part[0], bool(ways), index), *ways, *_joined(said, place, index)]
        ways = (
            ways or [*_begun(part[0].word, index)] or [*_split(part[0].word, index)] or [*_slips(part[0].word, index)]
        )
    else:
        ways = [*_each(said, place, length, senses, index), *ways]
    if not ways:
        return None
    weight = max(sum(way.shares) for way in ways[:2])
    denied = any(each.denied for each in part)
    text = " ".join(each.word for each in part)
    return Slot(text, tuple(ways), _DENIED * weight if denied else weight, denied)


def _tells(stem_: str, index: Index) -> float:
    """How much a word tells, within bounds: the rarest must not outweigh all others."""
    found = index.stem(stem_)
    return _MOST if found is None else min(max(found.idf, _LEAST), _MOST)


def _literal(word: _Word, has_sense: bool, index: Index) -> Iterator[Way]:
    """The word as typed and, while it's being typed, as it may end."""
    served: dict[str, float] = {}
    if index.stem(word.stem) is not None:
        served[word.stem] = 1.0
    if word.open and not has_sense and len(word.word) > 1:
        worth = 0.7 if served else 0.95
        for ending in index.prefixed(word.word, min(_MOST_ENDINGS, 6 * len(word.word))):
            if index.stem(ending) is not None:
                served.setdefault(ending, worth)
    if served:
        tells = _tells(word.stem, index) if word.stem in served else min(_tells(each, index) for each in served)
        yield Way((tuple(served.items()),), (tells,))


def _begun(word: str, index: Index) -> Iterator[Way]:
    """A word cut short: "osteoarth", "trigem"."""
    endings = index.prefixed(word, _MOST_ENDINGS) if len(word) > 3 else ()
    served = tuple((each, 0.9) for each in endings if index.stem(each) is not None)
    if served:
        yield Way((served,), (min(_tells(each, index) for each, _ in served),))


def _meant(terms: list[Term], index: Index, *, alone: bool) -> Iterator[Way]:
    """What the lexicon reads into a term. Within a longer query, what the meaning only adds by default is left out."""
    for place, term in enumerate(terms):
        stems = [each.lstrip(DEFAULT) for each in term.means if alone or each[0] not in (DEFAULT, NEGATED)]
        stems = [each.lstrip(NEGATED) for each in stems if index.stem(each.lstrip(NEGATED)) is not None]
        if not stems and not term.leads:
            continue
        shares = tuple(_tells(each, index) for each in stems)
        note = f"{term.term} = {term.said}"
        yield Way(tuple(((each, 1.0),) for each in stems), shares or (_LEAST,), 0.98 - 0.03 * place, term.leads, note)


def _each(
    said: list[_Word], place: int, length: int, senses: dict[tuple[int, int], list[Term]], index: Index
) -> Iterator[Way]:
    """The words of a term one by one, each as typed or as an abbreviation of one word."""
    served: list[tuple[tuple[str, float], ...]] = []
    shares: list[float] = []
    for number in range(place, place + length):
        slot = _slot(said, number, 1, senses, index)
        if slot is None:
            continue
        single: dict[str, float] = {}
        for way in slot.ways:
            if len(way.words) == 1:
                for stem_, worth in way.words[0]:
                    single[stem_] = max(worth * way.worth, single.get(stem_, 0.0))
        if single:
            served.append(tuple(single.items()))
            shares.append(slot.weight if len(slot.ways) == 1 else slot.ways[0].shares[0])
    if served:
        yield Way(tuple(served), tuple(shares))


def _joined(said: list[_Word], place: int, index: Index) -> Iterator[Way]:
    """Two words typed apart that the code set writes as one: "heart burn"."""
    for first in (place - 1, place):
        pair = said[first : first + 2] if first >= 0 else []
        if len(pair) == 2:
            whole = canonical(pair[0].word + pair[1].word)
            stem_ = stem(whole)
            if index.known([whole]) and index.stem(stem_) is not None:
                yield Way((((stem_, 1.0),),), (_tells(stem_, index),), 0.95, (), f"{whole}")


def _split(word: str, index: Index) -> Iterator[Way]:
    """A word typed as one that is two: "kneepain", "type2"."""
    pieces = re.findall(r"[a-z]+|[0-9]+", word)
    cuts = [pieces] if len(pieces) == 2 else [[word[:cut], word[cut:]] for cut in range(3, len(word) - 2)]
    known = index.known({piece for cut in cuts for piece in cut})
    for cut in cuts:
        if known.issuperset(cut):
            stems = [stem(canonical(piece)) for piece in cut]
            if all(index.stem(each) is not None for each in stems):
                shares = tuple(_tells(each, index) for each in stems)
                yield Way(tuple(((each, 1.0),) for each in stems), shares, 0.95, (), f"{word} = {' '.join(cut)}")
                return


def _slips(word: str, index: Index) -> Iterator[Way]:
    """The known words that an unknown one was probably meant for."""
    if len(word) < 4 or not word.isalpha():
        return
    for known, stem_, like in index.nearby(word):
        if index.stem(stem_) is not None:
            yield Way((((stem_, 1.0),),), (_tells(stem_, index),), like, (), f"{word} = {known}")
        else:
            yield from _meant(index.terms([stem_])[:2], index, alone=False)
