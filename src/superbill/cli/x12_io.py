"""Files of the x12 commands: read from a path or standard input, gzip too; written whole or to standard output."""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO, cast

import click

from superbill.app.session import BadInput
from superbill.cli.output import put_json
from superbill.x12.errors import X12ReadError
from superbill.x12.tools.words import ToolError

_IN_MEMORY = 64 << 20  # of what standard input gives, where it has to be read twice

FILE = click.argument("file", type=click.File("rb"))
OUT = click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Where to write  [default: standard output]"
)
NUMBER = click.option(
    "--control-number",
    type=click.IntRange(1, 999_999_999),
    help="Control number of the (first) file  [default: its own]",
)


@contextmanager
def reading(file: IO[bytes]) -> Iterator[BinaryIO]:
    """The file to read; what is wrong with it names it."""
    try:
        yield cast("BinaryIO", file)
    except (X12ReadError, ToolError) as error:
        raise BadInput(f"{name_of(file)}: {error}") from None


def name_of(file: IO[bytes]) -> str:
    """The name of a file, for people."""
    name = getattr(file, "name", None)
    return name if isinstance(name, str) and name not in ("<stdin>", "-") else "standard input"


def rewindable(file: IO[bytes]) -> IO[bytes]:
    """The file, so that it can be read again after `seek(0)`."""
    try:
        file.seek(0)  # a pipe can't
    except (OSError, ValueError):
        kept: Any = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 -- read after this returns, gone with the process
        shutil.copyfileobj(file, kept)
        kept.seek(0)
        return cast("IO[bytes]", kept)
    return file


@contextmanager
def written(path: Path | None) -> Iterator[IO[bytes]]:
    """A file to write, there only when all of it is; without path standard output."""
    if path is None or str(path) == "-":
        standard = sys.stdout.buffer
        yield standard
        standard.flush()
        return
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except OSError as error:
        error.filename = error.filename if error.filename != str(part) else str(path)
        raise
    finally:
        part.unlink(missing_ok=True)


def write(path: Path | None, pieces: Iterable[bytes]) -> int:
    """Write pieces one after the other; how many bytes they were."""
    with written(path) as out:
        return sum(out.write(piece) for piece in pieces)


def about_file(command: Any) -> Any:
    """`--json` of a command whose output is a file: what was written, as one JSON document."""
    about = "With --out: say what was written as one JSON document."
    return click.option("--json", "as_json", is_flag=True, help=about)(command)


def asked(as_json: bool, out: Path | None) -> None:
    """Refuse two documents on one output, before anything is done. Raises BadInput."""
    if as_json and (out is None or str(out) == "-"):
        raise BadInput("--json says what was written to a file. Name one with --out, or leave --json out.")


def tell(as_json: bool, out: Path | None, **facts: object) -> None:
    """What was written, where it was asked for."""
    if as_json:
        put_json({"file": str(out), **facts})
