"""Typesets a template of a form with typst: tagged PDF (PDF/UA-1), typefaces of the typst wheel, the same bytes each
time."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec
import typst

# PDF/UA-1: typst refuses what a screen reader could not read (no title, a picture without words, a skipped heading).
_STANDARD: Literal["ua-1"] = "ua-1"


def typeset(package: str, template: str, data: Mapping[str, Any], on: date) -> bytes:
    """The PDF of `template`, which lies beside `package` and reads `data` as JSON; `on` is the day it was made."""
    source, compiler = _compiler(package, template)
    midnight = datetime.combine(on, time(), UTC)
    pdf = compiler.compile(
        input=source,
        format="pdf",
        sys_inputs={"data": msgspec.json.encode(data).decode()},
        pdf_standards=_STANDARD,
        timestamp=int(midnight.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no single PDF")
    return pdf


@cache
def _compiler(package: str, template: str) -> tuple[bytes, typst.Compiler]:
    """The template and one compiler, which keeps typefaces and parsed template from paper to paper."""
    source = files(package).joinpath(template).read_bytes()
    return source, typst.Compiler(source, ignore_system_fonts=True)
