"""Balances too small to collect: who has one, the run that forgives them, and its undoing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import ngettext

from superbill.app.accounts.permissions import Permission
from superbill.app.billing.actions import forgive_small_balances
from superbill.app.billing.queries import small_balances
from superbill.app.billing.small_balances import take_back_small_balances
from superbill.app.practices.queries import policy
from superbill.app.web.accounts.queries_list import names_of
from superbill.app.web.desk import CHARTS, LEDGER, Desk, desk, now, read, show
from superbill.app.web.notices import Undo, tell
from superbill.app.web.paging import ROWS, Page, asked
from superbill.money import dollars


@desk(CHARTS, LEDGER, Permission.APPROVE)
def small_list(request: HttpRequest, at: Desk) -> HttpResponse:
    """What a run of today would forgive, and whom it leaves out."""
    every = small_balances(at.scope)
    number, offset = asked(request.GET.get("page", ""), len(every))
    some = every[offset : offset + ROWS]
    read(at, "patient", [one.patient for one in some])
    return show(
        request, at, "accounts/smalls", "accounts", page=Page(rows=tuple(some), number=number, total=len(every)),
        amount=sum(one.amount for one in every), limit=policy(at.scope).small_balance, part="approvals",
        names=names_of(at.scope, [one.patient for one in some]), forgives=at.may(Permission.WRITE_OFF),
    )  # fmt: skip


@desk(CHARTS, LEDGER, Permission.APPROVE, Permission.WRITE_OFF, methods=("POST",))
def small_run(request: HttpRequest, at: Desk) -> HttpResponse:
    """Forgive them, but those that were left out; or take the run of today back."""
    if request.POST.get("do") == "undo":
        back = take_back_small_balances(at.actor, at.today, at=now())
        said = ngettext("%(n)s small balance stands again.", "%(n)s small balances stand again.", back)
        tell(request, said % {"n": back})
        return redirect("small-balances", at.practice.key)
    but = [int(one) for one in request.POST.getlist("but") if one.isdecimal()]
    made = forgive_small_balances(at.actor, at.today, but=but, at=now())
    forgiven = sum(part.amount for entry in made for part in entry.postings if part.amount > 0)
    said = ngettext("%(n)s small balance forgiven, %(sum)s.", "%(n)s small balances forgiven, %(sum)s.", len(made))
    undo = Undo(reverse("small-balances-run", args=(at.practice.key,)), {"do": "undo"}) if made else None
    tell(request, said % {"n": len(made), "sum": dollars(forgiven)}, undo=undo)
    return redirect("small-balances", at.practice.key)
