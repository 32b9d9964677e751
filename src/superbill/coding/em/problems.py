"""Number and complexity of the problems addressed: which there are, of what kind, and how each stands."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice, pairwise

from msgspec import Struct
from msgspec.structs import replace

from superbill.coding.em import standing
from superbill.coding.em.grid import Element
from superbill.coding.em.view import PACKAGE, Hit, View, Zone
from superbill.coding.groups import belongs
from superbill.coding.reading.model import ASSESSING, Mention, Problem
from superbill.coding.reading.tables import table
from superbill.coding.suggest.model import SuggestedCode

_SYMPTOMS = ("R", "M25.5", "M79.6", "M54.9", "M54.5", "M54.2", "M54.6", "H57.1", "G89.1", "N64.4")
_ASIDE = re.compile(
    r"\b(?:regarding|as for|in terms of|with regards? to|concerning)\s+(?:his|her|their|the)\s", re.IGNORECASE
)
_JOINED = re.compile(r"\s*(?:,|;|/|&|\band\b|,\s*and\b)\s*", re.IGNORECASE)
_FRACTURE = re.compile(r"\b(?:fractur|dislocat|ruptur)", re.IGNORECASE)
_SMALL = re.compile(r"\b(?:finger|toe|phalan|nasal|thumb)", re.IGNORECASE)


_MOST = 60
"""Problems looked at in one note: more change no level."""


class Unit(Struct, frozen=True):
    """A problem addressed: the span that names it, all spans that speak of it, and the codes its words lead to."""

    start: int
    end: int
    about: tuple[tuple[int, int], ...]
    codes: tuple[str, ...]


def elements(view: View, diagnoses: tuple[SuggestedCode, ...]) -> tuple[Element, ...]:
    """The problems addressed, as elements of the grid."""
    units = _distinct(units_of(view, diagnoses))
    found = [element for unit in units for element in _element(view, unit, alone=len(units) == 1)]
    return tuple(sorted(found, key=lambda each: (each.start, each.kind)))


def units_of(view: View, diagnoses: tuple[SuggestedCode, ...]) -> list[Unit]:
    """The problems: the titles of the assessment; where it has none, what it names; else what was coded."""
    outline = view.reading.outline
    titled = _discussed(view, [unit for each in outline.problems[:_MOST] for unit in _titled(view, each, diagnoses)])
    found = titled or list(islice(_named(view), _MOST)) or list(islice(_coded(view, diagnoses), _MOST))
    return found + [unit for unit in islice(_asides(view), _MOST) if not any(_same(unit, other) for other in found)]


def _titled(view: View, problem: Problem, diagnoses: tuple[SuggestedCode, ...]) -> Iterator[Unit]:
    """A title is one problem, or several where it only joins them ("chest pain and hypertension")."""
    about = [(problem.title_end, problem.end)]
    if problem.discussed:
        about.append(problem.discussed)
    inside = [
        mention
        for mention in _conditions(view.reading.mentions)
        if problem.start <= mention.start and mention.end <= problem.title_end
    ]
    parts = [(each.start, each.end, each.codes) for each in inside]
    if len(parts) > 1 and all(
        _JOINED.fullmatch(view.text, one[1], other[0]) for one, other in pairwise(parts)
    ) and len({codes[0][:3] for *_, codes in parts}) == len(parts):  # fmt: skip
        for start, end, codes in parts:
            yield Unit(start, end, ((start, end), *about), codes[:1])
        return
    own = [code for *_, codes in parts for code in codes[:1]]
    own = own or [each.code for each in diagnoses if _within(each, problem.start, problem.title_end)]
    yield Unit(problem.start, problem.title_end, ((problem.start, problem.title_end), *about), tuple(own))


def _discussed(view: View, units: list[Unit]) -> list[Unit]:
    """Titles that stand alone, with the sentences of the plan that turn to each: those that name it, and those after
    them up to the next that names another."""
    bare = [unit for unit in units if all(end - start < _BARE or start == unit.start for start, end in unit.about)]
    if not bare or len(units) < 2:
        return units
    more: dict[int, list[tuple[int, int]]] = {}
    current: int | None = None
    for place, sentence in enumerate(view.reading.outline.sentences):
        if view.zones[place] is not Zone.PLAN or sentence.problem >= 0:
            current = None
            continue
        named = [number for number, unit in enumerate(units) if _names(view, place, unit)]
        current = named[0] if named else current
        for number in named or ([] if current is None else [current]):
            more.setdefault(number, []).append((sentence.start, sentence.end))
    return [replace(unit, about=unit.about + tuple(more.get(number, ()))) for number, unit in enumerate(units)]


def _names(view: View, place: int, unit: Unit) -> bool:
    """Does a sentence name the problem: by a word of its own, or one of its title's?"""
    categories = {code[:3] for code in unit.codes}
    if any(each.codes and each.codes[0][:3] in categories for each in view.mentions.get(place, ())):
        return True
    title = {word for word in view.text[unit.start : unit.end].casefold().split() if len(word) > _SHORT}
    return any(word.word in title for word in view.reading.tokens[place])


