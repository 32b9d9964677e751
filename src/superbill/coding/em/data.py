"""Amount and complexity of data: tests, documents, historians, interpretations and discussions, as elements."""

from bisect import bisect_left
from collections.abc import Iterator

from superbill.coding.em.grid import POSSIBLE, PROBABLE, SURE, Element
from superbill.coding.em.view import Hit, View, Zone, tests
from superbill.coding.reading.model import Token

_REVIEWED = (Zone.RESULTS, Zone.PLAN)
_TOLD = (Zone.RESULTS, Zone.PLAN, Zone.HISTORY)
_SITES = {
    name: name for name in (
        "knee", "hip", "shoulder", "elbow", "wrist", "hand", "finger", "thumb", "foot", "toe", "ankle", "leg", "arm",
        "chest", "abdomen", "abdominal", "pelvis", "spine", "lumbar", "cervical", "thoracic", "brain", "head", "neck",
        "renal", "kidney", "liver", "breast", "thyroid", "sinus", "heel", "tibia", "femur", "humerus", "forearm",
        "carotid", "artery", "arterial", "venous", "groin", "scrotal", "testicular", "bladder", "prostate", "quadrant",
        "extremity", "extremities",
    )
} | {"abdominal": "abdomen", "lung": "chest", "lungs": "chest", "knees": "knee", "elbows": "elbow", "hands": "hand",
     "feet": "foot", "back": "lumbar", "wrists": "wrist", "hips": "hip", "shoulders": "shoulder", "ankles": "ankle",
     "extremities": "extremity", "stomach": "abdomen"}  # fmt: skip
_NEAR = 9
_PICTURES = ("image", "film", "tracing", "slide", "photo", "scan")
_CHILD = 12
_BILLED = 0.6
"""The score from which a suggested service is taken to be on the claim."""


def elements(view: View) -> tuple[Element, ...]:
    """What was ordered, reviewed, interpreted, discussed, and from whom the history comes; sorted by place."""
    found = [*_tests(view), *_documents(view), *_historian(view), *_interpreted(view), *_discussed(view)]
    return tuple(sorted(found, key=lambda each: (each.start, each.kind)))


def _tests(view: View) -> Iterator[Element]:
    """Each unique test once: ordering one includes reviewing it (CPT E/M guidelines, analyzed).

    One whose interpretation the practice bills itself counts nothing.
    """
    found: dict[str, Element] = {}
    sites: dict[str, set[str]] = {}
    for hit in _hits(view):
        name = hit.name.removeprefix("test:")
        site = _site(view, hit) if tests()[name].by_site else ""
        element = _test(view, hit, name, site)
        if element is None:
            continue
        sites.setdefault(name, set()).add(site)
        before = found.get(element.unique)
        if before is None or element.certainty > before.certainty:
            found[element.unique] = element
    specific = sum(not tests()[name].codes and not tests()[name].many for name in sites)
    for element in found.values():
        name, _, site = element.unique.partition(" of ")
        if not site and len(sites[name]) > 1:
            continue
        unnamed = tests()[name].many and specific > 0
        yield _weaker(element, "may be among the tests named") if unnamed else element
    yield from _others(view)


def _hits(view: View) -> Iterator[Hit]:
    """Tests reported as results, or said where the note plans; those told only in the history when reviewed."""
    reviewed = {hit.sentence for hit in view.said("outside", "interpreted", zones=(Zone.HISTORY,))}
    refused = {hit.sentence for hit in view.hits if hit.name == "no_order"}
    for hit in (*view.headings, *view.hits):
        if not hit.name.startswith("test:"):
            continue
        reported = hit.zone is Zone.RESULTS or (hit.zone is Zone.HISTORY and hit.sentence in reviewed)
        if reported or (hit.zone is Zone.PLAN and not hit.negated and hit.sentence not in refused):
            yield hit


def _test(view: View, hit: Hit, name: str, site: str) -> Element | None:
    unique = f"{name} of {site}" if site else name
    codes = tests()[name].codes
    billed = _own(view, codes, site) if codes else 0.0
    if billed >= _BILLED:
        return None
    here = codes and _done_here(view, hit)
    if here:
        return Element("test", hit.start, hit.end, POSSIBLE, unique,
                       "done here: counts only when its interpretation is not billed")  # fmt: skip
    if hit.open:
        return Element("test", hit.start, hit.end, POSSIBLE, unique, "conditional")
    if billed:
        return Element("test", hit.start, hit.end, PROBABLE, unique, "unless its interpretation is billed here")
    return Element("test", hit.start, hit.end, SURE if hit.zone is not Zone.HISTORY else POSSIBLE, unique)


