"""Encounters of imported charts: new, the same, changed in time, or changed too late."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from superbill.app.documents import content_key, decoded, encoded, same_but_for_source
from superbill.app.encounters.models import EncounterRow, EncounterState
from superbill.app.practices.actions import take
from superbill.app.rows import found, insert, update
from superbill.app.work import Work
from superbill.chart.model import EncounterRecord
from superbill.findings import Finding, Severity, header

FIRST_ACCOUNT = 1000  # the first account number is A1001
CHANGED_LATE = "import.changed-after-billing"
RESTATED = ("date_of_service", "doc", "content_hash", "state", "coded", "findings", "imported")


class EncounterCounts(Struct, frozen=True):
    """What became of the encounters of one import."""

    new: int
    changed: int
    same: int
    findings: tuple[Finding, ...]


def import_encounters(work: Work, visits: Sequence[tuple[int, EncounterRecord]]) -> EncounterCounts:
    """Store (patient row id, encounter) pairs inside the caller's action.

    What the desk has changed since the last import stays, unless this import tells something new about it.
    """
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
        if known_content == content:
            continue
        known, imported = rows.values_list("doc", "imported").get(pk=row_id)
        if same_but_for_source(doc, imported or known):
            continue
        if state != EncounterState.BILLED:
            record = _rebased(imported, known, encounter) if imported else encounter
            changed.append(restated(row_id, record, imported=doc if record != encounter else ""))
            continue
        finding = _changed_late(account)
        findings.append(finding)
        there_already = decoded(known_findings, tuple[Finding, ...], f"findings of {account}")
        if finding not in there_already:
            late.append((encoded((*there_already, finding)), row_id))
    _insert_new(work, new)
    update(EncounterRow, RESTATED, changed)
    update(EncounterRow, ("findings",), late)
    same = len(wanted) - len(new) - len(changed) - len(findings)
    return EncounterCounts(len(new), len(changed), same, tuple(findings))


def restated(row_id: int, record: EncounterRecord, *, imported: str = "") -> tuple[object, ...]:
    """The values of RESTATED, and the row's id, of a visit that is not billed: it is to be coded anew."""
    doc = encoded(record)
    state = EncounterState.IMPORTED.value
    return (record.date_of_service, doc, content_key(doc), state, "", "[]", imported, row_id)


def _rebased(imported: str, known: str, theirs: EncounterRecord) -> EncounterRecord:
    """An import onto a visit that the desk has changed since the last one: what is new in it counts, field by field."""
    base, ours = decoded(imported, EncounterRecord), decoded(known, EncounterRecord)
    names = EncounterRecord.__struct_fields__
    told = {name: getattr(theirs, name) for name in names if getattr(theirs, name) != getattr(base, name)}
    return replace(ours, **told)


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
