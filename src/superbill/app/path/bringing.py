"""Charts from the browser: looked into, and brought in, as the files of an import are by the command."""

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import unquote

from msgspec import Struct, field
from msgspec.structs import asdict

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.encounters.actions import CodingCounts
from superbill.app.encounters.drops import NotThisDrop, keep_look, settle_drop
from superbill.app.encounters.queries_drops import DropSeen, KeptFile, came_before, drop, files_of, taken_before
from superbill.app.jobs.kinds import Outcome, Running
from superbill.app.path.coding import code_encounters
from superbill.app.path.importing import CHARTS_PER_TRANSACTION, chunked
from superbill.app.path.workbench import program
from superbill.app.patients.actions import ImportCounts, import_charts
from superbill.app.patients.matching import Wanted, matched
from superbill.app.patients.previewing import Previewer, SeenPatient
from superbill.app.stages import Stages
from superbill.chart.model import Chart
from superbill.chart.reader import Limits, ReadReport, SourceFile, read_charts
from superbill.chart.sniff import sniff
from superbill.chart.text.ccda_header import ccda_header
from superbill.chart.text.document import read_document
from superbill.codesets.release import Refused
from superbill.findings import Finding

LIMITS = Limits(document=1 << 26, line=1 << 24)
PEOPLE = 500  # named on the page of a drop; the others are counted
FINDINGS = 300
_NOTES = ("plain", "rtf", "html", "ccda")
_NO_NOTE = (b'{"', b"{\n", b"{\r", b"{ ", b"[", b"ISA")  # JSON and X12 are text, but nobody's note


class LooseNote(Struct, frozen=True, kw_only=True):
    """A note that no chart of the drop names, by its file (row id): whom a C-CDA says it is about, who that is here
    (row id), and the day of the visit. `account` is a visit that it was made a part of when it came before."""

    file: int
    name: str
    kind: str
    person: str = ""
    born: date | None = None
    patient: int | None = None
    visit: date | None = None
    account: str = ""


class Looked(Struct, frozen=True, kw_only=True):
    """What is in the files of a drop. `again` are files that were brought in before, with the day."""

    files: int
    patients: dict[str, int]
    visits: dict[str, int]
    people: tuple[SeenPatient, ...]
    notes: tuple[LooseNote, ...] = ()
    findings: tuple[Finding, ...] = ()
    more_findings: int = 0
    again: tuple[tuple[str, date], ...] = ()


class Brought(Struct, frozen=True, kw_only=True):
    """What the import of a drop did, and what became of its visits; `uncoded` why they were not coded."""

    counts: ImportCounts
    coded: CodingCounts
    findings: tuple[Finding, ...] = ()
    more_findings: int = 0
    uncoded: str = ""


class Sorted(Struct):
    """The files of a drop: charts for the reader, and notes, of which a chart may name some (`named`, by row id).
    `findings` tell of what is neither."""

    charts: list[SourceFile] = field(default_factory=list)
    notes: list[KeptFile] = field(default_factory=list)
    named: set[int] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    @property
    def loose(self) -> list[KeptFile]:
        """The notes that no chart named, known after the charts were read."""
        return [one for one in self.notes if one.id not in self.named]

    def resolve(self, chart_file: str, address: str) -> bytes | None:
        """A note that a chart names: beside it in its ZIP, or dropped together with it."""
        wanted = PurePosixPath(chart_file).parent / unquote(address)
        for path in (str(wanted), wanted.name):
            for one in self.notes:
                if one.path == path:
                    self.named.add(one.id)
                    return one.data
        return None


def sort(files: Sequence[KeptFile]) -> Sorted:
    """What is a chart, by its content, and what is a note."""
    found = Sorted()
    for one in files:
        known = sniff(io.BufferedReader(io.BytesIO(one.data))).kind
        if known != "unknown" or one.data.lstrip().startswith(_NO_NOTE):
            found.charts.append(SourceFile(one.path, _opener(one.data)))
            continue
        document = read_document(one.data, one.path)
        if document.text.strip() and document.kind in _NOTES:
            found.notes.append(one)
        else:
            found.findings += document.findings
    return found


def _opener(data: bytes) -> Callable[[], io.BytesIO]:
    return lambda: io.BytesIO(data)