def _done_here(view: View, hit: Hit) -> bool:
    return any(each.name == "done_here" and each.plain for each in view.beside.get(hit.sentence, ()))


def _own(view: View, codes: tuple[str, ...], site: str) -> float:
    """How surely the practice bills this test, of this part of the body: 0 for not at all."""
    surest = 0.0
    for service in view.services:
        if not service.code.code.startswith(codes):
            continue
        said = " ".join(each.text for each in service.code.evidence).casefold()
        named = {_SITES[word] for word in said.split() if word in _SITES}
        if not site or not named or site in named or _same_sentence(view, service.code.evidence[0].start, site):
            surest = max(surest, service.code.score)
    return surest


def _same_sentence(view: View, start: int | None, site: str) -> bool:
    if start is None:
        return True
    return site in _named(view.reading.tokens[view.sentence_at(start)])


def _site(view: View, hit: Hit) -> str:
    """The part of the body named nearest to the test in its sentence."""
    words = view.reading.tokens[hit.sentence]
    at = bisect_left(words, hit.start, key=lambda word: word.start)
    near = [(abs(place - at), place) for place in range(max(0, at - _NEAR), min(len(words), at + _NEAR + 1))]
    return next((_SITES[words[place].word] for _, place in sorted(near) if words[place].word in _SITES), "")


def _named(words: tuple[Token, ...]) -> set[str]:
    return {_SITES[each.word] for each in words if each.word in _SITES}


def _others(view: View) -> Iterator[Element]:
    """Tests that the dictionary knows and the table here does not."""
    for mention in view.reading.mentions:
        zone = view.zones[mention.sentence]
        if mention.what != "test" or mention.negated or zone not in _REVIEWED or mention.time == "hypothetical":
            continue
        beside = view.beside.get(mention.sentence, ())
        if not any(
            each.start < mention.end and mention.start < each.end and each.name[:5] == "test:" for each in beside
        ):
            yield Element("test", mention.start, mention.end, POSSIBLE, mention.name)


def _documents(view: View) -> Iterator[Element]:
    """Notes of other sources, each source once."""
    for hit in view.said("outside", zones=_TOLD):
        words = view.text[hit.start : hit.end].casefold()
        sure = hit.zone is not Zone.HISTORY or "reviewed" in words
        source = "emergency" if "emergency" in words or words.startswith(("er ", "ed ")) else "records"
        yield Element("document", hit.start, hit.end, PROBABLE if sure else POSSIBLE, source)


def _historian(view: View) -> Iterator[Element]:
    """Somebody else gives the history. Sure for a child; otherwise the note should say why the patient can't."""
    hit = view.first("historian", zones=(*_TOLD, Zone.LISTED))
    if hit:
        child = view.visit.age is not None and view.visit.age < _CHILD
        yield Element("historian", hit.start, hit.end, SURE if child else PROBABLE, "historian")


def _interpreted(view: View) -> Iterator[Element]:
    """An image or tracing read by the provider, where nobody of the practice bills the reading."""
    for hit in view.said("interpreted", zones=(*_TOLD, Zone.PROCEDURE)):
        beside = [each.name.removeprefix("test:") for each in view.beside[hit.sentence] if each.name[:5] == "test:"]
        read = [name for name in beside if tests()[name].codes]
        said = view.text[hit.start : hit.end].casefold()
        if not read and not any(word in said for word in _PICTURES):
            continue
        site = _site(view, hit)
        if any(_own(view, tests()[name].codes, site if tests()[name].by_site else "") >= _BILLED for name in read):
            continue
        here = _done_here(view, hit)
        yield Element("interpretation", hit.start, hit.end, POSSIBLE if here else PROBABLE, ",".join(read))


def _discussed(view: View) -> Iterator[Element]:
    """Management or a test discussed with a professional outside the group, or another appropriate source."""
    for hit in view.said("discussed", zones=_TOLD):
        sentence = view.reading.outline.sentences[hit.sentence]
        later = " will " in view.text[sentence.start : hit.end]
        yield Element("discussion", hit.start, hit.end, POSSIBLE if later else PROBABLE)


def _weaker(element: Element, note: str) -> Element:
    return Element(element.kind, element.start, element.end, POSSIBLE, element.unique, note)
