"""From bytes to segments: delimiters from each ISA, any number of interchanges, constant memory, nothing lost.

The text of a segment is its bytes as Latin-1, which is free and loses nothing; `tidy` makes proper text of one that is
not plain ASCII. Tolerated, because trading partners send it: a byte order mark, blanks and newlines around segments,
newline or CRLF as terminator, lines wrapped at some width, an ISA whose blanks were trimmed, a last segment without
terminator. What stands between segments is kept apart from them (`Lexer.blanks`).
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple, TypeAlias, cast

from msgspec import Struct

from superbill.x12.errors import unreadable

Source: TypeAlias = bytes | str | BinaryIO

CHUNK = 1 << 18
LONGEST_SEGMENT = 1 << 20  # characters; no guide comes near it, and an endless segment must not fill the memory
_BLANK = " \r\n\t\x00\x1a\xef\xbb\xbf"  # with a byte order mark, seen as Latin-1
_LONGEST_ISA = 400
_REPEATING = "00402"  # from this release on ISA11 is the repetition separator; before, it is U
_GZIP = b"\x1f\x8b"


class Delimiters(Struct, frozen=True):
    """The four separators of one interchange, as its ISA gives them."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    segment: str = "~"


STANDARD = Delimiters()


class Batch(NamedTuple):
    """Some segments of one interchange in order. `tidy`: each must go through `tidy` before it is split."""

    delimiters: Delimiters
    ending: str
    segments: list[str]
    tidy: bool


def tidy(raw: str, separator: str) -> list[str]:
    """The elements of a segment that is not plain: newlines dropped, UTF-8 or else Latin-1, trailing blanks off."""
    if not raw.isascii():
        with suppress(UnicodeDecodeError):
            raw = raw.encode("latin-1").decode("utf-8")
    raw = raw.replace("\n", "").replace("\r", "")
    return [text.rstrip(" \t\x00\x1a") for text in raw.split(separator)]


def elements(raw: str, delimiters: Delimiters) -> list[str]:
    """The elements of the raw text of any segment."""
    separator = delimiters.element
    if _is_plain(raw, separator) and raw[-1:] != " " and "\n" not in raw and "\r" not in raw:
        return raw.split(separator)
    return tidy(raw, separator)


def _is_plain(text: str, separator: str) -> bool:
    return text.isascii() and f" {separator}" not in text


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
    found = Delimiters(isa[3], tail[0], "" if fields[12] < _REPEATING else fields[11].strip(), tail[1])
    marks = [found.element, found.component, found.segment]
    if len(set(marks)) < 3 or any(mark.isalnum() or mark == " " for mark in marks):
        raise unreadable(
            "x12.isa.delimiters",
            f"The interchange header (ISA) names unusable delimiters: {' '.join(map(repr, marks))}.",
            "Ask the sender for the file as it was made, without conversion.",
            position,
        )
    return found


class _Joined:
    """What was read of a stream, then the rest of it."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        self.first = first
        self.rest = rest

    def read(self, size: int = -1) -> bytes:
        first, self.first = self.first, b""
        return first or self.rest.read(size)


def _chunks(source: Source) -> Iterator[str]:
    """The source as Latin-1 text, a chunk at a time; gzip is unpacked on the way."""
    if isinstance(source, str):
        source = source.encode("utf-8")
    stream: Any = BytesIO(source) if isinstance(source, (bytes, bytearray, memoryview)) else source
    chunk: bytes = stream.read(CHUNK)
    if chunk.startswith(_GZIP):
        stream = gzip.GzipFile(fileobj=cast("BinaryIO", _Joined(chunk, stream)))
        chunk = _unpacked(stream)
    while chunk:
        yield chunk.decode("latin-1")
        chunk = _unpacked(stream)


def _unpacked(stream: Any) -> bytes:
    try:
        found: bytes = stream.read(CHUNK)
    except (EOFError, OSError, zlib.error) as problem:
        if isinstance(stream, gzip.GzipFile):
            fix = "Ask the sender for the complete file."
            raise unreadable("x12.gzip", f"The compressed file is damaged: {problem}.", fix) from None
        raise
    return found


def _ending(text: str) -> str:
    """The line ending with which `text`, what follows a terminator, begins."""
    return "\r\n" if text.startswith("\r\n") else text[:1] if text[:1] in "\r\n" else ""


def _next_isa(text: str, terminator: str) -> int:
    """Where the next interchange begins in `text`, after its first character; -1 when it doesn't."""
    place = text.find("ISA", 1)
    while place >= 0:
        before = text[max(0, place - 200) : place].rstrip(_BLANK.replace(terminator, ""))
        if before.endswith(terminator) and not text[place + 3 : place + 4].isalnum():
            return place
        place = text.find("ISA", place + 1)
    return -1


