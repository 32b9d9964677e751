"""How right codings are: figures with their intervals, by coder, provider and cause; notes to learn from; one's own."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.accounts.permissions import Permission
from superbill.app.coding.asking import teach
from superbill.app.coding.audit_queries import audits
from superbill.app.coding.draft_queries import lessons, open_queries
from superbill.app.coding.queries import same_person
from superbill.app.encounters.queries import visit as stored_visit
from superbill.app.path.audit_scores import Scores, coding_times
from superbill.app.path.audit_scores import scores as scores_of
from superbill.app.path.workbench import program
from superbill.app.web.coding.queries_own import pace_of, returned, score_of
from superbill.app.web.coding.rows import meaning
from superbill.app.web.coding.visits import session_of
from superbill.app.web.desk import CHARTS, Desk, desk, now, read, show
from superbill.app.web.forms import Form, attempt
from superbill.app.web.middleware import came_from
from superbill.app.web.notices import tell
from superbill.codesets.release import Refused
from superbill.coding.audit.productivity import paces_beside
from superbill.coding.audit.scoring import figures
from superbill.coding.deciding import system_of

NOTHING = Scores(told=figures([]))


class Teach(Form):
    """A note to a coder."""

    coder = forms.CharField(label=gettext_lazy("To"), max_length=150)
    text = forms.CharField(label=gettext_lazy("Note"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5_000)
    audit = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=10**9)
    account = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)


@desk(CHARTS, Permission.AUDIT_CODING)
def scores(request: HttpRequest, at: Desk) -> HttpResponse:
    """All closed audits together, or one of them."""
    number = request.GET.get("audit", "")
    chosen = [int(number)] if number.isascii() and number.isdigit() and len(number) < 9 else []
    session = session_of(at)
    try:
        told = scores_of(session, at.scope, chosen) if session else NOTHING
    except Refused:
        told = NOTHING
    every = audits(at.scope)
    wrong = [(code, meaning(_system(code), code, at.today), *rest) for code, *rest in told.codes]
    return show(
        request, at, "coding/scores", "visits", audits=every, number=chosen[0] if chosen else 0, closed=told.closed,
        told=told.told, coders=told.coders, providers=told.providers, codes=wrong, lessons=told.lessons,
        paces=paces_beside(coding_times(at.scope), told.coders), taught=lessons(at.scope),
        only_chosen=sorted({one.plan.basis.value for one in every} - {"random"}), form=Teach(),
    )  # fmt: skip


def _system(code: str) -> str:
    """A diagnosis has a dot or three characters; a service has five."""
    return "ICD-10-CM" if "." in code or len(code) < 5 else system_of(code)


@desk(CHARTS, Permission.AUDIT_CODING, methods=("POST",))
def write_lesson(request: HttpRequest, at: Desk) -> HttpResponse:
    """Write a note to a coder; they see it on their own page."""
    form = Teach(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        found = stored_visit(at.scope, given["account"]) if given["account"] else None
        with attempt(form):
            teach(
                at.actor, given["coder"], given["text"], audit=given["audit"] or 0,
                encounter=found.id if found else None, at=now(),
            )  # fmt: skip
            tell(request, _("%(coder)s sees the note now.") % {"coder": given["coder"]})
            return redirect(came_from(request))
    said = "; ".join(str(errors[0]) for errors in form.errors.values())
    tell(request, said, trouble=True)
    return redirect(came_from(request))


@desk(CHARTS, Permission.CODE)
def mine(request: HttpRequest, at: Desk) -> HttpResponse:
    """One's own page: pace beside accuracy, open queries, notes to read, claims that came back."""
    session = session_of(at)
    backs = returned(program(session).scope if session else None, at.actor.name)
    asked = open_queries(at.scope, asked_by=at.actor.name)
    read(at, "encounter", sorted({one.encounter for one in asked} | {one.encounter for one in backs}))
    return show(
        request, at, "coding/mine", "visits", pace=pace_of(at.scope, at.actor.name, at.today),
        score=score_of(session, at.actor.name), asked=asked, returned=backs,
        notes=[one for one in lessons(at.scope, coder=at.actor.name) if same_person(one.coder, at.actor.name)],
    )  # fmt: skip
