"""Charts come in: patients and their encounters, once each, however often the same files are read."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct, structs

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.documents import encoded
from superbill.app.encounters.importing import EncounterCounts, import_encounters
from superbill.app.guarantors.storing import derive_guarantors
from superbill.app.patients.models import PatientRow
from superbill.app.rows import found, insert, update
from superbill.app.work import Work, action
from superbill.chart.model import Chart
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
        ids, new, changed = _store_patients(work, charts)
        derive_guarantors(work, {ids[chart.patient.id]: chart for chart in charts})
        visits = [(ids[chart.patient.id], encounter) for chart in charts for encounter in chart.encounters]
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


def _store_patients(work: Work, charts: Sequence[Chart]) -> tuple[dict[str, int], int, int]:
    """Row ids by the chart's patient id; how many are new, how many changed."""
    docs = {chart.patient.id: structs.replace(chart, encounters=()) for chart in charts}
    there = {row[0]: row[1:] for row in found(work.scope, PatientRow, "source_id", docs, "source_id", "id", "doc")}
    new, changed = [], []
    for source_id, chart in docs.items():
        doc = encoded(chart)
        name = chart.patient.name
        values = (name.family[:120], " ".join(name.given)[:120], chart.patient.birth_date, doc)
        if source_id not in there:
            new.append((work.practice_id, source_id, *values))
        elif there[source_id][1] != doc:
            changed.append((*values, there[source_id][0]))
    insert(PatientRow, ("practice_id", "source_id", "family", "given", "birth_date", "doc"), new)
    update(PatientRow, ("family", "given", "birth_date", "doc"), changed)
    ids = {row[0]: row[1] for row in found(work.scope, PatientRow, "source_id", docs, "source_id", "id")}
    return ids, len(new), len(changed)
