"""Files of payers: dropped, looked at, posted."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from superbill.app.accounts.permissions import Permission
from superbill.app.claims.actions import finish_file
from superbill.app.jobs.actions import start
from superbill.app.path.receiving import payer_of
from superbill.app.path.running import MANY
from superbill.app.remits.actions import post_remittance
from superbill.app.remits.queries import preview_remittance, remittances_named
from superbill.app.session import BadInput, Session
from superbill.app.web import sites
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, now, read, show
from superbill.app.web.filters import chosen, query
from superbill.app.web.notices import Undo, tell
from superbill.app.web.payments import dropping
from superbill.app.web.payments.previewing import heads, shown
from superbill.app.web.payments.queries_files import StoredFile, file_list, file_of
from superbill.findings import Finding
from superbill.money import dollars
from superbill.x12 import X12ReadError, read_835
from superbill.x12.model import Remittance

POST = Permission.POST_REMITTANCE
_SAID = "dropped"


@desk(CHARTS, CLAIMS, LEDGER, POST, methods=("POST",))
def drop(request: HttpRequest, at: Desk) -> HttpResponse:
    """Take in what was dropped, file by file. One 835 alone leads straight to its preview."""
    results = [dropping.take(at, one) for one in dropping.unpacked(request.FILES.getlist("files"))]
    if not results:
        tell(request, _("Choose the files first: 835s, other answers of payers, or a ZIP of them."), trouble=True)
        return redirect("payment-files", at.practice.key)
    if len(results) == 1 and results[0].kind == "835" and results[0].file:
        tell(request, _("This file %s") % results[0].said)
        return redirect("payment-file", at.practice.key, results[0].file)
    request.session[_SAID] = [[one.name, one.said, one.trouble, one.file] for one in results]
    return redirect("payment-files", at.practice.key)


@desk(CHARTS, CLAIMS, LEDGER)
def files(request: HttpRequest, at: Desk) -> HttpResponse:
    """Files as they came, the latest first; those just dropped with what became of each."""
    state = chosen(request, "state", ("waiting",))
    return show(
        request,
        at,
        "payments/files",
        "payments",
        page=file_list(at.scope, waiting=bool(state), page=request.GET.get("page", "")),
        results=request.session.pop(_SAID, []) if _SAID in request.session else [],
        state=state,
        query=query(state=state),
        may_post=at.may(POST),
    )


@desk(CHARTS, CLAIMS, LEDGER)
def file(request: HttpRequest, at: Desk, row_id: int) -> HttpResponse:
    """One file. An 835: each payment's head, and one payment claim by claim as it would be posted."""
    found = file_of(at.scope, row_id)
    if found is None:
        raise Http404
    if found.line.kind and found.line.kind != "835":
        return redirect("file", at.practice.key, row_id)
    remittances, trouble = remittances_of(found)
    place = _place(request, len(remittances))
    context: dict[str, Any] = {
        "file": found.line,
        "findings": found.findings,
        "heads": heads(remittances),
        "trouble": trouble,
    }
    if remittances:
        context |= _previewed(request, at, remittances[place], place)
    return show(request, at, "payments/file", "payments", may_post=at.may(POST), **context)


def _previewed(request: HttpRequest, at: Desk, remittance: Remittance, place: int) -> dict[str, Any]:
    group = chosen(request, "group", ("need", "ready", "already"))
    common: dict[str, Any] = {"place": place, "remittance": remittance, "group": group}
    try:
        session = sites.session(at)
    except BadInput as error:
        return {**common, "refused": str(error)}
    payer = payer_of(session, remittance)
    if isinstance(payer, Finding):
        return {**common, "unknown_payer": (payer,)}
    preview = preview_remittance(at.scope, remittance, payer_key=payer)
    seen = shown(session, remittance, preview, payer, group, request.GET.get("page", ""))
    read(at, "claim", [row.ours.id for row in seen.page.rows if row.ours])
    more = query(payment=str(place), group=group)
    there = remittances_named(at.scope, remittance.trace_number) if preview.already else []
    posted = next((row.pk for row in there if row.state == "posted" and row.payer_key == payer), None)
    return {
        **common,
        "posted": posted,
        "seen": seen,
        "page": seen.page,
        "query": more,
        "payer": session.payer_name(payer),
    }


