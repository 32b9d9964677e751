"""Draws an explanation of benefits, and puts such pages behind a claim's form.

Everything on it is from the payer's remittance (835); the words for adjustment reasons are ours.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from msgspec import Struct
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from superbill.claims.model import Address, Adjustment, Person
from superbill.codesets.carc.lookup import reason as carc
from superbill.codesets.claim_adjustment_group.lookup import group as group_of
from superbill.codesets.rarc.lookup import remark as rarc
from superbill.effective import Period
from superbill.money import dollars
from superbill.x12.model import RemittanceClaim, RemittanceLine

_WIDTH, _HEIGHT, _MARGIN = 612.0, 792.0, 42.0
_ROW, _BODY, _SMALL = 12.5, 8.5, 7.0
_INK, _QUIET, _RULE = (0.08, 0.10, 0.14), (0.36, 0.40, 0.45), (0.62, 0.66, 0.70)
# Left edges of text, right edges of amounts, in points.
_COLUMNS = (("Date", 42, ""), ("Service", 106, ""), ("Units", 216, "r"), ("Charged", 284, "r"), ("Allowed", 352, "r"),
            ("Adjusted", 420, "r"), ("Patient's share", 496, "r"), ("Paid", 570, "r"))  # fmt: skip


class Explained(Struct, frozen=True, kw_only=True):
    """One payer's answer to one claim, with the payment that it came in."""

    payer_name: str
    payer_id: str
    payer_address: Address | None = None
    payee_name: str
    payee_npi: str
    payment_date: date
    trace_number: str
    payment_method: str
    answer: RemittanceClaim
    patient: Person
    member_id: str


def render(answers: Sequence[Explained]) -> bytes:
    """A PDF with a page or more for every answer, always the same for the same. Raises ValueError for none."""
    if not answers:
        raise ValueError("no explanation of benefits to print")
    out = BytesIO()
    canvas = Canvas(out, pagesize=(_WIDTH, _HEIGHT), invariant=1, pageCompression=1)
    canvas.setTitle("Explanation of benefits")
    canvas.setCreator("Superbill")
    for one in answers:
        _Pages(canvas, one).draw()
    canvas.save()
    return out.getvalue()


def behind(form: bytes, pages: bytes) -> bytes:
    """One PDF: the claim on its form, then the pages of explanation."""
    writer = PdfWriter()
    for part in (form, pages):
        for page in PdfReader(BytesIO(part)).pages:
            writer.add_page(page)
    writer.add_metadata({"/Title": "Claim with explanation of benefits", "/Producer": "Superbill"})
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


