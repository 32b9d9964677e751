"""The audit log: who did and read what, whether the chain holds, and the way out as a file."""

import json
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from superbill.app.accounts.permissions import Permission
from superbill.app.audit.chain import verify
from superbill.app.audit.exporting import FORMS
from superbill.app.audit.queries import ROWS, Asked, Told, UnknownSubject, found, recent_actions
from superbill.app.jobs.actions import start
from superbill.app.jobs.queries import latest
from superbill.app.web.desk import Desk, desk, now, show
from superbill.app.web.forms import DayField, Form
from superbill.app.web.manage.first import tabs

RECENT = 1000  # events whose chain is proved whenever the page is looked at
PAGES = {"claim": "claim", "encounter": "visit"}  # routes that a subject's number opens
NEEDS = {"claim": Permission.READ_CLAIMS, "encounter": Permission.READ_CHARTS, "patient": Permission.READ_LEDGER}


class Search(Form):
    """What is asked of the log."""

    actor = forms.CharField(label=_("Person"), required=False, max_length=150)
    action = forms.CharField(
        label=_("Action"), required=False, max_length=64, widget=forms.TextInput(attrs={"list": "actions"})
    )
    subject = forms.CharField(
        label=_("About"),
        widget=forms.TextInput(attrs={"placeholder": _("A1001P1, A1001, patient 17")}),
        required=False,
        max_length=60,
    )
    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("to"), required=False)

    def asked(self) -> Asked:
        """The same for the query; what can't be understood is left out, and said."""
        given = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return Asked(**{name: given[name] for name in self.fields if given.get(name)})


@desk(Permission.READ_AUDIT, methods=("GET", "HEAD", "POST"))
def log(request: HttpRequest, at: Desk) -> HttpResponse:
    """The newest events, or those that match.

    A search is posted and comes back as an address only when it is understood: a name typed into the wrong field
    stands in no address.
    """
    form = Search(request.POST if request.method == "POST" else request.GET or None)
    events: list[Told] = []
    if form.is_valid() or not form.is_bound:
        try:
            events = found(at.scope, form.asked(), before=_number(request.GET.get("before", "")), limit=ROWS + 1)
        except UnknownSubject as error:
            form.refuse(str(error), "subject")
    if request.method == "POST" and form.is_valid():
        return redirect(f"{reverse('audit', args=(at.practice.key,))}?{_query(request.POST)}".rstrip("?"))
    return _page(request, at, form, events)


def _page(request: HttpRequest, at: Desk, form: Search, events: list[Told]) -> HttpResponse:
    newest = found(at.scope, Asked(), limit=1)
    last = newest[0].number if newest else 0
    return show(
        request, at, "manage/audit", "manage",
        tabs=tabs(at), tab="audit", form=form,
        events=[(one, _opens(at, one.kind), _in_words(one.detail)) for one in events[:ROWS]],
        older=events[ROWS - 1].number if len(events) > ROWS else None, paged="before" in request.GET,
        query=_query(request.GET), status=422 if form.errors else 200,
        actions=recent_actions(at.scope), count=last, recent=min(RECENT, last),
        chain=verify(at.scope, after=max(last - RECENT, 0)), proved=latest(at.actor, "audit-check"), kinds=FORMS,
    )  # fmt: skip


def _in_words(detail: str) -> str:
    """role: biller, lines: 4"""
    told = json.loads(detail) if detail else {}
    return ", ".join(
        f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}" for name, value in told.items()
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _query(given: QueryDict) -> str:
    return urlencode({name: value for name, value in given.items() if name in Search.base_fields and value})


def _opens(at: Desk, kind: str) -> str:
    """The route of a subject's page, "" where this person may not open it or there is none."""
    return PAGES.get(kind, "") if kind in NEEDS and at.may(NEEDS[kind]) else ""


@desk(Permission.READ_AUDIT, methods=("POST",))
def export(request: HttpRequest, at: Desk) -> HttpResponse:
    """A file of what is asked for, made by a worker."""
    asked = Search(request.POST).asked()
    kind = request.POST.get("form", "")
    days = {name: day.isoformat() for name in ("first", "last") if (day := getattr(asked, name))}
    words = {name: text for name in ("actor", "action", "subject") if (text := getattr(asked, name))}
    form = kind if kind in FORMS else FORMS[0]
    return redirect("job", at.practice.key, start(at.actor, "audit-export", at=now(), form=form, **days, **words))


@desk(Permission.READ_AUDIT, methods=("POST",))
def check(_request: HttpRequest, at: Desk) -> HttpResponse:
    """Let a worker prove the whole chain."""
    return redirect("job", at.practice.key, start(at.actor, "audit-check", at=now()))
