"""Takes a note apart into sections by its headings."""

import re
from functools import cache

from superbill.coding.reading.model import Kind, Section
from superbill.coding.reading.tables import table

_LINE = re.compile(r"^[ \t]*(?P<title>[A-Za-z][A-Za-z &/,'()-]{1,60}?)[ \t]*(?P<end>:|$)", re.MULTILINE)


@cache
def _kinds() -> dict[str, Kind]:
    read = table("superbill.coding.reading.data", "headings.yaml", dict[Kind, tuple[str, ...]])
    return {title: kind for kind, titles in read.items() for title in titles}


def sections(text: str) -> tuple[Section, ...]:
    """The sections of a note, without gap from 0 to its end; what stands before the first heading is OTHER."""
    heads = [(m.start("title"), m.end(), m["title"], kind) for m in _LINE.finditer(text) if (kind := _kind(m))]
    found: list[Section] = []
    if not heads or heads[0][0] > 0:
        heads.insert(0, (0, 0, "", Kind.OTHER))
    for number, (start, body, title, kind) in enumerate(heads):
        end = heads[number + 1][0] if number + 1 < len(heads) else len(text)
        found.append(Section(kind, title, 0 if number == 0 else start, body, end))
    return tuple(found)


def _kind(match: re.Match[str]) -> Kind | None:
    return _kinds().get(" ".join(match["title"].casefold().split()))
