"""Coming in by an invitation: a name and a password of one's own, and the second step where the role needs one."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from superbill.app.accounts.invitations import NotInvited, invitation, join_as
from superbill.app.accounts.invitations import join as join_in
from superbill.app.accounts.models import Invitation, User
from superbill.app.web.actions import record_session
from superbill.app.web.desk import now
from superbill.app.web.forms import attempt
from superbill.app.web.session.passwords import NewPassword


class Joining(NewPassword):
    """What a newcomer chooses."""

    field_order = ("username", "password", "again")
    username = forms.CharField(
        label=gettext_lazy("Name to sign in with"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=gettext_lazy("Letters, digits and . - _ @ +. Colleagues see it."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "data-focus": True}),
    )

    def owner(self) -> User:
        """The newcomer, under the name that they typed."""
        return User(username=self.cleaned_data.get("username", ""))


@login_not_required
@sensitive_post_parameters("password", "again")
@sensitive_variables("form")
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The link of an invitation. One who is signed in takes the roles for the log-in they have."""
    found = invitation(token, now())
    if found is None:
        return render(request, "web/session/join.html", {"gone": True}, status=404)
    if isinstance(request.user, User):
        return _as_oneself(request, token, found, request.user)
    form = Joining(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            user = join_in(token, form.cleaned_data["username"], form.cleaned_data["password"], at=now())
            get_adapter(request).login(request, user)
            record_session(user, "sign in", at=now())
            # They have just typed their password twice: the second step asks for it no third time.
            record_authentication(request, user, method="password", reauthenticated=True)
            return redirect("home")
    return _page(request, found, form, 422 if form.errors else 200)


def _as_oneself(request: HttpRequest, token: str, found: Invitation, user: User) -> HttpResponse:
    if request.method != "POST":
        return _page(request, found, None, 200)
    try:
        join_as(token, user, at=now())
    except NotInvited:
        return render(request, "web/session/join.html", {"gone": True}, status=404)
    return redirect("practice", found.practice.key)


def _page(request: HttpRequest, found: Invitation, form: Joining | None, status: int) -> HttpResponse:
    context: dict[str, object] = {"invitation": found, "roles": found.roles.split(","), "form": form, "gone": False}
    context |= {"name": request.user.get_username(), "path": request.path}
    return render(request, "web/session/join.html", context, status=status)
