"""Draws UB-04 pages: the form locators of an institutional claim on a grid of our own, for reading and for the file.

The form itself is the NUBC's and is not drawn here: our page has the same locators in the same order, under captions
of our own, and is not aligned with the printed form.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from superbill.claims.model import Claim
from superbill.claims.ub04_locators import LINES_PER_PAGE, left_out, pages
from superbill.codesets import tables
from superbill.findings import Finding
from superbill.forms.drawn import CAPTION, COLUMNS, EDGE, LEADING, LEFT, PITCH, SHADE, cut, draw, y

_FIRST_LINE, _TOTAL_LINE = 19, 41
_PAYER_ROWS = (43, 47, 51)
_LINE_BOXES = frozenset(str(number) for number in range(42, 49))
_FOOT = "UB-04 data on a page of our own, for reading. Send payers the 837I, or the printed form."
_SOURCE = "UB-04 form locators"


def render(claims: Iterable[Claim], *, created: date | None = None) -> bytes:
    """A PDF with the pages of each claim. The same claims give the same bytes.

    Raises ValueError for a claim that is not institutional, and for no claim.
    """
    every = (page for claim in claims for page in pages(claim, created))
    return draw(__package__, every, title="UB-04", under=_draw_lines, foot=_FOOT)


def findings(claims: Iterable[Claim]) -> list[Finding]:
    """What will not print in full: `forms.ub04.truncated` with the page as `position`, `forms.ub04.left-out`.

    The words beside a revenue code are ours, and are cut without a finding.
    """
    found: list[Finding] = []
    number = 0
    for claim in claims:
        found += left_out(claim)
        for page in pages(claim):
            number += 1
            told = {key: value for key, value in page.items() if not key.startswith("43.")}
            found += cut(__package__, number, told, rule="forms.ub04.truncated", name="FL", source=_SOURCE)
    return found


def _draw_lines(canvas: Any) -> None:
    """The 22 service lines, every other one tinted, and the line of the total."""
    width = COLUMNS * PITCH
    canvas.setFillColorRGB(*SHADE)
    for shaded in range(1, LINES_PER_PAGE, 2):
        canvas.rect(EDGE, y(_FIRST_LINE + shaded), width, LEADING, stroke=0, fill=1)
    for row in tables.rows(__package__, "boxes.csv"):
        if row["box"] in _LINE_BOXES:
            left, right = int(row["left"]), int(row["right"])
            height = (LINES_PER_PAGE + 1) * LEADING
            canvas.rect(EDGE + left * PITCH, y(_TOTAL_LINE), (right - left) * PITCH, height, stroke=1, fill=0)
    canvas.line(EDGE, y(_TOTAL_LINE - 1), EDGE + width, y(_TOTAL_LINE - 1))
    canvas.setFillColorRGB(*CAPTION)
    canvas.setFont("Helvetica-Bold", 6)
    for first in _PAYER_ROWS:
        for number, letter in enumerate("ABC"):
            canvas.drawString(LEFT, y(first + number) + 3.2, letter)
    canvas.setFont("Helvetica", 5)
    for column, word in ((7, "Page"), (15.5, "of"), (32, "Created"), (54, "Total")):
        canvas.drawString(LEFT + column * PITCH + 2, y(_TOTAL_LINE) + 3.2, word)
