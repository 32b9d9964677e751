"""Other people's readers, each in a process of its own: `python -m bench.x12_peers TASK FILE`.

Only the standard library and the peer itself are needed, so that it may run in an environment of theirs.
"""

import collections.abc
import importlib
import io
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.x12_tasks import Work, main


def _a2(path: Path) -> str:
    """The file under the version that the typed readers know: the two differ in nothing that it says."""
    return path.read_text(encoding="latin-1").replace("005010X222A1", "005010X222A2")


def _models(package: str) -> Callable[[Path], Work]:
    def task(path: Path) -> Work:
        reader = importlib.import_module(f"{package}.io").X12ModelReader
        text = _a2(path)

        def work() -> int:
            with reader(text) as opened:
                models = list(opened.models())
            return (text.count("\nCLM*") or text.count("\nCLP*")) if models else 0

        return work

    return task


def _segments(package: str) -> Callable[[Path], Work]:
    def task(path: Path) -> Work:
        reader = importlib.import_module(f"{package}.io").X12SegmentReader
        text = _a2(path)

        def work() -> int:
            with reader(text) as opened:
                return sum(name in ("CLM", "CLP") for name, _ in opened.segments())

        return work

    return task


def pyx12_raw(path: Path) -> Work:
    """pyx12's tokenizer: the text of each segment."""
    raw = importlib.import_module("pyx12.rawx12file").RawX12File

    def work() -> int:
        with path.open(encoding="latin-1") as stream:
            return sum(line.split("*", 1)[0] in ("CLM", "CLP") for line in raw(stream))

    return work


def pyx12_reader(path: Path) -> Work:
    """pyx12's reader: each segment split, the envelopes checked."""
    reader = importlib.import_module("pyx12.x12file").X12Reader
    return lambda: sum(segment.get_seg_id() in ("CLM", "CLP") for segment in reader(str(path)))


def pyx12_validator(path: Path) -> Work:
    """pyx12's validator, with the report that it makes."""
    document: Any = importlib.import_module("pyx12.x12n_document")
    params = importlib.import_module("pyx12.params").params()
    logging.getLogger("pyx12").setLevel(logging.CRITICAL)
    text = path.read_text(encoding="latin-1")

    def work() -> int:
        document.x12n_document(params, io.StringIO(text), None, None, fd_json=io.StringIO())
        return text.count("\nCLM*") or text.count("\nCLP*")

    return work


def badx12(path: Path) -> Work:
    """badx12's parser: a document of groups, transaction sets and segments."""
    # It asks for a name that Python 3.10 took away.
    collections.Iterable = collections.abc.Iterable  # type: ignore[attr-defined] # gone since Python 3.10, and badx12 looks for it
    parser = importlib.import_module("badx12").Parser
    text = path.read_text(encoding="latin-1")

    def work() -> int:
        parser(text)
        return text.count("\nCLM*") or text.count("\nCLP*")

    return work


PEERS: dict[str, Callable[[Path], Work]] = {
    "x12sdk": _models("x12sdk"),
    "x12sdk_segments": _segments("x12sdk"),
    "linuxforhealth": _models("linuxforhealth.x12"),
    "linuxforhealth_segments": _segments("linuxforhealth.x12"),
    "pyx12_raw": pyx12_raw,
    "pyx12_reader": pyx12_reader,
    "pyx12_validator": pyx12_validator,
    "badx12": badx12,
}


if __name__ == "__main__":
    main(PEERS, *sys.argv[1:3])
