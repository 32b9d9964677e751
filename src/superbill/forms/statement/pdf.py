"""Renders statements with typst: tagged PDF (PDF/UA-1), the typefaces of the typst wheel, the same bytes each time."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
import typst

from superbill.forms.statement.model import StatementData
from superbill.forms.statement.view import view

# PDF/UA-1: typst refuses what a screen reader could not read (no title, a picture without words, a skipped heading).
_STANDARD: Literal["ua-1"] = "ua-1"


class NothingToSay(ValueError):
    """A statement whose amount due is zero; it is not printed."""


def render(data: StatementData) -> bytes:
    """The PDF of one statement. Raises NothingToSay when nothing is owed and no credit stands."""
    if not data.amount_due:
        raise NothingToSay(f"statement {data.number} asks for nothing")
    template, compiler = _compiler()
    midnight = datetime.combine(data.on, time(), UTC)
    pdf = compiler.compile(
        input=template,
        format="pdf",
        sys_inputs={"data": msgspec.json.encode(view(data)).decode()},
        pdf_standards=_STANDARD,
        timestamp=int(midnight.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no single PDF")
    return pdf


def render_many(statements: Iterable[StatementData]) -> Iterator[tuple[str, bytes]]:
    """(number, PDF) of each statement that says something; those over nothing are left out."""
    for data in statements:
        if data.amount_due:
            yield data.number, render(data)


@cache
def _compiler() -> tuple[bytes, typst.Compiler]:
    """The template and one compiler, which keeps typefaces and parsed template from statement to statement.

    Each compile names its input anew: a compiler made from bytes forgets them after the first.
    """
    template = files(__package__).joinpath("statement.typ").read_bytes()
    return template, typst.Compiler(template, ignore_system_fonts=True)
