"""Risk of management: the decisions that the note documents, as elements of the grid."""

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from superbill.coding.em.grid import POSSIBLE, PROBABLE, SURE, Element
from superbill.coding.em.view import PACKAGE, Hit, View, Zone
from superbill.coding.groups import belongs
from superbill.coding.reading.tables import table

_DECIDED = (Zone.PLAN, Zone.PROCEDURE)
_REACH = 40
_BEGINS = 4
_DEVICE = re.compile(
    r"\b(?:glasses|lenses|orthotics?|brace|splint|walker|cane|wheelchair|crutch|boot|cpap|compression|therapy|mri|"
    r"x-?ray|mammogram|hearing)\b",
    re.IGNORECASE,
)
"""What is prescribed and is no drug."""


class Drugs(Struct, frozen=True, forbid_unknown_fields=True):
    """Drugs by what risk asks of them; names in lower case."""

    over_the_counter: frozenset[str]
    cytotoxic: frozenset[str]
    monitored: frozenset[str]
    controlled: frozenset[str]
    prescribed_from: dict[str, int]


@cache
def drugs() -> Drugs:
    """The table of drugs."""
    return table(PACKAGE, "drugs.yaml", Drugs)


def elements(view: View) -> tuple[Element, ...]:
    """What was decided, riskiest kinds among them; sorted by place."""
    found = [*_drugs(view), *_surgery(view), *_decisions(view), *_little(view)]
    return tuple(sorted(found, key=lambda each: (each.start, each.kind)))


def _drugs(view: View) -> Iterator[Element]:
    """Prescription drug management: a drug by prescription started, changed, continued, refilled or stopped."""
    known = drugs()
    decided = _sentences(view, "prescribes", "medicates", "injects", "dose")
    ordered = _sentences(view, "prescribes")
    monitored = {hit.sentence for hit in view.said("monitors", zones=_DECIDED)}
    for start, end, sentence, name, plain in _mentioned(view):
        if sentence not in decided or not plain:
            yield from _undecided(view, start, end, sentence, name, plain=plain, ordered=sentence in ordered)
            continue
        if name in known.over_the_counter and not _by_prescription(view, name, end, sentence, sentence in ordered):
            yield Element("low risk treatment", start, end)
            continue
        yield Element("prescription", start, end)
        if name in known.cytotoxic or name in known.monitored:
            certainty = PROBABLE if name in known.cytotoxic or monitored else POSSIBLE
            yield Element("toxicity", start, end, certainty)
        if name in known.controlled and any(hit.name == "parenteral" for hit in view.beside.get(sentence, ())):
            yield Element("parenteral controlled substance", start, end, PROBABLE)
    yield from _ordered(view)


def _undecided(
    view: View, start: int, end: int, sentence: int, name: str, *, plain: bool, ordered: bool
) -> Iterator[Element]:
    """A drug without a word of what is done with it: an order where it begins its sentence, else doubtful."""
    free = name in drugs().over_the_counter
    if not plain:
        if ordered and not free:
            yield Element("prescription", start, end, POSSIBLE, note="considered or conditional")
        return
    begins = start - view.reading.outline.sentences[sentence].start < _BEGINS
    if free:
        yield Element("low risk treatment", start, end, PROBABLE)
    elif view.zones[sentence] is Zone.PLAN:
        yield Element("prescription", start, end, PROBABLE if begins else POSSIBLE)


def _ordered(view: View) -> Iterator[Element]:
    """A prescription, a class of drugs or an injected steroid, with or without a drug that is known by name."""
    active = _sentences(view, "prescribes", "medicates")
    drugs_named = _sentences(view, "drug_class") | {
        each.sentence for each in view.reading.mentions if each.what == "drug"
    }
    for hit in view.said("prescribes", zones=_DECIDED):
        if _DEVICE.search(view.text, hit.end, hit.end + _REACH):
            continue
        standing = view.text[max(0, hit.start - 4) : hit.start].casefold().endswith(" as ")
        certainty = SURE if not standing else PROBABLE if hit.sentence in drugs_named else POSSIBLE
        yield Element("prescription", hit.start, hit.end, certainty)
    for hit in view.said("drug_class", zones=_DECIDED):
        if hit.sentence in active:
            yield Element("prescription", hit.start, hit.end, PROBABLE)
    yield from _unnamed(view, active)
    for hit in view.said("injects", zones=_DECIDED):
        yield Element("prescription", hit.start, hit.end, PROBABLE, note="injected drug, by prescription only")


def _unnamed(view: View, active: frozenset[int]) -> Iterator[Element]:
    """Something taken in a dose, whose name no dictionary knows: in milligrams a drug, else at least a treatment."""
    named = {mention.sentence for mention in view.reading.mentions if mention.what == "drug"}
    free = {hit.sentence for hit in view.said("over_the_counter", zones=_DECIDED)}
    for hit in view.said("dose", "dosing", zones=_DECIDED):
        if hit.sentence in active and hit.sentence not in named:
            drug = hit.name == "dose" and hit.sentence not in free
            yield Element("prescription" if drug else "low risk treatment", hit.start, hit.end, PROBABLE)


