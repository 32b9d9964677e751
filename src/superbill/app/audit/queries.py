"""The trail, newest first."""

from superbill.app.accounts.actors import Scope
from superbill.app.audit.models import AuditEvent


def events(scope: Scope, *, kind: str = "", subject: int | None = None, limit: int = 200) -> list[AuditEvent]:
    """What happened in the practice, or to one row."""
    rows = scope.rows(AuditEvent)
    if kind:
        rows = rows.filter(subject_kind=kind)
    if subject is not None:
        rows = rows.filter(subject_id=subject)
    return list(rows.order_by("-id")[:limit])
