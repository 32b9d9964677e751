"""The page of a deed: it asks, shows what would change, does it once, and tells how to take it back."""

from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from superbill.app.billing.actions import undo
from superbill.app.billing.cases import label
from superbill.app.billing.preview import Preview, rehearse
from superbill.app.statements.actions import release
from superbill.app.web.accounts.deeds import Deed, Done, registry
from superbill.app.web.accounts.forms import LinesForm
from superbill.app.web.accounts.queries import has_hold, is_posted, news_of
from superbill.app.web.accounts.queries_subjects import (
    CASE_NAMES,
    Subject,
    case_subject,
    guarantor_subject,
    patient_subject,
)
from superbill.app.web.desk import CHARTS, LEDGER, Desk, desk, now, read, show
from superbill.app.web.forms import attempt
from superbill.app.web.middleware import came_from
from superbill.app.web.notices import Undo, tell
from superbill.ledger.entry import Balance
from superbill.ledger.proof import added

BOTH = ("GET", "HEAD", "POST")


@desk(CHARTS, LEDGER, methods=BOTH)
def account_deed(request: HttpRequest, at: Desk, patient: int, deed: str) -> HttpResponse:
    """A deed about a patient's account."""
    return _page(request, at, patient_subject(at.scope, patient), deed, ("account", patient))


@desk(CHARTS, LEDGER, methods=BOTH)
def guarantor_deed(request: HttpRequest, at: Desk, guarantor: int, deed: str) -> HttpResponse:
    """A deed about everything that a guarantor pays for."""
    return _page(request, at, guarantor_subject(at.scope, guarantor), deed, ("guarantor", guarantor))


@desk(CHARTS, LEDGER, methods=BOTH)
def case_deed(request: HttpRequest, at: Desk, number: str, deed: str) -> HttpResponse:
    """A deed about a receipt, a refund, a write-off that waits, a plan or a placement."""
    return _page(request, at, case_subject(at.scope, number), deed, ("case", number))


@desk(LEDGER, methods=("POST",))
def entry_undo(request: HttpRequest, at: Desk) -> HttpResponse:
    """Take an entry back with a new one; says so on the page that one came from."""
    reason = request.POST.get("reason", "").strip() or _("undone at once")
    undo(at.actor, request.POST.get("entry", ""), reason, at.today, at=now())
    tell(request, _("Taken back with a new entry."))
    return redirect(came_from(request), permanent=False)


@desk(LEDGER, methods=("POST",))
def hold_release(request: HttpRequest, at: Desk, hold: int) -> HttpResponse:
    """Let a hold go; reminders go on where they stopped."""
    if not has_hold(at.scope, hold):
        raise Http404
    release(at.actor, hold, on=at.today, why=request.POST.get("why", ""), at=now())
    tell(request, _("The hold is gone; reminders go on where they stopped."))
    return redirect(came_from(request), permanent=False)


def _page(request: HttpRequest, at: Desk, subject: Subject | None, name: str, home: tuple[str, object]) -> HttpResponse:
    deed = registry().get((subject.kind, name)) if subject else None
    if subject is None or deed is None:
        raise Http404
    at.actor.must(deed.needs)
    read(at, "patient", subject.patients)
    posted = request.method == "POST"
    form = deed.ask(at, subject, request.POST if posted else None)
    key = (request.POST.get("key", "") if posted else "")[:80] or f"web:{uuid4().hex}"
    if not posted or not form.is_valid():
        status = 422 if posted else 200
        return _asked(request, at, subject, deed, form, key, home, status=status)
    shown, promised, would = None, [], ""
    with attempt(form):
        if deed.foresee:
            promised = deed.foresee(at, subject, form)
        if not deed.previews or "agreed" in request.POST:
            seen = request.POST.get("stamp") == str(subject.stamp()) or is_posted(at.scope, key)
            if deed.previews and not seen:
                return _stale(request, at, subject, deed, form, key, home)
            return _done(request, at, deed.do(at, subject, form, key), home)
        shown, would = _rehearsed(at, subject, deed, form, key)
    status = 422 if form.errors else 200
    return _asked(
        request, at, subject, deed, form, key, home, shown=shown, promised=promised, would=would, status=status
    )


def _rehearsed(at: Desk, subject: Subject, deed: Deed, form: LinesForm, key: str) -> tuple[Preview, str]:
    """What the deed would change, and what it would say."""
    told: list[Done] = []
    shown = rehearse(at.scope, lambda: told.append(deed.do(at, subject, form, key)))
    return shown, told[0].text


def _done(request: HttpRequest, at: Desk, done: Done, home: tuple[str, object]) -> HttpResponse:
    back = None
    if done.entry:
        back = Undo(reverse("entry-undo", args=(at.practice.key,)), {"entry": done.entry})
    elif done.undo:
        route, where, fields = done.undo
        back = Undo(reverse(route, args=(at.practice.key, *where.split("/"))), fields)
    tell(request, done.text, undo=back)
    route, key = done.opens or home
    return redirect(reverse(route, args=(at.practice.key, *([key] if key else []))))


def _stale(
    request: HttpRequest, at: Desk, subject: Subject, deed: Deed, form: LinesForm, key: str, home: tuple[str, object]
) -> HttpResponse:
    """Somebody posted meanwhile: what they did stands beside what this would do now, and nothing is lost."""
    since = request.POST.get("stamp", "")
    news = news_of(at.scope, subject.patients, int(since) if since.isdigit() and len(since) < 19 else 0)
    shown, would = None, ""
    with attempt(form):
        shown, would = _rehearsed(at, subject, deed, form, key)
    return _asked(request, at, subject, deed, form, key, home, shown=shown, would=would, news=news, status=409)


def _asked(
    request: HttpRequest,
    at: Desk,
    subject: Subject,
    deed: Deed,
    form: LinesForm,
    key: str,
    home: tuple[str, object],
    *,
    status: int = 200,
    shown: Preview | None = None,
    **context: object,
) -> HttpResponse:
    case = subject.case
    for field in form.fields.values() if shown else ():
        field.widget.attrs.pop("data-focus", None)  # the button is what comes next
    return show(
        request, at, "accounts/deed", "accounts", status=status, subject=subject, deed=deed, form=form, key=key,
        stamp=subject.stamp(), back=reverse(home[0], args=(at.practice.key, home[1])),
        case=label(type(case), case.number) if case else "", case_name=CASE_NAMES.get(subject.kind, ""),
        shown=shown, total=_total(shown) if shown else None,
        open_lines=[line for line in subject.lines if line.owed or line.insurance][-14:],
        **context,
    )  # fmt: skip


def _total(shown: Preview) -> tuple[Balance, Balance]:
    before, after = Balance(), Balance()
    for line in shown.lines:
        before, after = added(before, line.before), added(after, line.after)
    return before, after
