"""What a person does with chosen tasks: give, put off, note, done, open again; each can be taken back with one key."""

from collections.abc import Callable, Mapping
from datetime import date

from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from superbill.app.accounts.permissions import Permission
from superbill.app.web.desk import Desk, desk, now
from superbill.app.web.forms import DayField
from superbill.app.web.notices import Undo, tell
from superbill.app.web.today.filters import cleaned
from superbill.app.web.today.queries import holders
from superbill.app.web.today.views import NEXT
from superbill.app.worklists.actions import (
    NotThisTask,
    assign,
    finish,
    give_back,
    note,
    refresh,
    reopen,
    snooze,
)
from superbill.app.worklists.freshness import freshness

MOST = 500


@desk(Permission.WORK_TASKS, methods=("POST",))
def act(request: HttpRequest, at: Desk) -> HttpResponse:
    """Do one thing with the chosen tasks, then back to the list, the focus on the next one."""
    sent = request.POST
    told = " ".join(sent.getlist("ids")).split(" ")[:MOST]
    ids = [int(one) for one in told if one.isascii() and one.isdigit() and len(one) < 18]
    do, _colon, value = sent.get("do", "").partition(":")
    deed = DEEDS.get(do)
    if deed is None:
        raise BadRequest
    if not ids:
        raise NotThisTask(_("Choose a task first: x, or the box at the start of its row."))
    said, undo = deed(at, ids, value, sent)
    tell(request, said, undo=Undo(reverse("today-act", args=(at.practice.key,)), undo) if undo else None)
    following = sent.get("next", "")
    if following.isascii() and following.isdigit() and len(following) < 18:
        request.session[NEXT] = int(following)
    filters = cleaned(sent.get("filters", ""))
    if sent.get("stay"):
        return redirect("task", at.practice.key, ids[0])
    answer = redirect("today", at.practice.key)
    answer["Location"] += f"?{filters}" if filters else ""
    return answer


@desk(Permission.WORK_TASKS, methods=("POST",))
def bring_up(request: HttpRequest, at: Desk) -> HttpResponse:
    """Bring the tasks up to the facts. A page that asked by itself gets one line back, and nothing on it moves."""
    first = freshness(at.scope, at.today).at is None
    changed = refresh(at.actor, at.today, at=now())
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        context = {
            "desk": at, "fresh": freshness(at.scope, at.today), "first": first,
            "new": changed.opened + changed.reopened, "gone": changed.closed,
            "told": cleaned(request.POST.get("filters", "")),
        }  # fmt: skip
        return render(request, "web/today/fresh.html", context)
    words = _("Brought up to date: %(new)d new, %(gone)d closed because their cause is gone.")
    tell(request, words % {"new": changed.opened + changed.reopened, "gone": changed.closed})
    return redirect("today", at.practice.key)


Undoing = dict[str, str] | None
Told = tuple[str, Undoing]


def _give(at: Desk, ids: list[int], to: str, _sent: QueryDict) -> Told:
    had = holders(at.scope, ids)
    count = assign(at.actor, ids, to, at=now())
    who = _("you") if to == at.actor.name else to or _("nobody")
    words = ngettext("%(n)d task given to %(who)s.", "%(n)d tasks given to %(who)s.", count)
    back = " ".join(f"{row}={name}" for row, name in had.items())
    return words % {"n": count, "who": who}, {"do": "back", "ids": str(ids[0]), "had": back}


def _give_back(at: Desk, _ids: list[int], _value: str, sent: QueryDict) -> Told:
    pairs = (one.partition("=") for one in sent.get("had", "").split(" ")[:MOST])
    had = {int(row): name for row, _equals, name in pairs if row.isascii() and row.isdigit() and len(row) < 18}
    give_back(at.actor, had, at=now())
    return _("Given back."), None


def _put_off(at: Desk, ids: list[int], value: str, sent: QueryDict) -> Told:
    day = _day(value or sent.get("until", ""))
    count = snooze(at.actor, ids, day, at.today, why=sent.get("why", "").strip()[:200], at=now())
    words = ngettext("%(n)d task put off until %(day)s.", "%(n)d tasks put off until %(day)s.", count)
    return words % {"n": count, "day": f"{day.day} {day:%b %Y}"}, _again(ids)


def _write(at: Desk, ids: list[int], _value: str, sent: QueryDict) -> Told:
    note(at.actor, ids, sent.get("text", "")[:2000], at=now())
    return ngettext("Noted on %(n)d task.", "Noted on %(n)d tasks.", len(ids)) % {"n": len(ids)}, None


def _done(at: Desk, ids: list[int], _value: str, sent: QueryDict) -> Told:
    count = finish(at.actor, ids, text=sent.get("text", "")[:2000], at=now())
    words = ngettext("%(n)d task done.", "%(n)d tasks done.", count)
    return words % {"n": count}, _again(ids)


def _open(at: Desk, ids: list[int], _value: str, _sent: QueryDict) -> Told:
    count = reopen(at.actor, ids, at=now())
    return ngettext("%(n)d task open again.", "%(n)d tasks open again.", count) % {"n": count}, None


DEEDS: Mapping[str, Callable[[Desk, list[int], str, QueryDict], Told]] = {
    "give": _give,
    "back": _give_back,
    "off": _put_off,
    "note": _write,
    "done": _done,
    "open": _open,
}


def _again(ids: list[int]) -> dict[str, str]:
    return {"do": "open", "ids": " ".join(map(str, ids))}


def _day(text: str) -> date:
    try:
        day = DayField(required=True).clean(text)
    except ValidationError:
        raise NotThisTask(_("Say until which day, such as 11/21/2026.")) from None
    assert isinstance(day, date)
    return day
