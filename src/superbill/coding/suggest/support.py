"""Gathers all that a note says for a code: the passage of the assessment, and every other place that names it."""

from collections.abc import Iterator

from msgspec.structs import replace

from superbill.coding.model import Evidence
from superbill.coding.reading.model import Outline, Problem, Reading
from superbill.coding.suggest.model import SuggestedCode, Visit

_MOST = 8


def supported(diagnoses: tuple[SuggestedCode, ...], reading: Reading, visit: Visit) -> tuple[SuggestedCode, ...]:
    """The codes with their passage, and after their own evidence every further place that names the condition."""
    return tuple(_supported(each, reading, visit) for each in diagnoses)


def _supported(each: SuggestedCode, reading: Reading, visit: Visit) -> SuggestedCode:
    first = each.evidence[0]
    if first.start is None or first.end is None:
        return each
    taken = [(one.start, one.end) for one in each.evidence]
    further = []
    for start, end in _further(each, reading):
        if len(taken) < _MOST and not any(a is not None and b is not None and start < b and a < end for a, b in taken):
            taken.append((start, end))
            further.append(Evidence(visit.record, reading.text[start:end], start, end))
    return replace(each, evidence=(*each.evidence, *further), passage=_passage(reading.outline, first.start, first.end))


def _further(each: SuggestedCode, reading: Reading) -> Iterator[tuple[int, int]]:
    category = each.code[:3]
    for mention in reading.mentions:
        if mention.asserted and any(code.startswith(category) for code in mention.codes[:2]):
            yield mention.start, mention.end


def _passage(outline: Outline, start: int, end: int) -> tuple[int, int]:
    """From the words to the end of what is said under their problem; the words themselves where they stand in none."""
    problem = next((each for each in outline.problems if _holds(each, start)), None)
    if problem is None:
        return start, end
    spans = [(problem.start, problem.end), *([problem.discussed] if problem.discussed else [])]
    first, last = next(span for span in spans if span[0] <= start < span[1])
    if problem.discussed and (first, last) != problem.discussed:  # a title of the list; what is said of it is below
        first, last = problem.discussed
    return min(first, start), max(last, end)


def _holds(problem: Problem, start: int) -> bool:
    if problem.start <= start < problem.end:
        return True
    return problem.discussed is not None and problem.discussed[0] <= start < problem.discussed[1]
