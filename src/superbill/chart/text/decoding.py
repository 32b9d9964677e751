"""From bytes to characters: UTF-8, UTF-16, else the Windows code page that old systems write."""

import codecs

from superbill.chart.text.report import trouble
from superbill.findings import Finding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNUSED = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")
"""Bytes that Windows-1252 gives no character."""
_SAMPLE = 4096
_BINARY = 0.05
"""More control characters among the first bytes than this share, and a file is no text."""
_CONTROL = bytes([*range(9), *range(14, 27), *range(28, 32)])


def decoded(data: bytes, name: str) -> tuple[str | None, tuple[Finding, ...]]:
    """The characters of a file; None, with a finding, for one that is no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data, encoding, name)
    wide = _unmarked_utf16(data)
    if wide:
        return data.decode(wide, errors="replace"), ()
    sample = data[:_SAMPLE]
    if len(sample) - len(sample.translate(None, _CONTROL)) > len(sample) * _BINARY:
        return None, (trouble("chart.not-text", name, "This is no text, but bytes of another kind of file."),)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as reason:
        words = f"The file is not UTF-8 (byte {reason.start:,}): read as Windows-1252."
    found = (trouble("chart.wrong-encoding", name, words),)
    if not any(byte in data for byte in _UNUSED):
        return data.decode("cp1252"), found
    return data.decode("latin-1"), found


def _marked(data: bytes, encoding: str, name: str) -> tuple[str, tuple[Finding, ...]]:
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError as reason:
        words = f"The file says it is {encoding}, but byte {reason.start:,} is not: it was passed over."
        return data.decode(encoding, errors="replace"), (trouble("chart.wrong-encoding", name, words),)


def _unmarked_utf16(data: bytes) -> str:
    """UTF-16 without a mark: every second byte of ordinary text is zero."""
    sample = data[:_SAMPLE]
    half = len(sample) // 2
    if half < 2:
        return ""
    if sample[1::2].count(0) > half * 0.6 and sample[0::2].count(0) < half * 0.1:
        return "utf-16-le"
    if sample[0::2].count(0) > half * 0.6 and sample[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return ""
