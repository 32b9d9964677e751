"""Reads a note from its file's bytes, whatever its kind: the door to this room."""

import re
from collections.abc import Callable
from typing import Literal, TypeVar

from msgspec import Struct

from superbill.chart.text.ccda import ccda_text
from superbill.chart.text.decoding import decoded
from superbill.chart.text.html import html_text
from superbill.chart.text.report import Trouble, trouble
from superbill.chart.text.rtf import rtf_text
from superbill.findings import Finding

Kind = Literal["plain", "rtf", "html", "ccda", "empty", "unknown"]
MOST_BYTES = 50_000_000

_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or a Word or OpenDocument file"),
    (b"\xd0\xcf\x11\xe0", "a Word file of the old kind (.doc)"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"RIFF", "a sound or video file"),
    (b"ID3", "a sound file"),
    (b"SQLite format 3\x00", "a database"),
    (b"\x7fELF", "a program"),
)
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|body|head|div|p|table|br|ul|ol|h[1-6]|span)\b[^<>]{0,500}>", re.IGNORECASE
)
_CDA = re.compile(r"<(?:\w{1,20}:)?ClinicalDocument\b")
_XML = re.compile(r"\s*<\?xml\b|\s*<!--")
_CONTROLS = dict.fromkeys([*range(9), 11, *range(14, 32), 127])
_HEAD = 4096


Source = TypeVar("Source", bytes, str)


class Document(Struct, frozen=True):
    """A note as text, the kind of file it was, and what was found while it was read.

    The text's lines end in "\\n". It is "" when the file holds none that can be read; then a finding says why.
    """

    text: str
    kind: Kind
    findings: tuple[Finding, ...] = ()


def read_document(data: bytes, name: str = "") -> Document:
    """The note that a file holds. Never raises for what is in it: `findings` says what could not be read."""
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        return Document("", "empty", (trouble("chart.empty-file", name, "The file is empty."),))
    if len(data) > MOST_BYTES:
        return Document("", "unknown", (trouble("chart.too-large", name, f"The file has {len(data):,} bytes."),))
    for magic, words in _MAGIC:
        if data.startswith(magic):
            return Document("", "unknown", (trouble("chart.not-text", name, f"This is {words}, not a note's text."),))
    if data.lstrip().startswith(b"{\\rtf"):
        return _read(rtf_text, data.lstrip(), "rtf", name, ())
    text, found = decoded(data, name)
    if text is None:
        return Document("", "unknown", found)
    head = text[:_HEAD]
    if _CDA.search(head) and head.lstrip().startswith("<"):
        return _read(ccda_text, text, "ccda", name, found)
    if head.lstrip().startswith("<") and _HTML.search(head):
        return _read(html_text, text, "html", name, found)
    if _XML.match(head):
        words = "This is XML, but no clinical document."
        return Document("", "unknown", (*found, trouble("chart.not-text", name, words)))
    return Document(tidy(text), "plain", found)


def _read(
    reader: Callable[[Source], str], source: Source, kind: Kind, name: str, found: tuple[Finding, ...]
) -> Document:
    try:
        text = tidy(reader(source))
    except Trouble as reason:
        return Document("", kind, (*found, trouble(reason.rule, name, str(reason))))
    if not text.strip():
        found = (*found, trouble("chart.empty-file", name, "The file has no words."))
    return Document(text, kind, found)


def tidy(text: str) -> str:
    """The text with "\\n" at its lines' ends and without control characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
