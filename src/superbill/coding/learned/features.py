"""What speaks for a code in a document: the candidates that a dictionary finds there, and their features."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log

from msgspec import Struct

from superbill.coding.learned.dictionary import COVERED, LOOSE, TIGHT, Dictionary
from superbill.coding.learned.words import Word

_CUES = {
    "negated": frozenset(
        ("no", "sin", "nieg", "niegan", "ausenci", "descart", "descarto", "negativ", "tampoc", "ni", "not", "without",
         "denied", "denie", "absenc", "nor", "rul")
    ),
    "uncertain": frozenset(
        ("posibl", "probabl", "sospech", "sugestiv", "compatibl", "possibl", "suspect", "suspected", "suggestiv",
         "suspicion", "likeli", "diferencial", "differenti")
    ),
    "history": frozenset(("antecedent", "histori", "previ", "previou", "intervenid", "operad", "past", "hac")),
    "family": frozenset(("familiar", "padr", "madr", "herman", "famili", "father", "mother", "brother", "sister")),
}  # fmt: skip
_REACH = 6
_PRIOR = {TIGHT: 0.5, LOOSE: 0.25, COVERED: 0.15}
_LEAST = 0.1
TERM, SENSE = "term", "sense"
"""Our own dictionary's witnesses: by the term itself, and by the code that it leads to, which its synonyms share."""


class Hint(Struct, frozen=True):
    """What another dictionary says of a document: a span, the term found there, and the codes that it leads to."""

    start: int
    end: int
    name: str
    codes: tuple[str, ...]


class Tally(Struct):
    """In how many documents a phrase stood in one way, and how many of them had each code."""

    documents: int = 0
    codes: dict[str, int] = {}


class Known(Struct):
    """What features are computed from: how often phrases led to codes, and how usual codes are.

    `tallies` by phrase number, then how it stood; `terms` and `senses` likewise by a hint's name and first code;
    `usual` counts documents by code, `documents` all of them.
    """

    tallies: dict[int, dict[str, Tally]]
    terms: dict[str, Tally]
    senses: dict[str, Tally]
    usual: dict[str, int]
    documents: int


class Witness(Struct, frozen=True):
    """One phrase that speaks for a code: how it stands there, how sure it is, how many documents it was annotated and
    seen in, how many words it has, and its first and last words wherever it stands."""

    state: str
    rate: float
    annotated: int
    seen: int
    length: int
    places: tuple[tuple[int, int], ...]


Candidates = dict[str, list[Witness]]


def candidates(words: Sequence[Word], hints: Iterable[Hint], dictionary: Dictionary, known: Known) -> Candidates:
    """The codes that something in a document speaks for, each with its witnesses, the surest first."""
    found: Candidates = defaultdict(list)
    for code, witness in _of_phrases(words, dictionary, known):
        found[code].append(witness)
    for code, witness in _of_hints(words, hints, known):
        found[code].append(witness)
    for said in found.values():
        said.sort(key=lambda one: (-one.rate, -one.annotated, one.state, one.places))
    return dict(sorted(found.items()))


def _of_phrases(words: Sequence[Word], dictionary: Dictionary, known: Known) -> Iterator[tuple[str, Witness]]:
    together: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    for place in dictionary.places(words):
        together[place.phrase, place.state].append((place.first, place.last))
    for (number, state), where in together.items():
        phrase = dictionary.phrases[number]
        tally = known.tallies.get(number, {}).get(state) or Tally()
        for code in {**phrase.codes, **phrase.parts}:
            annotated = phrase.codes.get(code, 0)
            prior = _PRIOR[state] if annotated else _PRIOR[state] / 3
            rate = (tally.codes.get(code, 0) + prior) / (tally.documents + 1.0)
            if annotated or rate >= _LEAST:
                how = state if annotated else f"part {state}"
                yield code, Witness(how, rate, annotated, tally.documents, len(phrase.stems), tuple(where))


def _of_hints(words: Sequence[Word], hints: Iterable[Hint], known: Known) -> Iterator[tuple[str, Witness]]:
    together: dict[tuple[str, tuple[str, ...]], list[tuple[int, int]]] = defaultdict(list)
    for hint in hints:
        inside = [place for place, word in enumerate(words) if hint.start <= word.start and word.end <= hint.end]
        if inside and hint.codes:
            together[hint.name, hint.codes].append((inside[0], inside[-1]))
    for (name, codes), where in sorted(together.items()):
        for how, tally in ((TERM, known.terms.get(name)), (SENSE, known.senses.get(codes[0]))):
            tally = tally or Tally()
            likely = [code for code, count in tally.codes.items() if count > 1 and count >= 0.15 * tally.documents]
            for code in dict.fromkeys((*codes, *likely)):
                place = codes.index(code) if code in codes else -1
                prior = 0.3 if place == 0 else 0.1
                rate = (tally.codes.get(code, 0) + prior) / (tally.documents + 1.0)
                state = f"{how} {'learned' if place < 0 else 'first' if place == 0 else 'other'}"
                yield code, Witness(state, rate, 0, tally.documents, where[0][1] - where[0][0] + 1, tuple(where))


