"""Composes what no dictionary lists: a head ("pain", "tear", "fracture") with its site, parts, pattern and side.

The codes of the tables are ICD-10-CM categories or stems; a stem ends where only the side, the encounter or more
detail is missing. An acute tear is an injury (chapter 19) where the Index has it so, a degenerative one is chapter 13
(guidelines I.C.13.b: recurrent, old and healed conditions of bone, joint and muscle are chapter 13, acute injuries
chapter 19).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from msgspec.structs import replace

from superbill.coding.reading.beaten import Found, bare, beaten, contents
from superbill.coding.reading.heads import code_of, heads
from superbill.coding.reading.model import ASSESSING, Attribute, Kind, Mention, Outline, Token
from superbill.coding.reading.phrases import Group, Phrase, groups, phrases
from superbill.coding.reading.scan import tokens
from superbill.coding.reading.sites import HEAD, PLAIN, SIDE, SITE, labels, vocabulary

_ORDER = (Kind.CHIEF_COMPLAINT, Kind.HISTORY, Kind.INTERVAL, Kind.EXAM, Kind.RESULTS)
"""Where the site of a complaint that the assessment names without one is looked for, in this order."""
_MOST = 200
"""Words of a sentence, and sentences or sites, that are looked at: more are no note's."""
_LIMBS = frozenset(("arm", "leg"))
_PAIRED = frozenset(
    ("breast", "axilla", "eye", "eyelid", "ear", "testis", "flank", "groin", "temporomandibular", "rib", "buttock",
     "chest-wall", "supraclavicular")
)  # fmt: skip
"""Sites beside those of the limbs whose side may stand elsewhere."""
_DETAILED = frozenset(
    ("fracture", "tear", "sprain", "strain", "laceration", "burn", "skin-ulcer", "pressure-ulcer", "disc-herniation",
     "disc-degeneration", "spondylolisthesis", "spondylolysis", "radiculopathy")
)  # fmt: skip
"""Conditions whose details are taken from wherever the note says more of the same one."""
_DOUBTED = frozenset(
    ("no", "not", "without", "denies", "negative", "possible", "possibly", "prior", "previous", "old", "history",
     "rule", "ruled", "versus", "vs", "or", "if", "evaluate", "concerning", "suspected", "suspicious", "likely")
)  # fmt: skip
_PAST = frozenset(
    (Kind.MEDICAL_HISTORY, Kind.SURGICAL_HISTORY, Kind.FAMILY_HISTORY, Kind.REVIEW, Kind.SOCIAL_HISTORY,
     Kind.PROBLEM_LIST)
)  # fmt: skip
_ANYWHERE = frozenset(("muscle", "joint", "bone", "skin", "limb", "disc"))
"""Tissues that tell no place."""


class _Place(NamedTuple):
    """A site as said somewhere: the group, and the sentence in which it stands."""

    group: Group
    sentence: int
    words: Sequence[Token]


