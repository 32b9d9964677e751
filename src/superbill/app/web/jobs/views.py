"""A job's page: how far it is, every second anew; what came of it. And the list, to find it again."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from superbill.app.accounts.permissions import Permission
from superbill.app.audit.actions import record_taking
from superbill.app.jobs import actions, queries
from superbill.app.jobs.kinds import KINDS
from superbill.app.jobs.running import folder_of
from superbill.app.web.desk import Desk, desk, now, show

POST = ("POST",)
OFFERED = ("export", "tasks")  # what can be begun on this page; other kinds begin in their rooms
FORMS = ("csv", "parquet")


@desk()
def jobs(request: HttpRequest, at: Desk) -> HttpResponse:
    """Everything that this person asked for, newest first."""
    offered = [(name, KINDS[name].title) for name in OFFERED if at.may(KINDS[name].permission)]
    everybodys = at.may(Permission.READ_AUDIT)
    return show(
        request, at, "jobs/jobs", "", jobs=queries.jobs(at.actor), offered=offered, forms=FORMS, everybodys=everybodys
    )


@desk()
def job(request: HttpRequest, at: Desk, job: int) -> HttpResponse:
    """One job."""
    found = _found(at, job)
    own = found.member == at.actor.name
    return show(request, at, "jobs/job", "", job=found, own=own, fetches=_may_fetch(at, found))


@desk(methods=POST)
def start(request: HttpRequest, at: Desk) -> HttpResponse:
    """Begin one of the jobs of the whole office."""
    kind, form = request.POST.get("kind", ""), request.POST.get("form", "")
    if kind not in OFFERED:
        raise Http404
    arguments = {"form": form if form in FORMS else FORMS[0]} if kind == "export" else {}
    return redirect("job", at.practice.key, actions.start(at.actor, kind, at=now(), **arguments))


@desk(methods=POST)
def stop(_request: HttpRequest, at: Desk, job: int) -> HttpResponse:
    """Stop one's own."""
    _found(at, job)
    actions.stop(at.actor, job, at=now())
    return redirect("job", at.practice.key, job)


@desk(methods=POST)
def again(_request: HttpRequest, at: Desk, job: int) -> HttpResponse:
    """Ask for one's own once more."""
    _found(at, job)
    return redirect("job", at.practice.key, actions.again(at.actor, job, at=now()))


@desk()
def file(_request: HttpRequest, at: Desk, job: int) -> HttpResponseBase:
    """The file that a job left, for who asked for it and still may."""
    found = _found(at, job)
    if not found.file or not _may_fetch(at, found):
        raise Http404
    at.actor.must(KINDS[found.kind].permission)
    path = folder_of(found.id) / found.file
    if not path.is_file():
        raise Http404
    record_taking(at.actor, "job", found.id, at=now())
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.file)


def _found(at: Desk, job: int) -> queries.JobSeen:
    found = queries.job(at.actor, job) if job < 2**63 else None
    if found is None:
        raise Http404
    return found


def _may_fetch(at: Desk, found: queries.JobSeen) -> bool:
    return bool(found.file) and found.member == at.actor.name and found.kind in KINDS
