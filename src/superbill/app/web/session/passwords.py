"""Choosing a password: the form, and the link that an administrator gives to one who forgot theirs."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from superbill.app.accounts.models import User
from superbill.app.accounts.passwords import LinkGone, choose_password, user_of_link
from superbill.app.web.actions import record_session
from superbill.app.web.desk import now
from superbill.app.web.forms import Form

_secret = {"autocomplete": "new-password"}


class NewPassword(Form):
    """A password, twice."""

    password = forms.CharField(
        label=gettext_lazy("Password, 12 characters or more"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs=_secret),
    )
    again = forms.CharField(
        label=gettext_lazy("Once more"), max_length=1000, strip=False, widget=forms.PasswordInput(attrs=_secret)
    )

    def owner(self) -> User:
        """Whose password it will be: it may not be like their name."""
        return User()

    def clean(self) -> dict[str, object]:
        """Both the same, and hard to guess."""
        given = self.cleaned_data
        if {"password", "again"} <= given.keys() and given["password"] != given["again"]:
            self.refuse(_("The two passwords differ."), "again")
        elif "password" in given:
            try:
                validate_password(given["password"], self.owner())
            except ValidationError as error:
                self.refuse(" ".join(error.messages), "password")
        return given


class _Forgotten(NewPassword):
    """The new password of one who is known."""

    user: User

    def owner(self) -> User:
        """Who has the link."""
        return self.user


@login_not_required
@sensitive_post_parameters("password", "again")
@sensitive_variables("form")
def new_password(request: HttpRequest, token: str) -> HttpResponse:
    """The link of one who forgot their password. It signs nobody in: the second step is asked at the next sign-in."""
    user = user_of_link(token)
    if user is None:
        return _page(request, 404, gone=True)
    form = _Forgotten(request.POST or None)
    form.user = user
    if request.method == "POST" and form.is_valid():
        try:
            choose_password(token, form.cleaned_data["password"])
        except LinkGone:
            return _page(request, 404, gone=True)
        record_session(user, "choose password", at=now())
        return _page(request, 200, done=True, name=user.get_username())
    return _page(request, 422 if form.errors else 200, form=form, name=user.get_username())


def _page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    return render(request, "web/session/new_password.html", context, status=status)
