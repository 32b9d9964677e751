"""Takes a note apart into sections by its headings.

A heading stands at the beginning of a line (or, in a note without line breaks, after a sentence), alone, before a colon
or dash, or in capitals before its text. Words that open a section elsewhere are labels inside some sections: "Labs:" in
a plan, "Impression:" in an imaging result, "Plan:" under every problem of an assessment.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from superbill.coding.reading.layout import kind_of, kinds, layout, plain
from superbill.coding.reading.model import ASSESSING, PLANNING, Kind, Section

LINE = re.compile(r"[^\r\n\f\v\x85\u2028\u2029]+")
_START = re.compile(
    r"[ \t\xa0]{0,60}(?P<mark>[-–•*▪◦●■>][ \t]{1,8}(?![*=-]))?[#*_=>\[~<|-]{0,80}[ \t]{0,8}"
    r"(?P<number>(?:\d{1,2}|[IVX]{1,4}|[A-Z])[.)][ \t]{1,4})?[*_]{0,3}(?=[A-Za-z0-9])"
)
_TITLE = re.compile(r"[A-Za-z0-9][^:：\r\n|\t]{0,69}")
_CAPS = re.compile(r"[A-Z][A-Z&/'() -]{2,48}(?![A-Za-z])")
_CLOSE = re.compile(r"[*_\]#=~>: \t-]*[:：]?[*_ \t]*|")
_INSIDE_CAPS = re.compile(r"(?<=[.!?;,)\] ] )[A-Z][A-Z&/ ]{1,40}:|(?<=[.!?;] )[SOAP]:")
_INSIDE = re.compile(r"(?<=[.!?;,)] )[A-Z][A-Za-z&/ ]{2,40}:")
_MARKS = " \t\xa0*_#=~<>[]-–"
_IN_PLAN = PLANNING | ASSESSING
_ITEM = re.compile(r"^[ \t]{0,8}\(?\d{1,2}[.)][ \t]{1,4}[A-Z][^\r\n]*", re.MULTILINE)
_NAMED = re.compile(
    r"^[ \t]{0,8}(?:[-•*][ \t]{1,4})?(?P<label>[A-Z][A-Za-z0-9 /&,'()-]{1,48}?)(?::| [-–])[ \t][^\r\n]*", re.MULTILINE
)
_CONDITION = re.compile(
    r"\b(?:HTN|DM2?|T[12]DM|HLD|COPD|CHF|HF[rp]EF|CKD\w*|CAD|AF|A-?fib|asthma|GERD|OA|MDD|GAD|hypothyroid\w*|depression|"
    r"anxiety|BPH|LBP|URI|UTI|OSA|PCOS|IBS|RA|ADHD|PVD|PAD|DVT|CVA|TIA|BPPV|IDA|gout|acne|eczema|"
    r"insomnia|dementia|emphysema|overweight|smok\w+|tobacco|vertigo|dizziness|prediabetes|CHD|ESRD|hypertension|diabetes|obesity|\w+(?:itis|osis|emia|pathy|algia|oma|ism|pain|strain|sprain|fracture|"
    r"ulcer|headaches?|migraines?|infection|disease|disorder|syndrome|failure|cough|rash|deficiency))\b"
    r"|(?:\b|(?<=[a-z]))(?:emia|itis|osis)\b",
    re.IGNORECASE,
)
"""Words by which the label of a line is known to name a problem."""
_MAY_HOLD = frozenset((Kind.OTHER, Kind.HISTORY, Kind.INTERVAL, Kind.EXAM, Kind.RESULTS, Kind.VITALS))
_NOT_IN_PLAN = frozenset((
    Kind.MEDICATIONS, Kind.RESULTS, Kind.ALLERGIES, Kind.IMMUNIZATIONS, Kind.INDICATION, Kind.FINDINGS, Kind.HISTORY,
    Kind.PROBLEM_LIST, Kind.SOCIAL_HISTORY, Kind.OBSTETRIC_HISTORY, Kind.MEDICAL_HISTORY, Kind.HOSPITAL_COURSE,
))  # fmt: skip
_OPENS_ANEW = frozenset(("hpi", "subjective", "history of present illness", "problem list", "past medical history"))
_READ_OUT = frozenset(
    ("impression", "impressions", "conclusion", "conclusions", "interpretation", "summary", "findings")
)
_UNDER_HISTORY = frozenset(("medical", "surgical", "family"))
_HISTORIES = frozenset((Kind.MEDICAL_HISTORY, Kind.SURGICAL_HISTORY, Kind.FAMILY_HISTORY, Kind.SOCIAL_HISTORY))
_STUDY = frozenset((Kind.RESULTS, Kind.FINDINGS, Kind.PROCEDURE))


class _Head(Struct, frozen=True, gc=False):
    """A line's beginning that may be a heading: the title from `start`, its text from `body`."""

    kind: Kind
    title: str
    start: int
    body: int
    caps: bool
    alone: bool
    marked: bool
    colon: bool


