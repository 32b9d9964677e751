"""One step on a draft: from the page, kept at once, and the bench as it is then."""

import re
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from superbill.app.accounts.permissions import Permission
from superbill.app.code_books import code_books
from superbill.app.coding.actions import NotDecided
from superbill.app.coding.drafts import Changed, take_step
from superbill.app.coding.edits import BadEdit, Edit
from superbill.app.encounters.queries import Visit
from superbill.app.web.coding.bench import bench_of, shown, visit_of
from superbill.app.web.coding.lists import address_of, list_of
from superbill.app.web.coding.rows import SLUGS, meaning
from superbill.app.web.coding.words import step_words, told
from superbill.app.web.desk import CHARTS, Desk, desk, now, show
from superbill.app.web.notices import tell
from superbill.codesets.icd10cm.lookup import book
from superbill.codesets.icd10pcs.lookup import book as pcs_book
from superbill.codesets.release import Refused
from superbill.coding.deciding import note_of, record_of, system_of
from superbill.coding.model import CodeSystem, Evidence

_SERVICE = re.compile(r"\d{4}[0-9A-Z]|[A-Z]\d{4}", re.ASCII)
_SYSTEMS: dict[str, CodeSystem] = {slug: system for system, slug in SLUGS.items()}  # type: ignore[misc]  # the systems
_TYPED = ("refuse", "leave out", "count", "count more", "keep")
_PARTS = 2


@desk(CHARTS, Permission.CODE, methods=("POST",))
def step(request: HttpRequest, at: Desk, account: str) -> HttpResponse:
    """Take one step. A script gets the bench in answer, a form the page again; 409 when somebody else came between."""
    found = visit_of(at, account)
    version = request.POST.get("version", "")
    try:
        edit = edit_of(request, found)
        kept = take_step(at.actor, found.id, edit, version, at=now())
    except Changed as changed:
        return conflict(request, at, found, edit, changed)
    except NotDecided as refused:
        if not live(request):
            raise
        return shown(request, at, bench_of(at, found), status=422, refused=str(refused))
    focus = edit.key or (kept.draft.lines[-1].key if edit.do == "add" and kept.draft.lines else "")
    if edit.do in ("add", "recode"):
        focus = next((each.key for each in kept.draft.lines if each.code == edit.code and each.stands), focus)
    if live(request):
        return shown(request, at, bench_of(at, found, kept=kept), focus=focus)
    tell(request, f"You {step_words(edit, kept.draft)}.")
    return redirect(back(request, at, account) + (f"#{focus}" if focus else ""))


def live(request: HttpRequest) -> bool:
    """Did a script ask, that puts the bench alone in its place?"""
    return bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")


def back(request: HttpRequest, at: Desk, account: str) -> str:
    """The visit's page, within the list that the person works through."""
    return reverse("visit", args=(at.practice.key, account)) + address_of(*list_of(request))


def edit_of(request: HttpRequest, found: Visit) -> Edit:
    """The step that a form asks for: "refuse|d3|not addressed". Raises BadEdit."""
    do, key, value = (*request.POST.get("do", "").split("|", _PARTS), "", "", "")[:3]
    if do in ("add", "recode"):
        return _adding(request, found, do, key, value)
    reason = request.POST.get(f"why-{key}", "") or request.POST.get("why", "")
    if do in ("refuse", "keep") and value:
        reason, value = value, ""
    if do in ("leave out", "count", "count more"):
        key, value = "", value or key
        value = value or request.POST.get("element", "")
    if do == "units" and not value:
        value = request.POST.get(f"units-{key}", "")
    if do == "modifier" and not value:
        value = request.POST.get(f"modifier-{key}", "")
    if do in ("minutes", "patient"):
        value, key = request.POST.get(do, ""), ""
    return Edit(do=do, key=key, value=value.strip(), reason=reason.strip() if do in _TYPED else "")


def _adding(request: HttpRequest, found: Visit, do: str, key: str, value: str) -> Edit:
    """A code by its system and itself, verified for the day of the visit; with the words of the note chosen for it."""
    if do == "add":
        slug, text = key, value or request.POST.get("code", "")
        key = ""
    else:
        slug, _, text = value.partition("|")
    system, code = verified(_SYSTEMS.get(slug, "ICD-10-CM"), text, found.encounter.date_of_service)
    chosen = _chosen(request, found)
    why = request.POST.get("why", "").strip()
    title = meaning(system, code, found.encounter.date_of_service) if system.startswith("ICD") else ""
    return Edit(do=do, key=key, code=code, system=system, title=title, evidence=chosen, reason=why)


def verified(system: CodeSystem, text: str, on: date) -> tuple[CodeSystem, str]:
    """The system and the code as it is written. Raises BadEdit for what is none on the day or can't be billed."""
    wanted = text.strip().upper()
    try:
        if system == "ICD-10-CM":
            found = book(code_books(), on).code(wanted)
            if found is None or not found.billable:
                raise BadEdit(f"{wanted}: " + ("is a header; choose a code below it." if found else "no such code."))
            return system, found.code
        if system == "ICD-10-PCS":
            if not pcs_book(code_books(), on).valid(wanted):
                raise BadEdit(f"{wanted}: no ICD-10-PCS code on the day of discharge.")
            return system, wanted
    except Refused as problem:
        raise BadEdit(str(problem)) from None
    if not _SERVICE.fullmatch(wanted):
        raise BadEdit(f"{wanted or 'Nothing'}: a service has five characters, such as 99213 or J1885.")
    return system_of(wanted), wanted


def _chosen(request: HttpRequest, found: Visit) -> tuple[Evidence, ...]:
    start, end = request.POST.get("start", ""), request.POST.get("end", "")
    if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
        return ()
    text = note_of(found.encounter)
    first, last = int(start), int(end)
    if not 0 <= first < last <= len(text) or last - first > 2_000:
        return ()
    return (Evidence(record_of(found.encounter), text[first:last], first, last),)


def conflict(request: HttpRequest, at: Desk, found: Visit, edit: Edit, changed: Changed) -> HttpResponse:
    """Theirs and yours side by side: yours can still be taken on top of theirs; nothing is lost."""
    fields = [(name, request.POST[name]) for name in request.POST if name not in ("csrfmiddlewaretoken", "version")]
    return show(
        request,
        at,
        "coding/conflict",
        "visits",
        status=409,
        visit=found,
        theirs=told(changed.theirs, changed.now.draft),
        mine=step_words(edit, changed.now.draft),
        reason=edit.reason,
        fields=fields,
        version=changed.now.version,
        address=request.get_full_path(),
        back=back(request, at, found.account_number),
    )