def _conditions(mentions: Iterable[Mention]) -> Iterator[Mention]:
    for each in mentions:
        if each.what == "problem" and each.codes and not each.negated and each.experiencer == "patient":
            yield each


def _within(code: SuggestedCode, start: int, end: int) -> bool:
    return any(each.start is not None and start <= each.start < end for each in code.evidence)


def _named(view: View) -> Iterator[Unit]:
    """Conditions that the assessment names in sentences, symptoms only where it names nothing else."""
    kinds = view.reading.kind_of
    inside = [
        each
        for each in _conditions(view.reading.mentions)
        if kinds(each) in ASSESSING and each.time in ("current", "past")
    ]
    definite = [each for each in inside if not each.codes[0].startswith(_SYMPTOMS) and each.asserted]
    for mention in definite or inside[:1]:
        sentence = view.reading.sentence_of(mention)
        yield Unit(mention.start, mention.end, ((sentence.start, sentence.end),), mention.codes[:1])


def _coded(view: View, diagnoses: tuple[SuggestedCode, ...]) -> Iterator[Unit]:
    for each in diagnoses:
        span = each.evidence[0] if each.evidence else None
        if span and span.start is not None and span.end is not None and span.end <= len(view.text):
            sentence = view.reading.outline.sentences[view.sentence_at(span.start)]
            yield Unit(span.start, span.end, ((sentence.start, sentence.end),), (each.code,))


def _asides(view: View) -> Iterator[Unit]:
    """Problems that the plan turns to in a sentence of its own: "regarding her diabetes"."""
    for place, sentence in enumerate(view.reading.outline.sentences):
        opening = _ASIDE.match(view.text, sentence.start, sentence.end) if view.zones[place] is Zone.PLAN else None
        if not opening:
            continue
        for mention in _conditions(view.mentions.get(place, ())):
            if mention.start - opening.end() < _OPENS:
                last = view.reading.outline.sentences[min(place + 1, len(view.zones) - 1)]
                yield Unit(mention.start, mention.end, ((sentence.start, last.end),), mention.codes[:1])
                break


def _same(one: Unit, other: Unit) -> bool:
    """Do both begin with the same category?"""
    return bool(one.codes and other.codes) and one.codes[0][:3] == other.codes[0][:3]


def _distinct(units: list[Unit]) -> list[Unit]:
    """Each problem once; what is said of it in several places together."""
    found: list[Unit] = []
    for unit in units:
        place = next((n for n, each in enumerate(found) if _same(unit, each)), None)
        if place is None:
            found.append(unit)
        else:
            found[place] = Unit(
                found[place].start, found[place].end, found[place].about + unit.about, found[place].codes
            )
    return found


def _element(view: View, unit: Unit, *, alone: bool) -> Iterator[Element]:
    """The element or elements that a problem is: sure, and perhaps a more complex one that is less sure."""
    nature = _nature(view, unit)
    if nature == "status" and not _followed(view, unit):
        return
    hits = _about(view, unit, alone=alone)
    yield from _judged(view, unit, nature, hits)