def sections(text: str) -> tuple[Section, ...]:
    """The sections of a note, without gap from 0 to its end; what stands before the first heading is OTHER."""
    heads = list(_heads(text))
    if len(heads) < 2:
        heads = sorted([*heads, *_inside(text, _INSIDE)], key=lambda head: head.start)
    marks = [(head.kind, head.title, head.start, head.body) for head in _chosen(text, heads)]
    if not marks or text[: marks[0][2]].strip(_MARKS + "\r\n"):
        marks.insert(0, (Kind.OTHER, "", 0, 0))
    found: list[Section] = []
    for number, (kind, title, start, body) in enumerate(marks):
        end = marks[number + 1][2] if number + 1 < len(marks) else len(text)
        found.append(Section(kind, title, 0 if number == 0 else start, min(body, end), end))
    return tuple(found) if any(each.kind in _IN_PLAN for each in found) else _implied(text, found)


def _implied(text: str, found: list[Section]) -> tuple[Section, ...]:
    """A note that names no assessment, and numbers its problems all the same: their lines are the assessment."""
    parted: list[Section] = []
    for section in found:
        items = list(_ITEM.finditer(text, section.body, section.end)) if section.kind in _MAY_HOLD else []
        if not items:
            parted += _labelled(text, section)
            continue
        first, last = items[0].start(), items[-1].end()
        if first > section.start:
            parted.append(Section(section.kind, section.title, section.start, section.body, first))
        parted.append(Section(Kind.ASSESSMENT_AND_PLAN, "", first, first, last))
        if last < section.end:
            parted.append(Section(Kind.OTHER, "", last, last, section.end))
    return tuple(parted)


def _labelled(text: str, section: Section) -> Iterator[Section]:
    """A section of a note without assessment in which lines are labelled with conditions ("COPD: cont triple"): each
    such line is an assessment."""
    at, kind, title, start = section.body, section.kind, section.title, section.start
    lines = _NAMED.finditer(text, section.body, section.end) if section.kind in (Kind.OTHER, Kind.HISTORY) else ()
    for line in lines:
        if kind_of(line["label"]) is not None or not _CONDITION.search(line["label"]):
            continue
        if line.start() > start:
            yield Section(kind, title, start, max(at, start), line.start())
        yield Section(Kind.ASSESSMENT_AND_PLAN, "", line.start(), line.start(), line.end())
        kind, title, start, at = Kind.OTHER, "", line.end(), line.end()
    if start < section.end or start == section.start:
        yield Section(kind, title, start, max(at, start), section.end)


def _heads(text: str) -> Iterator[_Head]:
    for line in LINE.finditer(text):
        start, end = line.span()
        head = _head(text, start, end)
        if head:
            yield head
        if end - start > 60:
            after = head.body if head else start
            yield from (each for each in _inside(text, _INSIDE_CAPS, start, end) if each.start >= after)


def _head(text: str, start: int, end: int) -> _Head | None:
    """The heading at the beginning of a line."""
    first = _START.match(text, start, end)
    if not first:
        return None
    at = first.end()
    match = _TITLE.match(text, at, min(end, at + 71))
    if not match:
        return None
    after = match.end()
    colon = after < end and text[after] in ":："
    if colon or after == end or text[after] in "|\t":
        head = _made(text, at, after, end, colon, first)
        if head:
            return head
    dash = text.find(" - ", at, after)
    if dash < 0:
        dash = text.find(" – ", at, after)
    if dash > 0 and (head := _made(text, at, dash, end, False, first)) and head.caps:
        return head
    caps = _CAPS.match(text, at, after)
    return _in_capitals(text, caps, first) if caps else None