def look_into(actor: Actor, drop_id: int, stages: Stages) -> Looked:
    """Hold the files of a drop against what is here. Nothing of them is brought in."""
    scope = actor.scope
    files = files_of(scope, drop_id)
    parts, report, previewer = sort(files), ReadReport(), Previewer(scope)
    seen: list[SeenPatient] = []
    stages.start("Look", None)
    for some in _charts(parts, report):
        seen += previewer.look(some)
        stages.step("Look", len(some))
    patients = {state: sum(one.state == state for one in seen) for state in ("new", "changed", "same")}
    visits = {name: sum(getattr(one, name) for one in seen) for name in ("new", "changed", "same", "late")}
    charts = {one.name for one in parts.charts}
    before = came_before(scope, [one.digest for one in files if one.path in charts])
    return Looked(
        files=len(files), patients=patients, visits=visits, people=tuple(seen[:PEOPLE]), notes=_loose(scope, parts),
        findings=tuple([*parts.findings, *report.findings][:FINDINGS]), more_findings=_more(report),
        again=tuple((one.name, before[one.digest].date()) for one in files if one.digest in before),
    )  # fmt: skip


def _charts(parts: Sorted, report: ReadReport) -> Iterator[list[Chart]]:
    return chunked(read_charts(parts.charts, report, resolve_url=parts.resolve, limits=LIMITS), CHARTS_PER_TRANSACTION)


def _more(report: ReadReport) -> int:
    return report.finding_counts.total() - min(len(report.findings), FINDINGS)


def _loose(scope: Scope, parts: Sorted) -> tuple[LooseNote, ...]:
    """Notes by themselves, with whom they tell of."""
    loose, before = parts.loose, taken_before(scope, [one.digest for one in parts.loose])
    heads = {one.id: ccda_header(one.data) for one in loose}
    people = [
        Wanted(last=head.name.family, first=head.name.given[0] if head.name.given else "", birth_date=head.birth_date)
        for one in loose
        if (head := heads[one.id])
    ]
    rows = iter(matched(scope, people))
    made = []
    for one in loose:
        head, account = heads[one.id], before.get(one.digest, "")
        note = LooseNote(file=one.id, name=one.name, kind=read_document(one.data).kind, account=account)
        if head is not None:
            person = ", ".join(part for part in (head.name.family.upper(), " ".join(head.name.given)) if part)
            note = LooseNote(
                **{**asdict(note), "person": person, "born": head.birth_date, "patient": next(rows).patient,
                   "visit": head.visit}
            )  # fmt: skip
        made.append(note)
    return tuple(made)


def waiting(scope: Scope, drop_id: int) -> DropSeen:
    """The drop, which waits. Raises NotThisDrop."""
    found = drop(scope, drop_id)
    if found is None or not found.waits:
        raise NotThisDrop("These files were brought in already, or discarded.")
    return found


def look(work: Running) -> Outcome:
    """Look into the files of `drop` as a job: for more than a page should keep somebody waiting for."""
    drop_id = work.arguments["drop"]
    waiting(work.actor.scope, drop_id)
    looked = look_into(work.actor, drop_id, work.stages)
    keep_look(work.actor, drop_id, looked, at=work.at)
    return Outcome(
        f"{sum(looked.patients.values()):,} patients with {sum(looked.visits.values()):,} visits in it. Nothing is "
        "brought in yet.",
        result=f"charts/{drop_id}",
    )


def bring(work: Running) -> Outcome:
    """Bring the files of `drop` in, and have the visits coded. Taken up again it brings what is left."""
    actor, drop_id = work.actor, work.arguments["drop"]
    looked = (found := waiting(actor.scope, drop_id)).told(found.looked, Looked)
    parts, report, total = sort(files_of(actor.scope, drop_id)), ReadReport(), ImportCounts()
    work.stages.start("Bring in", sum(looked.patients.values()) if looked else None)
    for some in _charts(parts, report):
        total = _sum(total, import_charts(actor, some, at=work.at))
        work.stages.step("Bring in", len(some))
    coded, uncoded = CodingCounts(), ""
    try:
        coded = code_encounters(program(work.session()), work.stages)
    except Refused as error:
        uncoded = str(error)
    brought = Brought(
        counts=total, coded=coded, findings=tuple([*total.findings, *parts.findings, *report.findings][:FINDINGS]),
        more_findings=_more(report), uncoded=uncoded,
    )  # fmt: skip
    settle_drop(actor, drop_id, brought, [one.id for one in parts.loose], at=work.at)
    counts = (total.encounters_new, total.encounters_changed, total.encounters_same)
    return Outcome("{:,} visits new, {:,} changed, {:,} as they were.".format(*counts), result=f"charts/{drop_id}")


def _sum(one: ImportCounts, other: ImportCounts) -> ImportCounts:
    return ImportCounts(**{name: getattr(one, name) + getattr(other, name) for name in asdict(one)})
