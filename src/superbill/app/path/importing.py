"""Charts into the database."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

from msgspec import structs

from superbill.app.path.files import source_files
from superbill.app.patients.actions import ImportCounts, import_charts
from superbill.app.session import Session
from superbill.app.stages import Stages
from superbill.chart.reader import ReadReport, read_charts
from superbill.chart.shift import shift

CHARTS_PER_TRANSACTION = 20
T = TypeVar("T")


def import_files(
    session: Session, paths: Sequence[Path], shift_days: int, stages: Stages
) -> tuple[ImportCounts, ReadReport]:
    """Read every chart under `paths` and store it, all dates of a patient moved by `shift_days`."""
    report = ReadReport()
    total = ImportCounts()
    stages.start("Import", None)
    charts = read_charts(source_files(paths), report, resolve_url=beside(paths))
    for some in chunked(charts, CHARTS_PER_TRANSACTION):
        moved = [shift(chart, shift_days) for chart in some]
        total = _sum(total, import_charts(session.actor, moved, at=session.at))
        stages.step("Import", sum(len(chart.encounters) for chart in moved))
    stages.finish("Import")
    return total, report


def beside(paths: Sequence[Path]) -> Callable[[str, str], bytes | None]:
    """Finds a note that a chart names by a relative address: a file beside the chart's own, and nowhere else."""
    roots = [path if path.is_dir() else path.parent for path in paths]

    def find(chart_file: str, address: str) -> bytes | None:
        for root in roots:
            inside = root.resolve()
            note = (root / Path(chart_file).parent / address).resolve()
            if note.is_relative_to(inside) and note.is_file():
                return note.read_bytes()
        return None

    return find


def chunked(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """`items` in lists of at most `size`."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


def _sum(one: ImportCounts, other: ImportCounts) -> ImportCounts:
    return ImportCounts(**{name: getattr(one, name) + getattr(other, name) for name in structs.asdict(one)})
