"""A claim on the form of its kind, drawn for the screen: our own boxes under our own captions, the claim's values in
their places, and what was found in the box that it is about. Geometry in points, from the top of the sheet."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from msgspec import Struct

from superbill.claims.ada_items import pages as ada_pages
from superbill.claims.locators import form_pages
from superbill.claims.model import Claim
from superbill.claims.positions import position
from superbill.claims.ub04_locators import pages as ub04_pages
from superbill.codesets import tables
from superbill.findings import Finding, Severity
from superbill.forms import drawn, papers
from superbill.forms.cms1500 import grid as cms
from superbill.forms.cms1500.grid import Place


class Layout(Struct, frozen=True, kw_only=True):
    """A form's grid: the size of a column and a line, the first of its service lines, how many there are on a page and
    how many lines of the grid each takes; `lines` are the boxes that service lines run through, `foot` how many lines
    of the grid these run on below. `words` stand at (line, column) beside the captions."""

    package: str
    pitch: float
    leading: float
    left: float
    top: float
    columns: int
    height: int
    first: int
    rows: int
    each: int
    lines: tuple[str, ...]
    foot: int = 0
    words: tuple[tuple[int, float, str], ...] = ()


# What our page of the UB-04 says beside its captions (forms/ub04): which payer a row is of, and what line 23 tells.
_PAYER_ROWS = tuple((first + row, 0.2, letter) for first in (43, 47, 51) for row, letter in enumerate("ABC"))
_LAST_LINE = tuple((41, column, word) for column, word in ((7, "Page"), (15.5, "of"), (32, "Created"), (54, "Total")))

LAYOUTS: Mapping[str, Layout] = {
    "cms1500": Layout(
        package="superbill.forms.cms1500", pitch=cms.PITCH, leading=cms.LEADING, left=cms.LEFT - 2.5, top=cms.TOP,
        columns=cms.COLUMNS, height=cms.LINES, first=43, rows=6, each=2,
        lines=("24A", "B", "C", "D", "E", "F", "G", "H", "I", "J"),
    ),
    "ub04": Layout(
        package="superbill.forms.ub04", pitch=drawn.PITCH, leading=drawn.LEADING, left=drawn.EDGE, top=drawn.TOP,
        columns=drawn.COLUMNS, height=67, first=19, rows=22, each=1, lines=("42", "43", "44", "45", "46", "47", "48"),
        foot=1, words=(*_PAYER_ROWS, *_LAST_LINE),
    ),
    "ada": Layout(
        package="superbill.forms.ada", pitch=drawn.PITCH, leading=drawn.LEADING, left=drawn.EDGE, top=drawn.TOP,
        columns=drawn.COLUMNS, height=67, first=19, rows=10, each=1,
        lines=("24", "25", "26", "27", "28", "29", "29a", "29b", "30", "31"),
    ),
}  # fmt: skip


class Rect(Struct, frozen=True, kw_only=True):
    """A box: where, its number and caption, and what was found in it."""

    x: float
    y: float
    width: float
    height: float
    box: str = ""
    caption: str = ""
    said: str = ""
    tone: str = ""


class Text(Struct, frozen=True, kw_only=True):
    """A value in its place; `width` is how far its letters spread, None for a word of the form itself."""

    x: float
    y: float
    text: str
    width: float | None = None


class Sheet(Struct, frozen=True, kw_only=True):
    """One page of the form."""

    width: float
    height: float
    shades: tuple[Rect, ...]
    boxes: tuple[Rect, ...]
    squares: tuple[Rect, ...]
    marks: tuple[Rect, ...]
    words: tuple[Text, ...]
    texts: tuple[Text, ...]


_BOX = re.compile(r"(?:box|FL|item) ([0-9]+)([A-Z]?)([a-z]?)(?:-([0-9]+))?")
_LETTER, _NUMBER = 3.0, 3.6  # how wide a letter of a caption and a digit of its number stand, in points
_IN_CAPTION = "25.kind"  # its two squares stand too close for words between them
_MARGIN = 24.0
Area = tuple[float, float, float, float]  # x, y, width, height
_PAGE_WIDTH = 612.0


def sheets(claim: Claim, found: Sequence[Finding]) -> list[Sheet]:
    """The pages of the form that the claim prints on."""
    name = papers.form_of(claim)
    layout = LAYOUTS[name]
    if name == "cms1500":
        pages: Sequence[Mapping[str, str]] = form_pages(claim)
    else:
        pages = list(ub04_pages(claim) if name == "ub04" else ada_pages(claim))
    return [
        Sheet(
            width=_PAGE_WIDTH,
            height=max(box.y + box.height for box in _boxes(name)) + _MARGIN,
            shades=tuple(_shades(layout)),
            boxes=_boxes(name),
            squares=_squares(name),
            marks=tuple(_marks(claim, layout, name, found, number)),
            words=_words(name),
            texts=tuple(_texts(name, layout, page)),
        )
        for number, page in enumerate(pages)
    ]


def _rect(layout: Layout, top: float, bottom: float, left: float, right: float) -> Area:
    """(x, y, width, height) of the lines and columns named, both included."""
    x, y = layout.left + left * layout.pitch, layout.top + (top - 1) * layout.leading
    return x, y, (right - left) * layout.pitch, (bottom - top + 1) * layout.leading


@cache
def _boxes(name: str) -> tuple[Rect, ...]:
    layout = LAYOUTS[name]
    made = []
    for row in tables.rows(layout.package, "boxes.csv"):
        top, bottom, left, right = (int(row[side]) for side in ("top", "bottom", "left", "right"))
        x, y, width, height = _rect(layout, top, bottom, left, right)
        room = _room(name, top, left, right) - _NUMBER * len(row["box"])
        caption = row["caption"] if _LETTER * len(row["caption"]) <= room else ""
        made.append(Rect(x=x, y=y, width=width, height=height, box=row["box"], caption=caption, said=row["caption"]))
        if row["box"] in layout.lines and top < layout.first:
            last = layout.first + layout.rows * layout.each - 1 + layout.foot
            x, y, width, height = _rect(layout, layout.first, last, left, right)
            made.append(Rect(x=x, y=y, width=width, height=height))
    return (*made, *_services(layout))


def _room(name: str, top: int, left: int, right: int) -> float:
    """How far a caption may run: to the end of its box, or to the first value that stands on its line."""
    firsts = [one.first - 1 for one in _places(name).values() if one.line == top and left < one.first - 1 < right]
    return (min([right, *firsts]) - left) * LAYOUTS[name].pitch - 4


def _services(layout: Layout) -> tuple[Rect, ...]:
    """A line between services that take two lines of the grid each, and above what is told below the last of them."""
    made = []
    for row in range(layout.rows if layout.each > 1 else 0):
        first = layout.first + row * layout.each
        made.append(_rect(layout, first, first + layout.each - 1, 0, layout.columns))
    if layout.foot:
        first = layout.first + layout.rows * layout.each
        made.append(_rect(layout, first, first + layout.foot - 1, 0, layout.columns))
    return tuple(Rect(x=x, y=y, width=width, height=height) for x, y, width, height in made)


@cache
def _words(name: str) -> tuple[Text, ...]:
    layout = LAYOUTS[name]
    return tuple(
        Text(x=layout.left + column * layout.pitch + 2, y=layout.top + line * layout.leading - 3.2, text=word)
        for line, column, word in layout.words
    )


def _shades(layout: Layout) -> list[Rect]:
    """Every other service line is tinted; of lines in two halves the upper half is."""
    made = []
    for row in range(layout.rows):
        if layout.each == 2 or row % 2:
            line = layout.first + row * layout.each
            x, y, width, height = _rect(layout, line, line, 0, layout.columns)
            made.append(Rect(x=x, y=y, width=width, height=height))
    return made


@cache
def _places(name: str) -> dict[str, Place]:
    return cms.places() if name == "cms1500" else drawn.places(LAYOUTS[name].package)


@cache
def _squares(name: str) -> tuple[Rect, ...]:
    """A small square for each answer of a check box, with its word."""
    layout = LAYOUTS[name]
    made = []
    for key, place in _places(name).items():
        if place.kind == "check":
            x, y, width, height = _rect(layout, place.line, place.line, place.first - 1, place.first)
            word = key.partition("=")[2]
            said = word if len(word) == 1 or word in ("TRICARE", "CHAMPVA", "FECA") else word.title()
            said = "" if key.startswith(_IN_CAPTION) else said
            made.append(Rect(x=x + 1.5, y=y + 1.5, width=width, height=height - 3, caption=said))
    return tuple(made)


def _texts(name: str, layout: Layout, page: Mapping[str, str]) -> list[Text]:
    made = []
    table = _places(name)
    for key, value in page.items():
        place = table.get(key) or table.get(f"{key}={value}")
        printed = place.fit(value) if place is not None else None
        if place is None or not printed or not printed.strip():
            continue
        indent = len(printed) - len(printed.lstrip())
        text = printed.strip()
        x = layout.left + 2.5 + (place.first - 1 + indent) * layout.pitch
        y = layout.top + place.line * layout.leading - 2.6
        made.append(Text(x=x, y=y, width=round(len(text) * layout.pitch - 1.2, 1), text=text))
    return made


def _marks(claim: Claim, layout: Layout, name: str, found: Sequence[Finding], page: int) -> list[Rect]:
    """The boxes that something was found in, with what it is."""
    said: dict[Area, list[Finding]] = {}
    for finding in found:
        if finding.override is None:
            for area in _areas_of(claim, layout, name, finding, page):
                said.setdefault(area, []).append(finding)
    return [
        Rect(
            x=x, y=y, width=width, height=height, said=" ".join(f"{one.message} {one.fix}".strip() for one in some),
            tone="trouble" if any(one.severity is Severity.ERROR for one in some) else "",
        )
        for (x, y, width, height), some in said.items()
    ]  # fmt: skip


def _areas_of(claim: Claim, layout: Layout, name: str, finding: Finding, page: int) -> list[Area]:
    """The boxes that a finding is about: of the whole claim, or of its service line on this page."""
    where = finding.where
    found = _BOX.search(position(where, claim.kind).form) if where.field else None
    number = where.service_line
    if number is None:
        return [(box.x, box.y, box.width, box.height) for box in _header_boxes(name, found)]
    row = next((place for place, line in enumerate(claim.lines) if line.number == number), None)
    if row is None or row // layout.rows != page:
        return []
    line = layout.first + (row % layout.rows) * layout.each
    _x, y, _width, height = _rect(layout, line, line + layout.each - 1, 0, 1)
    boxes = _line_boxes(layout, name, found)
    return [(box.x, y, box.width, height) for box in boxes] or [(layout.left, y, layout.columns * layout.pitch, height)]


def _header_boxes(name: str, found: "re.Match[str] | None") -> list[Rect]:
    """The boxes of "10b", or of all from 39 to 41; a box of a letter alone belongs to the number above it."""
    if found is None:
        return []
    number, capital, letter, last = found.groups()
    boxes = _boxes(name)
    if last:
        some = [one for one in boxes if one.box.isdigit() and int(number) <= int(one.box) <= int(last)]
        return some or [one for one in boxes if one.box == number][:1]
    whole = next(
        (one for key in (number + capital + letter, number + capital, number) for one in boxes if one.box == key), None
    )
    if whole is not None and letter and whole.box == number:
        inside = [one for one in boxes if one.box == letter and _below(one, whole)]
        return [min(inside, key=lambda one: one.y)] if inside else [whole]
    return [whole] if whole is not None else []


def _below(one: Rect, whole: Rect) -> bool:
    return whole.x <= one.x and one.x + one.width <= whole.x + whole.width + 1 and one.y > whole.y


def _line_boxes(layout: Layout, name: str, found: "re.Match[str] | None") -> list[Rect]:
    """The columns of a service line that a finding is about."""
    if found is None:
        return []
    number, capital, letter, last = found.groups()
    mine = [one for one in _boxes(name) if one.box in layout.lines]
    if last:
        return [one for one in mine if one.box.isdigit() and int(number) <= int(one.box) <= int(last)]
    keys = (number + capital, capital, number + letter, number)
    return next(([one] for key in keys if key for one in mine if one.box == key), [])
