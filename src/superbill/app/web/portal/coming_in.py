"""Coming in: the code, the birth date, a name and password, one question a page; then signing in and out."""

from datetime import date, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from superbill.app.portal.access import WRONG_CODE, account_in, is_open, known, note_visit, prove, register
from superbill.app.portal.models import PortalAccount
from superbill.app.portal.tries import attempt, forget
from superbill.app.web.desk import now, today
from superbill.app.web.forms import Form
from superbill.app.web.forms import attempt as attempting
from superbill.app.web.portal.own import SESSION, open_page, patient_page

CODE, BORN = "patient_code", "patient_born"
LOCKED = _("Too many tries. Please wait %(minutes)d minutes, then try again.")
_MASKED = forms.PasswordInput(attrs={"autocomplete": "current-password"})


class CodeForm(Form):
    """The first question."""

    code = forms.CharField(
        label=_("What is your code?"),
        help_text=_("It is in the letter or text that we gave you. It looks like this: ABCD-EFGH-JKLM."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "data-focus": ""}
        ),
    )


class BirthDateForm(Form):
    """The second question, in three small fields that need no picker."""

    month = forms.IntegerField(label=_("Month"), min_value=1, max_value=12)
    day = forms.IntegerField(label=_("Day"), min_value=1, max_value=31)
    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=2200)

    def born(self) -> date | None:
        """The day, or None where there is no such day."""
        told = self.cleaned_data
        try:
            return date(told["year"], told["month"], told["day"])
        except ValueError:
            self.refuse(str(_("There is no such day. Please check the month and the day.")))
            return None


class PasswordForm(Form):
    """The last question."""

    login = forms.CharField(
        label=_("Your e-mail, or a name you choose"),
        help_text=_("You will sign in with it."),
        min_length=3,
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        help_text=_("10 letters or more. Three short words are good."),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class SignInForm(Form):
    """Name and password."""

    login = forms.CharField(
        label=_("Your e-mail or name"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(label=_("Password"), max_length=200, strip=False, widget=_MASKED)


@open_page
@sensitive_post_parameters("code")
@sensitive_variables("code")
def start(request: HttpRequest) -> HttpResponse:
    """The code: sixty bits, which nobody guesses. It is kept in the session until the account is made, never in an
    address."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if is_open(code, at=now()):
            request.session[CODE] = code
            return redirect("my-start-birth-date")
        form.refuse(WRONG_CODE, "code")
    return _page(request, "start", form)


@open_page
def birth_date(request: HttpRequest) -> HttpResponse:
    """The birth date that belongs to the code."""
    code = request.session.get(CODE, "")
    if not code:
        return redirect("my-start")
    form = BirthDateForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (born := form.born()) is not None:
        with attempting(form):
            prove(code, born, at=now())
            request.session[BORN] = born.isoformat()
            return redirect("my-start-password")
    return _page(request, "birth_date", form)


@open_page
@sensitive_post_parameters("password")
@sensitive_variables("form")
def password(request: HttpRequest) -> HttpResponse:
    """A name and a password; then they are in."""
    code, born = request.session.get(CODE, ""), request.session.get(BORN, "")
    if not code or not born:
        return redirect("my-start")
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempting(form):
            told = form.cleaned_data
            row = register(code, date.fromisoformat(born), told["login"], told["password"], at=now())
            return _in(request, row)
    return _page(request, "password", form)


@open_page
@sensitive_post_parameters("password")
@sensitive_variables("form", "told")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password: five tries a quarter of an hour under one name."""
    form = SignInForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "sign_in", form)
    told = form.cleaned_data
    locked = attempt(told["login"], at=now())
    if locked is not None:
        form.refuse(_wait(locked))
        return _page(request, "sign_in", form, status=429)
    row = known(told["login"], told["password"])
    if row is None:
        form.refuse(str(_("Name and password do not fit. Check both. Big and small letters count in the password.")))
        return _page(request, "sign_in", form, status=401)
    forget(told["login"])
    return _in(request, row)


@patient_page("POST")
def sign_out(request: HttpRequest, mine: object) -> HttpResponse:
    """Ends the session, here and on the server."""
    note_visit(mine, "sign out", at=now())  # type: ignore[arg-type]  # a PortalScope
    request.session.flush()
    return redirect("my-sign-in")


def _in(request: HttpRequest, row: PortalAccount) -> HttpResponse:
    """A new session: what this browser did before, in the workbench too, is over."""
    request.session.flush()
    request.session[SESSION] = [row.pk, row.session]
    mine = account_in(row.pk, row.session)
    if mine is not None:
        note_visit(mine, "sign in", at=now())
    return redirect("my-home")


def _wait(locked: timedelta) -> str:
    return str(LOCKED % {"minutes": -(-int(locked.total_seconds()) // 60)})


def _page(request: HttpRequest, template: str, form: Form, status: int = 0) -> HttpResponse:
    status = status or (422 if form.is_bound and form.errors else 200)
    return render(request, f"web/portal/{template}.html", {"form": form, "today": today()}, status=status)
