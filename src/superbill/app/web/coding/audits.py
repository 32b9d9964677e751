"""Audits: a sample is drawn, coded again blindly in the same workbench, reconciled, and told in figures."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from superbill.app.accounts.permissions import Permission
from superbill.app.coding.actions import NotDecided
from superbill.app.coding.audit_queries import Item, audits, blind, item, items
from superbill.app.coding.audits import code_blindly, draw_audit, reconcile
from superbill.app.coding.draft import final_of
from superbill.app.coding.draft_queries import draft_of, lessons
from superbill.app.coding.drafts import Changed, take_step
from superbill.app.coding.edits import BadEdit
from superbill.app.coding.queries import same_person
from superbill.app.encounters.queries import Visit, visits_by_account
from superbill.app.encounters.queries import visit as stored_visit
from superbill.app.path.auditing import book_on
from superbill.app.web.coding.bench import bench_of, of_codes
from superbill.app.web.coding.reconciling import Reconcile, both, stands
from superbill.app.web.coding.settling import seconds_of
from superbill.app.web.coding.steps import edit_of, live
from superbill.app.web.coding.visits import session_of
from superbill.app.web.coding.words import step_words, told
from superbill.app.web.desk import CHARTS, Desk, desk, now, read, show
from superbill.app.web.forms import DayField, Form, attempt
from superbill.app.web.notices import tell
from superbill.codesets.release import Refused
from superbill.coding.audit.model import Basis, Plan

BASES = {
    "random": gettext_lazy("Random: each as likely as any other"),
    "risk": gettext_lazy("Risk: likelier with every sign of it"),
    "new-coder": gettext_lazy("New coders: their first 90 days or 50 codings"),
    "high-dollar": gettext_lazy("High dollar: the highest charges"),
}
_AUDIT = Permission.AUDIT_CODING


class Draw(Form):
    """How a sample is drawn."""

    basis = forms.ChoiceField(label=gettext_lazy("Drawn by"), choices=list(BASES.items()))
    size = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=10_000, initial=10)
    seed = forms.IntegerField(
        label=gettext_lazy("Seed"), min_value=0, max_value=10**9, initial=1,
        help_text=gettext_lazy("The same seed draws the same sample."),
    )  # fmt: skip
    coders = forms.CharField(
        label=gettext_lazy("Only these coders"), required=False, max_length=500,
        help_text=gettext_lazy("Names with commas between; empty for all."),
    )  # fmt: skip
    since = DayField(label=gettext_lazy("From day of service"), required=False)
    until = DayField(label=gettext_lazy("Up to"), required=False)
    chosen = forms.CharField(
        label=gettext_lazy("Or these visits"), required=False, max_length=2_000,
        help_text=gettext_lazy("Account numbers with spaces between: all of them are taken."),
    )  # fmt: skip
    per_coder = forms.BooleanField(label=gettext_lazy("Every coder has a share"), required=False)
    programs = forms.BooleanField(label=gettext_lazy("Also what no person decided on"), required=False)


@desk(CHARTS, _AUDIT, methods=("GET", "HEAD", "POST"))
def all_audits(request: HttpRequest, at: Desk) -> HttpResponse:
    """The audits, and a new one."""
    form = Draw(request.POST or None, initial={"basis": "random"})
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            number = _drawn(at, form.cleaned_data)
            tell(request, _("Audit %(number)d is drawn.") % {"number": number})
            return redirect("coding-audit", at.practice.key, number)
    status = 422 if form.errors else 200
    return show(
        request, at, "coding/audits", "visits", status=status, form=form, audits=audits(at.scope)[::-1], bases=BASES,
    )  # fmt: skip


def _drawn(at: Desk, given: dict[str, Any]) -> int:
    wanted = [one.upper() for one in given["chosen"].replace(",", " ").split()]
    visits = visits_by_account(at.scope, wanted) if wanted else {}
    if missing := sorted(set(wanted) - visits.keys()):
        raise NotDecided(_("%(account)s: no visit with this account number.") % {"account": missing[0]})
    plan = Plan(
        basis=Basis(given["basis"]), size=len(visits) or given["size"], seed=given["seed"], since=given["since"],
        until=given["until"], per_coder=given["per_coder"], programs=given["programs"],
        coders=tuple(filter(None, (one.strip() for one in given["coders"].split(",")))),
    )  # fmt: skip
    session = session_of(at)
    price = session.price if session else None
    return draw_audit(
        at.actor, plan, at=now(), price=price, books=book_on, only=frozenset(one.id for one in visits.values())
    )


@desk(CHARTS, _AUDIT)
def audit(request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """The visits of one audit, with how far each is. Nothing of a first coding before the second is in."""
    found = next((one for one in audits(at.scope) if one.number == number), None)
    if found is None:
        raise Http404
    drawn = list(items(at.scope, number))
    read(at, "encounter", [each.encounter_id for each in drawn])
    rows = [(each, _state(each), same_person(each.coder, at.actor.name)) for each in drawn]
    return show(request, at, "coding/audit", "visits", audit=found, rows=rows, bases=BASES)


def _state(each: Item) -> str:
    return "closed" if each.reference else "to reconcile" if each.second else "to code"


@desk(CHARTS, _AUDIT)
def audit_visit(request: HttpRequest, at: Desk, number: int, account: str) -> HttpResponse:
    """One sampled visit: to be coded blindly, then both codings side by side."""
    sampled, found = _sampled(at, number, account)
    if same_person(sampled.coder, at.actor.name):
        return show(request, at, "coding/own", "visits", sampled=sampled)
    if sampled.second is None:
        return _blind(request, at, sampled, found)
    return _compared(request, at, sampled, found)


def _sampled(at: Desk, number: int, account: str) -> tuple[Item, Visit]:
    sampled, found = item(at.scope, number, account), stored_visit(at.scope, account)
    if sampled is None or found is None:
        raise Http404
    read(at, "encounter", [found.id])
    return sampled, found


def _blind(
    request: HttpRequest, at: Desk, sampled: Item, found: Visit, *, status: int = 200, refused: str = "",
    focus: str = "",
) -> HttpResponse:  # fmt: skip
    """The workbench without anything that the first coder or the program made of the visit."""
    bench = bench_of(at, found, item=sampled.id)
    return show(
        request, at, "coding/blind", "visits", status=status, **{**of_codes(bench, focus), "open": True},
        sampled=sampled, facts=blind(sampled), refused=refused, codes=True, list="",
    )  # fmt: skip


@desk(CHARTS, _AUDIT, methods=("POST",))
def audit_step(request: HttpRequest, at: Desk, number: int, account: str) -> HttpResponse:
    """One step of a blind second coding."""
    sampled, found = _sampled(at, number, account)
    here = reverse("audit-visit", args=(at.practice.key, number, account))
    try:
        edit = edit_of(request, found)
        kept = take_step(at.actor, found.id, edit, request.POST.get("version", ""), at=now(), item=sampled.id)
    except Changed as changed:
        return show(
            request, at, "coding/conflict", "visits", status=409, visit=found, mine=step_words(edit, changed.now.draft),
            theirs=told(changed.theirs, changed.now.draft), version=changed.now.version, address=request.path,
            back=here, reason=edit.reason,
            fields=[(name, request.POST[name]) for name in request.POST if name not in _OURS],
        )  # fmt: skip
    except NotDecided as refused:
        if not live(request):
            raise
        return _blind(request, at, sampled, found, status=422, refused=str(refused))
    if not live(request):
        return redirect(here)
    focus = edit.key or next((each.key for each in kept.draft.lines if each.code == edit.code and each.stands), "")
    return _blind(request, at, sampled, found, focus=focus)


_OURS = ("csrfmiddlewaretoken", "version")


@desk(CHARTS, _AUDIT, methods=("POST",))
def audit_done(request: HttpRequest, at: Desk, number: int, account: str) -> HttpResponse:
    """The second coding is finished: kept for good, and compared with the first."""
    sampled, found = _sampled(at, number, account)
    kept = draft_of(at.scope, found.id, item=sampled.id)
    final = final_of(kept.draft)
    if not final.diagnoses:
        raise BadEdit(_("A visit has one diagnosis at least. Add the codes first."))
    day = found.encounter.date_of_service
    try:
        release = book_on(day).release.name
    except Refused:
        release = ""
    agreed = code_blindly(at.actor, number, account, final, release=release, at=now(), seconds=seconds_of(kept))
    if agreed:
        tell(request, _("%(account)s: both coders agree. It is closed.") % {"account": account})
        return redirect("coding-audit", at.practice.key, number)
    tell(request, _("%(account)s: the coders differ. See both, and say what stands.") % {"account": account})
    return redirect("audit-visit", at.practice.key, number, account)


def _compared(
    request: HttpRequest, at: Desk, sampled: Item, found: Visit, form: Reconcile | None = None
) -> HttpResponse:
    given = form or Reconcile()
    compared = both(sampled, session_of(at))
    taught = [one for one in lessons(at.scope, coder=sampled.coder) if one.account == sampled.account]
    return show(
        request, at, "coding/compared", "visits", status=422 if given.errors else 200, sampled=sampled, visit=found,
        compared=compared, form=given, taught=taught,
    )  # fmt: skip


@desk(CHARTS, _AUDIT, methods=("POST",))
def audit_reconcile(request: HttpRequest, at: Desk, number: int, account: str) -> HttpResponse:
    """Say which codes stand; the visit is closed and counted."""
    sampled, found = _sampled(at, number, account)
    if sampled.second is None:
        raise NotDecided(_("This visit has no second coding yet."))
    form = Reconcile(request.POST)
    if form.is_valid():
        with attempt(form):
            final = stands(sampled, form.cleaned_data, request.POST)
            reconcile(at.actor, number, account, final, at=now())
            words = ngettext("%(count)d code stands.", "%(count)d codes stand.", len(final.diagnoses))
            tell(request, f"{account}: " + words % {"count": len(final.diagnoses)})
            return redirect("audit-visit", at.practice.key, number, account)
    return _compared(request, at, sampled, found, form)
