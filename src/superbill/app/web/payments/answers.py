"""Exceptions: answers that could not be posted by themselves, each beside the claims that it may be meant for."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.accounts.permissions import Permission
from superbill.app.billing.errors import NotPossible
from superbill.app.remits.actions import (
    assign_answer,
    post_by_hand,
    record_sent_back,
    reopen_answer,
    send_back,
    set_answer_aside,
    undo_claim,
)
from superbill.app.remits.queries import candidates, open_remittances
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, now, read, show
from superbill.app.web.filters import chosen, query
from superbill.app.web.notices import Undo, tell
from superbill.app.web.payments.queries_answers import (
    GROUPS,
    Answer,
    Beside,
    answer_of,
    beside,
    claims_found,
    queue,
    queue_counts,
)
from superbill.app.web.queries import payer_names
from superbill.money import MoneyError, dollars, parse_dollars
from superbill.remits.posting import LineMoney, spread_claim_adjustments

POST, REFUND = Permission.POST_REMITTANCE, Permission.REFUND
WAITS = ("held", "unmatched", "set_aside")
_STATES = {
    "need": gettext_lazy("need you"),
    "to_return": gettext_lazy("to go back"),
    "set_aside": gettext_lazy("set aside"),
    "returned": gettext_lazy("went back"),
}


@desk(CHARTS, CLAIMS, LEDGER)
def exceptions(request: HttpRequest, at: Desk) -> HttpResponse:
    """Answers that wait, the most money first, and payments of which nothing is posted. No patient is named here."""
    group = chosen(request, "state", GROUPS) or "need"
    counts = queue_counts(at.scope)
    return show(
        request,
        at,
        "payments/exceptions",
        "payments",
        page=queue(at.scope, group, request.GET.get("page", "")),
        group=group,
        groups=[(name, label, *counts[name]) for name, label in _STATES.items()],
        held=open_remittances(at.scope) if group == "need" else [],
        names=payer_names(at.scope),
        query=query(state=group),
    )


@desk(CHARTS, CLAIMS, LEDGER, methods=("GET", "HEAD", "POST"))
def answer(request: HttpRequest, at: Desk, row_id: int) -> HttpResponse:
    """What the payer said at the left, candidates with their reasons at the right, line facing line."""
    found = answer_of(at.scope, row_id)
    if found is None:
        raise Http404
    deed = request.POST.get("deed", "")
    if request.method == "POST" and deed != "find":
        if deed not in _DEEDS:
            raise Http404
        at.actor.must(REFUND if deed == "returned" else POST)
        _DEEDS[deed](request, at, found)
        return redirect("answer" if deed in ("undo", "reopen") else "exceptions", *_back(at, deed, row_id))
    return _shown(request, at, found)


def _back(at: Desk, deed: str, row_id: int) -> tuple[object, ...]:
    return (at.practice.key, row_id) if deed in ("undo", "reopen") else (at.practice.key,)


def _shown(request: HttpRequest, at: Desk, found: Answer) -> HttpResponse:
    asked = request.POST.get("q", "")[:80]
    ranked = candidates(at.scope, found.row.pk) if found.row.state in WAITS else []
    own = found.row.claim.control_number if found.row.claim else ""
    number = request.GET.get("claim", "")[:20] or own or (ranked[0].control_number if ranked else "")
    facing = beside(at.scope, number, found.told) if number else None
    others = claims_found(at.scope, asked) if asked else []
    shown = {facing.ours.id} if facing else set()
    read(
        at,
        "claim",
        sorted(shown | {one.id for one in others} | ({found.row.claim_id} if found.row.claim_id else set())),
    )
    return show(
        request,
        at,
        "payments/answer",
        "payments",
        answer=found,
        ranked=ranked,
        beside=facing,
        number=number,
        asked=asked,
        others=others,
        unplaced=facing is not None and any(not one.ours for one in facing.facing),
        waits=found.row.state in WAITS,
        names=payer_names(at.scope),
        may_post=at.may(POST),
        may_refund=at.may(REFUND),
    )


def _assign(request: HttpRequest, at: Desk, found: Answer) -> None:
    number = request.POST.get("claim", "")[:20]
    insist = "instead" if request.POST.get("insist") == "instead" else "add"
    assign_answer(at.actor, found.row.pk, number, on=at.today, at=now(), insist=insist)  # type: ignore[arg-type]  # of two
    _posted(request, at, found, number)


def _posted(request: HttpRequest, at: Desk, found: Answer, number: str) -> None:
    said = _("Posted to claim %(claim)s: %(amount)s.") % {"claim": number, "amount": dollars(found.row.paid)}
    tell(request, said, undo=Undo(reverse("answer", args=(at.practice.key, found.row.pk)), {"deed": "undo"}))


def _by_hand(request: HttpRequest, at: Desk, found: Answer) -> None:
    number = request.POST.get("claim", "")[:20]
    facing = beside(at.scope, number, found.told)
    if facing is None:
        raise NotPossible(_("No claim of this number is in the practice."))
    lines = _as_told(request, found, facing) if found.told.lines else _as_keyed(request, facing)
    post_by_hand(at.actor, found.row.pk, number, lines, on=at.today, at=now())
    _posted(request, at, found, number)


def _as_told(request: HttpRequest, found: Answer, facing: Beside) -> list[LineMoney]:
    """Each line of the payer goes with its money to the line of ours that a person chose for it."""
    keys = {str(one.line.number): one.line.control_number for one in facing.lines}
    spread = spread_claim_adjustments([line.paid for line in found.told.lines], found.told.adjustments)
    money: dict[str, LineMoney] = {}
    for one, extra in zip(facing.facing, spread, strict=True):
        key = keys.get(request.POST.get(f"line-{one.place}", ""), "")
        if not key:
            raise NotPossible(_("Say for every line of the payer which of our lines it answers."))
        before = money.get(key, LineMoney(line=key, paid=0, adjustments=()))
        paid = one.told.paid - sum(each.amount for each in extra)
        money[key] = LineMoney(
            line=key,
            paid=before.paid + paid,
            adjustments=(*before.adjustments, *one.told.adjustments, *extra),
            remarks=(*before.remarks, *one.told.remarks),
        )
    return list(money.values())


def _as_keyed(request: HttpRequest, facing: Beside) -> list[LineMoney]:
    """The payer told no lines: a person spreads the payment over ours."""
    money = []
    for one in facing.lines:
        text = request.POST.get(f"paid-{one.line.number}", "").replace("$", "").replace(",", "").strip()
        try:
            paid = parse_dollars(text) if text else 0
        except MoneyError:
            raise NotPossible(_("Line %d: write an amount in dollars, such as 125.00.") % one.line.number) from None
        if paid:
            money.append(LineMoney(line=one.line.control_number, paid=paid, adjustments=()))
    return money


def _aside(request: HttpRequest, at: Desk, found: Answer) -> None:
    set_answer_aside(at.actor, found.row.pk, request.POST.get("why", ""), at=now())
    _put(request, at, found, _("Set aside: its %s stays in suspense."))


def _return(request: HttpRequest, at: Desk, found: Answer) -> None:
    send_back(at.actor, found.row.pk, request.POST.get("why", ""), at=now())
    _put(request, at, found, _("To go back to the payer: %s. Record the check once it is sent."))


def _returned(request: HttpRequest, at: Desk, found: Answer) -> None:
    record_sent_back(at.actor, found.row.pk, request.POST.get("reference", "")[:64], on=at.today, at=now())
    _put(request, at, found, _("Recorded: %s went back to the payer."))


def _put(request: HttpRequest, at: Desk, found: Answer, said: str) -> None:
    undo = Undo(reverse("answer", args=(at.practice.key, found.row.pk)), {"deed": "reopen"})
    tell(request, said % dollars(found.row.paid), undo=undo)


def _reopen(request: HttpRequest, at: Desk, found: Answer) -> None:
    reopen_answer(at.actor, found.row.pk, on=at.today, at=now())
    tell(request, _("It waits among the exceptions again."))


def _undo(request: HttpRequest, at: Desk, found: Answer) -> None:
    why = request.POST.get("why", "")[:200] or _("posted to the wrong claim")
    undo_claim(at.actor, found.row.pk, on=at.today, why=why, at=now())
    tell(request, _("Taken off its claim: %s waits in suspense, among the exceptions.") % dollars(found.row.paid))


_DEEDS: dict[str, Callable[[HttpRequest, Desk, Answer], None]] = {
    "assign": _assign,
    "by-hand": _by_hand,
    "aside": _aside,
    "return": _return,
    "returned": _returned,
    "reopen": _reopen,
    "undo": _undo,
}
