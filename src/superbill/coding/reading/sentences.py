"""Cuts sections into sentences, list items and rows; finds the problems of a problem-oriented assessment."""

import re
from collections.abc import Iterator

from superbill.coding.reading.model import ASSESSING, Kind, Outline, Problem, Section, Sentence

_LINE = re.compile(r"[^\n]+")
_STOP = re.compile(r"(?<=[.!?;])[ \t]+(?=[A-Z0-9\"'(])")
_BULLET = re.compile(r"[ \t]*(?:[-•*·–]|\(?\d{1,2}[.)])[ \t]+")
_LABEL = re.compile(r"([A-Z][A-Za-z /&,'-]{1,45}):[ \t]*(?=\S)")
_ABBREVIATED = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|St|vs|approx|e\.g|i\.e|No|Jr|Sr)\.$")
_NUMBERED = re.compile(r"[ \t]*\(?\d{1,2}[.)][ \t]+")
_LONGEST_TITLE = 130


def outline(text: str, sections: tuple[Section, ...]) -> Outline:
    """The outline of a note whose sections are known."""
    problems = tuple(_problems(text, sections))
    found: list[Sentence] = []
    for place, section in enumerate(sections):
        for start, end, label in _pieces(text, section):
            found.append(Sentence(start, end, place, _problem_at(problems, place, start), label))
    return Outline(text, sections, problems, tuple(found))


def _problem_at(problems: tuple[Problem, ...], section: int, start: int) -> int:
    for number, problem in enumerate(problems):
        if problem.section == section and problem.start <= start < problem.end:
            return number
        if problem.discussed and problem.discussed[0] <= start < problem.discussed[1]:
            return number
    return -1


def _pieces(text: str, section: Section) -> Iterator[tuple[int, int, str]]:
    """The sentences of a section with their labels."""
    for line in _LINE.finditer(text, section.body, section.end):
        start = line.start()
        bullet = _BULLET.match(text, start, line.end())
        start = bullet.end() if bullet else start
        label = _LABEL.match(text, start, line.end())
        said = label[1] if label else ""
        start = label.end() if label else start
        for begin, end in _sentences(text, start, line.end()):
            yield begin, end, said


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for stop in _STOP.finditer(text, start, end):
        if not _ABBREVIATED.search(text, start, stop.start()):
            yield start, stop.start()
            start = stop.end()
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    if start < end:
        yield start, end


def _problems(text: str, sections: tuple[Section, ...]) -> Iterator[Problem]:
    """Titles are numbered items, and lines that hold one short phrase and no verb of a sentence."""
    for place, section in enumerate(sections):
        if section.kind not in ASSESSING and section.kind is not Kind.PLAN:
            continue
        starts = [
            (*found,) for line in _LINE.finditer(text, section.body, section.end) if (found := _title(text, line))
        ]
        for number, (start, title_end) in enumerate(starts):
            end = starts[number + 1][0] if number + 1 < len(starts) else section.end
            if section.kind is not Kind.PLAN:
                yield Problem(start, title_end, end, place)


def _title(text: str, line: re.Match[str]) -> tuple[int, int] | None:
    start = line.start()
    numbered = _NUMBERED.match(text, start, line.end())
    bullet = _BULLET.match(text, start, line.end())
    begin = bullet.end() if bullet else start
    if _LABEL.match(text, begin, line.end()):
        return None
    end = line.end()
    while end > begin and text[end - 1] in " \t.:":
        end -= 1
    length = end - begin
    if 2 < length <= _LONGEST_TITLE and (numbered or (length <= 90 and ". " not in text[begin:end])):
        return begin, end
    return None
