"""The procedures of a stay, in codes of ICD-10-PCS, from the words of a note.

An operation that the note names as performed is built axis by axis (build.py) from the tables in force on the day of
discharge. Where the note leaves an axis open the provider is asked; nothing is guessed.

ICD-10-PCS Official Guidelines FY2026: B3.1b (approach and closure are part of the procedure), B3.2a (other body parts
have codes of their own), B3.2d and B5.2 (begun by endoscope, ended open), B3.4 (biopsy), B3.8 (excision and
resection), B3.11a (inspection on the way is not coded).
"""

import re
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from superbill.codesets.icd10pcs.lookup import PcsBook
from superbill.coding.inpatient.build import GUIDELINES, Asked, Way, built, codes
from superbill.coding.inpatient.performed import performed
from superbill.coding.inpatient.phrases import Hit
from superbill.coding.inpatient.scope import Scope, Span, clauses, said_words, without_access
from superbill.coding.inpatient.special import bypass, dilation, ventilation
from superbill.coding.inpatient.tables import Operation, operations
from superbill.coding.model import Evidence
from superbill.coding.queries.asking import open_question, quoted
from superbill.coding.reading.context import judged
from superbill.coding.reading.model import Kind, Mention, Reading
from superbill.coding.suggest.model import Query, Step, SuggestedCode, Visit

_CONVERTED = re.compile(r"\bconver(?:ted|sion) to (?:an )?(?:open|laparotomy)\b", re.IGNORECASE)
_ROBOT = re.compile(r"\brobot(?:ic(?:ally)?|[- ]assisted)?\b|\bda vinci\b", re.IGNORECASE)
_SPECIAL = {"cabg": bypass, "pci": dilation}
_TELLING = (Kind.PROCEDURE, Kind.FINDINGS)
_LIKE = re.compile(r"[.,;:]")
_WHAT = {
    "Approach": "the approach",
    "Body Part": "the body part, with its side",
    "Body System / Region": "where it was given",
    "Duration": "how long it lasted",
    "Device": "the device that remains",
    "Qualifier": "which of these it was",
}
_MOST = 60
"""Sentences of an operative report that are searched for what a title leaves out."""
_OPTIONAL = "B"
"""Imaging: hospitals report it or not; a question for the provider would be for nothing."""


class Named(Struct, frozen=True, eq=False):
    """An operation as a sentence names it: what it may mean, its words, and its clause."""

    mention: Mention
    meant: tuple[Operation, ...]
    clause: Span


class Procedures(Struct, frozen=True):
    """The codes of a stay in the order of the note, and what to ask."""

    codes: tuple[SuggestedCode, ...] = ()
    queries: tuple[Query, ...] = ()


class _Built(Struct, frozen=True, eq=False):
    named: Named
    operation: Operation
    found: Way | Asked


def procedures(reading: Reading, visit: Visit, book: PcsBook) -> Procedures:
    """What was performed. Looking on the way to another operation of the region is left out (B3.11a)."""
    told = [(each.start, each.end) for each in reading.outline.sentences if reading.outline.kind_of(each) in _TELLING]
    note = Scope(reading.text, without_access(reading.text), (0, 0), (0, 0), tuple(told[:_MOST]), {})
    every = [one for named in _named(reading, visit.on.year) for one in _of(named, reading, note, book)]
    every = _without_looks(every)
    found: dict[str, SuggestedCode] = {}
    done = {one.operation.number for one in every if isinstance(one.found, Way)}
    for one in every:
        if isinstance(one.found, Way):
            code = _suggested(one, reading, visit, book)
            if code is not None:
                found.setdefault(code.code, code)
    asked: dict[str, Query] = {}
    for one in every:
        answered = isinstance(one.found, Way) or one.operation.number in done
        if not answered and not one.found.prefix.startswith(_OPTIONAL):
            query = _query(one, reading, visit)
            asked.setdefault(f"{one.operation.number} {query.rule}", query)
    for extra in _assisted(every, reading, visit, book):
        found.setdefault(extra.code, extra)
    return Procedures(tuple(found.values()), tuple(asked.values()))


def _named(reading: Reading, year: int) -> list[Named]:
    """The operations that the note names as performed, in order."""
    table = operations()
    mentions: list[Mention] = []
    meant: dict[tuple[int, int], tuple[tuple[Operation, ...], Span]] = {}
    for place, sentence in enumerate(reading.outline.sentences):
        hits: list[Hit[tuple[Operation, ...]]] = list(
            table.found(said_words(reading.text, (sentence.start, sentence.end)))
        )
        spans = [(hit.start, hit.end) for hit in hits]
        if not hits:
            continue
        for hit, clause in zip(hits, clauses(reading.text, (sentence.start, sentence.end), spans), strict=True):
            mentions.append(
                Mention(start=hit.start, end=hit.end, what="procedure", name=hit.value[0].name, sentence=place)
            )
            meant[hit.start, hit.end] = (hit.value, clause)
    seen = judged(mentions, reading.outline, reading.tokens)
    return [
        Named(each, *meant[each.start, each.end])
        for each in sorted(seen, key=lambda one: one.start)
        if performed(each, reading, year)
    ]


