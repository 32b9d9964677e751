"""Coding results are recorded."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.coding.history import Coding, add
from superbill.app.coding.models import Purpose
from superbill.app.documents import encoded
from superbill.app.encounters.models import EncounterRow, EncounterState
from superbill.app.rows import found, update
from superbill.app.work import action
from superbill.coding.history import Record
from superbill.coding.model import CodedEncounter, Disposition
from superbill.coding.suggest.model import Suggestion

STATES = {
    Disposition.CODED: EncounterState.CODED,
    Disposition.NOT_BILLABLE: EncounterState.NOT_BILLABLE,
    Disposition.HELD: EncounterState.HELD,
}


class CodingCounts(Struct, frozen=True, kw_only=True):
    """Encounters by what coding made of them. `already_billed` and `unknown` rows were left alone."""

    coded: int = 0
    not_billable: int = 0
    held: int = 0
    already_billed: int = 0
    unknown: int = 0


def record_coding(
    actor: Actor, results: Sequence[tuple[int, CodedEncounter]], *, at: datetime,
    suggestions: Mapping[int, Suggestion] = MappingProxyType({}),
) -> CodingCounts:  # fmt: skip
    """Store what coding made of encounters (row id, result). The coding of a billed encounter is not replaced.

    `suggestions`: what was suggested from the notes of those that wait for a person, by row id.
    """
    with action(actor, Permission.CODE, "record coding", at) as work:
        states = dict(
            found(work.scope, EncounterRow, "id", (row_id for row_id, _ in results), "id", "state", lock=True)
        )
        counts = {"already_billed": 0, "unknown": 0, **{state.value: 0 for state in STATES.values()}}
        changes, kept = [], []
        for row_id, coded in results:
            if states.get(row_id) in (None, EncounterState.BILLED):
                counts["already_billed" if row_id in states else "unknown"] += 1
                continue
            state = STATES[coded.disposition].value
            counts[state] += 1
            changes.append((state, encoded(coded), encoded(coded.findings), row_id))
            kept.append(_kept(actor, row_id, coded, suggestions.get(row_id)))
        update(EncounterRow, ("state", "coded", "findings"), changes)
        add(work, kept)
        work.note("encounter", ids=[change[-1] for change in changes], **counts)
        return CodingCounts(**counts)


def _kept(actor: Actor, row_id: int, coded: CodedEncounter, suggestion: Suggestion | None) -> Coding:
    release = suggestion.release if suggestion else next((each.release for each in coded.diagnoses if each.release), "")
    purpose = Purpose.SUGGESTED if suggestion and coded.disposition is Disposition.HELD else Purpose.CODED
    record = Record(coded=coded, suggestion=suggestion)
    return Coding(encounter=row_id, purpose=purpose, coder=actor.name, record=record, release=release)
