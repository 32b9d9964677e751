"""Reading charts from files of any kind that is known here: FHIR bundles, FHIR ndjson, Synthea's CSV tables."""

import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct, field

from superbill.chart.fhir.build import Gathering
from superbill.chart.fhir.context import Context, ResolveUrl
from superbill.chart.fhir.decode import NO_TYPE, Item, bundle_items, line_items
from superbill.chart.fhir.references import Index
from superbill.chart.fhir.resources import REFERENCE_TYPES
from superbill.chart.model import Chart, Source
from superbill.chart.report import ReadReport
from superbill.chart.sniff import sniff
from superbill.chart.streams import BROKEN, Limits, SourceFile, TooLarge, lines, opened, whole
from superbill.chart.synthea.charts import read_tables
from superbill.chart.synthea.tables import READ
from superbill.findings import Place

__all__ = ["Limits", "ReadReport", "SourceFile", "read_charts"]


_LIMITS = Limits()


class _Plan(Struct):
    """Which file is read how."""

    reference: list[SourceFile] = field(default_factory=list)
    bundles: list[SourceFile] = field(default_factory=list)
    lines: list[SourceFile] = field(default_factory=list)
    resources: list[SourceFile] = field(default_factory=list)
    tables: dict[str, SourceFile] = field(default_factory=dict)


def read_charts(
    files: Sequence[SourceFile],
    report: ReadReport,
    *,
    resolve_url: ResolveUrl | None = None,
    limits: Limits = _LIMITS,
) -> Iterator[Chart]:
    """The charts of all patients in `files`; what is wrong with any file goes to `report` and never further.

    Bundles of people and places serve all others, whatever the order of the files. Patients' bundles are read one
    at a time; ndjson and CSV are held in memory, because a patient's lines may be anywhere. First come the charts
    of ndjson (in order of patient id), then those of the bundles and of the tables (in order of the files).
    """
    shared = Index()

    def context(index: Index) -> Context:
        return Context(index, report, resolve_url)

    plan = _plan(files, report)
    place_of = {id(file): number for number, file in enumerate(files)}
    plan.bundles += [file for file in plan.reference if not _share(file, shared, report, limits)]
    plan.bundles.sort(key=lambda file: place_of[id(file)])
    seen: dict[str, str] = {}
    for chart in _charts(plan, shared, report, context, limits):
        file = chart.patient.source.file
        first = seen.setdefault(chart.patient.id, file)
        if first != file:
            place = Place(file=file, field=f"Patient {chart.patient.id}")
            report.add("chart.patient-again", place, f"The patient was already read from {first}.")
        report.charts += 1
        report.encounters += len(chart.encounters)
        yield chart


def _charts(
    plan: _Plan, shared: Index, report: ReadReport, context: Callable[[Index], Context], limits: Limits
) -> Iterator[Chart]:
    together = Gathering(shared, report, in_order_of_id=True)
    for file in plan.lines:
        _gather_lines(file, together, report, limits)
    for file in plan.resources:
        for item in _document(file, report, limits) or []:
            together.add(item)
    together.share()
    yield from together.charts(context)
    for file in plan.bundles:
        items = _document(file, report, limits)
        if items is None:
            continue
        bundle = Gathering(shared, report)
        for item in items:
            bundle.add(item)
        if "Patient" not in bundle.kinds:
            held = ", ".join(sorted(bundle.kinds)) or "nothing that is read"
            report.add("chart.no-patient", Place(file=file.name), f"The bundle has no patient, but {held}.")
            continue
        yield from bundle.charts(context)
    if plan.tables:
        yield from read_tables(plan.tables, report, limits)


def _plan(files: Sequence[SourceFile], report: ReadReport) -> _Plan:
    """Look at the beginning of every file; those of no use are reported here."""
    plan = _Plan()
    for file in files:
        report.files += 1
        place = Place(file=file.name)
        try:
            with opened(file) as stream:
                kind = sniff(stream)
        except OSError as error:
            rule = "chart.broken-gzip" if isinstance(error, gzip.BadGzipFile) else "chart.unreadable-file"
            report.add(rule, place, f"The file can't be read: {error.strerror or error}.")
            continue
        except (EOFError, zlib.error) as error:
            report.add("chart.broken-gzip", place, f"The file breaks off: {error}.")
            continue
        match kind.kind:
            case "bundle":
                (plan.reference if kind.only_reference else plan.bundles).append(file)
            case "lines":
                plan.lines.append(file)
            case "resource":
                plan.resources.append(file)
            case "table":
                _plan_table(kind.table, file, plan, report)
            case "empty":
                report.add("chart.empty-file", place, "The file is empty.")
            case "log":
                report.add("chart.export-log", place, "This is the log of an export, not a chart: passed over.")
            case _:
                report.add("chart.not-fhir", place, f"This is {kind.words}, not FHIR.")
    return plan


def _plan_table(table: str, file: SourceFile, plan: _Plan, report: ReadReport) -> None:
    if table not in READ:
        report.ignored[f"{table} (table)"] += 1
    elif table in plan.tables:
        words = f"The table {table} was already found in {plan.tables[table].name}: left out."
        report.add("chart.tables-again", Place(file=file.name), words)
    else:
        plan.tables[table] = file


def _share(file: SourceFile, shared: Index, report: ReadReport, limits: Limits) -> bool:
    """Make a bundle's people and places known to all files. False, and nothing done, if it has anything else."""
    scratch = ReadReport()
    items = _document(file, scratch, limits)
    if not items or any(item.kind not in REFERENCE_TYPES for item in items):
        return False
    report.absorb(scratch)
    for item in items:
        shared.add(item)
    return True


def _document(file: SourceFile, report: ReadReport, limits: Limits) -> list[Item] | None:
    """The resources of a bundle or of a single resource; None, with a finding, when it can't be read."""
    try:
        with opened(file) as stream:
            raw = whole(stream, limits)
    except TooLarge as error:
        report.add("chart.too-large", Place(file=file.name), f"The file has {error}.")
        return None
    except BROKEN as error:
        report.add("chart.broken-gzip", Place(file=file.name), f"The file breaks off: {error}.")
        return None
    return bundle_items(raw, file.name, report)


def _gather_lines(file: SourceFile, together: Gathering, report: ReadReport, limits: Limits) -> None:
    """All resources of an ndjson file. A broken line is a finding; a stream that breaks off ends the file."""
    others = 0
    try:
        with opened(file) as stream:
            for number, line in lines(stream, limits):
                before = report.ignored[NO_TYPE]
                for item in line_items(line, Source(file.name, number), report):
                    together.add(item)
                others += report.ignored[NO_TYPE] - before
    except TooLarge as error:
        report.add("chart.too-large", Place(file=file.name), f"The file can't be read on: {error}.")
    except BROKEN as error:
        report.add(
            "chart.broken-gzip", Place(file=file.name), f"The file breaks off: {error}. What came before was read."
        )
    if others:
        words = f"{others} lines are JSON, but no FHIR resources: passed over."
        report.add("chart.not-a-resource", Place(file=file.name), words)
