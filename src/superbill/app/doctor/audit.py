"""The audit trail: each event still follows the one before it, and none is missing."""

from superbill.app.accounts.actors import Scope
from superbill.app.audit.chain import verify
from superbill.app.audit.models import AuditEvent
from superbill.app.doctor.report import Notes

FIX = "Somebody wrote to the database past the program. Find out who and why; compare with a backup or an export."


def check_audit(scope: Scope, notes: Notes) -> None:
    """The chain of hashes, for who may read the trail."""
    if not scope.may(AuditEvent.reads):
        return
    broken = verify(scope).broken
    if broken:
        notes.add("audit", f"audit event {broken.number:,}", f"The audit trail breaks here: {broken.why}.", FIX)
