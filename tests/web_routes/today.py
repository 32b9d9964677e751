"""Today."""

from superbill.app.accounts.permissions import Role
from superbill.app.worklists.actions import refresh, save_filter
from superbill.app.worklists.queue import Filters, queue, saved_filters
from tests.app_samples import AT, TODAY
from tests.web_routes import Listed


def keys(system, office, _folder):
    """A task about a patient, and a filter that is kept."""
    refresh(system, TODAY, at=AT)
    save_filter(system, "Denials", "kind=denial", shared=True, at=AT)
    about = next(row for row in queue(system.scope, Filters(whose="all"), (), TODAY) if row.patient)
    ROUTES["today-act"].body["ids"] = [str(about.pk)]
    return {"task": (about.pk,), "today-filter-forget": (saved_filters(system.scope)[0].pk,)}


ROUTES = {
    "today": Listed(lacking=Role.ADMINISTRATOR, reads="patient"),
    "today-figures": Listed(lacking=Role.CODER),
    "task": Listed(lacking=Role.ADMINISTRATOR, reads="patient"),
    "today-act": Listed(lacking=Role.ADMINISTRATOR, body={"do": "note", "text": "asked", "ids": []}, gives=302),
    "today-refresh": Listed(lacking=Role.ADMINISTRATOR, body={}, gives=302),
    "today-filter": Listed(lacking=Role.ADMINISTRATOR, body={"name": "Denials", "filters": "kind=denial"}, gives=302),
    "today-filter-counts": Listed(lacking=Role.ADMINISTRATOR),
    "today-filter-forget": Listed(lacking=Role.ADMINISTRATOR, body={}, gives=302),
}
