"""Questions and disputes: what was said, message by message, with the account at hand to answer from."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from superbill.app.accounts.permissions import Permission
from superbill.app.guarantors.queries import cards
from superbill.app.statements.consents import routes
from superbill.app.statements.explaining import explained, explained_account
from superbill.app.statements.owing import due_of, line_ids
from superbill.app.threads.actions import add_message, resolve
from superbill.app.threads.models import Side, ThreadState
from superbill.app.threads.queries import ThreadCard, WholeThread, thread, threads
from superbill.app.web.accounts.forms import posted, text
from superbill.app.web.accounts.queries import members, statements_of_guarantor, task_of_thread
from superbill.app.web.accounts.queries_subjects import Subject, guarantor_subject
from superbill.app.web.accounts.statements import CHANNELS
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, now, read, show
from superbill.app.web.filters import chosen
from superbill.app.web.forms import Form, attempt
from superbill.app.web.notices import tell
from superbill.app.web.queries import payer_names
from superbill.app.worklists.actions import assign, refresh

STATES = {
    "open": (ThreadState.OPEN,), "waiting": (ThreadState.WAITING,), "resolved": (ThreadState.RESOLVED,),
    "all": tuple(ThreadState),
}  # fmt: skip
STATE_WORDS = {
    "open": _l("to be answered"),
    "waiting": _l("waiting for the patient"),
    "resolved": _l("settled"),
    "all": _l("all"),
}
TOPICS = {"question": _l("question"), "dispute": _l("dispute")}
OUTCOME_WORDS = {
    "explained": _l("explained"), "corrected": _l("corrected"), "written off": _l("written off"),
    "not changed": _l("not changed"), "withdrawn": _l("withdrawn"),
}  # fmt: skip


class AnswerForm(Form):
    """A message: to the patient, or a note of the office."""

    side = forms.ChoiceField(
        label=_l("This is"),
        choices=((Side.STAFF.value, _l("our answer")), (Side.OFFICE.value, _l("a note for the office alone")),
                 (Side.PATIENT.value, _l("what the patient said"))),
    )  # fmt: skip
    text = text(_l("Words"), most=10_000, long=True, first=True)
    then = forms.ChoiceField(
        label=_l("And then"), required=False,
        choices=[("", _l("it stays with us")), ("waits", _l("the patient answers")),
                 *((f"resolved:{one}", words) for one, words in OUTCOME_WORDS.items())],
    )  # fmt: skip


@desk(CHARTS, LEDGER)
def thread_list(request: HttpRequest, at: Desk) -> HttpResponse:
    """Matters in a state, the longest waiting first."""
    state = chosen(request, "state", STATES) or "open"
    found = threads(at.scope, states=STATES[state])
    people = cards(at.scope, {one.guarantor for one in found})
    dues = {one.guarantor: due_of(at.scope, one.guarantor, at.today).owed for one in found[:50]}
    read(at, "patient", sorted({card.patient for card in people.values() if card.patient}))
    rows = [(one, people.get(one.guarantor), dues.get(one.guarantor, 0)) for one in found[:50]]
    return show(
        request, at, "accounts/threads", "accounts", rows=rows, state=state, states=STATE_WORDS.items(), part="threads",
        topics=TOPICS, outcomes=OUTCOME_WORDS,
    )  # fmt: skip


@desk(CHARTS, LEDGER, methods=("GET", "HEAD", "POST"))
def thread_page(request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """One matter. What is written here is the answer, a note, or what the patient said; it may settle it."""
    found = thread(at.scope, number)
    if found is None:
        raise Http404
    subject = guarantor_subject(at.scope, found.card.guarantor)
    if subject is None:
        raise Http404
    read(at, "patient", subject.patients)
    form = AnswerForm(posted(request))
    if request.method == "POST":
        at.actor.must(Permission.CORRESPOND)
        if form.is_valid():
            with attempt(form):
                _say(request, at, found.card, form)
                return redirect("thread", at.practice.key, number)
    status = 422 if form.errors else 200
    return show(request, at, "accounts/thread", "accounts", status=status, **_context(at, found, subject, form))


def _say(request: HttpRequest, at: Desk, card: ThreadCard, form: AnswerForm) -> None:
    data = form.cleaned_data
    then = data["then"]
    if then.startswith("resolved:") and data["side"] == Side.STAFF.value:
        outcome = then.partition(":")[2]
        resolve(at.actor, card.number, outcome, data["text"], on=at.today, at=now())
        tell(request, _("Settled: %(outcome)s.") % {"outcome": OUTCOME_WORDS[outcome]})
        return
    waits = then == "waits"
    add_message(at.actor, card.number, Side(data["side"]), data["text"], on=at.today, waits=waits, at=now())
    tell(request, _("Written down. It waits for the patient now.") if waits else _("Written down."))


def _context(at: Desk, found: WholeThread, subject: Subject, form: AnswerForm) -> dict[str, Any]:
    names = payer_names(at.scope) if at.may(CLAIMS) else {}
    card = found.card
    lines = line_ids(at.scope, card.lines).values()
    why = explained(at.scope, names, lines) if lines else explained_account(at.scope, names, card.guarantor, at.today)
    assert subject.card is not None
    return {
        "thread": found, "card": subject.card, "form": form, "why": why, "topics": TOPICS, "outcomes": OUTCOME_WORDS,
        "due": due_of(at.scope, card.guarantor, at.today), "people": subject.people,
        "route": routes(at.scope, [subject.card], at.today)[card.guarantor], "channels": CHANNELS,
        "statements": statements_of_guarantor(at.scope, card.guarantor)[:6],
        "corresponds": at.may(Permission.CORRESPOND),
        "task": task_of_thread(at.scope, card.number) if at.may(Permission.WORK_TASKS) else None,
        "members": members(at.scope) if at.may(Permission.WORK_TASKS) else [],
    }  # fmt: skip


@desk(LEDGER, Permission.WORK_TASKS, methods=("POST",))
def thread_assign(request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """Give the matter's task to somebody."""
    if thread(at.scope, number) is None:
        raise Http404
    task = task_of_thread(at.scope, number)
    if task is None:
        refresh(at.actor, at.today, at=now())
        task = task_of_thread(at.scope, number)
    if task is None:
        tell(request, _("Nothing is to be done about it now."), trouble=True)
    else:
        to = request.POST.get("to", "")
        assign(at.actor, [task.pk], to, at=now())
        tell(request, _("It is with %(name)s.") % {"name": to} if to else _("It is with nobody."))
    return redirect("thread", at.practice.key, number)