def described(found: Candidates, words: Sequence[Word], known: Known) -> dict[str, list[str]]:
    """The features of every candidate, as the names of those that it has."""
    sure = {code: _any(one.rate for one in said) for code, said in found.items()}
    rivals: dict[int, list[tuple[float, str]]] = defaultdict(list)
    categories: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for code, said in found.items():
        categories[code[:3]].append((sure[code], code))
        for word in {word for one in said for first, last in one.places for word in range(first, last + 1)}:
            rivals[word].append((sure[code], code))
    return {
        code: [*_of_witnesses(said), *_of_code(code, known), *_of_others(code, said, sure, rivals, categories),
               *_of_context(said, words)]
        for code, said in found.items()
    }  # fmt: skip


def _any(rates: Iterable[float]) -> float:
    """How likely one of them is right, were they independent."""
    wrong = 1.0
    for rate in rates:
        wrong *= 1.0 - min(rate, 0.999)
    return 1.0 - wrong


def _odds(rate: float) -> int:
    """A probability by its log odds, in steps of two thirds."""
    rate = min(max(rate, 0.002), 0.998)
    return round(1.5 * log(rate / (1 - rate)))


def _count(value: int) -> int:
    """A count, coarser the greater it is."""
    return next((step for step in (40, 15, 7, 4) if value >= step), value)


def _of_witnesses(said: Sequence[Witness]) -> Iterator[str]:
    best = said[0]
    rate = _odds(best.rate)
    yield "all"
    yield f"rate {rate}"
    yield f"state {best.state} rate {rate}"
    yield f"state {best.state} seen {_count(best.seen)}"
    yield f"annotated {_count(best.annotated)} seen {_count(best.seen)}"
    yield f"share {_odds((best.annotated + 0.5) / (best.seen + 1.5))} {best.state}"
    yield f"length {min(best.length, 5)} {best.state}"
    yield f"sure {_odds(_any(one.rate for one in said))}"
    yield f"witnesses {_count(len(said))}"
    if len(said) > 1:
        yield f"second {_odds(said[1].rate)}"
    for state in sorted({one.state for one in said}):
        yield f"has {state}"
        yield f"has {state} rate {_odds(max(one.rate for one in said if one.state == state))}"


def _of_code(code: str, known: Known) -> Iterator[str]:
    usual = known.usual.get(code, 0)
    yield f"usual {_count(usual)}"
    yield f"chapter {code[0]}"
    yield f"block {code[:2]}"
    yield f"length of code {len(code)}"


def _of_others(
    code: str, said: Sequence[Witness], sure: Mapping[str, float], rivals: Mapping[int, list[tuple[float, str]]],
    categories: Mapping[str, list[tuple[float, str]]],
) -> Iterator[str]:  # fmt: skip
    """Other codes for the same words, and of the same category."""
    here = {word for first, last in said[0].places for word in range(first, last + 1)}
    rival = max((value for word in here for value, other in rivals[word] if other != code), default=0.0)
    yield f"rival {_odds(rival)}"
    yield f"beside {_odds(sure[code])} {'less' if rival > sure[code] else 'more'} {_odds(rival) // 2}"
    same = max((value for value, other in categories[code[:3]] if other != code), default=None)
    if same is not None:
        yield f"category {_odds(same)} {'behind' if same > sure[code] else 'ahead'}"


def _of_context(said: Sequence[Witness], words: Sequence[Word]) -> Iterator[str]:
    places = {place for one in said for place in one.places}
    yield f"places {_count(len(places))}"
    yield f"where {4 * min(first for first, _ in places) // max(len(words), 1)}"
    counts = dict.fromkeys(_CUES, 0)
    for first, _ in places:
        before = {
            word.stem for word in words[max(first - _REACH, 0) : first] if word.sentence == words[first].sentence
        }  # fmt: skip
        for name, cues in _CUES.items():
            counts[name] += not before.isdisjoint(cues)
    for name, count in counts.items():
        if count:
            yield f"{name} {'all' if count == len(places) else 'some'}"
