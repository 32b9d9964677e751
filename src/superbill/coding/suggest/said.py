"""What a note says around a mention: words of the mention itself, of its problem, of the same thing elsewhere.

Specificity may stand anywhere in the note that speaks of the same condition (guidelines I.B.13 side, I.B.14
documentation); words of other conditions, and words that are denied, don't count.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from superbill.codesets.icd10cm.lookup import CodeBook
from superbill.codesets.search.words import STOP
from superbill.coding.reading.model import Kind, Mention, Reading, Sentence
from superbill.coding.suggest.model import Visit
from superbill.coding.suggest.titles import bare_words, roots, vocabulary

_DENIED = re.compile(
    r"\b(?:no|not|none|denies|denied|deny|without|w/o|w/out|negative for|never|absence of|ruled out|"
    r"rather than|unlikely|free of|could be|may be|might be|"
    r"possibl[ey]|probabl[ey]|suspect\w*|rule out|r/o|question of|"
    r"concern(?:ing|ed)? for|"
    r"isn't|wasn't|doesn't|hasn't|didn't)\b[^.;:\n]*?(?=[.;:\n]|\bbut\b|\bhowever\b|\bexcept\b|$)",
    re.IGNORECASE,
)
"""Denied or in doubt, up to the end of the clause: it specifies nothing."""
_OVER = re.compile(
    r"\b(?:exacerbations?|flares?)\b(?= (?:is |has |now |since |fully |has now )?(?:resolved|over|gone|ended|cleared|"
    r"last (?:\w+|\d)|in (?:the )?(?:past|last|\d+ mo)|\d+ (?:weeks?|months?|years?|wks?|mo) ago))"
    r"|\b(?:last|prior|previous|past|two|three|four|\d) (?:\w+ )?(?:exacerbations?|flares?)\b",
    re.IGNORECASE,
)
"""A worsening that is over: it specifies nothing today."""
_SIDED = re.compile(r"\b(right|left|bilateral(?:ly)?|both|(?:r|l)(?=[\s-]))\b(?=[\s,.;:)-]|$)", re.IGNORECASE)
_NEXT = re.compile(r"[A-Za-z]+")
_VALUES = {"right": "right", "left": "left", "r": "right", "l": "left"}
_ELSEWHERE = frozenset((Kind.FAMILY_HISTORY, Kind.ALLERGIES, Kind.IMMUNIZATIONS, Kind.SOCIAL_HISTORY))
_PAST = frozenset((Kind.MEDICAL_HISTORY, Kind.SURGICAL_HISTORY, Kind.PROBLEM_LIST, Kind.REVIEW, *_ELSEWHERE))
_WITH = re.compile(r"\bwith(?:out)?\b[^.;\n]*$", re.IGNORECASE)
_PARTED = re.compile(r"[.;:,\n]")
_EXAMINED = frozenset((Kind.EXAM, Kind.RESULTS, Kind.FINDINGS, Kind.REVIEW, Kind.VITALS))
_WINDOW = 7
_MOST = 4000
_ALIKE = 100
"""Mentions of one condition that are looked at."""


class Said(Struct, frozen=True):
    """The stems said of a mention: `strong` of the condition itself, `near` in its problem or of the same elsewhere."""

    strong: frozenset[str]
    near: frozenset[str]
    own: frozenset[str]
    denied: frozenset[str]
    name: frozenset[str]
    side: str


class Note:
    """A note as coding asks it. Everything is found once, when first asked."""

    def __init__(self, reading: Reading, visit: Visit, book: CodeBook) -> None:
        self.reading, self.visit, self.book = reading, visit, book
        self.text = reading.text
        self.letters = reading.outline.letters
        self._near: dict[tuple[int, int, tuple[str, ...]], frozenset[str]] = {}
        self._unnamed: dict[tuple[int, str], frozenset[str]] = {}
        self._left: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self._words: dict[int, list[tuple[str, int, int]]] = {}

    def words(self, place: int) -> list[tuple[str, int, int]]:
        """The affirmed stems of a sentence with their spans; what it denies is left out."""
        found = self._words.get(place)
        if found is None:
            sentence = self.reading.outline.sentences[place]
            gone = self._gone(sentence)
            found = [
                (token.stem, token.start, token.end)
                for token in self.reading.tokens[place]
                if not any(start <= token.start < end for start, end in gone)
            ]
            self._words[place] = found
        return found

    def _gone(self, sentence: Sentence) -> list[tuple[int, int]]:
        """The spans of a sentence that deny, doubt, or tell what is over."""
        found = self._left.get((sentence.start, sentence.end))
        if found is None:
            found = self._left[sentence.start, sentence.end] = self._denials(sentence)
        return found

    def _denials(self, sentence: Sentence) -> list[tuple[int, int]]:
        end = min(sentence.end, sentence.start + _MOST)
        found = [match.span() for match in _DENIED.finditer(self.text, sentence.start, end)]
        over = _OVER.finditer(self.text, sentence.start, end) if self.letters.allow(_OVER) else ()
        return found + [(match.start() - 1, match.end()) for match in over]

    @cached_property
    def _by_problem(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for place, sentence in enumerate(self.reading.outline.sentences):
            if sentence.problem >= 0:
                found.setdefault(sentence.problem, []).append(place)
        return found

    @cached_property
    def by_category(self) -> dict[str, list[Mention]]:
        """The patient's own, asserted mentions of problems by the category of their first code."""
        found: dict[str, list[Mention]] = {}
        for mention in self.reading.mentions:
            if mention.codes and mention.what == "problem" and mention.asserted:
                found.setdefault(mention.codes[0][:3], []).append(mention)
        return found

    def block(self, mention: Mention) -> list[int]:
        """The sentences of the mention's problem; its own alone when it is in none."""
        problem = self.reading.sentence_of(mention).problem
        return self._by_problem.get(problem, [mention.sentence]) if problem >= 0 else [mention.sentence]

    def same(self, mention: Mention) -> list[Mention]:
        """Other mentions of the same condition, the first of very many."""
        alike = self.by_category.get(mention.codes[0][:3], []) if mention.codes else []
        return [each for each in alike[:_ALIKE] if each is not mention and each.start != mention.start]

    def said(self, mention: Mention) -> Said:
        """What is said of a mention."""
        category = mention.codes[0][:3] if mention.codes else ""
        own = set(self._meant(roots(self.text[mention.start : mention.end])))
        strong = own | self._around(mention)
        denied = set(self._meant(self._denied_words(mention.sentence)))
        gone = self._gone(self.reading.sentence_of(mention))
        for attribute in mention.attributes:
            if any(start <= attribute.start < end for start, end in gone):
                continue  # "asthma: no flares"
            if attribute.axis == "without" or attribute.value.startswith(("not ", "no ", "without")):
                denied.update(roots(attribute.value))
                continue
            strong.update(self._meant(roots(self.text[attribute.start : attribute.end])))
            strong.update(self._meant(roots(attribute.value.replace("_", " "))))
        near: set[str] = set()
        for place in self.block(mention):
            near |= self._free(place, category)
        for other in self.same(mention)[:12]:
            if self.reading.kind_of(other) in _ELSEWHERE:
                continue
            if _alike(mention, other) and self.reading.kind_of(other) not in _EXAMINED:
                strong |= self._around(other)
            near |= self._free(other.sentence, category)
        strong -= STOP
        return Said(
            frozenset(strong), frozenset(near | strong), frozenset(own), frozenset(denied),
            frozenset(roots(mention.name)), self.side(mention),
        )  # fmt: skip

    def _denied_words(self, place: int) -> list[str]:
        """The stems that a sentence denies."""
        said = {start for _, start, _ in self.words(place)}
        return [token.stem for token in self.reading.tokens[place] if token.start not in said]

    def _free(self, place: int, category: str) -> frozenset[str]:
        """What the affirmed stems of a sentence mean that name no condition of another category."""
        found = self._unnamed.get((place, category))
        if found is None:
            every = self._in_sentence.get(place, ())
            others = [(each.start, each.end) for each in every if each.codes and each.codes[0][:3] != category]
            stems = [
                stem for stem, at, _ in self.words(place) if not any(start <= at < end for start, end in others)
            ]  # fmt: skip
            found = self._unnamed[place, category] = frozenset(self._meant(stems))
        return found

    def _around(self, mention: Mention) -> frozenset[str]:
        """The stems in the mention's clause: up to so many words on either side, other conditions' words left out."""
        key = (mention.start, mention.end, mention.codes[:1])
        found = self._near.get(key)
        if found is None:
            found = self._near[key] = frozenset(self._meant(list(self._clause(mention))))
        return found

    def _clause(self, mention: Mention) -> Iterator[str]:
        words = self.words(mention.sentence)
        inside = [
            number for number, (_, start, end) in enumerate(words) if mention.start <= start and end <= mention.end
        ]
        if not inside:
            return
        first, last = inside[0], inside[-1]
        others = [
            (each.start, each.end)
            for each in self._in_sentence.get(mention.sentence, ())
            if each.start != mention.start and self._parts(each, mention)
        ]
        lowest = max((end for _, end in others if end <= mention.start), default=-1)
        highest = min((start for start, _ in others if start >= mention.end), default=1 << 60)
        for stem, start, end in words[max(0, first - _WINDOW) : last + 1 + _WINDOW]:
            if start >= lowest and end <= highest:
                yield stem

    def _parts(self, other: Mention, mention: Mention) -> bool:
        """Does another mention end what is said of this one? Not a bare qualifier, nor what comes "with" it."""
        if not other.codes or not mention.codes or other.codes[0][:3] == mention.codes[0][:3] or self.bare(other):
            return False
        between = self.text[mention.end : other.start] if other.start >= mention.end else ""
        return not _WITH.search(between)

    def named(self, start: int, end: int) -> bool:
        """Does a mention of a problem stand there?"""
        return any(
            each.what == "problem" and each.codes and each.start < end and start < each.end
            for each in self.reading.mentions
        )

    def bare(self, mention: Mention) -> bool:
        """Is a mention nothing but a side, a site, a degree or a person: no condition by itself?"""
        return set(roots(self.text[mention.start : mention.end])) <= bare_words()

    @cached_property
    def _in_sentence(self) -> dict[int, list[Mention]]:
        found: dict[int, list[Mention]] = {}
        for mention in self.reading.mentions:
            if mention.what == "problem":
                found.setdefault(mention.sentence, []).append(mention)
        return found

    def _meant(self, stems: list[str]) -> Iterator[str]:
        """The stems, and what titles say for them."""
        alike = vocabulary()[2]
        for number, each in enumerate(stems):
            yield each
            for words, means in alike.get(each, ()):
                if stems[number : number + len(words)] == words:
                    yield from means

    @cached_property
    def sides(self) -> list[tuple[str, frozenset[str], int, int]]:
        """Every side that the note names, with the words that follow it, its place and its sentence's problem."""
        found = []
        for sentence in self.reading.outline.sentences:
            if self.reading.outline.kind_of(sentence) in _ELSEWHERE:
                continue
            for match in _SIDED.finditer(self.text, sentence.start, sentence.end):
                after = self.text[match.end() : min(match.end() + 60, sentence.end)]
                words = _NEXT.findall(_PARTED.split(after)[0])[:5]
                value = _VALUES.get(match[1].casefold(), "bilateral")
                if len(match[1]) == 1 and not match[1].isupper():
                    continue
                found.append((value, frozenset(self._meant(roots(" ".join(words)))), match.start(), sentence.problem))
        return found

    def side(self, mention: Mention, sites: frozenset[str] = frozenset()) -> str:
        """The side of a mention: said of it, of the same condition, in its title, or of its site in the whole note."""
        if found := mention.value("side"):
            return found
        problem = self.reading.sentence_of(mention).problem
        if problem >= 0:
            title = self.reading.outline.problems[problem]
            said = {side for side, _, place, _ in self.sides if title.start <= place < title.title_end}
            if len(said) == 1:
                return said.pop()
        others = {
            each.value("side")
            for each in self.same(mention)
            if _alike(mention, each) and self.reading.kind_of(each) not in _PAST
        } - {""}
        if len(others) == 1:
            return others.pop()
        if not sites:
            return ""
        here = [
            side for side, words, place, number in self.sides if words & sites and number >= 0 and number == problem
        ]
        every = here or [side for side, words, place, _ in self.sides if words & sites]
        counted = {side: every.count(side) for side in set(every)}
        if len(counted) == 1 or (
            counted and "bilateral" not in counted and max(counted.values()) >= 3 * min(counted.values())
        ):
            return max(counted, key=lambda side: counted[side])
        if set(counted) == {"right", "bilateral"} or set(counted) == {"left", "bilateral"}:
            return next(side for side in counted if side != "bilateral") if self._first(every) != "bilateral" else ""
        return ""

    def _first(self, every: list[str]) -> str:
        return every[0] if every else ""

    def sentence_at(self, place: int) -> Sentence:
        return self.reading.outline.sentences[place]

    def kind(self, place: int) -> Kind:
        """The kind of section in which a sentence stands."""
        return self.reading.outline.kind_of(self.reading.outline.sentences[place])

    @cached_property
    def _denied(self) -> list[tuple[int, int]]:
        found = []
        for sentence in self.reading.outline.sentences:
            found += self._gone(sentence)
        found += [(each.start - 1, each.end) for each in self.reading.mentions if each.negated]
        return found

    def find(
        self, pattern: re.Pattern[str], start: int = 0, end: int | None = None, *, anywhere: bool = False
    ) -> tuple[int, int] | None:
        """The first place that says it and doesn't deny it; outside of the family's history unless `anywhere`."""
        if not self.letters.allow(pattern):
            return None
        for match in pattern.finditer(self.text, start, len(self.text) if end is None else end):
            if not anywhere and not self.affirmed(match.start(), match.end()):
                continue
            return match.span()
        return None

    def says(self, pattern: re.Pattern[str]) -> bool:
        """Is it said anywhere, denied or not?"""
        return self.letters.allow(pattern) and pattern.search(self.text) is not None

    def affirmed(self, start: int, end: int) -> bool:
        """Is a place neither denied nor about somebody else?"""
        if any(first < start < last for first, last in self._denied):
            return False
        return not any(
            section.kind in (Kind.FAMILY_HISTORY, Kind.ALLERGIES) and section.start <= start < section.end
            for section in self.reading.outline.sections
        )


def _alike(one: Mention, other: Mention) -> bool:
    """Do two mentions name the same condition, one perhaps in more detail?"""
    first, second = one.codes[0], other.codes[0]
    return first.startswith(second) or second.startswith(first) or first[:6] == second[:6]
