"""The medications of a note: dose, route, how often, and what is done with each."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal

from msgspec import Struct

from superbill.coding.reading.model import PLANNING, Kind, Mention, Reading
from superbill.coding.reading.tables import table

Action = Literal[
    "listed", "continued", "started", "increased", "decreased", "changed", "stopped", "refilled", "administered",
    "declined", "",
]  # fmt: skip
PRESCRIBING = frozenset(("continued", "started", "increased", "decreased", "changed", "stopped", "refilled"))
"""Actions by which a provider manages a drug."""


class _DrugWords(Struct, frozen=True):
    """Words of drug_words.yaml."""

    actions: dict[Action, tuple[str, ...]]
    units: tuple[str, ...]
    routes: tuple[str, ...]
    frequencies: tuple[str, ...]


class _Patterns(Struct, frozen=True):
    actions: tuple[Action, ...]
    cue: re.Pattern[str]
    dose: re.Pattern[str]
    route: re.Pattern[str]
    often: re.Pattern[str]


_COUNT = r"(?:once|twice|one|two|three|four|five|six|\d{1,2})(?:\s?(?:-|to)\s?\d{1,2})?"
_NEEDED = re.compile(r"\b(?:as needed|p\.?r\.?n\.?|when needed|if needed)(?![A-Za-z])", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s+(?:\w+\s+){0,4}$", re.IGNORECASE)
_INSTEAD = re.compile(r"\b(?:instead of|in place of|rather than|replacing)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_NONE = re.compile(r"\b(?:none|no (?:current )?medications?|denies|n/a|nkda)\b", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9/' -]{2,50}?(?=[ ,(]*\d)")
_FARTHEST = 90


@cache
def _patterns() -> _Patterns:
    read = table("superbill.coding.reading.data", "drug_words.yaml", _DrugWords)
    cues = "|".join(f"(?P<a{number}>{'|'.join(words)})" for number, words in enumerate(read.actions.values()))
    dose = (
        r"\b\d+(?:,\d{3})*(?:\.\d+)?(?:\s?(?:-|–|to|/)\s?\d+(?:\.\d+)?)?\s?-?(?:UNITS)"
        r"(?:\s?/\s?(?:\d+\s?)?(?:ml|kg|hr?|hour|day|min|puff|actuation|\w*mg))?(?![A-Za-z])"
    ).replace("UNITS", "|".join(read.units))
    often = "|".join(read.frequencies).replace("COUNT", _COUNT)
    return _Patterns(
        tuple(read.actions),
        re.compile(rf"\b(?:{cues})\b(?!/)", re.IGNORECASE),
        re.compile(dose, re.IGNORECASE),
        re.compile(rf"\b(?:{'|'.join(read.routes)})(?![A-Za-z])", re.IGNORECASE),
        re.compile(rf"\b(?:{often})(?![A-Za-z])", re.IGNORECASE),
    )


class Medication(Struct, frozen=True, kw_only=True):
    """One medication named in the note.

    `start` to `end` is its name, `after` where dose, route and frequency end. Dose, route and frequency are as
    written, "" when not said. `action`: listed in a list of medications; what the provider does with it elsewhere; ""
    when the note only speaks of it. `cues`: the spans of the words that say so. `mention`: place in the reading's
    mentions, -1 for a name that the dictionary has not.
    """

    name: str
    start: int
    end: int
    after: int
    dose: str = ""
    route: str = ""
    frequency: str = ""
    as_needed: bool = False
    action: Action = ""
    cues: tuple[tuple[int, int], ...] = ()
    sentence: int
    section: int
    kind: Kind
    mention: int = -1

    @property
    def managed(self) -> bool:
        """Does the provider manage it here: prescribed, continued, changed or stopped?"""
        return self.action in PRESCRIBING


def medications(reading: Reading) -> tuple[Medication, ...]:
    """The medications of a note, in the order of the text; a drug that is denied ("no aspirin") is left out."""
    by_sentence: dict[int, list[int]] = {}
    for number, mention in enumerate(reading.mentions):
        if mention.what == "drug" and mention.experiencer == "patient":
            by_sentence.setdefault(mention.sentence, []).append(number)
    found: list[Medication] = []
    for place, sentence in enumerate(reading.outline.sentences):
        kind = reading.outline.kind_of(sentence)
        numbers = by_sentence.get(place, [])
        if numbers:
            found += _in_sentence(reading, place, kind, _apart([(reading.mentions[each], each) for each in numbers]))
        elif kind is Kind.MEDICATIONS:
            found += _unknown(reading, place)
    return tuple(found)


def _apart(drugs: Sequence[tuple[Mention, int]]) -> list[tuple[Mention, int]]:
    """Mentions that overlap are one: the longest."""
    kept: list[tuple[Mention, int]] = []
    for drug in sorted(drugs, key=lambda each: (each[0].start, each[0].start - each[0].end)):
        if not kept or drug[0].start >= kept[-1][0].end:
            kept.append(drug)
    return kept


def _in_sentence(
    reading: Reading, place: int, kind: Kind, drugs: Sequence[tuple[Mention, int]]
) -> Iterator[Medication]:
    text, sentence = reading.text, reading.outline.sentences[place]
    if kind is Kind.ALLERGIES:
        return
    cues = [
        (match.start(), match.end(), _patterns().actions[int((match.lastgroup or "a0")[1:])])
        for match in _patterns().cue.finditer(text, sentence.start, sentence.end)
    ]
    for number, (mention, at) in enumerate(drugs):
        until = drugs[number + 1][0].start if number + 1 < len(drugs) else sentence.end
        action, cue = _action(text, mention, until, cues, kind, sentence.start)
        if mention.negated and action not in ("stopped", "declined"):
            continue
        yield _described(text, mention.start, mention.end, until, action, cue, place, sentence.section, kind, at)


def _action(
    text: str, mention: Mention, until: int, cues: Sequence[tuple[int, int, Action]], kind: Kind, start: int
) -> tuple[Action, tuple[tuple[int, int], ...]]:
    """What is done with a drug: the last word for it before its name, else the first after it."""
    before = [cue for cue in cues if cue[1] <= mention.start]
    lead = text[max(start, mention.start - 50) : mention.start]
    if _INSTEAD.search(lead):
        return "stopped", ()
    if before:
        cue = before[-1]
        said: Action = cue[2]
        if said == "changed":
            said = "started" if lead.rstrip().endswith(" to") else "stopped" if _FROM.search(lead) else said
        return said, (cue[:2],)
    after = [cue for cue in cues if mention.end <= cue[0] < until]
    if after:
        return after[0][2], (after[0][:2],)
    if kind is Kind.MEDICATIONS:
        return "listed", ()
    if (
        kind in PLANNING
        and mention.time == "current"
        and not mention.uncertain
        and _patterns().dose.search(text, mention.end, until)
    ):
        return "started", ()
    return "", ()


def _described(
    text: str, start: int, end: int, until: int, action: Action, cues: tuple[tuple[int, int], ...], place: int,
    section: int, kind: Kind, at: int,
) -> Medication:  # fmt: skip
    """The medication with what is said of it up to the next one."""
    until = min(until, end + _FARTHEST)
    doses = list(_patterns().dose.finditer(text, end, until))
    dose = doses[0] if doses else None
    if len(doses) > 1 and action in ("increased", "decreased", "changed") and _FROM.search(text, end, doses[0].start()):
        dose = doses[1]
    if dose is None and (ahead := _dose_before(text, start)):
        dose = ahead
    route = _patterns().route.search(text, end, until)
    often = _patterns().often.search(text, end, until)
    needed = _NEEDED.search(text, end, until)
    after = max([end, *(match.end() for match in (dose, route, often, needed) if match)])
    return Medication(
        name=text[start:end], start=start, end=end, after=after, dose=dose[0] if dose else "",
        route=route[0] if route else "", frequency=often[0] if often else "", as_needed=needed is not None,
        action=action, cues=cues, sentence=place, section=section, kind=kind, mention=at,
    )  # fmt: skip


def _dose_before(text: str, start: int) -> re.Match[str] | None:
    """A dose that stands before the name: "40 mg of Kenalog", "0.5 cc of lidocaine"."""
    for match in _patterns().dose.finditer(text, max(0, start - 30), start):
        if text[match.end() : start].strip().casefold() in ("", "of", "of the"):
            return match
    return None


def _unknown(reading: Reading, place: int) -> Iterator[Medication]:
    """An entry of a list of medications whose name the dictionary has not: the words before its dose."""
    text, sentence = reading.text, reading.outline.sentences[place]
    name = _NAME.match(text, sentence.start, min(sentence.end, sentence.start + 80))
    if name is None or not _patterns().dose.match(text, name.end() + _gap(text, name.end())) or _NONE.search(name[0]):
        return
    end = name.end()
    kind = Kind.MEDICATIONS
    yield _described(text, name.start(), end, sentence.end, "listed", (), place, sentence.section, kind, -1)


def _gap(text: str, at: int) -> int:
    gap = 0
    while text[at + gap : at + gap + 1] in (" ", ",", "("):
        gap += 1
    return gap
