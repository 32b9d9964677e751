"""Work in progress: every member sees their own, and may ask for what their roles allow."""

from typing import Any

from superbill.app.accounts.permissions import Role
from superbill.app.accounts.queries import actor_for
from superbill.app.jobs.actions import start
from tests.app_samples import AT
from tests.web_routes import Listed
from tests.web_samples import member_of

ROUTES = {
    "jobs": Listed(lacking=None),
    "job": Listed(lacking=None),
    "job-start": Listed(lacking=Role.CODER, body={"kind": "export"}, gives=302, page=False),
    # The one who asks here sees the job, and it is somebody else's.
    "job-stop": Listed(lacking=None, body={}, gives=303, page=False),
    "job-again": Listed(lacking=None, body={}, gives=303, page=False),
    "job-file": Listed(lacking=None, gives=404, page=False),
}


def keys(_system: Any, office: Any, _folder: Any) -> dict[str, tuple[object, ...]]:
    """A job that somebody asked for."""
    asker = actor_for(member_of(office.practice, "asker", Role.MANAGER), office.practice.pk)
    job = (start(asker, "tasks", at=AT),)
    return dict.fromkeys(("job", "job-stop", "job-again", "job-file"), job)
