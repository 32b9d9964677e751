"""Form pages of our own drawing: boxes with captions of ours from `boxes.csv`, what is printed in them by `grid.csv`.

For forms of which the printed original belongs to somebody else. Columns and lines count from 1; geometry in points.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from io import BytesIO
from typing import Any

import msgspec
from reportlab.pdfgen.canvas import Canvas

from superbill.codesets import tables
from superbill.findings import Finding, Severity
from superbill.findings import Place as Where
from superbill.forms.cms1500.grid import Place, UnknownBox

PAGE = (612.0, 792.0)
PITCH, LEADING = 7.0, 11.2  # points a column and a line
LEFT, TOP, COLUMNS = 27.0, 24.0, 80
EDGE = LEFT - 1.2  # the drawn lines stand a little left of the columns, so that no line touches a character
CAPTION, RULE, SHADE = (0.36, 0.40, 0.45), (0.62, 0.66, 0.70), (0.945, 0.955, 0.965)
_INK = (0.08, 0.10, 0.14)
_SIZE, _ADVANCE, _BASELINE = 9.5, 5.7, 2.6  # Courier: 0.6 em
_GRID = "grid"

Page = Mapping[str, str]


@cache
def places(package: str) -> dict[str, Place]:
    """Where each key of the form prints."""
    return {row["box"]: msgspec.convert(row, Place, strict=False) for row in tables.rows(package, "grid.csv")}


def place_of(package: str, key: str) -> Place:
    """Where a key prints. Raises UnknownBox when the form has no such place."""
    found = places(package).get(key)
    if found is None:
        raise UnknownBox(f"{package.rpartition('.')[2]} has no place for {key}")
    return found


def y(line: int) -> float:
    """The bottom of a line, in points from the bottom of the sheet."""
    return PAGE[1] - TOP - line * LEADING


def draw(package: str, pages: Iterable[Page], *, title: str, under: Callable[[Any], None], foot: str) -> bytes:
    """A PDF of the pages. The same pages give the same bytes. `under` draws what lies beneath the boxes.

    Raises ValueError for no page, UnknownBox for a key that the form does not have.
    """
    out = BytesIO()
    canvas = Canvas(out, pagesize=PAGE, invariant=1, pageCompression=1)
    canvas.setTitle(title)
    canvas.setCreator("Superbill")
    canvas.beginForm(_GRID)
    canvas.saveState()
    canvas.setStrokeColorRGB(*RULE)
    canvas.setLineWidth(0.4)
    under(canvas)
    _draw_boxes(canvas, package)
    canvas.setFont("Helvetica", 6)
    canvas.drawString(EDGE, y(67) + 2, foot)
    canvas.restoreState()
    canvas.endForm()
    drawn = 0
    for page in pages:
        canvas.doForm(_GRID)
        _draw_page(canvas, package, page)
        canvas.showPage()
        drawn += 1
    if not drawn:
        raise ValueError("no page to print")
    canvas.save()
    return out.getvalue()


def cut(package: str, number: int, page: Page, *, rule: str, name: str, source: str) -> list[Finding]:
    """What of a page will not print in full: an error where nothing prints, else a warning."""
    found = []
    for key, value in page.items():
        place = place_of(package, key)
        printed = place.fit(value)
        if place.kind == "check" or (printed is not None and printed.replace(" ", "") == value.replace(" ", "")):
            continue
        says = f"prints {printed!r}." if printed is not None else "nothing prints."
        found.append(Finding(
            rule=rule, severity=Severity.ERROR if printed is None else Severity.WARNING,
            where=Where(position=number, field=f"{name} {key}"),
            message=f"{name} {key}: {len(value)} characters do not fit; {says}",
            fix="Shorten it, or send this claim electronically, where it fits.", source=source,
        ))  # fmt: skip
    return found


def _draw_boxes(canvas: Any, package: str) -> None:
    for row in tables.rows(package, "boxes.csv"):
        top, bottom, left, right = (int(row[name]) for name in ("top", "bottom", "left", "right"))
        x, low = EDGE + left * PITCH, y(bottom)
        canvas.rect(x, low, (right - left) * PITCH, (bottom - top + 1) * LEADING, stroke=1, fill=0)
        canvas.setFillColorRGB(*CAPTION)
        canvas.setFont("Helvetica-Bold", 5)
        canvas.drawString(x + 1.5, y(top - 1) - 5.6, row["box"])
        after = x + 3.5 + canvas.stringWidth(row["box"], "Helvetica-Bold", 5)
        canvas.setFont("Helvetica", 5)
        canvas.drawString(after, y(top - 1) - 5.6, row["caption"])


def _draw_page(canvas: Any, package: str, page: Page) -> None:
    text = canvas.beginText()
    text.setFont("Courier", _SIZE)
    text.setFillColorRGB(*_INK)
    text.setCharSpace(PITCH - _ADVANCE)
    for key, value in page.items():
        place = place_of(package, key)
        printed = place.fit(value)
        if not printed:
            continue
        indent = len(printed) - len(printed.lstrip())
        x = LEFT + (place.first - 1 + indent) * PITCH + (PITCH - _ADVANCE) / 2
        text.setTextOrigin(x, y(place.line) + _BASELINE)
        text.textOut(printed.strip().encode("ascii", "replace").decode())
    canvas.drawText(text)
