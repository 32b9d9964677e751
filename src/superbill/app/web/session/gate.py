"""What comes before any page of a practice: a second step, where the person's roles need one and they have none."""

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.models import User
from superbill.app.accounts.second_factors import has_second_factor, roles_that_need
from superbill.app.practices.models import Practice


def led_elsewhere(request: HttpRequest, practice: Practice, actor: Actor) -> HttpResponse | None:
    """The way to set up a second step; None for one who may go on. One who signed in with it costs no look-up."""
    needs = roles_that_need(practice.second_factor)
    if not needs or needs.isdisjoint(role.value for role in actor.roles):
        return None
    assert isinstance(request.user, User)
    used = any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))
    return None if used or has_second_factor(request.user) else redirect("mfa_index")
