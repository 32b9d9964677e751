"""The people of the practice: who may do what, who was here when, who is asked in, who is locked out."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.accounts import actions, invitations
from superbill.app.accounts.actors import Actor
from superbill.app.accounts.models import User
from superbill.app.accounts.passwords import LINK_VALID, make_password_link
from superbill.app.accounts.permissions import Permission, Role
from superbill.app.accounts.queries_people import Person, asked_here, member, members
from superbill.app.accounts.queries_people import people as known_of
from superbill.app.accounts.second_factors import JOBS, ask_for_second_factor, roles_that_need
from superbill.app.web.desk import Desk, desk, now, show
from superbill.app.web.forms import attempt
from superbill.app.web.manage.first import tabs
from superbill.app.web.manage.people_forms import InviteForm, SecondStepForm
from superbill.app.web.notices import Undo, tell
from superbill.app.web.paging import Page, asked

ACCOUNTS = Permission.MANAGE_ACCOUNTS
Deed = Callable[..., None]
# What whoever runs the server does for a log-in of several practices, whose administrators may not.
OPERATORS = ("superbill people password-link", "superbill people reset-second-step")
# What can be done about one person: the action, what is told after it, and what takes it back.
DEEDS: dict[str, tuple[Deed, object, str]] = {
    "grant": (actions.grant, gettext_lazy("%(name)s is %(role)s now."), "revoke"),
    "revoke": (actions.revoke, gettext_lazy("%(name)s is no longer %(role)s."), "grant"),
    "deactivate": (
        actions.deactivate,
        gettext_lazy("%(name)s can no longer sign in. Every session of theirs has ended."),
        "reactivate",
    ),
    "reactivate": (actions.reactivate, gettext_lazy("%(name)s can sign in again."), "deactivate"),
    "reset": (
        actions.reset_second_factors,
        gettext_lazy("%(name)s signs in with the password alone, and sets up a new second step."),
        "",
    ),
    "unlock": (actions.unlock, gettext_lazy("%(name)s may try again at once."), ""),
}


@desk(ACCOUNTS)
def people(request: HttpRequest, at: Desk) -> HttpResponse:
    """Everybody with a role, by name; who is asked in; and of whom a second step is asked."""
    return _people(request, at, SecondStepForm(initial={"roles": _asked(at)}))


@desk(ACCOUNTS, methods=("GET", "HEAD", "POST"))
def invite(request: HttpRequest, at: Desk) -> HttpResponse:
    """Ask somebody in; the link is on the answer, and nowhere else ever again."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            token = invitations.invite(at.actor, form.cleaned_data["label"], form.chosen(), at=now())
            link = request.build_absolute_uri(reverse("join", args=(token,)))
            context = {"link": link, "label": form.cleaned_data["label"], "until": now() + invitations.VALID}
            return show(request, at, "manage/people_invited", "manage", tab="people", tabs=tabs(at), **context)
    status = 422 if form.errors else 200
    return show(request, at, "manage/people_invite", "manage", status=status, tab="people", tabs=tabs(at), form=form)


@desk(ACCOUNTS, methods=("POST",))
def withdraw(request: HttpRequest, at: Desk, row_id: int) -> HttpResponse:
    """The link works no longer."""
    if not invitations.was_made(at.scope, row_id):
        raise Http404
    invitations.withdraw(at.actor, row_id, at=now())
    tell(request, _("The invitation is withdrawn; its link no longer works."))
    return redirect("people", at.practice.key)


@desk(ACCOUNTS, methods=("POST",))
def second_step(request: HttpRequest, at: Desk) -> HttpResponse:
    """Of which roles a second step is asked from now on."""
    form = SecondStepForm(request.POST)
    if not form.is_valid():
        return _people(request, at, form, status=422)
    ask_for_second_factor(at.actor, form.chosen(), at=now())
    tell(request, _("Kept. Whoever needs a second step and has none sets it up before anything else opens."))
    return redirect("people", at.practice.key)


@desk(ACCOUNTS)
def person(request: HttpRequest, at: Desk, user_id: int) -> HttpResponse:
    """One member: roles, sign-ins, second steps."""
    found = _known(at, _member(at, user_id))
    roles = [role for role in JOBS if role not in found.roles]
    context: dict[str, Any] = {"person": found, "others": roles, "oneself": found.name == at.actor.name}
    context["commands"] = OPERATORS
    return show(request, at, "manage/person", "manage", tab="people", tabs=tabs(at), **context)


@desk(ACCOUNTS, methods=("POST",))
def change(request: HttpRequest, at: Desk, user_id: int) -> HttpResponse:
    """Do one of the deeds to one person."""
    user = _member(at, user_id)
    do, role = request.POST.get("do", ""), request.POST.get("role", "")
    if do not in DEEDS or (do in ("grant", "revoke") and role not in JOBS):
        raise Http404
    deed, said, back = DEEDS[do]
    _do(deed, at.actor, user, role, now())
    address = reverse("person-change", args=(at.practice.key, user_id))
    undo = Undo(address, {"do": back, "role": role}) if back and user.get_username() != at.actor.name else None
    tell(request, str(said) % {"name": user.get_username(), "role": role}, undo=undo)
    gone = do == "revoke" and member(at.scope, user_id) is None
    return redirect("people", at.practice.key) if gone else redirect("person", at.practice.key, user_id)


@desk(ACCOUNTS, methods=("POST",))
def password(request: HttpRequest, at: Desk, user_id: int) -> HttpResponse:
    """A link for one who forgot their password; it is on the answer, and nowhere else ever again."""
    user = _member(at, user_id)
    token = make_password_link(at.actor, user, at=now())
    link = request.build_absolute_uri(reverse("new-password", args=(token,)))
    context: dict[str, Any] = {"link": link, "label": user.get_username(), "until": timezone.now() + LINK_VALID}
    return show(request, at, "manage/people_invited", "manage", tab="people", tabs=tabs(at), **context)


def _do(deed: Deed, actor: Actor, user: User, role: str, moment: datetime) -> None:
    if deed in (actions.grant, actions.revoke):
        deed(actor, user, Role(role), at=moment)
    else:
        deed(actor, user, at=moment)


def _people(request: HttpRequest, at: Desk, form: SecondStepForm, status: int = 200) -> HttpResponse:
    role = request.GET.get("role", "")
    left = request.GET.get("show") == "left"
    found = members(at.scope, active=not left, role=role if role in JOBS else "")
    total = found.count()
    number, start = asked(request.GET.get("page", ""), total)
    page = Page(
        rows=tuple(known_of(at.scope, list(found[start : start + 50]), timezone.now())), number=number, total=total
    )
    return show(
        request,
        at,
        "manage/people",
        "manage",
        status=status,
        tab="people",
        tabs=tabs(at),
        page=page,
        roles=JOBS,
        role=role,
        left=left,
        query=f"&role={role}" if role in JOBS else "&show=left" if left else "",
        invited=invitations.open_invitations(at.scope, now()),
        form=form,
        server=sorted(roles_that_need("")),
    )


def _asked(at: Desk) -> list[str]:
    return sorted(roles_that_need(asked_here(at.scope)))


def _member(at: Desk, user_id: int) -> User:
    user = member(at.scope, user_id)
    if user is None:
        raise Http404
    return user


def _known(at: Desk, user: User) -> Person:
    return known_of(at.scope, [user], timezone.now())[0]
