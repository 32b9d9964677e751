"""Questions: asked, answered, asked again."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.portal.actions import answer, ask, new_key
from superbill.app.portal.scope import PortalScope
from superbill.app.web.desk import now, today
from superbill.app.web.forms import Form, attempt
from superbill.app.web.notices import tell
from superbill.app.web.portal.own import patient_page, payer_names, show_mine


class QuestionForm(Form):
    """What they want to know."""

    text = forms.CharField(
        label=gettext_lazy("What do you want to know?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    wrong = forms.BooleanField(label=gettext_lazy("I think this bill is wrong"), required=False)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)


class AnswerForm(Form):
    """More about it."""

    text = forms.CharField(label=gettext_lazy("Write more"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)


@patient_page()
def questions(request: HttpRequest, mine: PortalScope) -> HttpResponse:
    """Everything that they asked."""
    return show_mine(request, mine, "questions", threads=mine.threads())


@patient_page("GET", "HEAD", "POST")
def ask_us(request: HttpRequest, mine: PortalScope) -> HttpResponse:
    """A new question, about one service where they come from there."""
    line = request.POST.get("line") or request.GET.get("line") or ""
    story = mine.story(line, today(), payer_names(mine)) if line else None
    if line and story is None:
        raise Http404
    form = QuestionForm(request.POST or None, initial={"key": new_key()})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        with attempt(form):
            number = ask(
                mine, told["text"], told["key"], line=line, wrong=told["wrong"], on=today(), at=now()
            )  # fmt: skip
            tell(request, _("We have your question. We will answer here."))
            return redirect("my-question", number)
    status = 422 if form.is_bound and form.errors else 200
    return show_mine(request, mine, "ask", status=status, form=form, story=story, line=line)


@patient_page("GET", "HEAD", "POST")
def question(request: HttpRequest, mine: PortalScope, number: int) -> HttpResponse:
    """One question with its answers."""
    found = mine.thread(number)
    if found is None:
        raise Http404
    form = AnswerForm(request.POST or None, initial={"key": new_key()})
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            answer(mine, number, form.cleaned_data["text"], form.cleaned_data["key"], on=today(), at=now())
            tell(request, _("We have it. We will answer here."))
            return redirect("my-question", number)
    status = 422 if form.is_bound and form.errors else 200
    return show_mine(request, mine, "question", status=status, thread=found, form=form)
