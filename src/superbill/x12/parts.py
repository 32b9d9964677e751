"""A big file cut into parts that can be read by themselves, at the speed of searching bytes.

A cut is made before an interchange, before a transaction set, or within one of the big ones before a loop that holds
units or is one: a billing provider or subscriber of an 837, a claim of an 835, a member of an 834. A part comes with
what it stands in: the envelope segments, the header of its set, the open loops. Only a file whose segments are
separated alike throughout is cut; anything else is said to be odd.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple, cast

from msgspec import Struct

from superbill.x12.errors import X12ReadError
from superbill.x12.lexer import Source, delimiters_of

SIZE = 1 << 18  # bytes of a part; many parts share the work evenly
_MOST = 64  # times that size without a place to cut: not this way
_LOOK = 500  # no ISA is longer
_TAG = 8  # the beginning of a segment, with the terminator before it
_BLANKS = rb"[ \r\n\t\x00\x1a\xef\xbb\xbf%s]"
_GZIP = b"\x1f\x8b"


class _Levels(NamedTuple):
    """The loops of a transaction set before which it can be cut, the outermost first, and the segment of a unit."""

    openers: tuple[bytes, ...]
    unit: bytes


# E stands for the element separator, V for an element.
_LEVELS = {
    b"837": _Levels((b"HLEVEVE20", b"HLEVEVE22"), b"CLM"),
    b"835": _Levels((b"LX", b"CLP"), b"CLP"),
    b"834": _Levels((b"INS",), b"INS"),
}
_NONE = _Levels((), b"")


class Part(Struct, frozen=True):
    """A stretch of a file. `prefix` is what it stands in: segments from before it, `positions` are theirs in the file.

    `first` is the position of the first segment of `text`, `segments` how many it has. Where the cut after it is
    within a transaction set, `following` is what comes next, up to the first segment of a unit. `inside`: the cut
    before it is so. `stretches` are what it has of each interchange, the last part of a file aside.
    """

    prefix: bytes
    positions: tuple[int, ...]
    text: bytes
    first: int
    segments: int
    following: bytes
    inside: bool
    stretches: "tuple[Stretch, ...]"

    def is_regular(self) -> bool:
        """Whether its segments are separated alike, so that those who cut it found what they looked for."""
        for start, end, signs in self.stretches:
            if self.text.count(signs.mark, start, end) != self.text.count(signs.whole, start, end):
                return False
            if _irregular(signs).search(self.text, start, end):
                return False
        return True


class Odd(Exception):
    """The file can't be cut."""


class _Signs(NamedTuple):
    """What separates elements, what ends segments, and that with the line ending that follows."""

    separator: bytes
    mark: bytes
    whole: bytes


class _Piece(NamedTuple):
    """Whole segments that are context, and the position of the first."""

    text: bytes
    position: int


def _signs(text: bytes) -> _Signs:
    """Of the interchange that begins `text`. Raises Odd."""
    if not text.startswith(b"ISA"):
        raise Odd
    head = text[:_LOOK].decode("latin-1")
    try:
        found = delimiters_of(head)
    except X12ReadError as problem:
        raise Odd from problem
    end = head.index(found.segment, len("*".join(head.split(head[3], 16)[:16])))
    ending = re.match(r"(?:\r?\n|\r)?", head[end + 1 :])
    assert ending is not None
    mark = found.segment.encode("latin-1")
    return _Signs(found.element.encode("latin-1"), mark, mark + ending[0].encode())


@lru_cache(64)
def _irregular(signs: _Signs) -> re.Pattern[bytes]:
    """A terminator that white space or another terminator follows, as the lexer has it."""
    return re.compile(re.escape(signs.whole) + _BLANKS % re.escape(signs.mark))


@lru_cache(64)
def _segment(signs: _Signs, kinds: tuple[bytes, ...]) -> bytes:
    """The expression of the beginning of one of the segments."""
    separator = re.escape(signs.separator)
    value = rb"[^%s%s]*" % (separator, re.escape(signs.mark))
    some = [kind.replace(b"E", b"\0").replace(b"V", value).replace(b"\0", separator) for kind in kinds]
    return rb"(?:%s)[%s%s]" % (b"|".join(some), separator, re.escape(signs.mark))