class _Note:
    """The sites of a note, sentence by sentence, read when first asked for."""

    def __init__(self, outline: Outline, words: Sequence[Sequence[Token]]) -> None:
        self.outline = outline
        self.words = words
        self.labels = [labels(outline.text, said[:_MOST]) for said in words]
        self._asked = 0
        self._groups: dict[int, list[Group]] = {}
        self.phrases = {
            place: phrases(outline.text, words[place][:_MOST], said)
            for place, said in enumerate(self.labels)
            if any(label.kind == HEAD for label in said)
        }
        self._sited: dict[str, list[_Place]] = {}
        for place, found in self.phrases.items():
            for phrase in found:
                own = phrase.groups if phrase.own else ()
                self._sited.setdefault(phrase.head.ids[0], []).extend(_Place(each, place, words[place]) for each in own)
        self._sections: dict[Kind, list[int]] = {}
        self._problems: dict[int, list[int]] = {}
        self._scopes: dict[int, tuple[list[_Place], list[_Place]]] = {}
        self._kinds: dict[Kind, list[_Place]] = {}
        for place, sentence in enumerate(outline.sentences):
            self._sections.setdefault(outline.kind_of(sentence), []).append(place)
            if sentence.problem >= 0:
                self._problems.setdefault(sentence.problem, []).append(place)

    def groups(self, sentence: int) -> list[Group]:
        """The sites of a sentence."""
        found = self._groups.get(sentence)
        if found is None:
            said = self.labels[sentence]
            found = (
                groups(self.outline.text, self.words[sentence][:_MOST], said)
                if any(x.kind == SITE for x in said)
                else []
            )
            self._groups[sentence] = found
        return found

    def _of_problem(self, problem: int) -> tuple[list[_Place], list[_Place]]:
        """The sites of a problem's title, and of its block."""
        found = self._scopes.get(problem)
        if found is None:
            title = self.outline.problems[problem].title_end
            within = self._problems[problem]
            titled = self._places(each for each in within if self.outline.sentences[each].start < title)
            found = self._scopes[problem] = (titled, self._places(within))
        return found

    def _of_kind(self, kind: Kind) -> list[_Place]:
        """The sites of the sections of a kind."""
        found = self._kinds.get(kind)
        if found is None:
            found = self._kinds[kind] = self._places(self._sections.get(kind, ()))
        return found

    def _labelled(self, sentence: int) -> list[_Place]:
        """The sites of what introduces a sentence ("Right knee: no effusion"), as a sentence of its own."""
        said = self.outline.sentences[sentence]
        if not said.label:
            return []
        start = self.outline.text.rfind(said.label, max(0, said.start - 400), said.start)
        if start < 0:
            return []
        words = tokens(self.outline.text, start, start + len(said.label))
        found = groups(self.outline.text, words, labels(self.outline.text, words))
        return [_Place(group, sentence, words) for group in found]

    def scopes(self, sentence: int, wide: bool) -> Iterator[list[_Place]]:
        """Where else the site or side of what a sentence names is said: its label, its problem's title, its problem's
        block, and when `wide` the chief complaint, the history, the examination."""
        yield self._labelled(sentence)
        problem = self.outline.sentences[sentence].problem
        if problem >= 0:
            yield from self._of_problem(problem)
        if wide:
            for kind in _ORDER:
                yield self._of_kind(kind)

    def sited(self, name: str) -> list[_Place]:
        """The sites that the note gives a head in phrases of its own: in its chief complaint and titles, else all."""
        every = self._sited.get(name, [])[:_MOST]
        return [each for each in every if self._leading(each.sentence)] or every

    def details(self, name: str, group: Group, side: str, here: int) -> frozenset[str]:
        """What other sentences plainly say of the same condition at the same site and side, when they say one thing."""
        own, self._asked = _core(group), self._asked + 1
        if self._asked > _MOST:
            return frozenset()
        found: set[frozenset[str]] = set()
        every = ((place, phrase) for place, there in self.phrases.items() for phrase in there)
        for place, phrase in islice(every, _MOST):
            if phrase.head.ids[0] != name or not phrase.own or place == here or self._doubted(place, phrase):
                continue
            told = [each for each in phrase.groups if each.side in (side, "")]
            finer = [_core(each) for each in told if own <= _core(each)]
            coarser = [own for each in told if _core(each) < own and phrase.patterns]
            found |= {each | phrase.patterns for each in (*finer, *coarser) if own < (each | phrase.patterns)}
        found = {each for each in found if not any(each < other for other in found)}
        return found.pop() if len(found) == 1 else frozenset()

    def _doubted(self, place: int, phrase: Phrase) -> bool:
        if self.outline.kind_of(self.outline.sentences[place]) in _PAST:
            return True
        before = self.words[place][max(0, phrase.head.first - _MOST) : phrase.head.first]
        return not _DOUBTED.isdisjoint([word.word for word in before])

    def _leading(self, sentence: int) -> bool:
        said = self.outline.sentences[sentence]
        if self.outline.kind_of(said) is Kind.CHIEF_COMPLAINT:
            return True
        return said.problem >= 0 and said.start < self.outline.problems[said.problem].title_end

    def _places(self, sentences: Iterable[int]) -> list[_Place]:
        every = (
            _Place(group, each, self.words[each]) for each in islice(sentences, _MOST) for group in self.groups(each)
        )
        return list(islice(every, _MOST))


def _core(group: Group) -> frozenset[str]:
    """The finest site of a group with all in which it lies, and its parts: without what is only named beside it."""
    known = vocabulary()
    chain_of = known.above(max(group.sites, key=lambda site: known.depth.get(site, 0)))
    return frozenset(each for each in group.ids if each in chain_of or each not in known.parent or each == "phalanx")


