"""Renders appeal letters with typst: tagged PDF (PDF/UA-1), the same bytes each time."""

from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
import typst

from superbill.forms.letter.model import AppealLetter, missing
from superbill.forms.letter.view import view

_STANDARD: Literal["ua-1"] = "ua-1"


class LetterIncomplete(ValueError):
    """Facts that the letter can't do without are missing; the message names them. Nothing was printed."""


def render(letter: AppealLetter) -> bytes:
    """The PDF of one letter. Raises LetterIncomplete, naming every fact that it lacks."""
    if lacking := missing(letter):
        raise LetterIncomplete(f"claim {letter.our_number}: the letter lacks {'; '.join(lacking)}")
    template, compiler = _compiler()
    midnight = datetime.combine(letter.on, time(), UTC)
    pdf = compiler.compile(
        input=template,
        format="pdf",
        sys_inputs={"data": msgspec.json.encode(view(letter)).decode()},
        pdf_standards=_STANDARD,
        timestamp=int(midnight.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no single PDF")
    return pdf


@cache
def _compiler() -> tuple[bytes, typst.Compiler]:
    template = files(__package__).joinpath("letter.typ").read_bytes()
    return template, typst.Compiler(template, ignore_system_fonts=True)