@lru_cache(64)
def _after(signs: _Signs, kinds: tuple[bytes, ...]) -> re.Pattern[bytes]:
    """A terminator that one of the segments follows; matches up to that segment."""
    return re.compile(re.escape(signs.whole) + rb"(?=%s)" % _segment(signs, kinds))


@lru_cache(64)
def _here(signs: _Signs, kinds: tuple[bytes, ...]) -> re.Pattern[bytes]:
    """One of the segments."""
    return re.compile(_segment(signs, kinds))


class Stretch(NamedTuple):
    """What a part has of one interchange."""

    start: int
    end: int
    signs: _Signs


class Cutter:
    """Finds the cuts and knows, at each, what is open."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.signs: _Signs | None = None
        self.position = 1
        self.isa: _Piece | None = None
        self.gs: _Piece | None = None
        self.header: _Piece | None = None  # ST and what follows it up to the first loop of a level
        self.levels = _NONE
        self.open: list[_Piece] = []  # a loop of each level, as far as they are open
        self.inside = False

    # --- finding ---

    def find(self, buffer: bytes) -> tuple[int, int, list[Stretch]] | None:
        """(cut, end of what must be read beyond it, the stretches before it); None when there is none so far."""
        stretches: list[Stretch] = []
        start, signs, levels = 0, self.signs, self.levels
        while True:
            if signs is None or buffer.startswith(b"ISA", start):
                signs, levels = _signs(buffer[start : start + _LOOK]), _NONE
            border = _next_isa(buffer, signs, start)
            limit = len(buffer) if border < 0 else border
            if limit >= self.size:
                found = self._within(buffer, start, limit, signs, levels)
                if found is not None:
                    return *found, [*stretches, Stretch(start, found[0], signs)]
            if border < 0 or len(buffer) - border < _LOOK:
                return None
            stretches.append(Stretch(start, border, signs))
            if border >= self.size:
                return border, border, stretches
            start = border

    def _within(self, buffer: bytes, start: int, limit: int, signs: _Signs, levels: _Levels) -> tuple[int, int] | None:
        """The first cut of an interchange that is late enough, with the end of what follows it."""
        late = max(start, self.size)
        st = _last(buffer, signs, b"ST", start, late)
        if st >= 0:
            levels = _levels(buffer[st : st + _LOOK], signs)
        found = _after(signs, (b"ST", *levels.openers)).search(buffer, max(start, late - _TAG), limit)
        if found is None:
            return None
        cut = found.end()
        if buffer.startswith(b"ST", cut):
            return cut, cut
        unit = _after(signs, (b"ST", b"SE", levels.unit)).search(buffer, found.start(), limit)
        if unit is not None and buffer.startswith(levels.unit, unit.end()):
            end = buffer.find(signs.whole, unit.end(), limit)
            return None if end < 0 else (cut, end + len(signs.whole))
        later = _after(signs, (b"ST",)).search(buffer, cut, limit)
        return None if later is None else (later.end(), later.end())

    # --- knowing ---

    def part(self, buffer: bytes, cut: int, end: int, stretches: list[Stretch]) -> Part:
        """The part before the cut; from now on the cutter stands at it."""
        pieces = [piece for piece in (self.isa, self.gs) if piece is not None and not buffer.startswith(b"ISA")]
        if self.inside:
            assert self.header is not None
            pieces += [self.header, *self.open]
        first, inside = self.position, self.inside
        positions = [
            piece.position + each
            for piece in pieces
            for each in range(piece.text.count(self.signs.mark if self.signs else b""))
        ]
        self.inside = end > cut
        for stretch in stretches:
            self._learn(buffer[stretch.start : stretch.end], stretch.signs, self.inside)
        if self.inside:
            self._close(buffer[cut : cut + _LOOK])
        return Part(
            prefix=b"".join([piece.text for piece in pieces]),
            positions=tuple(positions),
            text=buffer[:cut],
            first=first,
            segments=self.position - first,
            following=buffer[cut:end],
            inside=inside,
            stretches=tuple(stretches),
        )

    def last(self, buffer: bytes) -> Part:
        """The part that the file ends with."""
        return self.part(buffer, len(buffer), len(buffer), [])

    def _learn(self, text: bytes, signs: _Signs, within: bool) -> None:
        """What is open after a stretch of one interchange; `within` a transaction set no group begins or ends."""
        whole = signs.whole
        self.signs = signs
        if text.startswith(b"ISA"):
            self.isa = self._piece(text, 0, text.index(whole, text.index(signs.mark)) + len(whole))
            self.gs = self.header = None
            self.open = []
        st = _last(text, signs, b"ST", 0, len(text))
        if st >= 0 or not within:
            gs, ge = (_last(text, signs, tag, 0, len(text)) for tag in (b"GS", b"GE"))
            if gs >= 0:
                self.gs = self._piece(text, gs, text.index(whole, gs) + len(whole))
            if ge > gs:
                self.gs = None
        if st >= 0:
            self.levels = _levels(text[st : st + _LOOK], signs)
            self.header = self._piece(text, st, self._next(text, st, signs))
            self.open = []
        self._open(text, max(st, 0), signs)
        self.position += text.count(signs.mark)

    def _open(self, text: bytes, since: int, signs: _Signs) -> None:
        """The last loop of each level but the innermost, each within the one before it."""
        for depth, opener in enumerate(self.levels.openers[:-1]):
            at = since if _here(signs, (opener,)).match(text, since) else -1
            for found in _after(signs, (opener,)).finditer(text, since):
                at = found.end()
            if at >= 0:
                self.open[depth:] = [self._piece(text, at, self._next(text, at, signs))]
                since = at

    def _next(self, text: bytes, at: int, signs: _Signs) -> int:
        """Where, after `at`, the next loop of a level begins, or the text ends."""
        found = _after(signs, self.levels.openers or (b"SE",)).search(text, at)
        return len(text) if found is None else found.end()

    def _close(self, text: bytes) -> None:
        """The loops that the segment after a cut closes are no context of what follows."""
        assert self.signs is not None
        for depth, opener in enumerate(self.levels.openers):
            if _here(self.signs, (opener,)).match(text):
                del self.open[depth:]

    def _piece(self, text: bytes, start: int, end: int) -> _Piece:
        assert self.signs is not None
        return _Piece(text[start:end], self.position + text.count(self.signs.mark, 0, start))


def _next_isa(buffer: bytes, signs: _Signs, start: int) -> int:
    found = re.compile(re.escape(signs.whole) + rb"ISA(?![A-Za-z0-9])").search(buffer, start)
    return -1 if found is None else found.start() + len(signs.whole)


def _last(text: bytes, signs: _Signs, tag: bytes, start: int, end: int) -> int:
    """Where the last segment of an id begins; -1 for nowhere."""
    at = text.rfind(signs.whole + tag + signs.separator, start, end)
    if at >= 0:
        return at + len(signs.whole)
    return start if text.startswith(tag + signs.separator, start, end) else -1


def _levels(st: bytes, signs: _Signs) -> _Levels:
    e = st.split(signs.mark, 1)[0].split(signs.separator)
    return _LEVELS.get(e[1].strip() if len(e) > 1 else b"", _NONE)


def opened(source: Source) -> BinaryIO:
    """A source as a stream of bytes, unpacked."""
    if isinstance(source, str):
        source = source.encode()
    stream: Any = BytesIO(source) if isinstance(source, bytes) else source
    first = stream.read(len(_GZIP))
    stream.seek(-len(first), 1)
    return cast("BinaryIO", gzip.GzipFile(fileobj=stream)) if first == _GZIP else cast("BinaryIO", stream)


def _cuts(stream: BinaryIO, size: int) -> Iterator[Part]:
    """The parts as far as the stream can be cut. Raises Odd there."""
    cutter = Cutter(size)
    buffer, more = b"", True
    wanted = usual = size + size // 4
    while True:
        try:
            while more and len(buffer) < wanted:
                read = stream.read(wanted - len(buffer))
                buffer, more = buffer + read, bool(read)
        except (EOFError, OSError, zlib.error) as problem:
            raise Odd from problem
        found = cutter.find(buffer)
        if found is not None:
            yield cutter.part(buffer, *found)
            buffer, wanted = buffer[found[0] :], usual
        elif not more:
            yield cutter.last(buffer)
            return
        elif wanted >= _MOST * size:
            raise Odd
        else:
            wanted *= 2


def parts(source: Source, size: int = SIZE) -> Iterator[Part | None]:
    """The parts of a file, in order; at most a few of them are in memory. None for one that can't be cut from there."""
    try:
        yield from _cuts(opened(source), size)
    except Odd:
        yield None
