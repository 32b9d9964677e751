"""What kind of file this is, by its content alone."""

import codecs
import csv
import re
from typing import BinaryIO

import msgspec

from superbill.chart.fhir import decode
from superbill.chart.fhir.resources import REFERENCE_TYPES
from superbill.chart.streams import beginning, in_utf8
from superbill.chart.synthea.tables import table_of

HEAD = 1 << 16

_LOG = re.compile(rb'\{\s*"exportId"\s*:.*"eventId"\s*:')
_LINES_OF_A_LOG = 50
_TYPES = re.compile(rb'"resourceType"\s*:\s*"([A-Za-z]+)"')


class FileKind(msgspec.Struct, frozen=True):
    """`kind` bundle, lines (ndjson), resource (one, as a document), table (Synthea CSV), log, empty or unknown.

    A log is what a bulk export writes of itself beside its files (SMART bulk data client: exportId, eventId).

    `table` names the CSV table. `only_reference`: nothing in the beginning of a bundle belongs to a patient, so
    that it may serve the others. `words` says what an unknown file looks like.
    """

    kind: str
    table: str = ""
    only_reference: bool = False
    words: str = ""


def sniff(stream: BinaryIO) -> FileKind:
    """The kind of the file whose bytes begin here; reads at most HEAD bytes, rarely more."""
    start = beginning(stream, HEAD)
    head = in_utf8(start).lstrip()
    if not head:
        return FileKind("empty")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _document(head) if head[:1] == b"{" else FileKind("unknown", words="UTF-16 text that is not JSON")
    if all(_LOG.match(line) for line in head.splitlines()[:_LINES_OF_A_LOG]):
        return FileKind("log")
    if head[:1] == b"{":
        return _json(head)
    return _other(head)


def _json(head: bytes) -> FileKind:
    first, newline, rest = head.partition(b"\n")
    if not newline:
        kind = decode.first_type(head)
        return FileKind("lines") if kind not in ("", "Bundle") else _document(head)
    more = re.search(rb"^\{", rest, re.MULTILINE) is not None
    if _is_json(first):
        if not rest.strip() and decode.first_type(first) == "Bundle":
            return _document(head)
        return FileKind("lines")
    # A bundle may put one entry on each line; but lines after a broken first line are still lines.
    if more and first.strip() != b"{" and b'"Bundle"' not in first and b'"entry"' not in first:
        return FileKind("lines")
    return _document(head)


def _document(head: bytes) -> FileKind:
    found = {name.decode() for name in _TYPES.findall(head)}
    if not found:
        return FileKind("bundle") if b'"entry"' in head else FileKind("unknown", words="JSON without a resourceType")
    first = decode.first_type(head)
    if first not in ("", "Bundle"):
        return FileKind("resource")
    return FileKind("bundle", only_reference=found <= REFERENCE_TYPES | {"Bundle", "Endpoint", "HealthcareService"})


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line, type=msgspec.Raw)
    except decode.BROKEN:
        return False
    return True


def _other(head: bytes) -> FileKind:
    first = head.split(b"\n", 1)[0].decode("utf-8", errors="replace").strip()
    try:
        table = table_of(next(csv.reader([first[:5000]]), []))
    except csv.Error:
        table = ""
    if table:
        return FileKind("table", table=table)
    if head.startswith(b"<"):
        return FileKind("unknown", words="XML or HTML")
    if head.startswith(b"ISA"):
        return FileKind("unknown", words="an X12 file")
    return FileKind("unknown", words=f"a file that begins {first[:40]!r}")
