"""Charts in files: dropped, looked at, brought in by a worker; and notes that came by themselves."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from superbill.app.accounts.permissions import Permission
from superbill.app.encounters.drops import NewFile, discard_drop, keep_drop, keep_look
from superbill.app.encounters.queries_drops import DropSeen, KeptFile, drop, drops, file, taken
from superbill.app.jobs.actions import start
from superbill.app.path.bringing import Brought, Looked, look_into, waiting
from superbill.app.patients.finding import find_patients
from superbill.app.stages import Stages
from superbill.app.web.desk import CHARTS, Desk, desk, now, read, show
from superbill.app.web.notices import tell
from superbill.app.web.unpacking import MEGABYTE, Most, unpacked
from superbill.chart.text.document import read_document

MOST = Most(file=60 * MEGABYTE, together=100 * MEGABYTE)  # the chart of one patient's life has up to 50 MB
AT_ONCE = 8 * MEGABYTE  # what is looked into while one waits
SHOWN = 20
BRINGS = Permission.IMPORT_CHARTS


@desk(CHARTS, BRINGS, methods=("GET", "HEAD", "POST"))
def bring_in(request: HttpRequest, at: Desk) -> HttpResponse:
    """Drop files: they are kept and looked into, and nothing of them is brought in yet."""
    if request.method != "POST":
        return show(request, at, "register/charts", "register", drops=drops(at.scope))
    some = list(unpacked(request.FILES.getlist("files"), MOST))
    if not some:
        tell(
            request,
            _("Choose the files first: FHIR bundles, ndjson, notes, a ZIP of them, or packed with gzip."),
            trouble=True,
        )
        return redirect("charts-import", at.practice.key)
    kept = [NewFile(one.name, one.path or one.name, one.data) for one in some if not one.refused]
    refused = [(one.name, one.refused) for one in some if one.refused]
    if not kept:
        said = " ".join(f"{name} {why}" for name, why in refused[:3])
        tell(request, _("Nothing was taken. %s") % said, trouble=True)
        return redirect("charts-import", at.practice.key)
    made = keep_drop(at.actor, kept, refused, at=now())
    if sum(len(one.data) for one in kept) > AT_ONCE:
        return redirect("job", at.practice.key, start(at.actor, "charts-look", at=now(), drop=made))
    keep_look(at.actor, made, look_into(at.actor, made, Stages()), at=now())
    return redirect("chart-drop", at.practice.key, made)


@desk(CHARTS, BRINGS)
def dropped(request: HttpRequest, at: Desk, drop_id: int) -> HttpResponse:
    """What is in the files, before; what became of them, after."""
    found = _found(at, drop_id)
    looked, brought = found.told(found.looked, Looked), found.told(found.brought, Brought)
    read(at, "chart drop", [found.id])
    if looked:
        read(at, "patient", [one.id for one in looked.people if one.id])
    used = taken(at.scope, [one.file for one in looked.notes]) if looked else {}
    return show(
        request, at, "register/drop", "register", drop=found, looked=looked, brought=brought,
        notes=[(one, used.get(one.file) or one.account) for one in looked.notes] if looked else [],
        more=sum(looked.patients.values()) - len(looked.people) if looked else 0, **_totals(looked),
    )  # fmt: skip


def _totals(looked: Looked | None) -> dict[str, Any]:
    patients = sum(looked.patients.values()) if looked else 0
    visits = sum(looked.visits.values()) if looked else 0
    fresh = looked.visits["new"] + looked.visits["changed"] if looked else 0
    return {"patients": patients, "visits": visits, "fresh": fresh}


@desk(CHARTS, BRINGS, methods=("POST",))
def bring(_request: HttpRequest, at: Desk, drop_id: int) -> HttpResponse:
    """Bring them in: a worker does it, its page shows how far it is."""
    _found(at, drop_id)
    waiting(at.scope, drop_id)
    return redirect("job", at.practice.key, start(at.actor, "charts-import", at=now(), drop=drop_id))


@desk(CHARTS, BRINGS, methods=("POST",))
def discard(request: HttpRequest, at: Desk, drop_id: int) -> HttpResponse:
    """Leave them out."""
    _found(at, drop_id)
    discard_drop(at.actor, drop_id, at=now())
    tell(request, _("Discarded. Nothing of these files was brought in."))
    return redirect("charts-import", at.practice.key)


@desk(CHARTS, BRINGS, methods=("GET", "HEAD", "POST"))
def note(request: HttpRequest, at: Desk, file_id: int) -> HttpResponse:
    """A note that names no patient of a chart: whose it is, is found here, and a visit made of it."""
    found = note_file(at, file_id)
    asked = request.POST.get("q", "").replace("\0", "").strip()[:120]
    patients = find_patients(at.scope, asked, today=at.today, limit=SHOWN) if asked else []
    read(at, "patient", [one.id for one in patients])
    return show(
        request, at, "register/note", "register", file=found, text=read_document(found.data).text, wanted=asked,
        found=patients,
    )  # fmt: skip


def note_file(at: Desk, file_id: int) -> KeptFile:
    """A file whose content is still there, its reading traced. Raises Http404."""
    found = file(at.scope, file_id) if file_id < 2**63 else None
    if found is None or not found.data:
        raise Http404
    read(at, "chart file", [found.id])
    return found


def _found(at: Desk, drop_id: int) -> DropSeen:
    found = drop(at.scope, drop_id) if drop_id < 2**63 else None
    if found is None:
        raise Http404
    return found
