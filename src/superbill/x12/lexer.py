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
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeAlias, cast

from msgspec import Struct

from superbill.x12.errors import unreadable

Source: TypeAlias = bytes | str | Path | BinaryIO

CHUNK = 1 << 15
LONGEST_SEGMENT = 1 << 20  # characters; no guide comes near it, and an endless segment must not fill the memory
_BLANK = " \r\n\t\x00\x1a"
_BEFORE_ISA = f"{_BLANK}\xef\xbb\xbf"  # with a byte order mark, seen as Latin-1
_BLANKS = re.compile(f"[{_BEFORE_ISA}]*")
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
    return [text.rstrip(" ") for text in raw.split(separator)]


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
    marks = [isa[3], tail[0], tail[1]]
    if len(set(marks)) < 3 or not all(map(_is_mark, marks)) or marks[0] in "\r\n" or marks[1] in "\r\n":
        raise unreadable(
            "x12.isa.delimiters",
            f"The interchange header (ISA) names unusable delimiters: {' '.join(map(repr, marks))}.",
            "Ask the sender for the file as it was made, without conversion.",
            position,
        )
    repetition = fields[11].strip(" ")
    if fields[12] < _REPEATING or len(repetition) != 1 or not _is_mark(repetition) or repetition in marks:
        repetition = ""  # a letter here is left from a release that had no repetitions; to split at it would corrupt
    return Delimiters(marks[0], marks[1], repetition, marks[2])


def _is_mark(text: str) -> bool:
    """Whether a character can separate: ASCII, neither letter nor digit nor blank."""
    return text.isascii() and not text.isalnum() and text != " "


class _Joined:
    """What was read of a stream, then the rest of it."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        self.first = first
        self.rest = rest

    def read(self, size: int) -> bytes:
        if not self.first:
            return self.rest.read(size)
        found, self.first = self.first[:size], self.first[size:]
        return found


def chunks(source: Source) -> Iterator[str]:
    """The source as Latin-1 text, a chunk at a time; gzip is unpacked on the way."""
    if isinstance(source, Path):
        with source.open("rb") as opened:
            yield from chunks(opened)
        return
    if isinstance(source, str):
        source = source.encode("utf-8")
    stream: Any = BytesIO(source) if isinstance(source, (bytes, bytearray, memoryview)) else source
    chunk: bytes = stream.read(CHUNK)
    if len(chunk) < len(_GZIP):
        chunk += stream.read(CHUNK)
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


def _next_isa(text: str, at: int, terminator: str, start: int) -> int:
    """Where the next interchange begins in `text` from `start`; a segment ended before `at`. -1 when it doesn't."""
    blank = _BEFORE_ISA.replace(terminator, "")
    edge = blank + terminator
    place = text.find("ISA", start)
    while place >= 0:
        known = place == at or text[place - 1] in edge
        if known and not text[place + 3 : place + 4].isalnum() and _ended(text, at, place, blank, terminator):
            return place if place + 3 < len(text) else -1  # what follows, in the next chunk, may be a letter
        place = text.find("ISA", place + 3)
    return -1