def _nature(view: View, unit: Unit) -> str:
    """What kind of problem it is before anything is said of how it stands: the codes first, then the words."""
    title = view.text[unit.start : unit.end]
    kinds = [nature(code) for code in unit.codes]
    known = [kind for kind in _ORDER if kind in kinds]
    if any(hit.start < unit.end and unit.start < hit.end for hit in view.hits if hit.name == "not_a_problem"):
        chronic = next((kind for kind in known if kind != "status"), "")
        return chronic if chronic in ("chronic", "threat") else "status"
    if _FRACTURE.search(title):
        return "acute" if _SMALL.search(title) else "complicated injury"
    if known and not (known[0] == "threat" and _past(view, unit)):
        return known[0]
    if known:
        return "chronic"
    if any(hit.name == "listed_only" and unit.start <= hit.start < unit.end for hit in view.hits):
        return "status"
    if "chronic" in title.casefold():
        return "chronic"
    grave = any(hit.name == "grave_words" and unit.start <= hit.start < unit.end for hit in view.hits)
    return "undiagnosed" if grave else "acute"


_ORDER = ("threat", "complicated injury", "systemic", "chronic", "undiagnosed", "acute", "minor", "status")


def _past(view: View, unit: Unit) -> bool:
    """Is a grave illness only followed up, not treated in its acute phase?"""
    about = list(view.said("listed_only", "stable", "follows_up", "discharged"))
    return any(start <= hit.start < end for hit in about for start, end in unit.about) or bool(
        view.first("discharged", "follows_up", zones=(Zone.HISTORY,))
    )


@cache
def nature(code: str) -> str:
    """The kind of problem that a code is: threat, systemic, complicated injury, undiagnosed, chronic, acute, minor or
    status."""
    known = _prefixes()
    for length in range(len(code), 0, -1):
        if code[:length] in known:
            return known[code[:length]]
    if belongs(code, "chronic"):
        return "chronic"
    if belongs(code, "minor"):
        return "minor"
    return "undiagnosed" if code.startswith("R") else "acute"


@cache
def _prefixes() -> dict[str, str]:
    rows = table(PACKAGE, "nature.yaml", dict[str, tuple[str, ...]])
    return {prefix: kind for kind, prefixes in rows.items() for prefix in prefixes}


def _about(view: View, unit: Unit, *, alone: bool) -> dict[str, Hit]:
    """What is said of a problem, by name. Where it is the only one, history and the whole plan speak of it."""
    found: dict[str, tuple[int, Hit]] = {}
    for hit in view.hits:
        if hit.negated or (hit.open and hit.name not in _HEDGED):
            continue
        here = any(start <= hit.start < end for start, end in unit.about)
        near = 0 if here else _DISTANCE.get(hit.zone) if alone else None
        name = "test" if hit.name.startswith("test:") else hit.name
        if near is not None and (name not in found or near < found[name][0]):
            found[name] = near, hit
    said = {name: hit for name, (_, hit) in found.items()}
    complaint = next((each for each in view.hits if each.zone is Zone.HISTORY), None) if alone else None
    return said | ({"complaint": complaint} if complaint else {})


_BARE, _SHORT, _OPENS = 5, 5, 20
_DISTANCE = {Zone.PLAN: 1, Zone.HISTORY: 2}
_HEDGED = ("suspected_serious",)


def _followed(view: View, unit: Unit) -> bool:
    """Is a status (an operation of the past) itself followed: is anything said of it, or done about it?"""
    said = sum(end - start for start, end in unit.about if start != unit.start)
    title = view.text[unit.start : unit.end].casefold()
    return said > 20 and ("status post" in title or "s/p" in title or "history of" in title)


def _judged(view: View, unit: Unit, nature: str, hits: dict[str, Hit]) -> Iterator[Element]:
    unique = "/".join(sorted({code[:3] for code in unit.codes})) or view.text[unit.start : unit.end].casefold()

    def make(kind: str, certainty: int, by: Hit | None) -> Element:
        said = f"{view.text[by.start : by.end]!r}" if by else ""
        return Element(kind, unit.start, unit.end, certainty, unique, said)

    if nature in standing.STANDINGS:
        yield from standing.STANDINGS[nature](hits, make)
    else:
        yield from standing.acute_moderate(nature, hits, make)
