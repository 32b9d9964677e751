"""From bytes to segments: delimiters from each ISA, any number of interchanges, constant memory.

Tolerated, because trading partners send it: a byte order mark, blanks and newlines around segments, newline or CRLF
as terminator, an ISA whose blanks were trimmed, a last segment without terminator. Text is UTF-8; a byte that is not
is read as Latin-1. Newlines inside a segment are dropped unless they are the terminator.
"""

import codecs
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, TypeAlias

from msgspec import Struct

from superbill.x12.errors import unreadable

Source: TypeAlias = bytes | str | BinaryIO

CHUNK = 1 << 18
LONGEST_SEGMENT = 1 << 20  # characters; no guide comes near it, and an endless segment must not fill the memory
_BLANK = " \r\n\t\x00\x1a\ufeff"
_LONGEST_ISA = 400


class Delimiters(Struct, frozen=True):
    """The four separators of one interchange, as its ISA gives them."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    segment: str = "~"


STANDARD = Delimiters()


def _as_latin_1(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("superbill.latin-1", _as_latin_1)


def delimiters_of(isa: str, position: int = 1) -> Delimiters:
    """The delimiters of an interchange header; `isa` begins with "ISA" and may run on.

    Raises X12ReadError when the header is cut off or its delimiters are not distinct punctuation.
    """
    fields = isa.split(isa[3], 16) if len(isa) > 3 else []
    if len(fields) < 17 or len(fields[16]) < 2 or sum(map(len, fields[:16])) > _LONGEST_ISA:
        raise unreadable(
            "x12.isa.truncated",
            "The interchange header (ISA) has not its 16 elements.",
            "Ask the sender for the complete file.",
            position,
        )
    tail = fields[16]
    found = Delimiters(isa[3], tail[0], fields[11], tail[1])
    if tail[1] == "\r":  # CRLF as terminator
        found = Delimiters(isa[3], tail[0], fields[11], "\n")
    marks = [found.element, found.component, found.segment]
    if len(set(marks)) < 3 or any(mark.isalnum() or mark == " " for mark in marks):
        raise unreadable(
            "x12.isa.delimiters",
            f"The interchange header (ISA) names unusable delimiters: {' '.join(map(repr, marks))}.",
            "Ask the sender for the file as it was made, without conversion.",
            position,
        )
    return found


def _text(source: Source) -> Iterator[str]:
    """The source as text, a chunk at a time."""
    if isinstance(source, str):
        for start in range(0, len(source), CHUNK):
            yield source[start : start + CHUNK]
        return
    stream = BytesIO(source) if isinstance(source, (bytes, bytearray, memoryview)) else source
    decoder = codecs.getincrementaldecoder("utf-8")("superbill.latin-1")
    while chunk := stream.read(CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _next_isa(text: str, terminator: str) -> int:
    """Where the next interchange begins in `text`, after its first character; -1 when it doesn't."""
    place = text.find("ISA", 1)
    while place >= 0:
        before = text[max(0, place - 200) : place].rstrip(_BLANK if terminator != "\n" else " \r\t\x00\x1a\ufeff")
        if before.endswith(terminator) and not text[place + 3 : place + 4].isalnum():
            return place
        place = text.find("ISA", place + 1)
    return -1


def _split(text: str, delimiters: Delimiters) -> list[str]:
    """The segments of `text`; the last one is what follows the last terminator."""
    mark = delimiters.segment
    if mark != "\n":
        if "\n" in text:
            text = text.replace("\n", "")
        if "\r" in text:
            text = text.replace("\r", "")
        return text.split(mark)
    return text.replace("\r", "").split(mark)


class _Tokens:
    """The state between two chunks: what is left over, the delimiters, how many segments went by."""

    def __init__(self) -> None:
        self.rest = ""
        self.delimiters: Delimiters | None = None
        self.position = 0

    def feed(self, chunk: str, final: bool) -> Iterator[tuple[Delimiters, list[str]]]:
        text = self.rest + chunk
        while True:
            if self.delimiters is None:
                text = text.lstrip(_BLANK)
                if len(text) < _LONGEST_ISA and not final:
                    break
                self._begin(text)
            assert self.delimiters is not None
            border = _next_isa(text, self.delimiters.segment)
            now, later = (text, "") if border < 0 else (text[:border], text[border:])
            segments = _split(now, self.delimiters)
            left = segments.pop()
            batch = [segment for segment in map(str.strip, segments) if segment]
            self.position += len(batch)
            if batch:
                yield self.delimiters, batch
            if border < 0:
                text = left
                break
            self.delimiters, text = None, later
        self.rest = text
        if len(text) > LONGEST_SEGMENT:
            raise unreadable(
                "x12.segment.endless",
                f"A segment runs over more than {LONGEST_SEGMENT:,} characters.",
                "The file is damaged, or its segment terminator is not the one that its ISA names.",
                self.position + 1,
            )

    def _begin(self, text: str) -> None:
        if not text.startswith("ISA"):
            what = "The file is empty." if not text else f"The file begins with {text[:12]!r}, not with ISA."
            raise unreadable("x12.not-x12", what, "Give an X12 interchange.", self.position + 1)
        self.delimiters = delimiters_of(text[: _LONGEST_ISA + 100], self.position + 1)

    def close(self) -> Iterator[tuple[Delimiters, list[str]]]:
        left = self.rest.strip(_BLANK)
        if not left:
            return
        assert self.delimiters is not None
        if not left.startswith("IEA" + self.delimiters.element):
            raise unreadable(
                "x12.truncated",
                f"The file ends in the middle of a segment: {left[:40]!r}.",
                "Ask the sender for the complete file; nothing after the segment before it was received.",
                self.position + 1,
            )
        yield self.delimiters, [left]


def batches(source: Source) -> Iterator[tuple[Delimiters, list[str]]]:
    """The segments of a source in order, some thousands at a time, with the delimiters that hold for them.

    A batch never spans two interchanges. Raises X12ReadError for what is not X12 or ends within a segment.
    """
    tokens = _Tokens()
    chunks = _text(source)
    chunk = next(chunks, "")
    for following in chunks:
        yield from tokens.feed(chunk, final=False)
        chunk = following
    yield from tokens.feed(chunk, final=True)
    yield from tokens.close()


def segments(source: Source) -> Iterator[list[str]]:
    """Every segment as its elements, the segment id first."""
    for delimiters, batch in batches(source):
        for segment in batch:
            yield segment.split(delimiters.element)
