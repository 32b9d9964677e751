"""Official files as they come: plain, gzipped, or members of a zip archive. One `Source` for each."""

import gzip
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from superbill.codesets.release import Refused
from superbill.codesets.sqlite_file import Draft
from superbill.codesets.store import Store

LIMIT = 400_000_000  # bytes unpacked: the largest official file (ICD-10-PCS tables) is a tenth of it
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_LONG_DAY = re.compile(r"(" + "|".join(_MONTHS) + r")[-_ ]+(\d{1,2})[-_ ,]+(20\d\d)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


class Source(Struct, frozen=True):
    """One file, unpacked: `name` as shown ("cms_2026_dx.zip/icd10cm_order_2026.txt"), its bytes, their sha256."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """Of the unpacked bytes: the same file is the same whether zipped or not."""
        return hashlib.sha256(self.data).hexdigest()

    def text(self, encoding: str = "utf-8-sig") -> str:
        """The bytes as text. Raises Refused with the line at which they are not of the encoding."""
        try:
            return self.data.decode(encoding)
        except UnicodeDecodeError as problem:
            line = self.data.count(b"\n", 0, problem.start) + 1
            raise Refused(
                f"is not {encoding} text.", place=f"{self.name}:{line:,}", fix="Download it again."
            ) from problem


class Layout(Protocol):
    """An official file layout. `title` names it for people; `systems` are the slugs of the releases it gives."""

    title: str
    systems: tuple[str, ...]

    def recognizes(self, source: Source) -> bool:
        """Whether the content (never only the name) is of this layout. Cheap: looks at the first lines."""
        ...

    def drafts(self, source: Source, store: Store, effective: date | None) -> Iterator[Draft]:
        """The releases in the file. `effective` overrules what the file says. Raises Refused with the line."""
        ...


def sources(path: Path) -> Iterator[Source]:
    """The files in `path`, sorted by name. Raises Refused for an archive that is broken, encrypted or absurdly big."""
    data = path.read_bytes()
    try:
        if data[:2] == b"\x1f\x8b":
            yield Source(path.name.removesuffix(".gz"), _gunzip(data, path))
        elif data[:4] == b"PK\x03\x04" and not path.name.lower().endswith((".xlsx", ".docx")):
            yield from _members(data, path, path.name)
        else:
            yield Source(path.name, data)
    except (zipfile.BadZipFile, EOFError, OSError, zlib.error, RuntimeError, NotImplementedError) as problem:
        raise Refused(
            "is a broken or encrypted archive.", place=path.name, fix="Download it again, or unpack it."
        ) from problem


def _gunzip(data: bytes, path: Path) -> bytes:
    with gzip.open(io.BytesIO(data)) as stream:
        return _limited(stream.read(LIMIT + 1), path)


def _members(data: bytes, path: Path, name: str) -> Iterator[Source]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in sorted(archive.infolist(), key=lambda member: member.filename):
            if not member.is_dir():
                with archive.open(member) as stream:
                    inner, named = _limited(stream.read(LIMIT + 1), path), f"{name}/{member.filename}"
                if inner[:4] == b"PK\x03\x04" and named.lower().endswith(".zip"):
                    yield from _members(inner, path, named)  # the coverage database's archives hold another
                else:
                    yield Source(named, inner)


def _limited(data: bytes, path: Path) -> bytes:
    if len(data) > LIMIT:
        raise Refused(f"unpacks to more than {LIMIT:,} bytes.", place=path.name, fix="No official file does.")
    return data


def effective_from_name(name: str) -> date | None:
    """The first day that a file name tells: "April-1-2026" is that day; a fiscal year 2026 begins 2025-10-01."""
    name = name.rpartition("/")[2]
    day = _LONG_DAY.search(name)
    if day:
        month = _MONTHS.index(day[1].lower()) + 1
        return date(int(day[3]), month, int(day[2]))
    year = _YEAR.search(name)
    return date(int(year[1]) - 1, 10, 1) if year else None
