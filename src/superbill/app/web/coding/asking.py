"""Queries to the provider: asked in words that lead to no answer, answered, closed; and the coder's own page."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.accounts.permissions import Permission
from superbill.app.coding.asking import acknowledge, add_to_query, answer_query, ask_provider, close_query
from superbill.app.coding.draft_queries import Asked, draft_of, lessons, queries_of
from superbill.app.encounters.queries import Visit
from superbill.app.web.coding.bench import visit_of
from superbill.app.web.coding.queries import provider_of
from superbill.app.web.coding.steps import back
from superbill.app.web.desk import CHARTS, Desk, desk, now, show
from superbill.app.web.forms import Form, attempt
from superbill.app.web.notices import tell
from superbill.coding.suggest.model import Query

OWN = "coding.query.own"
PRACTICE = "AHIMA/ACDIS, Guidelines for Achieving a Compliant Query Practice"


class Ask(Form):
    """A query as it goes to the provider."""

    text = forms.CharField(
        label=gettext_lazy("Question"), widget=forms.Textarea(attrs={"rows": 11, "data-focus": ""}), max_length=5_000,
        help_text=gettext_lazy(
            "State what the note says and ask what it means. Name no diagnosis as the one you expect, and no payment."
        ),
    )  # fmt: skip


class Answer(Form):
    """The provider's answer, as given."""

    author = forms.CharField(label=gettext_lazy("Who answered"), max_length=150)
    answer = forms.CharField(
        label=gettext_lazy("Answer, in the provider’s words"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5_000,
    )


class More(Form):
    """What the coder says in a query that is under way."""

    more = forms.CharField(label=gettext_lazy("Ask again"), widget=forms.Textarea(attrs={"rows": 3}), max_length=5_000)


@desk(CHARTS, Permission.CODE, methods=("GET", "HEAD", "POST"))
def ask(request: HttpRequest, at: Desk, account: str) -> HttpResponse:
    """Ask the provider: one of the rules' questions, to be changed, or one's own."""
    found = visit_of(at, account)
    every = _offered(at, found)
    place = request.POST.get("from", request.GET.get("from", ""))
    offered = every[int(place)] if place.isascii() and place.isdigit() and int(place) < len(every) else None
    form = Ask(request.POST or None, initial={"text": _text(offered) if offered else ""})
    if request.method == "POST" and form.is_valid():
        query = Query(
            rule=offered.rule if offered else OWN, text=form.cleaned_data["text"].strip(),
            evidence=offered.evidence if offered else (), source=offered.source if offered else PRACTICE,
        )  # fmt: skip
        with attempt(form):
            number = ask_provider(at.actor, found.id, query, provider_of(found.encounter), at=now())
            tell(request, _("Query %(number)d is asked. The visit waits for the provider.") % {"number": number})
            return redirect(back(request, at, account))
    status = 422 if form.errors else 200
    return show(
        request, at, "coding/ask", "visits", status=status, form=form, visit=found, offered=offered, every=every,
        place=place, provider=provider_of(found.encounter), back=back(request, at, account),
    )  # fmt: skip


@desk(CHARTS, Permission.CODE, methods=("GET", "HEAD", "POST"))
def query(request: HttpRequest, at: Desk, account: str, number: int) -> HttpResponse:
    """One query with all that was said: keep the answer, ask again, or close it."""
    found = visit_of(at, account)
    asked = _query(at, found, number)
    do = request.POST.get("do", "")
    answer = Answer(request.POST if do == "answer" else None, initial={"author": asked.provider})
    more = More(request.POST if do == "more" else None)
    form: Form = answer if do == "answer" else more
    if do == "close":
        close_query(at.actor, asked.id, at=now())
        tell(request, _("Query %(number)d is closed.") % {"number": number})
        return redirect(back(request, at, account))
    if do in ("answer", "more") and form.is_valid():
        with attempt(form):
            if do == "answer":
                answer_query(
                    at.actor, asked.id, form.cleaned_data["author"], form.cleaned_data["answer"], at=now()
                )  # fmt: skip
            else:
                add_to_query(at.actor, asked.id, form.cleaned_data["more"], at=now())
            tell(request, _("It stands with the visit now."))
            return redirect(back(request, at, account))
    status = 422 if form.errors else 200
    return show(
        request, at, "coding/query", "visits", status=status, visit=found, one=asked, answer=answer, more=more,
        back=back(request, at, account),
    )  # fmt: skip


@desk(CHARTS, Permission.CODE, methods=("POST",))
def read_lesson(request: HttpRequest, at: Desk, note: int) -> HttpResponse:
    """The coder has read a note."""
    if not any(one.id == note for one in lessons(at.scope, limit=10_000)):
        raise Http404
    acknowledge(at.actor, note, at=now())
    tell(request, _("Marked as read."))
    return redirect("coding-mine", at.practice.key)


def _offered(at: Desk, found: Visit) -> tuple[Query, ...]:
    record = draft_of(at.scope, found.id).record
    return record.suggestion.queries if record and record.suggestion else ()


def _text(offered: Query) -> str:
    """The rule's question with its choices, as one writes it."""
    choices = "\n".join(f"[ ] {choice}" for choice in offered.choices)
    return f"{offered.text}\n\n{choices}".strip()


def _query(at: Desk, found: Visit, number: int) -> Asked:
    one = next((each for each in queries_of(at.scope, found.id) if each.number == number), None)
    if one is None:
        raise Http404
    return one
