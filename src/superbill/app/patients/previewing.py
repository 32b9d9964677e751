"""What importing charts would do, without doing it."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from superbill.app.accounts.actors import Scope
from superbill.app.documents import content_key, encoded, same_but_for_source
from superbill.app.encounters.models import EncounterRow, EncounterState
from superbill.app.patients.likeness import alike
from superbill.app.patients.models import PatientRow
from superbill.app.patients.versions import shown
from superbill.app.rows import found
from superbill.chart.model import Chart

ALIKE = 25  # new patients of a drop who are compared with those here; more is a whole practice that moves


class Like(Struct, frozen=True):
    """A patient (row id) who may be the same person."""

    id: int
    family: str
    given: str


class SeenPatient(Struct, frozen=True, kw_only=True):
    """One chart held against what is here. `state` new, changed or same; `id` the row of one who is here. Visits that
    `late` counts differ from what was billed: they stay as they are."""

    family: str
    given: str
    birth_date: date | None
    state: str
    id: int | None = None
    new: int = 0
    changed: int = 0
    same: int = 0
    late: int = 0
    like: tuple[Like, ...] = ()


class Previewer:
    """Holds charts against the practice's own, list by list."""

    def __init__(self, scope: Scope) -> None:
        self._scope, self._compared = scope, 0

    def look(self, charts: Sequence[Chart]) -> list[SeenPatient]:
        """The charts of a list, in their order; three statements, and some for each patient who is new."""
        wanted = {chart.patient.id: chart for chart in charts}
        columns = ("source_id", "id", "doc", "imported", "merged_into_id")
        there = {row[0]: row[1:] for row in found(self._scope, PatientRow, "source_id", wanted, *columns)}
        visits = self._visits([one.id for chart in charts for one in chart.encounters])
        return [self._one(chart, there.get(chart.patient.id), visits) for chart in charts]

    def _visits(self, ids: Sequence[str]) -> dict[tuple[int, str], tuple[str, str, str, str]]:
        columns = ("patient_id", "source_id", "content_hash", "state", "doc", "imported")
        return {row[:2]: row[2:] for row in found(self._scope, EncounterRow, "source_id", ids, *columns)}

    def _one(
        self, chart: Chart, row: tuple[int, str, str, int | None] | None,
        visits: dict[tuple[int, str], tuple[str, str, str, str]],
    ) -> SeenPatient:  # fmt: skip
        family, given, born = shown(chart)
        seen = SeenPatient(family=family, given=given, birth_date=born, state="new")
        if row is None:
            return replace(seen, new=len({one.id for one in chart.encounters}), like=self._like(chart))
        row_id, doc, imported, merged = row
        patient = merged or row_id
        same = merged is not None or (imported or doc) == encoded(replace(chart, encounters=()))
        counts = dict.fromkeys(("new", "changed", "same", "late"), 0)
        for one in {one.id: one for one in chart.encounters}.values():
            counts[_compared(encoded(one), visits.get((patient, one.id)))] += 1
        return replace(seen, id=patient, state="same" if same else "changed", **counts)

    def _like(self, chart: Chart) -> tuple[Like, ...]:
        if self._compared >= ALIKE:
            return ()
        self._compared += 1
        names = ((one.id, one.chart.patient.name) for one in alike(self._scope, chart, limit=2))
        return tuple(Like(row_id, name.family, " ".join(name.given[:1])) for row_id, name in names)


def _compared(doc: str, row: tuple[str, str, str, str] | None) -> str:
    """What an import would find of a visit: new, the same, changed, or changed too late."""
    if row is None:
        return "new"
    content, state, known, imported = row
    if content == content_key(doc) or same_but_for_source(doc, imported or known):
        return "same"
    return "late" if state == EncounterState.BILLED else "changed"
