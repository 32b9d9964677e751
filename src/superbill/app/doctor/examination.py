"""One examination of a practice, in one consistent view of the database and in constant memory."""

from django.db import connection, transaction
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.doctor.audit import check_audit
from superbill.app.doctor.bank import check_bank
from superbill.app.doctor.cases import check_cases
from superbill.app.doctor.database import check_database
from superbill.app.doctor.denials import check_denials
from superbill.app.doctor.entries import check_entries
from superbill.app.doctor.lines import check_lines
from superbill.app.doctor.papers import check_claims, check_files, check_statements, check_visits
from superbill.app.doctor.payments import check_remittances
from superbill.app.doctor.report import Notes
from superbill.findings import Finding


class DoctorReport(Struct, frozen=True, kw_only=True):
    """How many journal entries and charge lines were proved, how many entries do not balance, and every difference."""

    entries: int
    unbalanced: int
    lines: int
    findings: tuple[Finding, ...] = ()

    @property
    def healthy(self) -> bool:
        """Nothing at all was found."""
        return not self.unbalanced and not self.findings


def examine(scope: Scope) -> DoctorReport:
    """Recompute everything from the journal and compare; read every document. Nothing is changed.

    Raises NotPermitted without the permissions to read charts, claims and the ledger.
    """
    notes = Notes()
    with transaction.atomic():
        if connection.vendor == "postgresql" and not transaction.get_connection().savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        check_database(notes)
        check_audit(scope, notes)
        entries, unbalanced = check_entries(scope, notes)
        lines = check_lines(scope, notes)
        check_remittances(scope, notes)
        check_cases(scope, notes)
        check_bank(scope, notes)
        check_claims(scope, notes)
        check_denials(scope, notes)
        check_statements(scope, notes)
        check_visits(scope, notes)
        check_files(scope, notes)
    return DoctorReport(entries=entries, unbalanced=unbalanced, lines=lines, findings=notes.findings())