def composed(outline: Outline, words: Sequence[Sequence[Token]], scanned: Sequence[Mention]) -> list[Mention]:
    """The mentions of the dictionary and the composed ones, in the order of the text. What was composed replaces a term
    that says no more than it; a term that says more stands."""
    note = _Note(outline, words)
    by_sentence: dict[int, list[Mention]] = {}
    for mention in scanned:
        by_sentence.setdefault(mention.sentence, []).append(mention)
    kept = list(scanned)
    dropped: set[int] = set()
    for place, said in enumerate(note.labels):
        terms = by_sentence.get(place, [])
        if terms:
            dropped.update(id(term) for term in bare(terms, words[place], said))
        if place not in note.phrases:
            continue
        made = _all_made(note, place)
        plain = {n for label in said if label.kind in (PLAIN, SIDE) for n in range(label.first, label.after)}
        said_by = contents(terms, words[place], plain) if made else []
        for each in made:
            less = beaten(each, said_by)
            if less is not None:
                dropped.update(id(term) for term in less)
                kept.append(each.mention)
    kept = [mention for mention in kept if id(mention) not in dropped]
    return sorted(kept, key=lambda mention: (mention.start, -mention.end))


def _all_made(note: _Note, place: int) -> list[Found]:
    """What a sentence's heads compose; a head that another's code includes ("with radiculopathy") makes nothing."""
    made: list[Found] = []
    included: set[int] = set()
    for phrase in note.phrases[place]:
        if phrase.head.first in included:
            continue
        name = phrase.head.ids[0]
        company = frozenset(each for label in phrase.company for each in label.ids)
        bare = [group.ids | phrase.patterns for group in phrase.groups] or [phrase.patterns]
        if company and any(code_of(name, each | company) != code_of(name, each) for each in bare):
            within = {n for label in phrase.company for n in range(label.first, label.after)}
            included |= within
            phrase = phrase._replace(patterns=phrase.patterns | company, taken=phrase.taken | within)
        made += _made(note, place, phrase)
    return made


def with_sites(mentions: Sequence[Mention], composed: Sequence[Mention]) -> tuple[Mention, ...]:
    """The mentions, as judged and described, with the site and side that composition found for them first."""
    found = {(each.start, each.end, each.name): each.attributes for each in composed if each.attributes}
    return tuple(
        replace(
            each, attributes=(*own, *(other for other in each.attributes if other.axis not in {a.axis for a in own}))
        )
        if (own := found.get((each.start, each.end, each.name)))
        else each
        for each in mentions
    )


def _made(note: _Note, sentence: int, phrase: Phrase) -> Iterator[Found]:
    name = phrase.head.ids[0]
    head = heads()[name]
    for sites in (phrase.groups, () if head.near else phrase.nearest):
        made = [found for group in sites if (found := _at_site(note, sentence, phrase, group)) is not None]
        yield from made
        if made:
            return
    if not phrase.groups:
        elsewhere = _elsewhere(note, sentence, phrase)
        if elsewhere is not None:
            code, side = _code(note, elsewhere.sentence, name, phrase, elsewhere.group)
            where = _mention(note, sentence, phrase, elsewhere.group, code, side, elsewhere.words)
            yield Found(where, phrase.taken, phrase.head)
            return
    if code := code_of(name, phrase.patterns)[0]:
        yield Found(_mention(note, sentence, phrase, None, code, "", ()), phrase.taken, phrase.head)


def _at_site(note: _Note, sentence: int, phrase: Phrase, group: Group) -> Found | None:
    """What a head makes with a site of its sentence; None when no row has the site."""
    code, side = _code(note, sentence, phrase.head.ids[0], phrase, group)
    if not code:
        return None
    phrase = phrase._replace(own=phrase.own and group in phrase.groups)
    where = note.words[sentence]
    return Found(_mention(note, sentence, phrase, group, code, side, where), phrase.taken, phrase.head)


def _code(note: _Note, sentence: int, name: str, phrase: Phrase, group: Group) -> tuple[str, str]:
    """The code of a head at a site, and the side; "" when no row has the site."""
    code, fits = code_of(name, group.ids | phrase.patterns)
    if not fits:
        return "", ""
    side = group.side or _side(note, sentence, group)
    more = note.details(name, group, side, sentence) if name in _DETAILED else frozenset()
    if more:
        group, (code, fits) = (
            group._replace(ids=group.ids | more),
            code_of(name, group.ids | phrase.patterns | more),
        )
    if side:
        ids = group.ids | (_finer(note, sentence, group, side) if code[0] == "S" else frozenset())
        code, fits = code_of(name, ids | phrase.patterns | {side})
    return code, side