class Lexer:
    """A source in segments. Iterate over `batches` once.

    With `keep`, `blanks` collects the white space that differs from the file's regular `ending`, by the number of the
    segment that it precedes, the one after the last included. The negative number of a segment says that it ends
    without terminator.
    """

    def __init__(self, source: Source, keep: bool = False) -> None:
        self.source = source
        self.keep = keep
        self.blanks: dict[int, str] = {}
        self.delimiters: Delimiters | None = None
        self.ending = ""
        self.position = 0  # segments handed over
        self.rest = ""  # begins where a segment ended, or with the file
        self.pending = ""  # empty segments and blanks in front of the next one

    def batches(self) -> Iterator[Batch]:
        """The segments in order, some thousands at a time. Raises X12ReadError for what is not X12 or is cut off."""
        chunks = _chunks(self.source)
        chunk = next(chunks, "")
        for following in chunks:
            yield from self._feed(chunk, final=False)
            chunk = following
        yield from self._feed(chunk, final=True)
        yield from self._close()

    def _feed(self, chunk: str, final: bool) -> Iterator[Batch]:
        text = self.rest + chunk
        while True:
            if self.delimiters is None:
                start = len(text) - len(text.lstrip(_BLANK))
                if len(text) - start < _LONGEST_ISA + 100 and not final:
                    break
                self.pending, text = self.pending + text[:start], text[start:]
                batch, text = self._begin(text)
                yield batch
            assert self.delimiters is not None
            mark = self.delimiters.segment
            border = _next_isa(text, mark)
            now = text if border < 0 else text[:border]
            cut = now.rfind(mark)
            if cut >= 0:
                yield from self._split(now[:cut])
                text = text[cut + 1 :]
            if border < 0:
                break
            self.pending += now[cut + 1 :]
            self.delimiters, text = None, text[border - cut - 1 :]
        self.rest = text
        if len(text) > LONGEST_SEGMENT:
            raise unreadable(
                "x12.segment.endless",
                f"A segment runs over more than {LONGEST_SEGMENT:,} characters.",
                "The file is damaged, or its segment terminator is not the one that its ISA names.",
                self.position + 1,
            )

    def _begin(self, text: str) -> tuple[Batch, str]:
        """The header as a batch of its own, and what follows its terminator."""
        if not text.startswith("ISA"):
            what = f"The file begins with {text[:12]!r}, not with ISA." if text else "The file is empty."
            raise unreadable("x12.not-x12", what, "Give an X12 interchange.", self.position + 1)
        self.delimiters = delimiters_of(text[: _LONGEST_ISA + 100], self.position + 1)
        end = text.index(self.delimiters.segment, len("*".join(text.split(text[3], 16)[:16])))
        self._note("" if self.position == 0 else self.ending)
        self.ending = _ending(text[end + 1 :])
        self.position += 1
        return Batch(self.delimiters, self.ending, [text[:end]], False), text[end + 1 :]

    def _note(self, regular: str) -> None:
        """What stands before the next segment, where it is not as it regularly is."""
        if self.keep and self.pending != regular:
            self.blanks[self.position + 1] = self.pending
        self.pending = ""

    def _split(self, text: str) -> Iterator[Batch]:
        """The segments of `text`, which begins where one ended and ends before a terminator."""
        assert self.delimiters is not None
        mark, ending = self.delimiters.segment, self.ending
        whole = mark + ending
        times = text.count(mark)
        regular = (
            not self.pending
            and text.startswith(ending)
            and (not ending or text.count(whole) == times)
            and text[len(ending) : len(ending) + 1] not in _BLANK
            and not _blank_after(whole).search(text)
        )
        segments = text[len(ending) :].split(whole) if regular else self._irregular(text.split(mark))
        if not segments:
            return
        newlines = text.count("\n") + text.count("\r") - (times if mark in "\r\n" else 0)
        plain = (
            _is_plain(text, self.delimiters.element)
            and f" {mark}" not in text
            and text[-1:] != " "
            and (newlines == len(ending) * len(segments) if regular else not newlines)
        )
        self.position += len(segments) if regular else 0
        yield Batch(self.delimiters, ending, segments, not plain)

    def _irregular(self, pieces: list[str]) -> list[str]:
        found = []
        mark = self.delimiters.segment if self.delimiters else ""
        for piece in pieces:
            body = piece.lstrip(_BLANK)
            self.pending += piece[: len(piece) - len(body)]
            if not body:
                self.pending += mark
                continue
            self._note(self.ending)
            self.position += 1
            found.append(body)
        return found

    def _close(self) -> Iterator[Batch]:
        left = self.rest.lstrip(_BLANK)
        self.pending += self.rest[: len(self.rest) - len(left)]
        if left:
            assert self.delimiters is not None
            if not left.startswith("IEA" + self.delimiters.element):
                raise unreadable(
                    "x12.truncated",
                    f"The file ends in the middle of a segment: {left[:40]!r}.",
                    "Ask the sender for the complete file; nothing after the segment before it was received.",
                    self.position + 1,
                )
            body = left.rstrip(_BLANK)
            self._note(self.ending)
            self.position += 1
            self.pending = left[len(body) :]
            if self.keep:
                self.blanks[-self.position] = ""
            self._note("" if self.pending else self.ending)
            yield Batch(self.delimiters, self.ending, [body], True)
        else:
            self._note(self.ending)


@lru_cache(64)
def _blank_after(whole: str) -> re.Pattern[str]:
    """Finds a terminator that more white space, or another terminator, follows."""
    return re.compile(f"{re.escape(whole)}[{re.escape(_BLANK)}{re.escape(whole[0])}]")