def _made(text: str, at: int, after: int, end: int, colon: bool, first: re.Match[str]) -> _Head | None:
    title = text[at:after].strip(_MARKS)
    kind = kind_of(title)
    if kind is None or title.endswith("."):
        return None
    body = after + 1 if colon else after
    while body < end and text[body] in "*_ \t=#]-–~:":
        body += 1
    caps = title.isupper()
    alone = body >= end
    if not colon and not caps and plain(title) in layout().weak:
        return None
    if not colon and len(title) == 1:
        return None
    return _Head(kind, title, first.start(), body, caps, alone, first["mark"] is not None, colon)


def _in_capitals(text: str, caps: re.Match[str], first: re.Match[str]) -> _Head | None:
    """A heading in capitals that its text follows without a mark: "ASSESSMENT • Hypothyroidism"."""
    words = caps[0].split()
    for count in range(min(len(words), 7), 0, -1):
        title = " ".join(words[:count])
        if len(title) > 3 and plain(title) in kinds():
            body = caps.start() + len(caps[0]) - len(caps[0].lstrip())
            for word in words[:count]:
                body = text.index(word, body) + len(word)
            return _Head(
                kinds()[plain(title)], title, first.start(), body, True, False, first["mark"] is not None, False
            )
    return None


def _inside(text: str, pattern: re.Pattern[str], start: int = 0, end: int | None = None) -> Iterator[_Head]:
    """Headings within a line."""
    for match in pattern.finditer(text, start, len(text) if end is None else end):
        title = match[0][:-1].strip()
        kind = kinds().get(plain(title))
        if kind and kind is not Kind.OTHER:
            yield _Head(kind, title, match.start(), match.end(), title.isupper(), False, False, True)


def _chosen(text: str, heads: Sequence[_Head]) -> Iterator[_Head]:
    """Those that open a section where they stand; and the examination that goes on after its vital signs."""
    repeated = Counter(plain(head.title) for head in heads if not head.caps)
    last_assessing = max((head.start for head in heads if head.kind in ASSESSING and not _read_out(head)), default=-1)
    now: _Head | None = None
    for place, head in enumerate(heads):
        if now and now.kind is Kind.VITALS:
            yield from _resumed(text, now.body, head.start)
        if plain(head.title) in _UNDER_HISTORY and not (now and now.kind in _HISTORIES):
            continue
        if now is None or _opens(text, head, now, repeated, last_assessing):
            if head.marked and now and not now.marked:
                continue
            if now is None and head.marked and not head.caps:
                continue
            yield head
            now = head
        if now and now.kind is Kind.VITALS and place + 1 == len(heads):
            yield from _resumed(text, now.body, len(text))


def _read_out(head: _Head) -> bool:
    return plain(head.title) in _READ_OUT


def _opens(text: str, head: _Head, now: _Head, repeated: Counter[str], last_assessing: int) -> bool:
    """Does the heading open a section, standing in the section that `now` opened?"""
    said = plain(head.title)
    read_out = head.kind in ASSESSING and now.kind in _STUDY and _read_out(head) and last_assessing >= 0
    if read_out and not (head.caps and head.alone):
        return False
    if now.kind in _STUDY and head.kind is Kind.FINDINGS and not head.caps and now.kind is not Kind.FINDINGS:
        return False
    if now.kind is Kind.REVIEW and not head.caps and head.kind in (Kind.ALLERGIES, Kind.SOCIAL_HISTORY, Kind.PROCEDURE):
        return head.alone
    if now.kind not in _IN_PLAN or head.caps:
        return True
    if head.kind in _NOT_IN_PLAN and said not in _OPENS_ANEW:
        return head.alone and head.colon and not now.caps and repeated[said] == 1
    if head.kind in (Kind.ASSESSMENT, Kind.PLAN) and now.kind in ASSESSING:
        if repeated[said] > 1:
            return False
        return now.kind is not Kind.ASSESSMENT_AND_PLAN or not text[now.body : head.start].strip()
    return head.alone or head.kind in _IN_PLAN or not now.caps


def _resumed(text: str, start: int, end: int) -> Iterator[_Head]:
    """Where the parts of an examination go on after vital signs that stood in their midst."""
    parts = layout().parts
    for line in LINE.finditer(text, start, end):
        first = _START.match(text, line.start(), line.end())
        colon = text.find(":", line.start(), min(line.end(), line.start() + 40))
        if first and colon > 0 and plain(text[first.end() : colon]) in parts:
            yield _Head(Kind.EXAM, "", line.start(), line.start(), False, False, False, False)
            return