def _mentioned(view: View) -> Iterator[tuple[int, int, int, str, bool]]:
    """The drugs named where the note plans: span, sentence, name in lower case, and whether plainly decided."""
    for mention in view.reading.mentions:
        zone = view.zones[mention.sentence]
        if mention.what != "drug" or zone not in _DECIDED or mention.experiencer != "patient":
            continue
        name = view.text[mention.start : mention.end].casefold().strip(" 0123456789.")
        plain = not mention.negated and mention.time != "hypothetical" and not _open(view, mention.start)
        yield mention.start, mention.end, mention.sentence, name, plain


def _open(view: View, start: int) -> bool:
    """Is the phrase that decides on the drug before this place only considered?"""
    beside = view.beside.get(view.sentence_at(start), ())
    near = [hit for hit in beside if hit.start < start and hit.name in ("prescribes", "medicates", "dose")]
    return bool(near) and not any(hit.plain for hit in near)


def _by_prescription(view: View, name: str, end: int, sentence: int, ordered: bool) -> bool:
    """A drug sold over the counter that is prescribed, or given in a strength sold by prescription only."""
    if ordered:
        return True
    limit = drugs().prescribed_from.get(name)
    stop = min(view.reading.outline.sentences[sentence].end, end + 12)
    digits = "".join(each if each.isdigit() else " " for each in view.text[end:stop]).split()
    return bool(limit and digits and len(digits[0]) < 5 and int(digits[0]) >= limit)


def _surgery(view: View) -> Iterator[Element]:
    """Decisions for surgery, major by name or by the code of a service, minor likewise."""
    risky = view.first("surgical_risk", zones=_DECIDED)
    for hit in view.said("emergency_surgery", zones=_DECIDED):
        yield Element("emergency surgery", hit.start, hit.end)
    for hit in _planned(view, "major_surgery"):
        yield Element("major surgery", hit.start, hit.end, PROBABLE)
        if risky:
            yield Element("major surgery with risk", risky.start, risky.end, POSSIBLE)
    for hit in _planned(view, "minor_surgery"):
        yield Element("minor surgery", hit.start, hit.end, PROBABLE)
        if risky:
            yield Element("minor surgery with risk", risky.start, risky.end, POSSIBLE)
    for service in view.services:
        for span in service.code.evidence[:1]:
            if belongs(service.code.code, "minor_surgery") and span.start is not None and span.end is not None:
                yield Element("minor surgery", span.start, span.end, PROBABLE)
    for hit in view.hits:
        if hit.name == "major_surgery" and hit.zone in _DECIDED and hit.open and not hit.negated:
            yield Element("major surgery", hit.start, hit.end, POSSIBLE, note="discussed, not decided")


def _planned(view: View, name: str) -> Iterator[Hit]:
    """Operations that are decided, not those of the past."""
    past = {hit.sentence: hit.start for hit in view.said("listed_only", zones=_DECIDED)}
    for hit in view.said(name, zones=_DECIDED):
        if past.get(hit.sentence, hit.end) >= hit.start and _deciding(view, hit):
            yield hit


_DECIDING = (
    "recommend",
    "proceed",
    "schedul",
    "will ",
    "plan",
    "candidate",
    "elect",
    "require",
    "opt ",
    "opted",
    "agree",
    "perform",
    "monday",
    "want",
)


def _deciding(view: View, hit: Hit) -> bool:
    sentence = view.reading.outline.sentences[hit.sentence]
    said = view.text[sentence.start : sentence.end].casefold()
    return any(word in said for word in _DECIDING)


def _decisions(view: View) -> Iterator[Element]:
    """Hospital care, limits of care, and what life circumstances forbid."""
    for name, kind in (("hospitalizes", "hospitalization"), ("limits_care", "limits of care")):
        for hit in view.said(name, zones=(Zone.PLAN,)):
            told = name == "hospitalizes" and _told(view, hit)
            if not told:
                yield Element(kind, hit.start, hit.end, PROBABLE)
    for hit in view.said("social", zones=(Zone.PLAN, Zone.HISTORY)):
        yield Element("social", hit.start, hit.end, PROBABLE if hit.zone is Zone.PLAN else POSSIBLE)


def _told(view: View, hit: Hit) -> bool:
    """Is it told of the past: was admitted, recently sent?"""
    near = [each for each in view.beside[hit.sentence] if each.name == "past_care"]
    return any(0 <= hit.start - each.end < _REACH for each in near)


def _little(view: View) -> Iterator[Element]:
    """What is decided without a prescription: physical therapy, rest, tests, referrals; or nothing at all."""
    for hit in view.said("no_treatment", zones=_DECIDED):
        yield Element("observation", hit.start, hit.end)
    for hit in view.said("little", zones=_DECIDED):
        yield Element("low risk treatment", hit.start, hit.end)
    none = view.first("no_treatment", zones=_DECIDED) is not None
    for hit in view.said("advises", zones=_DECIDED):
        yield Element("low risk treatment", hit.start, hit.end, POSSIBLE if none else PROBABLE)
    for hit in view.hits:
        if hit.name.startswith("test:") and hit.zone is Zone.PLAN and hit.plain:
            yield Element("low risk treatment", hit.start, hit.end)


def _sentences(view: View, *names: str) -> frozenset[int]:
    return frozenset(hit.sentence for hit in view.said(*names, zones=_DECIDED))
