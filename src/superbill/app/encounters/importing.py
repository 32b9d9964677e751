"""Encounters of imported charts: new, the same, changed in time, or changed too late."""

from collections.abc import Sequence

from msgspec import Struct

from superbill.app.documents import content_key, decoded, encoded, same_but_for_source
from superbill.app.encounters.models import EncounterRow, EncounterState
from superbill.app.practices.actions import take
from superbill.app.rows import found, insert, update
from superbill.app.work import Work
from superbill.chart.model import EncounterRecord
from superbill.findings import Finding, Severity, header

FIRST_ACCOUNT = 1000  # the first account number is A1001
CHANGED_LATE = "import.changed-after-billing"


class EncounterCounts(Struct, frozen=True):
    """What became of the encounters of one import."""

    new: int
    changed: int
    same: int
    findings: tuple[Finding, ...]


def import_encounters(work: Work, visits: Sequence[tuple[int, EncounterRecord]]) -> EncounterCounts:
    """Store (patient row id, encounter) pairs inside the caller's action."""
    wanted = {(patient, encounter.id): encounter for patient, encounter in visits}
    rows = work.scope.rows(EncounterRow)
    columns = ("patient_id", "source_id", "id", "content_hash", "state", "account_number", "findings")
    there = {
        row[:2]: row[2:] for row in found(work.scope, EncounterRow, "source_id", (key[1] for key in wanted), *columns)
    }
    new, changed, late = [], [], []
    findings: list[Finding] = []
    for key, encounter in wanted.items():
        doc = encoded(encounter)
        content = content_key(doc)
        if key not in there:
            new.append((*key, encounter.date_of_service, doc, content))
            continue
        row_id, known_content, state, account, known_findings = there[key]
        if known_content == content or same_but_for_source(doc, rows.values_list("doc", flat=True).get(pk=row_id)):
            continue
        if state != EncounterState.BILLED:
            changed.append((encounter.date_of_service, doc, content, EncounterState.IMPORTED.value, "", "[]", row_id))
            continue
        finding = _changed_late(account)
        findings.append(finding)
        known = decoded(known_findings, tuple[Finding, ...], f"findings of {account}")
        if finding not in known:
            late.append((encoded((*known, finding)), row_id))
    _insert_new(work, new)
    update(EncounterRow, ("date_of_service", "doc", "content_hash", "state", "coded", "findings"), changed)
    update(EncounterRow, ("findings",), late)
    same = len(wanted) - len(new) - len(changed) - len(findings)
    return EncounterCounts(len(new), len(changed), same, tuple(findings))


def _insert_new(work: Work, new: Sequence[tuple[object, ...]]) -> None:
    if not new:
        return
    first = FIRST_ACCOUNT + take(work.practice_id, "account", len(new))
    rows = [(work.practice_id, f"A{first + place}", *row) for place, row in enumerate(new)]
    columns = ("practice_id", "account_number", "patient_id", "source_id", "date_of_service", "doc", "content_hash")
    insert(EncounterRow, columns, rows)


def _changed_late(account: str) -> Finding:
    return Finding(
        rule=CHANGED_LATE,
        severity=Severity.WARNING,
        where=header(f"encounter {account}"),
        message=f"The chart of {account} changed after it was billed; the claim stands as it was sent.",
        fix="Compare the two. If the claim is wrong, send a corrected claim (frequency 7) or void it (8).",
    )
