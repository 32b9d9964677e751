"""Documents: claims as charged, statements as owed, visits and files readable and unchanged."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.db.models import Max, QuerySet, Sum

from superbill.app.accounts.actors import Scope
from superbill.app.base import PracticeRow
from superbill.app.billing.models import ChargeLine, Posting
from superbill.app.billing.parties import patient_party
from superbill.app.claims.models import Batch, ClaimRow, ReceivedFile
from superbill.app.doctor.report import Notes
from superbill.app.documents import BadDocument, content_key, decoded
from superbill.app.encounters.models import EncounterRow
from superbill.app.patients.models import PatientRow
from superbill.app.practices.models import Counter
from superbill.app.rows import found
from superbill.app.statements.models import Statement, StatementLine, StatementPatient
from superbill.chart.model import Chart, EncounterRecord
from superbill.claims.model import Claim
from superbill.coding.model import CodedEncounter
from superbill.findings import Finding
from superbill.ledger.accounts import Account

CHUNK = 200
Row = TypeVar("Row", bound=PracticeRow)
_BACKUP = "It was changed past the app. Restore a backup."


def check_claims(scope: Scope, notes: Notes) -> None:
    """Every claim readable, with the number and charge of its row and the lines that are on the books."""
    for some in _in_chunks(scope.rows(ClaimRow)):
        claims: dict[str, Claim] = {}
        for row in some:
            place = f"claim {row.control_number}"
            try:
                claims[row.control_number] = claim = decoded(row.doc, Claim, place)
                decoded(row.findings, tuple[Finding, ...], place)
            except BadDocument as error:
                notes.add("document", place, f"{error}.", _BACKUP)
                continue
            if (claim.control_number, claim.charge) != (row.control_number, row.charge):
                message = f"Claim {row.control_number}: its document says {claim.charge} cents, its row {row.charge}."
                notes.add("claim", place, message, _BACKUP)
        keys = {line.control_number for claim in claims.values() for line in claim.lines}
        charged = dict(found(scope, ChargeLine, "key", keys, "key", "charge"))
        for number, claim in claims.items():
            for line in claim.lines:
                booked = charged.get(line.control_number)
                if booked != line.charge:
                    said = f"{booked} cents" if booked is not None else "no such line"
                    message = f"Claim {number}, line {line.control_number}: {line.charge} cents billed, {said} charged."
                    notes.add("claim", f"claim {number}", message, "Send a corrected claim, or correct the charge.")


def check_statements(scope: Scope, notes: Notes) -> None:
    """Each statement asked, line by line, for what was owed when the journal had come that far, and for nothing else;
    numbers have no gap."""
    for some in _in_chunks(scope.rows(Statement)):
        for row in some:
            place = f"statement {row.number}"
            fix = "Send the guarantor a corrected statement."
            asked = _parts(scope, row)
            owed = _owed_then(scope, row, asked)
            for line, (amount, _) in asked.items():
                if owed.get(line, 0) != amount:
                    then = owed.get(line, 0)
                    message = f"Statement {row.number} shows {amount} cents for a line of which {then} were owed."
                    notes.add("statement", place, message, fix)
            money = _money_then(scope, row, notes)
            total = sum(amount for amount, held in asked.values() if not held) - money
            if total != row.amount:
                message = f"Statement {row.number} asks for {row.amount} cents; its lines ask for {total}."
                notes.add("statement", place, message, fix)
    numbers = scope.rows(Statement).order_by("number").values_list("number", flat=True)
    for expected, number in enumerate(numbers.iterator(chunk_size=2000), 1):
        if number != expected:
            notes.add("statement", f"statement {expected}", f"Statement {expected} is missing.", _BACKUP)
            break


def _parts(scope: Scope, row: Statement) -> dict[int, tuple[int, bool]]:
    """What a statement shows of each line, and whether it only shows it."""
    shown: dict[int, tuple[int, bool]] = {}
    for line, amount, held in found(scope, StatementLine, "statement_id", [row.pk], "line_id", "amount", "held"):
        shown[line] = (shown.get(line, (0, False))[0] + amount, bool(held))
    return shown


def _owed_then(scope: Scope, row: Statement, lines: Iterable[int]) -> dict[int, int]:
    before = scope.rows(Posting).filter(entry__number__lte=row.through, account=Account.PATIENT.value)
    sums = before.filter(line_id__in=list(lines)).order_by().values_list("line_id").annotate(total=Sum("amount"))
    return {line: int(total) for line, total in sums if line is not None}


def _money_then(scope: Scope, row: Statement, notes: Notes) -> int:
    """The money on account that a statement took off, each patient's proved from the journal."""
    taken = 0
    for patient, amount in found(scope, StatementPatient, "statement_id", [row.pk], "patient_id", "unapplied"):
        taken += amount
        if not amount:
            continue
        loose = scope.rows(Posting).filter(entry__number__lte=row.through, account=Account.UNAPPLIED.value)
        there = -(loose.filter(payer=patient_party(patient)).aggregate(total=Sum("amount"))["total"] or 0)
        if there != amount:
            message = f"Statement {row.number} takes off {amount} cents of money on account; there were {there}."
            notes.add("statement", f"statement {row.number}", message, "Send the guarantor a corrected statement.")
    return taken


def check_visits(scope: Scope, notes: Notes) -> None:
    """Charts, encounters and codings can be read."""
    for patients in _in_chunks(scope.rows(PatientRow)):
        for patient in patients:
            _read(notes, f"patient {patient.pk}", (patient.doc, Chart))
    for encounters in _in_chunks(scope.rows(EncounterRow)):
        for row in encounters:
            place = f"encounter {row.account_number}"
            _read(notes, place, (row.doc, EncounterRecord), (row.findings, tuple[Finding, ...]))
            if row.coded:
                _read(notes, place, (row.coded, CodedEncounter))
            if content_key(row.doc) != row.content_hash:
                notes.add("document", place, f"Encounter {row.account_number} is not as it was imported.", _BACKUP)


def check_files(scope: Scope, notes: Notes) -> None:
    """Files sent and received are byte for byte what they were; control numbers were all given out by the counter."""
    for batches in _in_chunks(scope.rows(Batch), 20):
        for batch in batches:
            if content_key(bytes(batch.content)) != batch.sha256:
                notes.add("file", batch.file_name, f"Batch {batch.file_name} is not as it was made.", _BACKUP)
    for files in _in_chunks(scope.rows(ReceivedFile), 20):
        for file in files:
            if content_key(bytes(file.content)) != file.sha256:
                notes.add("file", file.name, f"File {file.name} is not as it was received.", _BACKUP)
    highest = scope.rows(Batch).aggregate(
        interchange=Max("interchange_control_number"), group=Max("group_control_number")
    )
    given = dict(Counter.objects.filter(practice_id=scope.practice_id).values_list("name", "value"))
    for name, number in highest.items():
        if (number or 0) > given.get(name, 0):
            message = f"Control number {number} ({name}) is in use, the counter stands at {given.get(name, 0)}."
            notes.add("counter", name, message, f"Set the counter to {number}, or numbers will repeat.")


def _read(notes: Notes, place: str, *documents: tuple[str, type]) -> None:
    for text, kind in documents:
        try:
            decoded(text, kind, place)
        except BadDocument as error:
            notes.add("document", place, f"{error}.", _BACKUP)


def _in_chunks(rows: QuerySet[Row], size: int = CHUNK) -> Iterator[list[Row]]:
    last = 0
    while some := list(rows.order_by("pk").filter(pk__gt=last)[:size]):
        last = some[-1].pk
        yield some
