"""The database itself: whole, with its guards in place, and no row that points at nothing."""

from django.db import IntegrityError, connection

from superbill.app.doctor.report import Notes

_APPENDED = (
    "statements_statement", "statements_statementline", "statements_statementpatient", "statements_delivery",
    "threads_message",
)  # fmt: skip
GUARDS = {
    "sqlite": (
        "audit_auditevent_no_update", "audit_auditevent_no_delete", "audit_auditevent_no_replace",
        "billing_journalentry_no_update", "billing_journalentry_no_delete", "billing_journalentry_no_replace",
        "billing_journalentry_balanced", "billing_posting_no_update", "billing_posting_no_delete",
        "billing_posting_no_replace", "billing_posting_not_late", "deposits_closing_no_update",
        "deposits_closing_no_delete", "deposits_closing_no_replace",
        *(f"{table}_no_{what}" for table in _APPENDED for what in ("update", "delete", "replace")),
    ),
    "postgresql": (
        "audit_auditevent_no_change", "audit_auditevent_no_truncate", "billing_journalentry_no_change",
        "billing_journalentry_no_truncate", "billing_journalentry_balanced", "billing_posting_no_change",
        "billing_posting_no_truncate", "billing_posting_balanced", "billing_posting_not_late",
        "deposits_closing_no_change", "deposits_closing_no_truncate",
        *(f"{table}_no_{what}" for table in _APPENDED for what in ("change", "truncate")),
    ),
}  # fmt: skip
_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def check_database(notes: Notes) -> None:
    """Triggers that should be there, SQLite's own pages, and foreign keys."""
    with connection.cursor() as cursor:
        cursor.execute(_TRIGGERS[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
        for guard in GUARDS[connection.vendor]:
            if guard not in there:
                fix = "Someone removed it. Find out who and why; restore a backup, or create it again and examine."
                notes.add("guard", guard, f"The database no longer has the trigger {guard}.", fix)
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA quick_check(5)")
            for (said,) in cursor.fetchall():
                if said != "ok":
                    notes.add("damaged", "database file", f"SQLite reports: {said}.", "Restore a backup.")
    try:
        connection.check_constraints()
    except IntegrityError as error:
        said = str(error).strip().splitlines()[0]
        notes.add("orphan", "foreign keys", f"A row points at nothing: {said}", "Restore the row, or a backup.")
