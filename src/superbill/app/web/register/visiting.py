"""A visit that the desk enters, and one that it corrects: the same form, and then its codes."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from superbill.app.accounts.permissions import Permission
from superbill.app.authorizations.queries import grants
from superbill.app.encounters.drops import note_taken
from superbill.app.encounters.entering import SeenAlready, change_visit, enter_visit
from superbill.app.encounters.models import EncounterState
from superbill.app.encounters.queries_drops import KeptFile
from superbill.app.path.entering import code_entered
from superbill.app.session import Session
from superbill.app.web import sites
from superbill.app.web.desk import CHARTS, Desk, desk, now, read
from superbill.app.web.forms import attempt
from superbill.app.web.notices import tell
from superbill.app.web.register.bringing import note_file
from superbill.app.web.register.patient import here, page
from superbill.app.web.register.queries import Stored, StoredVisit, stored_visit
from superbill.app.web.register.visit_form import VisitForm
from superbill.app.web.register.visit_records import OPEN, told_of
from superbill.app.web.register.words import changes
from superbill.chart.model import EncounterRecord
from superbill.chart.text.ccda_header import ccda_header
from superbill.chart.text.document import read_document
from superbill.codesets.release import Refused

WRITES = ("GET", "HEAD", "POST")
ENTERS = Permission.IMPORT_CHARTS


@desk(CHARTS, ENTERS, methods=WRITES)
def new(request: HttpRequest, at: Desk, patient: int) -> HttpResponse:
    """Enter a visit. A second one of the same day and provider is asked about before it is kept."""
    found, session, note = here(at, patient), sites.session(at), _note(request, at)
    if request.method != "POST":
        initial = {
            "day": at.today, "time": now().time(), "provider": session.site.default_provider,
            "place": session.site.default_location, **(_of_note(note) if note else {}),
        }  # fmt: skip
        return _page(request, at, found, VisitForm(session.site, initial=initial))
    form = VisitForm(session.site, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, at, found, form, status=422)
    seen: tuple[str, ...] = ()
    with attempt(form):
        try:
            record = form.record()
            account = enter_visit(at.actor, patient, record, others=_others(request), at=now())
        except SeenAlready as error:
            seen = error.accounts
            raise
        if note:
            note_taken(at.actor, note.id, account, at=now())
        return _kept(request, at, session, account, record)
    return _page(request, at, found, form, seen=seen, status=422)


def _note(request: HttpRequest, at: Desk) -> KeptFile | None:
    """The note that came by itself and is to be part of the visit, if the address names one."""
    number = request.GET.get("note", "")
    return note_file(at, int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else None


def _of_note(note: KeptFile) -> dict[str, Any]:
    head = ccda_header(note.data)
    day = {"day": head.visit} if head and head.visit else {}
    return {"note": read_document(note.data).text, **day}


@desk(CHARTS, ENTERS, methods=WRITES)
def edit(request: HttpRequest, at: Desk, account: str) -> HttpResponse:
    """Correct a visit that is not billed. Somebody else's change meanwhile is shown beside one's own."""
    visit = _visit(at, account)
    found, session = here(at, visit.patient), sites.session(at)
    site, before = session.site, visit.record
    if request.method != "POST" or visit.state == EncounterState.BILLED:
        form = VisitForm(site, initial=told_of(site, before), before=before)
        return _page(request, at, found, form, visit, status=200 if request.method != "POST" else 409)
    form = VisitForm(site, request.POST, request.FILES, before=before)
    if not form.is_valid():
        return _page(request, at, found, form, visit, status=422)
    version, record = request.POST.get("version", ""), form.record()
    seen: tuple[str, ...] = ()
    if version == visit.version and record == before:
        tell(request, _("Nothing was changed."))
        return redirect("visit", at.practice.key, account)
    with attempt(form):
        try:
            change_visit(at.actor, account, version, record, others=_others(request), at=now())
        except SeenAlready as error:
            seen = error.accounts
            raise
        return _kept(request, at, session, account, record)
    visit = _visit(at, account)
    if version != visit.version:
        theirs = changes(VisitForm(site, initial=told_of(site, visit.record), before=visit.record), form)
        return _page(request, at, found, form, visit, theirs=theirs, status=409)
    return _page(request, at, found, form, visit, seen=seen, status=422)


def _visit(at: Desk, account: str) -> StoredVisit:
    found = stored_visit(at.scope, account)
    if found is None:
        raise Http404
    read(at, "encounter", [found.id])
    return found


def _others(request: HttpRequest) -> tuple[str, ...]:
    return tuple(request.POST.get("another", "").split())


def _kept(request: HttpRequest, at: Desk, session: Session, account: str, record: EncounterRecord) -> HttpResponse:
    try:
        code_entered(session, account)
    except Refused as error:
        tell(
            request, _("%(visit)s is kept, but not coded yet: %(why)s") % {"visit": account, "why": error}, trouble=True
        )
        return redirect("visit", at.practice.key, account)
    if record.status == OPEN:
        said = _("%s is kept. It stays open until its note is there, or the stay has ended; then it is coded.")
    else:
        said = _("%s is kept and read. Next: a coder decides on what is suggested.")
    tell(request, said % account)
    return redirect("visit", at.practice.key, account)


def _page(
    request: HttpRequest, at: Desk, found: Stored, form: VisitForm, visit: StoredVisit | None = None, *,
    seen: tuple[str, ...] = (), theirs: list[tuple[str, str, str]] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    named: dict[str, Any] = {"visit": visit, "billed": bool(visit and visit.state == EncounterState.BILLED)}
    return page(
        request, at, "visit", found, "visit", status=status, form=form, parts=form.parts(), seen=seen,
        another=" ".join((*_others(request), *seen)), theirs=theirs or [],
        granted=grants(at.scope, [found.id]).get(found.id, []), **named,
    )  # fmt: skip
