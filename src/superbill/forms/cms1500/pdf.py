"""Draws CMS-1500 pages. `background=False` prints onto the red form; True adds our own thin grid for the eye.

The red form itself is the NUCC's and is not drawn here: payers that scan want the bought form, not a picture of it.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from io import BytesIO
from typing import Any, NamedTuple

from reportlab.pdfgen.canvas import Canvas

from superbill.claims.locators import form_pages
from superbill.claims.model import Claim
from superbill.codesets import tables
from superbill.findings import Finding, Place, Severity
from superbill.forms.cms1500.grid import COLUMNS, LEADING, LEFT, LINES, PITCH, TOP, place_of, places

_PAGE = (612.0, 792.0)
_SIZE = 10.0  # the NUCC asks for a ten-point face; the pitch of ten an inch comes from the spacing
_ADVANCE = 6.0  # Courier: 0.6 em
_DESCENT = 3.0  # points from the bottom of a line to its baseline
_FIRST_ROW, _ROWS = 43, 6
_GRID = "grid"  # drawn once a document, shown on each page
_EDGE = LEFT - 2.5  # the drawn lines stand a little left of the columns, so that no line touches a character
_IN_CAPTION = "25.kind"  # its two squares stand too close for words between them
_ACRONYMS = frozenset({"TRICARE", "CHAMPVA", "FECA", "M", "F"})

Boxes = Mapping[str, str]


class PrinterOffset(NamedTuple):
    """Points that this printer needs to hit the pre-printed boxes; right and down are positive."""

    right: float = 0.0
    down: float = 0.0


def render(pages: Iterable[Boxes | Claim], *, background: bool, offset: PrinterOffset | None = None) -> bytes:
    """A PDF of one sheet per page of boxes; a Claim gives as many pages as it needs.

    The same pages give the same bytes. Raises UnknownBox for a key that the form doesn't have, ValueError for no
    pages. Text that does not fit is cut: ask `findings` before printing.
    """
    out = BytesIO()
    canvas = Canvas(out, pagesize=_PAGE, invariant=1, pageCompression=1)
    canvas.setTitle("CMS-1500 (02/12)")
    canvas.setCreator("Superbill")
    if background:
        canvas.beginForm(_GRID)
        _draw_background(canvas)
        canvas.endForm()
    drawn = 0
    for boxes in _flat(pages):
        if background:
            canvas.doForm(_GRID)
        _draw_data(canvas, boxes, offset or PrinterOffset())
        canvas.showPage()
        drawn += 1
    if not drawn:
        raise ValueError("no page to print")
    canvas.save()
    return out.getvalue()


def findings(pages: Iterable[Boxes | Claim]) -> list[Finding]:
    """What will not print in full: `forms.cms1500.truncated`, with the page as `position`.

    An amount that doesn't fit is an error (nothing prints); a text that is cut is a warning.
    """
    found = []
    for number, boxes in enumerate(_flat(pages), start=1):
        for key, value in boxes.items():
            place = place_of(key, value)
            if place is None or place.kind == "check":
                continue
            printed = place.fit(value)
            if printed is None or printed.replace(" ", "") != value.replace(" ", ""):
                found.append(_cut(number, key, value, printed))
    return found


def _cut(page: int, key: str, value: str, printed: str | None) -> Finding:
    said = f"Box {key}: {len(value)} characters"
    return Finding(
        rule="forms.cms1500.truncated",
        severity=Severity.ERROR if printed is None else Severity.WARNING,
        where=Place(position=page, field=f"box {key}"),
        message=f"{said} do not fit; " + (f"prints {printed!r}." if printed is not None else "nothing prints."),
        fix="Shorten it, or send this claim electronically, where it fits.",
        source="CMS-1500 (02/12) print positions",
    )


def _flat(pages: Iterable[Boxes | Claim]) -> Iterator[Boxes]:
    for page in pages:
        if isinstance(page, Claim):
            yield from form_pages(page)
        else:
            yield page


def _draw_data(canvas: Any, boxes: Boxes, offset: PrinterOffset) -> None:
    text = canvas.beginText()
    text.setFont("Courier", _SIZE)
    text.setCharSpace(PITCH - _ADVANCE)
    for key, value in boxes.items():
        place = place_of(key, value)
        printed = place.fit(value) if place else None
        if place is None or not printed:
            continue
        indent = len(printed) - len(printed.lstrip())  # start at the ink, so that every run has its own true position
        x = LEFT + (place.first - 1 + indent) * PITCH + (PITCH - _ADVANCE) / 2
        text.setTextOrigin(x + offset.right, _y(place.line) + _DESCENT - offset.down)
        text.textOut(_ascii(printed.strip()))
    canvas.drawText(text)


def _y(line: int) -> float:
    """The bottom of `line` in points from the bottom of the sheet."""
    return _PAGE[1] - TOP - line * LEADING


def _ascii(text: str) -> str:
    """Letters without their marks: readers of the form know capitals, digits and a few signs."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(mark for mark in plain if not unicodedata.combining(mark)).encode("ascii", "replace").decode()


