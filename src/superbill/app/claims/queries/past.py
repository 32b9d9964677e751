"""What was billed before for a patient, as the edits look at it."""

from collections.abc import Iterable

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import decoded
from superbill.app.encounters.models import EncounterRow
from superbill.app.rows import found
from superbill.claims.model import Claim
from superbill.edits import PastClaim

# A patient's claims by the encounter (row id) that they bill.
ByEncounter = dict[int, list[PastClaim]]


def past_claims(scope: Scope, patients: Iterable[int]) -> dict[int, ByEncounter]:
    """The claims of these patients (row ids), of each the latest version, by encounter. Held ones are not in it."""
    of_patient = dict(found(scope, EncounterRow, "patient_id", set(patients), "id", "patient_id"))
    columns = ("id", "encounter_id", "control_number", "doc", "state", "payer_key", "replaces_id")
    rows = list(found(scope, ClaimRow, "encounter_id", of_patient, *columns))
    replaced = {row[-1] for row in rows}
    made: dict[int, ByEncounter] = {}
    for row_id, encounter, number, doc, state, payer, _ in sorted(rows):
        if row_id not in replaced and state != "held":
            past = PastClaim(claim=decoded(doc, Claim, f"claim {number}"), state=state, payer_key=payer)
            made.setdefault(of_patient[encounter], {}).setdefault(encounter, []).append(past)
    return made


def patients_of(scope: Scope, encounters: Iterable[int]) -> dict[int, int]:
    """The patient (row id) of each encounter (row id)."""
    return dict(found(scope, EncounterRow, "id", set(encounters), "id", "patient_id"))
