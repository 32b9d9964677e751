"""Draws dental claims: the ADA form's items under captions of our own, for reading and for the file.

The form itself is the ADA's and is not drawn here; our page is not aligned with it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from superbill.claims.ada_items import LINES_PER_PAGE, pages
from superbill.claims.model import Claim
from superbill.codesets import tables
from superbill.findings import Finding
from superbill.forms.drawn import COLUMNS, EDGE, LEADING, PITCH, SHADE, cut, draw, y

_FIRST_LINE = 19
_LINE_BOXES = frozenset(("24", "25", "26", "27", "28", "29", "29a", "29b", "30", "31"))
_FOOT = "Dental claim data on a page of our own, for reading. Send payers the 837D, or the printed form."


def render(claims: Iterable[Claim], *, signed_on: date | None = None) -> bytes:
    """A PDF with the pages of each claim. The same claims give the same bytes.

    Raises ValueError for a claim that is not dental, and for no claim.
    """
    every = (page for claim in claims for page in pages(claim, signed_on))
    return draw(__package__, every, title="Dental claim", under=_draw_lines, foot=_FOOT)


def findings(claims: Iterable[Claim]) -> list[Finding]:
    """What will not print in full: `forms.ada.truncated`, with the page as `position`."""
    every = [page for claim in claims for page in pages(claim)]
    return [
        one
        for number, page in enumerate(every, 1)
        for one in cut(__package__, number, page, rule="forms.ada.truncated", name="item", source="ADA form items")
    ]


def _draw_lines(canvas: Any) -> None:
    """The ten service lines, every other one tinted."""
    canvas.setFillColorRGB(*SHADE)
    for shaded in range(1, LINES_PER_PAGE, 2):
        canvas.rect(EDGE, y(_FIRST_LINE + shaded), COLUMNS * PITCH, LEADING, stroke=0, fill=1)
    for row in tables.rows(__package__, "boxes.csv"):
        if row["box"] in _LINE_BOXES:
            left, right = int(row["left"]), int(row["right"])
            low = y(_FIRST_LINE + LINES_PER_PAGE - 1)
            canvas.rect(EDGE + left * PITCH, low, (right - left) * PITCH, LINES_PER_PAGE * LEADING, stroke=1, fill=0)