@cache
def _captions() -> tuple[tuple[str, str, int, int, int, int], ...]:
    return tuple(
        (row["box"], row["caption"], int(row["top"]), int(row["bottom"]), int(row["left"]), int(row["right"]))
        for row in tables.rows(__package__, "boxes.csv")
    )


def _draw_background(canvas: Any) -> None:
    """Thin boxes with our own captions; no wording or artwork of the NUCC's form."""
    canvas.saveState()
    canvas.setStrokeColorRGB(0.62, 0.66, 0.70)
    canvas.setLineWidth(0.4)
    _shade_rows(canvas)
    for box, caption, top, bottom, left, right in _captions():
        x, y = _EDGE + left * PITCH, _y(bottom)
        canvas.rect(x, y, (right - left) * PITCH, (bottom - top + 1) * LEADING, stroke=1, fill=0)
        canvas.setFillColorRGB(0.36, 0.40, 0.45)
        end = x + 2
        if box:
            canvas.setFont("Helvetica-Bold", 5.5)
            canvas.drawString(end, _y(top - 1) - 6, box)
            end += canvas.stringWidth(box, "Helvetica-Bold", 5.5) + 2.5
        canvas.setFont("Helvetica", 5.5)
        canvas.drawString(end, _y(top - 1) - 6, caption)
    _draw_answers(canvas)
    canvas.setFont("Helvetica", 6)
    canvas.drawString(_EDGE, _y(LINES), "CMS-1500 (02/12) data, drawn for reading. Send payers the printed red form.")
    canvas.restoreState()


def _shade_rows(canvas: Any) -> None:
    """The six service lines: a tinted upper half, the columns of box 24 below."""
    edges = [right for box, _, top, _, _, right in _captions() if top == _FIRST_ROW - 2 and box]
    width = COLUMNS * PITCH
    for row in range(_ROWS):
        line = _FIRST_ROW + 2 * row
        canvas.setFillColorRGB(0.94, 0.95, 0.96)
        canvas.rect(_EDGE, _y(line), width, LEADING, stroke=0, fill=1)
        canvas.rect(_EDGE, _y(line + 1), width, 2 * LEADING, stroke=1, fill=0)
        for edge in edges[:-1]:
            x = _EDGE + edge * PITCH
            canvas.line(x, _y(line + 1), x, _y(line))


def _draw_answers(canvas: Any) -> None:
    """A small square for each answer of a check box, named beneath the caption line."""
    canvas.setFont("Helvetica", 4.5)
    for key, place in places().items():
        if place.kind != "check":
            continue
        box, _, answer = key.partition("=")
        x = LEFT + (place.first - 1) * PITCH
        canvas.rect(x, _y(place.line) + 1.5, PITCH, 9, stroke=1, fill=0)
        if box != _IN_CAPTION:
            canvas.drawString(x + PITCH + 1.2, _y(place.line) + 4, answer if answer in _ACRONYMS else answer.title())
