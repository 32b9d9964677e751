"""What managers look at is brought up to date by a worker, where that takes longer than a page."""

from superbill.app.accounts.permissions import Permission
from superbill.app.jobs.actions import start
from superbill.app.reports.aging import entries_behind
from superbill.app.web.desk import Desk, now

MANY = 1000  # entries that are not kept yet: more than these a worker keeps before figures are shown


def catching_up(at: Desk) -> int | None:
    """The job that keeps what the journal says of who owed what when, and what each day came to, where much of it is
    not kept yet. Figures are the same without it, but take as long; so the page waits for the worker, not the person
    for the page."""
    if not at.may(Permission.READ_LEDGER) or entries_behind(at.scope) <= MANY:
        return None
    return start(at.actor, "receivables", at=now())
