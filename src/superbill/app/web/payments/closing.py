"""Closing: a day counted against the drawer, a month, and the books opened again, on record."""

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.accounts.permissions import Permission
from superbill.app.deposits.actions import close_day, close_month, reopen
from superbill.app.deposits.closing import DRAWER, DayReport, day_report
from superbill.app.deposits.periods import closed_through
from superbill.app.deposits.queries import closings
from superbill.app.web.desk import LEDGER, Desk, desk, now, show
from superbill.app.web.forms import DayField, Form, MoneyField, attempt
from superbill.app.web.notices import tell

RECONCILE, CLOSE = Permission.RECONCILE, Permission.CLOSE_BOOKS
_SHOWN = 50


class DayForm(Form):
    """Which day."""

    day = DayField(label=gettext_lazy("Day"))


class CountForm(Form):
    """What is in the drawer, a field for each method that has money on the day."""

    why = forms.CharField(label=gettext_lazy("What explains a difference"), required=False, max_length=300)
    with_earlier = forms.BooleanField(label=gettext_lazy("Close the earlier days along, uncounted"), required=False)

    def __init__(self, *given: Any, report: DayReport, **named: Any) -> None:
        super().__init__(*given, **named)
        if not report.uncounted:
            del self.fields["with_earlier"]
        fields = {
            f"counted_{place}": MoneyField(
                label=_("Counted: %s") % method,
                positive=False,
                help_text="",
            )
            for place, method in enumerate(DRAWER)
            if report.posted(method)
        }
        self.fields = {**fields, **self.fields}  # the order is the page's

    @property
    def counted(self) -> dict[str, int]:
        """Cents by method."""
        given = {method: self.cleaned_data.get(f"counted_{place}") for place, method in enumerate(DRAWER)}
        return {method: amount for method, amount in given.items() if amount is not None}


class MonthForm(Form):
    """Which month."""

    month = forms.RegexField(r"^\d{4}-(0[1-9]|1[0-2])$", label=gettext_lazy("Month"), help_text="2026-10")
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=300)


class ReopenForm(Form):
    """From which day, and why."""

    start = DayField(label=gettext_lazy("From"))
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300)


@desk(LEDGER, methods=("GET", "HEAD", "POST"))
def closing(request: HttpRequest, at: Desk) -> HttpResponse:
    """A day's money by method and by who posted it; it is counted and closed here."""
    day = _day(request, at)
    report = day_report(at.scope, day)
    deed = request.POST.get("deed", "")
    if request.method == "POST" and deed not in ("day", "month", "reopen"):
        raise Http404
    if request.method == "POST":
        at.actor.must(RECONCILE if deed == "day" else CLOSE)
    count = CountForm(request.POST if deed == "day" else None, report=report)
    month = MonthForm(request.POST if deed == "month" else None)
    again = ReopenForm(request.POST if deed == "reopen" else None)
    form = {"day": count, "month": month, "reopen": again}.get(deed)
    if form is not None and form.is_valid():
        with attempt(form):
            tell(request, _done(at, form, day))
            return redirect("closing", at.practice.key)
    through = closed_through(at.scope)
    return show(
        request,
        at,
        "payments/closing",
        "payments",
        status=422 if form is not None and form.errors else 200,
        day=day,
        report=report,
        rows=[(method, amount, method in DRAWER) for method, amount in report.expected.items()],
        through=through,
        closed=through is not None and day <= through,
        history=list(reversed(closings(at.scope)))[:_SHOWN],
        pick=DayForm(initial={"day": day}),
        count=count,
        month=month,
        again=again,
        may=at.may(RECONCILE),
        may_close=at.may(CLOSE),
    )


def _done(at: Desk, form: Form, day: date) -> str:
    if isinstance(form, CountForm):
        given = form.cleaned_data
        with_earlier = bool(given.get("with_earlier"))
        close_day(at.actor, day, form.counted, why=given["why"], with_earlier=with_earlier, at=now())
        return _("The books are closed through %s.") % f"{day.day} {day:%b %Y}"
    if isinstance(form, MonthForm):
        year, _dash, number = form.cleaned_data["month"].partition("-")
        last = close_month(at.actor, int(year), int(number), why=form.cleaned_data["note"], at=now())
        return _("The books are closed through %s.") % f"{last.day} {last:%b %Y}"
    start = reopen(at.actor, form.cleaned_data["start"], why=form.cleaned_data["reason"], at=now())
    return _("The books are open again from %s on.") % f"{start.day} {start:%b %Y}"


def _day(request: HttpRequest, at: Desk) -> date:
    form = DayForm(request.GET)
    return form.cleaned_data["day"] if form.is_valid() else at.today
