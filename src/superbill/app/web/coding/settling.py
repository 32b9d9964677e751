"""What ends the work on a visit: release, hold, not billable; and taking it back while no claim is opened."""

from collections.abc import Callable
from itertools import pairwise

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from superbill.app.accounts.permissions import Permission
from superbill.app.coding.actions import NotDecided
from superbill.app.coding.draft_queries import Kept, draft_of
from superbill.app.coding.drafts import Changed, hold, not_billable, release, take_back
from superbill.app.coding.edits import Edit
from superbill.app.encounters.queries import Visit
from superbill.app.path.workbench import Seen, case_of, coded_of, seen
from superbill.app.web import sites
from superbill.app.web.coding.bench import visit_of
from superbill.app.web.coding.lists import address_of, list_of
from superbill.app.web.coding.queries import beside
from superbill.app.web.coding.steps import back, conflict
from superbill.app.web.desk import CHARTS, Desk, desk, now
from superbill.app.web.notices import Undo, tell
from superbill.money import dollars

LONGEST_PAUSE, LAST_LOOK = 300, 20
"""Seconds: a longer pause between two steps was not work; a look before the first step and one after the last."""


class Reason(forms.Form):
    """Why a visit is held or not billable."""

    why = forms.CharField(max_length=2_000, strip=True)


@desk(CHARTS, Permission.CODE, methods=("POST",))
def release_visit(request: HttpRequest, at: Desk, account: str) -> HttpResponse:
    """Make the draft the visit's coding, check the claim that it makes, tell what became of it, and go on."""
    found, version = visit_of(at, account), request.POST.get("version", "")
    session, case = sites.session(at), case_of(at.scope, found)
    kept = draft_of(at.scope, found.id)
    following = _next(request, at, found)
    coded = coded_of(session, case, kept.draft, by=at.actor.name, at=now(), release=kept.release)
    try:
        release(at.actor, found.id, coded, version, at=now(), seconds=seconds_of(kept))
    except Changed as changed:
        return conflict(request, at, found, Edit(do="release"), changed)
    made = seen(session, case, kept.draft, by=at.actor.name, release=kept.release)
    _tell(request, at, found, outcome(account, made), took=1, kept=kept)
    return redirect(following)


@desk(CHARTS, Permission.CODE, methods=("POST",))
def hold_visit(request: HttpRequest, at: Desk, account: str) -> HttpResponse:
    """Set it aside with a reason."""
    return _set_aside(request, at, account, hold, _("%(account)s is held. It stays in the list with your reason."))


@desk(CHARTS, Permission.CODE, methods=("POST",))
def drop_visit(request: HttpRequest, at: Desk, account: str) -> HttpResponse:
    """Nothing of it is billed."""
    return _set_aside(request, at, account, not_billable, _("%(account)s is not billable. Nothing of it is billed."))


@desk(CHARTS, Permission.CODE, methods=("POST",))
def take_visit_back(request: HttpRequest, at: Desk, account: str) -> HttpResponse:
    """Work on it again, from where its draft stood."""
    found, version = visit_of(at, account), request.POST.get("version", "")
    try:
        take_back(at.actor, found.id, version, at=now())
    except Changed as changed:
        return conflict(request, at, found, Edit(do="take back"), changed)
    tell(request, _("%(account)s is yours again. Its codes stand as they did.") % {"account": account})
    return redirect(back(request, at, account))


def _set_aside(request: HttpRequest, at: Desk, account: str, do: Callable[..., None], words: str) -> HttpResponse:
    found, version = visit_of(at, account), request.POST.get("version", "")
    form = Reason(request.POST)
    if not form.is_valid():
        raise NotDecided(_("Say why, in a sentence: whoever looks at this visit next reads it."))
    kept, following = draft_of(at.scope, found.id), _next(request, at, found)
    try:
        do(at.actor, found.id, form.cleaned_data["why"], version, at=now())
    except Changed as changed:
        return conflict(request, at, found, Edit(do="hold", reason=form.cleaned_data["why"]), changed)
    _tell(request, at, found, words % {"account": account}, took=1, kept=kept)
    return redirect(following)


def _tell(request: HttpRequest, at: Desk, found: Visit, words: str, *, took: int, kept: Kept) -> None:
    """Say it, with the way back: the version that the draft has after the step just taken."""
    version = f"{kept.base}-{len(kept.steps) + took}"
    address = reverse("visit-back", args=(at.practice.key, found.account_number)) + address_of(*list_of(request))
    tell(request, words, undo=Undo(address, {"version": version}, _("Take it back")))


def _next(request: HttpRequest, at: Desk, found: Visit) -> str:
    """The next visit of the list that the person works through; the list itself after the last."""
    name, chosen = list_of(request)
    around = beside(at.scope, chosen, found.id, found.encounter.date_of_service)
    account = around.after or around.before
    where = reverse("visit", args=(at.practice.key, account)) if account else reverse("visits", args=(at.practice.key,))
    return where + address_of(name, chosen)


def outcome(account: str, made: Seen) -> str:
    """What became of a released visit, in words."""
    bills = [f"{each.payer} {dollars(each.charge)}" for each in made.bills]
    held = sum(each.holds for each in made.bills)
    if held:
        told = _("%(account)s is released. Its claim (%(bills)s) will be held: %(count)d errors.")
        return told % {"account": account, "bills": ", ".join(bills), "count": held}
    if bills:
        told = _(
            "%(account)s is released: %(bills)s, checked, nothing holds it. Its claim is opened with the next billing."
        )
        return told % {"account": account, "bills": ", ".join(bills)}
    if made.self_pay is not None:
        told = _("%(account)s is released: %(amount)s, the patient pays.")
        return told % {"account": account, "amount": dollars(made.self_pay)}
    return _("%(account)s is released. %(said)s") % {"account": account, "said": " ".join(made.said)}


def seconds_of(kept: Kept) -> int:
    """How long the coder worked on it: the time between steps, without long pauses."""
    times = [each.at for each in kept.steps]
    gaps = ((later - earlier).total_seconds() for earlier, later in pairwise(times))
    return 2 * LAST_LOOK + int(sum(gap for gap in gaps if 0 <= gap <= LONGEST_PAUSE))