def _finer(note: _Note, sentence: int, group: Group, side: str) -> frozenset[str]:
    """For a whole limb ("right leg"): the one part of it of which the note speaks on that side ("right upper leg")."""
    whole = set(group.sites)
    if not whole <= _LIMBS:
        return frozenset()
    found = {
        known[-2]
        for scope in note.scopes(sentence, wide=True)
        for place in scope
        if place.group.side == side
        for site in place.group.sites
        if len(known := vocabulary().above(site)) > 1 and known[-1] in whole
    }
    return frozenset(found) if len(found) == 1 else frozenset()


def _side(note: _Note, sentence: int, group: Group) -> str:
    """The one side on which the note has this site: in the sentence, the problem, the rest; "" when it has two."""
    known = vocabulary()
    own = {site for each in group.sites for site in known.above(each)}
    if own.isdisjoint(_LIMBS) and own.isdisjoint(_PAIRED):
        return ""
    chain_of = known.above(max(group.sites, key=lambda site: known.depth.get(site, 0)))
    here = [_Place(each, sentence, note.words[sentence]) for each in note.groups(sentence)]
    for scope in chain((here,), note.scopes(sentence, wide=True)):
        sided = [each.group for each in scope if each.group.side]
        for site in chain_of if sided else ():
            sides = {each.side for each in sided if site in (each.ids if site == chain_of[0] else each.sites)}
            if sides:
                return sides.pop() if len(sides) == 1 else ""
    return ""


def _elsewhere(note: _Note, sentence: int, phrase: Phrase) -> _Place | None:
    """The site that the note gives a head which has none in its sentence: the most often said that fits."""
    name = phrase.head.ids[0]
    head = heads()[name]
    said = note.outline.sentences[sentence]
    titled = said.problem >= 0 and said.start < note.outline.problems[said.problem].title_end
    assessed = titled or (not note.outline.problems and note.outline.kind_of(said) in ASSESSING)
    strict = head.near and not head.seek
    scopes = islice(note.scopes(sentence, wide=False), 1 if strict else None)
    further = note.scopes(sentence, wide=True) if head.seek and assessed else ()
    for number, scope in enumerate(chain(scopes, (note.sited(name),), further)):
        fitting = [each for each in scope if _ANYWHERE.isdisjoint(each.group.sites) and _fits(name, each.group, phrase)]
        if fitting and not (strict and number and len({each.group.ids for each in fitting}) > 1):
            counted = Counter(place.group.sites[-1] for place in fitting)
            most = max(counted.values())
            return next(place for place in fitting if counted[place.group.sites[-1]] == most)
    return None


def _fits(name: str, group: Group, phrase: Phrase) -> bool:
    bare, _ = code_of(name, phrase.patterns)
    code, fits = code_of(name, group.ids | phrase.patterns)
    return fits and code != bare


def _mention(
    note: _Note, sentence: int, phrase: Phrase, group: Group | None, code: str, side: str, where: Sequence[Token]
) -> Mention:  # fmt: skip
    words = note.words[sentence]
    head = phrase.head
    first, after = head.first, head.after
    attributes: list[Attribute] = []
    if group is not None:
        start, end = where[group.first].start, where[group.after - 1].end
        if where is words and phrase.own:
            first, after = min(first, group.first), max(after, group.after)
        attributes.append(Attribute("site", _said(group), start, end))
        if side:
            attributes.append(Attribute("side", side, start, end))
    elif phrase.side:
        attributes.append(Attribute("side", phrase.side, words[first].start, words[after - 1].end))
    return Mention(
        start=words[first].start, end=words[after - 1].end, what="problem",
        name=" ".join((head.ids[0].replace("-", " "), _said(group) if group else "")).strip(), codes=(code,),
        sentence=sentence, attributes=tuple(attributes),
    )  # fmt: skip


def _said(group: Group) -> str:
    """The site in words, with its parts: "distal phalanx middle finger"."""
    known = vocabulary()
    site = max(group.sites, key=lambda each: known.depth.get(each, 0))
    within = {above for each in group.sites for above in known.above(each)}
    parts = sorted(group.ids - within)
    return " ".join((*parts, site)).replace("-", " ")
