"""Where to reach me, and how I want to hear of my bills."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.portal.actions import hear_by, move
from superbill.app.portal.scope import PortalScope
from superbill.app.statements.models import Channel
from superbill.app.web.desk import now, today
from superbill.app.web.forms import Form, attempt
from superbill.app.web.notices import tell
from superbill.app.web.portal.own import patient_page, show_mine
from superbill.app.web.templatetags.desk import phone
from superbill.chart.model import PostalAddress


class ContactForm(Form):
    """Address, phone and e-mail."""

    street = forms.CharField(label=gettext_lazy("Street"), max_length=55, required=False)
    second = forms.CharField(label=gettext_lazy("Apartment or unit"), max_length=55, required=False)
    city = forms.CharField(label=gettext_lazy("City"), max_length=30, required=False)
    state = forms.CharField(label=gettext_lazy("State, two letters"), min_length=2, max_length=2, required=False)
    zip = forms.RegexField(r"^\d{5}(-?\d{4})?$", label=gettext_lazy("ZIP code"), required=False)
    phone = forms.CharField(
        label=gettext_lazy("Phone"), max_length=20, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254, required=False)

    def address(self) -> PostalAddress | None:
        """The address; None where nothing of it was written."""
        told = self.cleaned_data
        lines = tuple(line for line in (told["street"], told["second"]) if line)
        if not (lines or told["city"] or told["zip"]):
            return None
        return PostalAddress(
            lines=lines, city=told["city"], state=told["state"].upper(), postal_code=told["zip"].replace("-", "")
        )


class HearForm(Form):
    """How bills come."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How do you want to get your bills?"),
        choices=[
            ("letter", gettext_lazy("By letter")),
            ("email", gettext_lazy("By e-mail")),
            ("portal", gettext_lazy("Here, on these pages")),
        ],
        widget=forms.RadioSelect,
    )
    address = forms.EmailField(label=gettext_lazy("Your e-mail"), max_length=254, required=False)


@patient_page("GET", "HEAD", "POST")
def about_me(request: HttpRequest, mine: PortalScope) -> HttpResponse:
    """Where to reach them."""
    form = ContactForm(request.POST or None, initial=_now(mine))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        digits = "".join(one for one in told["phone"] if one.isdigit())
        with attempt(form):
            move(mine, address=form.address(), phone=digits, email=told["email"], on=today(), at=now())
            tell(request, _("Saved. We will use this from now on."))
            return redirect("my-details")
    status = 422 if form.is_bound and form.errors else 200
    channel = mine.route(today()).channel
    lost = mine.mail_came_back(today())
    return show_mine(request, mine, "me", status=status, form=form, channel=channel, lost=lost)


@patient_page("GET", "HEAD", "POST")
def hear(request: HttpRequest, mine: PortalScope) -> HttpResponse:
    """How they want to hear of their bills."""
    route = mine.route(today())
    first = {"channel": route.channel, "address": route.address or mine.card().email}
    form = HearForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        with attempt(form):
            hear_by(mine, Channel(told["channel"]), address=told["address"], on=today(), at=now())
            tell(request, _("Saved. Your next bill comes this way."))
            return redirect("my-details")
    status = 422 if form.is_bound and form.errors else 200
    return show_mine(request, mine, "hear", status=status, form=form)


def _zip(code: str) -> str:
    return f"{code[:5]}-{code[5:]}" if len(code) == 9 and code.isdigit() else code


def _now(mine: PortalScope) -> dict[str, str]:
    card = mine.card()
    place = card.address
    lines = place.lines if place else ()
    return {
        "street": lines[0] if lines else "",
        "second": lines[1] if len(lines) > 1 else "",
        "city": (place.city or "") if place else "",
        "state": (place.state or "") if place else "",
        "zip": _zip(place.postal_code or "") if place else "",
        "phone": phone(card.phone),
        "email": card.email,
    }
