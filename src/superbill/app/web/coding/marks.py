"""A note with its evidence marked and numbered. Spans may overlap: each stretch of text knows every code it is for."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from msgspec import Struct

from superbill.chart.model import EncounterRecord, Note
from superbill.coding.model import Evidence


class Span(Struct, frozen=True):
    """Characters of the note that support the code of a key; `number` is what people see."""

    start: int
    end: int
    key: str
    number: str


class Marked(Struct, frozen=True):
    """One note of a visit as it is shown."""

    note: Note
    html: SafeString


def spans(evidence: Iterable[Evidence], key: str, number: str, length: int) -> list[Span]:
    """The spans of a code's evidence that lie inside the text."""
    return [
        Span(each.start, each.end, key, number)
        for each in evidence
        if each.start is not None and each.end is not None and 0 <= each.start < each.end <= length
    ]


def marked(encounter: EncounterRecord, found: Sequence[Span]) -> list[Marked]:
    """Every note of the visit. Spans count through the notes as coding reads them: one after the other."""
    shown, offset = [], 0
    for note in encounter.notes:
        if not note.text.strip():
            continue
        end = offset + len(note.text)
        shown.append(Marked(note, _html(note.text, offset, [each for each in found if offset <= each.start < end])))
        offset = end + 2  # a blank line stands between two notes
    return shown


def _html(text: str, offset: int, found: Sequence[Span]) -> SafeString:
    edges = sorted({0, len(text), *(min(edge - offset, len(text)) for one in found for edge in (one.start, one.end))})
    told: set[tuple[int, str]] = set()
    parts = []
    for start, end in pairwise(edges):
        over = [one for one in found if one.start - offset <= start and end <= one.end - offset]
        parts.append(_part(text[start:end], start + offset, over, told))
    return mark_safe("".join(parts))  # noqa: S308  # each part was escaped where it was made


def _part(text: str, at: int, over: Sequence[Span], told: set[tuple[int, str]]) -> SafeString:
    if not over:
        return format_html("{}", text)
    fresh = {one.key: one.number for one in over if (one.start, one.key) not in told and one.number}
    told.update((one.start, one.key) for one in over)
    numbers = format_html_join(
        "", '<a class="ref" href="#{}" aria-label="Code {}">{}</a>', ((key, n, n) for key, n in fresh.items())
    )
    keys = " ".join(dict.fromkeys(one.key for one in over))
    kind = "ev" if any(one.number for one in over) else "counted"
    return format_html('{}<mark id="e{}" class="{}" data-codes="{}">{}</mark>', numbers, at, kind, keys, text)
