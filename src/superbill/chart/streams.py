"""Bytes of foreign files: unpacked, measured against limits, cut into lines."""

import codecs
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from msgspec import Struct

_GZIP = b"\x1f\x8b"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

BROKEN = (OSError, EOFError, zlib.error)
"""What reading a foreign stream may raise; gzip's own errors among them."""


class SourceFile(Struct, frozen=True):
    """A file to read: its name for people, and how to open it. It may be opened more than once."""

    name: str
    open: Callable[[], BinaryIO]


class Limits(Struct, frozen=True):
    """The most that is taken into memory at once, in bytes after unpacking."""

    document: int = 1 << 30
    line: int = 1 << 27


class TooLarge(ValueError):
    """More bytes than the limit allows; the message says which."""


@contextmanager
def opened(file: SourceFile) -> Iterator[BinaryIO]:
    """The file's bytes from the start, unpacked if they are gzip. May raise any of BROKEN, then and on reading."""
    with file.open() as raw:
        stream = raw if hasattr(raw, "peek") else io.BufferedReader(cast(io.RawIOBase, raw))
        if stream.peek(2)[:2] == _GZIP:
            with gzip.GzipFile(fileobj=stream, mode="rb") as unpacked:
                yield cast(BinaryIO, unpacked)
        else:
            yield stream


def beginning(stream: BinaryIO, size: int) -> bytes:
    """The first `size` bytes, or as many as can be had; raises one of BROKEN when there is not even one."""
    head = bytearray()
    try:
        while len(head) < size and (part := stream.read1(size - len(head))):  # type: ignore[attr-defined]  # buffered
            head += part
    except BROKEN:
        if not head:
            raise
    return bytes(head)


def whole(stream: BinaryIO, limits: Limits) -> bytes:
    """All bytes as UTF-8 without a byte order mark. Raises TooLarge."""
    data = stream.read(limits.document + 1)
    if len(data) > limits.document:
        raise TooLarge(f"more than {limits.document:,} bytes in one document")
    return in_utf8(data)


def in_utf8(data: bytes) -> bytes:
    """Without a byte order mark; UTF-16 that carries one becomes UTF-8."""
    if data.startswith(_UTF16):
        return data.decode("utf-16", errors="replace").encode()
    return data.removeprefix(codecs.BOM_UTF8)


def lines(stream: BinaryIO, limits: Limits) -> Iterator[tuple[int, bytes]]:
    """Lines that are not blank, with their numbers from 1. A line over the limit raises TooLarge."""
    number = 0
    while line := stream.readline(limits.line + 1):
        number += 1
        if len(line) > limits.line:
            raise TooLarge(f"line {number:,} has more than {limits.line:,} bytes")
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if line.strip():
            yield number, line
