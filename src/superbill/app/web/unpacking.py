"""Files that a person drops, as bytes: ZIPs and gzip are opened, and nothing unpacks to more than it may."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from msgspec import Struct

MEGABYTE = 1024 * 1024
_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"
_GZIP_MEMBER = 31  # zlib's word for: with the head and the checksum of a gzip file


class Most(Struct, frozen=True, kw_only=True):
    """Limits in bytes: of one file, of what a drop unpacks to; of the files in one ZIP; and of how well they pack:
    what packs better than `ratio` is a bomb."""

    file: int
    together: int
    members: int = 500
    ratio: int = 200


class Dropped(Struct, frozen=True):
    """One file with its bytes, or why it was not even looked at. `path` is its name inside of its ZIP."""

    name: str
    data: bytes = b""
    refused: str = ""
    path: str = ""


def unpacked(files: Iterable[UploadedFile[Any]], most: Most) -> Iterator[Dropped]:
    """Every file of a drop, those inside ZIPs and gzip too, never more than `most.together` bytes."""
    left = most.together
    for file in files:
        name = str(file.name or "")[-120:]
        if (file.size or 0) > most.file:
            yield Dropped(name, refused=_("is larger than %s MB, more than any of these files is.") % _mb(most.file))
            continue
        data = file.read(most.file + 1)
        zipped = data.startswith(_ZIP)
        for packed in _members(name, data, left, most) if zipped else (Dropped(name, data, path=name),):
            one = _gunzipped(packed, min(left, most.file), most.ratio)
            left -= len(one.data)
            if left < 0:
                late = _("came after %s MB in one drop. Drop the rest by itself.") % _mb(most.together)
                yield Dropped(one.name, refused=late)
                return
            yield one


def _mb(size: int) -> int:
    return size // MEGABYTE


def _members(name: str, data: bytes, left: int, most: Most) -> Iterator[Dropped]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        yield Dropped(name, refused=_("is a ZIP that can’t be opened."))
        return
    with archive:
        inside = [one for one in archive.infolist() if not one.is_dir()]
        if len(inside) > most.members:
            yield Dropped(name, refused=_("is a ZIP of more than %s files. Send them in several.") % most.members)
            return
        for one in inside:
            label = f"{name} › {one.filename.rpartition('/')[2][-80:]}"
            member = _member(archive, one, label, min(left, most.file), most.ratio)
            left -= len(member.data)
            yield member


def _member(archive: zipfile.ZipFile, one: zipfile.ZipInfo, label: str, most: int, ratio: int) -> Dropped:
    """What a member says of its size is not believed: it is read up to the limit and no further."""
    if one.flag_bits & 1:
        return Dropped(label, refused=_("is locked with a password."))
    if one.file_size > most or one.file_size > ratio * max(one.compress_size, 1) + MEGABYTE:
        return Dropped(label, refused=_("unpacks to more than any of these files is."))
    try:
        with archive.open(one) as inside:
            data = inside.read(most + 1)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError):
        return Dropped(label, refused=_("can’t be unpacked."))
    if len(data) > most:
        return Dropped(label, refused=_("unpacks to more than any of these files is."))
    return Dropped(label, data, path=one.filename[-200:])


def _gunzipped(one: Dropped, most: int, ratio: int) -> Dropped:
    """What gzip packed, as it was before. Nothing tells how much that is, so it is unpacked up to the limit alone."""
    if not one.data.startswith(_GZIP):
        return one
    limit = min(most, ratio * len(one.data) + MEGABYTE)
    data, rest = b"", one.data
    try:
        while rest:  # a gzip file may have several members, one after the other
            member = zlib.decompressobj(_GZIP_MEMBER)
            data += member.decompress(rest, limit + 1 - len(data))
            if len(data) > limit:
                return Dropped(one.name, refused=_("unpacks to more than any of these files is."))
            if not member.eof:
                return Dropped(one.name, refused=_("ends in the middle. Get it again."))
            rest = member.unused_data.lstrip(b"\0")  # tapes and some tools fill up with zeros
    except zlib.error:
        return Dropped(one.name, refused=_("can’t be unpacked."))
    if data.startswith((_ZIP, _GZIP)):
        return Dropped(one.name, refused=_("is packed twice. Unpack it once."))
    return Dropped(one.name.removesuffix(".gz"), data, path=one.path.removesuffix(".gz"))
