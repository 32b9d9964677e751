"""Files in and out: what a folder holds, and writing that leaves a whole file or none."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from superbill.app.session import BadInput
from superbill.chart.reader import SourceFile

# What a folder may hold beside charts and is not worth a finding.
_NOT_CHARTS = frozenset({".md", ".txt", ".toml", ".db", ".pdf", ".html", ".yaml", ".yml", ".py"})


def source_files(paths: Sequence[Path]) -> list[SourceFile]:
    """Every file under `paths` that may hold charts, in order of name. Raises BadInput when there is none."""
    found: list[SourceFile] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
            found += [_source(p, p.relative_to(path)) for p in inside if p.suffix.lower() not in _NOT_CHARTS]
        elif path.is_file():
            found.append(_source(path, Path(path.name)))
        else:
            raise BadInput(f"{path}: no such file or folder.")
    if not found:
        raise BadInput(
            f"{', '.join(map(str, paths))}: holds no chart files. Give FHIR (.json, .ndjson, also .gz) or Synthea CSV."
        )
    return found


def _source(path: Path, name: Path) -> SourceFile:
    def open_it() -> BinaryIO:
        return path.open("rb")

    return SourceFile(name=str(name), open=open_it)


def write_whole(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Write a file so that a reader, or a crash, sees all of it or none. Raises OSError naming the file.

    `durable` waits for the disk; a copy of what the database holds anyway need not.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as out:
            out.write(data)
            if durable:
                out.flush()
                os.fsync(out.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        error.filename = str(path)
        raise


def out_of_the_way(text: str) -> str:
    """`text` as part of a file name: letters, digits, dot and hyphen."""
    return "".join(c if c.isalnum() or c in ".-" else "-" for c in text)
