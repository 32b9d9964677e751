"""From JSON bytes to typed resources, one at a time, so that a broken one costs no other."""

import re
from functools import cache

import msgspec
from msgspec import Raw, Struct

from superbill.chart.fhir.elements import Element
from superbill.chart.fhir.resources import RESOURCES, Resource
from superbill.chart.model import Source
from superbill.chart.report import ReadReport
from superbill.findings import Place

_TYPE_FIRST = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]+)"')
_BYTE = re.compile(r"\(byte (\d+)\)")

BROKEN = (ValueError, RecursionError)
"""What decoding foreign bytes may raise: msgspec's errors and wrong UTF-8 are ValueErrors, nesting is the other."""


NO_TYPE = "(no resourceType)"


class Item(Struct, frozen=True, gc=False):
    """One resource with its place in its file and the address that a bundle gave it."""

    kind: str
    resource: Resource
    source: Source
    full_url: str = ""

    @property
    def id(self) -> str:
        """The resource's id; without one, the end of its address or its place in the file."""
        return self.resource.id or re.split("[/:]", self.full_url)[-1] or f"{self.source.file}:{self.source.position}"

    @property
    def place(self) -> Place:
        return Place(file=self.source.file, position=self.source.position, field=f"{self.kind} {self.id}")


class _Head(Struct, rename="camel"):
    resource_type: str = ""


class Entry(Element, frozen=True):
    """One entry of a bundle, its resource not yet decoded."""

    full_url: str = ""
    resource: Raw = Raw(b"")


class Bundle(Element, frozen=True):
    type: str = ""
    entry: tuple[Entry, ...] = ()


_head = msgspec.json.Decoder(_Head)
_bundle = msgspec.json.Decoder(Bundle)
_keys = msgspec.json.Decoder(dict[str, Raw])


@cache
def _decoder(kind: str) -> "msgspec.json.Decoder[Resource]":
    return msgspec.json.Decoder(RESOURCES[kind])


@cache
def _used_fields(kind: str) -> frozenset[str]:
    return frozenset(RESOURCES[kind].__struct_encode_fields__) | {"resourceType"}


def resource_type(raw: bytes | Raw) -> str:
    """The type of a resource, "" when it names none. Raises one of BROKEN."""
    first = _TYPE_FIRST.match(raw)
    return first[1].decode() if first else _head.decode(raw).resource_type


def resource(kind: str, raw: bytes | Raw) -> Resource:
    """The resource of a known type. Raises one of BROKEN."""
    return _decoder(kind).decode(raw)


def read_item(raw: bytes | Raw, source: Source, report: ReadReport, full_url: str = "") -> Item | None:
    """The resource in `raw`, counted; None, with a count or a finding, when there is none that we use."""
    place = Place(file=source.file, position=source.position)
    try:
        kind = resource_type(raw)
        if kind not in RESOURCES:
            report.ignored[kind or NO_TYPE] += 1
            return None
        item = Item(kind, resource(kind, raw), source, full_url)
        unread = [key for key in _keys.decode(raw) if key not in _used_fields(kind)]
    except UnicodeDecodeError:
        report.add("chart.wrong-encoding", place, "The text is not UTF-8; it was read as Latin-1.")
        return read_item(bytes(raw).decode("latin-1").encode(), source, report, full_url)
    except BROKEN as error:
        report.add("chart.broken-resource", place, f"A resource can't be read: {reason(error)}.")
        return None
    report.resources[kind] += 1
    for key in unread:
        report.unread_fields[f"{kind}.{key}"] += 1
    return item


def bundle_items(raw: bytes, file: str, report: ReadReport) -> list[Item] | None:
    """The resources of a bundle that we use. None, with a finding, when the JSON as a whole is broken."""
    try:
        kind = resource_type(raw)
        if kind in RESOURCES:
            alone = read_item(raw, Source(file, 1), report)
            return [alone] if alone else None
        bundle = _bundle.decode(raw)
    except UnicodeDecodeError:
        report.add("chart.wrong-encoding", Place(file=file), "The text is not UTF-8; it was read as Latin-1.")
        return bundle_items(raw.decode("latin-1").encode(), file, report)
    except BROKEN as error:
        where = Place(file=file, position=_line_of(raw, error))
        report.add("chart.broken-json", where, f"The bundle can't be read: {reason(error)}.")
        return None
    found = (
        read_item(entry.resource, Source(file, number), report, entry.full_url)
        for number, entry in enumerate(bundle.entry, 1)
        if len(memoryview(entry.resource)) > len("null")
    )
    return [item for item in found if item is not None]


def line_items(line: bytes, source: Source, report: ReadReport) -> list[Item]:
    """The resource of an ndjson line, or those of the bundle that it holds. A line that is no JSON is a finding."""
    try:
        if resource_type(line) == "Bundle":
            # Positions within name the line: entries of a bundle on one line have none of their own.
            entries = _bundle.decode(line).entry
            found = [read_item(entry.resource, source, report, entry.full_url) for entry in entries]
            return [item for item in found if item is not None]
        msgspec.json.decode(line, type=Raw)
    except UnicodeDecodeError:
        where = Place(file=source.file, position=source.position)
        report.add("chart.wrong-encoding", where, "The line is not UTF-8; it was read as Latin-1.")
        return line_items(line.decode("latin-1").encode(), source, report)
    except msgspec.ValidationError as error:
        report.add("chart.not-a-resource", Place(file=source.file, position=source.position), f"{reason(error)}.")
        return []
    except BROKEN as error:
        where = Place(file=source.file, position=source.position)
        report.add("chart.broken-line", where, f"The line is not JSON: {reason(error)}.")
        return []
    item = read_item(line, source, report)
    return [item] if item is not None else []


def reason(error: BaseException) -> str:
    """Why decoding failed, in one line without a full stop."""
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error).rstrip(".")


def _line_of(raw: bytes, error: BaseException) -> int:
    """The line of a decoding error; the last one when the text ends too early."""
    found = _BYTE.search(str(error))
    return raw.count(b"\n", 0, int(found[1]) if found else len(raw)) + 1


def first_type(head: bytes) -> str:
    """The type that a text begins with; "" when its first field is not the type."""
    first = _TYPE_FIRST.match(head)
    return first[1].decode() if first else ""
