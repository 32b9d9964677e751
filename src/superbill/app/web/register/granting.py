"""A payer's decisions by file (278): entered for whom they are about, and what was left out with its reason."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.accounts.permissions import Permission
from superbill.app.path.authorizing import Decided, take_decisions
from superbill.app.session import Session
from superbill.app.web import sites
from superbill.app.web.desk import CHARTS, Desk, desk, now, read, show
from superbill.app.web.forms import Form, attempt
from superbill.app.web.register.facts import named
from superbill.app.web.register.queries import people_of

LARGEST = 5 * 1024 * 1024


class DecisionsForm(Form):
    """A 278 response, and whose it is where the site does not know its payer."""

    file = forms.FileField(
        label=gettext_lazy("278 response of the payer"), widget=forms.FileInput(attrs={"data-key": "f"})
    )
    payer = forms.ChoiceField(
        label=gettext_lazy("Payer"), required=False,
        help_text=gettext_lazy("Only where the file names one that the site does not know."),
    )  # fmt: skip

    def __init__(self, session: Session, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field: Any = self.fields["payer"]
        field.choices = [("", _("as the file says")), *((one.key, one.name) for one in session.site.payers)]

    def clean_file(self) -> Any:
        """The file, of a size that such files have."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("It is larger than 5 MB. A payer's answer to one request is far smaller."))
        return file


@desk(CHARTS, Permission.KEEP_AUTHORIZATIONS, methods=("GET", "HEAD", "POST"))
def take_in(request: HttpRequest, at: Desk) -> HttpResponse:
    """Take a file in; what was entered, withdrawn and left out stands below the form."""
    session = sites.session(at)
    if request.method != "POST":
        return _page(request, at, DecisionsForm(session), None)
    form = DecisionsForm(session, request.POST, request.FILES)
    if form.is_valid():
        with attempt(form):
            file, payer = form.cleaned_data["file"], form.cleaned_data["payer"]
            done = take_decisions(session, file.read(), file.name, payer=payer, at=now())
            return _page(request, at, DecisionsForm(session), done)
    return _page(request, at, form, None, status=422)


def _page(request: HttpRequest, at: Desk, form: Form, done: Decided | None, *, status: int = 200) -> HttpResponse:
    patients = sorted({one.entry.patient for one in done.taken}) if done else []
    read(at, "patient", patients)
    names = people_of(at.scope, patients)
    rows = [(one, names[one.entry.patient], named(at, one.entry.payer_key)) for one in done.taken] if done else []
    return show(request, at, "register/granted", "register", status=status, form=form, done=done, rows=rows)