def _ended(text: str, at: int, place: int, blank: str, terminator: str) -> bool:
    """Whether nothing but blanks stands between `place` and the end of a segment."""
    window = 16
    while True:
        start = max(at, place - window)
        before = text[start:place].rstrip(blank)
        if before or start == at:
            return not before or before.endswith(terminator)
        window *= 4


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
        self.searched = 0  # characters of it in which no interchange begins
        self.pending: list[str] = []  # empty segments and blanks in front of the next one, in pieces

    def batches(self) -> Iterator[Batch]:
        """The segments in order, some thousands at a time. Raises X12ReadError for what is not X12 or is cut off."""
        rest = chunks(self.source)
        chunk = next(rest, "")
        for following in rest:
            yield from self._feed(chunk, final=False)
            chunk = following
        yield from self._feed(chunk, final=True)
        yield from self._close()

    def _feed(self, chunk: str, final: bool) -> Iterator[Batch]:
        text = self.rest + chunk
        at, searched, self.searched = 0, self.searched, 0
        while True:
            if self.delimiters is None:
                start = _blanks_end(text, at)
                if len(text) - start < _LONGEST_ISA + 100 and not final:
                    break
                self._leave(text[at:start])
                batch, at = self._begin(text, start)
                yield batch
            assert self.delimiters is not None
            mark = self.delimiters.segment
            border = _next_isa(text, at, mark, max(at, searched))
            cut = text.rfind(mark, at, border if border >= 0 else len(text))
            if cut >= 0:
                yield from self._split(text[at:cut])
                at = cut + 1
            if border < 0:
                self.searched = max(0, len(text) - at - len("ISA"))
                break
            self._leave(text[at:border])
            self.delimiters, at = None, border
        self.rest = text = text[at:]
        if len(text) > LONGEST_SEGMENT:
            raise unreadable(
                "x12.segment.endless",
                f"A segment runs over more than {LONGEST_SEGMENT:,} characters.",
                "The file is damaged, or its segment terminator is not the one that its ISA names.",
                self.position + 1,
            )

    def _begin(self, text: str, at: int) -> tuple[Batch, int]:
        """The header, at `at`, as a batch of its own, and the place after its terminator."""
        header = text[at : at + _LONGEST_ISA + 100]
        if not header.startswith("ISA"):
            what = f"The file begins with {header[:12]!r}, not with ISA." if header else "The file is empty."
            raise unreadable("x12.not-x12", what, "Give an X12 interchange.", self.position + 1)
        self.delimiters = delimiters_of(header, self.position + 1)
        end = len("*".join(header.split(header[3], 16)[:16])) + 2
        self._note("" if self.position == 0 else self.ending)
        self.ending = _ending(header[end + 1 : end + 3])
        self.position += 1
        return Batch(self.delimiters, self.ending, [header[:end]], False), at + end + 1

    def _leave(self, text: str) -> None:
        """White space, or empty segments, in front of the next segment."""
        if text:
            self.pending.append(text if self.keep else "")

    def _note(self, regular: str) -> None:
        """What stands before the next segment, where it is not as it regularly is."""
        if self.keep and (found := "".join(self.pending)) != regular:
            self.blanks[self.position + 1] = found
        self.pending.clear()

    def _split(self, text: str) -> Iterator[Batch]:
        """The segments of `text`, which begins where one ended and ends before a terminator."""
        assert self.delimiters is not None
        mark, ending = self.delimiters.segment, self.ending
        whole = mark + ending
        times = text.count(mark)
        segments = [] if self.pending or not text.startswith(ending) else text[len(ending) :].split(whole)
        regular = (
            len(segments) == times + 1
            and min(segments) > "!"  # none is empty or begins with a blank
            and (text.isascii() or not _blank_after(whole).search(text))
        )
        if not regular:
            segments = self._irregular(text)
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

    def _irregular(self, text: str) -> list[str]:
        found = []
        assert self.delimiters is not None
        mark = self.delimiters.segment
        at = 0
        for body in _bodies(mark).finditer(text):
            self._leave(text[at : body.start()])
            self._note(self.ending)
            self.position += 1
            found.append(body[0])
            at = body.end() + 1
        if at <= len(text):
            self._leave(text[at:] + mark)
        return found

    def _close(self) -> Iterator[Batch]:
        left = self.rest.lstrip(_BLANK)
        self._leave(self.rest[: len(self.rest) - len(left)])
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
            self._leave(left[len(body) :])
            if self.keep:
                self.blanks[-self.position] = ""
            self._note("" if self.pending else self.ending)
            yield Batch(self.delimiters, self.ending, [body], True)
        else:
            self._note(self.ending)


def _blanks_end(text: str, at: int) -> int:
    """Where the blanks at `at`, before an interchange, end."""
    found = _BLANKS.match(text, at)
    assert found is not None
    return found.end()


@lru_cache(64)
def _blank_after(whole: str) -> re.Pattern[str]:
    """Finds a terminator that more white space, or another terminator, follows."""
    return re.compile(f"{re.escape(whole)}[{re.escape(_BLANK)}{re.escape(whole[0])}]")


@lru_cache(64)
def _bodies(mark: str) -> re.Pattern[str]:
    """Finds each segment without the blanks, and empty segments, in front of it."""
    return re.compile(f"[^{re.escape(_BLANK + mark)}][^{re.escape(mark)}]*")
