"""The codes under consideration for a note, and what stands around them while they are combined and ordered."""

from collections.abc import Iterable
from itertools import islice

import msgspec
from msgspec import Struct

from superbill.codesets.icd10cm.lookup import Code
from superbill.coding.reading.model import ASSESSING, Mention
from superbill.coding.suggest.model import Step, SuggestedCode
from superbill.coding.suggest.resolve import base_of, evidence, resolve
from superbill.coding.suggest.said import Note
from superbill.coding.suggest.titles import roots

MOST = 300
"""Mentions of one note that are looked at: a longer text is no note of one visit."""
UNPLACED = 10_000
"""The place of what the assessment doesn't name."""


class Candidate(Struct, frozen=True, kw_only=True):
    """One code: the spans that support it, the deciding one first; how it was come to; its place among the note's
    conditions in the order in which the provider assesses them; the problem in which it stands (-1: none).

    `score` below 0.5: a companion that may be left out.
    """

    code: Code
    spans: tuple[tuple[int, int], ...]
    way: tuple[Step, ...] = ()
    place: int = 0
    problem: int = -1
    score: float = 1.0
    over: tuple[str, ...] = ()
    mention: Mention | None = None

    @property
    def name(self) -> str:
        """The code as people write it."""
        return self.code.code

    def because(self, step: Step, code: Code | None = None) -> "Candidate":
        """The same with one step more, and another code where one is given."""
        if code is None or code.code == self.code.code:
            return msgspec.structs.replace(self, way=(*self.way, step))
        return msgspec.structs.replace(self, code=code, way=(*self.way, step), over=(self.name, *self.over)[:4])


class Case:
    """A note with its candidates, changed by one step after the other. `left` tells what was left out and why."""

    def __init__(self, note: Note, candidates: Iterable[Candidate]) -> None:
        self.note = note
        self.candidates = list(candidates)
        self.left: list[tuple[str, Step]] = []

    def having(self, *beginnings: str) -> list[Candidate]:
        """The candidates whose codes begin so."""
        return [each for each in self.candidates if each.code.code.startswith(beginnings)]

    def drop(self, one: Candidate, step: Step) -> None:
        """Leaves a candidate out; what it adds as evidence is lost with it."""
        self.candidates = [each for each in self.candidates if each is not one]
        self.left.append((one.name, step))

    def forward(self, one: Candidate, place: int) -> None:
        """Gives a candidate an earlier place."""
        at = next(number for number, each in enumerate(self.candidates) if each is one)
        self.candidates[at] = msgspec.structs.replace(one, place=place)

    def put(self, one: Candidate, code: str, step: Step) -> Candidate | None:
        """Another code in a candidate's place, merged with one that has it already.

        None when the book lacks it, or another has taken the candidate's place meanwhile.
        """
        new = self.note.book.code(code)
        if new is None or not new.billable:
            return None
        changed = one.because(step, new)
        at = next((number for number, each in enumerate(self.candidates) if each is one), None)
        if at is None:
            return None
        self.candidates[at] = changed
        self.candidates = merged(self.candidates)
        return next(each for each in self.candidates if each.name == new.code)

    def place_of(self, start: int) -> int:
        """The place of what the assessment says at `start`: that of the condition before it; UNPLACED elsewhere."""
        outline = self.note.reading.outline
        if not any(each.kind in ASSESSING and each.start <= start < each.end for each in outline.sections):
            return UNPLACED
        before = [each.place for each in self.candidates if each.spans[0][0] < start and each.place < UNPLACED]
        return max(before) + 1 if before else 0

    def add(
        self,
        code: str,
        spans: tuple[tuple[int, int], ...],
        step: Step,
        *,
        like: Candidate | None = None,
        score: float = 1.0,
    ) -> None:
        """One more candidate, beside `like` where it belongs to one; nothing when it is there or the book lacks it."""
        new = self.note.book.code(code)
        if new is None or not new.billable or not spans or any(each.name == new.code for each in self.candidates):
            return
        place, problem = (like.place, like.problem) if like else (self.place_of(spans[0][0]), -1)
        one = Candidate(code=new, spans=spans, way=(step,), place=place, problem=problem, score=score)
        at = self.candidates.index(like) + 1 if like in self.candidates else len(self.candidates)
        self.candidates.insert(at, one)


def merged(candidates: Iterable[Candidate]) -> list[Candidate]:
    """One candidate for each code: the first, with the spans of all."""
    found: dict[str, Candidate] = {}
    for each in candidates:
        before = found.get(each.name)
        if before is None:
            found[each.name] = each
            continue
        spans = tuple(dict.fromkeys((*before.spans, *each.spans)))
        found[each.name] = msgspec.structs.replace(
            before, spans=spans, place=min(before.place, each.place), score=max(before.score, each.score)
        )
    return list(found.values())


def considered(mention: Mention, note: Note, place: int, *steps: Step) -> list[Candidate]:
    """The candidates that one mention resolves to, at a place in the order of the note."""
    if note.bare(mention):
        return []
    first = Step("coding.read.term", _is(mention, note))
    problem = note.reading.sentence_of(mention).problem
    way = (*_read_as(mention, note), first, *steps)
    return [
        Candidate(
            code=one.code, spans=((mention.start, mention.end),), way=(*way, *one.way), place=place,
            problem=problem, over=one.over, mention=mention,
        )
        for one in resolve(mention, note)
    ]  # fmt: skip


def _is(mention: Mention, note: Note) -> str:
    """What the note's words are: the dictionary's term; where that is the same words again, what the code book says."""
    said = note.text[mention.start : mention.end]
    if not _same(said, mention.name):
        return f"{said!r} is {mention.name!r}"
    base = base_of(mention, note)
    if base is None or _same(said, base.title):
        return f"{said!r} stands in the code book as such"
    return f"{said!r} in the note is {base.title!r} in the code book ({base.code})"


def _same(one: str, other: str) -> bool:
    """Whether these are the same words, in whatever form and order."""
    return sorted(roots(one)) == sorted(roots(other))


def _read_as(mention: Mention, note: Note) -> tuple[Step, ...]:
    """That a word of the mention is misspelt, and as what it was read."""
    return tuple(
        Step("coding.read.spelling", f"{note.text[each.start : each.end]!r} is read as {each.word!r}")
        for each in note.reading.respelt
        if mention.start <= each.start and each.end <= mention.end
    )


def gathered(mentions: Iterable[Mention], note: Note) -> Case:
    """The candidates that the reported mentions resolve to, in the order of the note."""
    found = [one for place, mention in enumerate(islice(mentions, MOST)) for one in considered(mention, note, place)]
    return Case(note, merged(found))


def suggested(case: Case) -> tuple[SuggestedCode, ...]:
    """The candidates as they are suggested."""
    return tuple(
        SuggestedCode(
            system="ICD-10-CM", code=each.name, title=each.code.title,
            evidence=tuple(evidence(case.note, start, end) for start, end in each.spans[:6]),
            way=each.way, score=each.score, over=each.over,
        )
        for each in case.candidates
    )  # fmt: skip
