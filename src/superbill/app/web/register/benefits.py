"""What the payer says of a patient's coverage, as a person would say it; asked for one patient or a day's visits."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from msgspec import Struct

from superbill.app.accounts.permissions import Permission
from superbill.app.eligibility.checking import Check, NotAsked, check_coverage, checks, files_of
from superbill.app.eligibility.telling import STALE_DAYS, benefits_in_words, warnings
from superbill.app.patients.queries import charts
from superbill.app.web import sites
from superbill.app.web.desk import CHARTS, Desk, desk, now, read, show
from superbill.app.web.forms import DayField, Form
from superbill.app.web.notices import tell
from superbill.app.web.register.facts import named
from superbill.app.web.register.patient import here, page
from superbill.app.web.register.queries import next_day_with_visits, visits_between
from superbill.app.web.register.words import Standing, standing
from superbill.chart.model import Chart

MOST_AT_ONCE = 50


class Answered(Struct, frozen=True, kw_only=True):
    """A check in words. `stale`: it is too old to rely on."""

    check: Check
    payer: str
    says: tuple[str, ...]
    warnings: tuple[str, ...]
    stale: bool


class DayForm(Form):
    """For which day the payers are asked."""

    on = DayField()


@desk(CHARTS, Permission.VERIFY_COVERAGE, methods=("GET", "HEAD", "POST"))
def benefits(request: HttpRequest, at: Desk, patient: int) -> HttpResponse:
    """The latest answer for each coverage, and all before it. By POST the payers are asked."""
    found = here(at, patient)
    if request.method == "POST":
        form = DayForm(request.POST)
        on = form.cleaned_data["on"] if form.is_valid() else at.today
        chosen = request.POST.get("coverage", "")
        wanted = [one.id for one in found.chart.coverages if chosen in ("", str(one.order))]
        if not wanted:
            raise NotAsked(_("There is no coverage to ask about. Add one first."))
        _ask(at, patient, wanted, on)
        tell(request, _("The payer has answered."))
        return redirect("benefits", at.practice.key, patient)
    past = checks(at.scope, [patient]).get(patient, [])
    coverages = [standing(at, one) for one in sorted(found.chart.coverages, key=lambda one: one.order)]
    latest = [(one, _latest(at, one, past)) for one in coverages]
    return page(
        request, at, "benefits", found, "benefits", latest=latest, past=[answered(at, one, past) for one in past],
        form=DayForm(initial={"on": at.today}),
    )  # fmt: skip


def _ask(at: Desk, patient: int, coverages: list[str], on: date) -> None:
    session = sites.session(at)
    with sites.trading_partner() as partner:
        for one in coverages:
            check_coverage(session, partner, patient, one, on, at=now())


def _latest(at: Desk, one: Standing, past: list[Check]) -> Answered | None:
    mine = [each for each in past if each.coverage == one.record.id]
    return answered(at, mine[0], past, one.record.order) if mine else None


def answered(at: Desk, one: Check, past: list[Check], order: int = 1) -> Answered:
    """A check in words, compared with the one before it about the same coverage."""
    before = next((each.told for each in past if each.id < one.id and each.coverage == one.coverage), None)
    return Answered(
        check=one,
        payer=named(at, one.payer_key),
        says=tuple(benefits_in_words(one.told)),
        warnings=tuple(warnings(one.told, order=order, on=one.on, before=before)),
        stale=(at.today - one.at.date()).days > STALE_DAYS,
    )


@desk(CHARTS, Permission.VERIFY_COVERAGE)
def files(request: HttpRequest, at: Desk, check: int) -> HttpResponse:
    """The question (270) and the answer (271) as they were sent, segment by segment."""
    found = files_of(at.scope, check)
    if found is None:
        raise Http404
    patient, question, answer = found
    one = here(at, patient)
    split = [[part for part in text.replace("\n", "").split("~") if part] for text in (question, answer)]
    return page(request, at, "files", one, "benefits", question=split[0], answer=split[1])


class Ahead(Struct, frozen=True, kw_only=True):
    """A visit of the day ahead: who, and what is known of their first coverage."""

    patient: int
    account: str
    on: date
    chart: Chart
    payer: str
    check: Answered | None


@desk(CHARTS, Permission.VERIFY_COVERAGE, methods=("GET", "HEAD", "POST"))
def ahead(request: HttpRequest, at: Desk) -> HttpResponse:
    """The visits of a day, tomorrow's unless another is named, with what their payers say. By POST all are asked."""
    form = DayForm(request.POST if request.method == "POST" else request.GET or None)
    day = form.cleaned_data["on"] if form.is_bound and form.is_valid() else next_day_with_visits(at.scope, at.today)
    rows = _rows(at, day)
    read(at, "patient", sorted({one.patient for one in rows}))
    if request.method == "POST":
        asked, left = _ask_all(at, rows, day)
        said = _("%(asked)s payers asked for %(day)s.") % {"asked": asked, "day": f"{day:%m/%d/%Y}"}
        tell(request, f"{said} {left}".strip(), trouble=bool(left))
    rows = _rows(at, day) if request.method == "POST" else rows
    return show(request, at, "register/ahead", "register", rows=rows, day=day, form=DayForm(initial={"on": day}))


def _rows(at: Desk, day: date) -> list[Ahead]:
    visits = visits_between(at.scope, day, day)
    patients = {patient for patient, _account, _on in visits}
    known, past = charts(at.scope, patients), checks(at.scope, sorted(patients))
    rows = []
    for patient, account, on in visits:
        chart = known[patient]
        first = min(chart.coverages, key=lambda one: one.order, default=None)
        mine = [one for one in past.get(patient, []) if first is not None and one.coverage == first.id]
        rows.append(
            Ahead(
                patient=patient, account=account, on=on, chart=chart, payer=named(at, first.payer) if first else "",
                check=answered(at, mine[0], mine) if mine else None,
            )
        )  # fmt: skip
    return rows


def _ask_all(at: Desk, rows: list[Ahead], day: date) -> tuple[int, str]:
    """How many were asked, and why the rest could not be."""
    asked, why = 0, ""
    session = sites.session(at)
    with sites.trading_partner() as partner:
        for row in rows[:MOST_AT_ONCE]:
            first = min(row.chart.coverages, key=lambda one: one.order, default=None)
            if first is None or (row.check is not None and not row.check.stale and row.check.check.on == day):
                continue
            try:
                check_coverage(session, partner, row.patient, first.id, day, at=now())
                asked += 1
            except NotAsked as refusal:
                why = str(refusal)
    return asked, why