class _Pages:
    """The pages of one answer, drawn from the top; a new page begins where the old one is full."""

    def __init__(self, canvas: Any, one: Explained) -> None:
        self.canvas, self.one = canvas, one
        self.y, self.page = 0.0, 0

    def draw(self) -> None:
        """Head, lines, totals, reasons."""
        self._head()
        for line in self.one.answer.lines:
            self._line(line)
        self._at_claim_level()
        self._totals()
        self._reasons()
        self.canvas.showPage()

    def _text(self, x: float, text: str, *, size: float = _BODY, bold: bool = False, right: bool = False) -> None:
        self.canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        draw: Callable[..., Any] = self.canvas.drawRightString if right else self.canvas.drawString
        draw(x, self.y, text.encode("latin-1", "replace").decode("latin-1"))

    def _down(self, points: float = _ROW) -> None:
        self.y -= points
        if self.y < _MARGIN + 30:
            self.canvas.showPage()
            self._head()

    def _head(self) -> None:
        one, answer, canvas = self.one, self.one.answer, self.canvas
        self.page += 1
        canvas.setFillColorRGB(*_INK)
        canvas.setStrokeColorRGB(*_RULE)
        self.y = _HEIGHT - 54
        self._text(_MARGIN, "Explanation of benefits", size=15, bold=True)
        self._text(_WIDTH - _MARGIN, f"page {self.page}", size=_SMALL, right=True)
        self.y -= 20
        self._text(_MARGIN, f"{one.payer_name} ({one.payer_id})", bold=True)
        if one.payer_address is not None:
            where = one.payer_address
            self.y -= _ROW
            self._text(_MARGIN, f"{where.line1}, {where.city}, {where.state} {where.postal_code}")
        self.y -= 18
        for left, right in self._facts(one, answer):
            self._fact(_MARGIN, *left)
            self._fact(_MARGIN + 290, *right)
            self.y -= _ROW
        self.y -= 8
        for title, x, side in _COLUMNS:
            self._text(x, title, size=_SMALL, bold=True, right=bool(side))
        self.y -= 4
        canvas.line(_MARGIN, self.y, _WIDTH - _MARGIN, self.y)
        self.y -= _ROW
        foot, self.y = self.y, 30.0
        canvas.setFillColorRGB(*_QUIET)
        self._text(_MARGIN, f"Printed by {one.payee_name} from the payer's electronic remittance (835).", size=_SMALL)
        canvas.setFillColorRGB(*_INK)
        self.y = foot

    def _facts(self, one: Explained, answer: RemittanceClaim) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
        number = "No payment" if one.payment_method == "NON" else f"{one.payment_method} {one.trace_number}"
        yield ("Provider", f"{one.payee_name}, NPI {one.payee_npi}"), ("Paid on", one.payment_date.isoformat())
        yield ("Patient", _name(one.patient)), ("Payment", number)
        yield ("Member id", one.member_id), ("Payer's claim number", answer.payer_control_number)
        yield (
            ("Our claim number", answer.control_number),
            ("Processed as", _PROCESSED.get(answer.status, answer.status)),
        )

    def _fact(self, x: float, name: str, value: str) -> None:
        self.canvas.setFillColorRGB(*_QUIET)
        self._text(x, name, size=_SMALL)
        self.canvas.setFillColorRGB(*_INK)
        self._text(x + 88, value)

    def _line(self, line: RemittanceLine) -> None:
        parts = (line.procedure.code, *line.procedure.modifiers)
        code = "-".join(part for part in parts if part) or line.revenue_code
        submitted = line.submitted_procedure
        was = f" (billed {submitted.code})" if submitted is not None and submitted.code != line.procedure.code else ""
        allowed = "" if line.allowed is None else dollars(line.allowed)
        self._row(_day(line.service), f"{code}{was}", f"{line.units.normalize():f}", line.charge, allowed,
                  line.adjustments, line.paid)  # fmt: skip
        for piece in line.adjustments:
            self._piece(piece)
        if line.remarks:
            self._small(f"Remarks: {', '.join(line.remarks)}")
        self._down(4)

    def _row(
        self, day: str, what: str, units: str, charge: int, allowed: str, pieces: Iterable[Adjustment], paid: int,
        *, bold: bool = False,
    ) -> None:  # fmt: skip
        pieces = list(pieces)
        share = sum(piece.amount for piece in pieces if piece.group == "PR")
        other = sum(piece.amount for piece in pieces if piece.group != "PR")
        cells = (day, what, units, dollars(charge), allowed, dollars(other), dollars(share), dollars(paid))
        for (_, x, side), text in zip(_COLUMNS, cells, strict=True):
            self._text(x, text, right=bool(side), bold=bold)
        self._down()

    def _piece(self, piece: Adjustment) -> None:
        self._small(f"{piece.group}-{piece.reason}   {dollars(piece.amount)}")

    def _small(self, text: str) -> None:
        self.canvas.setFillColorRGB(*_QUIET)
        for part in simpleSplit(text, "Helvetica", _SMALL, 400):
            self._text(120, part, size=_SMALL)
            self._down(9.5)
        self.canvas.setFillColorRGB(*_INK)

    def _at_claim_level(self) -> None:
        answer = self.one.answer
        if answer.adjustments:
            self._text(_MARGIN, "Adjustments of the claim as a whole", bold=True)
            self._down()
            for piece in answer.adjustments:
                self._piece(piece)
        if answer.remarks:
            self._small(f"Remarks on the claim: {', '.join(answer.remarks)}")

    def _totals(self) -> None:
        answer = self.one.answer
        self._down(6)
        self.canvas.line(_MARGIN, self.y + _ROW - 2, _WIDTH - _MARGIN, self.y + _ROW - 2)
        pieces = (*answer.adjustments, *(piece for line in answer.lines for piece in line.adjustments))
        allowed = [line.allowed for line in answer.lines if line.allowed is not None]
        shown = dollars(sum(allowed)) if allowed else ""
        self._row("Claim", "", "", answer.charge, shown, pieces, answer.paid, bold=True)

    def _reasons(self) -> None:
        answer = self.one.answer
        pieces = (*answer.adjustments, *(piece for line in answer.lines for piece in line.adjustments))
        codes = sorted({(piece.group, piece.reason) for piece in pieces})
        remarks = dict.fromkeys((*answer.remarks, *(remark for line in answer.lines for remark in line.remarks)))
        if not codes and not remarks:
            return
        self._down(6)
        self._text(_MARGIN, "What the codes mean", bold=True)
        self._down()
        for text in (*map(_adjusted, codes), *map(_remarked, remarks)):
            for part in simpleSplit(text, "Helvetica", 8, _WIDTH - 2 * _MARGIN):
                self._text(_MARGIN, part, size=8)
                self._down(10.5)


def _adjusted(code: tuple[str, str]) -> str:
    name, reason = code
    group, said = group_of(name), carc(reason)
    whose = f" {group.name}." if group else ""
    return f"{name}-{reason}   {said.meaning if said else 'No meaning on file'}.{whose}"


def _remarked(code: str) -> str:
    said = rarc(code)
    return f"{code}   {said.meaning if said else 'No meaning on file'}."


_PROCESSED = {
    "1": "primary",
    "2": "secondary",
    "3": "tertiary",
    "4": "denied",
    "19": "primary, passed on",
    "20": "secondary, passed on",
    "21": "tertiary, passed on",
}


def _name(person: Person) -> str:
    return ", ".join(part for part in (person.last, person.first) if part)


def _day(period: Period) -> str:
    return period.start.isoformat() if period.start is not None else ""