def _of(named: Named, reading: Reading, note: Scope, book: PcsBook) -> Iterable[_Built]:
    """What the first meaning whose words are said leads to."""
    scope = _scope(named, reading, note)
    text = reading.text[scope.sentence[0] : scope.sentence[1]]
    for operation in _meanings(named, scope):
        if operation.special:
            for way in _SPECIAL[operation.special](scope, book):
                yield _Built(named, operation, way)
            continue
        hours = ventilation(reading.text, (scope.own, scope.sentence, *_next(named, reading)))
        for pattern in operation.patterns:
            for found in built(pattern, scope, book, hours):
                yield _Built(named, operation, _opened(found, text, book))


def _meanings(named: Named, scope: Scope) -> list[Operation]:
    """The first meaning; an intubation and the ventilation after it are two (names that stand in two rows)."""
    for operation in named.meant:
        if operation.when is None or scope.said(operation.when):
            return [operation, *(each for each in named.meant if _both(operation, each))]
    return []


def _both(first: Operation, other: Operation) -> bool:
    """Are these two things done, not two meanings of one name?"""
    return other.number != first.number and first.when is None and other.when is None


def _opened(found: Way | Asked, text: str, book: PcsBook) -> Way | Asked:
    """Begun by endoscope and converted: the approach is open (B5.2a is of assistance, B3.2d of conversion)."""
    if isinstance(found, Way) and _CONVERTED.search(text) and found.prefix[4:5] == "4":
        opened = found.prefix[:4] + "0" + found.prefix[5:]
        if opened in codes(book, opened[:3]):
            return Way(opened, found.spans, found.steps)
    return found


def _scope(named: Named, reading: Reading, note: Scope) -> Scope:
    """The scope of one operation in the note's."""
    sentence = reading.sentence_of(named.mention)
    return replace(note, own=named.clause, sentence=(sentence.start, sentence.end))


def _next(named: Named, reading: Reading) -> tuple[Span, ...]:
    """The rest of what is told after the sentence, where the end of ventilation stands."""
    sentences = reading.outline.sentences
    last = min(named.mention.sentence + 4, len(sentences) - 1)
    return ((sentences[named.mention.sentence].start, sentences[last].end),)


def _without_looks(every: list[_Built]) -> list[_Built]:
    """Leaves looking out where something is done in its region (B3.11a)."""
    done = {one.operation.region for one in every if not one.operation.look and one.operation.region}
    return [one for one in every if not (one.operation.look and one.operation.region in done)]


def _suggested(one: _Built, reading: Reading, visit: Visit, book: PcsBook) -> SuggestedCode | None:
    assert isinstance(one.found, Way), "asked of what is built"
    code = book.code(one.found.prefix)
    if code is None or not code.billable:
        return None
    mention = one.named.mention
    said = reading.text[mention.start : mention.end]
    first = Step(
        "coding.pcs.operation",
        f"{said!r} is root operation {code.code[2]} of table {code.code[:3]}",
        f"{GUIDELINES} A11",
    )
    spans = dict.fromkeys(((mention.start, mention.end), *one.found.spans))
    return SuggestedCode(
        system="ICD-10-PCS", code=code.code, title=code.title,
        evidence=tuple(Evidence(visit.record, reading.text[start:end], start, end) for start, end in spans),
        way=(first, *one.found.steps), index=one.operation.name, score=0.9 if book.exact else 0.6,
    )  # fmt: skip


def _query(one: _Built, reading: Reading, visit: Visit) -> Query:
    assert isinstance(one.found, Asked), "asked of what is open"
    axis, mention = one.found.axis, one.named.mention
    said = reading.text[mention.start : mention.end]
    rule = "procedure-" + _LIKE.split(axis)[0].lower().replace(" / ", "-").replace(" ", "-")
    what = _WHAT.get(axis, f"its {axis[:1].lower()}{axis[1:]}")
    return open_question(
        rule, f"The note says {quoted(said)}.", what,
        (Evidence(visit.record, said, mention.start, mention.end),), one.found.choices, f"{GUIDELINES} A11",
    )  # fmt: skip


def _assisted(every: list[_Built], reading: Reading, visit: Visit, book: PcsBook) -> Iterable[SuggestedCode]:
    """What is coded beside an operation: the look by endoscope before it was opened (B3.2d), and the robot."""
    for one in every:
        sentence = reading.sentence_of(one.named.mention)
        code = one.found.prefix
        if code[:2] not in ("0D", "0F", "0T", "0U", "0V", "0W", "0B", "07", "0G"):
            continue
        chest = code.startswith("0B")
        for pattern, extra, words, source in (
            (_CONVERTED, "0WJQ4ZZ" if chest else "0WJG4ZZ", "begun by endoscope and converted to open", "B3.2d"),
            (_ROBOT, "8E0W4CZ", "with the help of a robot", "section 8"),
        ):
            match = pattern.search(reading.text, sentence.start, sentence.end)
            found = book.code(extra) if match else None
            if match and found is not None and found.billable:
                yield SuggestedCode(
                    system="ICD-10-PCS", code=found.code, title=found.title,
                    evidence=(Evidence(visit.record, match[0], match.start(), match.end()),),
                    way=(Step("coding.pcs.beside", words, f"{GUIDELINES} {source}"),), score=0.8,
                )  # fmt: skip