@desk(CHARTS, CLAIMS, LEDGER, POST, methods=("POST",))
def file_post(request: HttpRequest, at: Desk, row_id: int) -> HttpResponse:
    """Post one payment of a file, or all of them, each once; many claims as a job."""
    found = file_of(at.scope, row_id)
    if found is None:
        raise Http404
    session = sites.session(at)
    remittances, _trouble = remittances_of(found)
    asked = request.POST.get("payment", "")
    if asked == "all":
        chosen_ones = remittances
    elif asked.isascii() and asked.isdigit() and len(asked) < 6 and int(asked) < len(remittances):
        chosen_ones = [remittances[int(asked)]]
    else:
        raise Http404
    if sum(len(one.claims) for one in chosen_ones) > MANY:
        given = {"file": row_id, "payments": [remittances.index(one) for one in chosen_ones]}
        return redirect("job", at.practice.key, start(at.actor, "payments-post", at=now(), **given))
    rows = _post(request, at, session, found, chosen_ones)
    if remittances and all(is_posted(session, one) for one in remittances):
        finish_file(at.actor, found.line.id, (), at=now())
    if len(rows) == 1:
        return redirect("payment", at.practice.key, rows[0])
    return redirect("payment-file", at.practice.key, found.line.id)


def _post(
    request: HttpRequest, at: Desk, session: Session, found: StoredFile, remittances: Sequence[Remittance]
) -> list[int]:
    """Row ids of the payments; what was posted, or was not and why, is told."""
    posted, rows, amount, already = 0, [], 0, 0
    for one in remittances:
        payer = payer_of(session, one)
        if isinstance(payer, Finding):
            tell(request, f"{payer.message} {payer.fix}", trouble=True)
            continue
        done = post_remittance(at.actor, one, payer_key=payer, received_file=found.line.id, at=now())
        rows.append(done.id)
        if done.held:
            tell(request, f"{done.findings[0].message} {done.findings[0].fix}", trouble=True)
        elif done.already:
            already += 1
        else:
            posted, amount = posted + 1, amount + one.payment_amount
    if posted:
        said = ngettext("%(number)d payment posted: %(amount)s.", "%(number)d payments posted: %(amount)s.", posted)
        tell(
            request,
            said % {"number": posted, "amount": dollars(amount)},
            undo=_undo(at, rows[0]) if len(rows) == 1 else None,
        )
    if already:
        said = ngettext("%d payment was posted before.", "%d payments were posted before.", already)
        tell(request, said % already + _(" Nothing was posted twice."))
    return rows


def is_posted(session: Session, remittance: Remittance) -> bool:
    """Whether this payment is in the books already."""
    payer = payer_of(session, remittance)
    return not isinstance(payer, Finding) and preview_remittance(session.scope, remittance, payer_key=payer).already


def _undo(at: Desk, row_id: int) -> Undo:
    return Undo(reverse("payment-undo", args=(at.practice.key, row_id)), {"why": _("posted by mistake")})


def remittances_of(found: StoredFile) -> tuple[list[Remittance], str]:
    """The payments of an 835 as far as they can be read, and what can't be."""
    if found.line.kind != "835":
        return [], ""
    remittances: list[Remittance] = []
    try:
        for _set, remittance in read_835(found.content):
            remittances.append(remittance)
    except X12ReadError as error:
        return remittances, str(error)
    return remittances, ""


def _place(request: HttpRequest, count: int) -> int:
    asked = request.GET.get("payment", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 and int(asked) < count else 0
