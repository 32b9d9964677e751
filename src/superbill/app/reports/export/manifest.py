"""What an export says of itself: whose it is, up to which entry, and each file with its rows and its hash."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from superbill.app.reports.export.files import ExportUnusable, Format
from superbill.app.reports.export.tables import Table

T = TypeVar("T")
VERSION = 1
MANIFEST, SCHEMA = "manifest.json", "schema.json"


class ExportedFile(Struct, frozen=True):
    """One table's file: `rows` of it, its length in `bytes` and the SHA-256 of its content."""

    table: str
    file: str
    rows: int
    bytes: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """`entries`: the journal's last number, to which everything is as of `at`. `schema_sha256` is of schema.json."""

    version: int
    program: str
    practice: str
    name: str
    at: datetime
    form: Format
    entries: int
    files: tuple[ExportedFile, ...]
    schema_sha256: str


def sha256_of(path: Path) -> str:
    """The hash of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_json(path: Path, document: object) -> None:
    """A document as indented JSON."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(document, order="deterministic"), indent=2) + b"\n")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of an export. Raises ExportUnusable."""
    manifest = _read(folder / MANIFEST, Manifest)
    if manifest.version != VERSION:
        raise ExportUnusable(
            f"{folder / MANIFEST}: layout {manifest.version}, and this program reads {VERSION}. "
            "Read it with the release that wrote it."
        )
    return manifest


def read_schema(folder: Path) -> dict[str, Table]:
    """The tables of an export by name. Raises ExportUnusable."""
    return {table.name: table for table in _read(folder / SCHEMA, tuple[Table, ...])}


def _read(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        raise ExportUnusable(f"{path}: no such file. Name the folder that superbill export run has written.") from None
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise ExportUnusable(f"{path}: {error}. The file was changed; export anew.") from None
