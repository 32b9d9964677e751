"""Emergency access, for any member: the reason first, then an hour of reading under a banner."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.accounts import emergencies
from superbill.app.accounts.models import User
from superbill.app.accounts.permissions import EMERGENCY
from superbill.app.web.desk import Desk, desk, now, show
from superbill.app.web.forms import Form, attempt
from superbill.app.web.notices import tell


class Reason(Form):
    """Why it can't wait."""

    reason = forms.CharField(
        label=gettext_lazy("Why you need a patient’s chart now"),
        help_text=gettext_lazy("Ten letters or more."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "data-focus": True}),
    )


@desk(methods=("GET", "HEAD", "POST"))
def emergency(request: HttpRequest, at: Desk) -> HttpResponse:
    """What it means, the reason, and the button."""
    assert isinstance(request.user, User)
    form = Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            emergencies.begin(at.actor, request.user, form.cleaned_data["reason"], at=now())
    if request.method == "POST" and form.is_valid():
        return redirect("practice", at.practice.key)
    status = 422 if form.errors else 200
    minutes = int(emergencies.LASTS.total_seconds()) // 60
    needed = not at.actor.permissions >= EMERGENCY
    return show(request, at, "session/emergency", "", status=status, form=form, minutes=minutes, needed=needed)


@desk(methods=("POST",))
def emergency_end(request: HttpRequest, at: Desk) -> HttpResponse:
    """Closes the charts again."""
    emergencies.end(at.actor, at=now())
    tell(request, _("Emergency access is over. The manager will read why it was needed."))
    return redirect("practice", at.practice.key)
