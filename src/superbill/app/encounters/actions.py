"""Coding results are recorded."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.documents import encoded
from superbill.app.encounters.models import EncounterRow, EncounterState
from superbill.app.rows import found, update
from superbill.app.work import action
from superbill.coding.model import CodedEncounter, Disposition

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


def record_coding(actor: Actor, results: Sequence[tuple[int, CodedEncounter]], *, at: datetime) -> CodingCounts:
    """Store what coding made of encounters (row id, result). The coding of a billed encounter is not replaced."""
    with action(actor, Permission.CODE, "record coding", at) as work:
        states = dict(
            found(work.scope, EncounterRow, "id", (row_id for row_id, _ in results), "id", "state", lock=True)
        )
        counts = {"already_billed": 0, "unknown": 0, **{state.value: 0 for state in STATES.values()}}
        changes = []
        for row_id, coded in results:
            if states.get(row_id) in (None, EncounterState.BILLED):
                counts["already_billed" if row_id in states else "unknown"] += 1
                continue
            state = STATES[coded.disposition].value
            counts[state] += 1
            changes.append((state, encoded(coded), encoded(coded.findings), row_id))
        update(EncounterRow, ("state", "coded", "findings"), changes)
        work.note("encounter", ids=[change[-1] for change in changes], **counts)
        return CodingCounts(**counts)
