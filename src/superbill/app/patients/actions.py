"""Charts come in: patients and their encounters, once each, however often the same files are read."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct, structs

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.documents import decoded, encoded
from superbill.app.encounters.importing import EncounterCounts, import_encounters
from superbill.app.guarantors.storing import derive_guarantors
from superbill.app.patients.keys import index_patients
from superbill.app.patients.models import PatientRow
from superbill.app.patients.versions import Revision, rebased, revise, shown
from superbill.app.rows import found, insert
from superbill.app.work import Work, action
from superbill.chart.model import Chart, EncounterRecord
from superbill.findings import Finding


class ImportCounts(Struct, frozen=True, kw_only=True):
    """What an import did. `findings`: encounters that changed after they were billed."""

    patients_new: int = 0
    patients_changed: int = 0
    patients_same: int = 0
    encounters_new: int = 0
    encounters_changed: int = 0
    encounters_same: int = 0
    findings: tuple[Finding, ...] = ()


def import_charts(actor: Actor, charts: Sequence[Chart], *, at: datetime) -> ImportCounts:
    """Store charts, all or none. What is already there, unchanged, is left alone; so a stopped import is run again.

    An encounter whose content changed goes back to `imported`, unless it is billed: then it stays as it was billed,
    with a warning. Two charts of the same patient in one call: the later patient record counts, encounters add up.
    """
    with action(actor, Permission.IMPORT_CHARTS, "import charts", at) as work:
        ids, standing, new, changed = _store_patients(work, charts)
        visits = [(ids[chart.patient.id], encounter) for chart in charts for encounter in chart.encounters]
        seen: dict[int, tuple[EncounterRecord, ...]] = {}
        for row_id, encounter in visits:
            seen[row_id] = (*seen.get(row_id, ()), encounter)
        # Who answers for a minor depends on the days on which they were seen.
        told = {row_id: structs.replace(chart, encounters=seen.get(row_id, ())) for row_id, chart in standing.items()}
        derive_guarantors(work, told)
        counts: EncounterCounts = import_encounters(work, visits)
        work.note("patient", ids=sorted(set(ids.values())), new=new, changed=changed, encounters=counts.new)
        return ImportCounts(
            patients_new=new,
            patients_changed=changed,
            patients_same=len(ids) - new - changed,
            encounters_new=counts.new,
            encounters_changed=counts.changed,
            encounters_same=counts.same,
            findings=counts.findings,
        )


def _store_patients(work: Work, charts: Sequence[Chart]) -> tuple[dict[str, int], dict[int, Chart], int, int]:
    """Row ids by the chart's patient id; the charts as they stand now; how many are new, how many changed.

    What the desk has changed since the last import stays, unless this import tells something new about it. A chart of
    somebody who was merged into another brings its visits to that one, and changes nothing about them.
    """
    docs = {chart.patient.id: structs.replace(chart, encounters=()) for chart in charts}
    columns = ("source_id", "id", "doc", "imported", "version", "changed_by", "changed_at", "changed_why",
               "merged_into_id")  # fmt: skip
    there = {row[0]: row[1:] for row in found(work.scope, PatientRow, "source_id", docs, *columns)}
    new, changed, standing = [], list[Revision](), dict[int, Chart]()
    for source_id, chart in docs.items():
        doc = encoded(chart)
        if source_id not in there:
            new.append((work.practice_id, source_id, *shown(chart), doc, work.actor.name, work.at))
            continue
        row_id, known, imported, version, by, at, why, merged = there[source_id]
        if merged is not None:
            continue
        standing[row_id] = chart
        if (imported or known) == doc:
            standing[row_id] = decoded(known, Chart, f"patient {row_id}") if imported else chart
            continue
        kept = chart
        if imported:
            kept = rebased(decoded(imported, Chart), decoded(known, Chart), chart)
            standing[row_id] = kept
        before = (version, known, by, at, why)
        changed.append(Revision(row_id, before, kept, imported=doc if imported and encoded(kept) != doc else ""))
    head = ("practice_id", "source_id", "family", "given", "birth_date", "doc", "changed_by", "changed_at")
    insert(PatientRow, head, new)
    revise(work, changed, why="imported")
    rows = found(work.scope, PatientRow, "source_id", docs, "source_id", "id", "merged_into_id")
    ids = {source_id: merged or row_id for source_id, row_id, merged in rows}
    standing |= {ids[row[1]]: docs[row[1]] for row in new}
    fresh = {ids[row[1]] for row in new} | {one.row_id for one in changed}
    # In the order of the charts: guarantors get their numbers in it, and the same input gives the same files.
    standing = {row_id: standing[row_id] for row_id in dict.fromkeys(ids[one] for one in docs) if row_id in standing}
    index_patients(work, {row_id: chart for row_id, chart in standing.items() if row_id in fresh})
    return ids, standing, len(new), len(changed)
