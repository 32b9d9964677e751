"""The screens of the managers, as tabs: each opens with its own permission."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from superbill.app.accounts.permissions import NotPermitted, Permission
from superbill.app.web.desk import Desk, desk


class Screen(Struct, frozen=True):
    """One tab: its name, its route, and the permission that opens it."""

    name: object
    route: str
    needs: Permission


SCREENS = (
    Screen(_("Figures"), "figures", Permission.READ_REPORTS),
    Screen(_("Receivables"), "receivables", Permission.READ_REPORTS),
    Screen(_("Payers"), "scorecards", Permission.READ_REPORTS),
    Screen(_("Providers"), "productivity", Permission.READ_REPORTS),
    Screen(_("Rules"), "rules", Permission.MANAGE_RULES),
    Screen(_("Contracts"), "contracts", Permission.READ_REPORTS),
    Screen(_("Practice"), "practice-facts", Permission.READ_AUDIT),
    Screen(_("Users"), "people", Permission.MANAGE_ACCOUNTS),
    Screen(_("Emergency access"), "emergencies", Permission.READ_AUDIT),
    Screen(_("Audit log"), "audit", Permission.READ_AUDIT),
)


def tabs(at: Desk) -> list[Screen]:
    """The tabs that this person may open."""
    return [screen for screen in SCREENS if at.may(screen.needs)]


@desk()
def manage(_request: HttpRequest, at: Desk) -> HttpResponse:
    """To the first screen that this person's roles open."""
    for screen in tabs(at):
        return redirect(screen.route, at.practice.key)
    raise NotPermitted(f"{at.actor.name} may open none of these screens. Ask an administrator for the role.")
